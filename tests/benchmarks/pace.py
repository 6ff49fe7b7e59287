"""How right the articulation rate is: beside hand labels, with the true count and by ear, and beside a lexicon.

    python tests/benchmarks/pace.py [--recognized]

Hand labels of EmoDB: when each syllable begins (``.`` the end, ``(`` a pause). Truth: labelled syllables over labelled
speech without pauses of 0.25 s or more. First our speech time with the true count, on clips whose end is not cut off at
2 s; then the count by ear as well, on all clips up to their last label, three or ten clips of a speaker joined. Its
constants were chosen on every other speaker (calm clips, three joined) and are judged on the rest.

Lexicon: lines of the neural voice in each of its personas, whose true time is where they sound, with their text; with
``--recognized`` those lines and LibriSpeech as the embedded Whisper hears them. Needs ``VOICESIM_SPEECH``.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from _speech_data import folder, rows, sound_of
from syllables import SENTENCES, lexicon

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import PERSONAS
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples, Span
from voicesim.ports import VoiceStyle
from voicesim.sound import resample
from voicesim.speech import pace
from voicesim.speech.peaks import SYLLABLES_A_PEAK, syllable_peaks
from voicesim.speech.pitch import track_voice
from voicesim.speech.syllables import spoken_words, syllables

LAST_S = 1.97
JOINED = 10
LEAST_SYLLABLES = 4
#: Labels that name no syllable: the end, and a pause.
NO_SYLLABLES = (".", "(")
#: Emotions whose voice is not raised: only of such replies is pace told without a transcript.
CALM = ("neutral", "bored", "sad")
# The neural voice is silent where it is this far below its loudest, in dB.
_SILENT_DB = 40.0


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One labelled clip: true syllables and seconds, the peaks that are heard, our seconds.

    ``whole`` where the end of speech is in the clip; ``late_s`` how late voice activity begins and ends.
    """

    speaker: str
    emotion: str
    count: int
    true_s: float
    peaks: int
    ours_s: float
    whole: bool
    late_s: tuple[float, float]


def labelled(path: Path) -> tuple[Span, ...]:
    """The spans of the labelled syllables.

    A label stands at the beginning of what it names: sound before the first label lies 34 dB below the rest (median),
    sound after the last one, ``.``, 42 dB, and the syllable before that 6 dB.
    """
    lines = [line.split() for line in path.read_text(encoding="latin-1").splitlines()]
    labels = [(round(float(at_s) * RATE_HZ), label) for at_s, label in lines]
    return tuple(
        Span(start=start, end=end)
        for (start, label), (end, _) in pairwise(labels)
        if label not in NO_SYLLABLES and end > start
    )


def measured(place: Path) -> Iterator[Clip]:
    """The labelled clips of EmoDB, each up to its last label."""
    vad, pitch = SileroVad(), SwiftF0()
    for row in rows("emodb"):
        labels = labelled(place / "emodb_syllables" / f"{Path(row['path']).stem}.silb")
        spans = [span for span in labels if span.end < LAST_S * RATE_HZ]
        if len(spans) < LEAST_SYLLABLES:
            continue
        whole = len(spans) == len(labels)
        samples = sound_of(row)[: None if whole else spans[-1].end]
        heard = speech_spans(samples, vad)
        if heard:
            _, voiced = track_voice(samples, heard, pitch)
            yield Clip(
                speaker=row["speaker"],
                emotion=row["emotion"],
                count=len(spans),
                true_s=pace.speech_s(spans),
                peaks=len(syllable_peaks(samples, heard, voiced)),
                ours_s=pace.speech_s(heard),
                whole=whole,
                late_s=(heard[0].start_s - spans[0].start_s, heard[-1].end_s - spans[-1].end_s),
            )


def with_count(clips: Sequence[Clip]) -> Iterator[str]:
    """How right our speech time is."""
    names = sorted({clip.speaker for clip in clips})
    for title, speakers in (("all", names), ("chosen on", names[::2]), ("judged on", names[1::2])):
        own = [clip for clip in clips if clip.whole and clip.speaker in speakers]
        ratio = np.array([clip.true_s / clip.ours_s for clip in own])
        off = np.abs(ratio - 1)
        name = f"true count, {title}: n {len(ratio)}, ratio {np.median(ratio):.3f}"
        yield f"{name}, off by {np.mean(off):.1%} (mean), {np.median(off):.1%} (median), {_p95(off)}"
        begins_s, ends_s = np.median([clip.late_s for clip in own], axis=0)
        yield f"  voice activity begins {begins_s:+.3f} s and ends {ends_s:+.3f} s late (medians)"


