"""What is known of a reply: its words, what was found in them, how it sounded and whom it overlapped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voicesim.model.sounds import Span


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


class Kind(StrEnum):
    """What a finding is: something to keep, something to leave out, or a circumstance."""

    TECHNIQUE = "technique"
    MISTAKE = "mistake"
    CONDITION = "condition"


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
    centroid_st: float | None = None
    centroid_st_re_baseline: float | None = None
    tension: float | None = None
    tension_band: str | None = None
    snr_db: float | None = None
    clipped_share: float | None = None
    calibrated: bool = False
    abstained: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A trainee's own neutral delivery through one headset: numbers only, no sound.

    ``f0_median_st`` and ``centroid_st`` are in semitones above 1 Hz (12 log2 of Hz). One without ``centroid_st`` was
    measured in an earlier way: records keep it, and nothing is compared with it.
    """

    trainee: str
    headset: str
    f0_median_st: float
    alpha_db: float
    centroid_st: float | None = None
    f0_velocity_stps: float
    level_dbfs: float
    articulation_rate_sps: float | None
    speech_s: float
    snr_db: float | None
    made_utc: str


class OverlapKind(StrEnum):
    """What speaking during the caller's line was.

    ``EARLY`` is a reply that began in the last moments of a line; ``CUT_IN`` is the end of a reply that the caller cut
    into.
    """

    BACKCHANNEL = "backchannel"
    INTERRUPTION = "interruption"
    EARLY = "early"
    CUT_IN = "cut_in"


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
