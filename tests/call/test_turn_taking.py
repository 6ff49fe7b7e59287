"""Whose turn it is, from made speech with known spans; times in seconds, one window is 0.032 s."""

from dataclasses import fields

import pytest

from voicesim.call.patience import Patience
from voicesim.call.turn_taking import WINDOW, Signal, TurnTaking
from voicesim.model import RATE_HZ, OverlapKind

W = WINDOW / RATE_HZ


def run(turns, seconds, speech=(), text=None, stop_at=()):
    """Feed windows for ``seconds``; ``speech`` are (start_s, end_s) from now; signals with their time from now."""
    seen = []
    for number in range(round(seconds / W)):
        at = number * W
        loud = any(start <= at < end for start, end in speech)
        for signal in turns.window(0.98 if loud else 0.02):
            seen.append((signal, round(at + W, 2)))
            if signal is Signal.DECODE and text is not None:
                turns.decoded(text)
            if signal in (*stop_at, Signal.COMMIT, Signal.WENT_ON):
                return seen
    return seen


def only(signals, kind):
    return [at for signal, at in signals if signal is kind]


def listening():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    turns.line_ends()
    return turns


@pytest.mark.parametrize(
    ("text", "wait_s"),
    [
        ("Would Thursday morning suit you?", 0.35),
        ("I will send you a new one.", 0.45),
        ("i will ring you by five", 0.45),
        ("I can refund it today.", 0.45),
        ("I understand why you are upset.", 0.45),
        ("I will ring you and", 1.15),
        ("If I look at your bill.", 1.15),
        ("So your order was sent", 1.15),
        ("Right.", 1.15),
        ("Yes yes yes yes.", 1.15),
    ],
)
def test_the_text_decides_how_long_a_pause_ends_a_reply(text, wait_s):
    [commit] = only(run(listening(), 5, [(0.5, 2.0)], text), Signal.COMMIT)
    assert commit == pytest.approx(2.0 + wait_s, abs=2 * W)


def test_a_recognizer_that_has_set_a_full_stop_means_it_where_it_sets_none():
    turns = listening()
    run(turns, 3, [(0.5, 2.0)], "That is done.")
    turns.line_begins(answers_reply=True)
    run(turns, 1)
    turns.line_ends()
    [commit] = only(run(turns, 5, [(0.5, 2.0)], "and it was sent"), Signal.COMMIT)
    assert commit == pytest.approx(3.15, abs=2 * W)


def test_a_recognizer_may_be_known_to_set_full_stops_from_the_start():
    turns = TurnTaking(punctuated=True)
    turns.line_ends()
    [commit] = only(run(turns, 5, [(0.5, 2.0)], "and it was sent"), Signal.COMMIT)
    assert commit == pytest.approx(3.15, abs=2 * W)


def test_who_has_paused_before_is_given_more_time():
    turns = listening()
    seen = run(turns, 6, [(0.5, 1.5), (1.82, 3.0)], "that is all")
    assert only(seen, Signal.COMMIT) == pytest.approx([3.0 + 0.32 + Patience().again_s], abs=2 * W)


@pytest.mark.parametrize(("length", "end_s"), [(0.06, 2.02), (0.5, 3.16)])
def test_a_reply_does_not_end_in_the_moment_in_which_speech_begins_again(length, end_s):
    seen = run(listening(), 5, [(0.5, 1.5), (1.93, 1.93 + length)], "that is all")
    assert only(seen, Signal.COMMIT) == pytest.approx([end_s], abs=2 * W)


def test_a_decode_is_void_as_soon_as_a_single_window_of_speech_follows():
    turns = listening()
    run(turns, 1.6, [(0.5, 1.5)], stop_at=[Signal.DECODE])
    run(turns, W, [(0.0, 1.0)])
    turns.decoded("that is all")
    assert not only(run(turns, 5), Signal.COMMIT)


def test_patience_is_a_setting():
    turns = TurnTaking(Patience(complete_s=1.0))
    turns.line_ends()
    [commit] = only(run(turns, 5, [(0.5, 2.0)], "that is done"), Signal.COMMIT)
    assert commit == pytest.approx(3.0, abs=2 * W)


