"""``voicesim install-launcher``: voicesim in the menu of the system, for the person who calls it alone."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import MissingPart, StorageError
from voicesim.files import make_folder, storage_errors, write_bytes

if TYPE_CHECKING:
    from voicesim.wiring.launchers import Launcher

app = new_app()


@app.command("install-launcher", epilog=examples("voicesim install-launcher", "voicesim install-launcher --remove"))
def install_launcher(
    remove: Annotated[bool, typer.Option("--remove", help="Take it away again.")] = False,
) -> None:
    """Put voicesim into the menu of Linux, macOS or Windows, for yourself; it opens the page."""
    launcher, folder = launcher_here()
    if remove:
        gone = removed(launcher, folder)
        for path in gone:
            typer.echo(f"removed {path}")
        if not gone:
            note("There was none.")
        return
    for path in installed(launcher, folder):
        typer.echo(f"wrote {path}")
    note("voicesim is in the menu now. It opens a terminal and the page; close the terminal to end it.")


def launcher_here() -> "tuple[Launcher, Path]":
    """The launcher of this system and the folder that it belongs into. Raises MissingPart for another system."""
    from voicesim.web.pages import FOLDER
    from voicesim.wiring.launchers import LAUNCHERS, Icon

    system = platform.system()
    if system not in LAUNCHERS:
        raise MissingPart(f"there is no launcher for {system}", mend="Run: voicesim serve")
    pictures = FOLDER / "static"
    with storage_errors(pictures, "read"):
        icon = Icon(svg=(pictures / "icon.svg").read_bytes(), png=(pictures / "icon.png").read_bytes())
    return LAUNCHERS[system]((sys.executable, "-m", "voicesim", "serve"), icon), _folder(system)


def _folder(system: str) -> Path:
    if system == "Darwin":
        return Path.home() / "Applications"
    if system == "Windows":
        return Path(os.environ["APPDATA"])
    chosen = os.environ.get("XDG_DATA_HOME", "")
    # The specification: a relative path is to be ignored.
    return Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share"


def installed(launcher: "Launcher", folder: Path) -> list[Path]:
    """The files of a launcher, each written. Raises StorageError, MissingPart."""
    written = []
    for file in launcher.files:
        path = folder / file.place
        make_folder(path.parent)
        write_bytes(path, file.content)
        if file.program:
            with storage_errors(path, "made a program"):
                path.chmod(0o755)
        written.append(path)
    if launcher.makes:
        _run(launcher.makes)
        written.append(folder / launcher.made)
    return written


def _run(command: tuple[str, ...]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise MissingPart(f"{command[0]} is needed and is not there", mend="Run: voicesim serve") from error
    if done.returncode:
        told = " ".join(done.stderr.split())[:200]
        raise StorageError(f"{command[0]} could not make the shortcut: {told}", mend="Run: voicesim serve")


def removed(launcher: "Launcher", folder: Path) -> list[Path]:
    """What was there of a launcher and is gone now. Raises StorageError."""
    gone = []
    for place in launcher.removes:
        path = folder / place
        if not path.exists():
            continue
        with storage_errors(path, "removed"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        gone.append(path)
    return gone
