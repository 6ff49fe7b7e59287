"""How right the articulation rate is: beside hand labels, with the true count and by ear, and beside a lexicon.

    python tests/benchmarks/pace.py [--recognized]

Hand labels: EmoDB clips whose labels (end time and syllable, one a line) end before 1.97 s, so that the cut at 2 s took
nothing; the label ``.`` is a pause. Truth: labelled syllables over labelled speech without pauses of 0.25 s or more.
First our speech time with the true count, then the count by ear as well, a clip at a time and ten clips of a speaker
joined; its constants were chosen on every other speaker and are judged on the rest.

Lexicon: lines of the neural voice in each of its personas, whose true time is where they sound, with their text; with
``--recognized`` those lines and LibriSpeech as the embedded Whisper hears them. Needs ``VOICESIM_SPEECH``.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
#: Emotions whose voice is not raised: only of such replies is pace told without a transcript.
CALM = ("neutral", "bored", "sad")
# The neural voice is silent where it is this far below its loudest, in dB.
_SILENT_DB = 40.0


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One labelled clip: true syllables and seconds, the peaks that are heard and our seconds."""

    speaker: str
    emotion: str
    count: int
    true_s: float
    peaks: int
    ours_s: float
    longer_s: float


def labelled(path: Path) -> tuple[int, tuple[Span, ...]]:
    """The number of labelled syllables and the spans they fill."""
    start, spans = 0, []
    for line in path.read_text(encoding="latin-1").splitlines():
        end_s, *label = line.split()
        end = round(float(end_s) * RATE_HZ)
        if label and label != ["."]:
            spans.append(Span(start=start, end=end))
        start = end
    return len(spans), tuple(spans)


def measured(place: Path) -> Iterator[Clip]:
    """The labelled clips of EmoDB."""
    vad, pitch = SileroVad(), SwiftF0()
    for row in rows("emodb"):
        count, spans = labelled(place / "emodb_syllables" / f"{Path(row['path']).stem}.silb")
        samples = sound_of(row)
        heard = speech_spans(samples, vad)
        if count >= 4 and spans[-1].end < LAST_S * RATE_HZ and heard:
            _, voiced = track_voice(samples, heard, pitch)
            yield Clip(
                speaker=row["speaker"],
                emotion=row["emotion"],
                count=count,
                true_s=pace.speech_s(spans),
                peaks=len(syllable_peaks(samples, heard, voiced)),
                ours_s=pace.articulation_s(heard),
                longer_s=(pace.speech_s(heard) - pace.speech_s(spans)) / len(heard),
            )


def with_count(clips: Sequence[Clip]) -> Iterator[str]:
    """How right our speech time is."""
    ratio = np.array([clip.true_s / clip.ours_s for clip in clips])
    yield f"true count, n = {len(ratio)}: rate over the true one, median {np.median(ratio):.3f}"
    yield f"off by {np.mean(np.abs(ratio - 1)):.1%} in the mean, p95 {np.percentile(np.abs(ratio - 1), 95):.1%}"
    longer_s = np.median([clip.longer_s for clip in clips])
    yield f"a stretch of voice activity is longer than its labels by {longer_s:.3f} s (median)"


def by_ear(clips: Sequence[Clip]) -> Iterator[str]:
    """How right the count by ear is, on speakers that chose nothing."""
    names = sorted({clip.speaker for clip in clips})
    for kind, some in (("all", clips), ("not raised", [clip for clip in clips if clip.emotion in CALM])):
        for at_once in (1, JOINED):
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
