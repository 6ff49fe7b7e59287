"""A script's steps as a drawing in which every step is a link: SVG from Graphviz, coloured by the page's own style."""

import re
from functools import lru_cache
from urllib.parse import quote

from voicesim.backends.drawing import picture
from voicesim.errors import InputError, MissingPart
from voicesim.script.model import Script, Step

#: What Graphviz says of itself and of sizes and colours: the page decides those.
_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_SIZE = re.compile(r'<svg width="(\d+)pt" height="(\d+)pt"')
_COLOURS = re.compile(r' (?:fill|stroke|font-family|font-size|xml:space)="[^"]*"')
_SHEET = re.compile(r'<polygon[^>]*points="[^"]*"/>\n', re.DOTALL)
_HREF = re.compile(r'xlink:href="([^"]*)"(?: xlink:title="([^"]*)")?')


def dot(script: Script, address: str) -> str:
    """The steps and ways of a script as Graphviz text; a step links to ``address#step-NAME``."""
    lines = [
        "digraph script {",
        "  graph [rankdir=TB, nodesep=0.35, ranksep=0.5, pad=0.15]",
        '  node [shape=box, style=rounded, fontname=Arial, fontsize=13, margin="0.18,0.1"]',
        "  edge [arrowsize=0.7]",
        *(f"  {_box(step, address)}" for step in script.steps.values()),
    ]
    for step in script.steps.values():
        by_rule = dict.fromkeys(rule.go for rule in step.rules)
        lines += [f'  "{step.name}" -> "{go}" [class="rule"]' for go in by_rule if go != step.name]
        for go in dict.fromkeys(target for target, _ in step.targets()):
            if go not in by_rule and go != step.name:
                lines.append(f'  "{step.name}" -> "{go}" [class="otherwise", style=dashed]')
    leaves = [leave for leave in (script.anger.hangs_up, script.anger.gives_up) if leave]
    if leaves:
        lines.append('  "any step" [class="any", style="rounded,dashed"]')
    lines += [f'  "any step" -> "{leave.go}" [class="leave", style=dotted]' for leave in leaves]
    return "\n".join([*lines, "}", ""])


def _box(step: Step, address: str) -> str:
    kind = "step" if step.end is None else {True: "good", False: "bad", None: "open"}[step.end.good]
    under = step.phase if step.end is None else f"ends: {step.end}"
    told = f"{step.name}, {under}, line {step.line_number}"
    link = f"{address}#step-{step.name}"
    return f'"{step.name}" [label="{step.name}\\n{under}", class="{kind}", URL="{link}", tooltip="{told}"]'


def drawing(script: Script, script_id: str) -> str | None:
    """The drawing as an SVG element to stand in a page, None where the part that draws is not installed."""
    try:
        return _drawn(dot(script, f"/scripts/{quote(script_id, safe='')}/form"))
    except (MissingPart, InputError):
        return None


@lru_cache(maxsize=64)
def _drawn(text: str) -> str:
    svg = _HEAD.sub("", picture(text, "svg").decode(), count=1)
    svg = _SHEET.sub("", svg, count=1)
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL)
    # Names of nodes for a hover are said by the links; as titles they would stand twice.
    svg = re.sub(r"<title>[^<]*</title>\n?", "", svg)
    svg = _COLOURS.sub("", svg)
    svg = _HREF.sub(lambda link: f'href="{link[1]}" aria-label="{link[2] or ""}"', svg)
    return _SIZE.sub(r'<svg class="graph" role="group" aria-label="Steps of the script" width="\1" height="\2"', svg)
