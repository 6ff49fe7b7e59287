"""A call: lines, the caller's state, turns, what came of them and the feedback."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from voicesim.model.replies import Baseline, Reply
from voicesim.model.sounds import Span


class Phase(StrEnum):
    """The four phases of a call (METHOD: CARP)."""

    CONTROL = "control"
    ACKNOWLEDGE = "acknowledge"
    REFOCUS = "refocus"
    SOLVE = "solve"


class Ending(StrEnum):
    """How a call ended."""

    RESOLVED = "resolved"
    REFERRED = "referred"
    LIMIT_ENDED = "limit_ended"
    ESCALATED = "escalated"
    HUNG_UP = "hung_up"
    GAVE_UP = "gave_up"
    ABANDONED = "abandoned"
    STOPPED = "stopped"
    INCOMPLETE = "incomplete"

    @property
    def good(self) -> bool | None:
        """True for a good ending, False for a bad one, None for one that is not judged."""
        if self in (Ending.RESOLVED, Ending.REFERRED, Ending.LIMIT_ENDED):
            return True
        return None if self in (Ending.STOPPED, Ending.INCOMPLETE) else False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the caller says: ``id`` is ``step-mood-hash`` of the text; ``take`` names a chosen recording, if any.

    ``effect`` is the sound that lies on it (``bad_line``, ``baby_crying``), if any.
    """

    id: str
    step: str
    mood: str
    text: str
    take: str | None = None
    abuse: bool = False
    effect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """One reason why anger moved by ``delta`` points (0 if it was heard without effect).

    ``cause`` is the id of a technique, mistake or condition (or ``limit`` where the sum was held in its bounds),
    ``rule`` says in words which rule applied, ``quote`` and ``value`` are the evidence.
    """

    cause: str
    delta: int
    rule: str
    quote: str | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """Everything the caller remembers: small, saved before and after every turn, enough to resume or retry.

    ``anger`` 0..10, ``turn`` counts replies, ``tries`` replies in this step, ``heard`` how often each finding id was
    heard in the call, ``used`` how often each line id was said, ``silences`` silent waits in a row, ``tension`` the
    tension scores of the last three replies that have one, ``settled`` the phases in which delivery already moved
    anger, ``was_angry`` whether anger has been 6 or more, ``said`` short hashes of sentences already heard, ``aside``
    the id of an aside that waits for its reply: the line of the step comes after that.
    """

    step: str
    anger: int
    seed: int
    turn: int = 0
    tries: int = 0
    heard: Mapping[str, int] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    last_line: str | None = None
    phase: Phase = Phase.CONTROL
    silences: int = 0
    tension: tuple[float, ...] = ()
    settled: tuple[Phase, ...] = ()
    was_angry: bool = False
    said: tuple[str, ...] = ()
    aside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A line and its reply (None if the trainee stayed silent or the call ended with this line).

    ``line_span`` is when the line sounded (None for typed calls). ``before`` is the state as the line was said,
    ``after`` the state as the reply left it.
    """

    line: Line
    reply: Reply | None
    before: CallState
    after: CallState
    influences: tuple[Influence, ...] = ()
    line_span: Span | None = None
    phase: Phase = Phase.CONTROL


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a detector may know besides the words of one reply; all empty for a reply without a call.

    ``facts`` name -> value in the script's own words, ``verify`` what to ask before account data are told, ``screen``
    the account data themselves, ``phrases`` what the script's rules listen for, ``said`` texts of the trainee's
    earlier replies, ``asked_who`` whether the caller was asked who she is, ``abuse_passed`` how many abusive lines went
    by without a limit, ``anger`` 0..10 as the caller's last line was said.
    """

    turn: int | None = None
    phase: Phase | None = None
    caller_line: str | None = None
    caller_lines: tuple[str, ...] = ()
    caller_name: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    may_offer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    may_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    verify: tuple[str, ...] = ()
    screen: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    asked_who: bool = False
    abuse_passed: int = 0
    anger: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRef:
    """Which script a call used, exactly."""

    id: str
    version: int
    sha256: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """A part of a score: ``points`` of ``of``, or None where nothing could be judged."""

    points: int | None
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point or a missed point of the feedback, with its evidence and a better way.

    ``turn`` counts from 1, ``effect`` is what anger did at that turn, ``better`` a reply to try instead, ``why`` the
    reason and ``source`` its key. ``points`` count towards ``phase``, where ``of`` points could be earned; a moment
    without points is an observation, or, where it has a ``phase``, something that could not be judged. ``looked_for``
    says, of what was not observed, what would have counted and in which turns it was looked for. ``criterion`` is the
    id of the rubric's criterion that the points are for: ``empathy`` may have earned what ``vent`` asks for.
    """

    id: str
    turn: int | None
    title: str
    quote: str | None
    why: str
    better: str | None = None
    effect: int | None = None
    source: str | None = None
    span: Span | None = None
    points: int | None = None
    of: int | None = None
    phase: Phase | None = None
    looked_for: str | None = None
    criterion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a trainee takes along; ``total`` 0..100, None for a call that is not judged.

    ``key_moments`` are the three moments that mattered at most: ``temper`` (the largest change of temper),
    ``first_words`` (the first 45 words) and ``close`` (how the call was brought to its end), by their ids.
    """

    total: int | None
    phases: Mapping[Phase, ScorePart]
    strengths: tuple[Moment, ...] = ()
    next_steps: tuple[Moment, ...] = ()
    moments: tuple[Moment, ...] = ()
    rubric: str = "1"
    key_moments: tuple[Moment, ...] = ()


class Change(StrEnum):
    """What is different about one reply in a branch of a call."""

    AS_GIVEN = "as_given"
    WITHOUT = "without"
    WITH = "with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Where a call leads with one reply changed and every later reply as it was given.

    ``ids`` are what the reply is without (mistakes) or with (techniques, offers, phrases that a rule waits for).
    ``path`` are the steps from that of the reply on, ``anger`` the caller's anger at each of them: ``anger[0]`` is what
    the reply met, ``anger[n]`` what the n-th reply or silence after that left. ``ending`` is the script's, or None
    where the replies run out first: the call then ``goes_on_at`` that step.
    """

    change: Change
    ids: tuple[str, ...]
    path: tuple[str, ...]
    anger: tuple[int, ...]
    ending: Ending | None = None
    goes_on_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A turning point (``turn`` counts from 1) and its branches: first the reply as it was given, then changed."""

    turn: int
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """How difficult a call was made: ``level`` 0 (gentle) .. 4, and what that changed in the script, in words."""

    level: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A whole call as it is stored in ``call.json``.

    ``official``: a run that a trainer asked for; every other one is private practice. ``clock`` holds everything that
    depends on the wall clock and the call's own id, so that two runs with one seed are equal elsewhere.
    """

    script: ScriptRef
    seed: int
    engines: Mapping[str, str]
    ending: Ending
    turns: tuple[Turn, ...]
    trainee: str = "you"
    baseline: Baseline | None = None
    delivery_moves_caller: bool = False
    official: bool = False
    feedback: Feedback | None = None
    what_if: tuple[WhatIf, ...] = ()
    unused_replies: tuple[str, ...] = ()
    moods: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    dial: Dial | None = None
    clock: Mapping[str, Any] = field(default_factory=dict)
