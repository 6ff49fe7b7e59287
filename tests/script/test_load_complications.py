"""Complications of a script file: what is read, and what is refused with its line and a way to mend it."""

from pathlib import Path

import pytest

from voicesim.errors import ScriptError
from voicesim.script.load import load_script
from voicesim.script.model import ComplicationKind

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text(encoding="utf-8")
THREE = """complications:
  - {turn: 1, kind: bad_line}
  - {turn: 3, kind: baby_crying, lines: 4}
  - turn: 2
    kind: says
    say: {angry: ["Get me your manager.", {text: "You are useless.", abuse: true}], calm: ["One more thing."]}
"""


def loaded(more):
    return load_script(f"{SMALL}\n{more}".encode(), "small.yaml")


def test_all_kinds_are_read_in_their_order():
    bad, crying, says = loaded(THREE).complications
    assert (bad.turn, bad.kind, bad.lines) == (1, ComplicationKind.BAD_LINE, 2)
    assert (crying.turn, crying.kind, crying.lines) == (3, ComplicationKind.BABY_CRYING, 4)
    assert [wording.text for wording in says.say["angry"]] == ["Get me your manager.", "You are useless."]
    assert says.say["angry"][1].abuse


def test_without_the_key_nothing_gets_in_the_way():
    assert load_script(SMALL.encode(), "small.yaml").complications == ()


def test_asides_are_among_the_lines_and_every_id_is_there_once():
    lines = list(loaded(THREE).lines())
    assert [line.id.rpartition("-")[0] for line in lines if line.step == "aside"] == [
        "aside-angry",
        "aside-angry",
        "aside-calm",
    ]
    assert len({line.id for line in lines}) == len(lines)


def test_every_line_is_also_told_under_each_sound_that_may_lie_on_it():
    script = loaded(THREE)
    sounds = [(line.id, line.effect) for line in script.sounds()]
    assert len(sounds) == len(set(sounds)) == 3 * len(list(script.lines()))
    assert {effect for _, effect in sounds} == {None, "bad_line", "baby_crying"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("complications: {turn: 3}", "'complications' must be a list"),
        ("complications: [{turn: 3, kind: thunder}]", "'kind' is 'thunder'.*bad_line"),
        ("complications: [{turn: 0, kind: bad_line}]", "'turn' is '0'.*from 1 to 100"),
        ("complications: [{turn: 3, kind: bad_line, lines: 21}]", "'lines' is '21'.*from 1 to 20"),
        ("complications: [{turn: 1, kind: says, say: {angry: [No.]}}]", "'turn' is '1'.*from 2 to 100"),
        ("complications: [{turn: 3, kind: says}]", "the complication has no 'say'"),
        ("complications: [{turn: 3, kind: says, say: {angry: []}}]", "an aside says nothing"),
        ("complications: [{turn: 3, kind: says, say: {annoyed: [No.]}}]", "an aside speaks in the mood 'annoyed'"),
        ("complications: [{turn: 3, kind: bad_line, say: {angry: [No.]}}]", "does not know the key 'say'"),
        (
            "complications:\n  - {turn: 3, kind: says, say: {angry: [No.]}}\n"
            "  - {turn: 3, kind: says, say: {angry: [Yes.]}}",
            "two asides stand at turn 3",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(more, message):
    with pytest.raises(ScriptError, match=rf"(?s)small.yaml:\d+.*{message}"):
        loaded(more)


@pytest.mark.parametrize("name", ["silence", "aside"])
def test_no_step_may_have_the_name_of_lines_that_belong_to_no_step(name):
    with pytest.raises(ScriptError, match=f"'{name}' cannot name a step"):
        load_script(SMALL.replace("  offer:", f"  {name}:").encode(), "small.yaml")