def test_a_pause_inside_a_reply_asks_for_a_decode_again():
    turns = listening()
    seen = run(turns, 6, [(0.5, 1.5), (1.8, 3.0)], "that is all")
    assert only(seen, Signal.DECODE) == pytest.approx([1.6, 3.1], abs=2 * W)
    assert [round(s.duration_s, 1) for s in turns.speech] == [1.0, 1.2]


def test_without_a_decode_nothing_is_committed():
    assert not only(run(listening(), 6, [(0.5, 1.5)]), Signal.COMMIT)


def test_silence_is_told_after_five_seconds():
    seen = only(run(listening(), 5.5, stop_at=[Signal.SILENCE]), Signal.SILENCE)
    assert seen == pytest.approx([5.0], abs=W)


@pytest.mark.parametrize("length", [0.03, 0.06])
def test_a_click_is_no_reply(length):
    turns = listening()
    run(turns, 3, [(1.0, 1.0 + length)])
    assert turns.speech == ()


def test_a_short_sound_without_words_is_no_reply():
    turns = listening()
    run(turns, 2, [(0.5, 0.8)], "")
    assert turns.speech == ()


def test_the_caller_is_turned_down_at_0_1_s_and_interrupted_at_0_6_s():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    seen = run(turns, 3, [(1.0, 3.0)])
    assert only(seen, Signal.TURN_DOWN) == pytest.approx([1.1], abs=W)
    assert only(seen, Signal.INTERRUPTED) == pytest.approx([1.6], abs=2 * W)


def test_a_knock_turns_the_caller_down_for_a_moment_only():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    assert run(turns, 3, [(1.0, 1.095)]) == [(Signal.TURN_DOWN, 1.12), (Signal.TURN_UP, 1.15)]
    assert (turns.speech, turns.overlaps) == ((), ())


def test_a_backchannel_brings_the_caller_back_up_and_is_no_part_of_the_reply():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    seen = run(turns, 3, [(1.0, 1.5)])
    assert [signal for signal, _ in seen] == [Signal.TURN_DOWN, Signal.LOOK, Signal.PARTIAL, Signal.TURN_UP]
    turns.line_ends()
    assert [o.kind for o in turns.overlaps] == [OverlapKind.BACKCHANNEL]
    assert turns.speech == ()


def test_two_words_that_are_no_backchannel_interrupt_at_once():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 1.4, [(1.0, 1.4)])
    assert turns.words("mm-hm I see") == ()
    assert turns.words("wait listen") == (Signal.INTERRUPTED,)
    assert turns.words("wait listen to me") == ()
    assert turns.interrupting_s is None


def test_an_interruption_lasts_until_the_line_or_the_speech_ends():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 3, [(1.0, 2.5)])
    turns.line_ends()
    [overlap] = turns.overlaps
    assert overlap.kind is OverlapKind.INTERRUPTION
    assert overlap.span.duration_s == pytest.approx(1.5, abs=2 * W)


def test_what_was_said_over_a_line_belongs_to_the_next_reply():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 2, [(1.0, 9.0)])
    turns.line_ends()
    seen = run(turns, 4, [(0.0, 1.0)], "this is my answer")
    assert only(seen, Signal.COMMIT)
    assert turns.speech[0].start_s == pytest.approx(1.0, abs=2 * W)
    assert turns.speech[-1].end_s == pytest.approx(3.0, abs=2 * W)


def test_an_interruption_that_ended_long_ago_still_leaves_time_to_answer():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 4, [(1.0, 2.0)])
    turns.line_ends()
    [commit] = only(run(turns, 3, text="wait, not so fast"), Signal.COMMIT)
    assert commit == pytest.approx(1.15, abs=2 * W)


def test_a_reply_that_begins_in_the_last_moment_of_a_line_keeps_its_first_word():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 2, [(1.7, 2.0)])
    turns.line_ends()
    run(turns, 3, [(0.0, 1.0)], "I see what happened")
    assert [o.kind for o in turns.overlaps] == [OverlapKind.EARLY]
    assert turns.speech[0].start_s == pytest.approx(1.7, abs=2 * W)


