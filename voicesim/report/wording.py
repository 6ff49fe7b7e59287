"""Words and numbers that the terminal, the HTML report and ``analyse`` share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import ADVICE
from voicesim.coach.rubric import CRITICAL_TOTAL
from voicesim.model import CallRecord, Ending, Feedback, Influence, Kind, Phase, ScorePart

if TYPE_CHECKING:
    from voicesim.language.wording import Wording

PHASE_NAMES = {
    Phase.CONTROL: "Control",
    Phase.ACKNOWLEDGE: "Acknowledge",
    Phase.REFOCUS: "Refocus",
    Phase.SOLVE: "Problem-solve",
}
PHASE_JOBS = {
    Phase.CONTROL: "greet, and let the story come out",
    Phase.ACKNOWLEDGE: "say the facts back, name the feeling, own it",
    Phase.REFOCUS: "lead from the feeling to the fix",
    Phase.SOLVE: "offer, confirm, give something to hold on to",
}
_ENDINGS = {
    Ending.RESOLVED: "The call was resolved",
    Ending.REFERRED: "The call was handed over to someone who can do more",
    Ending.LIMIT_ENDED: "You ended the call within your limits, and announced it",
    Ending.ESCALATED: "The caller took it further up",
    Ending.HUNG_UP: "The caller hung up",
    Ending.GAVE_UP: "The caller gave up",
    Ending.ABANDONED: "You left the call before it was over",
    Ending.STOPPED: "The call was stopped and is not judged",
    Ending.INCOMPLETE: "The call is incomplete and is not judged",
}


def name_of(finding_id: str) -> str:
    """The short name of a finding.

    >>> name_of("acknowledge")
    'saying the facts back'
    """
    return ADVICE[finding_id].name if finding_id in ADVICE else finding_id.replace("_", " ")


def what_you_did(finding_id: str) -> str:
    """What the trainee did, as the end of a sentence.

    >>> what_you_did("command_calm")
    'you told the caller to calm down'
    """
    return f"you {CATALOGUE[finding_id].meaning}" if finding_id in CATALOGUE else name_of(finding_id)


def signed(points: int) -> str:
    """A number with its sign; a true minus for reading.

    >>> signed(-2), signed(1), signed(0)
    ('−2', '+1', '0')
    """
    return "0" if points == 0 else f"{points:+d}".replace("-", "−")


def one_decimal(value: float) -> str:
    """A difference with its sign and one decimal; a true minus for reading, and no sign where nothing is left.

    >>> one_decimal(-1.26), one_decimal(0.31), one_decimal(-0.04)
    ('−1.3', '+0.3', '0.0')
    """
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0.0"


def why_anger_moved(influence: Influence) -> str:
    """An influence in words: what was done, the quote and the rule."""
    quote = f": “{influence.quote}”" if influence.quote else ""
    if influence.cause not in CATALOGUE:
        return f"{influence.rule}{quote}" if influence.rule else f"{name_of(influence.cause)}{quote}"
    rule = f", {influence.rule}" if influence.rule and influence.rule != influence.cause else ""
    return f"{what_you_did(influence.cause)}{quote} ({influence.cause}{rule})"


def mood_of(anger: int, moods: dict[str, tuple[int, int]]) -> str:
    """The name of the mood that holds that anger, or "" if the script names none.

    >>> mood_of(7, {"calm": (0, 5), "angry": (6, 10)})
    'angry'
    """
    return next((name for name, (low, high) in moods.items() if low <= anger <= high), "")


def outcome(record: CallRecord) -> str:
    """How the call went, in one sentence without a stop."""
    replies = sum(t.reply is not None for t in record.turns)
    sentence = _ENDINGS[record.ending]
    if not record.turns:
        return sentence
    first, last = record.turns[0].before.anger, record.turns[-1].after.anger
    moods = dict(record.moods)
    counted = f"{replies} {'reply' if replies == 1 else 'replies'}"
    if first == last:
        return f"{sentence}; over {counted} the caller's anger ended where it began, at {last} of 10"
    moved = f"{_mood(first, moods)} to {_mood(last, moods)}"
    return f"{sentence}; over {counted} the caller went from {moved}"


def _mood(anger: int, moods: dict[str, tuple[int, int]]) -> str:
    name = mood_of(anger, moods)
    return f"{name} ({anger})" if name else f"anger {anger}"


def changed(value: int) -> str:
    """How far anger moved in a turn, in words.

    >>> changed(-2), changed(0)
    ('anger −2', 'anger unchanged')
    """
    return f"anger {signed(value)}" if value else "anger unchanged"


def held_because(feedback: Feedback) -> str | None:
    """Why the total is lower than its phases, as a sentence without a stop; None if it is not."""
    points = sum(p.points or 0 for p in feedback.phases.values())
    possible = sum(p.of for p in feedback.phases.values() if p.points is not None)
    if feedback.total != CRITICAL_TOTAL or not possible or round(100 * points / possible) <= CRITICAL_TOTAL:
        return None
    names = {name_of(m.id) for m in feedback.moments if (entry := CATALOGUE.get(m.id)) and entry.critical}
    return f"The total is held at {CRITICAL_TOTAL} of 100 by a critical mistake: {', '.join(sorted(names))}"


def heat(anger: int) -> int:
    """The step 0..3 of a mood from calm to furious, for colours."""
    return 0 if anger <= 2 else 1 if anger <= 5 else 2 if anger <= 8 else 3


def worded(found: "Wording") -> Iterator[tuple[str, str]]:
    """Label and value of each measure of a reply's wording; a reply without words and what is unknown give none."""
    if not found.words:
        return
    run = f"at most {found.longest_run_words} in a row without a question or a remedy"
    yield "wording", f"{found.words} {'word' if found.words == 1 else 'words'}, {run}"
    shares = ((found.i_share, "I"), (found.we_share, "we"), (found.you_share, "you"))
    yield "of the words", ", ".join(f"{name} {share:.0%}" for share, name in shares if share is not None)
    if found.i_against_we_share is not None:
        yield "I against we", f"{found.i_against_we_share:.0%} I"
    yield "fillers", ", ".join(_fillers(found))
    yield "hedges", str(found.hedges)
    yield "content words", f"{found.content_words}{_of_the_caller(found.content_words_taken_up)}"
    yield "amounts and dates", f"{found.figures}{_of_the_caller(found.figures_taken_up)}"
    if found.concreteness is not None:
        yield "taken up from the caller", f"{found.concreteness:.0%} of the words"
    if found.apology_s is not None:
        yield "apology", f"{found.apology_s:.1f} s"


def _fillers(found: "Wording") -> Iterator[str]:
    yield f"{found.fillers_heard} heard ({found.fillers_heard_share or 0:.0%})"
    if found.fillers_dropped is not None:
        yield f"{found.fillers_dropped} not recognized ({found.fillers_dropped_share or 0:.0%})"


def _of_the_caller(taken_up: int | None) -> str:
    return "" if taken_up is None else f", {taken_up} of them the caller's"


#: Stands for a phase of which an edited record says nothing.
NOT_JUDGED = ScorePart(points=None, of=0)
SIGNS = {Kind.TECHNIQUE: "+", Kind.MISTAKE: "!", Kind.CONDITION: "~"}
