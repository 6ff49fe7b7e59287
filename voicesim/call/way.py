"""Where a reply leads, and why: the order in which a caller decides. Pure.

Hanging up and giving up come first; after an aside she comes back to the matter; then the rules of the step, top down,
and its ``otherwise``.
"""

from dataclasses import dataclass

from voicesim.call.anger import is_recital
from voicesim.model import CallState, Finding, Kind, Reply
from voicesim.script.draw import words
from voicesim.script.model import Script, Step, When


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The step to which a reply leads; ``line_number`` is where the file says so, None where it says nothing."""

    go: str
    because: str
    when: When | None = None
    line_number: int | None = None

    @property
    def why(self) -> str:
        """The reason in words, with what the rule asks for if one matched."""
        return self.because if self.when is None else f"{self.because}: {words(self.when)}"


def lead(script: Script, state: CallState, reply: Reply, findings: tuple[Finding, ...]) -> Way:
    """The way that a reply with these sure ``findings`` leads from ``state``, which they have moved already."""
    hangs_up, gives_up, step = script.anger.hangs_up, script.anger.gives_up, script.steps[state.step]
    if hangs_up and state.anger >= hangs_up.at:
        return Way(go=hangs_up.go, because=f"anger has reached {hangs_up.at}: the caller hangs up")
    if gives_up and state.turn >= gives_up.at:
        return Way(go=gives_up.go, because=f"this was reply number {gives_up.at}: the caller gives up")
    if state.aside is not None:
        return Way(go=step.name, because="the caller had said something else first and comes back to the matter")
    mood, recital = script.anger.mood(state.anger), is_recital(findings)
    mistakes = {f.id for f in findings if f.kind is Kind.MISTAKE}
    for number, rule in enumerate(step.rules, 1):
        # Of a recital she hears the mistakes alone.
        if recital and not mistakes & set(rule.when.reply_has):
            continue
        if holds(rule.when, mood, state, reply, findings):
            because = f"rule {number} of '{step.name}'"
            return Way(go=rule.go, because=because, when=rule.when, line_number=rule.line_number)
    return _otherwise(step, state.tries)


def holds(when: When, mood: str, state: CallState, reply: Reply, findings: tuple[Finding, ...]) -> bool:
    """Whether all that a rule asks for holds, given her ``mood`` after the reply and its findings."""
    now = {f.id for f in findings}
    return (
        (not when.reply_has or bool(now & set(when.reply_has)))
        and all(state.heard.get(one, 0) for one in when.call_has)
        and (not when.reply_mentions or bool(set(reply.mentions) & set(when.reply_mentions)))
        and (not when.reply_offers or bool(set(reply.offers) & set(when.reply_offers)))
        and (not when.mood or mood in when.mood)
    )


def _otherwise(step: Step, tries: int) -> Way:
    otherwise, none = step.otherwise, f"no rule of '{step.name}' matched"
    if otherwise is None:
        return Way(go=step.name, because=f"{none}, and it has no 'otherwise'")
    if otherwise.tries is not None and otherwise.then is not None and tries >= otherwise.tries:
        because = f"{none}, and it was reply number {tries} there"
        return Way(go=otherwise.then, because=because, line_number=otherwise.line_number)
    return Way(go=otherwise.go, because=none, line_number=otherwise.line_number)
