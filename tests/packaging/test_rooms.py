"""The core decides, the shell acts: what import rules cannot see."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
CORE = next(c["source_modules"] for c in CONTRACTS if c["name"].startswith("The core decides"))
ACTS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "now", "utcnow", "today", "print", "input"}


def files_of(module):
    path = ROOT.joinpath(*module.split("."))
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


FILES = [path for module in CORE for path in files_of(module)]


def called(tree):
    """(name, call) of every call in a module: ``open(..)``, ``path.read_text(..)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "id", None) or getattr(function, "attr", ""), node


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_touches_no_file_clock_or_terminal(path):
    """No function of the core opens, reads, writes, asks the time, prints or asks a person."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [f"line {call.lineno}: {name}" for name, call in called(tree) if name in ACTS] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chance_in_the_core_has_a_seed(path):
    """A random generator in the core is made from a seed."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [call.lineno for name, call in called(tree) if name == "default_rng" and not call.args] == []
    assert "np.random.seed" not in ast.unparse(tree)


@pytest.mark.parametrize("path", sorted((ROOT / "voicesim").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_keep_their_limits(path):
    """400 lines a file, 60 a function body without its docstring; every room says what belongs in it."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 400
    bodies = {n.name: body_lines(n) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    assert {name: lines for name, lines in bodies.items() if lines > 60} == {}
    if path.name == "__init__.py":
        assert ast.get_docstring(tree)


def body_lines(function):
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1
