"""A folder that installs voicesim on a machine without a network: what is in it, and how it is made.

The wheels are of exactly the versions that are installed here, since these were tried together. voicesim's own wheel
is built from its checkout, or put together again from the files of an installation. Wheels fit one kind of machine and
one Python.
"""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from voicesim import __version__
from voicesim.errors import MissingPart, StorageError, UsageError
from voicesim.files import make_folder, storage_errors, write_bytes

#: What a bundle holds beside its programs; its installer, which uses nothing but Python, has the same names.
SUMS, MANIFEST, WHEELS = "SHA256SUMS", "manifest.json", "wheels"
#: Told what is going on, a line at a time.
Tell = Callable[[str], None]
#: Fills a folder with wheels.
Fetch = Callable[[Path, Tell], None]
#: Downloads from this size on are worth a line.
_LARGE_MB = 5.0
_KEPT_LINES = 8
#: What pip writes beside an installed package, which no wheel has.
_OF_THE_INSTALLATION = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle that was made: how many wheels, all its bytes, and the fingerprint that its installer tells again."""

    wheels: int
    size_bytes: int
    fingerprint: str


def make_bundle(folder: Path, installer: Path, tell: Tell, fetch: Fetch | None = None) -> Bundle:
    """A bundle in ``folder``, which must be empty or not there; whole, or not there at all.

    ``installer`` is the program that installs from it; it is copied.

    Raises UsageError for a folder that holds something, StorageError, and MissingPart if wheels cannot be had.
    """
    folder = folder.resolve()
    with storage_errors(folder, "read"):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError("this is not an empty folder", where=str(folder), mend="Name a new one.")
    make_folder(folder.parent)
    with storage_errors(folder, "written"):
        made = Path(tempfile.mkdtemp(prefix=".bundle-", dir=folder.parent))
    try:
        (fetch or fetch_wheels)(make_folder(made / WHEELS), tell)
        tell("Writing checksums")
        bundle = _completed(made, installer)
        with storage_errors(folder, "written"):
            made.chmod(0o755)
            if folder.exists():
                folder.rmdir()
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return bundle


def _completed(folder: Path, installer: Path) -> Bundle:
    """Write everything beside the wheels, the checksums last."""
    wheels = sorted(path.name for path in (folder / WHEELS).glob("*.whl"))
    for name, content in beside(wheels, installer).items():
        write_bytes(folder / name, content)
    (folder / "install.sh").chmod(0o755)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with storage_errors(folder, "read"):
        sums = "".join(f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
        size_bytes = sum(path.stat().st_size for path in files)
    write_bytes(folder / SUMS, sums.encode())
    return Bundle(wheels=len(wheels), size_bytes=size_bytes, fingerprint=digest_of(folder / SUMS))


def beside(wheels: list[str], installer: Path) -> dict[str, bytes]:
    """Name -> content of the files beside the wheels: manifest, installer, its two starters, and what to do."""
    python = "{}.{}".format(*sys.version_info[:2])
    manifest = {
        "schema": 1,
        "voicesim": __version__,
        "python": python,
        "platform": sysconfig.get_platform(),
        "wheels": wheels,
    }
    known = {"python": python, "platform": sysconfig.get_platform(), "version": __version__}
    return {
        MANIFEST: (json.dumps(manifest, indent=1) + "\n").encode(),
        "install.py": installer.read_bytes(),
        "install.sh": _filled(_SH, known).encode(),
        "install.cmd": _filled(_CMD, known).replace("\n", "\r\n").encode(),
        "README.md": _filled(_README, known).encode(),
    }


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


# -- wheels -----------------------------------------------------------------------------------------------------------


def fetch_wheels(folder: Path, tell: Tell) -> None:
    """Nothing; afterwards ``folder`` holds voicesim's wheel and those of everything it requires.

    Raises MissingPart if pip is not there or finds no registry.
    """
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file():
        tell("Building the wheel of this checkout")
        _pip(("--no-deps", str(checkout)), folder, tell)
    else:
        tell("Putting the wheel of this installation together")
        repacked(distribution("voicesim"), folder)
    [own] = folder.glob("voicesim-*.whl")
    tell("Fetching what it requires (about 330 MB)")
    with tempfile.TemporaryDirectory() as beside_it:
        pins = Path(beside_it) / "pins.txt"
        pins.write_text("".join(f"{name}=={version}\n" for name, version in installed_versions()), encoding="utf-8")
        _pip(("-c", str(pins), str(own)), folder, tell)


def installed_versions() -> list[tuple[str, str]]:
    """Name and version of every package that is installed here, but voicesim."""
    found = {re.sub(r"[-_.]+", "-", one.name).lower(): one.version for one in distributions() if one.name}
    return sorted((name, version) for name, version in found.items() if name != "voicesim")


def _pip(what: tuple[str, ...], folder: Path, tell: Tell) -> None:
    """Run ``pip wheel``; large downloads and built wheels are told."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-input", "--disable-pip-version-check", "--progress-bar"]
    lines: list[str] = []
    with subprocess.Popen(
        [*command, "off", "-w", str(folder), *what], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        try:
            for line in pip.stdout or ():
                lines.append(line.strip())
                large = large_download(lines[-1])
                if large:
                    tell(large)
        except BaseException:
            pip.kill()
            raise
    if pip.returncode:
        said = " | ".join([line for line in lines if line][-_KEPT_LINES:])
        raise MissingPart(f"pip could not make the wheels: {said}", mend="Is a package registry reachable? Try again.")


def large_download(line: str) -> str:
    """What a line of pip tells of a large download: ``  numpy 16.6 MB``; empty for any other line."""
    found = re.fullmatch(r"(?:Downloading|Using cached) (?:\S*/)?(\S+?)-\S+ \(([\d.]+) MB\)", line)
    return f"  {found[1]} {found[2]} MB" if found and float(found[2]) >= _LARGE_MB else ""


def repacked(package: Distribution, folder: Path) -> Path:
    """The wheel of an installed package, made of its files as they are. Raises StorageError if one is missing."""
    named = {str(file): file for file in package.files or ()}
    [about] = {name.split("/")[0] for name in named if name.split("/")[0].endswith(".dist-info")}
    tag = re.search(r"^Tag: (\S+)$", package.read_text("WHEEL") or "", re.MULTILINE)
    if tag is None:
        raise StorageError("this installation does not say what it fits", where=about, mend="Install voicesim again.")
    path = folder / f"{about.removesuffix('.dist-info')}-{tag[1]}.whl"
    rows = []
    with storage_errors(path, "written"), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, file in sorted(named.items()):
            # Programs of the installation lie above; they are made anew from the entry points.
            if (
                name.startswith(("..", "/"))
                or "__pycache__" in name
                or name in {f"{about}/{n}" for n in _OF_THE_INSTALLATION}
            ):
                continue
            content = Path(str(package.locate_file(file))).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            rows.append((name, f"sha256={digest}", str(len(content))))
            wheel.writestr(name, content)
        record = io.StringIO()
        csv.writer(record, lineterminator="\n").writerows([*rows, (f"{about}/RECORD", "", "")])
        wheel.writestr(f"{about}/RECORD", record.getvalue())
    return path


# -- texts ------------------------------------------------------------------------------------------------------------

_SH = """#!/bin/sh
# Installs voicesim from this folder, without a network: sh install.sh [FOLDER] [--launcher]
for python in $PYTHON python<python> python3 python; do
    if "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "<python>")' 2>/dev/null; then
        exec "$python" "$(dirname "$0")/install.py" "$@"
    fi
done
echo "install: Python <python> is needed. Install it, or name it: PYTHON=/path/to/python sh install.sh" >&2
exit 2
"""

_CMD = """@echo off
rem Installs voicesim from this folder, without a network: install.cmd [FOLDER] [--launcher]
where py >nul 2>nul
if errorlevel 1 (python "%~dp0install.py" %*) else (py -<python> "%~dp0install.py" %*)
if errorlevel 1 pause
"""

_README = """# voicesim <version>, to install without a network

For Python <python> on <platform>. Copy the whole folder to the other machine. There:

    sh install.sh                  (Linux, macOS)
    install.cmd                    (Windows: a double click)

Every file is compared with its checksum first; a file that was damaged or changed is named, and nothing is installed.
The installer tells a fingerprint: it must be the one that `voicesim bundle` told when this folder was made.

voicesim is installed into the folder `voicesim` in your home, for you alone. Another place: `sh install.sh FOLDER`.
`--launcher` puts it into the menu as well, `--check` only compares the checksums.

Then open the page: `~/voicesim/bin/voicesim serve` (Windows: `%USERPROFILE%\\voicesim\\Scripts\\voicesim serve`).

To take it away, delete that folder; before that `voicesim install-launcher --remove`. Calls lie elsewhere and stay.
"""
