"""Which lines to record next, and how they should sound: pure."""

from collections import deque
from dataclasses import dataclass

from voicesim.model import Line
from voicesim.script.model import Script

#: How a line of each mood is asked for, where the script gives no coaching of its own.
COACHING = {
    "calm": "Low and unhurried, as across a kitchen table. She is tired, not sweet.",
    "annoyed": "Clipped, a little faster: she has said all this before.",
    "angry": "Louder and faster, leaning on every fact. She has waited long enough.",
    "furious": "Loud, fast, hardly a breath between words. No courtesy is left.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A line to record, and how: ``coaching`` in words, ``of_step`` the step it is said in."""

    line: Line
    of_step: str
    coaching: str


def prompts(script: Script) -> tuple[Prompt, ...]:
    """Every line of a script once, the most needed first.

    Needed most is what every call says: the steps nearest to the opening, and in each the moods nearest to the anger
    with which the call starts. What she says into a silence comes last.
    """
    far = _distances(script)
    lines = {line.id: line for line in script.lines()}
    place = {line_id: number for number, line_id in enumerate(lines)}

    def need(line: Line) -> tuple[int, int, int]:
        low, high = script.anger.moods[line.mood]
        start = script.anger.start
        away = max(low - start, start - high, 0)
        return far.get(line.step, len(far)), away, place[line.id]

    return tuple(
        Prompt(line=line, of_step=line.step, coaching=_coaching(script, line))
        for line in sorted(lines.values(), key=need)
    )


def _distances(script: Script) -> dict[str, int]:
    """How many replies at least lie between the opening and each step."""
    far = {script.first.name: 0}
    waiting = deque(far)
    while waiting:
        name = waiting.popleft()
        for target, _ in script.steps[name].targets():
            if target not in far:
                far[target] = far[name] + 1
                waiting.append(target)
    return far


def _coaching(script: Script, line: Line) -> str:
    step = script.steps.get(line.step)
    own = next((w.coaching for w in step.say.get(line.mood, ()) if w.text == line.text), None) if step else None
    if own is None and line.step == "silence":
        return "Into the silence on the line: she is not sure that anybody is there."
    return own or COACHING[line.mood]
