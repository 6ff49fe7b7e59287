"""A call that was cut off, at any point and in any way, becomes the files of a closed call, sample for sample."""

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicesim.errors import InputError, StorageError, UsageError
from voicesim.files import read_sound
from voicesim.model import Ending, Span
from voicesim.report.codec import encode
from voicesim.store import closing
from voicesim.store.keeper import Keeper
from voicesim.store.places import JOURNAL, part_path, sound_path
from voicesim.store.recovery import recover, state_of

CLOSED = {JOURNAL, "caller.flac", "trainee.flac", "call.json"}
PARTS = {JOURNAL, "caller.pcm.part", "trainee.pcm.part"}


@pytest.fixture
def cut_off(kept_call):
    """A call that was held to its end and not closed."""
    call = kept_call().hold()
    call.finals()
    call.keeper.close()
    assert files(call.folder).keys() == PARTS
    return call


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def sounds(folder):
    return {name: read_sound(sound_path(folder, name))[0].samples for name in ("caller", "trainee")}


def is_whole(folder, call):
    assert files(folder).keys() == CLOSED
    assert all((sounds(folder)[name] == samples).all() for name, samples in call.channels().items())


def test_saves_every_sample_and_every_turn(cut_off):
    """Sound, turns with their finals, the ending that was written, and the facts of the call; then it is finished."""
    assert state_of(cut_off.folder) == "interrupted"
    record = recover(cut_off.folder)
    assert state_of(cut_off.folder) == "finished"
    is_whole(cut_off.folder, cut_off)
    wanted = cut_off.recorder.record(Ending.RESOLVED, seed=3, engines={"voice": "fake 1"}, trainee="Sam")
    assert encode(record) == encode(wanted) | {"clock": encode(record.clock)}
    assert closing.read_record(cut_off.folder) == record
    lasted_s = len(cut_off.sound) // 50
    assert record.clock == {
        "call": cut_off.folder.name,
        "began_utc": "2026-01-02T03:04:05+00:00",
        "ended_utc": f"2026-01-02T03:04:{5 + lasted_s:02}+00:00",
        "recovered": True,
    }


def test_has_at_every_moment_the_turns_that_the_call_had(kept_call, tmp_path):
    """Cut after any line of the journal: retracted turns undone, finals applied, the line under way as an open turn."""
    call = kept_call().hold()
    call.finals()
    call.keeper.close()
    lines = (call.folder / JOURNAL).read_bytes().splitlines(keepends=True)
    assert len(call.snapshots) > 20
    for count, turns in call.snapshots.items():
        folder = tmp_path / f"cut-{count}"
        folder.mkdir()
        (folder / JOURNAL).write_bytes(b"".join(lines[:count]))
        assert encode(recover(folder).turns) == encode(turns), lines[count - 1]


@pytest.mark.parametrize(
    ("course", "ending", "turns"),
    [
        ((), Ending.INCOMPLETE, 1),
        (("reply",), Ending.INCOMPLETE, 2),
        (("reply", "hang up"), Ending.ABANDONED, 2),
    ],
)
def test_ends_as_the_journal_says(kept_call, course, ending, turns):
    """A call cut off before its end is incomplete; one cut while it was closed keeps its ending and last state."""
    call = kept_call().hold(course)
    call.keeper.close()
    record = recover(call.folder)
    assert (record.ending, len(record.turns)) == (ending, turns)
    assert encode(record.turns) == encode(call.turns())


def test_several_pauses_count_into_the_length(kept_call):
    call = kept_call().hold(("reply",))
    for _ in range(3):
        call.journal.paused("the headset is gone", "headset")
        call.journal.resumed(10.0)
        call.speak(50)
    call.keeper.close()
    seconds = 5 + 30 + len(call.sound) // 50
    assert recover(call.folder).clock["ended_utc"] == f"2026-01-02T03:04:{seconds:02}+00:00"
    is_whole(call.folder, call)


