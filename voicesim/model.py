"""The data that rooms hand to each other: frozen, keyword-only values with the unit in the name.

Unknown is ``None``, never 0. A :class:`Span` counts samples at 16 kHz; seconds appear at the output only.
Mappings are read-only by agreement: whoever changes one makes a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: The one clock of a call: microphone samples a second.
RATE_HZ = 16_000
#: Samples in one frame of a call (20 ms).
FRAME = 320

#: float32[n], mono, finite, nominally within -1..1.
Samples = NDArray[np.float32]


class Phase(StrEnum):
    """The four phases of a call (METHOD: CARP)."""

    CONTROL = "control"
    ACKNOWLEDGE = "acknowledge"
    REFOCUS = "refocus"
    SOLVE = "solve"


class Kind(StrEnum):
    """What a finding is: something to keep, something to leave out, or a circumstance."""

    TECHNIQUE = "technique"
    MISTAKE = "mistake"
    CONDITION = "condition"


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
class Span:
    """A stretch of time, ``start`` (included) to ``end`` (excluded), in samples at 16 kHz."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Length in samples."""
        return self.end - self.start

    @property
    def start_s(self) -> float:
        """Start in seconds, for output."""
        return self.start / RATE_HZ

    @property
    def end_s(self) -> float:
        """End in seconds, for output."""
        return self.end / RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length in seconds, for output."""
        return self.length / RATE_HZ

    def shifted(self, samples: int) -> "Span":
        """The same span, ``samples`` later."""
        return Span(start=self.start + samples, end=self.end + samples)

    def overlap(self, other: "Span") -> int:
        """How many samples two spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """Mono sound: ``samples`` float32[n] nominally within -1..1, ``rate_hz`` samples a second."""

    samples: Samples
    rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognized word; ``confidence`` 0..1, None if the recognizer gives none."""

    text: str
    span: Span
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What a recognizer heard; ``engine`` names it (``"typed"`` for typed replies, whose words have empty spans)."""

    words: tuple[Word, ...]
    text: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A technique, mistake or condition, with the evidence for it.

    ``turn`` counts from 1 (None outside a call). ``quote`` are the words that carry it, ``span`` where they were
    spoken. ``confidence`` is 0..1; below its line a finding is ``sure=False``: shown, but it never scores or moves
    anger. ``measure`` names what was measured, with ``value`` and ``threshold`` in the measure's unit.
    ``source`` is a key of :data:`voicesim.coach.rubric.SOURCES`.
    """

    kind: Kind
    id: str
    turn: int | None = None
    span: Span | None = None
    quote: str | None = None
    confidence: float = 1.0
    sure: bool = True
    measure: str | None = None
    value: float | None = None
    threshold: float | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One transcript and what was found in it."""

    transcript: Transcript
    findings: tuple[Finding, ...] = ()

    def has(self, finding_id: str) -> bool:
        """Whether a sure finding of that id is there."""
        return any(f.sure and f.id == finding_id for f in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a reply sounded. Every measure that could not be taken is None, with the reason in ``abstained``.

    ``_s`` seconds, ``_sps`` syllables a second, ``_stps`` semitones a second, ``_db`` decibels, ``_st`` semitones;
    ``_re_baseline`` is the difference from the trainee's own baseline (``f0_velocity_sps_re_baseline`` is in semitones
    a second: others parse that name). ``tension`` is the score of the tension model: about -5 at the own baseline, calm
    up to -1, raised up to 1, tense above (docs/delivery.md); ``tension_band`` says so in a word. ``calibrated`` says
    whether a baseline was used.
    """

    speech_s: float
    articulation_rate_sps: float | None = None
    speech_rate_sps: float | None = None
    words_per_minute: float | None = None
    pause_share: float | None = None
    longest_pause_s: float | None = None
    reply_gap_s: float | None = None
    level_dbfs: float | None = None
    level_db_re_baseline: float | None = None
    level_slope_db_per_min: float | None = None
    f0_median_st: float | None = None
    f0_median_st_re_baseline: float | None = None
    f0_spread_st: float | None = None
    f0_velocity_stps: float | None = None
    f0_velocity_sps_re_baseline: float | None = None
    alpha_db: float | None = None
    alpha_db_re_baseline: float | None = None
    tension: float | None = None
    tension_band: str | None = None
    snr_db: float | None = None
    clipped_share: float | None = None
    calibrated: bool = False
    abstained: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A trainee's own neutral delivery through one headset: numbers only, no sound.

    ``f0_median_st`` is in semitones above 1 Hz (12 log2 of Hz).
    """

    trainee: str
    headset: str
    f0_median_st: float
    alpha_db: float
    f0_velocity_stps: float
    level_dbfs: float
    articulation_rate_sps: float | None
    speech_s: float
    snr_db: float | None
    made_utc: str


class OverlapKind(StrEnum):
    """What speaking during the caller's line was; ``EARLY`` is a reply that began in the last moments of a line."""

    BACKCHANNEL = "backchannel"
    INTERRUPTION = "interruption"
    EARLY = "early"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A stretch in which the trainee spoke while the caller's line was playing."""

    span: Span
    kind: OverlapKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the trainee answered: the live understanding the caller reacts to and the final one that is scored.

    ``span`` runs from the first to the last speech of the reply; ``speech`` are its stretches of speech without the
    pauses. ``offers`` are keys of the script's ``may_offer`` that the live transcript contains, ``mentions`` the
    phrases of the script's rules. Typed replies have empty spans and no delivery.
    """

    span: Span
    live: Heard
    final: Heard
    delivery: Delivery | None = None
    speech: tuple[Span, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    offers: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the caller says: ``id`` is ``step-mood-hash`` of the text; ``take`` names a chosen recording, if any."""

    id: str
    step: str
    mood: str
    text: str
    take: str | None = None
    abuse: bool = False


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
    anger, ``was_angry`` whether anger has been 6 or more, ``said`` short hashes of sentences already heard.
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
    earlier replies, ``verified`` whether the caller was verified before, ``abuse_passed`` how many abusive lines went
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
    verified: bool = False
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
    without points is an observation.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a trainee takes along; ``total`` 0..100, None for a call that is not judged."""

    total: int | None
    phases: Mapping[Phase, ScorePart]
    strengths: tuple[Moment, ...] = ()
    next_steps: tuple[Moment, ...] = ()
    moments: tuple[Moment, ...] = ()
    rubric: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A whole call as it is stored in ``call.json``.

    ``clock`` holds everything that depends on the wall clock and the call's own id, so that two runs with one seed
    are equal elsewhere.
    """

    script: ScriptRef
    seed: int
    engines: Mapping[str, str]
    ending: Ending
    turns: tuple[Turn, ...]
    trainee: str = "you"
    baseline: Baseline | None = None
    delivery_moves_caller: bool = False
    feedback: Feedback | None = None
    unused_replies: tuple[str, ...] = ()
    moods: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    clock: Mapping[str, Any] = field(default_factory=dict)
