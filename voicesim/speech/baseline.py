"""The trainee's own neutral delivery, from a few neutral sentences: what every later reply is compared with.

Only numbers are kept, no sound. A poor baseline makes every later figure wrong, so it is refused rather than repaired.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicesim.errors import InputError
from voicesim.model import Baseline, Samples, Span, Transcript
from voicesim.ports import PitchTracker
from voicesim.sound import clipped_share
from voicesim.speech import level, pace
from voicesim.speech.tension import MOST_CLIPPED, VoiceMeasures, measure_voice

#: What a baseline needs: seconds of speech, dB of signal to noise; and how far its sentences may lie apart.
LEAST_SPEECH_S = 6.0
LEAST_SNR_DB = 15.0
MOST_APART_ST = 4.0
MOST_APART_DB = 6.0

_AGAIN = "Record three neutral sentences again, in a quiet room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One neutral sentence, measured; ``syllables`` is None without a transcript."""

    speech_s: float
    level_dbfs: float
    snr_db: float | None
    clipped_share: float
    voice: VoiceMeasures | None
    syllables: int | None


def make_baseline(
    sounds: Sequence[tuple[Samples, Sequence[Span], Transcript | None]],
    *,
    pitch: PitchTracker,
    trainee: str,
    headset: str,
    made_utc: str,
) -> Baseline:
    """The baseline of one trainee and headset from neutral sentences, each 16 kHz samples with its speech and words.

    Each measure is the mean over the sentences. ``made_utc`` is kept as it is (ISO 8601). Raises InputError, with the
    figure that is bad, if there are under 6 s of speech in all, or a sentence has no voice, under 15 dB of signal to
    noise or over 1 % of its samples clipped, or if sentences lie more than 4 semitones or 6 dB apart.
    """
    sentences = [measure_sentence(samples, speech, transcript, pitch) for samples, speech, transcript in sounds]
    problem = _problem(sentences)
    if problem:
        raise InputError(problem, where=f"baseline of {trainee}", mend=_AGAIN)
    return mean_of(sentences, trainee=trainee, headset=headset, made_utc=made_utc)


def measure_sentence(
    samples: Samples,
    speech: Sequence[Span],
    transcript: Transcript | None,
    pitch: PitchTracker,
    *,
    noise: Samples | None = None,
) -> Sentence:
    """The measures of one sentence in 16 kHz ``samples``, ``noise`` the second before it; judges nothing."""
    speech = level.within(speech, len(samples))
    return Sentence(
        speech_s=pace.speech_s(speech),
        level_dbfs=level.speech_level_dbfs(samples, speech),
        snr_db=level.snr_db(samples, speech, noise),
        clipped_share=clipped_share(level.spoken(samples, speech)),
        voice=measure_voice(samples, speech, pitch, noise),
        syllables=pace.syllables(transcript.text) if transcript else None,
    )


def mean_of(sentences: Sequence[Sentence], *, trainee: str, headset: str, made_utc: str) -> Baseline:
    """The means of sentences that have a voice, without judging their quality; at least one is needed."""
    voices = [s.voice for s in sentences if s.voice]
    timed = [(s.syllables, s.speech_s) for s in sentences if s.syllables]
    known_snr = [s.snr_db for s in sentences if s.snr_db is not None]
    return Baseline(
        trainee=trainee,
        headset=headset,
        f0_median_st=float(np.mean([v.f0_median_st for v in voices])),
        alpha_db=float(np.mean([v.alpha_db for v in voices])),
        centroid_st=float(np.mean([v.centroid_st for v in voices])),
        f0_velocity_stps=float(np.mean([v.f0_velocity_stps for v in voices])),
        level_dbfs=float(np.mean([s.level_dbfs for s in sentences])),
        articulation_rate_sps=sum(n for n, _ in timed) / sum(t for _, t in timed) if timed else None,
        speech_s=sum(s.speech_s for s in sentences),
        snr_db=min(known_snr) if known_snr else None,
        made_utc=made_utc,
    )


def _problem(sentences: Sequence[Sentence]) -> str | None:
    """What is wrong with the sentences, in words with the figure, or None."""
    speech_s = sum(s.speech_s for s in sentences)
    if speech_s < LEAST_SPEECH_S:
        return f"only {speech_s:.1f} s of speech, {LEAST_SPEECH_S:.0f} s are needed"
    for number, sentence in enumerate(sentences, start=1):
        problem = _problem_of_one(sentence)
        if problem:
            return f"sentence {number} {problem}"
    pitches = [s.voice.f0_median_st for s in sentences if s.voice]
    levels = [s.level_dbfs for s in sentences]
    if (apart := max(pitches) - min(pitches)) > MOST_APART_ST:
        return f"the sentences lie {apart:.1f} semitones apart, at most {MOST_APART_ST:.0f} are neutral"
    if (apart := max(levels) - min(levels)) > MOST_APART_DB:
        return f"the sentences lie {apart:.1f} dB apart, at most {MOST_APART_DB:.0f} are neutral"
    return None


def _problem_of_one(sentence: Sentence) -> str | None:
    if sentence.voice is None:
        return "holds no voiced speech"
    if sentence.clipped_share > MOST_CLIPPED:
        return f"is clipped in {sentence.clipped_share * 100:.1f} % of its samples, at most {MOST_CLIPPED * 100:.0f} %"
    if sentence.snr_db is None or sentence.snr_db < LEAST_SNR_DB:
        return f"has {sentence.snr_db or 0.0:.0f} dB of signal to noise, {LEAST_SNR_DB:.0f} are needed"
    return None
