"""Write docs/licences.md: every package that voicesim installs, with its licence and what is bundled inside it.

``make licences`` writes the page. ``python .ci/licences.py --check`` (part of ``make check``) exits 1 if the page is
not up to date, if the installed versions are not those of constraints.txt, or if a required package is under GPL or
a non-commercial licence. The page describes Linux on x86-64 with CPython 3.11; elsewhere only licences are checked.
"""

import platform
import re
import sys
import tomllib
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from packages import needed

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "licences.md"
CONSTRAINTS = HERE.parent / "constraints.txt"
FACTS = tomllib.loads((HERE / "licences.toml").read_text(encoding="utf-8"))

LIBRARY = re.compile(r"^(?P<stem>.+?)(-[0-9a-f]{8})*(-\.so|\.so|\.dylib|\.dll)(\.|$)")
EXTENSION_MODULE = re.compile(r"(\.cpython-|\.abi3\.|\.pyd$|^_[a-z]+\.so)")
MODEL = re.compile(r"\.(onnx|bin|mdl|fst|h5|pt)$|^vocab\.txt$")
FORBIDDEN = re.compile(r"(?<!L)A?GPL|(?<!Lesser )General Public License|\bNC\b|non-?commercial", re.IGNORECASE)

INTRO = """\
# Licences

Made by `make licences` from the packages installed on Linux, x86-64, CPython 3.11; `make check` fails when it is out
of date. voicesim itself is under Apache-2.0 (LICENSE). No required package is under GPL or a non-commercial licence
of its own, and none is part of voicesim's wheel: pip fetches each from its makers. Wheels bundle more than they
declare; what was found inside them is listed below. Libraries under GPL among them arrive with PyAV (required by
faster-whisper, which voicesim hands samples and never files) and with eSpeak NG (the extra `system-voice`).
"""


def main(arguments: list[str]) -> int:
    """Exit code of the command: 0 done or up to date, 1 something is wrong (said on stderr)."""
    required, tested = needed(), needed("dev")
    extras = {extra: needed(extra) for extra in ("system-voice", "review")}
    complaints = _forbidden(required, tested)
    if not _here_is_where_the_page_is_made():
        print("licences: the page is made on Linux, x86-64, CPython 3.11; here only licences are checked")
    else:
        page = _page(required, extras, tested)
        if "--check" not in arguments:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            complaints.append("docs/licences.md is not up to date: run make licences")
        complaints += _unpinned(tested)
    for complaint in complaints:
        print(f"licences: {complaint}", file=sys.stderr)
    if not complaints:
        print(f"licences: {len(required)} required packages, {len(tested)} with extras, nothing forbidden")
    return 1 if complaints else 0


def _here_is_where_the_page_is_made() -> bool:
    return (sys.platform, platform.machine(), sys.version_info[:2]) == ("linux", "x86_64", (3, 11))


def _forbidden(required: dict[str, Distribution], tested: dict[str, Distribution]) -> list[str]:
    bad = []
    for name, package in tested.items():
        licence = licence_of(name, package)
        if forbidden(licence) and (name in required or name not in FACTS["allowed_gpl"]):
            bad.append(f"{name} is under {licence}")
    return bad


def forbidden(licence: str) -> bool:
    """Whether every choice that a licence leaves is GPL or non-commercial."""
    return all(FORBIDDEN.search(choice) for choice in re.split(r"\bOR\b", licence))


def _unpinned(tested: dict[str, Distribution]) -> list[str]:
    pinned = {line.strip() for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if "==" in line}
    here = {f"{name}=={package.version}" for name, package in tested.items()}
    return [f"constraints.txt and what is installed differ in {one}" for one in sorted(pinned ^ here)]


def licence_of(name: str, package: Distribution) -> str:
    """The licence of a package in one line. Raises SystemExit if neither its metadata nor licences.toml has one."""
    if name in FACTS["packages"]:
        return str(FACTS["packages"][name])
    fields = package.metadata.json
    classifiers = [c.split("::")[-1].strip() for c in fields.get("classifier", []) if c.startswith("License")]
    candidates = [str(fields.get("license_expression", "")), str(fields.get("license", "")), " / ".join(classifiers)]
    known = [c.strip() for c in candidates if c.strip() and "\n" not in c.strip() and c.upper() != "UNKNOWN"]
    if not known:
        raise SystemExit(f"licences: {name} names no licence: look it up and add it to .ci/licences.toml")
    return known[0]


def _page(
    required: dict[str, Distribution], extras: dict[str, dict[str, Distribution]], tested: dict[str, Distribution]
) -> str:
    added = {
        extra: {name: package for name, package in packages.items() if name not in required}
        for extra, packages in extras.items()
    }
    tests = {
        name: package for name, package in tested.items() if all(name not in packages for packages in extras.values())
    }
    sections = [
        line for extra, packages in added.items() for line in _packages(f"Added by the extra `{extra}`", packages)
    ]
    return "\n".join(
        [
            INTRO,
            *_packages("Required by a plain call", required),
            *sections,
            *_packages("Needed only to test and develop", tests),
            *_bundled(tested),
        ]
    )


def _packages(title: str, packages: dict[str, Distribution]) -> list[str]:
    rows = [f"| {name} | {package.version} | {licence_of(name, package)} |" for name, package in packages.items()]
    return [f"## {title}", "", "| package | version | licence |", "| --- | --- | --- |", *rows, ""]


def _bundled(packages: dict[str, Distribution]) -> list[str]:
    libraries, models = [], []
    for name, package in packages.items():
        files = [PurePosixPath(str(file)) for file in package.files or ()]
        libraries += [f"| {name} | {stem} | {_fact('libraries', stem)} |" for stem in _stems(files)]
        if any(MODEL.search(file.name) for file in files):
            models.append(f"| {name} | {_fact('models', name)} |")
    return [
        *["## Libraries found inside the packages", "", "| package | library | licence |", "| --- | --- | --- |"],
        *libraries,
        *["", "## Models found inside the packages", "", "| package | what |", "| --- | --- |"],
        *models,
        "",
    ]


def _stems(files: list[PurePosixPath]) -> list[str]:
    shared = [file.name for file in files if not EXTENSION_MODULE.search(file.name)]
    return sorted({match["stem"] for match in map(LIBRARY.match, shared) if match})


def _fact(kind: str, name: str) -> str:
    if name not in FACTS[kind]:
        raise SystemExit(f"licences: no licence known for {name} ({kind}): look it up and add it to .ci/licences.toml")
    return str(FACTS[kind][name])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
