"""The tension of a reply: how far pitch, brightness and movement of the voice stand above the trainee's own neutral.

It tells raised activation, not a feeling: delighted or frightened speech is tense as well, quiet or sarcastic anger is
not (docs/delivery.md, Limits). The score is linear in three differences that no gain changes. Its bands are cut so
that -1 and 1 are the edges: neutral speech of other people passes -1 in 10 % and 1 in 2 % of clips. A short baseline
is not taken at its word: what a few seconds say badly is moved towards the middle of neutral speakers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voicesim.model import RATE_HZ, Baseline, Samples, Span
from voicesim.ports import PitchTracker
from voicesim.speech.pitch import HOP, median_st, spread_st, track_voice, velocity_stps
from voicesim.speech.spectrum import brightness
from voicesim.speech.tension_fit import CALIBRATED, DOUBT_S, NEUTRAL, UNCALIBRATED

#: At or below this score a voice is calm, above the other tense, between them raised.
CALM_TO = -1.0
TENSE_FROM = 1.0
#: Below these, tension is not told (SPEECH: Abstain): seconds of speech, dB of signal to noise, seconds of voice.
LEAST_SPEECH_S = 1.5
LEAST_SNR_DB = 8.0
LEAST_VOICED_S = 0.3
#: Above this share of clipped samples, tension is not told.
MOST_CLIPPED = 0.01
#: Nobody speaks this far below the own neutral pitch; this far above it only with a raised voice (in semitones). Chosen
#: on five speakers, judged on the others (tests/benchmarks/another_voice.py).
LOWEST_ST, HIGHEST_ST = -5.0, 8.0
#: Above its own neutral pitch a raised voice has this much more of what else makes tension, in points.
LEAST_RAISED = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMeasures:
    """What tension is made of: median pitch, centroid (both semitones above 1 Hz), pitch velocity (st/s).

    ``alpha_db`` and ``f0_spread_st`` (10th to 90th percentile, semitones) are shown and take no part. ``voiced_s``
    seconds of voice.
    """

    f0_median_st: float
    centroid_st: float
    f0_velocity_stps: float
    alpha_db: float
    f0_spread_st: float
    voiced_s: float


def measure_voice(
    samples: Samples, speech: Sequence[Span], pitch: PitchTracker, noise: Samples | None = None
) -> VoiceMeasures | None:
    """The voice of the stretches of speech in 16 kHz ``samples``, None under 0.3 s of voiced speech.

    ``noise`` is the second before speech, whose power is taken off centroid and alpha ratio.
    """
    if not speech:
        return None
    f0_hz, voiced = track_voice(samples, speech, pitch)
    voiced_s = float(voiced.sum()) * HOP / RATE_HZ
    if voiced_s < LEAST_VOICED_S:
        return None
    middle, spread, velocity = (measure(f0_hz, voiced) for measure in (median_st, spread_st, velocity_stps))
    bright = brightness(samples, voiced, noise)
    if middle is None or spread is None or velocity is None or bright.centroid_st is None or bright.alpha_db is None:
        return None
    return VoiceMeasures(
        f0_median_st=middle,
        centroid_st=bright.centroid_st,
        f0_velocity_stps=velocity,
        alpha_db=bright.alpha_db,
        f0_spread_st=spread,
        voiced_s=voiced_s,
    )


def refusal(speech_s: float, snr_db: float | None, clipped_share: float) -> str | None:
    """Why tension is not told, in words, or None if it may be told (SPEECH: Abstain, the one rule)."""
    if speech_s < LEAST_SPEECH_S:
        return f"under {LEAST_SPEECH_S} s of speech"
    if snr_db is None or snr_db < LEAST_SNR_DB:
        return f"under {LEAST_SNR_DB:.0f} dB of signal to noise"
    if clipped_share > MOST_CLIPPED:
        return f"over {MOST_CLIPPED * 100:.0f} % of the samples are clipped"
    return None


def another_voice(voice: VoiceMeasures, baseline: Baseline) -> str | None:
    """Why this may be somebody else than the person of the baseline, in words with the figure, or None.

    The pitch is 5 semitones or more below the baseline's, or 8 or more above it while brightness and movement, which
    rise with it in a raised voice, add less than 1 point to the tension. Two people of like pitch are not told apart.
    """
    pitch_st, centroid, velocity_stps = _own(baseline)
    higher_st = voice.f0_median_st - pitch_st
    _, _, of_centroid, of_velocity = CALIBRATED
    raised = of_centroid * (voice.centroid_st - centroid) + of_velocity * (voice.f0_velocity_stps - velocity_stps)
    if higher_st > LOWEST_ST and (higher_st < HIGHEST_ST or raised >= LEAST_RAISED):
        return None
    where = "below" if higher_st < 0 else "above"
    return f"may be another voice: pitch is {abs(higher_st):.0f} semitones {where} the baseline's"


def score(f0_st: float, centroid: float, velocity_stps: float, *, baseline: Baseline | None) -> float:
    """The tension score of a median pitch and a centroid (semitones above 1 Hz) and a pitch velocity (st/s).

    Against ``baseline``, or, without one, against the middle of neutral speakers of the fit, with weights and edges
    that were fitted for that case; such a score is fairer to no one and must be marked as not calibrated.
    """
    own, weights = (NEUTRAL, UNCALIBRATED) if baseline is None else (believed(baseline), CALIBRATED)
    differences = (f0_st - own[0], centroid - own[1], velocity_stps - own[2])
    return weights[0] + sum(w * d for w, d in zip(weights[1:], differences, strict=True))


def believed(baseline: Baseline) -> tuple[float, ...]:
    """What is taken for the trainee's own neutral: median pitch, centroid (st above 1 Hz), velocity (st/s).

    Of s seconds of speech the baseline's own value counts s / (s + doubt), the middle of neutral speakers the rest: the
    best estimate where a clip varies as much as doubt / s times what parts speakers. Pitch is known at once, velocity
    from some ten seconds on.
    """
    shares = (baseline.speech_s / (baseline.speech_s + doubt_s) for doubt_s in DOUBT_S)
    return tuple(
        middle + share * (value - middle) for middle, value, share in zip(NEUTRAL, _own(baseline), shares, strict=True)
    )


def _own(baseline: Baseline) -> tuple[float, float, float]:
    """Median pitch, centroid and velocity of a baseline; the middle of neutral speakers for an unknown centroid."""
    centroid = NEUTRAL[1] if baseline.centroid_st is None else baseline.centroid_st
    return baseline.f0_median_st, centroid, baseline.f0_velocity_stps


def band(tension: float) -> str:
    """``calm``, ``raised`` or ``tense`` for a score, or for the mean of several scores.

    >>> band(-1.2), band(0.0), band(1.5)
    ('calm', 'raised', 'tense')
    """
    if tension <= CALM_TO:
        return "calm"
    return "raised" if tension <= TENSE_FROM else "tense"
