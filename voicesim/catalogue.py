"""The techniques, mistakes and conditions of the method: one table that every room reads.

An effect is what a finding does to anger the 1st, 2nd .. time it is heard in a call; the last number goes on. A
script may set its own. The ids are binding: scripts, findings, reports and tests use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from voicesim.model import Kind


class Evidence(StrEnum):
    """Where a finding can be seen: in one reply, in the call so far, or in the two sound channels."""

    REPLY = "reply"
    CALL = "call"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a finding does to anger: points the 1st, 2nd .. time; nothing while anger is below ``from_anger``."""

    by: tuple[int, ...]
    from_anger: int = 0

    def at(self, times_before: int) -> int:
        """Points for a finding that was heard ``times_before`` times already in the call.

        >>> [Effect(by=(-2, -1)).at(n) for n in range(4)]
        [-2, -1, -1, -1]
        """
        return self.by[min(times_before, len(self.by) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the catalogue: ``meaning`` completes "the trainee ..", ``source`` is a key of the rubric's sources."""

    id: str
    kind: Kind
    evidence: Evidence
    effect: Effect
    meaning: str
    source: str = "ours"
    critical: bool = False


def _entry(kind: Kind, row: tuple[str, str, tuple[int, ...], str, str]) -> Entry:
    entry_id, evidence, by, meaning, source = row
    from_anger = 5 if entry_id == "empathy" else 0
    return Entry(
        id=entry_id,
        kind=kind,
        evidence=Evidence(evidence),
        effect=Effect(by=by, from_anger=from_anger),
        meaning=meaning,
        source=source,
        critical=entry_id in ("disclosure", "hang_up_unannounced"),
    )


_TECHNIQUES = (
    ("greeting", "reply", (0,), "greeted the caller", "packard2024"),
    ("vent", "reply", (-1, 0), "invited the story and let it run", "herhausen2023"),
    ("empathy", "reply", (-2, -1), "named or validated the feeling", "levygigi2022"),
    ("acknowledge", "reply", (-2, -1), "took up the caller's own facts", "clark2013"),
    ("apology", "reply", (-1, 0), "apologised and owned it", "lewicki2016"),
    ("thank", "reply", (-1, 0), "thanked the caller", "packard2024"),
    ("closed_question", "reply", (0,), "asked a yes-or-no or a choice question", "industry"),
    ("fact_finding", "reply", (0,), "asked for one fact that the fix needs", "little2013"),
    ("refocus", "reply", (-1, 0), "led from the feeling to the fix", "little2013"),
    ("assurance", "reply", (-2, -1), "promised own effort, honestly limited", "marinova2018"),
    ("offer_solution", "reply", (-2, -1), "offered a concrete remedy", "little2013"),
    ("confirm_solution", "reply", (-1, 0), "checked that the remedy suits", "industry"),
    ("takeaway", "reply", (-1, 0), "gave something to hold on to", "packard2021"),
    ("refer", "reply", (0,), "handed over to someone who can do more, and said why", "industry"),
    ("set_limit", "reply", (0,), "set a respectful limit on abuse", "industry"),
    ("dont_know", "reply", (0,), "said what is not known, and how and when it will be", "ours"),
    ("concession", "reply", (-1, 0), "gave something small and real as goodwill", "ours"),
    ("redirect", "reply", (-1, 0), "gave a neutral task that breaks the loop", "kjaervik2024"),
    ("hold_asked", "reply", (0,), "asked before a hold and said how long", "industry"),
    ("close", "reply", (0,), "asked whether anything is left and ended warmly", "packard2024"),
    ("verify_identity", "call", (0,), "asked who is calling", "industry"),
)
_MISTAKES = (
    ("blame", "reply", (2,), "blamed the caller, a colleague or somebody else", "lewicki2016"),
    ("policy_wall", "reply", (1,), "gave rules instead of help", "little2013"),
    ("command_calm", "reply", (2,), "told the caller to calm down", "little2013"),
    ("dismiss", "reply", (2,), "made the feeling or the problem small", "herhausen2023"),
    ("defensive", "reply", (2,), "argued or contradicted", "rafaeli2012"),
    ("risky_humour", "reply", (2,), "joked toward an angry caller", "ours"),
    ("false_promise", "reply", (1,), "promised what an agent cannot give", "ours"),
    ("jargon", "reply", (1,), "used words that only the company knows", "packard2021"),
    ("hedge_sorry", "reply", (1,), "apologised without owning it", "lewicki2016"),
    ("over_talk", "reply", (1,), "talked long with no question and no remedy", "marinova2018"),
    ("wrong_fact", "call", (2,), "contradicted the facts", "ours"),
    ("disclosure", "call", (0,), "told account data before verification", "industry"),
    ("accept_abuse", "call", (0,), "let abuse pass a second time", "industry"),
    ("hang_up_unannounced", "call", (0,), "ended the call without a limit set before", "industry"),
    ("interrupt", "channels", (2,), "spoke over the caller", "industry"),
)
_CONDITIONS = (
    ("long_silence", "channels", (1,), "left 5 seconds of silence without a word why", "industry"),
    ("tense_delivery", "channels", (1,), "sounded tenser than your own baseline over three replies", "rueff2015"),
    ("calm_delivery", "channels", (-1,), "kept a calm delivery over three replies", "rueff2015"),
)

#: Every id with its row, in the order of the method.
CATALOGUE: Mapping[str, Entry] = {
    row[0]: _entry(kind, row)
    for kind, rows in ((Kind.TECHNIQUE, _TECHNIQUES), (Kind.MISTAKE, _MISTAKES), (Kind.CONDITION, _CONDITIONS))
    for row in rows
}