def by_ear(clips: Sequence[Clip]) -> Iterator[str]:
    """How right the count by ear is, on speakers that chose nothing."""
    names = sorted({clip.speaker for clip in clips})
    for kind, some in (("not raised", [clip for clip in clips if clip.emotion in CALM]), ("all", clips)):
        for at_once in (1, 3, JOINED):
            for title, speakers in (("chosen on", names[::2]), ("judged on", names[1::2])):
                ratio = np.array([_rate_by_ear(part) / _true_rate(part) for part in _parts(some, speakers, at_once)])
                off = f"off by {np.median(np.abs(ratio - 1)):.1%} (median), {_p95(np.abs(ratio - 1))}"
                yield f"by ear, {kind}, {at_once} joined, {title}: n {len(ratio)}, ratio {np.median(ratio):.3f}, {off}"


def _parts(clips: Sequence[Clip], speakers: Sequence[str], at_once: int) -> Iterator[Sequence[Clip]]:
    for speaker in speakers:
        own = [clip for clip in clips if clip.speaker == speaker]
        yield from (own[i : i + at_once] for i in range(0, len(own) - at_once + 1, at_once))


def _rate_by_ear(clips: Sequence[Clip]) -> float:
    return SYLLABLES_A_PEAK * sum(clip.peaks for clip in clips) / sum(clip.ours_s for clip in clips)


def _true_rate(clips: Sequence[Clip]) -> float:
    return sum(clip.count for clip in clips) / sum(clip.true_s for clip in clips)


def _p95(off: Sequence[float] | np.ndarray) -> str:
    return f"p95 {np.percentile(off, 95):.1%}"


def made_lines() -> Iterator[tuple[Samples, str]]:
    """Lines of the neural voice as 16 kHz samples in a quiet room, and what is said."""
    voice = HibariVoice()
    for name, persona in PERSONAS.items():
        if persona.engine == "hibari":
            for text in SENTENCES:
                sound = voice.render(text, VoiceStyle(persona=name))
                quiet = np.zeros(RATE_HZ // 2, dtype=np.float32)
                yield np.concatenate([quiet, resample(sound.samples, sound.rate_hz, RATE_HZ), quiet]), text


def sounding_s(samples: Samples) -> float:
    """Seconds in which a sound without any noise sounds, without pauses of 0.25 s or more."""
    power = np.mean(samples[: len(samples) // 160 * 160].reshape(-1, 160) ** 2, axis=1)
    frames = np.flatnonzero(power > power.max() * 10 ** (-_SILENT_DB / 10))
    gaps_s = np.diff(frames) / 100.0
    return float((frames[-1] - frames[0] + 1) / 100.0 - gaps_s[gaps_s >= pace.PAUSE_S].sum())


def true_syllables(text: str, known: dict[str, int]) -> int:
    """Syllables by the lexicon; by our rule for a word that it lacks."""
    return sum(known.get(word, syllables(word)) for word in spoken_words(text))


def against_lexicon(recognized: bool) -> Iterator[str]:
    """How right rates with a transcript are."""
    known, vad, lines = lexicon(), SileroVad(), list(made_lines())
    rates, counts = [], []
    for samples, text in lines:
        true = true_syllables(text, known)
        counts.append(syllables(text) / true)
        rates.append(
            (pace.articulation_rate_sps(text, speech_spans(samples, vad)) or 0.0) / (true / sounding_s(samples))
        )
    for what, found in (("rate", np.array(rates)), ("count", np.array(counts))):
        off = f"off by {np.median(np.abs(found - 1)):.1%} (median), {_p95(np.abs(found - 1))}"
        yield f"made speech, its text, {what}: n {len(found)}, ratio {np.median(found):.3f}, {off}"
    if recognized:
        clips = [(sound_of(row), row["transcript"]) for row in rows("librispeech")]
        for title, sounds in (("made speech", lines), ("LibriSpeech", clips)):
            off = [abs(syllables(_heard(samples)) / true_syllables(text, known) - 1) for samples, text in sounds]
            yield f"{title} as recognized: n {len(off)}, count off by {np.median(off):.1%} (median), {_p95(off)}"


def _heard(samples: Samples) -> str:
    from voicesim.backends.whisper_recognizer import WhisperRecognizer

    hearing = WhisperRecognizer().start(RATE_HZ)
    hearing.feed(samples)
    return hearing.finish().text


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recognized", action="store_true", help="also what the embedded Whisper hears (a minute)")
    options = parser.parse_args()
    place = folder()
    if place is None:
        print("No EmoDB here: set VOICESIM_SPEECH. Hand labels cannot be made.", file=sys.stderr)
    else:
        clips = list(measured(place))
        print("\n".join([*with_count(clips), *by_ear(clips)]))
    print("\n".join(against_lexicon(options.recognized)))


if __name__ == "__main__":
    main()
