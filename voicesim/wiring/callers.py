"""The callers that a trainee can meet, what came of earlier calls, and what is to be done before a first one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voicesim.errors import ScriptError, VoicesimError
from voicesim.files import data_folder
from voicesim.model import Ending
from voicesim.script.model import Script
from voicesim.store.baselines import stored_baselines
from voicesim.store.browser_headsets import checked_headsets
from voicesim.store.devices import remembered_devices
from voicesim.store.index import CallIndex
from voicesim.store.stored import StoredCall
from voicesim.wiring.library import read_script, script_files

#: What the levels of difficulty are called.
LEVELS = ("gentle", "easy", "medium", "hard", "hardest")
#: What an ending is called in a word or two.
ENDINGS = {
    Ending.RESOLVED: "Resolved",
    Ending.REFERRED: "Handed over",
    Ending.LIMIT_ENDED: "Ended within limits",
    Ending.ESCALATED: "Taken further up",
    Ending.HUNG_UP: "Caller hung up",
    Ending.GAVE_UP: "Caller gave up",
    Ending.ABANDONED: "Left early",
    Ending.STOPPED: "Stopped",
    Ending.INCOMPLETE: "Incomplete",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one call: its ending (None where it is not known), score 0..100 if it was judged, and its day."""

    call: str
    ending: Ending | None
    total: int | None
    day: str

    @property
    def told(self) -> str:
        """The ending in words."""
        return ENDINGS[self.ending] if self.ending else "Not finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCard:
    """One caller: its script, whether it is the trainer's ``own``, and the trainee's best and last result."""

    script: Script
    own: bool
    calls: int = 0
    best: Result | None = None
    last: Result | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A script file of one's own that cannot be loaded, and why."""

    id: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a trainee has done before a first call."""

    headset: bool
    voice: bool


def callers(trainee: str) -> tuple[tuple[CallerCard, ...], tuple[Unusable, ...]]:
    """Every caller, the easiest first, and the files that hold none; an id that stands twice is one's own."""
    index = CallIndex(trainee)
    try:
        calls = index.find()
    finally:
        index.close()
    cards: dict[str, CallerCard] = {}
    unusable = []
    for path in script_files():
        if path.stem in cards:
            continue
        try:
            script = read_script(path)
        except ScriptError as error:
            unusable.append(Unusable(id=path.stem, fault=error.what))
            continue
        cards[path.stem] = _card(script, path.is_relative_to(data_folder()), calls)
    ordered = sorted(cards.values(), key=lambda card: (not card.own, card.script.difficulty, card.script.title))
    return tuple(ordered), tuple(unusable)


def next_seed(trainee: str, script_id: str) -> int:
    """The seed of a call for which nobody chose one: how many calls with this script the trainee has, plus one.

    So a call again is another call, and whoever deletes nothing can hold each of them again by its number.
    """
    index = CallIndex(trainee)
    try:
        return 1 + sum(call.script_id == script_id for call in index.find())
    finally:
        index.close()


def _card(script: Script, own: bool, calls: Iterable[StoredCall]) -> CallerCard:
    """``calls`` are all of the trainee, newest first."""
    results = [_result(call) for call in calls if call.script_id == script.id]
    judged = [result for result in results if result.total is not None]
    best = max(judged, key=lambda result: result.total or 0, default=None)
    return CallerCard(script=script, own=own, calls=len(results), best=best, last=results[0] if results else None)


def _result(call: StoredCall) -> Result:
    ending = Ending(call.ending) if call.ending in set(Ending) else None
    return Result(call=call.id, ending=ending, total=call.total, day=call.began_utc[:10])


def prepared(trainee: str) -> Prepared:
    """Whether a headset was checked, in a browser or on the machine, and whether the trainee's own voice is known."""
    try:
        voice = bool(stored_baselines(trainee))
    except VoicesimError:
        # A damaged file is told where it is used; nobody is kept from the start by it.
        voice = False
    return Prepared(headset=bool(checked_headsets()) or remembered_devices() is not None, voice=voice)


def kinds(cards: Sequence[CallerCard]) -> tuple[int, ...]:
    """The levels of difficulty that there are, the easiest first."""
    return tuple(sorted({card.script.difficulty for card in cards}))
