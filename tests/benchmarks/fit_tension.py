"""Fit the tension score on EmoDB and print it; ``--write`` puts it into voicesim/speech/tension_fit.py.

    python tests/benchmarks/fit_tension.py [--write]

Neutral against angry clips. Every pair of a speaker's neutral clips serves once as the baseline of the speaker's other
clips, so that the spread of a short baseline is part of the fit; each speaker and class weighs the same. How far a
baseline is believed follows from how much a speaker's neutral clips vary beside what parts speakers. The bands come
from speakers left out of the fit, one at a time. RAVDESS is never read here: it judges (tension.py).
"""

import argparse
from _statistics import Flags, Floats, logistic, quantile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from _speech_data import REPOSITORY, Clip, clips, folder

#: Share of neutral clips, of speakers left out, that pass the upper edge of calm and the lower edge of tense.
RAISED_ALARMS, TENSE_ALARMS = 0.10, 0.02
TARGET = REPOSITORY / "voicesim" / "speech" / "tension_fit.py"

_PAGE = '''"""The coefficients of the tension score, written by ``python tests/benchmarks/fit_tension.py --write``.

Fitted on EmoDB alone (neutral against angry clips of 10 German speakers, cut to 2 s). Each score is
``w[0] + w[1] dF0 + w[2] dcentroid + w[3] dvelocity`` with differences in semitones and semitones a second, scaled so
that -1 and 1 are passed by 10 % and 2 % of the neutral clips of speakers left out of the fit.
"""

#: Differences from the trainee's own baseline, as far as it is believed.
CALIBRATED = ({calibrated})
#: Differences from ``NEUTRAL``, for want of a baseline.
UNCALIBRATED = ({uncalibrated})
#: The middle of the neutral speakers: median pitch, centroid (semitones above 1 Hz), velocity (st/s).
NEUTRAL = ({neutral})
#: Seconds of a baseline's speech at which its own value of each counts half, the middle of neutral speakers the rest.
DOUBT_S = ({doubt})
'''
#: How far headsets alone move the centroid, in semitones (standard deviation): EmoDB has one microphone. Our judgement:
#: a tilt of 2.25 dB an octave, which moves the neutral clips' alpha ratio by 3 dB and their centroid by this.
HEADSETS_ST = 4.2


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Clips as numbers: ``features`` float64[n, 3], ``angry`` bool[n], ``weight`` float64[n], ``speaker`` str[n]."""

    features: Floats
    angry: Flags
    weight: Floats
    speaker: np.ndarray

    def only(self, chosen: Flags) -> "Rows":
        """The chosen rows."""
        return Rows(
            features=self.features[chosen],
            angry=self.angry[chosen],
            weight=self.weight[chosen],
            speaker=self.speaker[chosen],
        )


def features(clip: Clip) -> Floats:
    """Median pitch, centroid and pitch velocity of a clip that has a voice."""
    voice = clip.sentence.voice
    assert voice is not None
    return np.array([voice.f0_median_st, voice.centroid_st, voice.f0_velocity_stps])


def against_baselines(measured: Sequence[Clip], neutral: Floats, doubt_s: Floats) -> Rows:
    """Differences of neutral and angry clips from every pair of neutral clips of the speaker, as far as believed."""
    return _rows(_differences(measured, neutral, doubt_s))


def believed(baseline: Sequence[Clip], neutral: Floats, doubt_s: Floats) -> Floats:
    """What is taken for a speaker's own neutral: the mean of the clips, moved towards the middle of speakers."""
    own = np.mean([features(clip) for clip in baseline], axis=0)
    speech_s = sum(clip.sentence.speech_s for clip in baseline)
    return neutral + (own - neutral) * speech_s / (speech_s + doubt_s)


