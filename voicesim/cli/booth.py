"""A session at the microphone as a terminal shows it."""

from collections.abc import Mapping

from rich.console import Console

from voicesim.cli.taking import TerminalGuide
from voicesim.studio.session import Prompt
from voicesim.studio.shelf import KeptTake
from voicesim.wiring.booth import STAGES
from voicesim.wiring.guide import Left


class Keys(TerminalGuide):
    """A guide whose keys stand in one short line: they are asked for after every line."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, moving=console.is_terminal)
        self._own = console

    def tell(self, text: str, *, say: str = "") -> None:
        """Print a line below the one that is to be spoken."""
        super().tell(f"  {text}", say=say)

    def key(self, question: str, choices: Mapping[str, str]) -> str:
        """The key that the person typed; ``q`` and the end of the input raise Left."""
        ways = " · ".join(f"{key or 'Enter'} {does}" for key, does in (*choices.items(), ("q", "stop here")))
        while True:
            try:
                answer = self._own.input(f"  {question}{ways}: ", markup=False).strip().lower()[:1]
            except EOFError:
                raise Left from None
            if answer == "q":
                raise Left
            if answer in choices:
                return answer


class Shown:
    """What goes on in a booth, in lines."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def prompt(self, prompt: Prompt, number: int, of: int) -> None:
        """The line with its step, mood and coaching."""
        self._console.print(f"\n[{number} of {of}] {prompt.of_step}, {prompt.line.mood}", style="dim", markup=False)
        self._console.print(f"  {prompt.line.text}", style="bold", markup=False)
        self._console.print(f"  {prompt.coaching}", markup=False)

    def stage(self, stage: str) -> None:
        """What begins, in words."""
        self._console.print(f"  {STAGES[stage]}", markup=False)

    def take(self, take: KeptTake) -> None:
        """What the checks found."""
        if not take.checks:
            self._console.print("  Good.", style="green")
        for problem in take.checks:
            self._console.print(f"  {problem.what} {problem.advice}", style="yellow", markup=False)
