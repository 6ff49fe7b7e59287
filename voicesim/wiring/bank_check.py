"""Runs the detectors over better replies as they would stand in calls: each shows its technique and no mistake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicesim.call.context import context_of
from voicesim.call.text import typed
from voicesim.coach.bank import Bank, Better, Pattern, Situation, better_for, filling
from voicesim.model import CallState, Context, Finding, Kind, Line
from voicesim.script.model import ASIDE, SILENCE, Script

if TYPE_CHECKING:
    from voicesim.call.understood import Understand


#: In so many places of calls a trainer's own reply is tried.
PLACES_TRIED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a script as a reply would meet it."""

    script: str
    line: Line
    situation: Situation
    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A better reply with what the detectors heard in it; ``faults`` is empty if that is as it should be."""

    advice: str
    pattern: str
    text: str
    place: Place
    heard: tuple[Finding, ...]
    faults: tuple[str, ...]


def places_in(script: Script, known: Situation) -> Iterator[Place]:
    """Every line of a script that waits for a reply, each with the situation and what the detectors know there."""
    for line in script.lines():
        if line.step in (ASIDE, SILENCE) or script.steps[line.step].end is not None:
            continue
        step = script.steps[line.step]
        low, high = script.anger.moods[line.mood]
        anger = (low + high) // 2
        state = CallState(step=step.name, anger=anger, seed=0, phase=step.phase)
        situation = replace(known, phase=step.phase, anger=anger, line=line.text)
        yield Place(script=script.id, line=line, situation=situation, context=context_of(script, state, line, turns=()))


def advised(
    bank: Bank, advice_id: str, place: Place, understand: "Understand", *, register: str | None = None, turn: int = 0
) -> Checked | None:
    """The better reply that a trainee would be given there, with what is heard in it; None if there is none."""
    better = better_for(bank, advice_id, replace(place.situation, register=register, turn=turn))
    return None if better is None else _checked(better, place, understand)


def filled_there(
    bank: Bank, advice_id: str, pattern: Pattern, place: Place, understand: "Understand"
) -> Checked | None:
    """One pattern in that place, with what is heard in it; None where it cannot be filled or would not be given."""
    alone = {advice_id: replace(bank.shelves[advice_id], patterns=(pattern,))}
    better = better_for(Bank(shelves=alone), advice_id, place.situation)
    return None if better is None or better.pattern != pattern.id else _checked(better, place, understand)


def faults_in(
    bank: Bank,
    advice_id: str,
    pattern: Pattern,
    places: Mapping[str, Sequence[Place]],
    understand: "Understand",
    *,
    most: int,
) -> tuple[str, ...]:
    """One line for each way in which a pattern fails in ``most`` places of calls; one that fits none fails too."""
    tried = tuple(_tried(bank, advice_id, pattern, places, understand, most=most))
    if not tried:
        return (f"{pattern.where}: '{pattern.text}' fits no line of any script",)
    told = {fault: one for one in tried for fault in one.faults}
    return tuple(f"{pattern.where}: '{one.text}' ({one.place.script}) {fault}" for fault, one in told.items())


def without_mistakes(own: Bank, shipped: Bank, places: Mapping[str, Sequence[Place]], understand: "Understand") -> Bank:
    """A trainer's own bank without the patterns in which a mistake is surely heard, in some place where they fit."""
    whole = shipped.with_own(own)

    def is_mistaken(advice_id: str, pattern: Pattern) -> bool:
        tried = _tried(whole, advice_id, pattern, places, understand, most=PLACES_TRIED)
        return any(finding.sure and finding.kind is Kind.MISTAKE for one in tried for finding in one.heard)

    return Bank(
        shelves={
            advice_id: replace(shelf, patterns=tuple(p for p in shelf.patterns if not is_mistaken(advice_id, p)))
            for advice_id, shelf in own.shelves.items()
        }
    )


def _tried(
    bank: Bank,
    advice_id: str,
    pattern: Pattern,
    places: Mapping[str, Sequence[Place]],
    understand: "Understand",
    *,
    most: int,
) -> Iterator[Checked]:
    for place in spread(places, pattern, most):
        checked = filled_there(bank, advice_id, pattern, place, understand)
        if checked is not None:
            yield checked


def _checked(better: Better, place: Place, understand: "Understand") -> Checked:
    heard = understand(typed(better.text), place.context).heard.findings
    return Checked(
        advice=better.advice,
        pattern=better.pattern,
        text=better.text,
        place=place,
        heard=heard,
        faults=faults_of(heard, better.shows),
    )


def faults_of(heard: Sequence[Finding], shows: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with a better reply in which that was heard: a mistake, or none of the techniques it is for."""
    sure = [finding for finding in heard if finding.sure]
    mistakes = [f"is heard as {f.id}: '{f.quote}'" for f in sure if f.kind is Kind.MISTAKE]
    if {finding.id for finding in sure} & set(shows):
        return tuple(mistakes)
    found = ", ".join(finding.id for finding in sure) or "nothing"
    return (*mistakes, f"shows {found}, not {' or '.join(shows)}")


def spread(places: Mapping[str, Sequence[Place]], pattern: Pattern, most: int) -> Iterator[Place]:
    """At most so many places that fill a pattern, from different scripts as far as there are."""
    left = {script: list(found) for script, found in places.items()}
    given = 0
    while given < most and any(left.values()):
        for found in left.values():
            place = next((p for p in found if pattern.needs <= filling(p.situation).keys()), None)
            if place is None:
                found.clear()
                continue
            del found[: found.index(place) + 1]
            given += 1
            yield place
            if given == most:
                return
