"""voicesim in the menu of a system: what is written, that it starts the page, and that it goes away again."""

import base64
import os
import plistlib
import shlex
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from voicesim.cli import launcher as launcher_module
from voicesim.cli import main
from voicesim.wiring.launchers import LAUNCHERS, Icon, linux, macos, windows

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "voicesim" / "web" / "static"
ICON = Icon(svg=(STATIC / "icon.svg").read_bytes(), png=(STATIC / "icon.png").read_bytes())
#: Words that every quoting has to get right.
AWKWARD = ('/opt/it\'s "mine" $HOME/100%/a\\b `x`/python', "-m", "voicesim", "serve")


def content(launcher, ending):
    [found] = [file.content for file in launcher.files if file.place.endswith(ending)]
    return found


def desktop_words(text):
    """The arguments of ``Exec`` as a desktop reads them: string escapes, then quotes, then field codes."""
    [value] = [row.removeprefix("Exec=") for row in text.splitlines() if row.startswith("Exec=")]
    words, quoted, word = [], False, ""
    signs = iter(value.replace("\\\\", "\\"))
    for sign in signs:
        if sign == "\\" and quoted:
            word += next(signs)
        elif sign == '"':
            quoted = not quoted
        elif sign == " " and not quoted:
            words, word = [*words, word], ""
        else:
            word += sign
    return tuple(one.replace("%%", "%") for one in [*words, word])


@pytest.mark.parametrize("command", [("/usr/bin/python3", "-m", "voicesim", "serve"), AWKWARD])
def test_a_desktop_entry_starts_exactly_the_command(command):
    assert desktop_words(content(linux(command, ICON), ".desktop").decode()) == command


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="run: apt-get install desktop-file-utils")
@pytest.mark.parametrize("command", [("/usr/bin/python3", "-m", "voicesim", "serve"), AWKWARD])
def test_a_desktop_entry_is_valid(command, tmp_path):
    entry = tmp_path / "voicesim.desktop"
    entry.write_bytes(content(linux(command, ICON), ".desktop"))
    done = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_bundle_of_macos_opens_the_terminal_with_the_command():
    made = macos(AWKWARD, ICON)
    properties = plistlib.loads(content(made, "Info.plist"))
    places = {file.place: file.program for file in made.files}
    assert places[f"voicesim.app/Contents/MacOS/{properties['CFBundleExecutable']}"]
    assert f"voicesim.app/Contents/Resources/{properties['CFBundleIconFile']}.icns" in places
    assert "Resources/voicesim.command" in content(made, "MacOS/voicesim").decode()
    row = content(made, ".command").decode().splitlines()[1]
    assert tuple(shlex.split(row)) == ("exec", *AWKWARD)
    assert places["voicesim.app/Contents/Resources/voicesim.command"]


@pytest.mark.parametrize("name", ["MacOS/voicesim", ".command"])
def test_the_scripts_of_macos_are_read_by_any_shell(name):
    done = subprocess.run(["sh", "-n"], input=content(macos(AWKWARD, ICON), name), check=False)
    assert done.returncode == 0


def test_a_shortcut_of_windows_starts_exactly_the_command():
    """PowerShell is handed literal strings: a quote in a path is doubled and nothing else means anything."""
    made = windows(("C:\\it's\\python.exe", "-m", "voicesim", "serve"), ICON)
    assert made.makes[:2] == ("powershell", "-NoProfile")
    script = base64.b64decode(made.makes[-1]).decode("utf-16-le")
    assert "$s.TargetPath = 'C:\\it''s\\python.exe'" in script
    assert "$s.Arguments = '-m voicesim serve'" in script
    assert "'Microsoft\\Windows\\Start Menu\\Programs\\voicesim.lnk'" in script
    assert made.made in made.removes


def test_icons_of_windows_and_macos_hold_the_picture():
    """Both are a head that says where the picture is, and the picture as it is."""
    ico = content(windows(AWKWARD, ICON), ".ico")
    length, offset = struct.unpack_from("<II", ico, 14)
    assert ico[offset : offset + length] == ICON.png
    icns = content(macos(AWKWARD, ICON), ".icns")
    assert struct.unpack_from(">4sI4sI", icns) == (b"icns", len(icns), b"ic08", len(icns) - 8)
    assert icns[16:] == ICON.png
    assert struct.unpack_from(">II", ICON.png, 16) == (256, 256)


@pytest.mark.parametrize("system", LAUNCHERS)
def test_everything_that_is_written_goes_away_with_it(system):
    made = LAUNCHERS[system](AWKWARD, ICON)
    written = [file.place for file in made.files] + [made.made] * bool(made.made)
    assert [place for place in written if not place.startswith(made.removes)] == []


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Folders of a person of their own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="the launcher of another system is written there")
def test_the_launcher_is_written_started_and_removed(own, capsys):
    """What the entry starts is this voicesim's `serve`; other people's entries stay."""
    other = own / "share" / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.touch()
    assert main(["install-launcher"]) == 0
    entry = own / "share" / "applications" / "voicesim.desktop"
    assert f"wrote {entry}" in capsys.readouterr().out
    assert (own / "share/icons/hicolor/scalable/apps/voicesim.svg").read_bytes() == ICON.svg
    command = desktop_words(entry.read_text(encoding="utf-8"))
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False, cwd=own)
    assert "voicesim serve" in told.stdout
    assert main(["install-launcher", "--remove"]) == 0
    assert [path.name for path in own.rglob("*") if path.is_file()] == ["other.desktop"]
    assert main(["install-launcher", "--remove"]) == 0
    assert "There was none" in capsys.readouterr().err


def test_the_app_of_macos_is_written_as_programs(own, monkeypatch):
    monkeypatch.setattr(launcher_module.platform, "system", lambda: "Darwin")
    assert main(["install-launcher"]) == 0
    for place in ("MacOS/voicesim", "Resources/voicesim.command"):
        assert os.access(own / "home/Applications/voicesim.app/Contents" / place, os.X_OK)
    assert main(["install-launcher", "--remove"]) == 0
    assert not (own / "home/Applications/voicesim.app").exists()


def test_where_powershell_fails_that_is_told(own, monkeypatch, capsys):
    monkeypatch.setattr(launcher_module.platform, "system", lambda: "Windows")
    monkeypatch.setenv("APPDATA", str(own))
    monkeypatch.setenv("PATH", str(own))
    assert main(["install-launcher"]) == 3
    assert "powershell is needed" in capsys.readouterr().err


def test_a_system_without_a_launcher_is_told_the_command(monkeypatch, capsys):
    monkeypatch.setattr(launcher_module.platform, "system", lambda: "Plan9")
    assert main(["install-launcher"]) == 3
    assert "voicesim serve" in capsys.readouterr().err
