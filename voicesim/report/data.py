"""``call.json``, schema 1: a call as plain data and back (documented in ``docs/call-json.md``).

Two runs with one seed give the same bytes outside ``clock``.
"""

import json
from typing import Any

from voicesim.errors import InputError
from voicesim.model import CallRecord, Delivery, Feedback, Finding, Transcript
from voicesim.report.codec import bad, checked, decode, encode, layout, schema_of

SCHEMA = 1
#: The fields of a record under their own names, in the order of the file; the rest is arranged by hand.
_BEFORE = (
    *("engines", "seed", "trainee", "baseline", "delivery_moves_caller", "official"),
    *("ending", "moods", "dial", "turns"),
)
_AFTER = ("what_if", "unused_replies", "clock")
#: Keys that records of earlier versions do not have.
_LATER = frozenset({"dial", "official", "what_if"})
_FEEDBACK = ("strengths", "next_steps", "moments", "key_moments")


def record_to_json(record: CallRecord) -> dict[str, Any]:
    """The call as a dictionary of plain JSON values with its keys in a fixed order.

    Times are seconds (``_s``) with 7 decimals, other floats have 4; what is unknown is None.
    """
    return {
        "schema": SCHEMA,
        "script": encode(record.script),
        "rubric": record.feedback.rubric if record.feedback else None,
        **{name: encode(getattr(record, name)) for name in _BEFORE},
        "feedback": _feedback_to_json(record.feedback) if record.feedback else None,
        **{name: encode(getattr(record, name)) for name in _AFTER},
    }


def _feedback_to_json(feedback: Feedback) -> dict[str, Any]:
    return {
        "score": {"total": feedback.total, "phases": encode(feedback.phases)},
        **{name: encode(getattr(feedback, name)) for name in _FEEDBACK},
    }


def record_from_json(data: object) -> CallRecord:
    """The call of a dictionary as :func:`record_to_json` makes it; keys added by later versions are left aside.

    Raises InputError with the path of the key that is missing or does not fit, or for another schema.
    """
    top = checked(data, dict, "the file")
    if top.get("schema") != SCHEMA:
        mend = "Open it with the version of voicesim that wrote it." if is_newer(top) else None
        raise InputError(f"schema {top.get('schema')!r:.20} is not {SCHEMA}", where="call.json", mend=mend)
    hints = {field.name: hint for field, hint in layout(CallRecord)}
    values: dict[str, Any] = {}
    for name in ("script", *_BEFORE, *_AFTER):
        if name in top:
            values[name] = decode(hints[name], top[name], name)
        elif name not in _LATER:
            raise bad(name, "the key is missing")
    return CallRecord(**values, feedback=_feedback_from_json(top))


def is_newer(data: object) -> bool:
    """Whether a later voicesim wrote it: nothing is damaged then, and there is nothing to make again."""
    schema = data.get("schema") if isinstance(data, dict) else None
    return isinstance(schema, int) and schema > SCHEMA


def _feedback_from_json(top: dict[str, Any]) -> Feedback | None:
    if top.get("feedback") is None:
        return None
    data = checked(top["feedback"], dict, "feedback")
    score = checked(data.get("score"), dict, "feedback.score")
    flat = {"total": score.get("total"), "phases": score.get("phases"), "rubric": top.get("rubric")}
    result: Feedback = decode(Feedback, flat | {k: data[k] for k in _FEEDBACK if k in data}, "feedback")
    return result


def transcript_json(transcript: Transcript) -> dict[str, Any]:
    """A transcript as ``text``, ``engine`` and ``words`` with ``start_s``, ``end_s`` and ``confidence``."""
    result: dict[str, Any] = encode(transcript)
    return result


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding with ``id``, ``kind``, ``confidence``, ``sure`` and ``quote`` first."""
    result: dict[str, Any] = encode(finding)
    return result


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """A delivery under the names of its fields; units stand in the names."""
    result: dict[str, Any] = encode(delivery)
    return result


def dumps(data: dict[str, Any]) -> str:
    """Canonical text of a ``call.json``: two spaces, keys as they come, UTF-8, one newline at the end."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _schema() -> dict[str, Any]:
    hints = {field.name: hint for field, hint in layout(CallRecord)}
    moment = schema_of(Feedback)["properties"]
    score = {
        "type": "object",
        "required": ["total", "phases"],
        "properties": {"total": moment["total"], "phases": moment["phases"]},
    }
    feedback = {
        "type": ["object", "null"],
        "required": ["score", *_FEEDBACK],
        "properties": {"score": score, **{name: moment[name] for name in _FEEDBACK}},
    }
    properties = {
        "schema": {"type": "integer", "const": SCHEMA},
        "script": schema_of(hints["script"]),
        "rubric": {"type": ["string", "null"]},
        **{name: schema_of(hints[name]) for name in _BEFORE},
        "feedback": feedback,
        **{name: schema_of(hints[name]) for name in _AFTER},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "call.json",
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


#: The JSON schema of ``call.json``, made from the data types.
CALL_SCHEMA: dict[str, Any] = _schema()
