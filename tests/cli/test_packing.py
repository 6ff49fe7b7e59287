"""A caller's way out and in: packed, checked, handed out, installed, taken back."""

import io
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from voicesim.cli import main
from voicesim.files import cache_folder, read_sound
from voicesim.model import RATE_HZ
from voicesim.studio.checks import TakeProblem
from voicesim.studio.consent import agreed
from voicesim.studio.shelf import Shelf
from voicesim.wiring.library import find_script

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC).isoformat()
MOOD = TakeProblem(code="mood", what="it sounds calm", measure="tension", value=0.1, advice="louder")
CLIPPED = TakeProblem(code="clipped", what="it is clipped", measure="share", value=0.1, advice="stand back")


@pytest.fixture
def run(own_data, capsys, monkeypatch):
    """Runs a command: its exit code, what it printed, what it noted."""
    # No power fails here, and hundreds of takes are kept.
    monkeypatch.setattr(os, "fsync", lambda handle: None)

    def command(*arguments):
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def short(own_data):
    """The short script as one's own."""
    (own_data / "scripts").mkdir()
    (own_data / "scripts" / "short.yaml").write_bytes((ROOT / "tests" / "data" / "short.yaml").read_bytes())
    return find_script("short")


@pytest.fixture
def mine(own_data):
    """A script that may be handed out: its file and that of its rehearsals."""
    (own_data / "scripts" / "rehearsals").mkdir(parents=True)
    script = own_data / "scripts" / "mine.yaml"
    rehearsal = own_data / "scripts" / "rehearsals" / "mine.rehearsal.yaml"
    for target, source in ((script, "billed-twice.yaml"), (rehearsal, "rehearsals/billed-twice.rehearsal.yaml")):
        text = (ROOT / "scripts" / source).read_text(encoding="utf-8")
        target.write_text(text.replace(": billed-twice", ": mine", 1), encoding="utf-8")
    return script, rehearsal


def put(shelf, line, speaker="Anna", checks=(), pitch_hz=220.0):
    samples = 0.3 * np.sin(2 * np.pi * pitch_hz * np.arange(RATE_HZ // 5) / RATE_HZ).astype(np.float32)
    return shelf.add(line, samples, RATE_HZ, speaker=speaker, made_utc=NOW, checks=checks)


def record(script, *, speaker="Anna", checks=(), lines=None):
    """Takes of all lines, or the first ones; the speaker has agreed."""
    shelf = Shelf.own(script.id)
    shelf.agree(agreed(speaker, title=script.title, agreed_utc=NOW))
    with shelf:
        for line in list({line.id: line for line in script.lines()}.values())[:lines]:
            put(shelf, line, speaker, checks)
    return shelf


# -- takes --


def test_takes_are_shown_by_line_with_what_was_wrong(run, short):
    shelf = record(short, lines=2)
    first, second, *_ = short.lines()
    put(shelf, first, checks=(CLIPPED, MOOD))
    shelf.choose(second.id, None)
    code, out, _ = run("script", "takes", "short")
    rows = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0
    assert rows[first.id].split()[-5:] == ["2", "2,", "Anna", "clipped,", "mood"]
    assert rows[second.id].split()[-3:] == ["1", "-", "-"]
    assert out.endswith("1 of 6 lines have a chosen take.\n")


def test_takes_of_edited_lines_are_shown_and_stay(run, short, own_data):
    kept = put(record(short, lines=1), next(short.lines()))
    path = own_data / "scripts" / "short.yaml"
    path.write_text(path.read_text().replace("You took my money twice", "You took my money two times"))
    code, out, _ = run("script", "takes", "short")
    assert code == 0
    assert f"  {kept.path}  You took my money twice, and nobody tells me .." in out
    assert "0 of 6 lines" in out
    assert kept.path.exists()


def test_another_take_is_chosen_and_that_taken_back(run, short):
    """A line may be named by its beginning."""
    line = next(short.lines())
    shelf = record(short, lines=1)
    put(shelf, line)
    code, _, told = run("script", "takes", "short", "--choose", "opening=1")
    assert (code, told) == (0, f"{line.id}: take 1 is chosen. --undo takes that back.\n")
    code, _, told = run("script", "takes", "short", "--undo")
    assert (code, told) == (0, f"{line.id}: now take 2 is chosen; every take is still there.\n")
    assert run("script", "takes", "short", "--choose", f"{line.id}=none")[0] == 0
    assert shelf.chosen() == {}


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--choose", "opening"], "'opening' names no take. Write LINE=N"),
        (["--choose", "opening=x"], "names no take"),
        (["--choose", "closing=1"], "no take is of a line 'closing'"),
        (["--choose", "=1"], "2 lines begin with ''"),
        (["--choose", "opening=9"], "has no take 9. It has: 1."),
        (["--undo", "--choose", "opening=1"], "one at a time"),
        (["--withdraw", "Ben"], "no takes here are by 'Ben'. Speakers are: Anna."),
    ],
)
def test_what_cannot_be_done_with_takes_is_one_line(options, why, run, short):
    record(short, lines=2)
    code, _, told = run("script", "takes", "short", *options)
    assert code == 2
    assert why in told
    assert told.count("\n") == 1


