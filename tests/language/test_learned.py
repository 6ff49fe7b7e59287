"""The judges of words and meaning, on coefficients made by hand, and joined with the rules."""

import re
from dataclasses import replace

import numpy as np
import pytest

from voicesim.language.clauses import split
from voicesim.language.learned import JOINED, Learned, by_clause, form, runs
from voicesim.language.techniques import find, line_of
from voicesim.model import Context, Transcript
from voicesim.ports import Pieces

IDS = ("apology", "blame")


class Reader:
    """A piece is a word; its point says whether it is "started" and whether it is "broke"."""

    def read(self, text, before=""):
        spans = tuple(match.span() for match in re.finditer(r"\S+", text))
        points = [[word == "started", word == "broke"] for word in ("", *(text[a:b] for a, b in spans), "")]
        return Pieces(points=np.array(points, np.float32), spans=spans)


class Told(Reader):
    """Keeps what it was told of what was said before."""

    def __init__(self, asked):
        self._asked = asked

    def read(self, text, before=""):
        self._asked.append(before)
        return super().read(text, before)


def learned(*, join=None, line=0.5):
    """Only meaning counts: 8 on the scale of odds, from -4, for ids that look at nothing but their word."""
    table = np.zeros((2, len(JOINED)), np.float32)
    table[:, JOINED.index("meaning")] = 1
    return Learned(
        version="made",
        ids=IDS,
        runs={"our": 0, "our doing": 1},
        rarity=np.array([1, 2], np.float32),
        word_weights=np.array([[1, 0], [3, 0]], np.float32),
        word_constants=np.array([-1, -1], np.float32),
        look=np.diag([20, 20]).astype(np.float32),
        meaning_weights=np.diag([8, 8]).astype(np.float32),
        meaning_constants=np.array([-4, -4], np.float32),
        join=table if join is None else join,
        lines=np.array([line, line], np.float32),
        reader=Reader(),
    )


def typed(text):
    return Transcript(words=(), text=text, engine="typed")


def test_what_only_the_meaning_shows_is_found_in_its_clause():
    text = "Right, I have it here. That one started with us. I will look."
    found = {f.id: f for f in find(typed(text), Context(), learned())}
    assert "apology" not in {f.id for f in find(typed(text), Context())}
    assert found["apology"].quote == "That one started with us."
    assert found["apology"].sure
    assert found["apology"].confidence == pytest.approx(1, abs=0.03)
    assert "blame" not in found


def test_below_its_line_a_finding_is_unsure_and_far_below_it_is_not_told():
    join = np.zeros((2, len(JOINED)), np.float32)
    join[:, JOINED.index("constant")] = (np.log(0.45 / 0.55), np.log(0.2 / 0.8))
    found = find(typed("Anything at all."), Context(), learned(join=join))
    assert [(f.id, f.confidence, f.sure) for f in found] == [("apology", pytest.approx(0.45), False)]


def test_an_id_that_was_not_learned_is_left_to_the_rules():
    text = "Thank you for waiting. May I have your postcode?"
    alone = {f.id: f.confidence for f in find(typed(text), Context()) if f.id not in IDS}
    assert alone.items() <= {f.id: f.confidence for f in find(typed(text), Context(), learned())}.items()
    assert line_of("thank", learned()) == line_of("thank")
    assert line_of("blame", learned(line=0.64)) == pytest.approx(0.64)


@pytest.mark.parametrize("text", ["", "  ", "...", "?!"])
def test_a_text_without_words_holds_nothing(text):
    assert find(typed(text), Context(), learned()) == ()


def test_words_are_weighed_by_rarity_on_a_row_of_length_one():
    # "our" weighs 1 and "our doing" 2: (1 x 1 + 2 x 3) / sqrt(5) - 1.
    assert learned().words("our doing")[0] == pytest.approx(7 / 5**0.5 - 1, rel=1e-6)
    assert learned().words("nothing known").tolist() == [-1, -1]


def test_runs_are_of_one_to_three_words_in_normal_form():
    assert runs("I'll ring 2 times") == runs("i will ring two times")
    assert "i will ring" in runs("I'll ring")


def test_what_pieces_say_counts_for_the_clause_in_which_they_stand():
    text = "I see. Let me look."
    spans = [(0, 1), (2, 5), (5, 6), (7, 10), (11, 13), (14, 18), (18, 19)]
    said = np.array([[1], [2], [0], [4], [8], [16], [0]], np.float32)
    assert by_clause(said, spans, split(text)).tolist() == [[3], [28]]


def test_an_id_looks_at_the_piece_that_tells_it_most():
    text = "It started with us."
    said, spans = learned().meaning(text, Context())
    assert said.sum(axis=0) == pytest.approx([8, 0], abs=1e-3)
    assert text[slice(*spans[said[1:-1, 0].argmax()])] == "started"


def test_a_clause_without_pieces_is_never_the_one_that_means_it_most():
    said = np.array([[-3], [-3]], np.float32)
    clauses = split("I see. Let me look.")
    assert by_clause(said, [(0, 1), (2, 5)], clauses).argmax(axis=0).tolist() == [0]


def test_the_reader_is_told_what_the_caller_said():
    asked = []
    model = replace(learned(), reader=Told(asked))
    find(typed("It started with us."), Context(caller_line="Whose fault is it?"), model)
    assert asked == ["Whose fault is it?"]


def test_form_says_what_was_asked_named_and_taken_up():
    context = Context(caller_line="You took 89 euros for a router I never ordered!")
    text = "So 89 euros for the router. Is that right?"
    asks, length, figures, taken_up, constant = form(text, split(text), context)
    assert (asks, figures, constant) == (1, 1, 1)
    assert length == pytest.approx(len("so 89 euros for the router is that right".split()) / 60)
    assert taken_up > form(text, split(text), Context())[3] == 0
