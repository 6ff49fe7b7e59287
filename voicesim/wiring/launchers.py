"""What puts voicesim into a system's menu: the files of Linux, macOS and Windows as values; nothing is written here.

A launcher opens a terminal with ``voicesim serve`` in it, since closing that window ends the page. Places are relative
to a folder of the person's own, so that nothing needs the rights of an administrator.
"""

import base64
import plistlib
import re
import shlex
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from subprocess import list2cmdline
from typing import Literal

System = Literal["Linux", "Darwin", "Windows"]
NAME = "voicesim"
_TELLS = "Practise calls with angry customers"
#: Icons as the three systems want them: a drawing, or a square PNG of 256 pixels.
_PNG_SIDE = 256
#: Where Windows keeps the icon: nothing but the launcher lies there, since it is removed as a whole.
_FOLDER = "voicesim-launcher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon:
    """The same picture as a drawing (SVG) and as a PNG of 256 x 256 pixels."""

    svg: bytes
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LauncherFile:
    """A file: its ``place`` below the launcher's folder, with slashes, and whether it is a program."""

    place: str
    content: bytes
    program: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Launcher:
    """What makes a launcher: ``files``, then the command ``makes`` (empty: none), which makes the file ``made``.

    ``removes`` are the places that go away with it, files and whole folders.
    """

    files: tuple[LauncherFile, ...]
    removes: tuple[str, ...]
    makes: tuple[str, ...] = ()
    made: str = ""


def linux(command: Sequence[str], icon: Icon) -> Launcher:
    """A launcher below ``$XDG_DATA_HOME``: a desktop entry and its icon."""
    entry, picture = f"applications/{NAME}.desktop", f"icons/hicolor/scalable/apps/{NAME}.svg"
    rows = {
        "Type": "Application",
        "Version": "1.0",
        "Name": NAME,
        "Comment": _TELLS,
        "Exec": " ".join(_desktop_word(word) for word in command),
        "Icon": NAME,
        "Terminal": "true",
        "Categories": "Education;",
        "Keywords": "call;practice;training;headset;",
    }
    text = "".join(["[Desktop Entry]\n", *(f"{key}={value}\n" for key, value in rows.items())])
    files = (LauncherFile(place=entry, content=text.encode()), LauncherFile(place=picture, content=icon.svg))
    return Launcher(files=files, removes=(entry, picture))


def _desktop_word(word: str) -> str:
    r"""One argument of ``Exec``: quoted, ``%`` doubled, and ``\`` escaped once more since the value is a string.

    >>> print(_desktop_word("/opt/my $tools/50%"))
    "/opt/my \\$tools/50%%"
    """
    quoted = word if re.fullmatch(r"[\w./:@+,-]+", word) else '"{}"'.format(re.sub(r'(["`$\\])', r"\\\1", word))
    return quoted.replace("\\", "\\\\").replace("%", "%%")


def macos(command: Sequence[str], icon: Icon) -> Launcher:
    """A launcher below ``~/Applications``: a bundle that opens the Terminal."""
    app = f"{NAME}.app"
    properties = {
        "CFBundleDisplayName": NAME,
        "CFBundleExecutable": NAME,
        "CFBundleIconFile": NAME,
        "CFBundleIdentifier": "local.voicesim.launcher",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleName": NAME,
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": "1",
        "CFBundleVersion": "1",
    }
    # Only Terminal shows a window; `open` needs no leave to steer it.
    opens = f'#!/bin/sh\nexec open -a Terminal "$(dirname "$0")/../Resources/{NAME}.command"\n'
    serves = f"#!/bin/sh\nexec {shlex.join(command)}\n"
    files = (
        LauncherFile(place=f"{app}/Contents/Info.plist", content=plistlib.dumps(properties)),
        LauncherFile(place=f"{app}/Contents/MacOS/{NAME}", content=opens.encode(), program=True),
        LauncherFile(place=f"{app}/Contents/Resources/{NAME}.command", content=serves.encode(), program=True),
        LauncherFile(place=f"{app}/Contents/Resources/{NAME}.icns", content=_icns(icon.png)),
    )
    return Launcher(files=files, removes=(app,))


def windows(command: Sequence[str], icon: Icon) -> Launcher:
    """A launcher below ``%APPDATA%``: an icon, and a shortcut in the Start menu that PowerShell makes."""
    picture, shortcut = f"{_FOLDER}/{NAME}.ico", f"Microsoft/Windows/Start Menu/Programs/{NAME}.lnk"
    program, *arguments = command
    settings = {
        "TargetPath": _powershell_word(program),
        "Arguments": _powershell_word(list2cmdline(arguments)),
        "Description": _powershell_word(_TELLS),
        "IconLocation": "(Join-Path $env:APPDATA {})".format(_powershell_word(picture.replace("/", "\\"))),
        "WorkingDirectory": "$env:USERPROFILE",
    }
    place = _powershell_word(shortcut.replace("/", "\\"))
    script = "; ".join(
        [
            "$ErrorActionPreference = 'Stop'",
            f"$s = (New-Object -ComObject WScript.Shell).CreateShortcut((Join-Path $env:APPDATA {place}))",
            *(f"$s.{name} = {value}" for name, value in settings.items()),
            "$s.Save()",
        ]
    )
    # Encoded, it passes through any shell unchanged.
    encoded = base64.b64encode(script.encode("utf-16-le")).decode("ascii")
    return Launcher(
        files=(LauncherFile(place=picture, content=_ico(icon.png)),),
        removes=(shortcut, _FOLDER),
        makes=("powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded),
        made=shortcut,
    )


def _powershell_word(word: str) -> str:
    """A literal string: only its quotes mean something, and PowerShell takes curly ones for quotes as well."""
    return "'{}'".format(re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", word))


def _ico(png: bytes) -> bytes:
    """An icon of Windows with one picture; 0 stands for 256 pixels."""
    head = struct.pack("<HHH", 0, 1, 1)
    return head + struct.pack("<BBBBHHII", _PNG_SIDE % 256, _PNG_SIDE % 256, 0, 0, 1, 32, len(png), 22) + png


def _icns(png: bytes) -> bytes:
    """An icon of macOS with one picture of 256 pixels (``ic08``)."""
    return b"icns" + struct.pack(">I", 16 + len(png)) + b"ic08" + struct.pack(">I", 8 + len(png)) + png


#: The launcher of each system, by what ``platform.system()`` calls it.
LAUNCHERS = {"Linux": linux, "Darwin": macos, "Windows": windows}
