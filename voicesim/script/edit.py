"""Changes single values of a YAML text at their places: every other letter of the text stays as it is. Pure.

A place is a path of keys and numbers (from 0): ``("steps", "opening", "say", "angry", 0)``. What is written is read
back the same; a file that people keep in order by hand is never laid out anew.
"""

import re
from collections.abc import Sequence
from typing import Any

from voicesim.errors import UsageError
from voicesim.script.form import quoted

Path = tuple[str | int, ...]

#: What means itself without quotes, also within brackets, and is no number.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ ./-]+[A-Za-z0-9_]+)*")
_RESERVED = frozenset(("true", "false", "null"))
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d+)?")


def composed(text: str) -> Any:
    """The nodes of a YAML text with their places, by the fast parser where there is one; the places are the same."""
    import yaml

    return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def place(text: str, path: Path) -> Any | None:
    """The node of a value (with its marks), None if the text has none there."""
    return found(composed(text), path)


def found(root: Any, path: Path) -> Any | None:
    """The node below ``root`` at a path, None if there is none."""
    node = root
    for part in path:
        if node is None or node.id == "scalar":
            return None
        if node.id == "sequence":
            inside = isinstance(part, int) and 0 <= part < len(node.value)
            node = node.value[part] if inside else None
        else:
            node = next((value for key, value in node.value if key.value == part), None)
    return node


def values(node: Any) -> list[str]:
    """The scalars of a list as they are written; one alone is a list of one, nothing is none."""
    if node is None or (node.id == "scalar" and not node.style and node.value in ("", "~", "null")):
        return []
    return [item.value for item in node.value if item.id == "scalar"] if node.id == "sequence" else [node.value]


def with_value(text: str, path: Path, value: str, *, prose: bool = False) -> str:
    """The text with another scalar at a path that has one, or with a new key; ``prose`` is written in quotes.

    Raises UsageError where nothing can stand.
    """
    node = place(text, path)
    if node is not None:
        start, end = _span(text, node)
        written = scalar(value, quotes=prose or bool(node.style))
        if start == end:
            # An empty value ends where its key does.
            written = f" {written}"
        return text[:start] + written + text[end:]
    return with_key(text, path, scalar(value, quotes=prose))


def with_key(text: str, path: Path, written: str) -> str:
    """The text with a new key at the end of the mapping that a path leads to; ``written`` is its value in YAML.

    A mapping that is not there is made in turn. Raises UsageError where nothing can stand.
    """
    *above, key = path
    holder = place(text, tuple(above))
    name = scalar(str(key))
    if holder is None and above:
        return with_key(text, tuple(above), f"{{{name}: {written}}}")
    if holder is not None and holder.id == "scalar" and not holder.value:
        start, end = _span(text, holder)
        return f"{text[:start]} {{{name}: {written}}}{text[end:]}"
    if holder is None or holder.id != "mapping":
        raise UsageError(f"nothing can be added at '{key}'", mend="Write it in the text.")
    if holder.flow_style:
        at = _span(text, holder)[1] - 1
        return f"{text[:at]}{', ' if holder.value else ''}{name}: {written}{text[at:]}"
    return _line_after(text, holder.value[-1][1], f"{' ' * holder.start_mark.column}{name}: {written}")


def with_items(text: str, path: Path, wanted: Sequence[str], *, prose: bool = False) -> str:
    """The text with a list of these scalars at a path; what was there before and stays is not touched.

    One scalar alone counts as a list of one. Items that hold keys count as their key ``text``. An empty list takes the
    key away.
    """
    while True:
        node = place(text, path)
        if not wanted:
            return text if node is None else without(text, path)
        if node is None:
            return with_key(text, path, f"[{', '.join(scalar(one, quotes=prose) for one in wanted)}]")
        if node.id != "sequence":
            if [node.value] == list(wanted):
                return text
            start, end = _span(text, node)
            kept = text[start:end] if node.value == wanted[0] else scalar(wanted[0], quotes=prose)
            more = [scalar(one, quotes=prose) for one in wanted[1:]]
            pad = " " if start == end else ""
            written = f"[{', '.join([kept, *more])}]" if more else kept
            return f"{text[:start]}{pad}{written}{text[end:]}"
        now = [_text_of(item) for item in node.value]
        if now == list(wanted):
            return text
        text = _one_item_nearer(text, path, now, wanted, prose=prose)


