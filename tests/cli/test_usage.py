"""A wrong command line is refused like all else that is wrong: one line, what, where and how to mend it, and code 2."""

import subprocess
import sys
import types

import pytest
import typer

from voicesim.cli import COMMANDS, app, main
from voicesim.cli.frame import new_app


def run(*arguments):
    """A process of voicesim, to its end."""
    command = [sys.executable, "-m", "voicesim", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--nope"], "no such option '--nope'. See: voicesim --help"),
        (["share", "--nope"], "share: no such option '--nope'. See: voicesim share --help"),
        (["share", "last", "--trainees", "Ann"], "share: no such option '--trainees'. Did you mean '--trainee'?"),
        (["share"], "share: missing argument 'call'. See: voicesim share --help"),
        (["export"], "export: missing option '--out'. See: voicesim export --help"),
        (["export", "--out"], "export: option '--out' requires an argument. See: voicesim export --help"),
        (["share", "last", "--with", "song"], "--with does not know 'song'. Did you mean 'sound'?"),
        (["calls", "all"], "calls: got unexpected extra argument(s) (all). See: voicesim calls --help"),
        (["nothing-like-it"], "no such command 'nothing-like-it'. See: voicesim --help"),
        (["practise"], "no such command 'practise'. Did you mean 'practice'?"),
        (["script", "lst"], "script: no such command 'lst'. Did you mean 'list'?"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_wrong_command_line_is_one_line_and_code_2(arguments, line):
    done = run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"voicesim: {line}\n")


@pytest.mark.parametrize("value", ["nine", "9"])
def test_a_value_that_does_not_fit_is_one_line_that_names_its_option(value):
    done = run("practice", "billed-twice", "--difficulty", value)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("voicesim: practice: invalid value for '--difficulty': ")
    assert done.stderr.endswith(". See: voicesim practice --help\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["script"]], ids=["voicesim", "a group"])
def test_a_bare_command_shows_its_help(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: voicesim")


def every_command():
    """The words of each command and of each command of a group."""
    context = typer.Context(root := typer.main.get_command(app), info_name="voicesim")
    for name in COMMANDS:
        command = root.get_command(context, name)
        yield (name,)
        yield from ((name, inner) for inner in getattr(command, "commands", {}))


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_refuses_an_unknown_option_in_one_line(words, capsys):
    assert main([*words, "--zzzz"]) == 2
    out, err = capsys.readouterr()
    where = " ".join(words)
    assert (out, err) == ("", f"voicesim: {where}: no such option '--zzzz'. See: voicesim {where} --help\n")


def test_a_question_that_nobody_answers_is_one_line_and_code_2(monkeypatch, capsys):
    """Code 1 means that a call ended otherwise than expected, nothing else."""
    module = types.ModuleType("asking_command")
    module.app = new_app()

    @module.app.command("asking")
    def asking():
        raise EOFError

    monkeypatch.setitem(sys.modules, "asking_command", module)
    monkeypatch.setitem(COMMANDS, "asking", ("asking_command", "Asks."))
    assert main(["asking"]) == 2
    [line] = capsys.readouterr().err.split("\n", 1)[1].splitlines()
    assert line == "voicesim: a question was asked and nobody answered. Run it in a terminal, or answer by options."
