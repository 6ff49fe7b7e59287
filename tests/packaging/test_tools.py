"""The tools beside the package: the licence check and the set-up."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tool(name, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("licence", "bad"),
    [
        ("MIT", False),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3", False),
        ("GPL-2.0-only OR MIT", False),
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("CC-BY-NC-4.0", True),
        ("Free for non-commercial use", True),
    ],
)
def test_licences_that_may_not_be_required(licence, bad, monkeypatch):
    """GPL and non-commercial licences are refused, weaker copyleft and a free choice are not."""
    assert tool("licences", monkeypatch).forbidden(licence) is bad


def test_required_packages_have_free_licences(monkeypatch):
    """What is installed here as a requirement is under no forbidden licence, and each licence is known."""
    licences = tool("licences", monkeypatch)
    found = {name: licences.licence_of(name, package) for name, package in licences.needed().items()}
    assert len(found) > 20
    assert {name: licence for name, licence in found.items() if licences.forbidden(licence)} == {}


def test_a_python_that_is_too_old_is_told_so(monkeypatch, capsys):
    """The set-up refuses an old Python with the command that uses another one."""
    set_up = tool("set_up", monkeypatch)
    monkeypatch.setattr(set_up.sys, "version_info", (3, 9, 18, "final", 0))
    assert set_up.main(["demo"]) == 2
    assert re.search(r"3\.11 or newer.* is 3\.9\..*make demo PYTHON=", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.6 MB)", "  fetching numpy 16.6 MB\n"),
        ("Downloading idna-3.20-py3-none-any.whl (70 kB)", ""),
        ("Installing collected packages: a, b, c", "  installing 3 packages\n"),
        ("Collecting numpy>=1.26", ""),
    ],
)
def test_set_up_tells_what_takes_time(line, told, monkeypatch, capsys):
    """Of pip's many lines a person sees the large downloads and the last step."""
    tool("set_up", monkeypatch).tell(line.split())
    assert capsys.readouterr().out == told


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script; run the tests on Linux or macOS")
def test_system_packages_never_fail_the_tests():
    """The script for system packages can be run by any shell and ends with success, installed or not."""
    done = subprocess.run(["sh", "-n", ROOT / ".ci" / "system-packages"], capture_output=True, check=False)
    assert done.returncode == 0
    assert (ROOT / ".ci" / "system-packages").read_text(encoding="utf-8").rstrip().endswith("exit 0")


def test_continuous_integration_runs_the_documented_test_command():
    """``.ci/run`` calls exactly ``make test``, which the README names."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert commands == ['cd "$(dirname "$0")/.." && exec make test']
    assert "\nmake test\n" in (ROOT / "README.md").read_text(encoding="utf-8")