def _one_item_nearer(text: str, path: Path, now: list[str], wanted: Sequence[str], *, prose: bool) -> str:
    """One change on the way from a list to the wanted one, from its end backwards so that places stay."""
    same = next((n for n, (a, b) in enumerate(zip(now, wanted, strict=False)) if a != b), min(len(now), len(wanted)))
    tail = 0
    while tail < min(len(now), len(wanted)) - same and now[-1 - tail] == wanted[len(wanted) - 1 - tail]:
        tail += 1
    old, new = now[same : len(now) - tail], wanted[same : len(wanted) - tail]
    if len(old) > len(new):
        return without(text, (*path, same + len(old) - 1))
    if len(new) > len(old):
        return with_item(text, path, same + len(old), scalar(new[len(old)], quotes=prose))
    differing = max(n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    at: Path = (*path, same + differing)
    node = place(text, at)
    return with_value(text, (*at, "text") if node is not None and node.id == "mapping" else at, new[differing])


def with_item(text: str, path: Path, at: int, written: str) -> str:
    """The text with a new item in front of item ``at`` of the list at a path (or behind the last), in YAML as given.

    Raises UsageError if no list is there.
    """
    node = place(text, path)
    if node is None or node.id != "sequence":
        raise UsageError("there is no list to which this could be added", mend="Write it in the text.")
    if node.flow_style:
        if at < len(node.value):
            start = node.value[at].start_mark.index
            return f"{text[:start]}{written}, {text[start:]}"
        if node.value:
            end = _span(text, node.value[-1])[1]
            return f"{text[:end]}, {written}{text[end:]}"
        end = _span(text, node)[1] - 1
        return f"{text[:end]}{written}{text[end:]}"
    line = f"{' ' * node.start_mark.column}- {written}"
    if at >= len(node.value):
        return _line_after(text, node.value[-1], line)
    start = text.rfind("\n", 0, node.value[at].start_mark.index) + 1
    return f"{text[:start]}{line}{_newline(text)}{text[start:]}"


def without(text: str, path: Path) -> str:
    """The text without the key or item at a path; a comment on its line goes with it, those above stay.

    The last one of a list or mapping in its own lines takes its key with it. Raises UsageError if nothing is there.
    """
    *above, last = path
    holder = place(text, tuple(above))
    pairs = [] if holder is None or holder.id == "scalar" else holder.value
    index = last if isinstance(last, int) else next((n for n, (k, _) in enumerate(pairs) if k.value == last), -1)
    if holder is None or not 0 <= index < len(pairs):
        raise UsageError("what shall be deleted is not there any more", mend="Load the page again.")
    spans = [_entry(text, one) for one in pairs]
    if holder.flow_style:
        start, end = spans[index]
        if index + 1 < len(spans):
            end = spans[index + 1][0]
        elif index:
            start = spans[index - 1][1]
        return text[:start] + text[end:]
    if len(spans) == 1 and above:
        return without(text, tuple(above))
    # Whole lines; an item of a list begins at its hyphen, which stands before it on its line.
    start = text.rfind("\n", 0, spans[index][0]) + 1
    if text[start : spans[index][0]].strip() not in ("", "-" if holder.id == "sequence" else ""):
        raise UsageError(f"'{last}' cannot be deleted here", mend="Do it in the text.")
    newline = text.find("\n", max(start, spans[index][1] - 1))
    return text[:start] + (text[newline + 1 :] if newline >= 0 else "")


def _entry(text: str, one: Any) -> tuple[int, int]:
    if isinstance(one, tuple):
        return one[0].start_mark.index, _span(text, one[1])[1]
    return _span(text, one)


def _span(text: str, node: Any) -> tuple[int, int]:
    """Where a value stands; PyYAML ends a block at the next token, and a text over several lines behind its line."""
    start, end = node.start_mark.index, node.end_mark.index
    if node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        return start, _span(text, last[1] if isinstance(last, tuple) else last)[1]
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return start, end


def _line_after(text: str, node: Any, line: str) -> str:
    """The text with a line behind the one on which a value ends."""
    newline = text.find("\n", _span(text, node)[1])
    if newline < 0:
        return f"{text}{_newline(text)}{line}{_newline(text)}"
    return f"{text[: newline + 1]}{line}{_newline(text)}{text[newline + 1 :]}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _text_of(item: Any) -> str:
    if item.id != "mapping":
        return str(item.value)
    return str(next((value.value for key, value in item.value if key.value == "text"), ""))


def scalar(value: str, *, quotes: bool = False) -> str:
    """A scalar in YAML, as it is read back: without quotes where none are needed and none are asked for."""
    plain = (_PLAIN.fullmatch(value) and value not in _RESERVED) or _NUMBER.fullmatch(value)
    return value if plain and not quotes else quoted(value)
