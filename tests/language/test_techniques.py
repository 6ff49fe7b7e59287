"""Detection of techniques and mistakes in single replies, as typed and as a recognizer would write them."""

import csv
import re
from pathlib import Path

import pytest

from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.language.rules import FAMILIES, compiled
from voicesim.language.techniques import IDS, find
from voicesim.model import Context, Kind, Span, Transcript, Word

HERE = Path(__file__).parent
LONG = (
    "well the way this works here is that every account has a cycle and the cycle begins on the first day and then the "
    "figures are put together by the people upstairs and they go through them one after the other and after that there "
    "is a second round of looking at the figures and only then the whole thing goes on to the next office where people "
    "sit who know about such things and so on and so forth"
)


def table(name):
    with (HERE / name).open(encoding="utf-8", newline="") as rows:
        return [tuple(row) for row in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]


def typed(text):
    return Transcript(words=(), text=text, engine="typed")


def ids(text, context=None, *, sure=True):
    return {f.id for f in find(typed(text), context or Context()) if f.sure or not sure}


def recognized(text):
    """The text as a recognizer writes it: lower case, no punctuation."""
    return re.sub(r"[^\w' ]", "", text.replace("-", " ")).lower()


@pytest.mark.parametrize(("wanted", "reply"), table("replies.tsv"))
def test_a_reply_shows_its_techniques_with_and_without_punctuation(wanted, reply):
    assert set(wanted.split(",")) <= ids(reply)
    assert set(wanted.split(",")) <= ids(recognized(reply))


@pytest.mark.parametrize(("unwanted", "reply"), table("traps.tsv"))
def test_a_trap_is_not_taken_with_or_without_punctuation(unwanted, reply):
    assert not set(unwanted.split(",")) & ids(reply)
    assert not set(unwanted.split(",")) & ids(recognized(reply))


@pytest.mark.parametrize(("wanted", "reply"), table("replies.tsv"))
def test_a_reply_without_a_mistake_is_accused_of_none(wanted, reply):
    mistakes = {i for i in ids(reply) if IDS[i].entry.kind is Kind.MISTAKE}
    if not any(IDS[i].entry.kind is Kind.MISTAKE for i in wanted.split(",")):
        assert mistakes == set()


def test_every_id_with_evidence_in_words_has_a_detector_and_an_example():
    """A new row of the catalogue cannot be forgotten."""
    wanted = {e.id for e in CATALOGUE.values() if e.evidence is Evidence.REPLY}
    shown = {i for row in table("replies.tsv") for i in row[0].split(",")} | {"over_talk"}
    assert wanted <= set(IDS)
    assert wanted <= shown


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("your right to complain about that", "acknowledge"),
        ("i am sorry we charge you twice that was our mistake", "apology"),
        ("thank you for you're patience", "thank"),
        ("let me look into it and ill call you back by for", "assurance"),
        ("can i put you on a brief hold", "hold_asked"),
        ("calm down please sir", "command_calm"),
    ],
)
def test_homophones_and_dropped_words_do_not_hide_a_technique(heard, wanted):
    assert wanted in ids(heard)


def test_a_quoted_command_is_not_the_trainees():
    assert "command_calm" not in ids("They said “calm down” to you, and that was wrong of them.")


def test_the_first_words_of_a_long_reply_with_a_remedy_are_not_over_talk():
    assert "over_talk" in ids(LONG)
    assert "over_talk" not in ids(f"{LONG} so i will refund the money today")
    assert "over_talk" not in ids(f"{LONG} what is your account number")


def test_over_talk_says_how_many_words_and_from_how_many():
    found = next(f for f in find(typed(LONG), Context()) if f.id == "over_talk")
    assert (found.measure, found.threshold) == ("words", 60.0)
    assert found.value == len(LONG.split())


def test_plain_ignorance_is_no_technique_but_ignorance_with_a_plan_is():
    assert "dont_know" not in ids("I don't know that.")
    assert "dont_know" in ids("I don't know that yet, but I'll find out by three.")


def test_each_id_stands_at_most_once_and_carries_its_evidence():
    text = "I apologise for that. I'm so sorry for the delay. I will ring you at four. I'll look into it myself."
    found = find(typed(text), Context(turn=3))
    assert len({f.id for f in found}) == len(found)
    for finding in found:
        assert finding.turn == 3
        assert finding.quote in text
        assert finding.source == CATALOGUE[finding.id].source
        assert finding.span is None


def test_the_span_of_a_finding_covers_the_words_of_its_quote():
    spoken = "so let me check that for you thank you for waiting"
    words = tuple(
        Word(text=w, span=Span(start=i * 1000, end=i * 1000 + 800), confidence=0.9)
        for i, w in enumerate(spoken.split())
    )
    found = find(Transcript(words=words, text=spoken, engine="fake"), Context())
    thanks = next(f for f in found if f.id == "thank")
    assert thanks.quote == "thank you for waiting"
    assert thanks.span == Span(start=7000, end=10800)


def test_nothing_is_found_in_nothing():
    assert find(typed(""), Context()) == ()
    assert find(typed(" ... "), Context()) == ()


def test_every_family_of_words_compiles():
    for name in FAMILIES:
        assert compiled(f"<{name}>").pattern


@pytest.mark.parametrize("technique", IDS.values(), ids=lambda t: t.entry.id)
def test_every_id_has_an_entry_in_the_page_on_techniques(technique):
    page = (HERE.parents[1] / "docs" / "techniques.md").read_text(encoding="utf-8")
    assert f"### `{technique.entry.id}`" in page
