"""How well tension separates acted anger from neutral and calm speech of people who were not in the fit.

    python tests/benchmarks/tension.py [--open-ravdess]

EmoDB: each speaker judged by a fit on the nine others. LibriSpeech: false alarms on read speech, by the shipped fit.
RAVDESS, by the shipped fit, only when asked for: it is opened once for a published table, and docs/delivery.md counts
how often. Everywhere a speaker's first two neutral clips are the baseline and all other clips are scored.
"""

import argparse
from _statistics import Flags, Floats, area, equal_error, interval
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from _speech_data import Clip, clips
from fit_tension import against_baselines, against_neutral, features, fitted, middle_of_neutral

from voicesim.speech import tension, tension_fit
from voicesim.speech.tension import CALM_TO, TENSE_FROM

CALM = ("neutral", "calm")


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One clip with its score against the speaker's baseline and against the generic prior."""

    clip: Clip
    calibrated: float
    uncalibrated: float

    @property
    def told(self) -> bool:
        """Whether the product would tell it."""
        one = self.clip.sentence
        return tension.refusal(one.speech_s, one.snr_db, one.clipped_share) is None


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Scores, classes and weights of clips, or of means of three, of some speakers."""

    score: Floats
    angry: Flags
    weight: Floats


def scored_by(
    measured: Sequence[Clip], calibrated: Sequence[float], uncalibrated: Sequence[float], prior: Sequence[float]
) -> list[Scored]:
    """The clips with both scores, but for each speaker's first two neutral ones, which are the baseline."""
    found = []
    for speaker in sorted({clip.speaker for clip in measured}):
        own = [clip for clip in measured if clip.speaker == speaker and clip.sentence.voice]
        neutral = [clip for clip in own if clip.emotion == "neutral"][:2]
        baseline = np.mean([features(clip) for clip in neutral], axis=0)
        for clip in own:
            if clip not in neutral:
                with_baseline, without = features(clip) - baseline, features(clip) - np.array(prior)
                found.append(
                    Scored(
                        clip=clip,
                        calibrated=calibrated[0] + float(with_baseline @ np.array(calibrated[1:])),
                        uncalibrated=uncalibrated[0] + float(without @ np.array(uncalibrated[1:])),
                    )
                )
    return found


def left_out_scores(measured: Sequence[Clip]) -> list[Scored]:
    """EmoDB, each speaker scored by a fit (weights, bands and prior) on the others."""
    voiced = [clip for clip in measured if clip.sentence.voice]
    found: list[Scored] = []
    for speaker in sorted({clip.speaker for clip in voiced}):
        others = [clip for clip in voiced if clip.speaker != speaker]
        prior = middle_of_neutral(others)
        calibrated, uncalibrated = fitted(against_baselines(others)), fitted(against_neutral(others, prior))
        own = [clip for clip in voiced if clip.speaker == speaker]
        found += scored_by(own, list(calibrated), list(uncalibrated), list(prior))
    return found


def shipped_scores(measured: Sequence[Clip]) -> list[Scored]:
    """The clips by the fit that is shipped."""
    return scored_by(measured, tension_fit.CALIBRATED, tension_fit.UNCALIBRATED, tension_fit.NEUTRAL)


def scores(found: Sequence[Scored], *, calibrated: bool, at_once: int) -> Scores:
    """Calm and angry clips, or the means of all threes of a speaker's clips of one class; speakers weigh by clips."""
    parts: list[tuple[float, bool, float]] = []
    for speaker in sorted({one.clip.speaker for one in found}):
        for angry in (False, True):
            wanted = ("angry",) if angry else CALM
            own = [one for one in found if one.clip.speaker == speaker and one.clip.emotion in wanted]
            values = [one.calibrated if calibrated else one.uncalibrated for one in own]
            means = [float(np.mean(some)) for some in combinations(values, at_once)]
            parts += [(mean, angry, len(own) / len(means)) for mean in means]
    score, is_angry, weight = (np.array(column) for column in zip(*parts, strict=True))
    return Scores(score=score, angry=is_angry.astype(bool), weight=weight)


def _above(line: float, *, angry: bool) -> Callable[[Scores], float]:
    def share(one: Scores) -> float:
        chosen = one.angry == angry
        if not chosen.any():
            return float("nan")
        return float(np.average(one.score[chosen] > line, weights=one.weight[chosen]))

    return share


FIGURES: dict[str, Callable[[Scores], float]] = {
    "AUC": lambda one: area(one.score, one.angry, one.weight),
    "EER": lambda one: equal_error(one.score, one.angry, one.weight),
    "calm above -1": _above(CALM_TO, angry=False),
    "calm above 1": _above(TENSE_FROM, angry=False),
    "angry above -1": _above(CALM_TO, angry=True),
    "angry above 1": _above(TENSE_FROM, angry=True),
}


