"""How well tension separates acted anger from neutral and calm speech of people who were not in the fit.

    python tests/benchmarks/tension.py [--damaged] [--open-ravdess]

EmoDB: each speaker judged by a fit on the nine others. LibriSpeech: false alarms on read speech, by the shipped fit.
RAVDESS, by the shipped fit, only when asked for: it is opened once for a published table, and docs/delivery.md counts
how often. Everywhere a speaker's first two neutral clips are the baseline and all other clips are scored.
``--damaged`` adds what noise, clipping, automatic gain, gain and the telephone band cost, for each corpus that is open.
"""

import argparse
from _statistics import Flags, Floats, area, equal_error, interval
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from _damages import DAMAGES
from _speech_data import Clip, clips
from fit_tension import against_baselines, against_neutral, believed, doubts_s, features, fitted, middle_of_neutral

from voicesim.speech import tension, tension_fit
from voicesim.speech.baseline import mean_of
from voicesim.speech.tension import CALM_TO, TENSE_FROM

CALM = ("neutral", "calm")
#: What is compared between a clip and the baseline, the first three as far as the baseline is believed.
MOVED = ("pitch, st", "centroid, st", "velocity, st/s", "level, dB")


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One clip with its score against the speaker's baseline and against the generic prior.

    ``moved`` is how far the clip lies from the baseline in each of ``MOVED``.
    """

    clip: Clip
    calibrated: float
    uncalibrated: float
    moved: Floats
    refused: str | None

    @property
    def told(self) -> bool:
        """Whether the product would tell it."""
        return self.refused is None


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Scores, classes and weights of clips, or of means of three, of some speakers."""

    score: Floats
    angry: Flags
    weight: Floats


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Weights with and without a baseline, the middle of neutral speakers, and how far a baseline is believed."""

    calibrated: Sequence[float]
    uncalibrated: Sequence[float]
    neutral: Sequence[float]
    doubt_s: Sequence[float]

    def score(self, clip: Clip, baseline: Sequence[Clip]) -> Scored:
        """The clip against the clips of its speaker's baseline."""
        own = believed(baseline, np.array(self.neutral), np.array(self.doubt_s))
        found = features(clip)
        with_baseline, without = found - own, found - np.array(self.neutral)
        louder_db = clip.sentence.level_dbfs - float(np.mean([one.sentence.level_dbfs for one in baseline]))
        return Scored(
            clip=clip,
            calibrated=self.calibrated[0] + float(with_baseline @ np.array(self.calibrated[1:])),
            uncalibrated=self.uncalibrated[0] + float(without @ np.array(self.uncalibrated[1:])),
            moved=np.append(with_baseline, louder_db),
            refused=_refusal(clip, baseline),
        )


def _refusal(clip: Clip, baseline: Sequence[Clip]) -> str | None:
    """Why the product would not tell it, in words without a figure."""
    one = clip.sentence
    assert one.voice is not None
    own = mean_of([other.sentence for other in baseline], trainee="", headset="", made_utc="")
    another = "may be another voice" if tension.another_voice(one.voice, own) else None
    return tension.refusal(one.speech_s, one.snr_db, one.clipped_share) or another


SHIPPED = Fit(
    calibrated=tension_fit.CALIBRATED,
    uncalibrated=tension_fit.UNCALIBRATED,
    neutral=tension_fit.NEUTRAL,
    doubt_s=tension_fit.DOUBT_S,
)
#: The fit that judges a speaker.
Fits = Callable[[str], Fit]


def scored_by(measured: Sequence[Clip], fits: Fits, *, baselines: Sequence[Clip] | None = None) -> list[Scored]:
    """The clips that have a voice, but for each speaker's first two neutral ones, which are the baseline.

    ``baselines`` are the same clips as they were when the baseline was made, if that was not as they are now.
    """
    found = []
    for speaker in sorted({clip.speaker for clip in measured}):
        own = [c for c in baselines or measured if c.speaker == speaker and c.emotion == "neutral" and c.sentence.voice]
        names = {clip.name for clip in own[:2]}
        scored = (clip for clip in measured if clip.speaker == speaker and clip.sentence.voice)
        found += [fits(speaker).score(clip, own[:2]) for clip in scored if clip.name not in names]
    return found


def left_out(measured: Sequence[Clip]) -> Fits:
    """For each speaker a fit (weights, bands and prior) on all others."""
    voiced = [clip for clip in measured if clip.sentence.voice]
    found = {}
    for speaker in sorted({clip.speaker for clip in voiced}):
        others = [clip for clip in voiced if clip.speaker != speaker]
        prior, doubt_s = middle_of_neutral(others), doubts_s(others)
        found[speaker] = Fit(
            calibrated=list(fitted(against_baselines(others, prior, doubt_s))),
            uncalibrated=list(fitted(against_neutral(others, prior))),
            neutral=list(prior),
            doubt_s=list(doubt_s),
        )
    return found.__getitem__


