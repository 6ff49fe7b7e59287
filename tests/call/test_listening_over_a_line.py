"""Whether speech over a line is an interruption by what glances at its words tell; times in seconds."""

import pytest

from voicesim.call.patience import Patience
from voicesim.call.turn_taking import WINDOW, Signal, TurnTaking
from voicesim.model import RATE_HZ

W = WINDOW / RATE_HZ
#: A glance counts as arrived after so many windows; at the soonest, after so few.
ARRIVES, SOONEST = 6, 3
AGAIN_S = Patience().glance_s + Patience().reglance_s


def over_a_line(length_s, *texts, fading=0, arrives=ARRIVES):
    """The turns, and the signals with their seconds from the onset, of speech of that length over a line.

    ``texts`` are what the glances at it tell, one after the other (the last one again and again); ``fading`` windows at
    its end are 0.5 likely to be speech.
    """
    turns, seen, due, texts = TurnTaking(), [], [], list(texts)
    turns.line_begins(answers_reply=False)
    windows = round(length_s / W)
    for number in range(windows + round(0.8 / W)):
        if due and due[0] == number:
            due.pop(0)
            text = texts.pop(0) if len(texts) > 1 else texts[0]
            seen += [(signal, round(number * W, 2)) for signal in turns.looked(text)]
        probability = 0.98 if number < windows - fading else 0.5 if number < windows else 0.02
        for signal in turns.window(probability):
            seen.append((signal, round((number + 1) * W, 2)))
            if signal is Signal.LOOK and texts:
                due.append(number + arrives)
    return turns, seen


def interrupted(seen):
    return next((at for signal, at in seen if signal is Signal.INTERRUPTED), None)


@pytest.mark.parametrize(
    ("text", "at_s"),
    [
        ("Let me", Patience().said_s),
        ("No. No.", Patience().interruption_s),
        ("Okay. Okay", Patience().listens_s),
        ("", Patience().listens_s),
    ],
)
def test_the_first_words_set_how_long_speech_may_last(text, at_s):
    turns, seen = over_a_line(2.0, text, arrives=SOONEST)
    assert interrupted(seen) == pytest.approx(at_s, abs=W)
    assert turns.interrupting_s == at_s


def test_without_any_glance_time_alone_makes_an_interruption():
    turns, seen = over_a_line(2.0)
    assert interrupted(seen) == pytest.approx(Patience().interruption_s, abs=W)
    assert turns.interrupting_s == Patience().interruption_s


def test_where_nobody_interrupts_no_length_made_an_interruption():
    turns, _ = over_a_line(1.1, "Yes, I see")
    assert turns.interrupting_s is None


@pytest.mark.parametrize("text", ["Yes, I see", "Yes at", "", "M M M"])
def test_who_only_listens_is_not_interrupting_for_1_1_s(text):
    turns, seen = over_a_line(1.1, text)
    assert interrupted(seen) is None
    assert [str(overlap.kind) for overlap in turns.overlaps] == ["backchannel"]


def test_who_seems_to_listen_is_asked_again_and_again():
    _, seen = over_a_line(1.15, "okay")
    looks = [at for signal, at in seen if signal is Signal.LOOK]
    assert looks[:3] == pytest.approx([0.35, 0.56, 0.78], abs=W)


@pytest.mark.parametrize("first", ["Yes yes", "", "I see what"])
def test_words_that_say_more_later_interrupt_as_soon_as_they_are_there(first):
    turns, seen = over_a_line(2.0, first, "Yes, but you f-")
    assert interrupted(seen) == pytest.approx(AGAIN_S + ARRIVES * W, abs=W)
    assert turns.interrupting_s == Patience().said_s


def test_a_glance_that_says_more_after_the_speech_has_ended_interrupts_nobody():
    turns, seen = over_a_line(0.7, "", "are right")
    assert interrupted(seen) is None
    assert [str(overlap.kind) for overlap in turns.overlaps] == ["backchannel"]


def test_a_fading_end_is_not_cut_short_by_its_words():
    _, seen = over_a_line(0.55, "Come home", fading=2)
    assert interrupted(seen) is None


def test_a_glance_at_earlier_speech_says_nothing_of_what_follows():
    turns, _ = over_a_line(0.5)
    assert turns.looked("no wait") == ()
    for _ in range(round(0.7 / W)):
        turns.window(0.98)
    assert [str(overlap.kind) for overlap in turns.overlaps] == ["backchannel", "interruption"]
