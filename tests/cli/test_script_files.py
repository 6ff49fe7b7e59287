"""Commands that write, draw and judge script files, as they are called."""

import io

import numpy as np
import pytest

from voicesim.cli import main
from voicesim.files import read_sound
from voicesim.model import RATE_HZ, Line
from voicesim.script.load import load_script
from voicesim.sound import resample
from voicesim.studio.shelf import Shelf

from .conftest import SHORT

SMALL = SHORT.parent / "small.yaml"


@pytest.fixture
def answers(monkeypatch):
    """Gives the command these lines as its input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def own_script(own_data):
    folder = own_data / "scripts"
    folder.mkdir()
    path = folder / "small.yaml"
    path.write_text(SMALL.read_text())
    return path


def test_enter_to_every_question_makes_a_script_that_works_at_once(own_data, answers, capsys):
    answers("\n" * 8)
    assert main(["script", "new"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.strip() for line in told[-3:]] == [
        "voicesim script check the-refund-that-never-came",
        "voicesim script rehearse the-refund-that-never-came",
        "voicesim practice the-refund-that-never-came --text -",
    ]
    assert main(["script", "check", "the-refund-that-never-came"]) == 0
    assert main(["script", "format", "--check", "the-refund-that-never-came"]) == 0


def test_answers_may_be_options_and_lines_of_the_input(own_data, answers, capsys):
    answers("Anna Bell\n\n\nrefund, new shoes\nman\nfurious\n")
    assert main(["script", "new", "late", "--title", "Late"]) == 0
    script = load_script((own_data / "scripts" / "late.yaml").read_bytes(), "late.yaml")
    assert (script.title, script.caller.name, script.caller.persona) == ("Late", "Anna Bell", "man")
    assert list(script.briefing.may_offer) == ["refund", "new shoes"]
    assert script.anger.start == 7


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["billed-twice"], "there is a script 'billed-twice' already"),
        (["Late One"], "the id 'Late One' does not fit. Use small letters, digits and hyphens: late-one"),
        (["late", "--persona", "wombat"], "unknown persona 'wombat'"),
        (["late", "--anger", "mad"], "nobody is 'mad' here"),
        (["late", "--happened", "You owe me 45 pounds"], "'4' stands in what the caller says"),
        (["late", "--offers", ", ,"], "nothing may be offered"),
    ],
)
def test_an_answer_that_does_not_fit_writes_nothing(options, message, own_data, answers, capsys):
    answers("")
    assert main(["script", "new", *options]) == 2
    assert message in capsys.readouterr().err
    assert not (own_data / "scripts").exists()


def test_a_new_script_is_never_written_over_a_file(own_data, tmp_path, answers, capsys):
    answers("")
    (tmp_path / "a.yaml").write_text("mine")
    assert main(["script", "new", "late", "--out", str(tmp_path / "a.yaml")]) == 2
    assert (tmp_path / "a.yaml").read_text() == "mine"


def test_format_writes_the_layout_once_and_check_writes_nothing(own_script, capsys):
    before = own_script.read_text()
    assert main(["script", "format", "small", "--check"]) == 2
    assert own_script.read_text() == before
    assert main(["script", "format", "small"]) == 0
    assert own_script.read_text() != before
    assert main(["script", "format", str(own_script), "--check"]) == 0
    assert "nothing to change" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "message"),
    [("billed-twice", "comes with voicesim. Copy it"), ("smal", "you have no script 'smal'. Did you mean 'small'?")],
)
def test_format_touches_own_scripts_only(name, message, own_script, capsys):
    assert main(["script", "format", name]) == 2
    assert message in capsys.readouterr().err


def test_files_inside_the_installed_package_are_refused(own_data, monkeypatch, tmp_path, capsys):
    inside = tmp_path / "site" / "voicesim" / "shipped" / "a.yaml"
    inside.parent.mkdir(parents=True)
    inside.write_text(SMALL.read_text())
    monkeypatch.setattr("voicesim.__file__", str(tmp_path / "site" / "voicesim" / "__init__.py"))
    assert main(["script", "format", str(inside)]) == 2
    assert main(["script", "upgrade", str(inside)]) == 2
    assert inside.read_text() == SMALL.read_text()
    assert "belongs to the installed voicesim" in capsys.readouterr().err


def test_upgrade_keeps_what_was_and_says_each_change(own_data, tmp_path, capsys):
    draft = tmp_path / "my draft.yaml"
    old = SMALL.read_text().replace("format: 1\n", "").replace("version: 2\n", "")
    draft.write_text(old)
    assert main(["script", "upgrade", str(draft)]) == 0
    assert [line.rpartition(": ")[0] for line in capsys.readouterr().out.splitlines()] != []
    assert (tmp_path / "my draft.yaml.bak").read_text() == old
    assert load_script(draft.read_bytes(), "x").version == 1
    assert main(["script", "upgrade", str(draft)]) == 0
    assert "nothing to do" in capsys.readouterr().out
    draft.write_text(old)
    assert main(["script", "upgrade", str(draft)]) == 0
    assert sorted(p.name for p in tmp_path.glob("*.bak*")) == ["my draft.yaml.bak", "my draft.yaml.bak2"]


@pytest.mark.parametrize(
    ("name", "begins"), [("a.mmd", b"flowchart TD"), ("a.svg", b"<?xml"), ("a.PNG", b"\x89PNG\r\n")]
)
def test_a_drawing_is_what_its_name_says(name, begins, own_data, tmp_path):
    assert main(["script", "draw", "billed-twice", "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_another_kind_of_drawing_names_those_there_are(own_data, tmp_path, capsys):
    assert main(["script", "draw", "billed-twice", "--out", str(tmp_path / "a.gif")]) == 2
    assert ".mmd, .svg or .png" in capsys.readouterr().err


def test_check_listens_to_takes(own_script, spoken, capsys):
    script = load_script(SMALL.read_bytes(), "small.yaml")
    lines = {line.text: line for line in script.lines()}
    shelf = Shelf.own("small")

    def take(line, sentence, change=lambda samples: samples):
        sound, _ = read_sound(spoken(sentence))
        samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
        shelf.add(line, change(samples), RATE_HZ, speaker="Anna", made_utc="2026-01-31T12:00:00+00:00")

    take(lines["I would like it back."], "I would like it back.")
    take(lines["Fine. Put me through."], "My bicycle was stolen on Saturday.")
    take(lines["I want it back."], "I want it back.", lambda s: np.clip(s * 40, -1, 1))
    take(lines["Thank you."], "Thank you.", lambda s: s * 0)
    take(Line(id="offer-calm-00000000", step="offer", mood="calm", text="Well?"), "Thank you.")
    assert main(["script", "check", "small", "--takes"]) == 2
    told = capsys.readouterr().out.splitlines()
    by_code = {code: [line for line in told if f" {code} " in line] for code in ("VS020", "VS021", "VS022")}
    assert len(by_code["VS021"]) == 1
    assert lines["I want it back."].id in by_code["VS022"][0]
    assert any("VS023" in line and lines["Thank you."].id in line for line in told)
    assert any("VS024" in line and lines["Fine. Put me through."].id in line for line in told)
    assert not any(lines["I would like it back."].id in line for line in told)
    assert any("step 'opening' has no take of" in line for line in by_code["VS020"])


def test_a_script_without_takes_is_said_to_have_none(own_data, capsys):
    assert main(["script", "check", "billed-twice", "--takes"]) == 0
    assert capsys.readouterr().out == "billed-twice: nothing to mend (no takes so far)\n"
