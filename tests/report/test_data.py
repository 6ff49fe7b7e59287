import json
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim import model
from voicesim.coach.score import feedback
from voicesim.errors import InputError
from voicesim.model import CallRecord, Dial, Ending, Feedback, Sound, Span
from voicesim.report.codec import decode, encode, layout
from voicesim.report.data import (
    CALL_SCHEMA,
    delivery_json,
    dumps,
    finding_json,
    record_from_json,
    record_to_json,
    transcript_json,
)
from voicesim.wiring.rubrics import default_rubric

PAGE = Path(__file__).parents[2] / "docs" / "call-json.md"
#: Not part of a record: sound is stored as FLAC, a context lives during a call only.
NOT_STORED = ("Sound", "Context")
STORED = [
    cls for name, cls in vars(model).items() if is_dataclass(cls) and isinstance(cls, type) and name not in NOT_STORED
]

decimals = st.integers(-(10**8), 10**8).map(lambda n: n / 10**4)
texts = st.text(st.characters(codec="utf-8"), max_size=12)


@st.composite
def spans(draw: Any) -> Span:
    start = draw(st.integers(0, 16_000 * 3600))
    return Span(start=start, end=start + draw(st.integers(0, 16_000 * 60)))


for _type, _strategy in ((float, decimals), (str, texts), (Span, spans()), (int, st.integers(-(10**6), 10**6))):
    st.register_type_strategy(_type, _strategy)


def values(cls: Any) -> st.SearchStrategy[Any]:
    """Any value of a stored dataclass, built from its type hints."""
    return st.builds(cls, **{field.name: _values(hint) for field, hint in layout(cls)}) if cls is not Span else spans()


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hint is Any:
        return st.none() | texts | st.booleans()
    if get_origin(hint) is tuple and get_args(hint)[-1] is Ellipsis:
        return st.lists(_values(get_args(hint)[0]), max_size=2).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*map(_values, get_args(hint)))
    if get_origin(hint) is not None and hasattr(get_origin(hint), "keys"):
        key, item = get_args(hint)
        return st.dictionaries(st.from_type(key), _values(item), max_size=3)
    if get_args(hint):
        return st.one_of(*(st.none() if arg is type(None) else _values(arg) for arg in get_args(hint)))
    return values(hint) if is_dataclass(hint) else st.from_type(hint)


@pytest.mark.parametrize("cls", STORED, ids=lambda c: c.__name__)
def test_every_stored_dataclass_comes_back_exactly(cls):
    @settings(max_examples=15, deadline=None)
    @given(values(cls))
    def round_trip(value: Any) -> None:
        assert decode(cls, json.loads(json.dumps(encode(value))), "value") == value

    round_trip()


@settings(max_examples=15, deadline=None)
@given(values(CallRecord))
def test_every_record_comes_back_exactly(record):
    assert record_from_json(json.loads(dumps(record_to_json(record)))) == record


@pytest.fixture
def judged(sample):
    record = sample.sample_record()
    return replace(
        record, feedback=feedback(record, goals=sample.GOALS, rubric=default_rubric(), adviser=sample.adviser())
    )


def test_the_sample_call_comes_back_exactly(judged):
    assert record_from_json(json.loads(dumps(record_to_json(judged)))) == judged


def test_floats_from_numpy_and_long_floats_are_written_short(judged):
    word = replace(judged.turns[0].reply.final.transcript.words[0], confidence=np.float32(1 / 3))
    assert encode(word)["confidence"] == 0.3333


def test_infinite_measures_are_unknown(judged):
    delivery = replace(judged.turns[0].reply.delivery, snr_db=float("-inf"), tension=float("nan"))
    assert (delivery_json(delivery)["snr_db"], delivery_json(delivery)["tension"]) == (None, None)


def test_one_sample_is_not_lost():
    assert encode(Span(start=1, end=16_001)) == {"start_s": 0.0000625, "end_s": 1.0000625}


def test_the_order_of_a_mapping_does_not_change_the_bytes(judged):
    other = replace(judged, engines=MappingProxyType(dict(reversed(judged.engines.items()))))
    assert dumps(record_to_json(other)) == dumps(record_to_json(judged))


def test_the_top_level_keys_are_those_of_schema_1(judged):
    assert list(record_to_json(judged)) == [
        "schema",
        "script",
        "rubric",
        "engines",
        "seed",
        "trainee",
        "baseline",
        "delivery_moves_caller",
        "official",
        "ending",
        "moods",
        "dial",
        "turns",
        "feedback",
        "what_if",
        "unused_replies",
        "clock",
    ]


def test_a_record_of_a_version_without_the_dial_comes_back(judged):
    assert record_from_json(_without(record_to_json(judged), "dial")) == judged


def test_the_dial_comes_back(judged):
    turned = replace(judged, dial=Dial(level=3, changes=("cuts in after 8 s",)))
    data = record_to_json(turned)
    assert data["dial"] == {"level": 3, "changes": ["cuts in after 8 s"]}
    assert (record_from_json(data), _misfits(CALL_SCHEMA, data)) == (turned, [])


def test_a_record_of_a_version_without_official_runs_was_private(judged):
    assert not record_from_json(_without(record_to_json(judged), "official")).official
    assert record_from_json(record_to_json(replace(judged, official=True))).official


