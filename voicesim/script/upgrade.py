"""Brings an older script file to the format of today, one step from each format to the next. Pure.

A step changes the nodes of the file in place and says each change in one line. Format 0 are drafts as people wrote them
before formats were counted: without ``format``, and with the short forms that :func:`_from_0` knows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from voicesim.errors import InputError, ScriptError
from voicesim.reading.codes import OTHER_FORMAT
from voicesim.reading.tree import Node, decode, parse
from voicesim.script.form import compose, laid_out
from voicesim.script.load import FORMAT, load_script

_MOODS = {"calm": "0-2", "annoyed": "3-5", "angry": "6-8", "furious": "9-10"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """A file in the format of today, and what was changed, one line each; no changes: it was of that format already."""

    text: str
    changes: tuple[str, ...]


def upgraded(data: bytes, file: str, *, name: str, version: str) -> Upgraded:
    """The file in today's format; ``name`` is its id if it has none, ``version`` of this voicesim is for messages.

    Raises ScriptError for a file that cannot be read, is of a newer format, or lacks what no step can guess.
    """
    text = decode(data, file)
    tree = parse(text, file)
    form = _format_of(tree, version)
    if form == FORMAT:
        load_script(data, file)
        return Upgraded(text=text, changes=())
    root = compose(text)
    changes: list[str] = []
    for number in range(form, FORMAT):
        changes += STEPS[number](root, name, file)
    after = laid_out(root, text)
    try:
        load_script(after.encode(), file)
    except ScriptError as error:
        mend = f"Mend it in the old file, then upgrade again. {error.mend or ''}".strip()
        raise ScriptError(f"the upgrade leaves something open: {error.what}", where=file, mend=mend) from None
    return Upgraded(text=after, changes=tuple(changes))


def _format_of(tree: Node, version: str) -> int:
    if not isinstance(tree.value, dict):
        tree.fail("the script must be a list of `key: value` lines", "Indent its keys under it.")
    node = tree.value.get("format")
    if node is None or node.value is None:
        return 0
    if not isinstance(node.value, int) or isinstance(node.value, bool) or node.value < 0:
        node.fail(f"'format' is '{node.written}'", f"Write a whole number up to {FORMAT}.", code=OTHER_FORMAT)
    if node.value > FORMAT:
        what = f"this is format {node.value}; voicesim {version} reads format {FORMAT}"
        mend = f"A voicesim newer than {version} is needed: pip install --upgrade voicesim"
        node.fail(what, mend, code=OTHER_FORMAT)
    return int(node.value)


def _from_0(root: Any, name: str, file: str) -> Iterator[str]:
    """The changes from a draft without a format to format 1."""
    for key, value in (("version", "1"), ("id", name)):
        if _get(root, key) is None:
            _put(root, key, _scalar(value, root), first=True)
            yield f"added `{key}: {value}`"
    _drop(root, "format")
    _put(root, "format", _scalar("1", root), first=True)
    yield "added `format: 1`"
    yield from _voice(root)
    yield from _silence(root)
    yield from _anger(root, file)
    yield from _say(root)


def _voice(root: Any) -> Iterator[str]:
    caller = _get(root, "caller")
    for key in ("persona", "speed"):
        value = _get(caller, key)
        if value is not None:
            _drop(caller, key)
            if _get(caller, "voice") is None:
                _put(caller, "voice", _mapping({}, value))
            _put(_get(caller, "voice"), key, value)
            yield f"moved `{key}` of the caller under `voice`"


def _silence(root: Any) -> Iterator[str]:
    caller = _get(root, "caller")
    for where, holder in (("the file", root), ("the caller", caller)):
        value = _get(holder, "on_silence")
        if value is not None and _is_mapping(caller):
            _drop(holder, "on_silence")
            _put(caller, "silence", value)
            yield f"`on_silence` of {where} is now `silence` of the caller"


def _anger(root: Any, file: str) -> Iterator[str]:
    anger = _get(root, "anger")
    if anger is not None and anger.id == "scalar":
        _drop(root, "anger")
        _put(root, "anger", _mapping({"start": anger}, anger, flow=False))
        yield f"`anger: {anger.value}` is now `start` under `anger`"
        anger = _get(root, "anger")
    if not _is_mapping(anger):
        return
    if _get(anger, "moods") is None:
        _put(anger, "moods", _mapping({mood: _scalar(span, anger, '"') for mood, span in _MOODS.items()}, anger))
        yield "added `moods` under `anger`: " + ", ".join(f"{mood} {span}" for mood, span in _MOODS.items())
    for holder in (root, anger):
        most = _get(holder, "max_anger")
        if most is not None:
            _drop(holder, "max_anger")
            leave = _mapping({"at": most, "go": _scalar(_hangs_up(root, file), most)}, most)
            _put(anger, "hangs_up", leave)
            yield f"`max_anger: {most.value}` is now `hangs_up` under `anger`"


def _hangs_up(root: Any, file: str) -> str:
    for key, step in _pairs(_get(root, "steps")):
        end = _get(step, "end")
        if end is not None and end.value == "hung_up":
            return str(key.value)
    raise InputError(
        "'max_anger' makes her hang up, but no step ends as hung_up", where=file, mend="Add a step with `end: hung_up`."
    )


def _say(root: Any) -> Iterator[str]:
    moods = [str(key.value) for key, _ in _pairs(_get(_get(root, "anger"), "moods"))]
    mood = "angry" if "angry" in moods else moods[-1] if moods else "angry"
    for key, step in _pairs(_get(root, "steps")):
        for name in ("text", "say"):
            lines = _get(step, name)
            if lines is None or _is_mapping(lines):
                continue
            _drop(step, name)
            _put(step, "say", _mapping({mood: lines}, lines, flow=bool(step.flow_style)), first=True)
            yield f"step '{key.value}': the lines of `{name}` now stand under the mood {mood}, other moods use them too"


def _is_mapping(node: Any) -> bool:
    return node is not None and node.id == "mapping"


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return list(node.value) if _is_mapping(node) else []


def _get(node: Any, key: str) -> Any:
    return next((value for name, value in _pairs(node) if name.value == key), None)


def _put(node: Any, key: str, value: Any, *, first: bool = False) -> None:
    node.value.insert(0 if first else len(node.value), (_scalar(key, value), value))


def _drop(node: Any, key: str) -> None:
    # In place: the node of a mapping stands in its parent too.
    node.value[:] = [one for one in node.value if one[0].value != key]


def _scalar(text: str, like: Any, style: str | None = None) -> Any:
    """A new text in the place of another node, so that comments around that stay there."""
    import yaml

    tag = "tag:yaml.org,2002:str"
    return yaml.ScalarNode(tag, text, like.start_mark, like.start_mark, style=style)


def _mapping(pairs: dict[str, Any], like: Any, *, flow: bool = True) -> Any:
    import yaml

    keys = [(_scalar(key, value), value) for key, value in pairs.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", keys, like.start_mark, like.end_mark, flow_style=flow)


#: From which format -> the step that brings a file to the next one; it gets the nodes, an id and the file's name.
STEPS: dict[int, Callable[[Any, str, str], Iterator[str]]] = {0: _from_0}