def test_a_reply_that_goes_on_within_half_a_second_was_not_over():
    turns = listening()
    run(turns, 5, [(0.5, 2.0)], "so I will look")
    turns.line_begins(answers_reply=True)
    seen = run(turns, 2, [(0.3, 2.0)])
    assert only(seen, Signal.WENT_ON) == pytest.approx([0.55], abs=2 * W)
    run(turns, 4, [(0.0, 1.0)], "so I will look at it now")
    assert len(turns.speech) == 2
    assert turns.overlaps == ()


def test_speech_later_than_half_a_second_does_not_take_the_answer_back():
    turns = listening()
    run(turns, 5, [(0.5, 2.0)], "that is done")
    turns.line_begins(answers_reply=True)
    seen = run(turns, 2, [(0.7, 2.0)])
    assert not only(seen, Signal.WENT_ON)
    assert only(seen, Signal.INTERRUPTED)


def test_only_an_answer_can_be_taken_back():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    assert not only(run(turns, 1, [(0.1, 1.0)]), Signal.WENT_ON)


def test_while_held_nothing_ends_and_waits_count_anew_afterwards():
    turns = listening()
    turns.hold(True)
    assert not only(run(turns, 7), Signal.SILENCE)
    assert not only(run(turns, 5, [(0.5, 2.0)], "I will ring you by five"), Signal.COMMIT)
    turns.hold(False)
    [commit] = only(run(turns, 3), Signal.COMMIT)
    assert commit == pytest.approx(0.45, abs=2 * W)


def test_after_a_hold_without_speech_a_silence_takes_its_five_seconds():
    turns = listening()
    run(turns, 4)
    turns.hold(True)
    run(turns, 4)
    turns.hold(False)
    assert only(run(turns, 5.5, stop_at=[Signal.SILENCE]), Signal.SILENCE) == pytest.approx([5.0], abs=W)


def test_a_reply_that_is_over_is_decoded_and_committed_at_once():
    turns = listening()
    turns.hold(True)
    run(turns, 2, [(0.5, 9.0)])
    turns.over()
    seen = run(turns, 2, text="so what I can do is let me")
    assert only(seen, Signal.DECODE) == pytest.approx([0.03], abs=W)
    assert only(seen, Signal.COMMIT) == pytest.approx([0.06], abs=W)


def test_a_reply_that_is_over_takes_no_more_speech_before_its_decode_is_there():
    turns = listening()
    run(turns, 2, [(0.5, 9.0)])
    turns.over()
    seen = run(turns, 1, [(0.1, 0.9)])
    assert len(only(seen, Signal.DECODE)) == 1
    turns.decoded("that is all")
    assert only(run(turns, 0.1, [(0.0, 0.1)]), Signal.COMMIT)


def test_over_without_speech_ends_nothing():
    turns = listening()
    turns.over()
    assert not only(run(turns, 1.2, [(0.0, 1.0)], "that is all"), Signal.COMMIT)


def test_what_was_said_over_a_line_is_committed_at_its_end_when_it_is_over():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 2, [(1.0, 9.0)])
    turns.over()
    turns.line_ends()
    assert only(run(turns, 1, text="wait a moment"), Signal.COMMIT) == pytest.approx([0.06], abs=W)


@pytest.mark.parametrize("over_line", [False, True])
def test_dropping_forgets_the_reply_under_way(over_line):
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    if not over_line:
        turns.line_ends()
    run(turns, 3, [(1.0, 2.5)])
    turns.drop()
    turns.decoded("that is all")
    assert (turns.speech, turns.overlaps) == ((), ())
    assert not only(run(turns, 4), Signal.COMMIT)


def test_dropping_brings_a_caller_who_was_turned_down_back_up():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    assert run(turns, 1.2, [(1.0, 9.0)])[-1][0] is Signal.TURN_DOWN
    turns.drop()
    assert [signal for signal, _ in run(turns, 0.1)] == [Signal.TURN_UP]


