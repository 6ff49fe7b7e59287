"""Two-minute drills: one line of a caller, one thing to do, judged at once; and when to do it again. Pure.

The spacing (:data:`STEPS_DAYS`) is our judgement (grade D, source ``ours``): that practice which is spread out holds
better than practice in one go is well known, these very days are not.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicesim.coach.delivery import PACE_WORDS
from voicesim.coach.practised import Practised
from voicesim.model import Finding, Kind, Phase

#: Days until a drill is due again; a good run moves one on, a poor one back to the first.
STEPS_DAYS = (1, 3, 7, 14)
#: From this share of right answers a run is good, below the second it is poor (0..1).
GOOD_SHARE, POOR_SHARE = 0.8, 0.5
#: A run of fewer items says nothing about when to practise again.
LEAST_ITEMS = 3
#: Pace is right within this share of one's own articulation rate.
OWN_BAND = 0.10
#: A caller's line of fewer words holds nothing to answer.
LEAST_WORDS = 5
PREDICT = "predict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One drill: what it asks (``ask``), which findings show it (none: pace), and from which lines it is practised.

    ``phases`` are those of the caller's lines and ``from_anger`` the anger (0..10) they begin at, ``abuse``: only lines
    that abuse the trainee, ``owned``: only where the briefing owns the mistake. ``helps`` are the
    findings and measures of a call that it is for; ``advice`` is where its better replies come from.
    """

    id: str
    title: str
    ask: str
    any_of: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = (Phase.CONTROL, Phase.ACKNOWLEDGE)
    from_anger: int = 0
    abuse: bool = False
    owned: bool = False

    @property
    def needs_sound(self) -> bool:
        """Whether it is about how a reply sounds: it needs sound and a baseline."""
        return not self.any_of


_ROWS = (
    Drill(
        id="acknowledge",
        title="Say the facts back",
        ask="Repeat the caller's own facts, or say that it is right to raise them. Nothing else.",
        any_of=("acknowledge",),
        helps=("acknowledge", "vent", "defensive", "risky_humour", "wrong_fact"),
    ),
    Drill(
        id="empathy",
        title="Name the feeling",
        ask="Name or validate the feeling in one sentence. You need not agree with anything.",
        any_of=("empathy",),
        helps=("empathy", "dismiss", "command_calm"),
        from_anger=5,
    ),
    Drill(
        id="apology",
        title="Apologise once, and own it",
        ask="Apologise in one sentence, without if and without but, and say whose mistake it is.",
        any_of=("apology",),
        helps=("apology", "hedge_sorry", "blame"),
        owned=True,
    ),
    Drill(
        id="refocus",
        title="Lead from the feeling to the fix",
        ask="Lead to what can be done now, without a word on the caller's mood.",
        any_of=("refocus", "redirect", "offer_solution", "assurance"),
        helps=("refocus", "redirect", "offer_solution", "assurance", "concession", "policy_wall", "false_promise"),
        phases=(Phase.ACKNOWLEDGE, Phase.REFOCUS),
    ),
    Drill(
        id="closed_question",
        title="Ask one short question",
        ask="Ask one question that is answered by yes, no, or one of two things.",
        any_of=("closed_question",),
        helps=("closed_question", "fact_finding", "verify_identity", "disclosure", "over_talk", "jargon"),
        phases=(Phase.ACKNOWLEDGE, Phase.REFOCUS),
    ),
    Drill(
        id="set_limit",
        title="Set a limit",
        ask="Say that you want to help, what has to stop, and what happens otherwise. Stay polite.",
        any_of=("set_limit",),
        helps=("set_limit", "accept_abuse", "hang_up_unannounced"),
        phases=tuple(Phase),
        abuse=True,
    ),
    Drill(
        id="pace",
        title="Answer at your own pace",
        ask="Answer aloud, in eight words or more, as fast as in your own neutral voice.",
        helps=("tense_delivery", "pace"),
    ),
)

#: Every drill of ``voicesim drill`` by its id, in the order in which a newcomer should try them.
DRILLS: Mapping[str, Drill] = {drill.id: drill for drill in _ROWS}


def drill_for(finding_id: str) -> str | None:
    """The drill that helps with a finding or a measure of a call, None if there is none.

    >>> drill_for("hedge_sorry"), drill_for("interrupt")
    ('apology', None)
    """
    return next((drill.id for drill in DRILLS.values() if finding_id in drill.helps), None)


def command_of(drill: str) -> str:
    """The command that begins a drill.

    >>> command_of("predict")
    'voicesim predict'
    """
    return "voicesim predict" if drill == PREDICT else f"voicesim drill {drill}"


