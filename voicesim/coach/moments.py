"""The three moments of a call that mattered: the largest change of temper, the first 45 words, the close.

What is said of them rests on what both transcripts show (:mod:`voicesim.coach.evidence`); what may have been there is
not called missing. They earn nothing and cost nothing. Delivery is left out of them: they are shared with the rest.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import ADVICE, advice
from voicesim.coach.adviser import Adviser
from voicesim.coach.evidence import agreed, disputed, effect, seen, unsure
from voicesim.coach.phases import Answered, answered
from voicesim.coach.rubric import source
from voicesim.model import CallRecord, Ending, Finding, Influence, Kind, Moment, Reply, Span, Turn, Word

#: Words that tell calls which escalate from others (rho2023), and replies that make the close.
FIRST_WORDS, LAST_REPLIES = 45, 2
MOMENTS = 3
_QUOTE_CHARACTERS = 160
#: Findings that ask something of the caller, so that a reason has to come first.
_DEMANDS = ("verify_identity", "fact_finding", "redirect")
_REASON = re.compile(
    r"\b(so that|so (?:i|we) can|because|in order to|before (?:i|we)|to (?:make|be) sure|"
    r"to (?:find|open|check|look|see|verify|confirm|protect|pull|bring|keep|get|help|put)|"
    r"for (?:your )?(?:security|safety|protection))\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.?!]")
_NAMED = re.compile(
    r"\b(?:my name(?: is|'s|’s) \w+|(?:[Tt]his is|I am|I'm|I’m) [A-Z][a-z]+|[A-Z][a-z]+ (?:speaking|here)\b)"
)
#: What a close holds, by how the call ended; any of the ids will do.
_CLOSES: dict[Ending, tuple[tuple[str, ...], ...]] = {
    Ending.RESOLVED: (("takeaway",), ("confirm_solution",), ("thank", "close")),
    Ending.REFERRED: (("refer",), ("thank", "close", "assurance")),
    Ending.LIMIT_ENDED: (("set_limit",),),
}
_LEFT = {
    Ending.RESOLVED: "The caller left with a fix",
    Ending.REFERRED: "The caller was handed over",
    Ending.LIMIT_ENDED: "You ended the call at a limit",
    Ending.ESCALATED: "The caller took it further up",
    Ending.HUNG_UP: "The caller hung up",
    Ending.GAVE_UP: "The caller gave up",
    Ending.ABANDONED: "You left the call before it was over",
}
#: Causes that tell how the trainee sounded.
_DELIVERY = frozenset(("tense_delivery", "calm_delivery"))
_NOWHERE = Span(start=0, end=0)


def key_moments(record: CallRecord, moments: Sequence[Moment], *, adviser: Adviser) -> tuple[Moment, ...]:
    """The moments that mattered most, three at most, in the order of the call and each in another turn.

    ``moments`` are those of the feedback, whose better replies are used where they fit; ``adviser`` gives others, and
    knows the trainee's name in this call. Where two of the three are one turn, or the call was not held to its close,
    the next largest change of temper stands in.
    """
    call = _Call(record, tuple(moments), [], adviser)
    replied = [place.number for place in answered(record)]
    first = replied[0] if replied and any(_openings(record)) else None
    last = replied[-1] if replied and record.ending.good is not None and replied[-1] != first else None
    own = [number for number in (first, last) if number is not None]
    others = [number for number in _changes(record) if number not in own][: MOMENTS - len(own)]
    found = {number: _temper(call, number) for number in others}
    if first is not None:
        found[first] = _first_words(call)
    if last is not None:
        # What was wrong in a turn that stands above is not told twice.
        found[last] = _close(call, {first, *others})
    return tuple(found[number] for number in sorted(found))


@dataclass(frozen=True, slots=True)
class _Call:
    """A call and what the feedback says about it."""

    record: CallRecord
    moments: tuple[Moment, ...]
    given: list[str]
    adviser: Adviser

    def better(self, advice_id: str, number: int) -> str | None:
        """A reply to try at that turn, given once: the feedback's own for this, else one from the bank."""
        told = [m for m in self.moments if m.better and m.id == advice_id]
        told.sort(key=lambda m: m.turn != number)
        replies = (*(m.better for m in told), self._another(advice_id, number))
        # Records of earlier versions may hold replies with "[your name]" left open, which are no advice.
        usable = [reply for reply in replies if reply and "[" not in reply]
        best = next((reply for reply in usable if reply not in self.given), usable[0] if usable else None)
        self.given.extend([best] if best else [])
        return best

    def _another(self, advice_id: str, number: int) -> str | None:
        if advice_id not in ADVICE:
            return None
        taken = [*self.given, *(m.better for m in self.moments if m.better)]
        found = self.adviser.better(advice_id, self.record, number, taken)
        return None if found is None else found.text


