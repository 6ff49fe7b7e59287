"""Says why a reply led where it did: which rule of the step matched, or what came before the rules. Pure.

It repeats the order of :func:`voicesim.call.answer.answer` with its result at hand; a test holds many calls and demands
that both agree.
"""

from dataclasses import dataclass

from voicesim.call.anger import is_recital
from voicesim.call.answer import holds
from voicesim.model import CallState, Kind, Reply
from voicesim.script.draw import words
from voicesim.script.model import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a reply led and why, in words; ``line_number`` is where the file says so, None where it says nothing."""

    go: str
    why: str
    line_number: int | None = None


def way_of(script: Script, before: CallState, reply: Reply, after: CallState) -> Way:
    """The way from the step of ``before`` to that of ``after``, which :func:`answer` gave for ``reply``."""
    anger, step = script.anger, script.steps[before.step]
    if anger.hangs_up and after.anger >= anger.hangs_up.at:
        return Way(go=anger.hangs_up.go, why=f"anger has reached {anger.hangs_up.at}: the caller hangs up")
    if anger.gives_up and after.turn >= anger.gives_up.at:
        return Way(go=anger.gives_up.go, why=f"this was reply number {anger.gives_up.at}: the caller gives up")
    if before.aside is not None:
        return Way(go=step.name, why="the caller had said something else first and comes back to the matter")
    findings = tuple({f.id: f for f in reply.live.findings if f.sure}.values())
    mood, recital = anger.mood(after.anger), is_recital(findings)
    mistakes = {f.id for f in findings if f.kind is Kind.MISTAKE}
    for number, rule in enumerate(step.rules, 1):
        if recital and not mistakes & set(rule.when.reply_has):
            continue
        if holds(rule.when, mood, after, reply, findings):
            return Way(
                go=rule.go, why=f"rule {number} of '{step.name}': {words(rule.when)}", line_number=rule.line_number
            )
    tries, otherwise = before.tries + 1, step.otherwise
    if otherwise is None:
        return Way(go=step.name, why=f"no rule of '{step.name}' matched, and it has no 'otherwise'")
    if otherwise.tries is not None and otherwise.then is not None and tries >= otherwise.tries:
        why = f"no rule of '{step.name}' matched, and it was reply number {tries} there"
        return Way(go=otherwise.then, why=why, line_number=otherwise.line_number)
    return Way(go=otherwise.go, why=f"no rule of '{step.name}' matched", line_number=otherwise.line_number)
