"""A drawing shows every step, every rule and every ending."""

from pathlib import Path

from voicesim.script.draw import mermaid
from voicesim.script.load import load_script

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


def test_every_step_and_every_way_on_is_drawn():
    script = load_script(SMALL.read_bytes(), "small.yaml")
    drawing = mermaid(script)
    assert drawing.startswith("flowchart TD\n")
    for step in script.steps.values():
        assert f"    {step.name}" in drawing
        for target, _ in step.targets():
            assert f" {target}" in drawing
    assert 'opening -->|"mentions 20 euros"| offer' in drawing
    assert 'thanks(["thanks<br/><b>resolved</b>"]):::good' in drawing
    assert 'any(("any step")) -.->|"anger 10"| bye' in drawing


def test_a_step_may_be_called_what_mermaid_calls_something_else():
    text = SMALL.read_text().replace("thanks", "end")
    drawing = mermaid(load_script(text.encode(), "small.yaml"))
    assert 'end_(["end<br/>' in drawing
    assert "| end_\n" in drawing
