"""What is declared is what is used, and pinned."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")


def plain(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name.strip())[0]).lower()


REQUIRED = {plain(line) for line in PROJECT["dependencies"]}
OPTIONAL = {plain(line) for lines in PROJECT["optional-dependencies"].values() for line in lines}
PINNED = {plain(line) for line in CONSTRAINTS.splitlines() if "==" in line}


def imported_packages():
    """(file, top-level package) of every import of another project's package in voicesim."""
    for path in sorted((ROOT / "voicesim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for name in {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"voicesim"}:
                yield path.relative_to(ROOT).as_posix(), name


@pytest.mark.parametrize(("file", "package"), sorted(set(imported_packages())))
def test_every_imported_package_is_declared(file, package):
    """A package that voicesim imports is a requirement of its own, not one that came along by chance."""
    assert {plain(name) for name in packages_distributions().get(package, [package])} & (REQUIRED | OPTIONAL)


@pytest.mark.parametrize("requirement", sorted(REQUIRED | OPTIONAL - {"voicesim"}))
def test_every_requirement_is_pinned(requirement):
    """The constraints name an exact version of each requirement."""
    assert requirement in PINNED


def test_constraints_hold_names_and_versions_only():
    """No address, no path, no option: one exact version a line."""
    lines = [line for line in CONSTRAINTS.splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.!+]+", line)] == []