# -- items ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A caller's line to be answered: the ids of its ``script`` and of itself (``line``), its mood, ``anger`` 0..10.

    ``owned``: the briefing says that the mistake was the company's own.
    """

    script: str
    line: str
    text: str
    mood: str
    anger: int
    phase: Phase
    abuse: bool = False
    owned: bool = False


def prompts_for(drill: Drill, prompts: Iterable[Prompt], *, seed: int) -> tuple[Prompt, ...]:
    """The lines that a drill can be practised with: in an order that ``seed`` decides, no script twice running.

    Very short lines hold nothing to answer, calm ones need no drill: both are left out.
    """
    fit = [p for p in prompts if _fits(drill, p)]
    ordered = sorted(fit, key=lambda p: hashlib.sha256(f"{seed} {p.script} {p.line}".encode()).digest())
    dealt: list[Prompt] = []
    while ordered:
        last = dealt[-1].script if dealt else None
        following = next((p for p in ordered if p.script != last), ordered[0])
        ordered.remove(following)
        dealt.append(following)
    return tuple(dealt)


def _fits(drill: Drill, prompt: Prompt) -> bool:
    if len(prompt.text.split()) < LEAST_WORDS or prompt.abuse is not drill.abuse:
        return False
    if drill.owned and not prompt.owned:
        return False
    return prompt.phase in drill.phases and prompt.mood != "calm" and prompt.anger >= drill.from_anger


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one answer: ``right``, what showed it, what was there for sure and hurts, and why if it was not.

    ``unsure``: what was asked for may be there; that is neither right nor held against anybody, and does not count.
    """

    right: bool
    shown: tuple[Finding, ...] = ()
    hurt: tuple[Finding, ...] = ()
    unsure: bool = False
    why: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is an item of the run."""
        return self.right or not self.unsure


def judged(drill: Drill, findings: Iterable[Finding]) -> Verdict:
    """Whether an answer shows what the drill asks for, and no mistake. Doubt does nothing: only sure findings do."""
    found = tuple(findings)
    shown = tuple(f for f in found if f.sure and f.id in drill.any_of)
    hurt = tuple(f for f in found if f.sure and f.kind is Kind.MISTAKE)
    unsure = not shown and not hurt and any(f.id in drill.any_of for f in found)
    return Verdict(right=bool(shown) and not hurt, shown=shown, hurt=hurt, unsure=unsure)


def judged_pace(rate_sps: float | None, own_sps: float, words: int) -> Verdict:
    """Whether an answer was within the own band of articulation rate (syllables a second); short ones do not count."""
    if words < PACE_WORDS or rate_sps is None:
        return Verdict(
            right=False, unsure=True, why=f"answer in {PACE_WORDS} words or more, so that pace can be measured"
        )
    change = rate_sps / own_sps - 1
    told = f"{rate_sps:.1f} syllables a second, your own neutral voice has {own_sps:.1f}"
    if abs(change) <= OWN_BAND:
        return Verdict(right=True, why=told)
    return Verdict(right=False, why=f"{told}: {abs(change):.0%} {'faster' if change > 0 else 'slower'}")


# -- when to practise again -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a drill is due again: ``at``, on which of :data:`STEPS_DAYS` it stands, and how many runs led there."""

    drill: str
    at: datetime
    step: int
    runs: int

    @property
    def days(self) -> int:
        """How many days lie between the last run and the next one."""
        return STEPS_DAYS[self.step]


def due(runs: Iterable[Practised], drill: str) -> Due | None:
    """When a drill is due again by the runs in the log; None if it was never run with items enough.

    The first run leads to 1 day. A good one (80 % right) that was due moves to the next of 1, 3, 7 and 14 days, a poor
    one (under 50 %) goes back to 1 day, and anything else keeps its number of days: who practises again and again on
    one day does not get there faster.
    """
    step, at, counted = 0, None, 0
    for run in sorted((r for r in runs if r.drill == drill and r.items >= LEAST_ITEMS), key=lambda r: r.at):
        if run.share < POOR_SHARE:
            step = 0
        elif at is not None and run.share >= GOOD_SHARE and run.at >= at:
            step = min(step + 1, len(STEPS_DAYS) - 1)
        at = run.at + timedelta(days=STEPS_DAYS[step])
        counted += 1
    return None if at is None else Due(drill=drill, at=at, step=step, runs=counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A drill to do now, and why that one, in a sentence."""

    drill: str
    why: str


def choose(runs: Sequence[Practised], weak: Sequence[tuple[str, str]], now: datetime) -> Chosen:
    """The drill to do now: for the weak spot unless it is not due yet, then what is due longest, then a new one.

    ``weak`` are drills with the reason that calls give for them, the costliest first. Pace is never chosen: it needs a
    baseline.
    """
    dates = {drill.id: due(runs, drill.id) for drill in DRILLS.values() if not drill.needs_sound}
    for drill, why in weak:
        date = dates.get(drill)
        if drill in dates and (date is None or date.at <= now):
            return Chosen(drill=drill, why=why)
    waiting = sorted((date for date in dates.values() if date and date.at <= now), key=lambda date: date.at)
    if waiting:
        since = (now - waiting[0].at).days
        late = "today" if since < 1 else f"for {since} {'day' if since == 1 else 'days'}"
        return Chosen(drill=waiting[0].drill, why=f"it has been due {late}")
    new = next((drill for drill, date in dates.items() if date is None and not DRILLS[drill].abuse), None)
    if new is not None:
        return Chosen(drill=new, why="nothing is due, and you have not tried this one yet")
    first = min((date for date in dates.values() if date), key=lambda date: date.at)
    return Chosen(drill=first.drill, why=f"nothing is due; this one would be next, on {first.at:%d %B}")