def test_a_speaker_is_asked_about_and_then_gone(run, short, monkeypatch):
    """Takes, agreement, and what the cache of lines has of them."""
    shelf = record(short)
    monkeypatch.setenv("VOICESIM_CACHE", str(shelf.folder.parent / "cache"))
    cached = cache_folder() / "lines" / "00" / "0.flac"
    cached.parent.mkdir(parents=True)
    cached.touch()
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    code, out, _ = run("script", "takes", "short", "--withdraw", "Anna")
    assert (code, len(shelf.every())) == (0, 6)
    assert "Anna: 6 takes of short" in out
    assert "packs handed out" in out
    code, _, told = run("script", "takes", "short", "--withdraw", "Anna", "--yes")
    assert code == 0
    assert "Nothing of Anna is left in" in told
    assert (shelf.every(), dict(shelf.speakers()), cached.exists()) == ((), {}, False)


def test_takes_of_a_script_that_is_gone_can_be_withdrawn(run, short, own_data):
    record(short, lines=1)
    (own_data / "scripts" / "short.yaml").unlink()
    assert run("script", "takes", "short", "--withdraw", "Anna", "--yes")[0] == 0
    assert Shelf.own("short").every() == ()


def test_what_was_mended_about_takes_is_told_in_one_line(run, short):
    shelf = record(short, lines=1)
    (shelf.folder / "takes.json").write_text("{")
    _, _, told = run("script", "takes", "short")
    assert told == f"{shelf.folder / 'takes.json'} is broken: put together again from its copy.\n"


# -- packs --


def test_a_pack_made_here_is_a_caller_there(run, short, tmp_path, monkeypatch):
    """With its own voice, the way into the other data folder told before."""
    record(short)
    pack = tmp_path / "handed.voicesim"
    code, _, told = run("script", "pack", "short", "--out", pack)
    assert code == 0
    assert f"{pack}: 6 takes of 6 lines" in told
    assert "Spoken by Anna, who agreed on 2026-11-22: training calls only." in told
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "there"))
    code, out, told = run("script", "install", pack)
    assert code == 0
    assert out.splitlines() == [
        "A short call (short, version 1)",
        "  caller: Pat Doe. Paid twice and wants the money back.",
        "  content note: none",
        "  script: by unknown, licence unknown",
        "  takes: 6 takes",
        "  spoken by Anna, who agreed on 2026-11-22: training calls only",
    ]
    assert told == "Installed. To meet this caller: voicesim practice short\n"
    assert run("script", "takes", "short")[1].endswith("6 of 6 lines have a chosen take.\n")
    assert run("script", "install", pack)[2] == "All of it is here already: nothing was changed.\n"


def test_takes_of_somebody_who_did_not_agree_are_not_packed(run, short, tmp_path):
    put(record(short), next(short.lines()), speaker="Ben")
    code, _, told = run("script", "pack", "short", "--out", tmp_path / "x.voicesim")
    assert code == 2
    assert "takes by Ben cannot be handed out" in told
    assert not (tmp_path / "x.voicesim").exists()