def doubts_s(measured: Sequence[Clip]) -> Floats:
    """Seconds of speech at which what a speaker's neutral clips vary is as much as what parts speakers and headsets."""
    speakers = sorted({clip.speaker for clip in measured})
    clips_of = [[c for c in measured if c.speaker == s and c.emotion == "neutral"] for s in speakers]
    of_speakers = [np.array([features(clip) for clip in own]) for own in clips_of]
    within = np.mean([np.var(own, axis=0, ddof=1) for own in of_speakers], axis=0)
    of_means = np.mean([np.var(own, axis=0, ddof=1) / len(own) for own in of_speakers], axis=0)
    between = np.var([own.mean(axis=0) for own in of_speakers], axis=0, ddof=1) - of_means
    between = np.maximum(between, 0.0) + np.array([0.0, HEADSETS_ST**2, 0.0])
    clip_s = np.mean([clip.sentence.speech_s for own in clips_of for clip in own])
    return np.asarray(clip_s * within / np.maximum(between, 1e-9))


def against_neutral(measured: Sequence[Clip], neutral: Floats) -> Rows:
    """Differences of neutral and angry clips from the middle of neutral speakers."""
    scored = (clip for clip in measured if clip.emotion in ("neutral", "angry"))
    return _rows((clip.speaker, clip.emotion == "angry", features(clip) - neutral) for clip in scored)


def _differences(measured: Sequence[Clip], middle: Floats, doubt_s: Floats) -> Iterator[tuple[str, bool, Floats]]:
    for speaker in sorted({clip.speaker for clip in measured}):
        own = [clip for clip in measured if clip.speaker == speaker]
        neutral = [clip for clip in own if clip.emotion == "neutral"]
        angry = [clip for clip in own if clip.emotion == "angry"]
        for pair in combinations(range(len(neutral)), 2):
            baseline = believed([neutral[i] for i in pair], middle, doubt_s)
            yield from ((speaker, False, features(one) - baseline) for i, one in enumerate(neutral) if i not in pair)
            yield from ((speaker, True, features(one) - baseline) for one in angry)


def _rows(found: Iterator[tuple[str, bool, Floats]]) -> Rows:
    speakers, angry, differences = zip(*found, strict=True)
    keys = list(zip(speakers, angry, strict=True))
    weight = np.array([1.0 / keys.count(key) for key in set(keys)])
    of_key = dict(zip(set(keys), weight, strict=True))
    return Rows(
        features=np.array(differences),
        angry=np.array(angry),
        weight=np.array([of_key[key] for key in keys]),
        speaker=np.array(speakers),
    )


def middle_of_neutral(measured: Sequence[Clip]) -> Floats:
    """The mean over speakers of the means of their neutral clips."""
    speakers = sorted({clip.speaker for clip in measured})
    own = ([features(c) for c in measured if c.speaker == s and c.emotion == "neutral"] for s in speakers)
    return np.mean([np.mean(one, axis=0) for one in own], axis=0)


def fitted(rows: Rows) -> Floats:
    """Coefficients whose score is -1 and 1 where the neutral clips of speakers left out pass 10 % and 2 %."""
    left_out = np.zeros(len(rows.angry))
    for speaker in np.unique(rows.speaker):
        own = rows.speaker == speaker
        others = rows.only(~own)
        fit = logistic(others.features, others.angry, others.weight)
        left_out[own] = fit[0] + rows.features[own] @ fit[1:]
    neutral, weight = left_out[~rows.angry], rows.weight[~rows.angry]
    low, high = (quantile(neutral, weight, 1 - alarms) for alarms in (RAISED_ALARMS, TENSE_ALARMS))
    scale = 2.0 / (high - low)
    fit = scale * logistic(rows.features, rows.angry, rows.weight)
    fit[0] -= 1.0 + scale * low
    return fit


def main() -> None:
    """Fit, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    options = parser.parse_args()
    measured = [clip for clip in clips("emodb") if clip.sentence.voice]
    neutral, doubt_s = middle_of_neutral(measured), doubts_s(measured)
    page = _PAGE.format(
        calibrated=_numbers(fitted(against_baselines(measured, neutral, doubt_s))),
        uncalibrated=_numbers(fitted(against_neutral(measured, neutral))),
        neutral=_numbers(neutral),
        doubt=_numbers(doubt_s),
    )
    print(page)
    if options.write and folder() is not None:
        TARGET.write_text(page, encoding="utf-8")


def _numbers(values: Floats) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


if __name__ == "__main__":
    main()
