"""Turns the frozen values of :mod:`voicesim.model` into plain JSON values and back, led by their type hints.

A field ``span`` becomes ``start_s`` and ``end_s`` beside the other fields, ``NAME_span`` becomes ``NAME_start_s`` and
``NAME_end_s``. Seconds have 7 decimals, so that one sample (0.0000625 s) comes back exactly; other floats have 4.
Keys come in a fixed order.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from voicesim.errors import InputError
from voicesim.model import RATE_HZ, Finding, Span, Transcript

SECOND_DECIMALS = 7
DECIMALS = 4
#: No call lasts as long (30 years); more overflows on its way to samples.
_LONGEST_S = 1e9
#: The kinds of JSON values in words.
_KINDS: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    NoneType: "null",
}
#: Where the order of keys is not the order of fields.
_ORDER: Mapping[type, tuple[str, ...]] = {
    Transcript: ("text", "engine", "words"),
    Finding: ("id", "kind", "confidence", "sure", "quote"),
}


@cache
def layout(cls: Any) -> tuple[tuple[Field[Any], Any], ...]:
    """The fields of a dataclass with their resolved types, in the order of output."""
    hints = get_type_hints(cls)
    first = _ORDER.get(cls, ())
    ordered = sorted(fields(cls), key=lambda f: first.index(f.name) if f.name in first else len(first))
    return tuple((f, hints[f.name]) for f in ordered)


def span_keys(name: str) -> tuple[str, str]:
    """The two keys of a span field.

    >>> span_keys("line_span")
    ('line_start_s', 'line_end_s')
    """
    stem = name.removesuffix("span")
    return f"{stem}start_s", f"{stem}end_s"


def is_span(hint: Any) -> bool:
    """Whether a field of that type is a span or None."""
    return hint is Span or (_optional(hint) and Span in get_args(hint))


def _optional(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


def seconds(samples: int) -> float:
    """Samples at 16 kHz in seconds, rounded so that they come back exactly."""
    return round(samples / RATE_HZ, SECOND_DECIMALS)


def encode(value: Any) -> Any:
    """A value of the model as a plain JSON value; infinities and NaN become None."""
    if isinstance(value, Span):
        return {"start_s": seconds(value.start), "end_s": seconds(value.end)}
    if is_dataclass(value) and not isinstance(value, type):
        return _encode_fields(type(value), value)
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool | int | str | None):
        return value
    if isinstance(value, float):
        return round(value, DECIMALS) if abs(value) < float("inf") else None
    if isinstance(value, Mapping):
        ordered = value.items() if _enumerated(value) else sorted(value.items(), key=lambda item: str(item[0]))
        return {str(key): encode(item) for key, item in ordered}
    return [encode(item) for item in value]


def _enumerated(value: Mapping[Any, Any]) -> bool:
    return bool(value) and all(isinstance(key, StrEnum) for key in value)


def _encode_fields(cls: Any, value: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field, hint in layout(cls):
        item = getattr(value, field.name)
        if is_span(hint):
            start, end = span_keys(field.name)
            out[start] = None if item is None else seconds(item.start)
            out[end] = None if item is None else seconds(item.end)
        else:
            out[field.name] = encode(item)
    return out


def decode(hint: Any, value: Any, path: str) -> Any:
    """The JSON value as a value of type ``hint``; raises InputError that names ``path`` where it does not fit."""
    if hint is Any:
        return value
    if _optional(hint):
        inner = next(a for a in get_args(hint) if a is not NoneType)
        return None if value is None else decode(inner, value, path)
    if hint is Span:
        return Span(start=_samples(value, "start_s", path), end=_samples(value, "end_s", path))
    if is_dataclass(hint):
        return _decode_fields(hint, value, path)
    if get_origin(hint) is tuple:
        return _decode_tuple(get_args(hint), value, path)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _decode_choice(hint, value, path)
    if get_origin(hint) is not None:
        key, item = get_args(hint)
        pairs = checked(value, dict, path).items()
        return {decode(key, k, path): decode(item, v, f"{path}.{k}") for k, v in pairs}
    if hint is float:
        return float(checked(value, float, path))
    return checked(value, hint, path)


def checked(value: Any, kind: type, path: str) -> Any:
    """The value if it is of that JSON kind, numbers finite; raises InputError otherwise, without the value itself."""
    kinds: Any = (int, float) if kind is float else kind
    if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
        raise bad(path, f"{_KINDS[type(value)]} stands where {_KINDS[kind]} is meant")
    if kind is float and not abs(value) < float("inf"):
        raise bad(path, f"{value} is not finite")
    return value


def bad(path: str, what: str) -> InputError:
    """The error of a value that does not fit."""
    return InputError(what, where=f"call.json: {path}", mend="Has the file been edited? Make the call again.")


def _samples(value: Any, key: str, path: str) -> int:
    if not isinstance(value, dict) or key not in value:
        raise bad(f"{path}.{key}", "the key is missing")
    value_s: float = checked(value[key], float, f"{path}.{key}")
    if abs(value_s) > _LONGEST_S:
        raise bad(f"{path}.{key}", f"{value_s:.3g} seconds are out of range")
    return round(value_s * RATE_HZ)


def _decode_tuple(args: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    items = checked(value, list, path)
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(decode(args[0], item, f"{path}[{i}]") for i, item in enumerate(items))
    if len(items) != len(args):
        raise bad(path, f"{len(items)} values where {len(args)} are meant")
    return tuple(decode(a, item, f"{path}[{i}]") for i, (a, item) in enumerate(zip(args, items, strict=True)))


def _decode_choice(hint: type[StrEnum], value: Any, path: str) -> StrEnum:
    if value not in [member.value for member in hint]:
        raise bad(path, f"{value!r:.60} is none of {', '.join(member.value for member in hint)}")
    return hint(value)


def _decode_fields(cls: Any, value: Any, path: str) -> Any:
    data = checked(value, dict, path)
    values: dict[str, Any] = {}
    for field, hint in layout(cls):
        key = span_keys(field.name)[0] if is_span(hint) else field.name
        if key not in data:
            if field.default is MISSING and field.default_factory is MISSING:
                raise bad(f"{path}.{key}", "the key is missing")
            continue
        if is_span(hint):
            values[field.name] = _decode_span(field.name, hint, data, path)
        else:
            values[field.name] = decode(hint, data[key], f"{path}.{key}")
    return cls(**values)


def _decode_span(name: str, hint: Any, data: dict[str, Any], path: str) -> Span | None:
    start, end = span_keys(name)
    if data[start] is None and hint is not Span:
        return None
    return Span(start=_samples(data, start, path), end=_samples(data, end, path))


def schema_of(hint: Any) -> dict[str, Any]:
    """The JSON schema of a type, as :func:`encode` writes it."""
    if hint is Any:
        return {}
    if _optional(hint):
        inner = schema_of(next(a for a in get_args(hint) if a is not NoneType))
        return inner | {"type": [inner["type"], "null"]}
    if is_dataclass(hint):
        return _schema_of_fields(hint)
    if get_origin(hint) is tuple:
        return {"type": "array", "items": schema_of(get_args(hint)[0])}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"type": "string", "enum": [member.value for member in hint]}
    if get_origin(hint) is not None:
        return {"type": "object", "additionalProperties": schema_of(get_args(hint)[1])}
    return {"type": {str: "string", bool: "boolean", int: "integer", float: "number"}[hint]}


def _schema_of_fields(cls: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for field, hint in layout(cls):
        if cls is Span or is_span(hint):
            kind = {"type": "number"} if cls is Span or hint is Span else {"type": ["number", "null"]}
            properties |= dict.fromkeys(span_keys("span" if cls is Span else field.name), kind)
        else:
            properties[field.name] = schema_of(hint)
    return {"type": "object", "required": list(properties), "properties": properties}