@pytest.mark.parametrize(
    ("answer", "code", "told", "replaced"),
    [
        ("y\n", 0, "Installed.", True),
        ("n\n", 0, "Nothing was installed.", False),
        ("", 2, "nobody answered, nothing was installed. Add --replace.", False),
    ],
)
def test_what_is_ones_own_is_replaced_only_after_asking(
    answer, code, told, replaced, run, short, tmp_path, monkeypatch
):
    pack = tmp_path / "short.voicesim"
    run("script", "pack", "short", "--out", pack)
    path, source = Path(short.file), Path(short.file).read_bytes()
    path.write_bytes(source + b"# mine\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    found, _, noted = run("script", "install", pack)
    assert found == code
    assert told in noted
    assert (path.read_bytes() == source) == replaced
    assert run("script", "install", pack, "--replace")[0] == 0
    assert path.read_bytes() == source


def test_rehearsals_that_do_not_load_keep_a_pack_out(run, short, own_data, tmp_path):
    (own_data / "scripts" / "rehearsals").mkdir()
    (own_data / "scripts" / "rehearsals" / "short.rehearsal.yaml").write_text("script: other\nrehearsals: []\n")
    pack = tmp_path / "short.voicesim"
    run("script", "pack", "short", "--out", pack)
    code, _, told = run("script", "install", pack)
    assert code == 2
    assert "these rehearsals are of 'other', not of 'short'" in told


# -- publish-check --


def test_a_sound_script_is_ready_with_all_takes_or_none(run, mine):
    """Advice about how a take sounds keeps nothing back."""
    ready = (0, "mine: ready to hand out. Run: voicesim script pack mine\n")
    assert run("script", "publish-check", "mine")[:2] == ready
    record(find_script("mine"), checks=(MOOD,))
    assert run("script", "publish-check", "mine")[:2] == ready


def edited(old, new):
    def spoil(script, _):
        text = script.read_text(encoding="utf-8")
        assert old in text
        script.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def with_remark(remark):
    """A remark counts as well: it is handed out with the rest."""

    def spoil(script, _):
        script.write_text(f"{script.read_text(encoding='utf-8')}\n# {remark}\n", encoding="utf-8")

    return spoil


def some_takes(script, _):
    record(find_script("mine"), lines=3)


def clipped(script, _):
    put(record(find_script("mine")), next(find_script("mine").lines()), checks=(CLIPPED,))


def not_agreed(script, _):
    put(record(find_script("mine")), next(find_script("mine").lines()), speaker="Ben")


def never_checked(script, _):
    shelf = record(find_script("mine"))
    (shelf.folder / "takes.json").unlink()
    (shelf.folder / ".takes.json").unlink()


FAULTS = {
    "lint": (edited("persona: ", "persona: no_"), "VS009 the persona"),
    "licence": (edited('licence: "CC-BY-4.0"\n', ""), "no licence is named. Add one"),
    "rehearsals": (lambda _, rehearsal: rehearsal.unlink(), "there are no rehearsals. Write some"),
    "broken rehearsals": (lambda _, rehearsal: rehearsal.write_text("script: x\n"), "mine.rehearsal.yaml:1: "),
    "telephone": (with_remark("as told by 07911 123 456"), "looks like a telephone number"),
    "address": (with_remark("ask megan.price@firma.de"), "looks like an e-mail address"),
    "takes missing": (some_takes, "lines have no take (opening-"),
    "take spoiled": (clipped, "it is clipped. Record the line again"),
    "no consent": (not_agreed, "takes by Ben: nobody agreed to hand them out. Ask"),
    "not checked": (never_checked, "was never checked. Record the line again"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_keeps_a_script_back_is_told_with_the_next_step(kind, run, mine):
    spoil, told = FAULTS[kind]
    spoil(*mine)
    code, out, _ = run("script", "publish-check", "mine")
    assert code == 2
    assert any(told in line for line in out.splitlines())
    assert "ready to hand out" not in out


def test_abuse_needs_a_content_note(run, mine):
    script, _ = mine
    text = script.read_text(encoding="utf-8")
    note = next(line for line in text.splitlines(keepends=True) if line.startswith("content_note:"))
    line = find_script("mine").first.say
    said = next(iter(line.values()))[0].text
    script.write_text(text.replace(note, ""), encoding="utf-8")
    assert "nothing warns of them" not in run("script", "publish-check", "mine")[1]
    text = script.read_text(encoding="utf-8")
    quoted = next(q for q in (f'"{said}"', said) if q in text)
    script.write_text(text.replace(quoted, f"{{text: {quoted}, abuse: true}}", 1), encoding="utf-8")
    assert (
        "lines are marked as abuse, but nothing warns of them. Add a 'content_note'."
        in (run("script", "publish-check", "mine")[1])
    )


# -- render --


def test_lines_are_rendered_ahead_once(run, short, tmp_path, monkeypatch):
    """By the real voice: what is there already is counted, files are named by line."""
    monkeypatch.setenv("VOICESIM_CACHE", str(tmp_path / "cache"))
    code, _, told = run("script", "render", "short", "--moods", "calm")
    assert code == 0
    assert "2 lines, 0 of them there already: " in told
    assert "times as fast as spoken" in told
    code, _, told = run("script", "render", "short", "--moods", "calm", "--out", tmp_path / "lines")
    assert code == 0
    assert "2 lines, 2 of them there already: " in told
    assert "as fast as" not in told
    files = sorted(path.stem for path in (tmp_path / "lines").iterdir())
    assert files == sorted(line.id for line in short.lines() if line.mood == "calm")
    assert read_sound(tmp_path / "lines" / f"{files[0]}.flac")[0].duration_s > 0.5


def test_a_mood_or_voice_that_is_not_known_is_told(run, short):
    assert "short has no mood 'anrgy'. Did you mean 'angry'?" in run("script", "render", "short", "--moods", "anrgy")[2]
    assert "unknown persona 'nobody'" in run("script", "render", "short", "--voice", "nobody")[2]
