"""The bank of better replies as this machine has it, and what advice may know of a script."""

import contextlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Bank, Situation
from voicesim.coach.bank_file import load_bank, read_bank
from voicesim.errors import MissingPart, ScriptError, VoicesimError
from voicesim.files import data_folder
from voicesim.language.normal import normal, says
from voicesim.script.model import Script

#: The shipped patterns, in the package; a trainer's own lie in the data folder under the other name.
SHIPPED, OWN = "en.yaml", "phrases.yaml"
#: A briefing that says so lets the trainee own the mistake.
_OURS = ("our mistake", "our fault", "our error", "our decision")
#: First words of names that cannot be offered as a thing, and of phrases that are none.
_ADVERBS = frozenset(("early", "late", "word"))
_LEADING = frozenset("at by for from in of on out to".split())
#: Behind the first word of something to do ("find your purchase").
_DOING_AFTER = frozenset("you your the it that this me".split())
_ARTICLES = frozenset("a an another no one our the two your".split())
_HOURS = frozenset("morning afternoon evening night".split())
_BELONGS = re.compile(r"\b(her|his|their)\b")
#: What the caller does herself.
_HERS = frozenset(("pick", "collect", "go"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """The trainer's own patterns that are given, and how many entries of the file are left out."""

    bank: Bank
    left_out: int


@cache
def shipped_bank() -> Bank:
    """The patterns that come with the package. Raises MissingPart."""
    try:
        content = files("voicesim.coach").joinpath("phrases", SHIPPED).read_bytes()
    except OSError as absent:
        raise MissingPart(f"{SHIPPED} is missing", mend="Run: pip install --force-reinstall voicesim") from absent
    return load_bank(content, SHIPPED)


def own_bank() -> Bank | None:
    """The trainer's own patterns, None if there is no file. Raises ScriptError for its first fault."""
    own, faults = own_faults()
    if faults:
        raise faults[0]
    return own


def own_faults() -> tuple[Bank | None, tuple[ScriptError, ...]]:
    """The trainer's own patterns without those that have a fault, and every fault; no bank if there is no file."""
    content = _own_content()
    return (None, ()) if content is None else read_bank(content, str(data_folder() / OWN), own=True)


def _own_content() -> bytes | None:
    from voicesim.wiring.library import read_bytes

    path = data_folder() / OWN
    return read_bytes(path) if path.is_file() else None


def left_out_told() -> str | None:
    """What a person should know of the trainer's own file after a call: how much of it advice leaves out, if any."""
    content = _own_content()
    own = None if content is None else _own_given(content)
    if own is None or not own.left_out:
        return None
    few = "1 entry is" if own.left_out == 1 else f"{own.left_out} entries are"
    what = f"{few} not used" if any(shelf.patterns for shelf in own.bank.shelves.values()) else "nothing in it is used"
    return f"{data_folder() / OWN}: {what}. To see why: voicesim phrases --check"


@lru_cache(maxsize=4)
def _own_given(content: bytes) -> _Own:
    """What is given of the trainer's file; kept in mind, as the detectors take a moment for it."""
    from voicesim.wiring.bank_check import places_in, without_mistakes
    from voicesim.wiring.engines import understood
    from voicesim.wiring.library import read_script, script_files

    own, faults = read_bank(content, OWN, own=True)
    places = {}
    for path in script_files():
        # A script that cannot be read is told where it is used.
        with contextlib.suppress(VoicesimError):
            script = read_script(path)
            places[script.id] = tuple(places_in(script, situation_in(script)))
    given = without_mistakes(own, shipped_bank(), places, understood)
    return _Own(bank=given, left_out=len(faults) + _patterns_in(own) - _patterns_in(given))


def _patterns_in(some: Bank) -> int:
    return sum(len(shelf.patterns) for shelf in some.shelves.values())


def bank() -> Bank:
    """All patterns, the trainer's own first."""
    own = own_bank()
    return shipped_bank() if own is None else shipped_bank().with_own(own)


def adviser_for(script: Script | None) -> Adviser:
    """What gives better replies in calls of a script, or in a call whose script is gone.

    A reply of the trainer's own file that has a fault, or holds a mistake, is left out: no call ends without its
    feedback for it. :func:`left_out_told` says how many.
    """
    content = _own_content()
    whole = shipped_bank() if content is None else shipped_bank().with_own(_own_given(content).bank)
    # Without a script nobody knows whose mistake it was: no reply may own it.
    return Adviser(bank=whole, known=Situation(ours=False) if script is None else situation_in(script))


def situation_in(script: Script) -> Situation:
    """What a script tells about every moment of its calls; the moment itself is added with ``dataclasses.replace``."""
    briefing, caller = script.briefing, script.caller
    refer = (briefing.refer_to or "").split(",")[0].strip()
    return Situation(
        caller=caller.name,
        you=briefing.you_are.split(",")[0].strip(),
        facts=caller.facts,
        offers={key: _to_do(key, phrases) for key, phrases in briefing.may_offer.items()},
        may_not=tuple(phrase for phrases in briefing.may_not.values() for phrase in phrases),
        verify=tuple(wanted.split(" or ")[0] for wanted in briefing.verify),
        refer_to=(refer if refer[:1].isupper() else f"the {refer}") if refer else None,
        ours=any(sign in item.lower() for item in briefing.you_see for sign in _OURS),
        rings=script.direction == "inbound",
    )


def _to_do(key: str, phrases: tuple[str, ...]) -> str:
    """An offer as it stands behind "I can": something to do, else as the thing that is offered.

    >>> _to_do("refund today", ("refund", "pay it back")), _to_do("new address", ("enter the address", "new address"))
    ('offer you the refund today', 'enter the address')
    """
    if _is_doing(phrases[0]):
        return phrases[0]
    first = key.split(maxsplit=1)[0]
    if first.endswith("ed") and (doings := [phrase for phrase in phrases if _is_doing(phrase)]):
        return doings[0]
    said = any(says(normal(key), phrase) for phrase in phrases) and first not in _ADVERBS
    names = (key,) if said else tuple(p for p in phrases if p.split()[0] not in _LEADING | _HERS)
    wording = _BELONGS.sub("your", names[0] if names else key)
    if _is_doing(wording):
        return wording
    return f"offer you {wording}" if _stands_alone(wording) else f"offer you the {wording}"


def _is_doing(wording: str) -> bool:
    first, *rest = wording.split()
    return bool(rest) and rest[0] in _DOING_AFTER and first not in _HERS | _LEADING


def _stands_alone(thing: str) -> bool:
    """Whether no article belongs before it: a name, a number, or what has one already."""
    first = thing.split(maxsplit=1)[0]
    return first in _ARTICLES or first[0].isdigit() or (first[0].isupper() and thing.rsplit(maxsplit=1)[-1] in _HOURS)
