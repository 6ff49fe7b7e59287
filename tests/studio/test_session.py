"""What a trainer is asked to record first, and how."""

from pathlib import Path

from voicesim.script.load import load_script
from voicesim.studio.session import COACHING, prompts

ROOT = Path(__file__).parents[2]
SCRIPT = load_script((ROOT / "tests" / "data" / "small.yaml").read_bytes(), "small.yaml")


def test_every_line_is_asked_for_once():
    asked = [prompt.line.id for prompt in prompts(SCRIPT)]
    assert len(asked) == len(set(asked))
    assert set(asked) == {line.id for line in SCRIPT.lines()}


def test_the_opening_in_the_mood_of_the_start_comes_first_and_silences_last():
    asked = prompts(SCRIPT)
    assert (asked[0].of_step, asked[0].line.mood) == ("opening", "angry")
    assert asked[-1].of_step == "silence"
    steps = [prompt.of_step for prompt in asked]
    assert steps.index("offer") > steps.index("opening")


def test_coaching_is_the_lines_own_or_that_of_its_mood():
    text = (ROOT / "tests" / "data" / "small.yaml").read_text()
    text = text.replace('{text: "Well?", weight: 2}', '{text: "Well?", weight: 2, coaching: "Dry."}')
    told = {prompt.line.text: prompt.coaching for prompt in prompts(load_script(text.encode(), "small.yaml"))}
    assert told["Well?"] == "Dry."
    assert told["I want it back."] == COACHING["angry"]
