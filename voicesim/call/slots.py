"""What the slots of an agent's wordings hold for one script, and a wording with its slots filled. Pure."""

from collections.abc import Mapping, Sequence
from string import Formatter

from voicesim.call.chance import Chance
from voicesim.script.model import Script

#: First words of offers that are said as something to do; any other offer is said as a thing.
_DOING = frozenset(
    "add arrange bill block book bring call cancel change check clear collect confirm connect correct "
    "cover credit cut deal deliver drop email enter escalate exchange extend fix freeze get give go have "
    "hold increase issue keep knock let lift look lower make mark move offer open order pass pause pay "
    "phone pick place post print prioritise process push put raise reactivate rebook rebuild recalculate "
    "refund release remove reopen repair replace report request reschedule resend reset restart restore "
    "return reverse review ring run send set sort speed split start stay stop swap switch take tell text "
    "top transfer type unblock undo update upgrade waive withdraw write".split()
)
#: First words after which no article stands.
_BARE = frozenset(
    "a an another around at at back before between by for from full half in into next no on one our the this to today "
    "tomorrow tonight two within without your".split()
)
#: First and second words of phrases that are sentences of their own, neither a thing nor something to do.
_WHO = frozenset("definitely i it it's that's we will you".split())
_IS = frozenset("am are can is was were will".split())
_TENS = str.maketrans("0123456789", "1234567890")


def slots_of(script: Script) -> dict[str, tuple[str, ...]]:
    """What each slot can hold that is the same in every step; no entry for a slot that the script has nothing for."""
    briefing, caller = script.briefing, script.caller
    parts = [part.strip() for part in briefing.you_are.split(",")]
    refer = (briefing.refer_to or "").split(",")[0]
    forbidden = [phrase for phrases in briefing.may_not.values() for phrase in phrases]
    held = {
        "me": parts[:1],
        "company": parts[-1:],
        "name": caller.name.split()[:1],
        "verify": briefing.verify,
        "refer": [_thing(refer)] if refer else [],
        "screen": briefing.you_see,
        "fact": tuple(caller.facts.values()),
        "wrong": [value.translate(_TENS) for value in caller.facts.values() if value.translate(_TENS) != value],
        **offer_slots(forbidden, thing="promise", doing="promise_do"),
    }
    return {slot: tuple(values) for slot, values in held.items() if values}


def offer_slots(phrases: Sequence[str], *, thing: str = "offer", doing: str = "do") -> dict[str, tuple[str, ...]]:
    """The phrases of an offer by the slot they fit: as things or as something to do.

    >>> offer_slots(["pay it back", "hardship payment", "paid back"])
    {'do': ('pay it back',), 'offer': ('the hardship payment',)}
    """
    plain = [p for p in phrases if not p.split()[0].endswith(("ed", "ing", "paid", "sent"))]
    said = [p for p in plain if not _is_clause(p.lower().split())] or list(phrases)
    doings = tuple(p for p in said if p.lower().split()[0] in _DOING)
    things = tuple(_thing(p) for p in said if p.lower().split()[0] not in _DOING)
    return {slot: values for slot, values in ((doing, doings), (thing, things)) if values}


def _is_clause(words: Sequence[str]) -> bool:
    return words[0] in _WHO or bool(_IS & set(words[:2]))


def _thing(phrase: str) -> str:
    first = phrase.lower().split()[0]
    return phrase if first in _BARE or not phrase[0].islower() else f"the {phrase}"


def filled(
    wordings: Sequence[str], slots: Mapping[str, Sequence[str]], chance: Chance, *, said: frozenset[str] = frozenset()
) -> tuple[str, str] | None:
    """A wording as it was written and with its slots filled; None if all of them need what the script does not have.

    Those that are not in ``said`` come first: nobody says the same sentence twice in a call if there is another one.
    """
    fitting = [w for w in wordings if _names(w) <= slots.keys()]
    if not fitting:
        return None
    wording = chance.pick([w for w in fitting if w not in said] or fitting)
    values = {name: chance.pick(slots[name]) for name in sorted(_names(wording))}
    return wording, wording.format(**values)


def _names(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name}
