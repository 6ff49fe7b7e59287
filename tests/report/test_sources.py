"""Sources are told by names that people can read, in one wording everywhere, and never by their keys alone."""

import re
from dataclasses import replace

import pytest

from voicesim.coach.rubric import SOURCES
from voicesim.coach.score import feedback
from voicesim.report.html import render_report
from voicesim.report.sources import GRADES, cited, evidence
from voicesim.wiring.rubrics import default_rubric


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_has_a_name_without_its_key_and_all_of_it_at_hand(key):
    told, source = evidence(key), SOURCES[key]
    assert told.short.endswith(f", grade {source.grade}")
    assert key not in told.short and key not in told.full
    assert len(told.name) <= 48
    for part in (source.citation, source.finding, GRADES[source.grade]):
        assert part in told.full


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("clark2013", "Clark and others 2013"),
        ("rafaeli2012", "Rafaeli and others 2012"),
        ("packard2021", "Packard & Berger 2021"),
        ("levygigi2022", "Levy-Gigi & Shamay-Tsoory 2022"),
        ("slower2023", "SSRN 4580994 (2023)"),
        ("industry", "Contact-centre practice"),
    ],
)
def test_a_name_is_who_and_when(key, name):
    assert evidence(key).name == name


def test_what_is_no_source_is_not_told():
    assert (evidence(None), evidence("nobody1999"), cited("nobody1999")) == (None, None, "")


def test_a_report_shows_no_key_of_a_source(sample):
    """Keys stand in addresses alone."""
    record = sample.sample_record()
    judged = feedback(record, goals=sample.GOALS, rubric=default_rubric(), adviser=sample.adviser())
    page = render_report(replace(record, feedback=judged))
    seen = re.sub(r"<[^>]*>", " ", page)
    assert [key for key in SOURCES if re.search(rf"\b{key}\b", seen) and re.search(r"\d", key)] == []
    assert 'title="Little, Kluemper, Nelson &amp; Ward 2013, Personnel Psychology 66.' in page
