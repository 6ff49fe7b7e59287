"""Make .venv ready: ``python .ci/set_up.py demo`` installs what a call needs, ``test`` also what tests need.

Exact versions come from constraints.txt. Written for any Python 3, so that one that is too old is told so clearly.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

NEEDED = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WHAT = {"demo": ".", "test": ".[dev]"}
LARGE_MB = 5.0
KEPT_LINES = 25


def main(arguments: "list[str]") -> int:
    """Exit code: 0 ready, 2 wrong use or too old a Python, otherwise pip's."""
    if len(arguments) != 1 or arguments[0] not in WHAT:
        return fail("use: python .ci/set_up.py demo|test")
    if sys.version_info < NEEDED:
        return fail(
            "voicesim needs Python {}.{} or newer, {} is {}.{}. Name another one: make {} PYTHON=python3.12".format(
                *NEEDED, sys.executable, *sys.version_info[:2], arguments[0]
            )
        )
    began = time.monotonic()
    python = environment()
    if python is None:
        return fail("python -m venv failed; on Debian and Ubuntu: sudo apt-get install python3-venv")
    print("Installing voicesim into .venv (330 to 430 MB to fetch the first time, a few minutes)", flush=True)
    code = install(python, WHAT[arguments[0]])
    if code == 0:
        (VENV / (".ready-" + arguments[0])).touch()
        print(f".venv is ready after {time.monotonic() - began:.0f} s", flush=True)
    return code


def fail(message: str) -> int:
    """Say what is wrong; give exit code 2."""
    print("set_up: " + message, file=sys.stderr)
    return 2


def environment() -> "Path | None":
    """Path of .venv's Python, made if it is not there; None if it cannot be made."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode != 0:
            return None
    return python


def install(python: Path, what: str) -> int:
    """Exit code of pip; large downloads and the slow last step are told in one line each."""
    pip_install = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command = [*pip_install, "--progress-bar", "off", "-c", "constraints.txt", "-e", what]
    lines = []
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=str(ROOT), stdout=pipe, stderr=subprocess.STDOUT, universal_newlines=True
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line.rstrip())
            tell(line.split())
    if pip.returncode != 0:
        print("\n".join(lines[-KEPT_LINES:]), file=sys.stderr)
        fail("pip failed (see above). Is a package registry reachable? Then run the same command again.")
    return pip.returncode


def tell(words: "list[str]") -> None:
    """Print what a person wants to know of one line of pip's output."""
    if words[:1] == ["Downloading"] and words[-1] == "MB)" and float(words[-2].lstrip("(")) >= LARGE_MB:
        name = words[1].rsplit("/", 1)[-1].split("-")[0]
        print("  fetching {} {} MB".format(name, words[-2].lstrip("(")), flush=True)
    elif words[:3] == ["Installing", "collected", "packages:"]:
        print(f"  installing {len(words) - 3} packages", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
