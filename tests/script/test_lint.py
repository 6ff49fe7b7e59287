"""Every code of lint has an example that fails with it, and a sound script has no problem."""

from pathlib import Path

import pytest

from voicesim.errors import ScriptError
from voicesim.script.lint import CODES, TakeReport, lint
from voicesim.script.load import load_script

ROOT = Path(__file__).parents[2]
SMALL = (ROOT / "tests" / "data" / "small.yaml").read_text()

EXAMPLES = {
    "VS001": ("  thanks: {say", "  nowhere: {say: {calm: ['No.']}, end: resolved}\n  thanks: {say"),
    "VS002": ("      - {otherwise: offer}\n", ""),
    "VS003": ("go: passed_on}", "go: offer}"),
    "VS004": ("goals: {empathy:", "goals: {blame:"),
    "VS005": ("What happens now?", "What happens to my 20 €?"),
    "VS006": ("start: 6", "start: 9"),
    "VS007": ("go: offer}", "go: thanks}"),
    "VS008": ('["What happens now?", "All right, and now?"]', '["What happens now?"]'),
    "VS009": ("persona: woman", "persona: wombat"),
    "VS010": ("resolved", "escalated"),
    "VS011": ("resolved", "escalated"),
    "VS012": ("  gives_up: {after_turns: 8, go: gives_up}\n", ""),
    "VS013": ("      - {otherwise: offer}", "      - {when: {reply_offers: [refund], mood: [calm]}, go: bye}\n"),
    "VS014": ("id: small", "id: small\nstop_word: please hold"),
    "VS015": ("steps:\n", "phrases: {says_no: [never]}\nsteps:\n"),
    "VS030": ("title:", "titel:"),
    "VS031": ('title: "A small call"', "title:"),
    "VS032": ("go: offer}", "go: ofer}"),
    "VS033": ("mood: [calm]", "mood: [mellow]"),
    "VS034": ("reply_has: [refer]", "reply_has: [reffer]"),
    "VS035": ("version: 2", "version: 2\nversion: 3"),
    "VS036": ("start: 6", "start: 11"),
    "VS037": ('"A small call"', '"A small call'),
    "VS038": ("title: ", "title: &a "),
    "VS039": ("format: 1", "format: 2"),
}
#: Of these the example is a take, not a text.
TAKES = {
    "VS020": (),
    "VS021": ("orphan",),
    "VS022": ("clipped",),
    "VS023": ("silent",),
    "VS024": ("wrong_words",),
    "VS025": ("cut_end",),
}


def problems(text):
    return lint(load_script(text.encode(), "small.yaml"), personas=("woman",))


def take(*problems):
    line = next(load_script(SMALL.encode(), "small.yaml").lines())
    left = "orphan" in problems
    return TakeReport(
        line_id="opening-angry-00000000" if left else line.id,
        file="1.flac",
        problems=tuple(p for p in problems if p != "orphan"),
        orphan=left,
    )


def codes_of(text):
    """The code that the loader refuses a text with, or the codes that lint has for it."""
    try:
        return {p.code for p in problems(text)}
    except ScriptError as error:
        return {error.code}


def test_every_code_has_an_example():
    assert EXAMPLES.keys() | TAKES.keys() == CODES.keys()


@pytest.mark.parametrize("code", TAKES)
def test_a_take_with_that_problem_has_its_code(code):
    script = load_script(SMALL.encode(), "small.yaml")
    found = {p.code for p in lint(script, takes=[take(*TAKES[code])])}
    assert found - {"VS006", "VS007", "VS020"} == {code} - {"VS020"}
    assert "VS020" in found


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_a_code_fails_with_it(code):
    old, new = EXAMPLES[code]
    assert old in SMALL
    changed = SMALL.replace(old, new)
    if code in ("VS010", "VS011"):
        changed = changed.replace("referred", "escalated")
    if code == "VS010":
        changed = changed.replace("end: hung_up", "end: escalated")
    assert code in codes_of(changed)


def test_a_problem_names_the_line_of_the_file():
    old, new = EXAMPLES["VS001"]
    text = SMALL.replace(old, new)
    line = text.splitlines().index("  nowhere: {say: {calm: ['No.']}, end: resolved}") + 1
    assert [p.line for p in problems(text) if p.code == "VS001"] == [line]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('silence: ["Hello?"', 'silence: ["Hello, 2 of you?"', {"VS005"}),
        ('["And now?", "What will you do?"]', '["And now?", "And now?"]', {"VS008"}),
        ("blame: 4", "blame: 3", set()),
        ("tries: 3, then: gives_up", "tries: 1, then: gives_up", {"VS006"}),
    ],
)
def test_what_a_change_of_the_small_script_adds(old, new, codes):
    """Beside what the small script has on purpose: passing on wins in one reply, blame (4) makes him hang up."""
    assert old in SMALL
    own = {"VS006", "VS007"} if "blame: 4" in SMALL.replace(old, new) else {"VS007"}
    assert {p.code for p in problems(SMALL.replace(old, new))} == own | codes


def test_the_small_script_can_be_won_in_one_reply_only_by_passing_on():
    assert {p.code for p in problems(SMALL)} == {"VS007", "VS006"}


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_scripts_have_no_problems(path):
    assert lint(load_script(path.read_bytes(), path.name)) == []
