"""Two scores of one call side by side: by phase, criterion, mistake and goal, each with its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from voicesim.coach.rubric import Qa, Rubric
from voicesim.model import Feedback, Moment, Phase, ScorePart


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one score says about one thing: its points (None: not judged), of how many, and the moments behind it."""

    points: int | None
    of: int | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One criterion, mistake or goal of a phase in both scores; None where a score does not know it."""

    phase: Phase
    id: str
    earned: bool
    old: Cell | None
    new: Cell | None

    @property
    def differs(self) -> bool:
        """Whether the points are others."""
        return _worth(self.old) != _worth(self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both scores, their phases, and every row; the old one is None for a call that was never judged."""

    old: Feedback | None
    new: Feedback
    rows: tuple[Row, ...]

    def phase(self, phase: Phase) -> tuple[ScorePart | None, ScorePart]:
        """The points of a phase in both."""
        return (self.old.phases.get(phase) if self.old else None, self.new.phases[phase])


def compared(old: Feedback | None, new: Feedback, rubric: Rubric) -> Compared:
    """Both scores of one call by phase, in the order of the rubric of the newer one."""
    before, after = _cells(old.moments if old else (), rubric), _cells(new.moments, rubric)
    order = [(c.phase, c.id) for c in rubric.criteria]
    places = {key: place for place, key in enumerate(order)}
    phases = list(Phase)
    keys = sorted(
        {**after, **before}, key=lambda key: (phases.index(key[0]), not key[2], places.get(key[:2], len(places)))
    )
    rows = tuple(
        Row(phase=phase, id=name, earned=earned, old=before.get(key), new=after.get(key))
        for key in keys
        for phase, name, earned in (key,)
    )
    return Compared(old=old, new=new, rows=rows)


def _cells(moments: Iterable[Moment], rubric: Rubric) -> dict[tuple[Phase, str, bool], Cell]:
    """What counts, by phase, id and whether it is a criterion: one mistake may stand in several turns."""
    groups: dict[tuple[Phase, str, bool], list[Moment]] = {}
    for moment in moments:
        if moment.phase is not None:
            earned = moment.points is None or moment.of is not None
            name = _criterion_of(moment, rubric) if earned else moment.id
            groups.setdefault((moment.phase, name, earned), []).append(moment)
    return {key: _cell(group) for key, group in groups.items()}


def _criterion_of(moment: Moment, rubric: Rubric) -> str:
    """The criterion of a moment. Earlier records do not name it, and a technique may have earned another's points."""
    if moment.criterion is not None:
        return moment.criterion
    own = [c for c in rubric.criteria if c.phase is moment.phase]
    if any(c.id == moment.id for c in own):
        return moment.id
    return next((c.id for c in own if moment.id in c.any_of), moment.id)


def _cell(group: list[Moment]) -> Cell:
    known = [m.points for m in group if m.points is not None]
    of = [m.of for m in group if m.of is not None]
    return Cell(points=sum(known) if known else None, of=sum(of) if of else None, moments=tuple(group))


def _worth(cell: Cell | None) -> tuple[int | None, int | None] | None:
    """Points that count: not judged and not known are the same to a total."""
    return None if cell is None or cell.points is None else (cell.points, cell.of)


def by_qa(new: Feedback, rubric: Rubric) -> dict[Qa, tuple[int, int, int]]:
    """Term of quality assurance -> points earned, points that could be earned, points lost by mistakes."""
    terms = {(c.phase, c.id): c.qa for c in rubric.criteria}
    told: dict[Qa, tuple[int, int, int]] = {}
    for moment in new.moments:
        if moment.phase is None or moment.points is None:
            continue
        criterion = moment.of is not None
        qa = terms.get((moment.phase, _criterion_of(moment, rubric))) if criterion else None
        if not criterion and moment.id in rubric.mistakes:
            qa = rubric.mistakes[moment.id].qa
        if qa is not None:
            earned, of, lost = told.get(qa, (0, 0, 0))
            gained = (moment.points, moment.of or 0, 0) if criterion else (0, 0, -moment.points)
            told[qa] = earned + gained[0], of + gained[1], lost + gained[2]
    return {qa: told[qa] for qa in Qa if qa in told}
