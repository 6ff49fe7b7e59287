"""The command line: one module a command group, imported when its command is called.

Here belong options, help texts, wiring of rooms and back-ends, and what a terminal shows. What a call, a reply or a
script means is decided elsewhere. ``voicesim --help`` answers from :data:`COMMANDS` alone, so a command's module may
import what it likes inside its functions without slowing anybody else down.

Each module has ``app``, made by :func:`voicesim.cli.frame.new_app`: either with a command of the table's name, or
being the group of that name.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from voicesim.cli.frame import examples, new_app
from voicesim.errors import StorageError, UsageError, VoicesimError

PROGRAM = "voicesim"
#: Command -> module that has it, and the line that ``voicesim --help`` shows.
COMMANDS = {
    "demo": ("voicesim.cli.practice", "Watch a whole recorded practice call and get its feedback report."),
    "practice": ("voicesim.cli.practice", "Answer a scripted caller aloud, from sound files or typed."),
    "serve": ("voicesim.cli.serve", "Practise, read feedback and record callers in the browser."),
    "headset": ("voicesim.cli.headset", "Check microphone, headphones and room before a call."),
    "calibrate": ("voicesim.cli.calibrate", "Read three sentences aloud: the voice your replies are compared with."),
    "analyse": ("voicesim.cli.analyse", "Findings and delivery of recorded or typed replies, without a script."),
    "script": ("voicesim.cli.script", "List, check, draw, rehearse and show scripts."),
    "record": ("voicesim.cli.record", "Speak the lines of a script yourself, as takes for its caller."),
    "phrases": ("voicesim.cli.phrases", "Read and hear better replies for every technique and mistake."),
    "predict": ("voicesim.cli.predicting", "What will she do? Predict how a caller takes three replies."),
    "report": ("voicesim.cli.report", "Make the report of a finished call again."),
    "drill": ("voicesim.cli.drill", "Two minutes of one technique, judged at once; or what you need most."),
    "course": ("voicesim.cli.course", "How far you are in a course, and the next command."),
    "progress": ("voicesim.cli.progress", "How your calls change, and what to practise next."),
    "retry": ("voicesim.cli.retry", "Say one reply of a call again, and see both side by side."),
    "score": ("voicesim.cli.score", "Score a call again by a rubric, beside the score it was given."),
    "calls": ("voicesim.cli.calls", "List the calls that are stored."),
    "show": ("voicesim.cli.calls", "Show what a stored call holds."),
    "delete": ("voicesim.cli.calls", "Delete stored calls."),
    "share": ("voicesim.cli.handing_on", "Write a call to hand on, without what is private."),
    "review": ("voicesim.cli.review", "Say as a trainer what you think of a call, turn by turn."),
    "contest": ("voicesim.cli.review", "Contest a finding in your own call."),
    "agreement": ("voicesim.cli.review", "How far reviewers agree, and the machine with them."),
    "export": ("voicesim.cli.handing_on", "Put calls with all their files into one ZIP file."),
    "forget": ("voicesim.cli.handing_on", "Delete everything of a trainee."),
    "settings": ("voicesim.cli.settings", "Show and change what holds for all commands."),
    "doctor": ("voicesim.cli.doctor", "What is there, what is missing, and the command that mends it."),
    "models": ("voicesim.cli.models", "List and install models of recognizers and voices."),
    "install-launcher": ("voicesim.cli.launcher", "Put voicesim into the menu of your system."),
    "bundle": ("voicesim.cli.bundle", "Make a folder that installs on a machine without internet."),
}

#: What the library raises for a wrong command line; the name of this class moves between its versions.
REFUSAL: type[Any] = typer.BadParameter.__mro__[1]
#: Set to anything: unexpected errors show where they came from.
DEBUG_VARIABLE = "VOICESIM_DEBUG"


class LazyCommands(TyperGroup):
    """The commands of :data:`COMMANDS`, each imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        group = typer.main.get_group(importlib.import_module(COMMANDS[cmd_name][0]).app)
        group.name = cmd_name
        return group.commands.get(cmd_name, group)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments begin with; a wrong name is refused with the nearest right one."""
        near = get_close_matches(args[0], COMMANDS, n=1)
        if args[0] not in COMMANDS and not args[0].startswith("-") and near:
            raise UsageError(f"no such command '{args[0]}'", mend=f"Did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)


app = new_app(cls=LazyCommands, add_completion=True)


def _debug(wanted: bool) -> None:
    if wanted:
        os.environ[DEBUG_VARIABLE] = "1"


def _version(wanted: bool) -> None:
    if wanted:
        from voicesim import __version__

        typer.echo(f"voicesim {__version__}")
        raise typer.Exit


@app.callback(
    epilog=examples(
        "voicesim demo",
        "voicesim script list",
        "voicesim practice billed-twice --out my-call",
        "voicesim analyse reply.wav --json",
        "voicesim practice --help",
    )
    + "\n\nExit codes: 0 done, 1 --expect not met, 2 usage or bad input, 3 a part is missing, 130 Ctrl-C."
)
def voicesim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            callback=_debug,
            is_eager=True,
            help=f"Show where an unexpected error came from (or set {DEBUG_VARIABLE}).",
        ),
    ] = False,
) -> None:
    """Practise calls with angry customers: answer a scripted caller aloud, offline, and get feedback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (``sys.argv`` if None) and give its exit code; never raises.

    0 done, 1 ``--expect`` not met, 2 usage or bad input, 3 a part is missing, 130 Ctrl-C. A reader that closes the
    pipe early (``voicesim ... | head``) is no error. An unexpected error is one line and code 2; its traceback
    follows only with ``--debug``.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a sign shows its code instead of failing
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
    except BrokenPipeError:
        code = 0
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more as it leaves: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        # main() of the command itself: an app that is called replaces sys.excepthook.
        left = typer.main.get_command(app).main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
        return left if isinstance(left, int) else 0
    except SystemExit as leaving:
        # Click and Rich leave with 1 when the reader of a pipe has gone.
        if isinstance(leaving.__context__, BrokenPipeError):
            return 0
        return leaving.code if isinstance(leaving.code, int) else 0
    except REFUSAL as refusal:
        return _refuse(refusal, arguments)
    except VoicesimError as error:
        _complain(str(error))
        return error.exit_code
    except typer.Abort:
        _complain("a question was asked and nobody answered. Run it in a terminal, or answer by options.")
        return UsageError.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last net: a person sees one line, not a traceback
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    """The exit code of an error that nobody met; one of the system about a path tells what is wrong with the path."""
    if isinstance(error, OSError) and isinstance(error.filename, str):
        from voicesim.files import storage_error

        _complain(str(storage_error(error, error.filename, "used")))
        return StorageError.exit_code
    _complain(f"this should not have happened: {_one_line(error)}. Please report it with the output of --debug.")
    return 2


def _refuse(refusal: Any, arguments: Sequence[str] | None) -> int:
    """The exit code of a wrong command line, which is one line as every other error; a bare command shows its help."""
    from voicesim.cli.usage import refused

    error = refused(refusal, arguments, tuple(COMMANDS))
    if error is None:
        refusal.show()
    else:
        _complain(str(error))
    return UsageError.exit_code


def _complain(message: str) -> None:
    print(f"{PROGRAM}: {' '.join(message.split())}", file=sys.stderr)
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exc()


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
