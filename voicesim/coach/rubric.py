"""What a rubric is: criteria that earn points, mistakes that cost them, errors that hold the total; and the sources.

The weights are data: ``coach/rubrics/carp.yaml`` is the rubric of voicesim, :mod:`voicesim.coach.rubric_file` reads it
and those of trainers (docs/rubrics.md). The sources are the research that advice and findings lean on. Grades: **A**
peer-reviewed on service calls, **B** peer-reviewed elsewhere, **C** industry norm, **D** our judgement. A source says
in which direction a behaviour works; how many points that is worth is always somebody's judgement (D).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from voicesim.errors import InputError
from voicesim.model import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a piece of advice comes from: a short citation, its sample, what was found and how strong it is (A..D)."""

    key: str
    citation: str
    sample: str
    finding: str
    grade: str


_ROWS = (
    (
        "clark2013",
        "Clark, Murfett, Rogers & Ang 2013, J. Business and Technical Communication",
        "289 stressful calls",
        "Saying the caller's facts back and attending to them helps; “I'm sorry” alone helps less.",
        "A",
    ),
    (
        "little2013",
        "Little, Kluemper, Nelson & Ward 2013, Personnel Psychology 66",
        "228 rated calls",
        "Talk about the problem lowers anger; talk that tries to steer the caller's emotion raises it.",
        "A",
    ),
    (
        "herhausen2023",
        "Herhausen et al. 2023, J. Marketing",
        "3 field and 3 lab studies, written complaints",
        "With a very upset customer, listening and empathy have to come before the fix.",
        "A",
    ),
    (
        "marinova2018",
        "Marinova, Singh & Singh 2018, J. Marketing Research",
        "111 filmed encounters",
        "Visible effort is credited even without a fix; an apology that goes on beyond about 7 s weakens it.",
        "A",
    ),
    (
        "packard2024",
        "Packard, Li & Berger 2024, J. Consumer Research",
        "23,958 moments of calls",
        "Calls go best when they are warm at the start and the end and competent in the middle.",
        "A",
    ),
    (
        "packard2021",
        "Packard & Berger 2021, J. Consumer Research 47",
        "over 1,000 contacts",
        "Concrete words (things, amounts, dates) tell customers that somebody listens.",
        "A",
    ),
    (
        "packard2018",
        "Packard, Moore & McFerran 2018, J. Marketing Research 55(4)",
        "field and lab",
        "“I” works better than “we”; more “you” does nothing or harm.",
        "A",
    ),
    (
        "rueff2015",
        "Rueff-Lopes et al. 2015, a Markov chain analysis of voice-to-voice calls",
        "967 calls",
        "What one side's voice does, the other side's voice takes up.",
        "A",
    ),
    (
        "walker2017",
        "Walker, van Jaarsveld & Skarlicki 2017, J. Applied Psychology 102",
        "434 events",
        "Insults aimed at a person, interruptions and missing kind words together make a call turn sour.",
        "A",
    ),
    (
        "rafaeli2012",
        "Rafaeli et al. 2012, J. Applied Psychology 97",
        "4 studies",
        "Aggression costs the agent memory and attention; taking the caller's view protects against it.",
        "A",
    ),
    (
        "slower2023",
        "SSRN 4580994 (2023)",
        "service calls and 5 experiments",
        "Agents who slowed from 5.22 to 4.63 syllables a second had 7.1 % more satisfied callers.",
        "A",
    ),
    (
        "kjaervik2024",
        "Kjærvik & Bushman 2024, Clinical Psychology Review 109",
        "154 studies",
        "Bringing arousal down reduces anger; letting it out again and again does not.",
        "B",
    ),
    (
        "lewicki2016",
        "Lewicki, Polin & Lount 2016, Negotiation and Conflict Management Research 9",
        "755 people",
        "Taking responsibility is the strongest part of an apology; offering repair comes second.",
        "B",
    ),
    (
        "levygigi2022",
        "Levy-Gigi & Shamay-Tsoory 2022, PLOS ONE",
        "laboratory",
        "Naming a feeling helps while it is strong and hurts while it is weak.",
        "B",
    ),
    (
        "rho2023",
        "Rho et al. 2023, PNAS",
        "577 police stops",
        "Stops that escalated began with orders and without a reason: the first 45 words told them apart.",
        "B",
    ),
    (
        "weinstein2018",
        "Weinstein, Zougkou & Paulmann 2018, J. Experimental Psychology: HPP",
        "laboratory",
        "A pressing voice is low, loud, fast and harsh; a supporting one is soft and slow.",
        "B",
    ),
    (
        "care2025",
        "arXiv 2505.02428 (2025)",
        "94 novices, randomised",
        "Practice without feedback made empathy worse; practice with feedback made it better.",
        "B",
    ),
    (
        "rehearsal2024",
        "Shaikh et al. 2024, Rehearsal, CHI",
        "40 people",
        "People who tried what-if replies used far fewer hardening moves afterwards.",
        "B",
    ),
    (
        "industry",
        "Contact-centre practice",
        "a norm, not a study",
        "Silence is announced, cross-talk stays low, abuse is met by a limit, a second one and an announced end.",
        "C",
    ),
    ("ours", "Our judgement", "not measured", "What experienced trainers would expect; to be tuned with them.", "D"),
)

