"""The journal: what happened, in order, readable after a power cut, refused with its line where it is damaged."""

import json

import pytest

from voicesim.call.watch import Watcher
from voicesim.errors import InputError, StorageError
from voicesim.model import Ending, Turn
from voicesim.report.codec import decode, encode
from voicesim.store.journal import Journal, Opened, read_journal
from voicesim.store.places import JOURNAL


@pytest.fixture
def kept(kept_call):
    call = kept_call().hold()
    call.finals()
    call.keeper.close()
    return call


def test_tells_the_whole_call(kept):
    """Every turn as it is in call.json, each line with its state, what was taken back, how it ended."""
    entries = read_journal(kept.folder / JOURNAL)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert decode(Opened, entries[0].values, "opened") == kept.opened
    kinds = [entry.what for entry in entries]
    assert kinds[:4] == ["opened", "line", "sounded", "turn"]
    assert kinds.count("retracted") == 2
    assert kinds.count("final") == 3
    assert {entry.values["ending"] for entry in entries if entry.what == "ended"} == {"resolved"}
    turns = [entry.values["turn"] for entry in entries if entry.what == "turn"]
    assert decode(Turn, turns[0], "turn").line == kept.recorder.turns[0].line
    lines = [entry.values for entry in entries if entry.what == "line"]
    assert [line["repeated"] for line in lines].count(True) == 4
    assert [entry.values for entry in entries if entry.what == "again"] == [{"turn": 1}, {"turn": 3}]
    assert all(line["state"]["last_line"] == line["line"]["id"] for line in lines)


def test_never_holds_a_partial_text(kept):
    assert "never to be written" not in (kept.folder / JOURNAL).read_text()


def test_writes_pauses_and_notes(kept_call):
    call = kept_call()
    call.speak(50)
    call.journal.paused("the headset is gone", "headset")
    call.journal.resumed(2.00049)
    call.journal.note("café \udce9 \u2028")
    call.keeper.close()
    paused, resumed, note = read_journal(call.folder / JOURNAL)[1:]
    assert (paused.at, paused.what, paused.values) == (
        16_000,
        "paused",
        {"why": "the headset is gone", "by": "headset"},
    )
    assert (resumed.what, resumed.values) == ("resumed", {"after_s": 2.0})
    assert note.values == {"text": "café ? \u2028"}


@pytest.mark.parametrize("course", [("reply",), ("reply", "refund", "amount", "refund")])
def test_a_call_that_nobody_ended_can_be_closed_with_an_ending(kept_call, course):
    """The call's own ending stands; only where it has none the one of the close is written."""
    call = kept_call().hold(course)
    call.journal.closes(Ending.STOPPED)
    call.keeper.close()
    ended = [entry.values["ending"] for entry in read_journal(call.folder / JOURNAL) if entry.what == "ended"]
    assert ended == (["stopped"] if len(course) == 1 else ["resolved"])


def test_hears_all_that_a_watcher_is_told():
    """A new kind of news for watchers must be written down, or be left out on purpose."""
    told = {name for name in vars(Watcher) if not name.startswith("_")}
    assert told - set(vars(Journal)) == {"partial", "rings", "asks_again", "on_hold"}


def test_a_journal_that_was_cut_anywhere_is_read_up_to_there(kept, tmp_path):
    """Cut at every single byte: each whole line is there, the cut one is left out, and nothing is refused."""
    content, cut = (kept.folder / JOURNAL).read_bytes(), tmp_path / "cut.jsonl"
    entries = read_journal(kept.folder / JOURNAL)
    ends = [i for i, byte in enumerate(content) if byte == 0x0A]
    near = {end + step for end in ends for step in (-1, 0, 1, 2)}
    for length in sorted(near | set(range(0, len(content), 37))):
        cut.write_bytes(content[:length])
        whole = sum(end <= length for end in ends)
        assert read_journal(cut) == entries[:whole], length


@pytest.mark.parametrize(
    "rest", [b'{"at": 5, "wh', b"\0" * 700, b"\xff\xfe", b"[1]\n", b'{"at": 3.5, "what": "note"}\n']
)
def test_what_a_power_cut_left_at_the_end_is_left_out(kept, rest):
    path = kept.folder / JOURNAL
    entries = read_journal(path)
    path.write_bytes(path.read_bytes() + rest)
    assert read_journal(path) == entries


@pytest.mark.parametrize(
    "garbage", [b"{", b"\0\0", b"[]", b'{"what": "note"}', b'{"at": true, "what": "x"}', b"", b"\xff"]
)
def test_garbage_in_the_middle_is_refused_with_its_line(kept, garbage):
    path = kept.folder / JOURNAL
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:2], garbage, *lines[2:]]) + b"\n")
    with pytest.raises(InputError, match=r"journal.jsonl:3: this line of the journal is damaged. Restore the file"):
        read_journal(path)


def test_kinds_of_later_versions_are_kept(tmp_path):
    path = tmp_path / JOURNAL
    path.write_text(json.dumps({"at": 7, "what": "waved", "hand": "left"}) + "\n")
    (entry,) = read_journal(path)
    assert (entry.at, entry.what, entry.values) == (7, "waved", {"hand": "left"})


def test_an_empty_journal_has_no_entries_and_a_missing_one_is_an_error(tmp_path):
    (tmp_path / JOURNAL).touch()
    assert read_journal(tmp_path / JOURNAL) == ()
    with pytest.raises(StorageError, match=r"none.jsonl: cannot be read: there is no such file"):
        read_journal(tmp_path / "none.jsonl")


def test_turns_come_back_exactly(kept):
    """What a turn holds is the same after being written and read, as far as call.json keeps it."""
    for turn in kept.recorder.turns:
        written = encode(turn)
        assert encode(decode(Turn, json.loads(json.dumps(written)), "turn")) == written
