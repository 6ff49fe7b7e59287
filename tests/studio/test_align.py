"""A long recording split by the lines: any order, repeats, slips and chatter; borders in the pauses."""

import numpy as np
import pytest

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.models import choose_recognizer
from voicesim.backends.replies_voice import room_noise
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Span, Transcript, Word
from voicesim.ports import VoiceStyle
from voicesim.script.model import Wording, line_of
from voicesim.sound import resample
from voicesim.studio.align import place, placed_takes
from voicesim.studio.listen import LONGEST_S, listened, pieces


def line(text, mood="angry", step="opening"):
    return line_of(step, mood, Wording(text=text))


MONEY = line("Where is my money? You took it twice.")
MONEY_CALM = line("Where is my money, please? You took it twice, I think.", "calm")
MANAGER = line("Get me your manager, right now!", "furious")
PARCEL = line("My parcel was left in the rain on Tuesday.", "annoyed")
LINES = (MONEY, MONEY_CALM, MANAGER, PARCEL)
WORD_S, PAUSE_S = 0.3, 1.0


def span(start_s, end_s):
    return Span(start=round(start_s * RATE_HZ), end=round(end_s * RATE_HZ))


def said(*texts, off_s=0.0, rng=None):
    """A transcript of texts with a pause of 1 s between, where each is, and the speech; word times ``off_s`` off."""
    words, spans, at = [], [], 0.5
    for text in texts:
        start = at
        for word in text.split():
            shift = 0.0 if rng is None else rng.uniform(-off_s, off_s)
            words.append(Word(text=word, span=span(max(0.0, at + shift), max(0.0, at + WORD_S + shift))))
            at += WORD_S
        spans.append(span(start, at))
        at += PAUSE_S
    heard = Transcript(words=tuple(words), text=" ".join(word.text for word in words), engine="made")
    return heard, tuple(spans), round(at * RATE_HZ)


def placed(*texts, lines=LINES, **more):
    heard, spans, length = said(*texts, **more)
    return place(lines, heard, length, speech=spans), spans


def test_lines_are_found_in_any_order():
    found, spans = placed(PARCEL.text, MONEY.text, MANAGER.text)
    assert found.takes == ((PARCEL, spans[0]), (MONEY, spans[1]), (MANAGER, spans[2]))
    assert found.unplaced_lines == (MONEY_CALM,)
    assert found.unplaced_spans == ()


def test_of_two_lines_nearly_alike_each_gets_its_own_words():
    found, spans = placed(MONEY_CALM.text, MONEY.text)
    assert found.takes == ((MONEY_CALM, spans[0]), (MONEY, spans[1]))


def test_of_a_repeated_line_the_last_good_one_is_taken():
    found, spans = placed(MANAGER.text, MANAGER.text, "Get me your right now")
    assert found.takes == ((MANAGER, spans[1]),)
    assert (MANAGER, spans[0]) in found.earlier


def test_chatter_and_slips_are_told_with_their_times_and_disturb_nothing():
    found, spans = placed("Where is my", "sorry let me start that again", MONEY.text, "is this still on", PARCEL.text)
    assert found.takes == ((MONEY, spans[2]), (PARCEL, spans[4]))
    told = found.unplaced_spans
    assert sum(s.overlap(t) for s in (spans[0], spans[1], spans[3]) for t in told) == sum(
        spans[at].length for at in (0, 1, 3)
    )


def test_misheard_words_do_not_hide_a_line():
    found, spans = placed("My parcels were left in the reign on Tuesday")
    assert found.takes == ((PARCEL, spans[0]),)


@pytest.mark.parametrize("seed", range(5))
def test_word_times_that_are_0_3_s_off_move_no_border(seed):
    rng = np.random.default_rng(seed)
    found, spans = placed(PARCEL.text, MANAGER.text, MONEY.text, off_s=0.3, rng=rng)
    assert found.takes == ((PARCEL, spans[0]), (MANAGER, spans[1]), (MONEY, spans[2]))


def test_a_cough_before_a_line_is_not_part_of_it():
    heard, spans, length = said(MONEY.text, PARCEL.text)
    cough = span(spans[1].start_s - 0.7, spans[1].start_s - 0.3)
    found = place(LINES, heard, length, speech=(spans[0], cough, spans[1]))
    assert found.takes[1] == (PARCEL, spans[1])
    assert found.unplaced_spans == (cough,)


