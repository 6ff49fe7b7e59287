"""The judges of words and meaning, on coefficients made by hand, and joined with the rules."""

import numpy as np
import pytest

from voicesim.language.clauses import split
from voicesim.language.learned import JOINED, Learned, form, parts, pooled, runs
from voicesim.language.techniques import find, line_of
from voicesim.model import Context, Transcript

IDS = ("apology", "blame")


class Encoder:
    """A point of two numbers: whether "started with us" is in a text, and whether "you broke" is."""

    def encode(self, texts):
        return np.array([["started with us" in text, "you broke" in text] for text in texts], np.float32)


def learned(*, join=None, line=0.5):
    """Only meaning counts, 8 points on the scale of odds, from -4."""
    table = np.zeros((2, len(JOINED)), np.float32)
    table[:, JOINED.index("meaning")] = 1
    return Learned(
        version="made",
        ids=IDS,
        runs={"our": 0, "our doing": 1},
        rarity=np.array([1, 2], np.float32),
        word_weights=np.array([[1, 0], [3, 0]], np.float32),
        word_constants=np.array([-1, -1], np.float32),
        meaning_weights=np.diag([8, 8]).astype(np.float32),
        meaning_constants=np.array([-4, -4], np.float32),
        join=table if join is None else join,
        lines=np.array([line, line], np.float32),
        encoder=Encoder(),
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


def test_parts_are_the_reply_its_clauses_and_each_two_that_follow_each_other():
    text = "I see. Let me look. One moment."
    cut = parts(text, split(text))
    assert [(part.first, part.last) for part in cut] == [(0, 2), (0, 0), (1, 1), (2, 2), (0, 1), (1, 2)]
    assert [part.text for part in parts("I see.", split("I see."))] == ["I see."]


def test_runs_are_of_one_to_three_words_in_normal_form():
    assert runs("I'll ring 2 times") == runs("i will ring two times")
    assert "i will ring" in runs("I'll ring")


def test_odds_of_parts_add_up():
    heads = np.log(np.array([[1, 1], [3, 0.5]], np.float32))
    assert np.exp(pooled(heads)) == pytest.approx([4, 1.5])


def test_form_says_what_was_asked_named_and_taken_up():
    context = Context(caller_line="You took 89 euros for a router I never ordered!")
    text = "So 89 euros for the router. Is that right?"
    asks, length, figures, taken_up, constant = form(text, split(text), context)
    assert (asks, figures, constant) == (1, 1, 1)
    assert length == pytest.approx(len("so 89 euros for the router is that right".split()) / 60)
    assert taken_up > form(text, split(text), Context())[3] == 0
