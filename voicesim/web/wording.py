"""Reasons and sources as a person reads them on the page: no ids, no keys."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voicesim.catalogue import CATALOGUE
from voicesim.coach.rubric import SOURCES
from voicesim.model import Influence
from voicesim.report.wording import name_of, signed, what_you_did
from voicesim.wiring.again import NOTHING_MOVED

#: Grade of a source -> how sure one can be, as docs/feedback.md grades them.
_GRADES = {
    "A": "studied in service calls",
    "B": "studied elsewhere",
    "C": "usual in call centres",
    "D": "our own judgement",
}
_FIRST = "the first time in this call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a piece of advice comes from: in a few words, and in full."""

    short: str
    full: str


def evidence(key: str | None) -> Evidence | None:
    """The source behind a piece of advice in words; None for none.

    >>> evidence("clark2013").short
    'Clark and others 2013, studied in service calls'
    >>> evidence("ours").short
    'Our own judgement'
    """
    source = SOURCES.get(key or "")
    if source is None:
        return None
    sure = _GRADES[source.grade]
    year = re.search(r"\b(?:19|20)\d\d\b", source.citation)
    if year is None:
        return Evidence(short=sure[:1].upper() + sure[1:], full=source.finding)
    who = source.citation[: year.start()].rstrip(" (")
    first, *others = re.split(r", | & | et al\.", who)
    short = f"{first}{' and others' if others else ''} {year.group()}, {sure}"
    return Evidence(short=short, full=f"{source.citation}. {source.sample}. {source.finding}")


def why(influence: Influence) -> str:
    """What a reply did that moved the caller: what it was, the words of it, and the rule where it says something."""
    quote = f": “{influence.quote}”" if influence.quote else ""
    rule = "" if influence.rule in ("", _FIRST, influence.cause) else influence.rule
    if influence.cause not in CATALOGUE:
        return _begun(f"{rule or name_of(influence.cause)}{quote}")
    return _begun(f"{what_you_did(influence.cause)}{quote}{f' ({rule})' if rule else ''}")


def moved_by(influences: Iterable[Influence]) -> Iterator[tuple[str, str]]:
    """By how much each thing in a reply moved the caller, and why."""
    told = [(signed(one.delta), why(one)) for one in influences]
    yield from told or [("0", _begun(NOTHING_MOVED))]


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