def test_a_first_word_that_stands_alone_and_was_not_heard_belongs_to_its_line():
    """She says "Right." and, after a pause, the rest; the recognizer drops the first word."""
    goodbye = line("Right. I will tell my wife.")
    heard, spans, length = said(MONEY.text, "I will tell my wife")
    alone = span(spans[1].start_s - 0.5, spans[1].start_s - 0.2)
    found = place((*LINES, goodbye), heard, length, speech=(spans[0], alone, spans[1]))
    assert found.takes[1] == (goodbye, Span(start=alone.start, end=spans[1].end))
    assert found.unplaced_spans == ()


def test_lines_of_one_text_share_its_takes():
    """Said as often as there are lines, each gets its own in order; said less often, all get the last."""
    hello = tuple(line("Hello? Have you gone?", mood, "silence") for mood in ("calm", "angry"))
    found, spans = placed(hello[0].text, MANAGER.text, hello[0].text, lines=(*hello, MANAGER))
    assert found.takes == ((hello[0], spans[0]), (MANAGER, spans[1]), (hello[1], spans[2]))
    found, spans = placed(hello[0].text, lines=hello)
    assert {(taken.id, where) for taken, where in found.takes} == {(one.id, spans[0]) for one in hello}


@pytest.mark.parametrize("texts", [(), ("nothing of this is in the script at all",)])
def test_without_any_line_all_lines_and_all_speech_are_told(texts):
    found, spans = placed(*texts)
    assert found.takes == ()
    assert found.unplaced_lines == LINES
    assert found.unplaced_spans == spans


def test_a_long_recording_is_heard_in_pieces_that_end_in_pauses():
    """20 minutes: no piece over 25 s, none cuts speech, words keep their place."""
    speech = tuple(span(at, at + 3.0) for at in np.arange(1.0, 1200.0, 3.5))
    lengths = []

    def transcribe(samples):
        lengths.append(len(samples) / RATE_HZ)
        return Transcript(words=(Word(text="word", span=span(0.5, 0.8)),), text="word", engine="made")

    heard = listened(np.zeros(1201 * RATE_HZ, dtype=np.float32), speech, transcribe)
    assert max(lengths) <= LONGEST_S + 1
    assert len(heard.words) == len(lengths)
    assert sum(len(group) for group in pieces(speech)) == len(speech)
    assert all(any(word.span.overlap(s) for s in speech) for word in heard.words)


def test_a_recording_by_the_real_voice_and_recognizer_is_split_within_0_2_s(rng):
    """Four lines, one of them said again, and chatter between: heard by Whisper, cut by voice activity."""
    voice, vad, recognizer = HibariVoice(), SileroVad(), choose_recognizer("auto", "en")
    parts, truth, at = [np.zeros(RATE_HZ // 2, np.float32)], {}, RATE_HZ // 2
    script = [(MANAGER, MANAGER.text), (None, "Sorry, that was rubbish. Again."), (MANAGER, MANAGER.text)]
    script += [(PARCEL, PARCEL.text), (MONEY_CALM, MONEY_CALM.text), (MONEY, MONEY.text)]
    for own, text in script:
        sound = voice.render(text, VoiceStyle(persona="woman"))
        speech = resample(sound.samples, sound.rate_hz, RATE_HZ)
        if own:
            truth[own.id] = Span(start=at + round(0.05 * RATE_HZ), end=at + len(speech) - round(0.15 * RATE_HZ))
        pause = np.zeros(round(rng.uniform(0.5, 1.2) * RATE_HZ), np.float32)
        parts += [speech, pause]
        at += len(speech) + len(pause)
    whole = np.concatenate(parts)
    samples = (whole + room_noise(len(whole), (5,), -62.0)).astype(np.float32)

    def transcribe(piece):
        hearing = recognizer.start(RATE_HZ)
        hearing.feed(piece)
        return hearing.finish()

    found = placed_takes(samples, LINES, transcribe, speech_spans(samples, vad))
    assert found.unplaced_lines == ()
    assert len(found.earlier) == 1
    assert len(found.unplaced_spans) == 1
    for (own, take), spoken in zip(found.takes, found.spoken, strict=True):
        assert abs(spoken.start - truth[own.id].start) <= 0.2 * RATE_HZ
        assert abs(spoken.end - truth[own.id].end) <= 0.2 * RATE_HZ
        assert take.start < spoken.start
        assert take.end > spoken.end
