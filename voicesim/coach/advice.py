"""What the coach says about each finding, and the better replies it proposes.

``{echo}`` in a reply stands for the caller's own facts said back (:mod:`voicesim.coach.echo`), ``{Echo}`` for the
same at the start of a sentence, ``{offer}`` for something the briefing allows. A variant whose place cannot be filled
is not used; which of the others is used follows from the turn, so that one call never shows the same reply twice
while there are others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from voicesim.coach.advice_mistakes import MISTAKES
from voicesim.coach.advice_techniques import TECHNIQUES
from voicesim.coach.rubric import source
from voicesim.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Advice on one id: its short ``name``, what to ``do``, ``why`` with a ``source`` key, and ``better`` replies."""

    id: str
    name: str
    do: str
    why: str
    source: str
    better: tuple[str, ...]


#: Advice for every technique, mistake and condition, and for the measures of the rubric.
ADVICE: Mapping[str, Advice] = {
    row[0]: Advice(id=row[0], name=row[1], do=row[2], why=row[3], source=source(row[4]).key, better=row[5])
    for row in (*TECHNIQUES, *MISTAKES)
}


def advice(advice_id: str) -> Advice:
    """The advice on that id; raises InputError if there is none."""
    try:
        return ADVICE[advice_id]
    except KeyError:
        raise InputError(f"there is no advice on {advice_id!r}", where="coach") from None


def places(variant: str) -> frozenset[str]:
    """The names of the places to fill in a reply.

    >>> sorted(places("So {echo}."))
    ['echo']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(variant) if name)


def better_reply(advice_id: str, *, turn: int, fill: Mapping[str, str], taken: Iterable[str] = ()) -> str | None:
    """A reply to try at that turn, concrete where ``fill`` allows it, and not one of ``taken`` while others are left.

    None if the advice has no replies that can be filled. Raises InputError for an id without advice.
    """
    usable = [v for v in advice(advice_id).better if places(v) <= fill.keys()]
    concrete = [v for v in usable if places(v)] or usable
    used = set(taken)
    for variants in (concrete, usable):
        if not variants:
            continue
        turned = variants[turn % len(variants) :] + variants[: turn % len(variants)]
        for variant in turned:
            if (reply := variant.format_map(fill)) not in used:
                return reply
    return concrete[turn % len(concrete)].format_map(fill) if concrete else None