def test_a_second_recovery_changes_nothing(cut_off):
    record = recover(cut_off.folder)
    before = files(cut_off.folder)
    assert recover(cut_off.folder) == record
    assert files(cut_off.folder) == before


@pytest.mark.parametrize("missing", ["caller", "trainee"])
def test_a_missing_channel_is_silence(cut_off, missing):
    part_path(cut_off.folder, missing).unlink()
    recover(cut_off.folder)
    got, wanted = sounds(cut_off.folder), cut_off.channels()
    wanted[missing] = np.zeros_like(wanted[missing])
    assert all((got[name] == wanted[name]).all() for name in wanted)


def test_without_raw_sound_the_turns_are_saved(cut_off):
    for channel in ("caller", "trainee"):
        part_path(cut_off.folder, channel).unlink()
    assert len(recover(cut_off.folder).turns) == len(cut_off.recorder.turns)
    assert files(cut_off.folder).keys() == {JOURNAL, "call.json"}


def test_half_a_sample_and_half_a_frame_make_no_channel_shorter(cut_off):
    """As long as the longer channel; the odd byte of half a sample is no sample."""
    caller, trainee = (part_path(cut_off.folder, name) for name in ("caller", "trainee"))
    os.truncate(caller, caller.stat().st_size - 641)
    os.truncate(trainee, trainee.stat().st_size - 1)
    recover(cut_off.folder)
    got, wanted = sounds(cut_off.folder), cut_off.channels()
    length = len(wanted["trainee"]) - 1
    assert len(got["caller"]) == len(got["trainee"]) == length
    assert (got["trainee"] == wanted["trainee"][:length]).all()
    assert (got["caller"][: length - 320] == wanted["caller"][: length - 320]).all()
    assert not got["caller"][length - 320 :].any()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lost", ["opened", "all", "file"])
def test_a_journal_without_its_beginning_loses_no_sound(cut_off, lost, script):
    """What its folder and script still tell stands in the record; where they tell nothing, it says so."""
    path = cut_off.folder / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]) if lost == "opened" else b"")
    if lost == "file":
        path.unlink()
    if script:
        shutil.copy("tests/data/short.yaml", cut_off.folder / "script.yaml")
    record = recover(cut_off.folder)
    assert (record.script.id, record.trainee) == ("short", "you")
    assert record.script.version == (1 if script else 0)
    assert bool(record.moods) == script
    assert record.clock["began_utc"] == "2026-01-02T03:04:05+00:00"
    assert (record.seed, len(record.turns)) == ((3, len(cut_off.recorder.turns)) if lost == "opened" else (0, 0))
    assert all((sounds(cut_off.folder)[name] == s).all() for name, s in cut_off.channels().items())


def test_a_call_cut_before_its_first_frame_has_a_frame_of_silence(tmp_path):
    Keeper(tmp_path).close()
    assert recover(tmp_path).turns == ()
    assert all(len(samples) == 320 and not samples.any() for samples in sounds(tmp_path).values())


def test_a_damaged_journal_is_named_and_costs_no_sound(cut_off):
    """The sound can be heard already, the raw sound stays, and once the line is gone the rest is saved."""
    path = cut_off.folder / JOURNAL
    good = path.read_bytes()
    path.write_bytes(good.replace(b"\n", b"\n?\n", 1))
    with pytest.raises(InputError, match=r"journal.jsonl:2: this line of the journal is damaged"):
        recover(cut_off.folder)
    assert all((sounds(cut_off.folder)[name] == samples).all() for name, samples in cut_off.channels().items())
    assert files(cut_off.folder).keys() >= PARTS
    assert state_of(cut_off.folder) == "interrupted"
    path.write_bytes(good)
    assert recover(cut_off.folder).ending is Ending.RESOLVED
    is_whole(cut_off.folder, cut_off)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"what": "retracted"}, "journal.jsonl:1: the entry 'retracted' does not fit"),
        ({"what": "final", "index": 0, "reply": {}}, "journal.jsonl:1: the entry 'final' does not fit"),
        ({"what": "turn", "turn": {}}, "journal.jsonl:1: the key is missing"),
        ({"what": "opened", "schema": 2}, "journal.jsonl:1: schema 2 is not 1"),
        ({"what": "resumed", "after_s": "long"}, "journal.jsonl:1: the entry 'resumed' does not fit"),
    ],
)
def test_an_entry_that_does_not_fit_is_named(tmp_path, entry, message):
    (tmp_path / JOURNAL).write_text(json.dumps({"at": 0, **entry}) + "\n")
    with pytest.raises(InputError, match=message):
        recover(tmp_path)