def test_a_turn_has_the_keys_of_schema_1(judged):
    turn = record_to_json(judged)["turns"][0]
    assert {"line", "reply", "before", "after", "influences", "phase", "line_start_s", "line_end_s"} <= turn.keys()
    assert {"live", "final", "delivery", "overlaps", "offers", "start_s", "end_s"} <= turn["reply"].keys()


def test_a_finding_begins_with_the_keys_of_analyse(judged):
    found = judged.turns[0].reply.final.findings[0]
    assert list(finding_json(found))[:5] == ["id", "kind", "confidence", "sure", "quote"]


def test_a_transcript_has_the_keys_of_analyse(judged):
    data = transcript_json(judged.turns[0].reply.final.transcript)
    assert list(data) == ["text", "engine", "words"]
    assert set(data["words"][0]) == {"text", "start_s", "end_s", "confidence"}


def _without(data: Any, *path: Any) -> Any:
    copy = json.loads(json.dumps(data))
    *way, last = path
    place = copy
    for key in way:
        place = place[key]
    del place[last]
    return copy


def _with(value: Any, data: Any, *path: Any) -> Any:
    copy = json.loads(json.dumps(data))
    *way, last = path
    place = copy
    for key in way:
        place = place[key]
    place[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("ending",), "triumph", "ending: 'triumph' is none of resolved"),
        (("seed",), "7", "seed: a text stands where a whole number is meant"),
        (("seed",), True, "seed: true or false stands where"),
        (("turns", 2, "reply", "final", "findings", 0, "kind"), "x", r"turns\[2\].reply.final.findings\[0\].kind"),
        (("turns", 1, "line"), [], r"turns\[1\].line: a list stands where an object is meant"),
        (("turns", 0, "line_end_s"), None, r"turns\[0\].line_end_s: null stands where a number is"),
        (("moods", "calm"), [1], "moods.calm: 1 values where 2 are meant"),
        (("turns", 0, "line_end_s"), 1e308, r"turns\[0\].line_end_s: 1e\+308 seconds are out of range"),
        (("turns", 2, "reply", "start_s"), float("nan"), r"turns\[2\].reply.start_s: nan is not finite"),
        (("feedback", "score"), 3, "feedback.score: a whole number stands where an object is meant"),
        (("schema",), 2, "schema 2 is not 1"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_path(judged, path, value, named):
    with pytest.raises(InputError, match=named):
        record_from_json(_with(value, record_to_json(judged), *path))


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (("turns",), "turns: the key is missing"),
        (("turns", 0, "before", "anger"), r"turns\[0\].before.anger: the key is missing"),
        (("turns", 0, "reply", "start_s"), r"turns\[0\].reply.start_s: the key is missing"),
    ],
)
def test_a_missing_key_is_refused_by_its_path(judged, path, named):
    with pytest.raises(InputError, match=named):
        record_from_json(_without(record_to_json(judged), *path))


@pytest.mark.parametrize("value", [None, [], 3, "call"])
def test_something_else_than_an_object_is_refused(value):
    with pytest.raises(InputError, match="the file"):
        record_from_json(value)


def test_keys_of_a_later_version_are_left_aside(judged):
    data = _with("new", record_to_json(judged), "turns", 0, "line", "weather")
    assert record_from_json(data) == judged


def test_a_call_without_feedback_comes_back(sample):
    record = sample.sample_record()
    assert record_from_json(record_to_json(record)).feedback is None


def _misfits(schema: dict[str, Any], value: Any, path: str = "call") -> list[str]:
    """Where a value does not fit a schema of the few keywords that CALL_SCHEMA uses."""
    if not schema:
        return []
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if value is None:
        return [] if "null" in kinds else [f"{path} is null"]
    wanted = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    if not any(isinstance(value, wanted[k]) for k in kinds if k != "null"):
        return [f"{path}: {value!r} is not {kinds}"]
    found = [f"{path}.{key} is missing" for key in schema.get("required", ()) if key not in value]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} not in {schema['enum']}")
    if isinstance(value, dict):
        properties, other = schema.get("properties"), schema.get("additionalProperties", {})
        for key, item in value.items():
            if properties is not None and key not in properties:
                found.append(f"{path}.{key} is not in the schema")
            found += _misfits((properties or {}).get(key, other), item, f"{path}.{key}")
    if isinstance(value, list):
        found += [m for i, item in enumerate(value) for m in _misfits(schema["items"], item, f"{path}[{i}]")]
    return found


def test_a_real_call_fits_the_schema(judged):
    assert _misfits(CALL_SCHEMA, record_to_json(judged)) == []


def _keys(value: Any) -> set[str]:
    """All keys of a schema's objects, at any depth."""
    if not isinstance(value, dict):
        return set()
    own = set(value.get("properties", {}))
    inner = [*value.get("properties", {}).values(), value.get("items"), value.get("additionalProperties")]
    return own.union(*map(_keys, inner))


@pytest.mark.parametrize("key", sorted(_keys(CALL_SCHEMA)))
def test_the_page_documents_each_key(key):
    assert re.search(rf"`{key}`", PAGE.read_text(encoding="utf-8")), f"docs/call-json.md does not name {key}"


def test_the_page_names_every_ending():
    page = PAGE.read_text(encoding="utf-8")
    assert [e.value for e in Ending if f"`{e.value}`" not in page] == []


def test_what_is_not_stored_is_named_on_purpose():
    assert {"samples", "rate_hz"} == {f.name for f in fields(Sound)}
    assert Feedback in STORED
