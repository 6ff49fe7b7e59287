import re
from pathlib import Path

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.coach import rubric
from voicesim.coach.advice import ADVICE, advice
from voicesim.coach.echo import said_back
from voicesim.errors import InputError
from voicesim.model import Kind, Phase
from voicesim.wiring.bank import shipped_bank
from voicesim.wiring.rubrics import default_rubric

RUBRIC = default_rubric()
FEEDBACK_PAGE = Path(__file__).parents[2] / "docs" / "feedback.md"
#: Words for what somebody feels; said about the caller they may stand, said about the trainee they may not.
FEELINGS = "angry|anger|upset|annoyed|furious|nervous|anxious|afraid|scared|sad|happy|frustrated|stressed|emotional"


def test_each_source_has_a_grade_and_a_finding():
    assert {s.grade for s in rubric.SOURCES.values()} == {"A", "B", "C", "D"}
    assert all(s.citation and s.finding and s.sample for s in rubric.SOURCES.values())


def test_an_unknown_source_is_refused():
    with pytest.raises(InputError, match="no source 'hearsay'"):
        rubric.source("hearsay")


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda e: e.id)
def test_each_row_of_the_catalogue_has_advice_and_a_source_that_exists(entry):
    assert entry.source in rubric.SOURCES
    assert ADVICE[entry.id].source in rubric.SOURCES


@pytest.mark.parametrize("criterion", RUBRIC.criteria, ids=lambda c: f"{c.phase}-{c.id}")
def test_each_criterion_asks_for_techniques_that_exist_and_has_advice(criterion):
    assert criterion.id in ADVICE
    assert all(CATALOGUE[i].kind is Kind.TECHNIQUE for i in criterion.any_of)


def test_each_phase_is_worth_a_quarter():
    assert {phase: RUBRIC.phase_points(phase) for phase in Phase} == dict.fromkeys(Phase, 25)


def test_each_mistake_costs_points_and_delivery_never_does():
    mistakes = {e.id for e in CATALOGUE.values() if e.kind is Kind.MISTAKE}
    assert mistakes | {"long_silence"} == set(RUBRIC.mistakes)


def test_each_technique_is_at_home_in_a_phase():
    assert {e.id for e in CATALOGUE.values() if e.kind is Kind.TECHNIQUE} == set(rubric.HOME)


@pytest.mark.parametrize("tips", ADVICE.values(), ids=lambda a: a.id)
def test_advice_never_names_a_feeling_of_the_trainee(tips):
    """To the trainee, "you" is never followed by a feeling."""
    told = ". ".join((tips.name, tips.do, tips.why, CATALOGUE[tips.id].meaning if tips.id in CATALOGUE else ""))
    assert not re.search(rf"\b(you|your)\b[^.;,]*\b({FEELINGS})\b", told, re.IGNORECASE)


@pytest.mark.parametrize("tips", ADVICE.values(), ids=lambda a: a.id)
def test_a_better_reply_never_names_a_feeling_of_the_trainee(tips):
    replies = " ".join(pattern.text for pattern in shipped_bank().patterns(tips.id))
    assert replies
    assert not re.search(rf"\bI (am|was|feel|felt) ({FEELINGS})\b", replies, re.IGNORECASE)


def test_advice_on_an_unknown_id_is_refused():
    with pytest.raises(InputError, match="no advice on 'shouting'"):
        advice("shouting")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("You took my money twice!", "we took your money twice"),
        ("I've paid you every month.", None),
        ("And then my card was refused.", "my card was refused".replace("my", "your")),
        ("What are you going to do about it?", None),
        ("You people are thieves! Twice!", None),
        ("The bank charged me fifteen pounds. What about that?", "the bank charged you fifteen pounds"),
        ("March the third, and then my rent bounced.", "March the third, and then your rent bounced"),
        ("", None),
    ],
)
def test_the_callers_facts_are_said_back_from_the_trainees_side(line, said):
    assert said_back(line) == said


@pytest.mark.parametrize("criterion", RUBRIC.criteria, ids=lambda c: f"{c.phase}-{c.id}")
def test_the_page_lists_the_points_of_each_criterion(criterion):
    source = rubric.source(ADVICE[criterion.id].source)
    row = rf"\| `{criterion.id}` \| [^|]+ \| {criterion.qa} \| {criterion.points} \| {source.key} {source.grade} \|"
    assert re.search(row, FEEDBACK_PAGE.read_text(encoding="utf-8")), row


@pytest.mark.parametrize(("mistake", "cost"), RUBRIC.mistakes.items())
def test_the_page_lists_the_points_of_each_mistake(mistake, cost):
    source = rubric.source(ADVICE[mistake].source)
    row = rf"\| `{mistake}` \| [^|]+ \| {cost.qa} \| -{cost.points} \| {source.key} {source.grade} \|"
    assert re.search(row, FEEDBACK_PAGE.read_text(encoding="utf-8")), row


@pytest.mark.parametrize("source", rubric.SOURCES.values(), ids=lambda s: s.key)
def test_the_page_lists_each_source(source):
    assert f"| {source.key} | {source.citation} |" in FEEDBACK_PAGE.read_text(encoding="utf-8")
