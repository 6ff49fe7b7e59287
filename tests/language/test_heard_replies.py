"""What a recognizer made of the labelled replies, as it is stored for the fit of the learned judges."""

import csv
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean

import pytest

from voicesim.language.normal import normal

PASSES = Path(__file__).parents[1] / "benchmarks" / "corpus" / "passes"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("name", sorted(path.name for path in PASSES.glob("heard-*.tsv")))
def test_what_was_heard_belongs_to_the_reply_of_its_row(name):
    written, alike = rows(PASSES / name.removeprefix("heard-")), []
    for row in rows(PASSES / name):
        if not row["persona"].startswith("system"):
            said, got = (normal(text).split() for text in (written[int(row["row"])]["text"], row["heard"]))
            alike.append(SequenceMatcher(None, said, got, autojunk=False).ratio())
    assert mean(alike) > 0.9


def test_no_closed_pass_was_spoken_to_fit_on():
    assert not list(PASSES.glob("heard-test-*"))


@pytest.mark.parametrize("name", sorted(path.name for path in PASSES.glob("heard-*.tsv")))
def test_every_heard_word_has_its_confidence(name):
    for row in rows(PASSES / name):
        assert len(row["heard"].split()) == len(row["confidence"].split())


@pytest.fixture
def mishear(beside, monkeypatch):
    """Mishears texts as a few replies were misheard."""
    monkeypatch.syspath_prepend(PASSES.parents[1])
    pairs = [("I can refund the fare.", "I can rephone the fair."), ("We won't refund it.", "We want rephone it.")] * 20
    once = [("Please wait.", "Please weight.")]
    return lambda: beside("benchmarks/_misheard.py").Mishearing(pairs + once)


def test_a_word_is_misheard_as_it_was_before(mishear):
    heard = [mishear().of("Please refund it. " * 10) for _ in range(3)]
    assert heard[0].count("rephone") > 5
    assert heard == [heard[0]] * 3


def test_a_negation_is_never_misheard_since_the_labels_would_be_wrong(mishear):
    assert all(word in mishear().of("I won't refund it, I cannot, no.") for word in ("won't", "cannot", "no"))