# -- the largest change of temper -------------------------------------------------------------------------------------


def _changes(record: CallRecord) -> list[int]:
    """The turns (from 1) in which anger moved, the largest change first, of equal ones what raised it."""
    sizes = [(effect(turn), number) for number, turn in enumerate(record.turns, 1)]
    return [number for size, number in sorted(sizes, key=lambda one: (-abs(one[0]), -one[0], one[1])) if size]


def _temper(call: _Call, number: int) -> Moment:
    turn = call.record.turns[number - 1]
    moved = effect(turn)
    cause = _cause(turn.influences, moved, {f.id for f in agreed(turn.reply)} if turn.reply else {"long_silence"})
    title = f"Anger {'rose' if moved > 0 else 'fell'} from {turn.before.anger} to {turn.after.anger}"
    if cause is None:
        why = "What moved the caller here is not sure enough to be held for or against you."
        key = "ours"
    else:
        title = f"{title}: you {CATALOGUE[cause.cause].meaning}"
        why, key = _reason(cause.cause)
    return Moment(
        id="temper",
        turn=number,
        title=title,
        quote=(cause.quote if cause else None) or _quoted(turn.reply),
        why=why,
        better=call.better(cause.cause, number) if cause and moved > 0 else None,
        effect=moved,
        source=key,
        span=_played(turn.reply.span) if turn.reply else None,
    )


def _cause(influences: Iterable[Influence], moved: int, known: set[str]) -> Influence | None:
    """What moved anger most in that direction, of what both transcripts show."""
    usable = (known & CATALOGUE.keys()) - _DELIVERY
    same = [i for i in influences if i.delta * moved > 0 and i.cause in usable]
    return max(same, key=lambda i: abs(i.delta), default=None)


# -- the first 45 words -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Opening:
    """A reply, or its beginning, that belongs to the first 45 words; ``text`` is that much of it."""

    place: Answered
    words: tuple[Word, ...]
    text: str
    whole: bool

    def holds(self, finding: Finding) -> bool:
        """Whether the finding begins in these words."""
        if self.whole:
            return True
        if finding.span is not None and finding.span != _NOWHERE and self.words[-1].span != _NOWHERE:
            return finding.span.start < self.words[-1].span.end
        return finding.quote is not None and _bare(finding.quote)[:12] in _bare(self.text)


def _openings(record: CallRecord) -> Iterator[_Opening]:
    left = FIRST_WORDS
    for place in answered(record):
        reply = place.turn.reply
        words = reply.final.transcript.words if reply else ()
        if left <= 0 or reply is None or not words:
            continue
        first = words[:left]
        whole = len(first) == len(words)
        text = reply.final.transcript.text
        if not whole:
            # Words of the text itself where it has as many, for they keep their punctuation.
            spoken = text.split()
            text = " ".join(spoken[:left] if len(spoken) == len(words) else [word.text for word in first])
        yield _Opening(place, first, text, whole)
        left -= len(first)


def _first_words(call: _Call) -> Moment:
    openings = list(_openings(call.record))
    found = [(o, f) for o in openings if o.place.turn.reply for f in agreed(o.place.turn.reply) if o.holds(f)]
    ids = {f.id for _, f in found}
    maybe = _perhaps(o.place.turn for o in openings)
    you = call.adviser.known.you
    named = any(_NAMED.search(o.text) or (you and _bare(you) in _bare(o.text).split()) for o in openings)
    demand = next(((o, f) for o, f in found if f.id in _DEMANDS), None)
    reasoned = demand is None or _reasoned(*demand)
    held = [
        *(["a greeting"] if "greeting" in ids else ["perhaps a greeting"] if "greeting" in maybe else []),
        *(["your name"] if named else []),
        *(["a reason before you asked"] if demand and reasoned else []),
    ]
    missing = [
        *(["no greeting"] if "greeting" not in ids | maybe else []),
        *(["no reason before you asked"] if not reasoned else []),
    ]
    hurt = next((f for o, f in found if o is openings[0] and f.kind is Kind.MISTAKE and f.id in ADVICE), None)
    mistake = hurt.id if hurt else None
    # What hurt comes before what was left out; the reason before the greeting, for it is what was found.
    wrong = mistake or (None if reasoned else "verify_identity") or ("greeting" if "no greeting" in missing else None)
    first, last = openings[0], openings[-1]
    why, key = _reason(wrong or ("verify_identity" if demand else "greeting"))
    evidence = hurt or (None if reasoned or demand is None else demand[1])
    told = "; ".join(_list(parts) for parts in (held, missing) if parts)
    title = f"Your first {sum(len(o.words) for o in openings)} words: {told}"
    return Moment(
        id="first_words",
        turn=first.place.number,
        title=f"{title}; and you {CATALOGUE[mistake].meaning}" if mistake else title,
        quote=(evidence.quote if evidence else None) or _shortened(first.text, more=last is not first),
        why=why,
        better=call.better(wrong, first.place.number) if wrong else None,
        effect=last.place.turn.after.anger - first.place.turn.before.anger,
        source=key,
        span=_played(Span(start=first.words[0].span.start, end=last.words[-1].span.end)),
    )