#: Every source that a finding or a piece of advice may lean on, by key.
SOURCES: Mapping[str, Source] = {
    row[0]: Source(key=row[0], citation=row[1], sample=row[2], finding=row[3], grade=row[4]) for row in _ROWS
}


def source(key: str) -> Source:
    """The source of that key; raises InputError if there is none.

    >>> source("little2013").grade
    'A'
    """
    try:
        return SOURCES[key]
    except KeyError:
        raise InputError(f"there is no source {key!r}", where="rubric", mend="Use a key of SOURCES.") from None


class Qa(StrEnum):
    """What quality assurance in contact centres calls it: every criterion and every mistake is one of these."""

    GREETING = "greeting"
    LISTENING = "listening"
    EMPATHY = "empathy"
    OWNERSHIP = "ownership"
    COURTESY = "courtesy"
    VERIFICATION = "verification"
    DISCOVERY = "discovery"
    CALL_CONTROL = "call control"
    ACCURACY = "accuracy"
    RESOLUTION = "resolution"
    COMPLIANCE = "compliance"
    CLOSING = "closing"


class Needs(StrEnum):
    """When a criterion can be judged at all; otherwise its points leave the phase."""

    NOTHING = "nothing"
    SOUND = "sound"  # two sound channels: a typed call cannot be interrupted
    ANGER = "anger"  # an angry caller in the phase: below that, naming a feeling hurts
    ABUSE = "abuse"  # a line that abuses the trainee
    DELIVERY = "delivery"  # how replies sounded, shared by the trainee


class Measure(StrEnum):
    """What earns points without being a technique: it is read from the course of the call."""

    HEARD_OUT = "heard_out"
    HELPED = "helped"
    CALMER = "calmer"
    OUTCOME = "outcome"
    CALM_DELIVERY = "calm_delivery"  # only in a rubric that asks for it, only if the trainee shares it


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Something that earns ``points`` in ``phase``: any of the finding ids ``any_of``, or a ``measure``.

    Found in the turns of ``within`` (empty: anywhere) it earns all points, elsewhere half of them, rounded down.
    More than ``at_most`` replies with it earn half as well. ``title`` is a trainer's own sentence for what to do.
    """

    id: str
    phase: Phase
    points: int
    qa: Qa
    any_of: tuple[str, ...] = ()
    measure: Measure | None = None
    within: tuple[Phase, ...] = ()
    needs: Needs = Needs.NOTHING
    at_most: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a mistake costs each time, and what quality assurance calls that."""

    points: int
    qa: Qa


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """All that a score depends on besides the call; ``sha256`` is of the file that it was read from.

    ``mistake_times``: how often one mistake can cost points in one phase. ``goal_points``: what a missed goal of the
    script costs. After one of the ``critical`` errors the total is held at ``held_at``. ``naming_from_anger``: anger
    (0..10) from which naming the feeling is asked for. ``delivery``: the rubric asks how replies sounded.
    """

    id: str
    version: int
    title: str
    sha256: str
    criteria: tuple[Criterion, ...]
    mistakes: Mapping[str, Cost]
    mistake_times: int
    goal_points: int
    critical: tuple[str, ...]
    held_at: int
    naming_from_anger: int
    delivery: bool = False

    @property
    def label(self) -> str:
        """How a record names the rubric that it was scored with: id, version and the start of the hash."""
        return f"{self.id} {self.version} {self.sha256[:8]}"

    def phase_points(self, phase: Phase) -> int:
        """The points of a phase in which everything could be judged; what only abuse asks for comes on top."""
        return sum(c.points for c in self.criteria if c.phase is phase and c.needs is not Needs.ABUSE)


#: Where the shipped rubric holds the total after a critical error; the report explains a total by it.
CRITICAL_TOTAL = 49

#: In which phase a technique is at home, for goals of a script.
HOME: Mapping[str, Phase] = {
    **dict.fromkeys(("greeting", "vent", "hold_asked", "set_limit", "verify_identity"), Phase.CONTROL),
    **dict.fromkeys(("empathy", "acknowledge", "apology"), Phase.ACKNOWLEDGE),
    **dict.fromkeys(("closed_question", "fact_finding", "refocus", "redirect"), Phase.REFOCUS),
    **dict.fromkeys(
        (
            "offer_solution",
            "assurance",
            "confirm_solution",
            "takeaway",
            "refer",
            "dont_know",
            "concession",
            "close",
            "thank",
        ),
        Phase.SOLVE,
    ),
}
