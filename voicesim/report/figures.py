"""The figures of a progress as plain data: JSON, CSV and xAPI statements.

The xAPI statements follow version 1.0.3: tests hold them against the rules that docs/progress.md lists. They hold no
sound and no words that were said. Their identifiers are names in ``urn:voicesim:``, which lead to no machine.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from voicesim.coach.drills import DRILLS, Due, command_of
from voicesim.coach.practised import Practised
from voicesim.coach.progress import Progress, Series, Shown, Weak, trend
from voicesim.model import Ending

SCHEMA = 1
#: The columns of the CSV: one row for each figure of each call.
COLUMNS = ("call", "at_utc", "run", "script", "difficulty", "ending", "rubric", "group", "id", "unit", "value")
URN = "urn:voicesim"
_DECIMALS = 4


def run_name(progress: Progress) -> str:
    """``official`` or ``private``."""
    return "official" if progress.official else "private"


def progress_json(
    trainee: str, runs: Sequence[Progress], weak: Sequence[Weak], waiting: Sequence[Due]
) -> dict[str, Any]:
    """Everything as one JSON object (schema 1); what is unknown is None."""
    return {
        "schema": SCHEMA,
        "trainee": trainee,
        "runs": {run_name(one): _run_json(one) for one in runs},
        "weak_spots": [
            {"id": w.id, "name": w.name, "cost": w.cost, "calls": w.calls, "of": w.of, "drill": w.drill} for w in weak
        ],
        "drills": [{"drill": d.drill, "due_utc": d.at.isoformat(), "runs": d.runs, "days": d.days} for d in waiting],
    }


def _run_json(progress: Progress) -> dict[str, Any]:
    return {
        "calls": [_call_json(call) for call in progress.calls],
        "left_out": progress.left_out,
        "notes": list(progress.notes),
        "series": [
            {
                "id": s.id,
                "group": s.group.value,
                "unit": s.unit,
                "first": _rounded(s.first),
                "best": _rounded(s.best),
                "last": _rounded(s.last),
                "trend": trend(s),
                "delivery": s.delivery,
                "values": [_rounded(v) for v in s.values],
            }
            for s in progress.series
        ],
    }


def _call_json(call: Shown) -> dict[str, Any]:
    return {
        "call": call.call,
        "at_utc": call.at_utc,
        "script": call.script,
        "difficulty": call.level,
        "ending": call.ending,
        "rubric": call.rubric,
    }


def progress_csv(runs: Iterable[Progress]) -> str:
    """The same figures as CSV (RFC 4180, a heading, one figure a row); a figure that was not measured is empty.

    A text that a spreadsheet could take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for progress in runs:
        for i, call in enumerate(progress.calls):
            head = (call.call, call.at_utc, run_name(progress), call.script, call.level, call.ending, call.rubric)
            for s in progress.series:
                row = (*head, s.group.value, s.id, s.unit, _rounded(s.values[i]))
                writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


# -- xAPI -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who the statements are about: an opaque ``account`` of this machine, and a ``name`` only if it was asked for."""

    account: str
    name: str | None = None


def statements(
    runs: Iterable[Progress], practised: Iterable[Practised], actor: Actor, *, delivery: bool = False
) -> list[dict[str, Any]]:
    """Statements in the order of time: ``completed`` and ``scored`` for each call, ``practised`` for each drill.

    The same call gives the same statement ids every time, so that a record store does not count it twice. How the
    trainee sounded is in them only with ``delivery``. A call whose time is not known has no timestamp.
    """
    made: list[dict[str, Any]] = []
    for progress in runs:
        for i, call in enumerate(progress.calls):
            figures = [s for s in progress.series if s.values[i] is not None and (delivery or not s.delivery)]
            made += _of_call(call, progress.official, [(s, s.values[i]) for s in figures], actor)
    made += [_of_drill(run, actor) for run in practised]
    return sorted(made, key=lambda statement: str(statement.get("timestamp", "")))


def _of_call(
    call: Shown, official: bool, figures: Sequence[tuple[Series, float | None]], actor: Actor
) -> Iterable[dict[str, Any]]:
    good = Ending(call.ending).good
    activity = _activity("script", call.script, call.title or call.script, "simulation")
    context = {
        "registration": str(uuid5(NAMESPACE_URL, f"{URN}:{actor.account}:{call.call}")),
        "platform": "voicesim",
        "extensions": {
            f"{URN}:ext:official": official,
            f"{URN}:ext:difficulty": "as written" if call.level is None else call.level,
        },
    }
    told: dict[str, Any] = {
        f"{URN}:ext:{s.group.value}:{quote(s.id, safe='')}": _rounded(v) for s, v in figures if s.id != "score"
    }
    told[f"{URN}:ext:ending"] = call.ending
    ended = {"completion": True, **({} if good is None else {"success": good}), "extensions": told}
    yield _statement("completed", activity, actor, call.call, call.at_utc, result=ended, context=context)
    score = next((v for s, v in figures if s.id == "score"), None)
    if score is not None:
        points = {"scaled": _rounded(score / 100), "raw": _rounded(score), "min": 0, "max": 100}
        graded = {"score": points, "extensions": {f"{URN}:ext:rubric": call.rubric or "unknown"}}
        yield _statement("scored", activity, actor, call.call, call.at_utc, result=graded, context=context)


def _of_drill(run: Practised, actor: Actor) -> dict[str, Any]:
    title = DRILLS[run.drill].title if run.drill in DRILLS else run.drill
    activity = _activity("drill", run.drill, title, "drill")
    result: dict[str, Any] = {"completion": True, "duration": f"PT{round(run.seconds, 2):g}S"}
    if run.items:
        result["score"] = {"scaled": _rounded(run.share), "raw": run.right, "min": 0, "max": run.items}
    return _statement(
        "practised",
        activity,
        actor,
        f"{run.drill} {run.at_utc}",
        run.at_utc,
        result=result,
        context={"platform": "voicesim"},
    )


def _activity(kind: str, activity_id: str, name: str, activity_type: str) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": f"{URN}:{kind}:{quote(activity_id, safe='')}",
        "definition": {"type": f"{URN}:activity-type:{activity_type}", "name": {"en": name}},
    }


def _statement(
    verb: str, activity: dict[str, Any], actor: Actor, what: str, at_utc: str | None, **more: Any
) -> dict[str, Any]:
    account = {"homePage": f"{URN}:trainees", "name": actor.account}
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{URN}:{actor.account}:{verb}:{what}")),
        "actor": {"objectType": "Agent", **({"name": actor.name} if actor.name else {}), "account": account},
        "verb": {"id": f"{URN}:verb:{verb}", "display": {"en": verb}},
        "object": activity,
        **more,
        **({} if at_utc is None else {"timestamp": _timestamp(at_utc)}),
    }


def _timestamp(at_utc: str) -> str:
    time = datetime.fromisoformat(at_utc)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="milliseconds")


def due_drills(runs: Sequence[Due], now: datetime) -> list[tuple[Due, str, bool]]:
    """The drills that were practised, with the command that begins them and whether they are due, soonest first."""
    return [(one, command_of(one.drill), one.at <= now) for one in sorted(runs, key=lambda one: one.at)]
