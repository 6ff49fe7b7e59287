"""Reads a file of better replies (``phrases/en.yaml``, or a trainer's own) into a bank; one line for each fault."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import ADVICE
from voicesim.coach.bank import PLACES, REGISTERS, Bank, Pattern, Shelf, pattern_id, places
from voicesim.errors import ScriptError
from voicesim.model import Kind, Phase
from voicesim.reading.codes import UNKNOWN_ID, UNKNOWN_KEY
from voicesim.reading.reader import Fields, chosen, closest, text, texts
from voicesim.reading.tree import Node, decode, parse

FORMAT = 1
_LONGEST = 240
_UNFILLED = re.compile(r"\[[^\]]*\]|<[^>]*>|\.\.\.\.|____")


@dataclass(slots=True)
class _Faults:
    """The faults found so far, each with its line."""

    found: list[ScriptError] = field(default_factory=list)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if isinstance(error, ScriptError):
            self.found.append(error)
            return True
        return False


def read_bank(data: bytes, file: str, *, own: bool = False) -> tuple[Bank, tuple[ScriptError, ...]]:
    """The bank in a file and its faults, in the order of the file; a pattern with a fault is not in the bank.

    ``own`` marks its patterns as the trainer's.
    """
    faults, shelves = _Faults(), dict[str, Shelf]()
    with faults:
        top = Fields(parse(decode(data, file), file), "the file of phrases")
        top.of_format(FORMAT)
        chosen(top.need("language"), "language", ("en",))
        entries = top.pairs("advice")
        top.done()
        for name, node in entries.items():
            with faults:
                shelves[name] = _shelf(name, node, faults, own=own)
    return Bank(shelves=shelves), tuple(faults.found)


def load_bank(data: bytes, file: str, *, own: bool = False) -> Bank:
    """The bank in a file. Raises ScriptError (``file:line``) for its first fault."""
    bank, faults = read_bank(data, file, own=own)
    if faults:
        raise faults[0]
    return bank


def _shelf(name: str, node: Node, faults: _Faults, *, own: bool) -> Shelf:
    if name not in ADVICE:
        node.fail(f"there is no technique, mistake or measure '{name}'", closest(name, ADVICE), code=UNKNOWN_ID)
    fields = Fields(node, f"'{name}'")
    shown = fields.take("shows")
    shows = (name,) if shown is None else tuple(_technique(one, shown) for one in texts(shown, "shows"))
    if CATALOGUE.get(name) is None or CATALOGUE[name].kind is not Kind.TECHNIQUE:
        # What stands for a mistake or a measure has to be told; a trainer's file may leave it to the shipped one.
        shows = shows if shown is not None or not own else ()
    patterns: list[Pattern] = []
    for register in (*REGISTERS, "any"):
        sentences = fields.take(register)
        for item in () if sentences is None else _items(sentences):
            with faults:
                patterns.append(_pattern(name, register, item, patterns, own=own))
    fields.done()
    return Shelf(shows=shows, patterns=tuple(patterns))


def _technique(name: str, node: Node) -> str:
    techniques = [entry.id for entry in CATALOGUE.values() if entry.kind is Kind.TECHNIQUE]
    if name not in techniques:
        node.fail(f"'shows' names '{name}', which is no technique", closest(name, techniques), code=UNKNOWN_ID)
    return name


def _items(node: Node) -> Iterator[Node]:
    yield from node.value if isinstance(node.value, list) else [node]


def _pattern(name: str, register: str, node: Node, before: list[Pattern], *, own: bool) -> Pattern:
    phases: tuple[Phase, ...] = ()
    say = node
    if isinstance(node.value, dict):
        fields = Fields(node, "the reply")
        say = fields.need("say")
        if (where := fields.take("phases")) is not None:
            phases = tuple(Phase(_phase(one, where)) for one in texts(where, "phases"))
        fields.done()
    sentence = " ".join(text(say, "say").split())
    _check(sentence, say)
    found = pattern_id(name, sentence)
    if any(pattern.id == found for pattern in before):
        say.fail("this reply stands there twice", "Keep one of them.")
    registers = () if register == "any" else (register,)
    return Pattern(id=found, text=sentence, phases=phases, registers=registers, own=own, where=f"{say.file}:{say.line}")


def _phase(name: str, node: Node) -> str:
    if name not in tuple(Phase):
        node.fail(f"'{name}' is no phase", closest(name, [phase.value for phase in Phase]))
    return name


def _check(sentence: str, node: Node) -> None:
    """Refuse what would be read aloud wrong: places that nothing fills, gaps to fill by hand, a speech."""
    try:
        unknown = places(sentence) - PLACES
    except ValueError:
        node.fail("a bracket { or } stands alone", "Write places as {name}, without anything else in them.")
    if unknown:
        one = min(unknown)
        node.fail(f"nothing fills the place {{{one}}}", closest(one, PLACES), code=UNKNOWN_KEY)
    if re.search(r"\{\w*[^\w}]", sentence):
        node.fail("a place holds more than its name", "Write places as {name}, without anything else in them.")
    if gap := _UNFILLED.search(sentence):
        node.fail(f"'{gap[0]}' would be read aloud", "Use a place like {you} or {name}, or other words.")
    if len(sentence) > _LONGEST:
        node.fail(f"has {len(sentence)} characters", f"Keep a reply under {_LONGEST}: two sentences are enough.")
