"""Draws a script in the language of Graphviz: each step is a table of what is listened for there. Pure.

Rules stand as rows inside their step, so that no label lies on an arrow; a row names its target as well, so that nobody
has to follow a line by eye. What stays in the step has no arrow.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from html import escape

from voicesim.script.draw import words
from voicesim.script.model import Script, Step, When

#: Letters in a row before it is wrapped.
_WIDTH = 38
#: Phrases of one rule that are written out.
_PHRASES = 6
#: Fill and border by judgement of the ending; the text is always dark.
_COLOURS = {True: ("#d9f2e3", "#1b7f4b"), False: ("#f9dedc", "#b3261e"), None: ("#eeeeee", "#777777")}
_STEP = ("#ffffff", "#4a5568")
_HEAD = "#e2e8f0"
_TEXT = "#1a202c"
_LEGEND = (
    "From the top: the call begins in the first box. Each row is a rule: what a reply must have, and where it leads.",
    "Solid arrow: a rule. Dashed arrow: no rule matched. Dotted arrow: anger or the number of replies, in any step.",
    "Green: a good ending. Red: a bad ending. Grey: not judged.",
)


def dot(script: Script) -> str:
    """The script as Graphviz text: boxes with their rules as rows, coloured by ending, arrows, a legend in words."""
    lines = [
        "digraph script {",
        "  graph [rankdir=TB, nodesep=0.5, ranksep=0.7, splines=true, pad=0.3, labelloc=t, labeljust=l,"
        f" fontname=Arial, fontsize=13, fontcolor={_quoted(_TEXT)}, label=<{_legend(script)}>]",
        f"  node [shape=plain, fontname=Arial, fontsize=12, fontcolor={_quoted(_TEXT)}]",
        f'  edge [color="{_STEP[1]}", arrowsize=0.7, fontname=Arial, fontsize=12, fontcolor="{_TEXT}"]',
    ]
    lines += [f"  {_quoted(step.name)} [label=<{_box(step)}>]" for step in script.steps.values()]
    for step in script.steps.values():
        lines += [f"  {arrow}" for arrow in _arrows(step)]
    lines += [f"  {line}" for line in _exits(script)]
    return "\n".join([*lines, "}", ""])


def _legend(script: Script) -> str:
    title = f'<B><FONT POINT-SIZE="18">{escape(script.title)}</FONT></B>'
    return "".join(f'{row}<BR ALIGN="LEFT"/>' for row in (title, *_LEGEND))


def _box(step: Step) -> str:
    judged = step.end is not None
    fill, border = _COLOURS[step.end.good] if step.end is not None else _STEP
    under = f"ends: {step.end}" if step.end is not None else str(step.phase)
    head = f'<B>{escape(step.name)}</B><BR/><FONT POINT-SIZE="10">{escape(under)}</FONT>'
    rows = [f'<TR><TD PORT="head" BGCOLOR="{fill if judged else _HEAD}">{head}</TD></TR>']
    rows += [
        f'<TR><TD PORT="r{n}" ALIGN="LEFT">{_wrapped(text)}</TD></TR>' for n, (text, _, _) in enumerate(_rows(step))
    ]
    table = f'BORDER="2" CELLBORDER="0" CELLSPACING="0" CELLPADDING="5" COLOR="{border}" BGCOLOR="{fill}"'
    style = ' STYLE="ROUNDED"' if judged else ""
    return f"<TABLE {table}{style}>{'<HR/>'.join(rows)}</TABLE>"


def _rows(step: Step) -> Iterator[tuple[str, str, bool]]:
    """For each rule its words, its target, and whether it is what happens if nothing matched."""
    for rule in step.rules:
        yield f"{words(_shortened(rule.when))} \N{RIGHTWARDS ARROW} {_target(step, rule.go)}", rule.go, False
    if step.otherwise:
        yield f"otherwise \N{RIGHTWARDS ARROW} {_target(step, step.otherwise.go)}", step.otherwise.go, True
        if step.otherwise.then:
            then = step.otherwise.then
            yield f"reply {step.otherwise.tries} here \N{RIGHTWARDS ARROW} {_target(step, then)}", then, True


def _shortened(when: When) -> When:
    # Lists stand at the end, by their names.
    at = len(when.mentioned) - len(when.lists)
    phrases, names, left = when.mentioned[:at], when.mentioned[at:], at - _PHRASES
    if left < 2:
        return when
    return replace(when, reply_mentions=(*phrases[:_PHRASES], f"{left} phrases more", *names), lists=())


def _target(step: Step, name: str) -> str:
    return "stays here" if name == step.name else name


def _wrapped(text: str) -> str:
    lines = textwrap.wrap(text, _WIDTH, break_long_words=True) or [""]
    return "".join(f'{escape(line)}<BR ALIGN="LEFT"/>' for line in lines)


def _arrows(step: Step) -> Iterator[str]:
    for number, (_, target, otherwise) in enumerate(_rows(step)):
        if target != step.name:
            style = " [style=dashed]" if otherwise else ""
            yield f"{_quoted(step.name)}:r{number} -> {_quoted(target)}:head{style}"


def _exits(script: Script) -> Iterator[str]:
    leaves = ((script.anger.hangs_up, "anger reaches"), (script.anger.gives_up, "reply number"))
    if any(leave for leave, _ in leaves):
        yield f'"any step" [shape=box, style="rounded,dashed", color="{_STEP[1]}", label="in any step", margin=0.15]'
    for leave, why in leaves:
        if leave:
            yield f'"any step" -> {_quoted(leave.go)}:head [style=dotted, penwidth=1.5, label=" {why} {leave.at} "]'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
