"""Questions of the drill "what will she do?": a line, three replies, and what each of them really does.

The replies are made up; what they do is not: the detectors hear them and the caller answers. A question is only asked
if one reply lowers her anger, one leaves it as it is and one raises it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from voicesim.call.agent_words import MISTAKES, NOTHING
from voicesim.call.answer import answer, last_line
from voicesim.call.chance import Chance
from voicesim.call.context import context_of
from voicesim.call.slots import filled, slots_of
from voicesim.call.text import typed_reply
from voicesim.call.understood import Understand
from voicesim.coach.bank import Bank, Situation, better_for
from voicesim.model import CallState, Ending, Influence, Line, Phase
from voicesim.script.model import Script
from voicesim.wiring.bank_check import Place, places_in

_One = TypeVar("_One")

#: Between these, anger can fall and rise by whatever a reply does.
LEAST_ANGER, MOST_ANGER = 3, 8
#: What may help in a phase, as the bank knows it; tried in the order that chance gives.
_HELPS = {
    Phase.CONTROL: ("vent", "empathy", "acknowledge", "apology", "command_calm"),
    Phase.ACKNOWLEDGE: ("acknowledge", "empathy", "apology", "dismiss", "defensive"),
    Phase.REFOCUS: ("refocus", "offer_solution", "assurance", "policy_wall", "calmer"),
    Phase.SOLVE: ("offer_solution", "assurance", "confirm_solution", "outcome", "takeaway"),
}
#: What may leave her where she is: courtesy, a question, or nothing much.
_MIDDLING = ("greeting", "closed_question", "fact_finding", "hold_asked", "verify_identity", "close")
#: Said in one sentence, heard by everybody, and wrong in any call.
_HARMS = ("blame", "policy_wall", "command_calm", "dismiss", "defensive", "risky_humour", "hedge_sorry")


class Move(StrEnum):
    """How her anger moves."""

    FALLS = "falls"
    STAYS = "stays"
    RISES = "rises"


class Ask(StrEnum):
    """What is asked of the trainee."""

    MOVE = "move"
    BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the three replies and what it does: her anger after it, why, her next line, and an ending if it ends."""

    text: str
    before: int
    after: int
    influences: tuple[Influence, ...]
    line: Line
    ending: Ending | None

    @property
    def move(self) -> Move:
        """How her anger moves."""
        if self.after == self.before:
            return Move.STAYS
        return Move.FALLS if self.after < self.before else Move.RISES


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A line in its situation, three replies, and what is asked: how ``about`` moves her, or which helps most."""

    script: Script
    line: Line
    anger: int
    facts: tuple[str, ...]
    ask: Ask
    options: tuple[Option, ...]
    about: int

    @property
    def right(self) -> str:
        """The right answer: a move, or the number of the reply that helps most, from 1."""
        if self.ask is Ask.MOVE:
            return self.options[self.about].move.value
        return str(min(range(len(self.options)), key=lambda n: self.options[n].after) + 1)


def questions(
    scripts: Sequence[tuple[Script, Situation]], bank: Bank, understand: Understand, *, seed: int
) -> Iterator[Question]:
    """Questions without end, as long as the scripts give any; the same seed gives the same ones.

    A line is asked about once; when all were, the questions end.
    """
    chance = Chance("predict", seed, *(script.id for script, _ in scripts))
    found = ((script, [p for p in places_in(script, known) if _open(p)]) for script, known in scripts)
    left = {script.id: (script, places) for script, places in found if places}
    given = 0
    while left:
        script, places = left[chance.pick(sorted(left))]
        place = places.pop(int(chance.share() * len(places)))
        if not places:
            del left[script.id]
        options = _three(script, place, bank, understand, chance)
        if options is None:
            continue
        given += 1
        facts = tuple(value for value in script.caller.facts.values())
        yield Question(
            script=script,
            line=place.line,
            anger=place.situation.anger or 0,
            facts=facts,
            ask=Ask.BEST if given % 2 == 0 else Ask.MOVE,
            options=options,
            about=chance.whole(0, len(options) - 1),
        )


def _open(place: Place) -> bool:
    """Whether anger can move both ways there, and somebody is angry at all."""
    return place.situation.anger is not None and LEAST_ANGER <= place.situation.anger <= MOST_ANGER


def _three(
    script: Script, place: Place, bank: Bank, understand: Understand, chance: Chance
) -> tuple[Option, ...] | None:
    """A reply that helps, a middling one and one with a mistake, shuffled; None where the line has no such three."""
    phase = place.situation.phase
    helping = (b.text for one in _mixed(_HELPS[phase], chance) if (b := better_for(bank, one, place.situation)))
    middling = (
        *(b.text for one in _mixed(_MIDDLING, chance)[:2] if (b := better_for(bank, one, place.situation))),
        *_mixed(NOTHING, chance),
    )
    slots = slots_of(script)
    harming = (said[1] for one in _mixed(_HARMS, chance) if (said := filled(MISTAKES[one], slots, chance)))
    found = []
    for texts, move in ((helping, Move.FALLS), (middling, Move.STAYS), (harming, Move.RISES)):
        option = next((o for text in texts if _clear(o := _tried(script, place, text, understand), move)), None)
        if option is None:
            return None
        found.append(option)
    return _mixed(found, chance)


def _clear(option: Option, move: Move) -> bool:
    """Whether a reply does what it is there for, and nothing that it does is undone by something else in it."""
    signs = {influence.delta > 0 for influence in option.influences if influence.delta and influence.cause != "limit"}
    return option.move is move and len(signs) <= 1


def _tried(script: Script, place: Place, text: str, understand: Understand) -> Option:
    state = state_at(script, place)
    context = context_of(script, state, last_line(script, state), turns=())
    reply = typed_reply(text, context, understand)
    after, line, influences = answer(script, state, reply)
    return Option(
        text=text,
        before=state.anger,
        after=after.anger,
        influences=influences,
        line=line,
        ending=script.steps[after.step].end,
    )


def state_at(script: Script, place: Place) -> CallState:
    """The state in which the caller has just said that line."""
    line, anger = place.line, place.situation.anger or 0
    return CallState(
        step=line.step,
        anger=anger,
        seed=0,
        phase=place.situation.phase,
        used={line.id: 1},
        last_line=line.id,
        was_angry=script.anger.start >= anger,
    )


def _mixed(options: Sequence[_One], chance: Chance) -> tuple[_One, ...]:
    return tuple(sorted(options, key=lambda _: chance.share()))
