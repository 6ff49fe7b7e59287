"""How a trainee's calls change: first, best, last and a trend in words, each against the trainee's own calls. Pure.

Nothing here compares people, and nothing is a test of significance: a trend says how the earlier half of the calls
differs from the later half, with the number of calls, and says when there are too few.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.delivery import deliveries, paced
from voicesim.coach.drills import drill_for
from voicesim.coach.evidence import seen
from voicesim.coach.phases import ORDER
from voicesim.errors import InputError
from voicesim.model import CallRecord, Kind, Phase

#: From so many calls on a trend is told; below, only what there is.
TREND_CALLS = 4
#: The weak spot is looked for in so many of the last calls.
LAST_CALLS = 5
#: A mistake's points count twice, as in the two things to change of a call.
_MISTAKES_WEIGH = 2
PHASES: Mapping[Phase, str] = {
    Phase.CONTROL: "Control",
    Phase.ACKNOWLEDGE: "Acknowledge",
    Phase.REFOCUS: "Refocus",
    Phase.SOLVE: "Problem-solve",
}


class Group(StrEnum):
    """What a series is about."""

    MEASURE = "measure"
    TECHNIQUE = "technique"
    MISTAKE = "mistake"


class Better(StrEnum):
    """Which value of a series is the best: the highest, the lowest, the nearest to 0, or none is."""

    MORE = "more"
    LESS = "less"
    NEAR = "near"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One figure over the calls: ``values`` has one a call (None: not measured), ``unit`` says of what.

    ``least`` is the smallest change that is worth a word. ``delivery``: it is how the trainee sounded, for the
    trainee's own eyes.
    """

    id: str
    name: str
    group: Group
    unit: str
    values: tuple[float | None, ...]
    better: Better = Better.NEITHER
    least: float = 1.0
    decimals: int = 0
    delivery: bool = False

    @property
    def known(self) -> tuple[float, ...]:
        """The values that were measured, in the order of the calls."""
        return tuple(v for v in self.values if v is not None)

    @property
    def first(self) -> float | None:
        """The first measured value."""
        return self.known[0] if self.known else None

    @property
    def last(self) -> float | None:
        """The last measured value."""
        return self.known[-1] if self.known else None

    @property
    def best(self) -> float | None:
        """The best value, None where no direction is better."""
        if not self.known or self.better is Better.NEITHER:
            return None
        if self.better is Better.NEAR:
            return min(self.known, key=abs)
        return max(self.known) if self.better is Better.MORE else min(self.known)

    @property
    def calls_with(self) -> int:
        """In how many calls the value is above 0."""
        return sum(v > 0 for v in self.known)

    def shown(self, value: float | None) -> str:
        """A value with as many decimals as it deserves; ``-`` if there is none."""
        return (
            "-"
            if value is None
            else f"{value:+.{self.decimals}f}"
            if self.better is Better.NEAR
            else self._plain(value)
        )

    def _plain(self, value: float) -> str:
        return f"{value:.{self.decimals}f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One call of a progress: its id, when it began (ISO 8601), script, level of difficulty, ending, rubric."""

    call: str
    at_utc: str | None
    script: str
    title: str
    level: int | None
    ending: str
    rubric: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The calls of one kind (private or official) in the order in which they began, with their series.

    ``left_out`` calls were stopped or are incomplete. ``notes`` say what to mind when figures are compared.
    """

    official: bool
    calls: tuple[Shown, ...]
    series: tuple[Series, ...]
    left_out: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """What cost points: ``cost`` in points (a mistake's count twice) in ``calls`` of the last ``of`` calls.

    ``rank`` is 1 for what cost most. ``drill`` is what helps, None if no drill does.
    """

    id: str
    name: str
    rank: int
    cost: int
    calls: int
    of: int
    drill: str | None

    @property
    def why(self) -> str:
        """The reason in words, to stand after a colon."""
        most = "most" if self.rank == 1 else "next most"
        return f"“{self.name}” cost you {most} in your calls: in {self.calls} of the last {self.of}"


def progress(records: Sequence[CallRecord], *, official: bool) -> Progress:
    """The progress over the private or the official ones of ``records``, which are in the order of their beginning."""
    wanted = [r for r in records if r.official is official]
    calls = [r for r in wanted if r.ending.good is not None]
    return Progress(
        official=official,
        calls=tuple(_shown(r) for r in calls),
        series=tuple(s for s in (*_measures(calls), *_findings(calls)) if s.known),
        left_out=len(wanted) - len(calls),
        notes=_notes(calls),
    )


def weak_spots(records: Sequence[CallRecord], last: int = LAST_CALLS) -> tuple[Weak, ...]:
    """What cost points in the last judged calls, the costliest first; ties go to what was in more calls.

    Lost are the points of a criterion that were not earned, and those that a mistake took, which count twice.
    """
    judged = [r for r in records if r.ending.good is not None and r.feedback is not None][-last:]
    cost: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for record in judged:
        lost = _lost(record)
        cost.update(lost)
        times.update(lost.keys())
    ordered = sorted(cost, key=lambda one: (-cost[one], -times[one], one))
    return tuple(
        Weak(id=one, name=_name(one), rank=rank, cost=cost[one], calls=times[one], of=len(judged), drill=drill_for(one))
        for rank, one in enumerate(ordered, 1)
    )


def _lost(record: CallRecord) -> Counter[str]:
    """Points by the id of what lost them."""
    lost: Counter[str] = Counter()
    for moment in record.feedback.moments if record.feedback else ():
        # Measures such as the outcome cannot be practised by themselves.
        if moment.points is None or moment.id not in CATALOGUE:
            continue
        if moment.of:
            lost[moment.id] += moment.of - moment.points
        elif moment.points < 0:
            lost[moment.id] -= moment.points * _MISTAKES_WEIGH
    return +lost


# -- in words ---------------------------------------------------------------------------------------------------------


def trend(series: Series) -> str:
    """How a series changed from the mean of the earlier calls to that of the later ones, in words with their numbers.

    With fewer than :data:`TREND_CALLS` values it only says that they are too few.
    """
    n = len(series.known)
    if series.group is not Group.MEASURE:
        return _often(series, n)
    if n == 1:
        return "one call: nothing to compare yet"
    if n < TREND_CALLS:
        return f"{n} calls: too few for a trend"
    half = n // 2
    early, late = fmean(series.known[:half]), fmean(series.known[-half:])
    over = f"the first {half} and the last {half} of {n} calls"
    if abs(late - early) < series.least:
        return f"about the same: {series.shown(early)} and {series.shown(late)} ({over})"
    word = "rose" if late > early else "fell"
    return f"{word} from {series.shown(early)} to {series.shown(late)} ({over})"


def _often(series: Series, n: int) -> str:
    told = f"in {series.calls_with} of {n} {'call' if n == 1 else 'calls'}"
    if n < TREND_CALLS:
        return told
    half = n // 2
    early, late = (sum(v > 0 for v in part) for part in (series.known[:half], series.known[-half:]))
    return f"{told}: {early} of the first {half}, {late} of the last {half}"


def _notes(calls: Sequence[CallRecord]) -> tuple[str, ...]:
    """What to mind: few calls, several scripts, levels or rubrics."""
    n = len(calls)
    scripts = {(r.script.id, r.script.version) for r in calls}
    levels = {r.dial.level if r.dial else None for r in calls}
    rubrics = {r.feedback.rubric for r in calls if r.feedback}
    few = f"{'One call is' if n == 1 else f'{n} calls are'} few: a single good or bad day shows more than any learning."
    told = (
        (0 < n < 2 * TREND_CALLS, few),
        (
            len(scripts) > 1,
            f"The calls are of {len(scripts)} different scripts; callers differ, so look at one: --script.",
        ),
        (len(levels) > 1, "The calls were held at different levels of difficulty."),
        (len(rubrics) > 1, f"The scores come from {len(rubrics)} rubrics and cannot be compared point by point."),
    )
    return tuple(sentence for holds, sentence in told if holds)


def _name(finding_id: str) -> str:
    try:
        return advice(finding_id).name
    except InputError:  # a criterion of somebody's own rubric
        return finding_id.replace("_", " ")


def _shown(record: CallRecord) -> Shown:
    began = record.clock.get("began_utc")
    return Shown(
        call=str(record.clock.get("call", "")),
        at_utc=None if began is None else str(began),
        script=record.script.id,
        title=record.script.title,
        level=record.dial.level if record.dial else None,
        ending=record.ending.value,
        rubric=record.feedback.rubric if record.feedback else None,
    )


# -- figures ----------------------------------------------------------------------------------------------------------

_Read = Callable[[CallRecord], float | None]


def _measures(calls: Sequence[CallRecord]) -> Iterable[Series]:
    def made(  # a row of a table
        name: str,
        title: str,
        unit: str,
        read: _Read,
        better: Better,
        least: float,
        decimals: int = 0,
        own: bool = False,
    ) -> Series:
        values = tuple(read(record) for record in calls)
        return Series(
            id=name,
            name=title,
            group=Group.MEASURE,
            unit=unit,
            values=values,
            better=better,
            least=least,
            decimals=decimals,
            delivery=own,
        )

    yield made("score", "Score", "of 100", _total, Better.MORE, 5)
    for phase in ORDER:
        yield made(f"phase_{phase.value}", PHASES[phase], "% of the points", _phase(phase), Better.MORE, 10)
    yield made("anger_end", "Caller's anger at the end", "0 to 10", _anger_end, Better.LESS, 1)
    yield made("pace", "Pace", "% from your baseline", _pace, Better.NEAR, 3, own=True)
    yield made("level", "Loudness", "dB from your baseline", _level, Better.NEAR, 1.5, 1, own=True)
    yield made("reply_gap", "Gap before a reply", "s", _gap, Better.NEITHER, 0.2, 1, own=True)
    yield made("pauses", "Pauses in a reply", "% of the reply", _pauses, Better.NEITHER, 5, own=True)
    yield made("tension", "Tension of the voice", "score, calm up to -1", _tension, Better.LESS, 0.5, 1, own=True)
    yield made("talk_share", "Your share of the talk", "% of all speech", _talk, Better.NEITHER, 5, own=True)


def _findings(calls: Sequence[CallRecord]) -> Iterable[Series]:
    """How often each technique and mistake was there for sure, in a call each; those of no call are left out."""
    counted = [Counter(s.finding.id for s in seen(record)) for record in calls]
    for row in CATALOGUE.values():
        if row.id in ("tense_delivery", "calm_delivery") or not any(c[row.id] for c in counted):
            continue
        technique, name = row.kind is Kind.TECHNIQUE, _name(row.id)
        yield Series(
            id=row.id,
            name=name[:1].upper() + name[1:],
            group=Group.TECHNIQUE if technique else Group.MISTAKE,
            unit="times a call",
            values=tuple(float(c[row.id]) for c in counted),
            better=Better.MORE if technique else Better.LESS,
        )


def _total(record: CallRecord) -> float | None:
    return None if record.feedback is None else record.feedback.total


def _phase(phase: Phase) -> _Read:
    def share(record: CallRecord) -> float | None:
        part = record.feedback.phases.get(phase) if record.feedback else None
        return None if part is None or part.points is None or not part.of else 100 * part.points / part.of

    return share


def _anger_end(record: CallRecord) -> float | None:
    return float(record.turns[-1].after.anger) if record.turns else None


def _pace(record: CallRecord) -> float | None:
    own = record.baseline.articulation_rate_sps if record.baseline else None
    rates = [d.articulation_rate_sps for d in paced(record) if d.articulation_rate_sps is not None]
    return 100 * (fmean(rates) / own - 1) if own and rates else None


def _level(record: CallRecord) -> float | None:
    return _mean(d.level_db_re_baseline for d in deliveries(record))


def _gap(record: CallRecord) -> float | None:
    gaps = [d.reply_gap_s for d in deliveries(record) if d.reply_gap_s is not None]
    return max(0.0, median(gaps)) if gaps else None


def _pauses(record: CallRecord) -> float | None:
    share = _mean(d.pause_share for d in paced(record))
    return None if share is None else 100 * share


def _tension(record: CallRecord) -> float | None:
    return _mean(d.tension for d in deliveries(record) if d.calibrated)


def _talk(record: CallRecord) -> float | None:
    """The trainee's share of all speech, in per cent; only where there is sound."""
    own = sum(span.length for turn in record.turns if turn.reply for span in turn.reply.speech)
    hers = sum(turn.line_span.length for turn in record.turns if turn.line_span)
    return 100 * own / (own + hers) if own and hers else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return fmean(known) if known else None
