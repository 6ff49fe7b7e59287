"""Why a reply moved the caller, and a better one: for whoever shows a turn that may be said again."""

from collections.abc import Iterator, Sequence

from voicesim.catalogue import CATALOGUE
from voicesim.model import Feedback, Influence, Moment
from voicesim.report.wording import cited, signed, why_anger_moved

NOTHING_MOVED = "nothing in it moved her"
NO_BETTER = "No better reply is known for this turn: nothing in it cost points."


def reasons(influences: Sequence[Influence]) -> Iterator[tuple[str, str]]:
    """Why anger moved, one by one: by how much; and what was done, quote, rule, and the source with its grade."""
    for influence in influences:
        entry = CATALOGUE.get(influence.cause)
        yield f"{signed(influence.delta):>3}  ", why_anger_moved(influence) + cited(entry.source if entry else None)
    if not influences:
        yield "  0  ", NOTHING_MOVED


def better_at(feedback: Feedback | None, number: int) -> Moment | None:
    """The moment of turn ``number`` that has a better reply: a next step first, then what cost most."""
    if feedback is None:
        return None
    others = sorted(feedback.moments, key=lambda moment: moment.points or 0)
    fitting = (m for m in (*feedback.next_steps, *others) if m.turn == number and m.better)
    return next(fitting, None)


def advised(moment: Moment | None) -> Iterator[str]:
    """A better reply and the reason for it, a line each."""
    if moment is None or moment.better is None:
        yield NO_BETTER
        return
    yield f"Try: “{moment.better}”"
    yield f"Why: {moment.why}{cited(moment.source)}"
