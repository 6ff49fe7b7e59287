"""A safe, small subset of YAML as a tree that knows the line of every value.

Trainers write plain YAML. Anchors, tags, duplicate keys, very deep nesting and huge files are refused, only decimal
numbers are numbers (``on``, ``1_000``, ``12:30`` and ``2026-01-31`` are text), and every value remembers its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from voicesim.errors import ScriptError
from voicesim.reading.codes import BAD_VALUE, DOUBLE_KEY, NOT_ALLOWED, UNREADABLE

#: Such a file is a few thousand words; a megabyte is a mistake or an attack.
LONGEST_FILE = 1_000_000
DEEPEST = 20
#: A part of PyYAML's message, what it means to a trainer, how to mend it; the first that fits is told.
_YAML_PROBLEMS = (
    (r"'\t'", "a tab stands here", "Indent with spaces, two for each level."),
    (
        "mapping values are not allowed",
        "a second colon in one line, or a key that is indented too far",
        "Put a text with a colon in quotes; begin keys that belong together in the same column.",
    ),
    (
        "expected <block end>",
        "this does not fit the lines above it",
        "Begin keys that belong together in the same column, and close every quote and bracket above.",
    ),
    (
        "expected ',' or",
        "a comma or the closing bracket is missing before this",
        "Write [one, two] or {key: value}; put a text with a comma, colon or apostrophe in double quotes.",
    ),
    ("end of stream", "the file ends inside a quoted text", "Close the quote where the text ends."),
)
_NUMBER = re.compile(r"[+-]?(\d+)(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value with its place: ``value`` is str, int, float, bool, None, a list of nodes or a dict of key -> node.

    ``written`` is how the file writes a scalar: ``0471`` is the number 471, but as a text it is still 0471.
    """

    value: Any
    file: str
    line: int
    written: str | None = None

    def fail(self, what: str, mend: str | None = None, *, code: str = BAD_VALUE) -> NoReturn:
        """Refuse this value with ``file:line: code what. mend``."""
        raise ScriptError(what, where=f"{self.file}:{self.line}", mend=mend, code=code)


def decode(data: bytes, file: str) -> str:
    """The text of a file in UTF-8 (a byte order mark is dropped); anything else raises ScriptError with its line."""
    if len(data) > LONGEST_FILE:
        mend = f"Keep a file under {LONGEST_FILE:,} bytes."
        raise ScriptError(f"is {len(data):,} bytes long", where=file, mend=mend, code=UNREADABLE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"byte {data[error.start]:#04x} is not UTF-8"
        raise ScriptError(what, where=f"{file}:{line}", mend="Save the file as UTF-8.", code=UNREADABLE) from None


def parse(text: str, file: str) -> Node:
    """The tree of one YAML document; raises ScriptError as ``file:line: what. how to mend``."""
    import yaml  # only needed when a file is read

    try:
        return _document(yaml.parse(text, Loader=yaml.SafeLoader), file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        what, mend = _in_plain_words(error.problem or error.context or "")
        told = f"is not valid YAML here: {what}"
        raise ScriptError(told, where=f"{file}:{line}", mend=mend, code=UNREADABLE) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"is not valid YAML here: the character {ord(text[error.position]):#04x} belongs in no text"
        mend = "Remove it, or type the line again."
        raise ScriptError(what, where=f"{file}:{line}", mend=mend, code=UNREADABLE) from None


def _in_plain_words(problem: str) -> tuple[str, str]:
    """What PyYAML found and how to mend it, for people who do not program."""
    for sign, what, mend in _YAML_PROBLEMS:
        if sign in problem:
            return what, mend
    return problem, "Check indentation, quotes and colons on this line and the one before."


def _document(events: Iterator[Any], file: str) -> Node:
    import yaml

    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            break
    else:
        raise ScriptError("is empty", where=file, mend="Write its keys, each as `key: value`.", code=UNREADABLE)
    node = _value(next(events), events, file, 0)
    next(events)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            line = 1 if event.start_mark is None else event.start_mark.line + 1
            mend = "Keep one document in a file."
            raise ScriptError("a second document begins", where=f"{file}:{line}", mend=mend, code=NOT_ALLOWED)
    return node


def _value(event: Any, events: Iterator[Any], file: str, depth: int) -> Node:
    import yaml

    place = Node(value=None, file=file, line=event.start_mark.line + 1)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        what = "anchors and aliases (& and *) are not allowed"
        place.fail(what, "Write the value out, or put it in quotes.", code=NOT_ALLOWED)
    if getattr(event, "tag", None) not in (None, "!"):
        place.fail(f"tags ({event.tag}) are not allowed", "Remove it, or put the text in quotes.", code=NOT_ALLOWED)
    if depth > DEEPEST:
        place.fail(f"is nested deeper than {DEEPEST} levels", "Five are enough.", code=NOT_ALLOWED)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_value(event, events, file, depth + 1))
        return Node(value=items, file=file, line=place.line)
    if isinstance(event, yaml.MappingStartEvent):
        return Node(value=_mapping(events, file, depth), file=file, line=place.line)
    return Node(value=_scalar(event), file=file, line=place.line, written=event.value)


def _mapping(events: Iterator[Any], file: str, depth: int) -> dict[str, Node]:
    import yaml

    found: dict[str, Node] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _value(event, events, file, depth + 1)
        if isinstance(key.value, (list, dict)) or key.value is None:
            key.fail("a key must be a word", "Write `key: value`; put text with a colon in quotes.", code=NOT_ALLOWED)
        name = key.written or str(key.value)
        if name in found:
            what = f"the key '{name}' stands here twice (first on line {found[name].line})"
            key.fail(what, "Keep one of them.", code=DOUBLE_KEY)
        value = _value(next(events), events, file, depth + 1)
        # Lists and mappings begin on a line of their own; a person looks for them at their key.
        found[name] = replace(value, line=key.line) if isinstance(value.value, (list, dict)) else value
    return found


def _scalar(event: Any) -> str | int | float | bool | None:
    text: str = event.value
    if event.style is not None:
        return text
    if match := _NUMBER.fullmatch(text):
        return float(text) if match[2] else int(text) if len(match[1]) < 16 else text
    return {"": None, "~": None, "null": None, "true": True, "false": False}.get(text, text)
