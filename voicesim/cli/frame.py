"""What every command shares: how an app is made, examples in help texts, notes and progress on stderr."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer


def new_app(**settings: Any) -> typer.Typer:
    """An empty app for one command group: plain help texts, no shell completion of its own, no patched tracebacks."""
    return typer.Typer(
        **{
            "rich_markup_mode": None,
            "no_args_is_help": True,
            "add_completion": False,
            "pretty_exceptions_enable": False,
            **settings,
        }
    )


def examples(*commands: str) -> str:
    """Epilog of a help text: the commands, one a line, below the word *Examples*."""
    return "\n".join(["\b", "Examples:", *(f"  {command}" for command in commands)])


def note(text: str) -> None:
    """Print one line for the person on stderr, beside the command's output."""
    print(text, file=sys.stderr)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on stderr that ``what`` is going on: a moving line in a terminal, one plain line elsewhere."""
    if not sys.stderr.isatty():
        note(f"{what} ...")
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} ..."):
        yield


@contextmanager
def without_chatter() -> Iterator[None]:
    """Drop what libraries written in C print on stderr by themselves (PortAudio, ALSA); Python's own is shown.

    With ``--debug`` everything is shown.
    """
    own = sys.stderr
    try:
        apart = own.fileno() != 2
    except (AttributeError, OSError):
        apart = True
    if apart or os.environ.get("VOICESIM_DEBUG"):
        yield
        return
    own.flush()
    with os.fdopen(os.dup(2), "w", encoding=own.encoding, errors=own.errors, buffering=1) as ours:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = ours
        try:
            yield
        finally:
            sys.stderr = own
            os.dup2(ours.fileno(), 2)


@contextmanager
def closing_in_order() -> Iterator[None]:
    """Let a closed terminal and a polite kill end the command as Ctrl-C does, so that a call is closed and kept."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {name: signal.signal(getattr(signal, name), interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@contextmanager
def progress_bar(what: str, *, of_bytes: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes (done, all) and shows a bar on stderr; plain lines at each quarter elsewhere.

    ``of_bytes``: what is counted are bytes.
    """
    if not sys.stderr.isatty():
        yield _quarters(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    count = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), count, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _quarters(what: str) -> Callable[[int, int], None]:
    told = 0

    def tell(done: int, of: int) -> None:
        nonlocal told
        quarter = 4 * done // of if of else 4
        if quarter > told and not (told == 0 and quarter == 4):
            note(f"{what}: {done} of {of}")
        told = max(told, quarter)

    return tell
