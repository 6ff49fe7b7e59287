"""What ``takes.json`` says of the takes of one script, as values: read, written, brought together with the files. Pure.

::

    {"schema": 1, "script": ID, "chosen": {line id: n},
     "takes": {line id: {n: {"text", "made_utc", "speaker", "checks": [..] or null}}},
     "speakers": {name: {"agreed_utc", "terms", "licence"}},
     "leaving": [names whose takes are just being deleted],
     "steps": [{"line", "before": n or null, "after": n or null}]}
"""

import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from voicesim.errors import InputError, UsageError
from voicesim.studio.checks import TakeProblem
from voicesim.studio.consent import Speaker, speaker_name

SCHEMA = 1
#: An id of a line as it names a folder: small letters and a hash, so that no two are one on any system.
LINE_ID = re.compile(r"[a-z][a-z0-9_-]{0,110}-[0-9a-f]{8}")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
#: So many steps can be undone.
_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a take; ``checks`` None: it was never checked."""

    text: str = ""
    made_utc: str = ""
    speaker: str = ""
    checks: tuple[TakeProblem, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose:
    """That the chosen take of a line became ``after`` where ``before`` had been; None is no take."""

    line: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """All that is known of the takes of a script; ``leaving`` are speakers whose takes are just being deleted."""

    chosen: Mapping[str, int] = field(default_factory=dict)
    takes: Mapping[str, Mapping[int, About]] = field(default_factory=dict)
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    leaving: tuple[str, ...] = ()
    steps: tuple[Chose, ...] = ()

    def with_take(self, line_id: str, n: int, about: About) -> "Taken":
        """The same with one take more."""
        return replace(self, takes={**self.takes, line_id: {**self.takes.get(line_id, {}), n: about}})

    def with_chosen(self, line_id: str, n: int | None) -> "Taken":
        """The same with another chosen take for a line, which can be undone."""
        step = Chose(line=line_id, before=self.chosen.get(line_id), after=n)
        return replace(self._set(line_id, n), steps=(*self.steps, step)[-_STEPS:])

    def undone(self) -> "Taken":
        """The same without the last step; a take that is not there any more is not chosen again."""
        step = self.steps[-1]
        before = step.before if step.before in self.takes.get(step.line, {}) else None
        return replace(self._set(step.line, before), steps=self.steps[:-1])

    def without(self, gone: Collection[tuple[str, int]]) -> "Taken":
        """The same without these takes: they are not chosen, and cannot be undone to."""
        takes = {line: {n: a for n, a in kept.items() if (line, n) not in gone} for line, kept in self.takes.items()}
        chosen = {line: n for line, n in self.chosen.items() if (line, n) not in gone}
        lines = {line for line, _ in gone}
        steps = tuple(step for step in self.steps if step.line not in lines)
        return replace(self, takes={line: kept for line, kept in takes.items() if kept}, chosen=chosen, steps=steps)

    def spoken_by(self, names: Collection[str]) -> frozenset[tuple[str, int]]:
        """The takes of these speakers as (line id, n)."""
        return frozenset((line, n) for line, kept in self.takes.items() for n, a in kept.items() if a.speaker in names)

    def _set(self, line_id: str, n: int | None) -> "Taken":
        chosen = {line: number for line, number in self.chosen.items() if line != line_id}
        return replace(self, chosen=chosen if n is None else {**chosen, line_id: n})


def matched(taken: Taken, there: Mapping[str, Collection[int]]) -> Taken:
    """``taken`` as far as its files are ``there`` (line id -> numbers), with files that it does not name yet."""
    named = {(line, n) for line, kept in taken.takes.items() for n in kept}
    found = {(line, n) for line, numbers in there.items() for n in numbers}
    matching = taken.without(named - found) if named - found else taken
    for line, n in sorted(found - named):
        matching = matching.with_take(line, n, About())
    return matching


def from_files(there: Mapping[str, Collection[int]]) -> Taken:
    """What can be told from the files alone: every take, the last of each line chosen, nobody's consent."""
    every = matched(Taken(), there)
    return replace(every, chosen={line: max(kept) for line, kept in every.takes.items()})


# -- as text ----------------------------------------------------------------------------------------------------------


