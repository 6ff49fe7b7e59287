"""The call as it goes, and its feedback, on a terminal of 80 columns; every colour has a sign or a word beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from voicesim.coach.evidence import disputed
from voicesim.model import CallRecord, Ending, Feedback, Finding, Influence, Kind, Line, Moment, Reply
from voicesim.report.sources import cited
from voicesim.report.wording import (
    NOT_JUDGED,
    PHASE_NAMES,
    SIGNS,
    heat,
    held_because,
    name_of,
    outcome,
    signed,
    why_anger_moved,
)

_HEAT = ("green", "yellow", "orange3", "bold red")
_KIND = {Kind.TECHNIQUE: "green", Kind.MISTAKE: "red", Kind.CONDITION: "yellow"}
_BRIEFING = (
    ("you_are", "You are"),
    ("caller", "Caller"),
    ("about", "About"),
    ("you_see", "Your screen shows"),
    ("verify", "Verify first"),
    ("may_offer", "You may offer"),
    ("may_not", "You may not"),
    ("refer_to", "Refer to"),
    ("content_note", "Note"),
)
_LABEL_COLUMNS = 18
_INDENT = 8


def hang(console: Console, head: Text, text: Text) -> None:
    """Print ``head`` with ``text`` behind it; where that is longer than a line, its further lines hang from there."""
    for i, part in enumerate(text.wrap(console, max(20, console.width - head.cell_len))):
        row = (head if i == 0 else Text(" " * head.cell_len)) + part
        row.rstrip()
        console.print(row)


class CallScreen:
    """Prints a call to ``console`` as it goes; ``caller`` is how the caller is called at the start of a line.

    So many ``turns`` were before.
    """

    def __init__(self, console: Console, caller: str = "caller", turns: int = 0) -> None:
        self._console = console
        self._caller = caller.split(maxsplit=1)[0] if caller.strip() else "caller"
        self._plain = not (console.encoding or "").lower().startswith("utf")
        self._turn = turns
        self._partial = False

    def briefing(self, briefing: Mapping[str, Any], title: str = "Briefing") -> None:
        """What the trainee reads before the call: keys of the script's briefing (others are shown as they are)."""
        self._rule(title)
        names = dict(_BRIEFING)
        ordered = [key for key in names if key in briefing] + [key for key in briefing if key not in names]
        for key in ordered:
            value = briefing[key]
            items = [str(value)] if isinstance(value, str) else [str(item) for item in value]
            label = names.get(key, key.replace("_", " "))
            for i, item in enumerate(items):
                self._row(Text(label if i == 0 else "", style="bold"), Text(item), _LABEL_COLUMNS)
        self._console.print()

    def line(self, line: Line, anger: int, *, captions: bool = True, again: bool = False) -> None:
        """The caller's line, with her mood and anger (0..10); without ``captions`` its words are only to be heard.

        ``again``: she repeats it, and it is no new turn.
        """
        self._turn += not again
        self._clear_partial()
        self._console.print()
        head = Text(f"{self._turn:>2}  ", style="dim") + Text(self._caller, style="bold") + Text("  ")
        around = Text(f"  ({line.effect.replace('_', ' ')})" if line.effect else "", style="dim")
        self._print(head + self._bar(anger) + Text(f" {line.mood}", style=_HEAT[heat(anger)]) + around)
        if captions:
            self._said(line.text, style="")

    def partial(self, text: str) -> None:
        """The reply as far as it is recognized, on one line that is written over; nothing where that cannot be."""
        if not self._console.is_terminal:
            return
        room = self._console.width - _INDENT - 3
        shown = text if len(text) <= room else "…" + text[-(room - 1) :]
        self._console.print(Text(self._fit(f"{' ' * _INDENT}{shown:<{room}}"), style="dim"), end="\r")
        self._partial = True

    def typing(self, text: str | None) -> None:
        """A reply as it is typed, on one line that is written over; None once it is over."""
        self._clear_partial()
        if text is not None:
            self.partial(f"type, then Enter> {text}")

    def reply(self, reply: Reply) -> None:
        """The reply as recognized and what was found in it; the final transcript where it is there."""
        self._clear_partial()
        self._print(Text("    you", style="bold"))
        self._said(reply.final.transcript.text or "(silence)", style="cyan")
        for finding in sorted(reply.final.findings, key=lambda f: not f.sure):
            self._finding(finding)
        for item in disputed(reply):
            heard = "only the live transcript has" if item.live else "only the final transcript has"
            self._row(
                Text("      ?", style="dim"), Text(f"{heard} {name_of(item.finding.id)}; not scored", style="dim")
            )

    def influences(self, before: int, after: int, influences: Iterable[Influence]) -> None:
        """How anger moved from ``before`` to ``after`` (0..10) and why; what had no effect is left out."""
        moved = f"    anger {before} {'->' if self._plain else '→'} {after}  "
        self._print(Text(moved + self._blocks(after), style=_HEAT[heat(after)]))
        for influence in influences:
            if influence.delta:
                colour = "green" if influence.delta < 0 else "red"
                self._row(Text(f"{signed(influence.delta):>7}", style=colour), Text(why_anger_moved(influence)), 9)

    def note(self, text: str, sign: str = "") -> None:
        """A remark that is not part of the call; its further lines hang from behind the ``sign``."""
        self._clear_partial()
        head = Text(f"    {sign}", style="dim italic")
        self._row(head, Text(text, style="dim italic"), column=head.cell_len)

    def taken_back(self, why: str = "the reply went on: this answer is taken back", to: int | None = None) -> None:
        """The line just shown never counted, and ``why``; that of turn ``to`` (None: the one before) is said again."""
        self.note(why)
        self._turn = self._turn - 1 if to is None else to

    def ending(self, ending: Ending) -> None:
        """How the call ended."""
        self._clear_partial()
        self._console.print()
        good = {True: "green", False: "red", None: "yellow"}[ending.good]
        self._rule(f"Call ended: {ending.value.replace('_', ' ')}", style=good)

    def feedback(self, record: CallRecord) -> None:
        """The score, the moments that mattered, what went well, two things to change; nothing without feedback."""
        given = record.feedback
        if given is None:
            return
        self._row(Text(), Text(outcome(record) + "."), column=0)
        if record.official:
            self._row(Text(), Text("Official run.", style="dim"), column=0)
        if record.dial is not None:
            changes = "; ".join(record.dial.changes)
            self._row(Text(), Text(f"Difficulty {record.dial.level}: {changes}.", style="dim"), column=0)
        self._console.print()
        self._score(given)
        self._moments(given)
        self._heading("What went well")
        for moment in given.strengths:
            self._row(Text("+", style="green"), Text(self._headline(moment)), column=4)
        if not given.strengths:
            self._row(Text(), Text("Nothing is praised first this time; what to change is where to begin."), column=4)
        if given.next_steps:
            self._heading("What to change next time")
            for number, moment in enumerate(given.next_steps, 1):
                self._step(number, moment)
        self._console.print()

    def _score(self, given: Feedback) -> None:
        total = "not judged" if given.total is None else f"{given.total} of 100"
        self._print(Text("Score ", style="bold") + Text(total, style="bold"))
        for phase, name in PHASE_NAMES.items():
            part = given.phases.get(phase, NOT_JUDGED)
            if part.points is None:
                self._row(Text(name), Text("not reached" if given.total is not None else "not judged", style="dim"), 18)
                continue
            filled = round(10 * part.points / part.of) if part.of else 0
            self._row(Text(name), Text(f"{self._blocks(filled)} {part.points:>2} of {part.of}"), 18)
        if held := held_because(given):
            self._row(Text(), Text(f"{held}."), column=0)

    def _moments(self, given: Feedback) -> None:
        if not given.key_moments:
            return
        self._heading({1: "One moment", 2: "Two moments"}.get(len(given.key_moments), "Three moments"))
        told_below = {step.better for step in given.next_steps}
        for moment in given.key_moments:
            self._row(Text(f"turn {moment.turn}", style="dim"), Text(self._told(moment)), column=9)
            if moment.better and moment.better not in told_below:
                try_it = Text("Try: ", style="bold green") + Text(f"“{moment.better}”", style="green")
                self._row(Text(), try_it, column=9)

    def _told(self, moment: Moment) -> str:
        return f"{moment.title}." if moment.id != "temper" or not moment.quote else f"{moment.title}: “{moment.quote}”"

    def _step(self, number: int, moment: Moment) -> None:
        self._row(Text(f"{number}.", style="bold"), Text(moment.title, style="bold"), column=4)
        where = f" (turn {moment.turn})" if moment.turn else ""
        if moment.quote:
            self._row(Text(), Text(f"You said{where}: “{moment.quote}”"), column=4)
        if moment.better:
            self._row(Text(), Text("Try: ", style="bold green") + Text(f"“{moment.better}”", style="green"), column=4)
        self._row(Text(), Text(f"Why: {moment.why}{cited(moment.source)}", style="dim"), column=4)

    def _headline(self, moment: Moment) -> str:
        where = f" (turn {moment.turn})" if moment.turn else ""
        quote = f": “{moment.quote}”" if moment.quote else ""
        return f"{moment.title}{quote}{where}"

    def _finding(self, finding: Finding) -> None:
        quote = f": “{finding.quote}”" if finding.quote else ""
        if finding.sure:
            style = _KIND[finding.kind]
            self._row(Text(f"      {SIGNS[finding.kind]}", style=style), Text(name_of(finding.id) + quote, style=style))
        else:
            self._row(Text("      ?", style="dim"), Text(f"perhaps {name_of(finding.id)}{quote} (unsure)", style="dim"))

    def _bar(self, anger: int) -> Text:
        return Text(f"anger {anger} {self._blocks(anger)}", style=_HEAT[heat(anger)])

    def _blocks(self, filled: int) -> str:
        full, empty = ("#", ".") if self._plain else ("█", "░")
        return full * filled + empty * (10 - filled)

    def _said(self, text: str, style: str) -> None:
        self._row(Text(), Text(text, style=style))

    def _heading(self, text: str) -> None:
        self._console.print()
        self._print(Text(text, style="bold"))

    def _row(self, sign: Text, text: Text, column: int = _INDENT) -> None:
        """A sign or label, then text that hangs from its own column."""
        head = Text(self._fit(sign.plain), style=sign.style)
        head.pad_right(column - head.cell_len)
        hang(self._console, head, Text(self._fit(text.plain), style=text.style, spans=text.spans))

    def _print(self, text: Text) -> None:
        text.rstrip()
        self._console.print(Text(self._fit(text.plain), style=text.style, spans=text.spans))

    def _fit(self, text: str) -> str:
        """Text that the terminal can show."""
        if not self._plain:
            return text
        table = str.maketrans({"“": '"', "”": '"', "−": "-", "…": "~", "’": "'"})
        encoding = self._console.encoding or "ascii"
        return text.translate(table).encode(encoding, "replace").decode(encoding)

    def _rule(self, title: str, style: str = "blue") -> None:
        self._console.print(Rule(self._fit(title), style=style, characters="-" if self._plain else "─"))

    def _clear_partial(self) -> None:
        if self._partial:
            self._console.print(" " * (self._console.width - 1), end="\r")
            self._partial = False