def shipped(speaker: str) -> Fit:
    """The fit that is shipped, whoever speaks."""
    return SHIPPED


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
    by_speaker = _by_speaker(told, calibrated=calibrated, at_once=at_once)
    angry = sum(one.clip.emotion == "angry" for one in told)
    calm = sum(one.clip.emotion in CALM for one in told)
    cells = [_cell(by_speaker, FIGURES[name]) for name in names]
    head = ("yes" if calibrated else "no", str(at_once), "yes" if abstaining else "no", f"{calm}, {angry}")
    return f"| {' | '.join((*head, *cells))} |"


def _by_speaker(found: Sequence[Scored], *, calibrated: bool, at_once: int) -> dict[str, Scores]:
    """The scores of each speaker who has enough clips of one class."""
    return {
        speaker: scores([one for one in found if one.clip.speaker == speaker], calibrated=calibrated, at_once=at_once)
        for speaker in sorted({one.clip.speaker for one in found if one.clip.emotion in (*CALM, "angry")})
        if _enough(found, speaker, at_once)
    }


def _enough(told: Sequence[Scored], speaker: str, at_once: int) -> bool:
    emotions = [one.clip.emotion for one in told if one.clip.speaker == speaker]
    return max(sum(e in CALM for e in emotions), emotions.count("angry")) >= at_once


def _joined(by_speaker: dict[str, Scores], speakers: Sequence[str]) -> Scores:
    """The scores of these speakers, as often as each is named."""
    parts = [by_speaker[speaker] for speaker in speakers]
    return Scores(
        score=np.concatenate([part.score for part in parts]),
        angry=np.concatenate([part.angry for part in parts]),
        weight=np.concatenate([part.weight for part in parts]),
    )


def _cell(by_speaker: dict[str, Scores], figure: Callable[[Scores], float]) -> str:
    if not by_speaker:
        return "-"
    low, high = interval(by_speaker, lambda speakers: figure(_joined(by_speaker, speakers)))
    return f"{figure(_joined(by_speaker, sorted(by_speaker))):z.3f} ({low:z.3f}-{high:z.3f})"


def fairness(found: Sequence[Scored]) -> Iterator[str]:
    """The figures of women and of men, and the difference with its interval; one clip, without abstaining."""
    women = {one.clip.speaker for one in found if one.clip.woman}
    for calibrated in (True, False):
        by_speaker = _by_speaker(found, calibrated=calibrated, at_once=1)
        yield f"- baseline {'yes' if calibrated else 'no'}, women, men, difference:"
        for name, figure in FIGURES.items():
            yield f"  - {name}: {_sexes(by_speaker, women, _of_joined(by_speaker, figure))}"


def moved(found: Sequence[Scored]) -> Iterator[str]:
    """How far women and men who act anger move from their baselines, means over speakers, and the difference."""
    women = {one.clip.speaker for one in found if one.clip.woman}
    angry = [one for one in found if one.clip.emotion == "angry"]
    for strong in sorted({one.clip.strong for one in angry}, key=str):
        own: dict[str, list[Floats]] = {}
        for one in angry:
            if one.clip.strong == strong:
                own.setdefault(one.clip.speaker, []).append(np.append(one.moved, one.calibrated))
        yield f"- {_named('angry', strong)} against the baseline, women, men, difference:"
        means = {speaker: np.mean(values, axis=0) for speaker, values in own.items()}
        for number, name in enumerate((*MOVED, "tension, points")):
            yield f"  - {name}: {_sexes(means, women, _mean_of(means, number))}"


def _of_joined(by_speaker: dict[str, Scores], figure: Callable[[Scores], float]) -> Callable[[Sequence[str]], float]:
    return lambda speakers: figure(_joined(by_speaker, speakers))


def _mean_of(means: Mapping[str, Floats], number: int) -> Callable[[Sequence[str]], float]:
    return lambda speakers: float(np.mean([means[speaker][number] for speaker in speakers]))


def _sexes(by_speaker: Mapping[str, object], women: set[str], figure: Callable[[Sequence[str]], float]) -> str:
    """The figure of the women, of the men, and the difference with its interval; not a number where there are none."""

    def of(speakers: Sequence[str], *, woman: bool) -> float:
        part = [speaker for speaker in speakers if (speaker in women) == woman]
        return figure(part) if part else float("nan")

    def apart(speakers: Sequence[str]) -> float:
        return of(speakers, woman=True) - of(speakers, woman=False)

    everybody = sorted(by_speaker)
    low, high = interval(by_speaker, apart)
    both = f"{of(everybody, woman=True):.3f}, {of(everybody, woman=False):.3f}"
    return f"{both}, {apart(everybody):+.3f} ({low:+.3f} to {high:+.3f})"


