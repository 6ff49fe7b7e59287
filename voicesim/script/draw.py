"""Draws a script as a Mermaid flowchart: steps as boxes, rules as arrows. Pure."""

from voicesim.script.model import Otherwise, Script, Step, When

_SHAPES = {True: ("([", "])", "good"), False: ("([", "])", "bad"), None: ("([", "])", "open")}
_STYLES = (
    "classDef good fill:#d9f2e3,stroke:#1b7f4b,color:#10301f",
    "classDef bad fill:#f9dedc,stroke:#b3261e,color:#3b0d0a",
    "classDef open fill:#eeeeee,stroke:#777777,color:#222222",
)


#: Names of steps that mean something else to Mermaid.
_TAKEN = frozenset("any call class click default end flowchart graph href style subgraph".split())


def mermaid(script: Script) -> str:
    """The script as Mermaid text: paste it into any Mermaid viewer, or a Markdown fence.

    Boxes name step and phase, round ones end the call. An arrow says what a reply must have; dashed ones are taken
    when no rule matches; dotted ones by anger.
    """
    lines = ["flowchart TD", *(f"    {_box(step)}" for step in script.steps.values())]
    for step in script.steps.values():
        lines += [f'    {_id(step.name)} -->|"{_quoted(rule.when)}"| {_id(rule.go)}' for rule in step.rules]
        if step.otherwise:
            lines += [f"    {_id(step.name)} {arrow}" for arrow in _otherwise(step.otherwise)]
    for leave, why in ((script.anger.hangs_up, "anger"), (script.anger.gives_up, "replies")):
        if leave:
            lines.append(f'    any(("any step")) -.->|"{why} {leave.at}"| {_id(leave.go)}')
    lines += [f"    {style}" for style in _STYLES]
    return "\n".join(lines) + "\n"


def _id(step: str) -> str:
    return f"{step}_" if step in _TAKEN else step


def _box(step: Step) -> str:
    if step.end is None:
        return f'{_id(step.name)}["{step.name}<br/><i>{step.phase}</i>"]'
    left, right, style = _SHAPES[step.end.good]
    return f'{_id(step.name)}{left}"{step.name}<br/><b>{step.end}</b>"{right}:::{style}'


def _otherwise(otherwise: Otherwise) -> list[str]:
    arrows = [f'-. "otherwise" .-> {_id(otherwise.go)}']
    if otherwise.then:
        arrows.append(f'-. "reply {otherwise.tries}" .-> {_id(otherwise.then)}')
    return arrows


def words(when: When) -> str:
    """What a rule asks for, in one line: ``mentions 62 pounds; mood calm or annoyed``."""
    parts = []
    if when.reply_has:
        parts.append(" or ".join(when.reply_has))
    if when.call_has:
        parts.append("so far: " + " and ".join(when.call_has))
    if when.reply_mentions:
        parts.append("mentions " + " or ".join(when.mentioned))
    if when.reply_offers:
        parts.append("offers " + " or ".join(when.reply_offers))
    if when.mood:
        parts.append("mood " + " or ".join(when.mood))
    return "; ".join(parts)


def _quoted(when: When) -> str:
    return words(when).replace('"', "'")