def test_speech_over_a_line_is_looked_at_soon_and_once_in_each_pause():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    seen = run(turns, 8, [(1.0, 1.2), (2.0, 2.5), (4.0, 5.5), (6.5, 6.7)])
    assert only(seen, Signal.LOOK) == pytest.approx([2.35, 4.35], abs=2 * W)
    assert only(seen, Signal.PARTIAL) == pytest.approx([2.75, 5.35, 5.75, 6.95], abs=2 * W)


def test_what_is_looked_at_in_a_pause_is_still_there():
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    run(turns, 1.4, [(1.0, 9.0)], stop_at=[Signal.LOOK])
    run(turns, 2, [(0.0, 0.13)], stop_at=[Signal.PARTIAL])
    assert turns.speech[0].duration_s == pytest.approx(0.5, abs=2 * W)
    run(turns, 0.1)
    assert turns.speech == ()


@pytest.mark.parametrize("over_line", [False, True])
def test_growing_speech_asks_for_its_text_every_second(over_line):
    turns = TurnTaking()
    turns.line_begins(answers_reply=False)
    if not over_line:
        turns.line_ends()
    asked = only(run(turns, 5, [(0.5, 3.8)]), Signal.PARTIAL)
    # A look over a line has asked for it already; there it is asked for once more in the pause.
    expected = [1.85, 2.85, 4.05] if over_line else [1.5, 2.5, 3.5]
    assert asked == pytest.approx(expected, abs=3 * W)


def cut_in(speech, seconds=6.0):
    """A caller who cuts in after 4 s; ``speech`` counts from her start."""
    turns = TurnTaking(Patience(cut_in_after_s=4))
    turns.line_ends()
    first = run(turns, 9, [(1.0, 2.0), (2.3, 9.0)], "so the thing is", stop_at=[Signal.CUT_IN])
    assert [signal for signal, _ in first if signal is not Signal.PARTIAL] == [Signal.DECODE, Signal.CUT_IN]
    assert first[-1][1] == pytest.approx(5.0, abs=2 * W)
    turns.decoded("so the thing is that we")
    assert run(turns, W, [(0.0, W)]) == [(Signal.COMMIT, 0.03)]
    turns.line_begins(answers_reply=True, cuts_in=True)
    return turns, [(signal, at) for signal, at in run(turns, seconds, speech) if signal is not Signal.PARTIAL]


def test_a_caller_who_cuts_in_is_given_way_to():
    turns, seen = cut_in([(0.0, 1.0)])
    assert seen == []
    assert [o.kind for o in turns.overlaps] == [OverlapKind.CUT_IN]
    assert turns.speech == ()


def test_who_speaks_on_when_the_caller_has_cut_in_interrupts_her():
    turns, seen = cut_in([(0.0, 5.5)])
    assert only(seen, Signal.WENT_ON) == []
    assert only(seen, Signal.INTERRUPTED) == pytest.approx([Patience().yield_s + Patience().interruption_s], abs=3 * W)
    assert [o.kind for o in turns.overlaps] == [OverlapKind.CUT_IN, OverlapKind.INTERRUPTION]


def test_speech_long_after_the_caller_cut_in_is_judged_as_usual():
    turns, _ = cut_in([(4.5, 4.9)])
    assert [o.kind for o in turns.overlaps] == [OverlapKind.BACKCHANNEL]


def test_a_line_that_ends_while_she_cuts_in_leaves_the_rest_of_the_reply_behind():
    turns, _ = cut_in([(0.0, 0.9)], seconds=1.0)
    turns.line_ends()
    assert [o.kind for o in turns.overlaps] == [OverlapKind.CUT_IN]
    assert turns.speech == ()


def test_the_setting_of_patience_moves_the_waits_and_nothing_else():
    slow, usual = Patience().scaled(2), Patience()
    longer = {f.name for f in fields(Patience) if getattr(slow, f.name) != getattr(usual, f.name)}
    assert longer == {"sure_s", "complete_s", "incomplete_s", "again_s", "silence_s"}
    assert all(getattr(slow, name) == 2 * getattr(usual, name) for name in longer)