def damages(corpus: str, fits: Fits, clean: Sequence[Clip]) -> Iterator[str]:
    """What each damage costs in AUC of one clip, with 95 % intervals by speaker; without abstaining."""
    yield "| damage | baseline | n calm, angry | AUC with baseline | loss | AUC without | loss | coverage |"
    yield "|---" * 8 + "|"
    clean = [clip for clip in clean if clip.emotion in (*CALM, "angry")]
    before = scored_by(clean, fits)
    for name, damage in DAMAGES.items():
        measured = clips(corpus, damage=damage, only=(*CALM, "angry"))
        for title, baselines in (("damaged too", measured), ("clean", clean)):
            after = scored_by(measured, fits, baselines=baselines)
            # A clip that lost its voice is counted in the coverage; the loss is that of clips with a voice in both.
            shared = {one.clip.name for one in before} & {one.clip.name for one in after}
            cells = [_loss(before, after, shared, calibrated=calibrated) for calibrated in (True, False)]
            told = sum(one.told for one in after) / (len(clean) - 2 * len({clip.speaker for clip in clean}))
            angry = sum(one.clip.emotion == "angry" and one.clip.name in shared for one in after)
            yield f"| {name} | {title} | {len(shared) - angry}, {angry} | {' | '.join(cells)} | {told:.1%} |"


def _loss(before: Sequence[Scored], after: Sequence[Scored], shared: set[str], *, calibrated: bool) -> str:
    parts = [
        _by_speaker([one for one in found if one.clip.name in shared], calibrated=calibrated, at_once=1)
        for found in (before, after)
    ]

    def lost(speakers: Sequence[str]) -> float:
        was, remains = (FIGURES["AUC"](_joined(part, speakers)) for part in parts)
        return was - remains

    low, high = interval(parts[0], lost)
    speakers = sorted(parts[0])
    return f"{FIGURES['AUC'](_joined(parts[1], speakers)):.3f} | {lost(speakers):+.3f} ({low:+.3f} to {high:+.3f})"


def emotions(found: Sequence[Scored]) -> Iterator[str]:
    """What share of each emotion (and of normal and strong acting) passes the two edges, with a baseline."""
    kinds = sorted({(one.clip.emotion, one.clip.strong) for one in found}, key=str)
    for emotion, strong in kinds:
        values = np.array([o.calibrated for o in found if (o.clip.emotion, o.clip.strong) == (emotion, strong)])
        raised, tense = (float(np.mean(values > line)) for line in (CALM_TO, TENSE_FROM))
        yield f"- {_named(emotion, strong)} (n {len(values)}): above -1 {raised:.2f}, above 1 {tense:.2f}"


def _named(emotion: str, strong: bool | None) -> str:
    return emotion + {True: ", strong", False: ", normal", None: ""}[strong]


def tell(title: str, found: Sequence[Scored], measured: Sequence[Clip], names: Sequence[str]) -> None:
    """Print one corpus."""
    speakers = {clip.speaker for clip in measured}
    print(f"\n## {title}: {len(speakers)} speakers, {len(measured)} clips, {len(found)} scored")
    reasons = Counter(one.refused for one in found if one.refused)
    voiceless = sum(clip.sentence.voice is None for clip in measured)
    scored = len(found) + voiceless
    print(f"coverage {sum(one.told for one in found) / scored:.3f} of {scored}; voiceless {voiceless}, {dict(reasons)}")
    print("\n".join(table(found, names)))
    if any(one.clip.emotion == "angry" for one in found):
        print("\n".join([*fairness(found), *moved(found), *emotions(found)]))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--damaged", action="store_true", help="also what damages cost (some minutes)")
    parser.add_argument("--open-ravdess", action="store_true", help="read RAVDESS, and count it in docs/delivery.md")
    options = parser.parse_args()
    measured = clips("emodb")
    fits = left_out(measured)
    tell("EmoDB, speaker left out", scored_by(measured, fits), measured, list(FIGURES))
    if options.damaged:
        print("\n".join(damages("emodb", fits, measured)), flush=True)
    measured = clips("librispeech")
    tell("LibriSpeech, read speech", scored_by(measured, shipped), measured, ["calm above -1", "calm above 1"])
    if options.open_ravdess:
        measured = clips("ravdess")
        tell("RAVDESS, never seen", scored_by(measured, shipped), measured, list(FIGURES))
        if options.damaged:
            print("\n".join(damages("ravdess", shipped, measured)), flush=True)


if __name__ == "__main__":
    main()
