"""Reasons as a person reads them on the page: no ids, no keys."""

from collections.abc import Iterable, Iterator

from voicesim.catalogue import CATALOGUE
from voicesim.model import Influence
from voicesim.report.wording import name_of, signed, what_you_did
from voicesim.wiring.again import NOTHING_MOVED

_FIRST = "the first time in this call"


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
