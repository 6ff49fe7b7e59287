"""The wheel: what travels in it, and that it runs a whole call where there is no checkout."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHEELHOUSE = Path(os.environ.get("VOICESIM_WHEELHOUSE", ROOT / "build" / "wheelhouse"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def run(command, **settings):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **settings)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("kind", ["scripts", "audio"])
def test_shipped_files_travel_in_the_wheel(kind, wheel):
    """Every script and recording of the checkout is in the wheel, at the place where the package looks for it."""
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / kind).rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert {f"voicesim/shipped/{kind}/{path.relative_to(ROOT / kind).as_posix()}" for path in files} <= names


def test_wheel_has_the_whole_package_and_nothing_else(wheel):
    """Templates and the type marker travel too; tests and tools do not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    package = (path for path in (ROOT / "voicesim").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {path.relative_to(ROOT).as_posix() for path in package} <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"voicesim", next(top for top in tops if top.endswith(".dist-info"))}


def test_wheel_says_licence_python_and_command(wheel):
    """The metadata name the licence, the Python it needs and the command it brings."""
    with zipfile.ZipFile(wheel) as archive:
        read = {name.split("/")[-1]: name for name in archive.namelist() if ".dist-info/" in name}
        metadata = archive.read(read["METADATA"]).decode()
        entry_points = archive.read(read["entry_points.txt"]).decode()
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert "License-Expression: Apache-2.0" in metadata
    assert f"Requires-Python: {wanted}" in metadata
    assert "voicesim = voicesim.cli:main" in entry_points
    assert "LICENSE" in read


@pytest.mark.skipif(not WHEELHOUSE.is_dir(), reason="no wheelhouse: run `make wheelhouse` (or set VOICESIM_WHEELHOUSE)")
def test_installed_wheel_runs_the_demo_outside_the_checkout(wheel, tmp_path):
    """Installed without a network into an empty environment, the wheel runs a whole call and leaves its report."""
    environment = tmp_path / "environment"
    run([sys.executable, "-m", "venv", environment])
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    from_wheels = ["--no-index", "--find-links", WHEELHOUSE.resolve(), "--quiet"]
    run([programs / "python", "-m", "pip", "install", *from_wheels, wheel], cwd=tmp_path)
    ours = ("PYTHON", "VOICESIM", "VIRTUAL_ENV")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    folders = {"VOICESIM_DATA": str(tmp_path / "data"), "VOICESIM_CACHE": str(tmp_path / "cache")}
    where = run([programs / "python", "-c", "import voicesim; print(voicesim.__file__)"], cwd=tmp_path, env=clean)
    assert where.startswith(str(environment))
    run([programs / "voicesim", "demo", "--fast", "--out", "call"], cwd=tmp_path, env=clean | folders)
    for name in ("call.json", "report.html", "caller.flac", "trainee.flac"):
        assert (tmp_path / "call" / name).stat().st_size > 0
