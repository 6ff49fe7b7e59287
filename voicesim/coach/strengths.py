"""What went well, told first: what was meant for this caller, and lowered her anger most.

A coach does not praise a sentence that could have been said to anybody.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from voicesim.catalogue import CATALOGUE
from voicesim.coach.evidence import Seen
from voicesim.coach.marks import LATE_AFTER, Mark, Scored, done, moment_of, replies_before_facts
from voicesim.language.normal import mentions, stem
from voicesim.language.taken_up import named
from voicesim.model import Kind, Moment, Turn

#: How many strengths a trainee is told: few enough to be remembered.
STRENGTHS = 2
#: Words of the caller's that make a reply one for her: one alone is often chance.
_TAKEN_UP = 2
#: Content words in which a feeling is named for this caller although none of them is hers: husband, bills.
_IN_OWN_WORDS = 3
#: Words of stock sentences: they name any caller's feeling, and tell nobody that one has listened.
_STOCK = frozenset(
    stem(word)
    for word in """
    upset upsetting frustrate frustrated frustrating frustration difficult difficulty awful terrible horrible hard tough
    inconvenience inconvenienced annoyed annoying angry anger cross stress stressful worry worrying disappointed
    disappointing disappointment exhausting unpleasant unfortunate imagine feeling concern experience caused
    satisfaction important serious seriously patience patient business customer service feedback query
    """.split()
)
#: A finding that counts but is less likely than this is not what a trainee is praised for first.
_LIKELY = 0.5
#: An apology is praised like what was meant where the script lets it move this caller more than apologies do.
_MOVED_HER = -2
#: Good form: praised where nothing of more weight was done.
_MANNERS = (
    *("greeting", "verify_identity", "closed_question", "fact_finding"),
    *("redirect", "refer", "confirm_solution", "takeaway", "thank", "close"),
)
#: What is praised first after a good end, beside the remedy, if it was heard as surely as this: of 267 labelled calls
#: of five kinds of agents coaches would praise a limit so heard in 14 of 14, an apology in 74 of 76, an honest "I don't
#: know" in 34 of 36, her facts in 63 of 68; the remedy, however it was heard, in 244 of 246; all else in fewer.
_CARRIED, _SURELY = ("set_limit", "apology", "dont_know", "acknowledge"), 0.97
#: What of these is praised before the others: 13 coaches of 14 named it first.
_HELD = "set_limit"
#: After another end than a good one no less sure strength than this is told, but a remedy: of 33 such calls in which
#: her facts were heard less surely coaches would have praised that in 6, of 20 others in 13.
_CLEARLY = 0.9
#: What is praised first where the call ended otherwise: of 18 such calls in which a remedy was heard that calmed the
#: caller or did no harm, coaches would praise it first in 16, saying her facts back or naming her feeling in 27 of 46.
_REMEDY = "offer_solution"
#: From this share of replies that hurt on, nothing but a remedy is praised after an end that was not good: of 16 such
#: labelled calls in which her facts were said back, coaches would have praised that in 6, and nothing at all in 10.
_HURT_THROUGHOUT = 0.5


def strengths(marks: Iterable[Mark], call: Scored, facts: Mapping[str, str]) -> tuple[Moment, ...]:
    """What was meant for this caller and lowered anger most, then what earns most; each id once.

    A technique that fits any caller (a greeting, "I understand") comes after those that took up what this caller said,
    and where none of those is credited it is no strength. After a good end what coaches praise in most calls comes
    first. What stood in a reply that did not calm the caller, whatever it did by itself, is none either, and nothing
    that was overdone is. What is more likely to be heard by chance than to be there comes last, and so do facts that
    were said back only when the caller had asked for them.
    """
    own = {number: _taken_up(call.record.turns[:number], facts) for number in range(1, len(call.record.turns) + 1)}
    overdone = {mark.moment.id for mark in marks if mark.lost and not mark.by}
    worth = {name: c.points for c in sorted(call.rubric.criteria, key=lambda c: c.points) for name in c.any_of}
    found = [s for s in call.seen if s.finding.id in worth and s.finding.id not in overdone and _helped(s)]
    asked_for = len(replies_before_facts(call)) >= LATE_AFTER
    good = call.record.ending.good is True
    if not good:
        least = math.inf if _hurt(call) >= _HURT_THROUGHOUT else _CLEARLY
        found = [s for s in found if s.finding.id == _REMEDY or s.finding.confidence >= least]
    found.sort(
        key=lambda s: (
            s.finding.confidence < _LIKELY,
            good and not _carried(s, own, call),
            good and not (s.finding.id == _HELD and _carried(s, own, call)),
            s.finding.id in _MANNERS,
            asked_for and s.finding.id == "acknowledge",
            not _meant(s, own, call),
            not good and s.finding.id != _REMEDY,
            s.moved,
            -worth[s.finding.id],
            s.turn,
        )
    )
    best: dict[str, Seen] = {}
    for item in found:
        best.setdefault(item.finding.id, item)
    if not any(_meant(item, own, call) for item in best.values() if good or item.finding.id not in _MANNERS):
        return ()
    # One sentence may hold two techniques; two strengths should point at two places.
    chosen: dict[object, Seen] = {}
    for item in best.values():
        chosen.setdefault((item.turn, item.finding.quote) if item.finding.quote else item.finding.id, item)
    return tuple(_praised(item, marks, call) for item in chosen.values())[:STRENGTHS]


def _hurt(call: Scored) -> float:
    """The share of the replies that held a mistake."""
    replies = sum(turn.reply is not None for turn in call.record.turns)
    mistaken = {s.turn for s in call.seen if s.finding.id in CATALOGUE and CATALOGUE[s.finding.id].kind is Kind.MISTAKE}
    return len(mistaken) / replies if replies else 0.0


def _carried(item: Seen, own: Mapping[int, int], call: Scored) -> bool:
    """Whether it is what a call that ended well is praised for; a remedy is, however it was put.

    A limit is only where there was something to be limited.
    """
    if item.finding.id == _HELD and not _meant(item, own, call):
        return False
    return item.finding.id == _REMEDY or (item.finding.id in _CARRIED and item.finding.confidence >= _SURELY)


def _helped(item: Seen) -> bool:
    """Whether the reply calmed the caller where the technique did, and did no harm where it did nothing."""
    return item.effect < 0 if item.moved < 0 else item.moved == 0 and item.effect <= 0


def _praised(item: Seen, marks: Iterable[Mark], call: Scored) -> Moment:
    """The moment of a strength, with the points that it earned if it is the one that earned them."""
    for mark in marks:
        if (mark.moment.id, mark.moment.turn) == (item.finding.id, item.turn) and not mark.lost:
            return mark.moment
    return replace(moment_of(item, call, title=done(item.finding.id), points=0, of=None, phase=item.phase), points=None)


def _taken_up(turns: Sequence[Turn], facts: Mapping[str, str]) -> int:
    """How much of this caller's the last reply holds: words, figures, facts, and what the briefing allows to offer."""
    reply = turns[-1].reply
    if reply is None:
        return 0
    text = reply.final.transcript.text
    taken_up = named([text]).taken_up(named(turn.line.text for turn in turns))
    whole = bool(reply.offers or taken_up.figures or any(mentions(text, fact) for fact in facts.values()))
    return len(taken_up.content) + _TAKEN_UP * whole


def _meant(item: Seen, own: Mapping[int, int], call: Scored) -> bool:
    """Whether it was meant for this caller: by what the reply holds, or by what it answers."""
    name = item.finding.id
    if item.finding.confidence < _LIKELY:
        return False
    if name == "set_limit":
        return any(turn.line.abuse for turn in call.record.turns[: item.turn])
    if name == "empathy":
        return own[item.turn] >= 1 or _in_own_words(call.record.turns[item.turn - 1])
    if name == "apology" and item.moved <= _MOVED_HER:
        return True
    return own[item.turn] >= _TAKEN_UP or name in ("acknowledge", "dont_know")


def _in_own_words(turn: Turn) -> bool:
    """Whether the reply names what the feeling is about, in words that stand in no stock sentence."""
    if turn.reply is None:
        return False
    said = named([turn.reply.final.transcript.text])
    return len(said.content - _STOCK) + _TAKEN_UP * bool(said.figures) >= _IN_OWN_WORDS
