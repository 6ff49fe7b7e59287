"""What if: where the call would have led with one reply changed, as a drawing and as words."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicesim.catalogue import CATALOGUE
from voicesim.model import Branch, CallRecord, Change, Ending
from voicesim.report.charts import svg
from voicesim.report.wording import name_of

_TOP = 10
_LETTERS = "ABCDEFG"
_ENDS = {
    Ending.RESOLVED: "resolved",
    Ending.REFERRED: "handed over to someone who can do more",
    Ending.LIMIT_ENDED: "ended by you within your limits",
    Ending.ESCALATED: "the caller takes it further up",
    Ending.HUNG_UP: "the caller hangs up",
    Ending.GAVE_UP: "the caller gives up",
    Ending.ABANDONED: "you leave the call",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchView:
    """One branch in words: its letter, what changed, its steps with the anger at each, how it ends."""

    letter: str
    name: str
    steps: tuple[tuple[str, int], ...]
    first: int
    last: int
    ends: str
    good: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfView:
    """A turning point: its turn, the reply's words, its branches and their drawing."""

    turn: int
    said: str
    branches: tuple[BranchView, ...]
    svg: str


def what_ifs(record: CallRecord) -> tuple[WhatIfView, ...]:
    """The turning points as the page shows them, in the order of the record."""
    return tuple(
        WhatIfView(
            turn=point.turn,
            said=_said(record, point.turn),
            branches=tuple(_branch(letter, b) for letter, b in zip(_LETTERS, point.branches, strict=False)),
            svg=branches_chart(point.branches, width=300),
        )
        for point in record.what_if
    )


def _said(record: CallRecord, turn: int) -> str:
    reply = record.turns[turn - 1].reply if 0 < turn <= len(record.turns) else None
    return reply.final.transcript.text if reply else ""


def _branch(letter: str, branch: Branch) -> BranchView:
    return BranchView(
        letter=letter,
        name=changed_how(branch),
        steps=tuple((step.replace("_", " "), anger) for step, anger in zip(branch.path, branch.anger, strict=False)),
        first=branch.anger[0] if branch.anger else 0,
        last=branch.anger[-1] if branch.anger else 0,
        ends=_end(branch),
        good=branch.ending.good if branch.ending else None,
    )


def changed_how(branch: Branch) -> str:
    """What is different in a branch, in words.

    >>> changed_how(Branch(change=Change.WITHOUT, ids=("command_calm",), path=(), anger=()))
    'without telling her to calm down'
    """
    if branch.change is Change.AS_GIVEN:
        return "as you said it"
    names = [name_of(i) if i in CATALOGUE else f"“{i}”" for i in branch.ids]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return f"{'without' if branch.change is Change.WITHOUT else 'with'} {listed}"


def _end(branch: Branch) -> str:
    if branch.goes_on_at is not None or branch.ending not in _ENDS:
        step = f" at the step “{branch.goes_on_at.replace('_', ' ')}”" if branch.goes_on_at else ""
        return f"your replies run out and the call goes on{step}"
    return _ENDS[branch.ending]


def branches_chart(branches: Sequence[Branch], *, width: int) -> str:
    """Anger along each branch: solid as it was, dashed without, dotted with; a letter stands at each end."""
    left, right, top, plot = 26.0, width - 26.0, 10.0, 96.0
    most = max((len(b.anger) for b in branches), default=1)

    def x(step: int) -> float:
        return round(left + (right - left) * step / max(1, most - 1), 1)

    def y(anger: float) -> float:
        return round(top + plot * (1 - anger / _TOP), 1)

    parts = [f'<line class="grid" x1="{left}" x2="{right}" y1="{y(a)}" y2="{y(a)}"/>' for a in (0, 5, 10)]
    parts += [f'<text class="tick" x="{left - 7}" y="{y(a) + 4}" text-anchor="end">{a}</text>' for a in (0, 5, 10)]
    taken: list[tuple[float, float]] = []
    for letter, branch in reversed(list(zip(_LETTERS, branches, strict=False))):
        line = " ".join(f"{x(i)},{y(a)}" for i, a in enumerate(branch.anger))
        parts.append(f'<polyline class="branch {branch.change.value}" points="{line}"/>')
        parts += [f'<circle class="knot" cx="{x(i)}" cy="{y(a)}" r="2.5"/>' for i, a in enumerate(branch.anger)]
        if branch.anger:
            at = _free(x(len(branch.anger) - 1) + 12, y(branch.anger[-1]) + 4, taken)
            parts.append(f'<text class="letter" x="{at[0]:g}" y="{at[1]:g}" text-anchor="middle">{letter}</text>')
    middle = (left + right) / 2
    parts.append(f'<text class="tick" x="{middle}" y="{top + plot + 20}" text-anchor="middle">replies from here</text>')
    ends = ", ".join(
        f"{letter} ends at {b.anger[-1]}" for letter, b in zip(_LETTERS, branches, strict=False) if b.anger
    )
    return svg(width, top + plot + 28, f"Anger along each branch, 0 to 10: {ends}", parts)


def _free(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """A place for a letter beside the ones that stand there already."""
    while any(abs(x - a) < 12 and abs(y - b) < 13 for a, b in taken):
        y -= 13
    taken.append((x, y))
    return x, y
