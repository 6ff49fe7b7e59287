"""A drawing shows every step, every rule and every ending."""

from pathlib import Path

import pytest

from voicesim.backends.drawing import picture
from voicesim.errors import InputError, MissingPart
from voicesim.script.draw import mermaid
from voicesim.script.drawing import dot
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


def test_a_list_of_phrases_is_drawn_by_its_name():
    phrases = ", ".join(f'"phrase {letter}"' for letter in "abcdefghij")
    text = SMALL.read_text().replace("steps:\n", f"phrases: {{ten_of_them: [{phrases}]}}\nsteps:\n")
    script = load_script(text.replace("[amount]", "[ten_of_them, amount]").encode(), "small.yaml")
    assert 'opening -->|"mentions 20 euros or ten_of_them"| offer' in mermaid(script)
    assert "mentions 20 euros or ten_of_them" in dot(script)
    assert "phrase a" not in dot(script)


def test_a_picture_has_a_box_for_every_step_and_a_row_for_every_rule():
    script = load_script(SMALL.read_bytes(), "small.yaml")
    drawn = dot(script)
    for step in script.steps.values():
        assert f'"{step.name}" [label=<' in drawn
    for arrow in ('"opening":r0 -> "offer":head', '"opening":r3 -> "gives_up":head [style=dashed]'):
        assert arrow in drawn
    assert "otherwise \N{RIGHTWARDS ARROW} stays here" in drawn
    assert '"opening":r2' not in drawn.replace('PORT="r2"', "")
    assert 'label=" anger reaches 10 "' in drawn


def test_a_picture_tells_endings_by_colour_and_in_words():
    drawn = dot(load_script(SMALL.read_bytes(), "small.yaml"))
    assert "Green: a good ending. Red: a bad ending." in drawn
    box = next(line for line in drawn.splitlines() if line.startswith('  "thanks"'))
    assert "#d9f2e3" in box
    assert "ends: resolved" in box


def test_signs_of_the_drawing_language_in_a_script_stay_text():
    text = SMALL.read_text().replace("A small call", "a <b> & c").replace('"20 euros"', '"R&D <1>"')
    drawn = dot(load_script(text.encode(), "small.yaml"))
    assert "a &lt;b&gt; &amp; c" in drawn
    assert "R&amp;D &lt;1&gt;" in drawn
    assert picture(drawn, "svg").startswith(b"<?xml")


def test_of_many_phrases_the_first_are_written_out():
    phrases = ", ".join(f"phrase{n}" for n in range(20))
    text = SMALL.read_text().replace("[amount]", f"[{phrases}]")
    drawn = dot(load_script(text.encode(), "small.yaml"))
    told = drawn.replace('<BR ALIGN="LEFT"/>', " ")
    assert "phrase5 or 14 phrases more" in told
    assert "phrase6" not in told


@pytest.mark.parametrize("path", sorted((SMALL.parents[2] / "scripts").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_shipped_script_can_be_drawn(path):
    shown = picture(dot(load_script(path.read_bytes(), path.name)), "svg").decode()
    for step in load_script(path.read_bytes(), path.name).steps:
        assert f">{step}</text>" in shown


def test_what_cannot_be_laid_out_is_an_error_of_one_line():
    with pytest.raises(InputError, match="the drawing failed"):
        picture("digraph {", "svg")


def test_without_the_extra_its_name_is_told(monkeypatch):
    monkeypatch.setattr("voicesim.backends.drawing._PROGRAM", "no-such-program")
    with pytest.raises(MissingPart, match=r"pip install --force-reinstall graphviz-pure"):
        picture("digraph {}", "png")
