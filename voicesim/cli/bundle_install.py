"""Installs voicesim from the folder that this program lies in, without a network: ``python install.py``.

A program of its own: it is copied into a bundle as ``install.py`` and uses nothing but Python. Every file is compared
with SHA256SUMS before anything is installed. Written for any Python 3, so that one that is too old is told so clearly.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS, MANIFEST, WHEELS = "SHA256SUMS", "manifest.json", "wheels"
_BLOCK = 1 << 20


class Refused(Exception):
    """Why nothing was installed, in words for the person."""


def main(arguments: "list[str] | None" = None) -> int:
    """Exit code: 0 installed, 2 refused or failed; what happened is told."""
    parser = argparse.ArgumentParser(description="Install voicesim from this folder, without a network.")
    parser.add_argument("folder", nargs="?", default=str(Path.home() / "voicesim"), help="where to (%(default)s)")
    parser.add_argument("--check", action="store_true", help="only compare the files with their checksums")
    parser.add_argument("--launcher", action="store_true", help="put voicesim into the system's menu as well")
    options = parser.parse_args(arguments)
    try:
        listed = verified(HERE)
        print(f"The files are as they were made. Fingerprint: {digest_of(HERE / SUMS)}", flush=True)
        if not options.check:
            fits(json.loads((HERE / MANIFEST).read_text(encoding="utf-8")))
            wheels = [name for name in listed if name.startswith(f"{WHEELS}/")]
            install(wheels, Path(options.folder).expanduser().resolve(), options.launcher)
    except Refused as refused:
        print(f"install: {refused}", file=sys.stderr)
        return 2
    return 0


def verified(folder: Path) -> "list[str]":
    """The names of the files that the checksums list; each is there and as it was made. Raises Refused."""
    try:
        rows = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise Refused(f"{SUMS} is missing. Copy the whole folder again.") from None
    names = []
    for digest, _, name in (row.partition("  ") for row in rows):
        if not (folder / name).is_file():
            raise Refused(f"{name} is missing. Copy the whole folder again.")
        if digest_of(folder / name) != digest:
            raise Refused(f"{name} was changed or damaged. Nothing was installed. Copy the whole folder again.")
        names.append(name)
    return names


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(_BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def fits(manifest: "dict[str, str]") -> None:
    """Nothing, if the bundle was made for a machine and a Python like these. Raises Refused."""
    python, wanted = "{}.{}".format(*sys.version_info[:2]), manifest["python"]
    if python != wanted:
        raise Refused(f"this folder is for Python {wanted}, and {sys.executable} is {python}. Use Python {wanted}.")
    made, here = (text.split("-") for text in (manifest["platform"], sysconfig.get_platform()))
    # The version between them (macosx-11.0-arm64) is pip's to judge.
    if (made[0], made[-1]) != (here[0], here[-1]):
        raise Refused(f"this folder is for {manifest['platform']}, and this machine is {sysconfig.get_platform()}.")


def install(wheels: "list[str]", folder: Path, launcher: bool) -> None:
    """Nothing; afterwards voicesim is in ``folder``. Raises Refused."""
    if folder == HERE or HERE in folder.parents:
        raise Refused(f"this folder is for copying. Install outside of it: {HERE.parent / 'voicesim'}")
    if folder.exists() and not (folder / "pyvenv.cfg").is_file() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty. Name another folder.")
    programs, ending = folder / ("Scripts" if os.name == "nt" else "bin"), ".exe" if os.name == "nt" else ""
    python, voicesim = programs / f"python{ending}", programs / f"voicesim{ending}"
    print(f"Installing into {folder} (a few minutes)", flush=True)
    if not python.exists():
        mend = "On Debian and Ubuntu: sudo apt-get install python3-venv"
        run(f"python -m venv failed. {mend}", sys.executable, "-m", "venv", folder)
    # Isolated from settings of pip that name a registry; every wheel is named, so nothing is looked for.
    offline = ("--isolated", "--no-index", "--no-deps", "--no-input", "--quiet", "--disable-pip-version-check")
    paths = [HERE / name for name in wheels]
    run("pip failed; what it said stands above", python, "-m", "pip", "install", *offline, *paths)
    run("what was installed does not start", voicesim, "--version")
    if launcher:
        run("voicesim is installed, but not in the menu", voicesim, "install-launcher")
    print(f"Done. Open the page with: {voicesim} serve", flush=True)
    if not launcher:
        print(f"Put it into the menu with: {voicesim} install-launcher", flush=True)


def run(failure: str, *command: object) -> None:
    """Nothing; the command was run. Raises Refused with ``failure`` if it did not work."""
    if subprocess.run([str(word) for word in command], check=False).returncode != 0:
        raise Refused(failure)


if __name__ == "__main__":
    sys.exit(main())
