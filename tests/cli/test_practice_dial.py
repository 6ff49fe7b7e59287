"""``voicesim practice --difficulty`` and calls that mix takes with rendered lines: typed and with sound files."""

import json

import numpy as np
import pytest

from voicesim.backends.replies_voice import render_replies
from voicesim.cli import main
from voicesim.files import read_sound, write_flac
from voicesim.model import RATE_HZ, Line
from voicesim.script.dial import dialled
from voicesim.store.recovery import recover
from voicesim.wiring.engines import Lines, with_takes
from voicesim.wiring.library import read_script

REPLIES = ("I see, I see.", "Let me have a look.", "I am sorry. Twenty euros left your account twice.", "One moment.")


@pytest.fixture
def typed(own_data, tmp_path):
    """Holds a typed call of the short script; gives its exit code and record."""

    def hold(script, *options, replies=REPLIES):
        path, folder = tmp_path / "replies.txt", tmp_path / f"call-{len(list(tmp_path.iterdir()))}"
        path.write_text("\n".join(replies), encoding="utf-8")
        code = main(["practice", str(script), "--text", str(path), "--out", str(folder), *options])
        return code, folder

    return hold


def record_of(folder):
    return json.loads((folder / "call.json").read_text(encoding="utf-8"))


def test_the_record_says_what_the_dial_changed_and_the_terminal_shows_it(typed, short_script, capsys):
    code, folder = typed(short_script(), "--difficulty", "4", "--seed", "3")
    record = record_of(folder)
    wanted = dialled(read_script(folder / "script.yaml"), 4, 3)
    assert code == 0
    assert record["dial"] == {"level": 4, "changes": list(wanted.changes)}
    assert record["script"]["id"] == "short"
    shown = capsys.readouterr().out
    assert "Difficulty 4: " in shown
    assert "cuts in after 5 s" in shown
    assert "turns against you in person" in shown
    said = {turn["line"]["id"] for turn in record["turns"]}
    assert said <= {line.id for line in wanted.script.lines()}
    assert any(turn["line"]["effect"] or turn["line"]["id"].startswith("aside-") for turn in record["turns"])


def test_without_the_option_the_script_is_as_written(typed, short_script, capsys):
    _, folder = typed(short_script())
    assert record_of(folder)["dial"] is None
    assert "Difficulty" not in capsys.readouterr().out


@pytest.mark.parametrize("level", ["5", "-1", "hard"])
def test_another_level_is_refused(typed, short_script, level):
    code, folder = typed(short_script(), "--difficulty", level)
    assert code == 2
    assert not folder.exists()


def test_a_call_that_was_cut_off_keeps_its_dial(typed, short_script):
    """The journal has it from the first moment."""
    _, folder = typed(short_script(), "--difficulty", "3")
    whole = record_of(folder)["dial"]
    (folder / "call.json").unlink()
    assert (recover(folder).dial.level, list(recover(folder).dial.changes)) == (3, whole["changes"])


def test_the_stop_word_ends_the_hardest_call(typed, short_script, capsys):
    code, folder = typed(short_script(), "--difficulty", "4", replies=("Hm.", "Stop the exercise.", "Never said."))
    assert (code, record_of(folder)["ending"], len(record_of(folder)["turns"])) == (0, "stopped", 2)
    assert "five times breathe out" in capsys.readouterr().out


def put_take(data, line: Line, samples, rate_hz):
    """A take as the studio leaves it, made by hand."""
    folder = data / "audio" / "short"
    (folder / line.id).mkdir(parents=True)
    write_flac(folder / line.id / "2.flac", samples, rate_hz)
    about = {"text": line.text, "made_utc": "2026-01-31T12:00:00+00:00", "speaker": "Ann", "checks": []}
    told = {"schema": 1, "script": "short", "chosen": {line.id: 2}, "takes": {line.id: {"2": about}}, "speakers": {}}
    (folder / "takes.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture
def with_take(own_data, short_script, tmp_path):
    """The short script with complications and a take of its second line: two seconds of noise in bursts."""
    path = short_script("complications: [{turn: 2, kind: bad_line, lines: 1}]")
    rng = np.random.default_rng(3)
    samples = (rng.standard_normal(2 * 44_100) * 0.05).astype(np.float32)
    line = next(line for line in read_script(path).lines() if line.step == "offer")
    put_take(own_data, line, samples, 44_100)
    return path, line


def test_a_call_plays_takes_and_rendered_lines_and_the_record_names_no_folder(with_take, own_data, tmp_path):
    """With sound files as the trainee: the take is heard under the bad line of its turn, the rest is rendered."""
    path, line = with_take
    replies, folder = tmp_path / "spoken", tmp_path / "call"
    render_replies([REPLIES[2], "I will refund the money today."], replies)
    arguments = ["practice", str(path), "--replies", str(replies), "--fast", "--out", str(folder)]
    assert main([*arguments, "--expect", "resolved"]) == 0
    turns = record_of(folder)["turns"]
    assert [turn["line"]["take"] for turn in turns] == [None, "2.flac", None]
    assert [turn["line"]["effect"] for turn in turns] == [None, "bad_line", None]
    assert str(own_data) not in (folder / "call.json").read_text(encoding="utf-8")
    script = with_takes(read_script(path))
    offered = next(one for one in script.sounds() if one.id == line.id and one.effect == "bad_line")
    sound = Lines(script).sound(offered)
    caller = read_sound(folder / "caller.flac")[0].samples
    start = round(turns[1]["line_start_s"] * RATE_HZ)
    played = caller[start : start + len(sound)]
    assert len(sound) == pytest.approx(2 * RATE_HZ, abs=400)
    assert max(np.corrcoef(played[shift : shift + 16_000], sound[:16_000])[0, 1] for shift in range(0, 641)) > 0.9


def test_a_take_whose_file_is_gone_is_rendered(with_take, own_data):
    path, line = with_take
    (own_data / "audio" / "short" / line.id / "2.flac").unlink()
    assert with_takes(read_script(path)).takes == {}


def test_everything_a_dialled_call_can_sound_like_is_made_ahead(with_take, own_data, monkeypatch):
    """Nothing is rendered any more once the lines are prepared."""
    path, _ = with_take
    script = dialled(with_takes(read_script(path)), 4, 1).script
    lines = Lines(script)
    lines.prepare(list(script.sounds()), lambda done, of: None)
    monkeypatch.setattr(lines._bank, "_made", lambda request: pytest.fail(f"{request} was not made ahead"))
    assert all(len(lines.sound(line)) for line in script.sounds())