def table(found: Sequence[Scored], names: Sequence[str]) -> Iterator[str]:
    """Lines of a Markdown table of the named figures with 95 % intervals by speaker."""
    yield "| baseline | clips a score | abstaining | n calm, angry | " + " | ".join(names) + " |"
    yield "|---" * (4 + len(names)) + "|"
    for calibrated in (True, False):
        for at_once in (1, 3):
            for abstaining in (False, True):
                told = [one for one in found if one.told or not abstaining]
                yield _line(told, names, calibrated=calibrated, at_once=at_once, abstaining=abstaining)


def _line(told: Sequence[Scored], names: Sequence[str], *, calibrated: bool, at_once: int, abstaining: bool) -> str:
    by_speaker = {
        speaker: scores([one for one in told if one.clip.speaker == speaker], calibrated=calibrated, at_once=at_once)
        for speaker in sorted({one.clip.speaker for one in told if one.clip.emotion in (*CALM, "angry")})
        if _enough(told, speaker, at_once)
    }
    angry = sum(one.clip.emotion == "angry" for one in told)
    calm = sum(one.clip.emotion in CALM for one in told)
    cells = [_cell(by_speaker, FIGURES[name]) for name in names]
    head = ("yes" if calibrated else "no", str(at_once), "yes" if abstaining else "no", f"{calm}, {angry}")
    return f"| {' | '.join((*head, *cells))} |"


def _enough(told: Sequence[Scored], speaker: str, at_once: int) -> bool:
    emotions = [one.clip.emotion for one in told if one.clip.speaker == speaker]
    return max(sum(e in CALM for e in emotions), emotions.count("angry")) >= at_once


def _cell(by_speaker: dict[str, Scores], figure: Callable[[Scores], float]) -> str:
    def of(speakers: Sequence[str]) -> float:
        parts = [by_speaker[speaker] for speaker in speakers]
        joined = Scores(
            score=np.concatenate([part.score for part in parts]),
            angry=np.concatenate([part.angry for part in parts]),
            weight=np.concatenate([part.weight for part in parts]),
        )
        return figure(joined)

    if not by_speaker:
        return "-"
    low, high = interval(by_speaker, of)
    return f"{of(sorted(by_speaker)):z.3f} ({low:z.3f}-{high:z.3f})"


def fairness(found: Sequence[Scored]) -> Iterator[str]:
    """False alarms and hits of women and men, one clip, without abstaining."""
    for calibrated in (True, False):
        for woman, name in ((True, "women"), (False, "men")):
            own = scores([o for o in found if o.clip.woman == woman], calibrated=calibrated, at_once=1)
            told = ", ".join(f"{label} {FIGURES[label](own):.3f}" for label in list(FIGURES)[2:])
            yield f"- baseline {'yes' if calibrated else 'no'}, {name}: {told}"


def emotions(found: Sequence[Scored]) -> Iterator[str]:
    """What share of each emotion (and of normal and strong acting) passes the two edges, with a baseline."""
    kinds = sorted({(one.clip.emotion, one.clip.strong) for one in found}, key=str)
    for emotion, strong in kinds:
        values = np.array([o.calibrated for o in found if (o.clip.emotion, o.clip.strong) == (emotion, strong)])
        name = emotion + {True: ", strong", False: ", normal", None: ""}[strong]
        raised, tense = (float(np.mean(values > line)) for line in (CALM_TO, TENSE_FROM))
        yield f"- {name} (n {len(values)}): above -1 {raised:.2f}, above 1 {tense:.2f}"


def tell(title: str, found: Sequence[Scored], measured: Sequence[Clip], names: Sequence[str]) -> None:
    """Print one corpus."""
    speakers = {clip.speaker for clip in measured}
    print(f"\n## {title}: {len(speakers)} speakers, {len(measured)} clips, {len(found)} scored")
    reasons = [tension.refusal(c.sentence.speech_s, c.sentence.snr_db, c.sentence.clipped_share) for c in measured]
    told = sum(reason is None and c.sentence.voice is not None for reason, c in zip(reasons, measured, strict=True))
    print(f"coverage {told / len(measured):.3f}; abstained: " + str({r: reasons.count(r) for r in {*reasons} - {None}}))
    print("\n".join(table(found, names)))
    if any(one.clip.emotion == "angry" for one in found):
        print("\n".join([*fairness(found), *emotions(found)]))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open-ravdess", action="store_true", help="read RAVDESS, and count it in docs/delivery.md")
    options = parser.parse_args()
    measured = clips("emodb")
    tell("EmoDB, speaker left out", left_out_scores(measured), measured, list(FIGURES))
    measured = clips("librispeech")
    tell("LibriSpeech, read speech", shipped_scores(measured), measured, ["calm above -1", "calm above 1"])
    if options.open_ravdess:
        measured = clips("ravdess")
        tell("RAVDESS, never seen", shipped_scores(measured), measured, list(FIGURES))


if __name__ == "__main__":
    main()