def test_a_folder_without_a_call_is_refused(tmp_path):
    (tmp_path / "notes.txt").touch()
    assert state_of(tmp_path) == state_of(tmp_path / "none") == "empty"
    with pytest.raises(UsageError, match="holds no call"):
        recover(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


HOLD = """
import sys, threading
from pathlib import Path
import numpy as np
from voicesim.store.keeper import Keeper
keeper = Keeper(Path(sys.argv[1]))
keeper.sound(np.full(320, 0.5, np.float32), np.full(320, -0.5, np.float32))
keeper.entry("note", text="here")
keeper.finish()
print("ready", flush=True)
threading.Event().wait()
"""


def test_a_call_that_runs_in_another_process_is_not_touched(tmp_path):
    """Until that process is gone, killed or not: then the call was cut off."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "ready\n"
            before = files(tmp_path)
            assert state_of(tmp_path) == "running"
            with pytest.raises(StorageError, match=r"this call is still running. End it first"):
                recover(tmp_path)
            assert files(tmp_path) == before
        finally:
            child.kill()
    assert state_of(tmp_path) == "interrupted"
    recover(tmp_path)
    assert {name: set(samples) for name, samples in sounds(tmp_path).items()} == {"trainee": {0.5}, "caller": {-0.5}}


# A killed process stops between two calls of the system: the n-th that changes a file is the last it begins.
DIE_AT = """
import os, signal, sys
from pathlib import Path
left = int(sys.argv[2])
def counted(call):
    def counting(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **named)
    return counting
from voicesim.store.recovery import recover
from voicesim.store import closing, keeper
for name in ("replace", "unlink", "rename"):
    setattr(Path, name, counted(getattr(Path, name)))
os.fsync = counted(os.fsync)
recover(Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL here")
def test_a_recovery_that_is_killed_at_any_step_can_be_done_again(cut_off, tmp_path):
    """Killed before each step that changes something on the disk: the next recovery ends as if nothing had been."""
    deaths, ended = 0, False
    while not ended:
        folder = tmp_path / f"killed-{deaths}" / cut_off.folder.name
        shutil.copytree(cut_off.folder, folder)
        command = [sys.executable, "-c", DIE_AT, str(folder), str(deaths)]
        code = subprocess.run(command, check=False).returncode
        assert code in (0, -signal.SIGKILL)
        ended = code == 0
        assert state_of(folder) in ("interrupted", "finished")
        record = recover(folder)
        assert encode(record.turns) == encode(cut_off.recorder.turns)
        assert record.ending is Ending.RESOLVED
        is_whole(folder, cut_off)
        deaths += 1
    assert deaths > 10


CUTS = st.floats(0, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.tuples(CUTS, CUTS, CUTS), zeros=st.integers(0, 3))
def test_a_power_cut_anywhere_costs_only_what_was_not_on_the_disk(cut_off, tmp_path_factory, cuts, zeros):
    """Each file cut at any byte: every sample and every turn that is whole is saved, and saving it again is nothing."""
    folder = tmp_path_factory.mktemp("cut")
    lengths = {}
    for (name, content), cut in zip(sorted(files(cut_off.folder).items()), cuts, strict=True):
        lengths[name] = round(cut * len(content))
        (folder / name).write_bytes(content[: lengths[name]])
    with (folder / JOURNAL).open("ab") as journal:
        # Some systems fill what they had promised with zeros.
        journal.write(bytes(zeros))
    record = recover(folder)
    got, wanted = sounds(folder), cut_off.channels()
    whole = {name: lengths[f"{name}.pcm.part"] // 2 for name in wanted}
    assert len(got["caller"]) == len(got["trainee"]) == max(320, *whole.values())
    for name, length in whole.items():
        assert (got[name][:length] == wanted[name][:length]).all()
        assert not got[name][length:].any()
    lines = (cut_off.folder / JOURNAL).read_bytes()[: lengths[JOURNAL] + (0 if zeros else 1)].count(b"\n")
    turns = [turns for count, turns in cut_off.snapshots.items() if count <= lines]
    assert encode(record.turns) in [encode(turns[-1]) if turns else []] or lines not in cut_off.snapshots
    before = files(folder)
    assert recover(folder) == record
    assert files(folder) == before


def test_a_call_that_is_closed_is_kept_whole(kept_call):
    """The normal close leaves the record as it was given, both channels, no raw sound and no claim."""
    call = kept_call().hold()
    record = call.recorder.record(Ending.RESOLVED, seed=3, engines={})
    assert state_of(call.folder) == "running"
    given_back = closing.close_call(call.keeper, record)
    assert state_of(call.folder) == "finished"
    assert closing.read_record(call.folder).turns == recover(call.folder).turns
    is_whole(call.folder, call)
    assert all((given_back[name] == samples).all() for name, samples in call.channels().items())


def test_a_close_that_was_cut_keeps_the_record_that_was_written(cut_off):
    """It may hold feedback already; recovery only finishes the sound."""
    kept = cut_off.recorder.record(Ending.RESOLVED, seed=3, engines={}, trainee="written at the close")
    closing.write_record(cut_off.folder, kept)
    assert state_of(cut_off.folder) == "interrupted"
    assert recover(cut_off.folder).trainee == "written at the close"
    is_whole(cut_off.folder, cut_off)


def test_a_close_that_was_cut_between_the_two_raw_channels_keeps_both(cut_off):
    """The channel whose raw sound is gone is whole already, and no silence is written over it."""
    closing.write_sounds(cut_off.folder)
    part_path(cut_off.folder, "caller").unlink()
    recover(cut_off.folder)
    is_whole(cut_off.folder, cut_off)


def test_a_typed_call_has_no_sound(tmp_path, kept_call):
    record, folder = kept_call().recorder.record(Ending.STOPPED, seed=1, engines={}), tmp_path / "typed"
    folder.mkdir()
    assert closing.close_call(Keeper(folder, sound=False), record) == {}
    assert files(folder).keys() == {JOURNAL, "call.json"}


def test_a_full_disk_at_the_close_can_be_recovered_from(small_disk, kept_call, tmp_path):
    """No room for the FLAC files: the close says so and nothing is lost; with room, recovery finishes it."""
    call = type(kept_call())(small_disk / "call")
    call.hold(("reply", "refund"))
    (small_disk / "ballast").write_bytes(bytes(1_048_576 - 330_000))
    with pytest.raises(StorageError, match=r"flac: cannot be written: the disk is full"):
        closing.close_call(call.keeper, call.recorder.record(Ending.INCOMPLETE, seed=3, engines={}))
    assert state_of(call.folder) == "interrupted"
    (small_disk / "ballast").unlink()
    recover(call.folder)
    is_whole(call.folder, call)


def test_spans_of_the_record_lie_in_the_sound(cut_off):
    spans = [turn.line_span for turn in recover(cut_off.folder).turns]
    length = len(sounds(cut_off.folder)["caller"])
    assert spans
    assert all(isinstance(span, Span) and span.end <= length for span in spans)
