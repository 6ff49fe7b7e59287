"""What every command shares: how an app is made, examples in help texts, notes and progress on stderr."""

import sys
from collections.abc import Iterator
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
