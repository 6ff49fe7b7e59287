"""What a script holds, as values: one scripted caller with briefing, anger and steps."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from voicesim.catalogue import CATALOGUE, Effect
from voicesim.model import Ending, Line, Phase, ScriptRef

#: Moods from calmest to angriest; a script names a range of anger for each one it uses.
MOODS = ("calm", "annoyed", "angry", "furious")
#: Where lines stand that belong to no step; no step may have such a name.
SILENCE, ASIDE = "silence", "aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What the trainee reads before the call; ``may_offer`` and ``may_not`` map a name to the phrases that say it."""

    you_are: str
    you_see: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    may_offer: Mapping[str, tuple[str, ...]]
    may_not: Mapping[str, tuple[str, ...]]
    refer_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: ``facts`` name -> value, ``speed`` 1 is the persona's own, ``phone`` telephone or clear."""

    name: str
    about: str
    facts: Mapping[str, str]
    persona: str
    speed: float = 1.0
    phone: str = "telephone"
    when_interrupted: str = "talk_over"
    silence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Where the call goes when a number is reached (anger for ``hangs_up``, replies for ``gives_up``)."""

    at: int
    go: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AngerRules:
    """How this caller's anger (0..10) starts and moves; ``effects`` are the script's own, over the catalogue's."""

    start: int
    moods: Mapping[str, tuple[int, int]]
    effects: Mapping[str, Effect]
    hangs_up: Leave | None = None
    gives_up: Leave | None = None

    def mood(self, anger: int) -> str:
        """The mood whose range holds ``anger`` (0..10)."""
        return next(name for name, (low, high) in self.moods.items() if low <= anger <= high)

    def effect(self, finding_id: str) -> Effect:
        """What a finding does to this caller."""
        return self.effects.get(finding_id) or CATALOGUE[finding_id].effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to say a line: ``weight`` decides between equally used ones, ``coaching`` helps a trainer record it."""

    text: str
    weight: int = 1
    abuse: bool = False
    coaching: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What a rule asks of a reply; every part that is given must hold.

    ``reply_has`` any of these findings now, ``call_has`` all of these so far, ``reply_mentions`` any of these phrases,
    ``reply_offers`` any of these keys of ``may_offer``, ``mood`` any of these after the reply. ``lists`` names the
    lists of phrases that ``reply_mentions`` was written with: it decides nothing, and is for whoever reads the rule.
    """

    reply_has: tuple[str, ...] = ()
    call_has: tuple[str, ...] = ()
    reply_mentions: tuple[str, ...] = ()
    reply_offers: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    lists: tuple["PhraseList", ...] = field(default=(), compare=False)

    @property
    def mentioned(self) -> tuple[str, ...]:
        """What ``reply_mentions`` asks for in few words: a list of phrases by its name, everything else as it is."""
        listed = {phrase for one in self.lists for phrase in one.phrases}
        return (*(p for p in self.reply_mentions if p not in listed), *(one.name for one in self.lists))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseList:
    """A list of phrases that rules name instead of writing it out; ``line_number`` is where it stands."""

    name: str
    phrases: tuple[str, ...]
    line_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If ``when`` holds the call goes to step ``go``; ``line_number`` is where the file says so."""

    when: When
    go: str
    line_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """Where the call goes if no rule matched; the ``tries``-th reply in a step takes ``then``."""

    go: str
    tries: int | None = None
    then: str | None = None
    line_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A place in the call: what is said there in which mood, and where replies lead; ``end`` ends the call."""

    name: str
    say: Mapping[str, tuple[Wording, ...]]
    phase: Phase = Phase.SOLVE
    rules: tuple[Rule, ...] = ()
    otherwise: Otherwise | None = None
    end: Ending | None = None
    line_number: int = 0

    def targets(self) -> Iterator[tuple[str, int]]:
        """Every step this one can lead to by its rules, with the line of the file that says so."""
        for rule in self.rules:
            yield rule.go, rule.line_number
        if self.otherwise:
            yield self.otherwise.go, self.otherwise.line_number
            if self.otherwise.then:
                yield self.otherwise.then, self.otherwise.line_number


