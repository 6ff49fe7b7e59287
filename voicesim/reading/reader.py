"""Reads typed values out of a tree of nodes and refuses what does not fit, with file, line and a way to mend it."""

import difflib
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from voicesim.reading.codes import BAD_VALUE, MISSING_KEY, OTHER_FORMAT, UNKNOWN_ID, UNKNOWN_KEY, UNKNOWN_MOOD
from voicesim.reading.tree import Node

#: How alike (0..1, difflib's ratio) a key is to a missing one that it is told to be.
_MISSPELT = 0.75
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: What a value of these keys is the name of; of any other key an unknown word is a value that does not fit.
_NAMES = {
    "mood": UNKNOWN_MOOD,
    "reply_has": UNKNOWN_ID,
    "call_has": UNKNOWN_ID,
    "heard": UNKNOWN_ID,
    "reply_offers": UNKNOWN_ID,
}


def closest(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: the closest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(names)}."


class Fields:
    """The keys of one mapping, each taken once; :meth:`done` refuses what nobody took."""

    def __init__(self, node: Node, what: str) -> None:
        if not isinstance(node.value, dict):
            node.fail(f"{what} must be a list of `key: value` lines", "Indent its keys under it.")
        self.node = node
        self.what = what
        self._left: dict[str, Node] = dict(node.value)
        self._known: list[str] = []
        self._empty: dict[str, Node] = {}

    def take(self, key: str) -> Node | None:
        """The node of an optional key; an empty value counts as absent."""
        self._known.append(key)
        node = self._left.pop(key, None)
        if node is not None and node.value is None:
            self._empty[key] = node
            return None
        return node

    def need(self, key: str) -> Node:
        """The node of a required key."""
        return self.take(key) or self._lacking(key)

    def of_format(self, known: int) -> None:
        """Refuse a file whose ``format`` is not the ``known`` one."""
        form = self.need("format")
        if form.written != str(known):
            what = f"this is format {form.written or told(form.value)}"
            form.fail(what, f"This voicesim reads format {known}.", code=OTHER_FORMAT)

    def own_id(self) -> str:
        """The ``id`` by which a file is named in commands and folders."""
        node = self.need("id")
        name = text(node, "id")
        if not _ID.fullmatch(name):
            node.fail(f"the id '{name}' does not fit", "Use small letters, digits and hyphens.")
        return name

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless there is a default."""
        node = self.take(key)
        if node is None:
            return self._lacking(key) if default is None else default
        return text(node, key)

    def maybe_text(self, key: str) -> str | None:
        """A text or None."""
        node = self.take(key)
        return None if node is None else text(node, key)

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from ``low`` to ``high``; required unless there is a default."""
        node = self.take(key)
        if node is None:
            return self._lacking(key) if default is None else default
        return whole(node, key, low, high)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts (one text alone is a list of one); empty if the key is absent."""
        node = self.take(key)
        return () if node is None else texts(node, key)

    def choice(self, key: str, known: Iterable[str], default: str) -> str:
        """One of the known words, or the default."""
        node = self.take(key)
        return default if node is None else chosen(node, key, known)

    def pairs(self, key: str) -> dict[str, Node]:
        """A mapping of names to nodes; empty if the key is absent."""
        node = self.take(key)
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            node.fail(f"'{key}' must be a list of `name: value` lines", "Indent them under it.")
        return dict(node.value)

    def _lacking(self, key: str) -> NoReturn:
        if key in self._empty:
            what = f"{self.what} has '{key}' with nothing behind it"
            self._empty[key].fail(what, "Write its value.", code=MISSING_KEY)
        for near in difflib.get_close_matches(key, self._left, n=1, cutoff=_MISSPELT):
            what = f"{self.what} does not know the key '{near}'"
            self._left[near].fail(what, f"Did you mean '{key}'?", code=UNKNOWN_KEY)
        self.node.fail(f"{self.what} has no '{key}'", f"Add `{key}: ..` to it.", code=MISSING_KEY)

    def done(self) -> None:
        """Refuse the first key that nobody asked for."""
        for key, node in self._left.items():
            node.fail(f"{self.what} does not know the key '{key}'", closest(key, self._known), code=UNKNOWN_KEY)


def text(node: Node, what: str) -> str:
    """A text; a number is taken as it was written (``0471``, ``1.50``)."""
    if isinstance(node.value, str) and node.value.strip():
        return node.value
    if not isinstance(node.value, (int, float)) or isinstance(node.value, bool):
        node.fail(f"'{what}' must be a text, not {told(node.value)}", "Write words, in quotes if they look like code.")
    return node.written or str(node.value)


def texts(node: Node, what: str) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    if isinstance(node.value, list):
        return tuple(text(item, what) for item in node.value)
    return (text(node, what),)


def whole(node: Node, what: str, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``."""
    value = node.value
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        node.fail(f"'{what}' is {told(value)}", f"Write a whole number from {low} to {high}.")
    return value


def decimal(node: Node, what: str, low: float, high: float) -> float:
    """A number from ``low`` to ``high``."""
    value = node.value
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not low <= value <= high:
        node.fail(f"'{what}' is {told(value)}", f"Write a number from {low} to {high}.")
    return float(value)


def flag(node: Node | None, what: str) -> bool:
    """True or false; False if the node is absent."""
    if node is None:
        return False
    if not isinstance(node.value, bool):
        node.fail(f"'{what}' is {told(node.value)}", "Write true or false.")
    return node.value


def chosen(node: Node, what: str, known: Iterable[str]) -> str:
    """One of the known words."""
    names = list(known)
    name = node.value if node.written is None else node.written
    if name not in names:
        node.fail(f"'{what}' is {told(node.value)}", closest(str(name), names), code=_NAMES.get(what, BAD_VALUE))
    return str(name)


def told(value: Any) -> str:
    """A value as a message names it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "empty" if value is None or value == "" else f"'{value}'"
