"""Writes a script file in one layout: order of keys, indentation, quotes and blank lines; comments stay. Pure.

A comment belongs to what stands below it, or before it on its line, and moves with that. Libraries that keep comments
hang them on what stands above, so that they would end at another key once keys are put in order.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from voicesim.errors import InputError
from voicesim.reading.tree import decode
from voicesim.script.load import load_script
from voicesim.script.model import Script

_ANY = "*"
#: The order of keys by the path of their mapping; keys that are not named stay behind the one that they followed.
_ORDER: dict[tuple[str, ...], str] = {
    (): "format id version title language direction difficulty content_note authors licence goals briefing caller "
    "anger patience_s interrupts stop_word complications phrases steps",
    ("briefing",): "you_are you_see verify may_offer may_not refer_to",
    ("caller",): "name about facts voice phone when_interrupted silence",
    ("caller", "voice"): "persona speed",
    ("anger",): "start moods lowered_by raised_by hangs_up gives_up",
    ("anger", "lowered_by", _ANY): "by from_anger",
    ("anger", "raised_by", _ANY): "by from_anger",
    ("complications",): "turn kind lines say",
    ("steps", _ANY): "phase say next end",
    ("steps", _ANY, "say", _ANY): "text weight abuse coaching",
    ("steps", _ANY, "next"): "when go otherwise tries then",
}
#: Where texts for people stand; they are always in double quotes.
_PROSE: tuple[tuple[str, ...], ...] = (
    ("title",),
    ("content_note",),
    ("authors",),
    ("licence",),
    ("stop_word",),
    ("goals", _ANY),
    ("briefing", "you_are"),
    ("briefing", "you_see"),
    ("briefing", "verify"),
    ("briefing", "refer_to"),
    ("caller", "name"),
    ("caller", "about"),
    ("caller", "facts", _ANY),
    ("caller", "silence"),
    ("anger", "moods", _ANY),
    ("complications", "say", _ANY),
    ("complications", "say", _ANY, "text"),
    ("steps", _ANY, "say", _ANY),
    ("steps", _ANY, "say", _ANY, "text"),
    ("steps", _ANY, "say", _ANY, "coaching"),
)
_PHRASES = (("briefing", "may_offer", _ANY), ("briefing", "may_not", _ANY))
_SECTIONS = frozenset("goals briefing caller anger complications phrases steps".split())
#: What means itself without quotes wherever it stands.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ ./-]+[A-Za-z0-9_]+)*")
#: A list that was broken over several lines stands in one line if that is no longer than this.
_SHORT = 90
#: Columns of a line of such a list.
_WIDTH = 120
_WORD = re.compile(r"[A-Za-z]+")
_RESERVED = frozenset(("true", "false", "null"))


def formatted(data: bytes, file: str) -> str:
    """The text of a script file in the layout; loading it gives the same script as before (but for its sha256).

    Raises ScriptError for a file that cannot be loaded.
    """
    before = load_script(data, file)
    text = laid_out(compose(decode(data, file)), decode(data, file), names=(*before.caller.facts, *before.phrase_lists))
    after = load_script(text.encode(), file)
    if meaning(before) != meaning(after):
        raise InputError(
            "this cannot be laid out without a change of its meaning", where=file, mend="It stays as it is."
        )
    return text


def compose(text: str) -> Any:
    """The nodes of a YAML text, as PyYAML makes them, with their places."""
    import yaml

    return yaml.compose(text, Loader=yaml.SafeLoader)


def laid_out(root: Any, text: str, *, names: Collection[str] = ()) -> str:
    """The nodes of ``text``, which may have been changed, written in the layout with the comments of ``text``.

    ``names`` are those of facts and of lists of phrases: what they name is not put in quotes.
    """
    return _Layout(root, text, frozenset(names)).text()


def meaning(script: Script) -> Script:
    """A script without what the layout of its file decides: the sha256, and the lines on which things stand."""
    steps = {
        name: replace(
            step,
            line_number=0,
            rules=tuple(replace(rule, line_number=0) for rule in step.rules),
            otherwise=step.otherwise and replace(step.otherwise, line_number=0),
        )
        for name, step in script.steps.items()
    }
    unplaced = tuple(replace(one, line_number=0) for one in script.complications)
    lists = {name: replace(one, line_number=0) for name, one in script.phrase_lists.items()}
    return replace(script, sha256="", steps=steps, complications=unplaced, phrase_lists=lists)


@dataclass(slots=True, kw_only=True)
class _Entry:
    """A key with its value, or an item of a list (no key), with its comments; ``first`` and ``last`` are lines."""

    key: Any
    value: Any
    first: int
    last: int
    above: list[str] = field(default_factory=list)
    behind: str | None = None


class _Layout:
    """One file on its way into the layout."""

    def __init__(self, root: Any, text: str, names: frozenset[str]) -> None:
        self._names = names
        self._source = text
        self._root = root
        self._scalars: list[tuple[int, int]] = []
        self._entries: dict[int, list[_Entry]] = {}
        self._all: list[_Entry] = []
        self._collect(self._root)
        self._footer: list[str] = []
        self._header = self._comments()

    def text(self) -> str:
        """The whole file."""
        lines = [*self._header, *self._block(self._root, (), 0), *self._footer]
        return "\n".join(lines).strip("\n") + "\n"

    def _collect(self, node: Any) -> None:
        """Every entry, outermost first, and the places of all scalars."""
        if not isinstance(node.value, list):
            self._scalars.append((node.start_mark.index, node.end_mark.index))
            return
        entries = self._entries[id(node)] = []
        for one in node.value:
            key, value = one if isinstance(one, tuple) else (None, one)
            first = (value if key is None else key).start_mark.line
            entry = _Entry(key=key, value=value, first=first, last=_last_line(value))
            entries.append(entry)
            self._all.append(entry)
            if key is not None:
                self._scalars.append((key.start_mark.index, key.end_mark.index))
            self._collect(value)

    def _comments(self) -> list[str]:
        """The head of the file; every other comment goes to the entry it belongs to."""
        inside = bytearray(len(self._source) + 1)
        for start, end in self._scalars:
            inside[start:end] = b"\1" * (end - start)
        header: list[str] = []
        waiting: list[str] = []
        blank, at, began = False, 0, False
        for number, line in enumerate(self._source.splitlines(keepends=True)):
            begins = [one for one in self._all if one.first == number]
            comment = _comment(line, inside, at)
            own = comment is not None and not line[: line.index(comment)].strip()
            if own and comment is not None:
                waiting += [*([""] if blank and (waiting or not began) else []), comment]
            elif begins:
                if began:
                    begins[0].above += waiting
                else:
                    header = [*waiting, *([""] if blank and waiting else [])]
                waiting, began = [], True
            if comment is not None and not own:
                ends = [one for one in self._all if one.last == number]
                (begins or ends[-1:] or self._all[:1])[0].behind = comment
            blank = not line.strip()
            at += len(line)
        self._footer = ["", *waiting] if waiting else []
        return [line for number, line in enumerate(header) if line or number]

    def _block(self, node: Any, path: tuple[str, ...], indent: int) -> list[str]:
        if not isinstance(node.value, list) or not node.value:
            return [" " * indent + self._inline(node, path)]
        lines: list[str] = []
        previous: _Entry | None = None
        for entry in self._ordered(node, path):
            new = self._entry(entry, path, indent)
            if previous is not None and _wants_blank(entry, previous, path):
                new.insert(0, "")
            lines += new
            previous = entry
        return lines

    def _ordered(self, node: Any, path: tuple[str, ...]) -> list[_Entry]:
        entries = self._entries[id(node)]
        known = next((keys.split() for at, keys in _ORDER.items() if _is(path, at)), None)
        if known is None or any(entry.key is None for entry in entries):
            return entries
        ranks, rank = [], -1
        for entry in entries:
            rank = known.index(entry.key.value) if entry.key.value in known else rank
            ranks.append(rank)
        return [entry for _, entry in sorted(zip(ranks, entries, strict=True), key=lambda pair: pair[0])]

    def _entry(self, entry: _Entry, path: tuple[str, ...], indent: int) -> list[str]:
        pad = " " * indent
        above = [pad + line if line else "" for line in entry.above]
        inner = path if entry.key is None else (*path, entry.key.value)
        value, behind = entry.value, f"  {entry.behind}" if entry.behind else ""
        start = "-" if entry.key is None else f"{_key(entry.key)}:"
        if not self._stands_below(value, inner):
            told = self._inline(value, inner)
            if "\n" in told:
                head, *rest = told.split("\n")
                return [*above, f"{pad}{start} {head}", *(f"{pad}  {line}" if line else "" for line in rest)]
            return [*above, f"{pad}{start} {told}".rstrip() + behind]
        if entry.key is not None and value.flow_style and self._is_plain_list(value):
            return [*above, f"{pad}{start}{behind}", *self._filled(value, inner, indent + 2)]
        below = self._block(value, inner, indent + 2)
        if entry.key is None:
            # The first key of an item stands on the line of its hyphen, unless a comment stands above it.
            if below[0].lstrip().startswith("#"):
                return [*above, f"{pad}-{behind}", *below]
            return [*above, f"{pad}- {below[0].strip()}{behind}", *below[1:]]
        return [*above, f"{pad}{start}{behind}", *below]

    def _stands_below(self, node: Any, path: tuple[str, ...]) -> bool:
        """Whether a value stands on lines of its own.

        What was written in one line stays so if no comment is in it; what was broken stands in one line if it is short.
        """
        if not isinstance(node.value, list) or not node.value:
            return False
        if not node.flow_style or self._has_comments(node):
            return True
        broken = node.start_mark.line != node.end_mark.line
        return broken and len(self._inline(node, path)) > _SHORT

    def _is_plain_list(self, node: Any) -> bool:
        items = self._entries[id(node)]
        return not self._has_comments(node) and all(
            one.key is None and not isinstance(one.value.value, list) for one in items
        )

    def _filled(self, node: Any, path: tuple[str, ...], indent: int) -> list[str]:
        """A list in brackets, broken where a line is full."""
        lines = [" " * indent + "["]
        for number, entry in enumerate(items := self._entries[id(node)]):
            told = self._inline(entry.value, path) + ("]" if number == len(items) - 1 else ",")
            if len(lines[-1]) + 1 + len(told) > _WIDTH and number:
                lines.append(" " * (indent + 1) + told)
            else:
                lines[-1] += told if not number else f" {told}"
        return lines

    def _has_comments(self, node: Any) -> bool:
        if not isinstance(node.value, list):
            return False
        entries = self._entries[id(node)]
        return any(one.above or one.behind or self._has_comments(one.value) for one in entries)

    def _inline(self, node: Any, path: tuple[str, ...]) -> str:
        if not isinstance(node.value, list):
            return self._scalar(node, path)
        entries = self._ordered(node, path)
        if (entries and entries[0].key is None) or (not entries and node.tag.endswith("seq")):
            return f"[{', '.join(self._inline(entry.value, path) for entry in entries)}]"
        pairs = (f"{_key(one.key)}: {self._inline(one.value, (*path, one.key.value))}" for one in entries)
        return "{" + ", ".join(pairs) + "}"

    def _scalar(self, node: Any, path: tuple[str, ...]) -> str:
        value: str = node.value
        if node.style in ("|", ">"):
            return self._raw(node)
        if node.style is None and value in ("", "~", "null"):
            return value
        plain = bool(_PLAIN.fullmatch(value)) and value not in _RESERVED
        if any(_is(path, at) for at in _PROSE):
            return quoted(value)
        if path[-1] == "reply_mentions" or _is(path, ("phrases", _ANY)):
            return value if node.style is None and plain and value in self._names else quoted(value)
        if any(_is(path, at) for at in _PHRASES):
            return value if node.style is None and _WORD.fullmatch(value) and plain else quoted(value)
        return value if plain or node.style is None else quoted(value)

    def _raw(self, node: Any) -> str:
        """A text over several lines (``|`` or ``>``) as it was written, without its indentation."""
        head, *lines = self._source[node.start_mark.index : node.end_mark.index].rstrip("\n").split("\n")
        widths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
        if not widths or re.search(r"\d", head):
            return quoted(node.value)
        return "\n".join([head, *(line[min(widths) :] for line in lines)])


def _comment(line: str, inside: bytearray, at: int) -> str | None:
    """The comment of a line that begins at index ``at`` of the source."""
    for column, letter in enumerate(line):
        if letter == "#" and not inside[at + column] and (column == 0 or line[column - 1] in " \t"):
            return line[column:].rstrip()
    return None


def _last_line(node: Any) -> int:
    """The line on which a value ends; the mark of a block is at the next token."""
    if isinstance(node.value, list) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line)


def _wants_blank(entry: _Entry, previous: _Entry, path: tuple[str, ...]) -> bool:
    if path == ():
        return not _SECTIONS.isdisjoint((entry.key.value, previous.key.value))
    return path == ("steps",) and not (_ends(entry) and _ends(previous))


def _ends(entry: _Entry) -> bool:
    keys = [one[0].value for one in entry.value.value if isinstance(one, tuple)]
    return "end" in keys


def _is(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(path) == len(wanted) and all(want in (have, _ANY) for have, want in zip(path, wanted, strict=True))


def _key(node: Any) -> str:
    value: str = node.value
    return value if node.style is None or (_PLAIN.fullmatch(value) and value not in _RESERVED) else quoted(value)


def quoted(text: str) -> str:
    r"""A text in double quotes, as YAML reads it back.

    >>> print(quoted('She said "no".'))
    "She said \"no\"."
    """
    return f'"{"".join(_escaped(letter) for letter in text)}"'


def _escaped(letter: str) -> str:
    known = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    if letter in known:
        return known[letter]
    # Line ends of Unicode and what is not printable would not come back as written.
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