def encode_taken(taken: Taken, script_id: str) -> bytes:
    """``takes.json``: the same bytes for the same content."""
    takes = {line: {str(n): _about(kept[n]) for n in sorted(kept)} for line, kept in sorted(taken.takes.items())}
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "script": script_id,
        "chosen": dict(sorted(taken.chosen.items())),
        "takes": takes,
        "speakers": {name: _agreement(speaker) for name, speaker in sorted(taken.speakers.items())},
    }
    if taken.leaving:
        told["leaving"] = list(taken.leaving)
    if taken.steps:
        told["steps"] = [asdict(step) for step in taken.steps]
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def storable(problem: TakeProblem) -> TakeProblem:
    """The same problem with a figure that JSON has: a plain number, or None for one that is not finite."""
    value = problem.value
    return replace(problem, value=None if value is None or not math.isfinite(value) else float(value))


def _about(about: About) -> dict[str, Any]:
    checks = None if about.checks is None else [asdict(problem) for problem in about.checks]
    return {"text": about.text, "made_utc": about.made_utc, "speaker": about.speaker, "checks": checks}


def _agreement(speaker: Speaker) -> dict[str, str]:
    return {"agreed_utc": speaker.agreed_utc, "terms": speaker.terms, "licence": speaker.licence}


def decode_taken(content: bytes, script_id: str, where: str) -> Taken:
    """What ``takes.json`` says. Raises InputError for a broken file, UsageError for one of a newer voicesim."""
    try:
        told = json.loads(content)
        schema = told["schema"]
        if isinstance(schema, int) and schema > SCHEMA:
            what = f"these takes were written by a newer voicesim (schema {schema})"
            raise UsageError(what, where=where, mend="Update voicesim.")
        if schema != SCHEMA or told["script"] != script_id:
            raise ValueError("another schema or script")
        return _decoded(told)
    except InputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError("this is no whole takes.json", where=where) from error


def _decoded(told: Mapping[str, Any]) -> Taken:
    takes = {
        _line_id(line): {_number(n): _about_of(one) for n, one in kept.items()} for line, kept in told["takes"].items()
    }
    chosen = {line: _number(str(n)) for line, n in told["chosen"].items()}
    if any(n not in takes.get(line, {}) for line, n in chosen.items()):
        raise ValueError("a chosen take that is none")
    speakers = {
        _name(name): Speaker(
            name=name, agreed_utc=_shown(one["agreed_utc"]), terms=_text(one["terms"]), licence=_shown(one["licence"])
        )
        for name, one in told["speakers"].items()
    }
    steps = tuple(
        Chose(line=_line_id(one["line"]), before=_maybe(one["before"]), after=_maybe(one["after"]))
        for one in told.get("steps", ())
    )
    leaving = tuple(_name(name) for name in told.get("leaving", ()))
    return Taken(chosen=chosen, takes=takes, speakers=speakers, leaving=leaving, steps=steps)


def _about_of(one: Mapping[str, Any]) -> About:
    checks = one["checks"]
    problems = None if checks is None else tuple(_problem(problem) for problem in checks)
    speaker = _text(one["speaker"])
    return About(
        text=_text(one["text"]),
        made_utc=_shown(one["made_utc"]),
        speaker=_name(speaker) if speaker else "",
        checks=problems,
    )


def _problem(one: Mapping[str, Any]) -> TakeProblem:
    value = one["value"]
    if value is not None and (type(value) not in (int, float) or not math.isfinite(value)):
        raise ValueError("a measure that is no number")
    what = {key: _text(one[key]) for key in ("code", "what", "measure", "advice")}
    return TakeProblem(**what, value=value)


def _line_id(told: str) -> str:
    if not LINE_ID.fullmatch(told):
        raise ValueError("no id of a line")
    return told


def _number(told: str) -> int:
    if not _NUMBER.fullmatch(told):
        raise ValueError("no number of a take")
    return int(told)


def _maybe(told: int | None) -> int | None:
    return None if told is None else _number(str(told))


def _name(told: str) -> str:
    if speaker_name(told) != told:
        raise ValueError("no name")
    return told


def _shown(told: object) -> str:
    """A text that is shown in a terminal, whose cursor nothing in a file may move."""
    if not isinstance(told, str) or not told.isprintable():
        raise ValueError("no plain text")
    return told


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise ValueError("no text")
    told.encode()  # half of a sign is an error (ValueError)
    return told
