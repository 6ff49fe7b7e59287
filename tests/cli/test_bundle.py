"""A folder that installs without a network: whole, checked before anything is installed, and really tried."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from voicesim import __version__
from voicesim.cli import bundle_install, main
from voicesim.errors import UsageError
from voicesim.wiring import bundles
from voicesim.wiring.bundles import large_download, make_bundle, repacked

ROOT = Path(__file__).parents[2]
INSTALLER = Path(bundle_install.__file__)
#: What a stand-in for voicesim answers: enough to be started.
STAND_IN = f"import sys\ndef main():\n    print('voicesim {__version__}')\n"


def stand_in_wheel(folder, tell):
    """The smallest wheel that is called voicesim and can be started."""
    about = f"voicesim-{__version__}.dist-info"
    with zipfile.ZipFile(folder / f"voicesim-{__version__}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("voicesim_stand_in.py", STAND_IN)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: voicesim\nVersion: {__version__}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/entry_points.txt", "[console_scripts]\nvoicesim = voicesim_stand_in:main\n")
        wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def made(tmp_path):
    """A bundle of the stand-in."""
    make_bundle(tmp_path / "made", INSTALLER, lambda text: None, stand_in_wheel)
    return tmp_path / "made"


def run_installer(folder, *options, program=("sh", "install.sh"), **variables):
    command = [*program[:-1], folder / program[-1], *options]
    environment = os.environ | {"PYTHON": sys.executable} | variables
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder.parent)


def test_a_bundle_says_what_it_is_for_and_lists_each_file_with_its_checksum(made):
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["python"] == "{}.{}".format(*sys.version_info[:2])
    assert manifest["platform"] == sysconfig.get_platform()
    rows = dict(reversed(row.split("  ")) for row in (made / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    files = {path.relative_to(made).as_posix(): path for path in made.rglob("*") if path.is_file()}
    assert set(rows) == set(files) - {"SHA256SUMS"}
    assert {name: hashlib.sha256(files[name].read_bytes()).hexdigest() for name in rows} == rows
    assert (made / "README.md").read_text(encoding="utf-8").count("<") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script; run the tests on Linux or macOS")
def test_a_bundle_installs_by_its_script_and_starts(made, tmp_path):
    """Whatever pip is set to, no registry is asked."""
    done = run_installer(made, str(tmp_path / "there"), PIP_INDEX_URL="http://127.0.0.1:9/none")
    assert done.returncode == 0, done.stderr
    fingerprint = hashlib.sha256((made / "SHA256SUMS").read_bytes()).hexdigest()
    assert fingerprint in done.stdout
    started = subprocess.run([tmp_path / "there" / "bin" / "voicesim"], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == f"voicesim {__version__}"


def swap(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "a changed wheel": (lambda made: swap(next((made / "wheels").iterdir())), "was changed or damaged"),
    "a changed manifest": (lambda made: swap(made / "manifest.json"), "was changed or damaged"),
    "a wheel that is missing": (lambda made: next((made / "wheels").iterdir()).unlink(), "is missing"),
    "no checksums": (lambda made: (made / "SHA256SUMS").unlink(), "SHA256SUMS is missing"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_bundle_installs_nothing(damage, made, tmp_path):
    harm, told = DAMAGES[damage]
    harm(made)
    done = run_installer(made, str(tmp_path / "there"), program=(sys.executable, "install.py"))
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "there").exists()


def test_a_wheel_that_is_not_listed_is_left_out(made, tmp_path, monkeypatch):
    (made / "wheels" / "intruder-1-py3-none-any.whl").write_bytes(b"x")
    names = bundle_install.verified(made)
    assert [name for name in names if "wheels/" in name] == [f"wheels/voicesim-{__version__}-py3-none-any.whl"]


@pytest.mark.parametrize(
    ("key", "value", "told"), [("python", "3.2", "Use Python 3.2"), ("platform", "win-arm", "is for win-arm")]
)
def test_another_python_or_machine_is_told(key, value, told):
    manifest = {"python": "{}.{}".format(*sys.version_info[:2]), "platform": sysconfig.get_platform()}
    bundle_install.fits(manifest)
    with pytest.raises(bundle_install.Refused, match=re.escape(told)):
        bundle_install.fits(manifest | {key: value})


@pytest.mark.parametrize("place", ["made/inside", "full"])
def test_a_folder_that_holds_something_is_not_installed_into(place, made, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    done = run_installer(made, str(tmp_path / place), program=(sys.executable, "install.py"))
    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_bundle_goes_into_an_empty_folder_only(tmp_path, capsys):
    (tmp_path / "mine.txt").touch()
    assert main(["bundle", str(tmp_path)]) == 2
    assert "not an empty folder" in capsys.readouterr().err
    with pytest.raises(UsageError, match="not an empty folder"):
        make_bundle(tmp_path / "mine.txt", INSTALLER, lambda text: None, stand_in_wheel)


def test_what_fails_leaves_nothing_behind(tmp_path):
    def broken(folder, tell):
        stand_in_wheel(folder, tell)
        raise KeyboardInterrupt

    (tmp_path / "empty").mkdir()
    with pytest.raises(KeyboardInterrupt):
        make_bundle(tmp_path / "empty", INSTALLER, lambda text: None, broken)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_the_wheel_of_an_installation_is_its_files_again(tmp_path):
    """Installed and put together again, a wheel is what it was: the same files, and a record of them."""
    stand_in_wheel(tmp_path, None)
    [wheel] = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    offline = ["--isolated", "--no-index", "--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "install", *offline, "--target", site, wheel], check=True)
    again = repacked(
        Distribution.at(next(site.glob("*.dist-info"))), (tmp_path / "again").mkdir() or tmp_path / "again"
    )
    assert again.name == wheel.name
    before, after = zipfile.ZipFile(wheel), zipfile.ZipFile(again)
    same = [name for name in before.namelist() if not name.endswith("RECORD")]
    assert {name: after.read(name) for name in same} == {name: before.read(name) for name in same}
    recorded = {
        row.split(",")[0] for row in after.read(again.name.rsplit("-", 3)[0] + ".dist-info/RECORD").decode().split()
    }
    assert recorded == set(after.namelist())


def test_the_versions_are_those_that_are_tried_here():
    versions = dict(bundles.installed_versions())
    assert versions["fastapi"] == __import__("fastapi").__version__
    assert "voicesim" not in versions


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.6 MB)", "  numpy 16.6 MB"),
        ("Using cached av-1.0-cp311-abi3-linux_x86_64.whl (40.1 MB)", "  av 40.1 MB"),
        ("Downloading idna-3.20-py3-none-any.whl (70 kB)", ""),
        ("Collecting numpy>=1.26", ""),
    ],
)
def test_large_downloads_are_told(line, told):
    assert large_download(line) == told


NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        raise PermissionError(event)
sys.addaudithook(refuse)
sys.argv[0] = "voicesim"
from voicesim.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(
    not os.environ.get("VOICESIM_BUNDLE_TEST"),
    reason="fetches 330 MB and takes minutes. Run: VOICESIM_BUNDLE_TEST=1 python -m pytest tests/cli/test_bundle.py",
)
def test_a_real_bundle_installs_and_runs_without_a_network(tmp_path):
    """Made of this checkout, carried into a fresh environment, and started there with every socket refused.

    A second one is made by what was installed, which has no checkout: its wheel of voicesim is the same.
    """
    made = Path(os.environ.get("VOICESIM_BUNDLE", tmp_path / "made"))
    if not made.exists():
        assert main(["bundle", str(made)]) == 0
    done = run_installer(made, str(tmp_path / "there"), PIP_INDEX_URL="http://127.0.0.1:9/none")
    assert done.returncode == 0, done.stderr
    python = tmp_path / "there" / "bin" / "python"
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    clean |= {"VOICESIM_DATA": str(tmp_path / "data"), "VOICESIM_CACHE": str(tmp_path / "cache")}
    for words in (["--version"], ["demo", "--fast", "--out", "call"]):
        ran = subprocess.run(
            [python, "-c", NO_NETWORK, *words], capture_output=True, text=True, check=False, env=clean, cwd=tmp_path
        )
        assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "call" / "report.html").stat().st_size > 0
    again = "from importlib.metadata import distribution as d; from pathlib import Path; "
    again += "from voicesim.wiring.bundles import repacked; repacked(d('voicesim'), Path('.'))"
    subprocess.run([python, "-c", again], check=True, env=clean, cwd=tmp_path)
    [first], [second] = (made / "wheels").glob("voicesim-*"), tmp_path.glob("voicesim-*.whl")
    assert set(zipfile.ZipFile(first).namelist()) == set(zipfile.ZipFile(second).namelist())
    shutil.rmtree(tmp_path / "there")


def test_the_installer_looks_for_what_a_bundle_has():
    """It is copied into a bundle and uses nothing but Python, so it names its files itself."""
    for name in ("SUMS", "MANIFEST", "WHEELS"):
        assert getattr(bundle_install, name) == getattr(bundles, name)
    assert bundle_install.digest_of(INSTALLER) == bundles.digest_of(INSTALLER)
