"""What-ifs of a call: its script, its feedback and the language of its lines, brought together."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from voicesim.call.missing import Missing
from voicesim.call.what_if import what_if, without_mistakes
from voicesim.coach.advice import advice
from voicesim.coach.moments import key_moments
from voicesim.errors import VoicesimError
from voicesim.language.normal import content, normal
from voicesim.model import CallRecord, Feedback, Moment
from voicesim.script.model import Script
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.stored_calls import script_of

#: Anger (0..10) from which it counts that it did not fall: below it a caller is calm.
STILL_ANGRY = 3


def with_what_if(record: CallRecord, script: Script) -> CallRecord:
    """The record with its turning points played again; ``script`` is as the call was held with it."""
    return replace(record, what_if=what_if(script, record, asked=_asked(record.feedback), says=says))


def with_later_keys(folder: Path, record: CallRecord) -> CallRecord:
    """The judged record with its what-ifs and the moments that mattered, made now where an earlier version made none.

    Without its script, or with one that was changed, there are no what-ifs. Nothing is stored.
    """
    given = record.feedback
    if record.what_if and (given is None or given.key_moments):
        return record
    script: Script | None
    try:
        script = script_of(folder, record)
    except VoicesimError:
        script = None
    if given is not None and not given.key_moments:
        mattered = key_moments(record, given.moments, adviser=adviser_for(script))
        record = replace(record, feedback=replace(given, key_moments=mattered))
    if record.what_if or script is None:
        return record
    try:
        return with_what_if(record, script)
    except VoicesimError:
        return record


def reply_for_more(script: Script, record: CallRecord, number: int) -> Moment | None:
    """What the caller waited for in turn ``number`` (from 1), with a reply that says it, though nothing cost points.

    None where her anger fell or hardly was there, where nothing would have done better, or the bank has no reply.
    """
    turn = record.turns[number - 1]
    if turn.after.anger < max(turn.before.anger, STILL_ANGRY):
        return None
    adviser = adviser_for(script)
    clean = without_mistakes(turn.reply) if turn.reply else None
    for one in Missing(script, record.turns, says).of(turn, clean, ()):
        if better := adviser.better(one, record, number):
            tips = advice(one)
            return Moment(
                id=one, turn=number, title=tips.do, quote=None, why=tips.why, source=tips.source, better=better.text
            )
    return None


def says(text: str, phrase: str) -> bool:
    """Whether all words of a phrase stand in a text, inflected or not, in any order.

    >>> says("You took sixty-two pounds off me, twice.", "62 pounds")
    True
    """
    wanted = _words(phrase)
    return bool(wanted) and wanted <= _words(text)


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    return frozenset(content(normal(text)))


def _asked(feedback: Feedback | None) -> Mapping[int, tuple[str, ...]]:
    """What the feedback misses in each turn, what costs most first."""
    asked: dict[int, tuple[str, ...]] = {}
    for moment in (*feedback.next_steps, *feedback.moments) if feedback else ():
        if moment.better is not None and moment.turn is not None:
            asked[moment.turn] = (*asked.get(moment.turn, ()), moment.id)
    return asked
