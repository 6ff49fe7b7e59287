"""Every command explains itself with an example, and every command that a text names can be called like that."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from voicesim.cli import DEBUG_VARIABLE, app

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(?:sh|console|bash)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?voicesim [^`\n]*)`")
OPTION = re.compile(r"`(--[a-z-]+)")
ROOT_COMMAND = typer.main.get_command(app)


def children(command, context):
    names = command.list_commands(context) if hasattr(command, "list_commands") else []
    return {name: command.get_command(context, name) for name in names}


def walk(command=ROOT_COMMAND, path=("voicesim",)):
    """Every command and group: its words and itself."""
    context = command.make_context(path[-1], [], resilient_parsing=True)
    yield " ".join(path), command
    for name, child in children(command, context).items():
        yield from walk(child, (*path, name))


COMMANDS = dict(walk())


def examples(command):
    lines = (line.strip() for line in (command.epilog or "").splitlines())
    return [line for line in lines if line.startswith("voicesim")]


def parse(line):
    """Parse a command line as the shell and the app would, without running it; typer's errors go through."""
    words = shlex.split(line.split(" | ")[0], comments=True)
    words[0] = "voicesim"
    if {"--install-completion", "--show-completion"} & set(words):  # parsing these would do them
        return
    command, path = ROOT_COMMAND, "voicesim"
    rest = words[1:]
    while rest and f"{path} {rest[0]}" in COMMANDS:
        path = f"{path} {rest.pop(0)}"
        command = COMMANDS[path]
    try:
        context = command.make_context(path, rest)
    except typer.Exit:  # --version, --help
        return
    assert not (hasattr(command, "list_commands") and context.args), f"no such command: {line}"


def every_example():
    return sorted({line for command in COMMANDS.values() for line in examples(command)})


def every_documented():
    found = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fenced = [line.strip().removeprefix("$ ") for block in FENCE.findall(text) for line in block.splitlines()]
        lines = [*fenced, *INLINE.findall(FENCE.sub("", text))]
        lines = [line.removeprefix(".venv/bin/") for line in lines]
        found |= {(page.relative_to(ROOT).as_posix(), line) for line in lines if line.startswith("voicesim ")}
    return sorted(found)


@pytest.fixture(autouse=True)
def debug_stays_off(monkeypatch):
    """Parsing ``--debug`` switches it on for the process."""
    monkeypatch.setenv(DEBUG_VARIABLE, "")


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_every_command_has_a_help_text_with_an_example(path):
    """Each command and group says what it does and shows how it is called."""
    command = COMMANDS[path]
    assert len((command.help or "").split()) >= 4
    assert any(line.startswith(path) for line in examples(command))


@pytest.mark.parametrize("path", sorted(path for path in COMMANDS if path != "voicesim"))
def test_every_option_is_explained(path):
    """Each option and argument has a help line."""
    nameless = [p.name for p in COMMANDS[path].params if p.name != "help" and not getattr(p, "help", None)]
    assert nameless == []


@pytest.mark.parametrize("line", every_example())
def test_every_example_of_a_help_text_can_be_called(line):
    """Examples in help texts parse against the app."""
    parse(line)


@pytest.mark.parametrize(("page", "line"), every_documented())
def test_every_command_in_the_documents_can_be_called(page, line):
    """Commands in README and docs parse against the app (names in capitals stand for values)."""
    parse(line)


def every_option_named():
    found = {(page, name) for page in PAGES for name in OPTION.findall(page.read_text(encoding="utf-8"))}
    return sorted((page.relative_to(ROOT).as_posix(), name) for page, name in found)


@pytest.mark.parametrize(("page", "option"), every_option_named())
def test_every_option_in_the_documents_exists(page, option):
    """``--option`` in README and docs is an option of some command."""
    assert option in {
        name for command in COMMANDS.values() for p in command.params for name in (*p.opts, *p.secondary_opts)
    }
