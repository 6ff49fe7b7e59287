"""What advice rests on, as a person reads it: a name, a year and a grade instead of a key, and the whole by asking."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voicesim.coach.rubric import SOURCES

#: How sure one can be of a source, by its grade.
GRADES: Mapping[str, str] = {
    "A": "studied in service calls",
    "B": "studied elsewhere",
    "C": "usual in call centres",
    "D": "our own judgement",
}
_NAME = re.compile(r"(?P<who>.+?) \(?(?P<year>(?:19|20)\d\d)\b")
_TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The source behind a piece of advice: its ``name`` and ``grade``, what that means, and the ``full`` source."""

    key: str
    name: str
    grade: str
    meaning: str
    full: str

    @property
    def short(self) -> str:
        """Name and grade."""
        return f"{self.name}, grade {self.grade}"


def evidence(key: str | None) -> Evidence | None:
    """The source of that key in words; None for none.

    >>> evidence("clark2013").short, evidence("levygigi2022").short
    ('Clark and others 2013, grade A', 'Levy-Gigi & Shamay-Tsoory 2022, grade B')
    >>> evidence("ours").short, evidence("ours").meaning
    ('Our judgement, grade D', 'our own judgement')
    """
    source = SOURCES.get(key or "")
    if source is None:
        return None
    meaning = GRADES[source.grade]
    full = f"{source.citation}. {source.sample[:1].upper()}{source.sample[1:]}. {source.finding} Grade {source.grade}: "
    return Evidence(
        key=source.key, name=_name(source.citation), grade=source.grade, meaning=meaning, full=f"{full}{meaning}."
    )


def cited(key: str | None) -> str:
    """A source in brackets, to stand behind a sentence; "" for none.

    >>> cited("packard2021"), cited(None)
    (' [Packard & Berger 2021, grade A]', '')
    """
    known = evidence(key)
    return f" [{known.short}]" if known else ""


def _name(citation: str) -> str:
    """Who and when; the whole citation where nobody is named."""
    found = _NAME.match(citation)
    if found is None or found["who"].split()[-1][:1].isdigit():
        return citation
    people = re.split(r", | & ", found["who"].removesuffix(" et al."))
    several = len(people) > _TWO or found["who"].endswith(" et al.")
    return f"{people[0] + ' and others' if several else ' & '.join(people)} {found['year']}"
