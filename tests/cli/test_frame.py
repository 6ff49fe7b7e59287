"""The frame of the command line: exit codes, one clear line for each error, and a help that loads nothing heavy."""

import subprocess
import sys
import types

import pytest

from voicesim.cli import COMMANDS, DEBUG_VARIABLE, frame, main
from voicesim.cli.frame import new_app
from voicesim.errors import (
    DeviceError,
    ExpectationNotMet,
    InputError,
    MissingPart,
    ScriptError,
    SoundFileError,
    StorageError,
    UsageError,
    VoicesimError,
)

HEAVY = ("numpy", "rich", "scipy", "librosa", "onnxruntime", "yaml", "jinja2", "sounddevice", "soundfile", "vosk")


@pytest.fixture
def broken(monkeypatch):
    """A command ``broken`` that raises what the test puts in."""
    raised = []
    module = types.ModuleType("broken_command")
    module.app = new_app()

    @module.app.command("broken")
    def broken():
        raise raised[0]

    monkeypatch.setitem(sys.modules, "broken_command", module)
    monkeypatch.setitem(COMMANDS, "broken", ("broken_command", "Raises."))
    monkeypatch.delenv(DEBUG_VARIABLE, raising=False)
    return raised


def all_errors(root):
    return [root, *(error for child in root.__subclasses__() for error in all_errors(child))]


@pytest.mark.parametrize("error", all_errors(VoicesimError))
def test_every_error_is_one_line_with_its_exit_code(error, broken, capsys):
    """An error raised on purpose is one line: what, where, how to mend; no traceback."""
    broken.append(error("it broke\nbadly", where="file.yaml:3", mend="Do this."))
    assert main(["broken"]) == error.exit_code
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "voicesim: file.yaml:3: it broke badly. Do this.\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ExpectationNotMet, 1),
        *[(e, 2) for e in (VoicesimError, InputError, ScriptError, SoundFileError, UsageError, StorageError)],
        *[(e, 3) for e in (MissingPart, DeviceError)],
    ],
)
def test_exit_codes_are_those_of_the_documents(error, code):
    """0 done, 1 expectation not met, 2 bad input, 3 a missing part."""
    assert error.exit_code == code


def test_ctrl_c_exits_130(broken, capsys):
    """Ctrl-C in a command that has nothing to close is quiet and exits 130."""
    broken.append(KeyboardInterrupt())
    assert main(["broken"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_unexpected_error_is_one_line_without_traceback(broken, capsys):
    """A defect shows one line that asks for a report."""
    broken.append(ZeroDivisionError("division by zero"))
    assert main(["broken"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "ZeroDivisionError: division by zero" in err
    assert "--debug" in err


def test_a_path_that_cannot_be_is_told_as_that(tmp_path, capsys):
    """What the system says of a path is one line with the path and how to mend it, whichever command met it."""
    replies, folder = tmp_path / "replies.txt", tmp_path / ("x" * 300)
    replies.write_text("Hello, this is Sam.\n")
    assert main(["practice", "billed-twice", "--text", str(replies), "--out", str(folder)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"voicesim: {folder}")
    assert said.endswith("the name is too long. Choose a shorter one.")


@pytest.mark.parametrize("by", ["option", "variable"])
def test_debug_shows_where_an_error_came_from(by, broken, capsys, monkeypatch):
    """``--debug`` and its variable add the traceback."""
    monkeypatch.setenv(DEBUG_VARIABLE, "1" if by == "variable" else "")
    broken.append(ZeroDivisionError("division by zero"))
    assert main([*(["--debug"] if by == "option" else []), "broken"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_mistyped_command_names_the_nearest(capsys):
    """A wrong command is a usage error that helps."""
    assert main(["demmo"]) == 2
    assert "Did you mean 'demo'?" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nothing-like-it"], []])
def test_wrong_use_exits_2(arguments):
    """Unknown options and commands, and no command at all, are usage errors."""
    assert main(arguments) == 2


def test_version_names_the_program(capsys):
    """``--version`` prints name and version."""
    from voicesim import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"voicesim {__version__}\n"


def test_help_loads_nothing_heavy():
    """``voicesim --help`` answers without importing a single heavy package or any command."""
    program = (
        "import sys; from voicesim.cli import main; main(['--help']);"
        f"print([m for m in sys.modules if m.split('.')[0] in {HEAVY!r} or m.startswith('voicesim.cli.')"
        " and m != 'voicesim.cli.frame'], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in COMMANDS)


def test_a_closed_pipe_is_quiet():
    """A reader that leaves early (``voicesim --help | head -1``) causes no complaint."""
    program = "import sys; from voicesim.cli import main; sys.exit(main(['--help']))"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


def test_module_runs_like_the_command():
    """``python -m voicesim`` is the command."""
    done = subprocess.run([sys.executable, "-m", "voicesim", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("voicesim ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_completion_script(shell, monkeypatch, capfd):
    """Every common shell gets a completion script that asks voicesim."""
    monkeypatch.setenv("_VOICESIM_COMPLETE", f"source_{shell}")
    main([])
    assert "voicesim" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("steps", "lines"), [((4, 4), []), ((1, 2, 3, 4), ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]), ((0, 0), [])]
)
def test_progress_elsewhere_than_in_a_terminal_is_a_line_a_quarter(steps, lines, capsys):
    """Work that is done at once says nothing; longer work gets a line for each quarter."""
    with frame.progress_bar("Rendering lines") as tell:
        for done in steps:
            tell(done, 4)
    assert capsys.readouterr().err.splitlines() == [f"Rendering lines: {line}" for line in lines]
