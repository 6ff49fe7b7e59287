"""The page about scripts names every key with its range, and its examples are loaded, linted and rehearsed."""

import re
from pathlib import Path

import pytest

from voicesim.backends.personas import PERSONAS
from voicesim.call import anger, rehearse
from voicesim.call.answer import SILENCES_TO_HANG_UP
from voicesim.call.patience import Patience
from voicesim.model import Ending
from voicesim.reading import reader
from voicesim.script import load
from voicesim.script.lint import lint
from voicesim.wiring.engines import understood

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
SCRIPT, REHEARSALS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMPLICATIONS = re.search(r"^```yml\n(complications:.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[1]
LADDER = re.search(r"^```yml\n(  swears:.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[1]
ROWS = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def read():
    """What the loaders ask for as they read every script and rehearsal there is: keys, and ranges of numbers."""
    keys, ranges = set(), {}
    take, pairs = reader.Fields.take, load.Fields.pairs

    def number(original):
        def recorded(node, what, low, high):
            ranges[what] = (low, high)
            return original(node, what, low, high)

        return recorded

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader.Fields, "take", lambda self, key: keys.add(key) or take(self, key))
        patch.setattr(reader.Fields, "pairs", lambda self, key: keys.add(key) or pairs(self, key))
        for module in (reader, load, rehearse):
            patch.setattr(module, "whole", number(reader.whole))
        patch.setattr(load, "decimal", number(load.decimal))
        for path in [*(ROOT / "scripts").glob("*.yaml"), *(ROOT / "tests" / "data").glob("*.yaml")]:
            load.load_script(path.read_bytes(), path.name)
        for path in (ROOT / "scripts" / "rehearsals").glob("*.yaml"):
            rehearse.load_rehearsals(path.read_bytes(), path.name)
        load.load_script(SCRIPT.replace("start:", "lowered_by: {empathy: {by: 1}}\n  start:").encode(), "page")
        load.load_script(SCRIPT.replace("voice:", "voice: {speed: 1, persona: man} #").encode(), "page")
        load.load_script(f"{SCRIPT}\npatience_s: 2".encode(), "page")
        load.load_script(f"{SCRIPT}\n{COMPLICATIONS}".encode(), "page")
        rehearse.load_rehearsals(REHEARSALS.encode(), "page")
    return keys, ranges


def test_every_key_of_the_loader_has_a_row(read):
    keys, _ = read
    assert keys - {key for key, _ in ROWS} == set()


def test_every_row_is_a_key_or_an_ending(read):
    keys, _ = read
    assert {key for key, _ in ROWS} - keys - set(Ending) == set()


def test_the_ranges_of_numbers_are_the_loaders(read):
    _, ranges = read
    assert {"speed", "patience_s", "at", "after_turns", "difficulty", "weight", "tries"} <= ranges.keys()
    for key, (low, high) in ranges.items():
        told = [
            row for name, row in ROWS if name == key and re.search(rf"(?<![\d.]){low:g}[^|\d]* to {high:.10g}\b", row)
        ]
        assert told or key in load.CATALOGUE, f"{key}: {low} to {high}"


def test_every_ending_is_told_with_its_judgement():
    told = dict(ROWS)
    words = {True: "good", False: "bad", None: "not judged"}
    assert {e: told[e].split("|")[-1].strip() for e in Ending} == {e: words[e.good] for e in Ending}


def test_the_first_script_is_sound():
    """It loads, lint has nothing to say, and every rehearsal of the page holds."""
    script = load.load_script(SCRIPT.encode(), "late-refund.yaml")
    assert lint(script, personas=tuple(PERSONAS)) == []
    script_id, rehearsals = rehearse.load_rehearsals(REHEARSALS.encode(), "late-refund.rehearsal.yaml")
    assert script_id == script.id
    results = [rehearse.rehearse(script, one, understood) for one in rehearsals]
    assert {result.name: result.faults for result in results} == {one.name: () for one in rehearsals}


def test_the_ladder_of_the_page_ends_as_it_says():
    """Warn, warn again, announce the end: a good ending; who takes the insults gets a bad one."""
    text = SCRIPT.replace(
        "steps:\n", f"steps:\n{LADDER.replace('go: story', 'go: what_now').replace(': story', ': what_now')}"
    )
    script = load.load_script(text.replace("start: 6", "start: 9").replace("at: 10", "at: 10").encode(), "page")
    limit = rehearse.StatedReply(heard=("set_limit",))
    taken = rehearse.StatedReply(heard=("apology",))
    for replies, ending in (((limit,) * 3, Ending.LIMIT_ENDED), ((taken,) * 3, Ending.ESCALATED)):
        one = rehearse.Rehearsal(name="ladder", replies=replies, expected=rehearse.Expected(endings=(ending,)))
        assert rehearse.rehearse(script, one, understood).faults == ()


@pytest.mark.parametrize(
    "sentence",
    [
        f"by {anger.FALLS_AT_MOST} at most and +{anger.RISES_AT_MOST} at most",
        {7: "Seven or more different techniques"}[anger.RECITAL],
        f"After {Patience().silence_s:g} seconds without a reply",
        {3: "The third silence in a row"}[SILENCES_TO_HANG_UP],
        f"by `long_silence` ({load.CATALOGUE['long_silence'].effect.at(0)} point)",
        f"0; {load.CATALOGUE['empathy'].effect.from_anger} for `empathy`",
    ],
)
def test_the_numbers_of_the_rules_are_those_of_the_code(sentence):
    assert sentence in PAGE