class ComplicationKind(StrEnum):
    """What can get in the way of a call: two kinds of sound around her lines, and an aside."""

    BAD_LINE = "bad_line"
    BABY_CRYING = "baby_crying"
    SAYS = "says"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complication:
    """Something that gets in the way from turn ``turn`` on (from 1: the opening line and its reply).

    A sound lies on the lines of so many turns (``lines``); an aside has its wordings in ``say``, by mood.
    """

    turn: int
    kind: ComplicationKind
    lines: int = 1
    say: Mapping[str, tuple[Wording, ...]] = field(default_factory=dict)
    line_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One scripted caller, as a trainer wrote it; ``file`` is the name used in messages.

    ``takes`` maps the id of a line to the file name of its chosen recording; where that lies, the shell knows.
    ``hears_delivery``: how a reply sounds may move this caller; no file says so, an official run takes it away.
    """

    id: str
    version: int
    title: str
    language: str
    direction: str
    difficulty: int
    content_note: str | None
    authors: tuple[str, ...]
    licence: str
    goals: Mapping[str, str]
    briefing: Briefing
    caller: Caller
    anger: AngerRules
    steps: Mapping[str, Step]
    sha256: str
    file: str = "script"
    patience_s: float | None = None
    stop_word: str = "stop the exercise"
    interrupts_after_s: float | None = None
    complications: tuple[Complication, ...] = ()
    phrase_lists: Mapping[str, PhraseList] = field(default_factory=dict)
    takes: Mapping[str, str] = field(default_factory=dict)
    hears_delivery: bool = True

    @property
    def first(self) -> Step:
        """The step that opens the call."""
        return next(iter(self.steps.values()))

    @property
    def ref(self) -> ScriptRef:
        """What a record keeps of this script."""
        return ScriptRef(id=self.id, version=self.version, sha256=self.sha256, title=self.title)

    def phrases(self) -> tuple[str, ...]:
        """Every phrase that a rule of this script listens for, each once."""
        found = (p for s in self.steps.values() for r in s.rules for p in r.when.reply_mentions)
        return tuple(dict.fromkeys(found))

    def lines(self) -> Iterator[Line]:
        """Every line the caller can say, asides and silence lines included, each id once if no text is there twice."""
        for step in self.steps.values():
            for mood, wordings in step.say.items():
                for wording in wordings:
                    yield line_of(step.name, mood, wording)
        for complication in self.complications:
            for mood, wordings in complication.say.items():
                for wording in wordings:
                    yield line_of(ASIDE, mood, wording)
        for mood in self.anger.moods:
            for text in self.caller.silence:
                yield line_of(SILENCE, mood, Wording(text=text))

    def sounds(self) -> Iterator[Line]:
        """Every line in every way in which it can sound: with its take, and under each sound that may lie on it."""
        plain = [replace(line, take=self.takes.get(line.id)) for line in self.lines()]
        effects = (c.kind.value for c in self.complications if c.kind is not ComplicationKind.SAYS)
        for effect in (None, *dict.fromkeys(effects)):
            yield from (replace(line, effect=effect) for line in plain)

    def effect(self, turns: int) -> str | None:
        """The sound that lies on a line said after ``turns`` replies; of two the one that began later."""
        heard = [
            c
            for c in self.complications
            if c.kind is not ComplicationKind.SAYS and c.turn - 1 <= turns < c.turn - 1 + c.lines
        ]
        return max(heard, key=lambda c: c.turn).kind.value if heard else None

    def aside(self, turns: int) -> Complication | None:
        """The aside that is due after ``turns`` replies."""
        return next((c for c in self.complications if c.kind is ComplicationKind.SAYS and c.turn - 1 == turns), None)


def line_of(step: str, mood: str, wording: Wording) -> Line:
    """The line for a wording; its id changes with its text, so that takes of an edited line are seen as orphans.

    >>> line_of("opening", "angry", Wording(text="Where is my money?")).id
    'opening-angry-8e804381'
    """
    digest = hashlib.sha256(wording.text.encode()).hexdigest()[:8]
    return Line(id=f"{step}-{mood}-{digest}", step=step, mood=mood, text=wording.text, abuse=wording.abuse)
