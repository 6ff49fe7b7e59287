"""Which of the caller's facts she has named so far, worded as the trainee would say them back."""

import re
from collections.abc import Mapping, Sequence

from voicesim.language.normal import mentions

_MONEY = re.compile(r"^\d[\d.,]* (pounds?|euros?|dollars?)$", re.IGNORECASE)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = re.compile(
    rf"^(\d{{1,2}} )?({_MONTHS}|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$", re.IGNORECASE
)
_COUNTED = re.compile(r"^\d+ [a-z]{3,}", re.IGNORECASE)
_CLOCK = re.compile(r"^(\d+|quarter|half)( to| past|:)|o'clock$", re.IGNORECASE)
#: Numbers to type, and years of birth: nothing to say back in a sentence about what happened.
_FIGURES_ONLY = re.compile(r"^[A-Z0-9]*\d[A-Z0-9]*$|\b(19|20)\d\d\b")
_OWN = ("my", "our")


def told_facts(facts: Mapping[str, str], lines: Sequence[str]) -> dict[str, str]:
    """``amount``, ``date`` and ``fact`` as far as the caller has named them in ``lines``, the latest line first.

    An amount stands without an article, a fact so that it can follow a verb ("the 3 days", "your coat").

    >>> told_facts({"sum": "62 pounds", "day": "12 March"}, ["You took sixty-two pounds on 12 March."])
    {'amount': '62 pounds', 'date': '12 March', 'fact': 'the 62 pounds'}
    >>> told_facts({"item": "coat"}, ["I bought my coat here."])
    {'fact': 'your coat'}
    """
    named = [(value, line) for line in lines for value in facts.values() if mentions(line, value)]
    found: dict[str, str] = {}
    for value, _ in named:
        if _MONEY.match(value):
            found.setdefault("amount", value)
        elif _DATE.match(value):
            found.setdefault("date", value)
    said = (said for value, line in named if (said := _as_said(value, line)))
    if fact := next(said, None):
        found["fact"] = fact
    return found


def _as_said(value: str, line: str) -> str | None:
    """A fact as it can stand behind a verb, None for one that cannot."""
    if _DATE.match(value) or _CLOCK.search(value) or _FIGURES_ONLY.search(value):
        return None
    if _COUNTED.match(value):
        return f"the {value}"
    if value[0].isupper():
        return value
    # Whose it is, or that it is a thing at all, stands before it where she says it.
    before = re.search(rf"\b(my|our|the|a|an|that|this)( \w+)? {re.escape(value)}\b", line, re.IGNORECASE)
    if before is None:
        return None
    return f"{'your' if before[1].lower() in _OWN else 'the'} {value}"
