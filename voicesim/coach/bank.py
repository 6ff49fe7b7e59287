"""The bank of better replies, and the one that fits a moment of a call.

A pattern is a reply with places: ``{name}`` the caller's first name and ``{you}`` the trainee's, ``{echo}`` and
``{Echo}`` what the caller just said, said back (:mod:`voicesim.coach.echo`), ``{fact}``, ``{amount}`` and ``{date}``
something she has named (:mod:`voicesim.coach.told`), ``{offer}`` what the briefing allows, as something to do,
``{verify}`` what it wants asked and ``{refer}`` to whom the trainee may hand on. A pattern whose places cannot be
filled from this call is not used. The patterns are data (``phrases/en.yaml``); the shell reads them and hands them in.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from string import Formatter
from zlib import crc32

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.echo import said_back
from voicesim.coach.told import told_facts
from voicesim.language.normal import mentions
from voicesim.model import Phase

#: How a reply may be worded; warm at the start and the end of a call, plain in between (packard2024).
REGISTERS = ("plain", "warm", "formal")
PLACES = frozenset(("name", "you", "echo", "Echo", "fact", "amount", "date", "offer", "verify", "refer"))
#: Places that make a reply one of this call and no other.
_OF_THIS_CALL = frozenset(("echo", "Echo", "fact", "amount", "date", "offer", "refer"))
_OURS = re.compile(
    r"\b(our (mistake|error|fault)|(mistake|error|fault) (was|is) ours|we (got|made|let)\b)", re.IGNORECASE
)
_APOLOGY = re.compile(rf"\b(sorry|apolog\w+)\b|{_OURS.pattern}", re.IGNORECASE)
#: What was said back is owned as a mistake only if it tells of one: what we did, or what went wrong.
_WENT_WRONG = re.compile(
    r"\b(we|we've|we're|we'd|twice|two times|(?:second|third|fourth|fifth) time|wrong|refused|closed|cancelled|stopped|"
    r"nobody|no one|nothing)\b",
    re.IGNORECASE,
)
#: What only fits a caller who has rung, and not one whom the trainee rings.
_RANG = re.compile(
    r"\b(right to (?:call|ring)|you rang|for (?:ringing|calling)|ring me|ringing (?:me|from)|rung us|contacted us|"
    r"how (?:can|may) i help|what (?:can|may) i (?:do|put right) for you)\b",
    re.IGNORECASE,
)
#: What only fits a caller who has told something, in a line of so many words.
_TOLD, _STORY = re.compile(r"\b(explained|described) that\b", re.IGNORECASE), 10
_FEELING = re.compile(r"\b(upset\w*|angry|anger|furious|frustrat\w+|awful)\b", re.IGNORECASE)
#: Below it, naming a feeling hurts (levygigi2022).
_NAMING_FROM_ANGER = CATALOGUE["empathy"].effect.from_anger
#: What to do where a second apology would be the advice: own it by what one does.
_NOT_AGAIN = {"apology": "assurance", "hedge_sorry": "assurance"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A better reply with places; no ``phases`` or ``registers`` means all of them, ``own`` that a trainer wrote it."""

    id: str
    text: str
    phases: tuple[Phase, ...] = ()
    registers: tuple[str, ...] = ()
    own: bool = False
    where: str = ""

    @property
    def needs(self) -> frozenset[str]:
        """The places to fill."""
        return places(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The patterns of one advice, and the techniques of which each of them ``shows`` at least one."""

    shows: tuple[str, ...]
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Advice id -> its patterns."""

    shelves: Mapping[str, Shelf]

    def patterns(self, advice_id: str) -> tuple[Pattern, ...]:
        """The patterns of one advice; empty if there are none."""
        shelf = self.shelves.get(advice_id)
        return () if shelf is None else shelf.patterns

    def with_own(self, own: "Bank") -> "Bank":
        """This bank with a trainer's patterns, which come first."""
        joined = dict(self.shelves)
        for advice_id, shelf in own.shelves.items():
            known = joined.get(advice_id, shelf)
            theirs = {pattern.id for pattern in shelf.patterns}
            kept = tuple(p for p in self.patterns(advice_id) if p.id not in theirs)
            joined[advice_id] = replace(known, patterns=(*shelf.patterns, *kept))
        return Bank(shelves=joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The moment of a call that a better reply is for.

    From the script: ``caller`` her name, ``you`` the trainee's, her ``facts``, ``offers`` key -> what the briefing
    allows as something to do ("pay it back"), ``may_not`` the phrases it rules out, ``verify`` what it wants asked,
    ``refer_to`` whom it names, ``ours`` whether it says that the mistake was the company's own, ``rings`` whether the
    caller rings, and not the trainee. ``register`` None is that of the phase. From the call: ``line`` what she just
    said, ``heard`` her lines before, ``already`` the ids that the trainee has shown in this reply and those before,
    ``offered`` the keys already offered, ``taken`` the advices this call was given, in order.
    """

    phase: Phase = Phase.CONTROL
    turn: int = 0
    anger: int | None = None
    register: str | None = None
    caller: str | None = None
    you: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)
    may_not: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    refer_to: str | None = None
    ours: bool = True
    rings: bool = True
    line: str | None = None
    heard: tuple[str, ...] = ()
    already: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Better:
    """A reply to try: its ``text``, which ``pattern`` it is, the techniques it ``shows`` one of, and the reason."""

    text: str
    pattern: str
    advice: str
    shows: tuple[str, ...]
    why: str
    source: str
    own: bool = False


def better_for(bank: Bank, advice_id: str, situation: Situation) -> Better | None:
    """The reply to try in that situation, the same for the same situation; None if none can be filled.

    It holds what this call is about where it can, in the register asked for. It never apologises again where that was
    done, names no feeling below the anger from which that helps, says nothing that the briefing rules out, owns no
    mistake that the briefing does not own, and is not one that the call was given while others are left. Raises
    InputError for an id without advice.
    """
    tips = advice(advice_id)
    fill = filling(situation)
    fitting = [p for p in bank.patterns(advice_id) if _fits(p, advice_id, situation, fill)]
    start = situation.turn + crc32((situation.caller or "").encode())
    turned = [fitting[(start + n) % len(fitting)] for n in range(len(fitting))]
    ranked = sorted(turned, key=lambda p: _rank(p, situation))
    # What the briefing rules out is looked for in one reply after the other: the first is nearly always free of it.
    best = next((p for p in ranked if not _forbidden(p.text.format_map(fill), situation)), None)
    if best is None:
        instead = _NOT_AGAIN.get(advice_id)
        return None if instead is None else better_for(bank, instead, situation)
    return Better(
        text=best.text.format_map(fill),
        pattern=best.id,
        advice=advice_id,
        shows=bank.shelves[advice_id].shows,
        why=tips.why,
        source=tips.source,
        own=best.own,
    )


def filling(situation: Situation) -> dict[str, str]:
    """What each place holds in that situation; places for which the call has nothing are not in it.

    What she just said comes first, then what she said before; what an advice of this call has said back already comes
    after what none has.

    >>> filling(Situation(caller="Megan Price", line="I paid it on Monday.", facts={"day": "Monday"}))
    {'name': 'Megan', 'echo': 'you paid it on Monday', 'Echo': 'You paid it on Monday', 'date': 'Monday'}
    """
    lines = _lines(situation)
    names = {word for value in situation.facts.values() for word in value.split() if word[:1].isupper()}
    surname = (situation.caller or "").split()[1:]
    # Who says a surname or spells a number says who is calling, and not what happened.
    told = [line for line in lines if not any(name in line for name in surname)]
    echoes = [said for line in told if (said := said_back(line, names))]
    echo = next((said for said in echoes if not _given(said, situation)), echoes[0] if echoes else None)
    fresh = {key: value for key, value in situation.facts.items() if not _given(value, situation)}
    open_offers = [do for key, do in situation.offers.items() if key not in situation.offered]
    offers = [do for do in open_offers or situation.offers.values() if not _forbidden(do, situation)]
    found = {
        "name": situation.caller and situation.caller.split()[0],
        "you": situation.you,
        "echo": echo,
        "Echo": echo and echo[0].upper() + echo[1:],
        **told_facts(situation.facts, lines),
        **told_facts(fresh, lines),
        "offer": offers[0] if offers else None,
        "verify": situation.verify[0] if situation.verify else None,
        "refer": situation.refer_to,
    }
    return {place: value for place, value in found.items() if value}


def _lines(situation: Situation) -> list[str]:
    """What she said, the latest first."""
    return [*((situation.line,) if situation.line else ()), *reversed(situation.heard)]


def _given(words: str, situation: Situation) -> bool:
    """Whether an advice of this call has said these words already."""
    return any(words.casefold() in text.casefold() for text in situation.taken)


def register_of(phase: Phase) -> str:
    """The register of a phase: warm at the start and the end of a call, competent in the middle.

    >>> register_of(Phase.REFOCUS)
    'plain'
    """
    return "plain" if phase is Phase.REFOCUS else "warm"


def _fits(pattern: Pattern, advice_id: str, situation: Situation, fill: Mapping[str, str]) -> bool:
    text, already, anger = pattern.text, situation.already, situation.anger
    if not pattern.needs <= fill.keys():
        return False
    if _OURS.search(text) and not (situation.ours and _may_own(pattern, fill)):
        return False
    if not situation.rings and _RANG.search(text):
        return False
    if "apology" in already and _APOLOGY.search(text):
        return False
    too_low = anger is not None and anger < _NAMING_FROM_ANGER
    return not (advice_id != "empathy" and too_low and _FEELING.search(text))


def _may_own(pattern: Pattern, fill: Mapping[str, str]) -> bool:
    """Whether what is said back in a reply that owns a mistake tells of one."""
    return "Echo" not in pattern.needs or _WENT_WRONG.search(fill["Echo"]) is not None


def _forbidden(text: str, situation: Situation) -> bool:
    return any(mentions(text, phrase) for phrase in situation.may_not)


def _rank(pattern: Pattern, situation: Situation) -> tuple[int, bool, bool, bool, bool, bool]:
    """What stands first is tried first.

    Not given yet, no praise for a story that she has not told, of this phase, the trainer's, of this call, in the
    register.
    """
    told = any(len(line.split()) >= _STORY for line in _lines(situation))
    register = situation.register or register_of(situation.phase)
    # Whoever is not heard yet does not hear a fix (herhausen2023).
    early = situation.phase in (Phase.CONTROL, Phase.ACKNOWLEDGE) and bool(pattern.needs & {"offer", "refer"})
    return (
        last_given(pattern, situation.taken),
        not told and _TOLD.search(pattern.text) is not None,
        early or (bool(pattern.phases) and situation.phase not in pattern.phases),
        not pattern.own,
        not pattern.needs & _OF_THIS_CALL,
        bool(pattern.registers) and register not in pattern.registers,
    )


def last_given(pattern: Pattern, taken: Sequence[str]) -> int:
    """When the pattern was last given: its place among the replies ``taken`` from 1, 0 for never."""
    form = _form(pattern.text)
    return max((n for n, text in enumerate(taken, 1) if text == pattern.id or form.fullmatch(text)), default=0)


@lru_cache(maxsize=2048)
def _form(text: str) -> re.Pattern[str]:
    parts = ((re.escape(before), name) for before, name, _, _ in Formatter().parse(text))
    return re.compile("".join(before + (".+" if name else "") for before, name in parts))


@lru_cache(maxsize=2048)
def places(text: str) -> frozenset[str]:
    """The names of the places to fill in a reply.

    >>> sorted(places("So {echo}."))
    ['echo']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def pattern_id(advice_id: str, text: str) -> str:
    """The id of a pattern; it changes with its text.

    >>> pattern_id("thank", "Thank you, {name}.")
    'thank-94dabce3'
    """
    return f"{advice_id}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def fitting_register(patterns: Iterable[Pattern], *, phase: Phase | None, register: str | None) -> tuple[Pattern, ...]:
    """The patterns for that phase and register; None asks for nothing."""
    return tuple(
        p
        for p in patterns
        if (phase is None or not p.phases or phase in p.phases)
        and (register is None or not p.registers or register in p.registers)
    )