def _reasoned(opening: _Opening, demand: Finding) -> bool:
    """Whether a reason stands before what was asked, or in the same sentence."""
    at = opening.text.casefold().find(demand.quote.casefold()) if demand.quote else -1
    if at < 0 or demand.quote is None:
        return _REASON.search(opening.text) is not None
    end = _STOP.search(opening.text, at + len(demand.quote) - 1)
    return _REASON.search(opening.text[: end.start() if end else None]) is not None


# -- the close --------------------------------------------------------------------------------------------------------


def _close(call: _Call, told: Collection[int | None]) -> Moment:
    """How the call was brought to its end; mistakes in the turns ``told`` are left to their own moments."""
    record = call.record
    places = answered(record)[-LAST_REPLIES:]
    last = places[-1]
    found = [
        f
        for place in reversed(places)
        for f in (agreed(place.turn.reply) if place.turn.reply else ())
        if f.kind is not Kind.MISTAKE or place.number not in told
    ]
    title, wrong = _judged_close(call, found)
    why, key = _reason(wrong) if wrong else (source("packard2024").finding, "packard2024")
    quote = next((f.quote for f in found if f.id == wrong and f.quote), None)
    reply = last.turn.reply
    return Moment(
        id="close",
        turn=last.number,
        title=title,
        quote=quote or _quoted(reply),
        why=why,
        better=call.better(wrong, last.number) if wrong else None,
        effect=record.turns[-1].after.anger - places[0].turn.before.anger,
        source=key,
        span=_played(reply.span) if reply else None,
    )


def _judged_close(call: _Call, found: Sequence[Finding]) -> tuple[str, str | None]:
    """The title of the close, and what was wrong with it, if anything was."""
    record = call.record
    title = f"{_LEFT[record.ending]} (anger {record.turns[-1].after.anger})"
    mistakes = [f.id for f in found if f.kind is Kind.MISTAKE and f.id in ADVICE]
    if record.ending is Ending.ABANDONED:
        return f"{title}, without an announcement", "hang_up_unannounced"
    if mistakes:
        return f"{title} after you {CATALOGUE[mistakes[0]].meaning}", mistakes[0]
    if not record.ending.good:
        return title, "outcome"
    ids, in_call = {f.id for f in found}, {s.finding.id for s in seen(record)}
    maybe = _perhaps(record.turns)
    wanted = _CLOSES[record.ending]
    held = [advice(one).name for any_of in wanted for one in any_of[:2] if one in ids]
    missing = [any_of[0] for any_of in wanted if not set(any_of) & (in_call | maybe)]
    parts = (_list(held), f"without {advice(missing[0]).name}" if missing else "")
    told = "; ".join(part for part in parts if part)
    return f"{title}: {told}" if told else title, missing[0] if missing else None


# -- words ------------------------------------------------------------------------------------------------------------


def _reason(advice_id: str) -> tuple[str, str]:
    """Why it matters, and the key of the source that says so."""
    if advice_id not in ADVICE:
        return f"You {CATALOGUE[advice_id].meaning}.", CATALOGUE[advice_id].source
    tips = advice(advice_id)
    return tips.why, tips.source


def _perhaps(turns: Iterable[Turn]) -> set[str]:
    """What may have been there: unsure, or in one of the two transcripts only."""
    replies = [turn.reply for turn in turns if turn.reply]
    return {f.id for reply in replies for f in (*unsure(reply), *(d.finding for d in disputed(reply)))}


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _bare(text: str) -> str:
    """Words alone, in lower case, one space between them."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _quoted(reply: Reply | None) -> str | None:
    """What was said."""
    return _shortened(reply.final.transcript.text) if reply else None


def _shortened(text: str, *, more: bool = False) -> str | None:
    """The text, shortened at a word; ``more`` was said after it."""
    if len(text) <= _QUOTE_CHARACTERS:
        return f"{text} …" if more else text or None
    return text[:_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _played(span: Span) -> Span | None:
    """What can be played: nothing of a typed reply."""
    return span if span.end > span.start else None
