"""A caller's voice is made ready while the briefing is read, and leaves off when it is not wanted any more."""

import threading

import pytest
from inside import client_of
from softphone import RENDERED, SHORT

from voicesim.script.load import load_script
from voicesim.web.voices import Voices
from voicesim.wiring import engines
from voicesim.wiring.engines import Lines


@pytest.fixture
def script(monkeypatch):
    monkeypatch.setenv("VOICESIM_CACHE", str(RENDERED))
    return load_script(SHORT.read_bytes(), SHORT.name)


def test_once_the_briefing_was_read_the_phone_rings_without_a_wait(script):
    """What stands ready afterwards is the whole caller."""
    ready, counted = threading.Event(), []
    Voices().begin(script, ready.set)
    assert ready.wait(120)
    Lines(script).prepare(list(script.sounds()), lambda done, of: counted.append((done, of)))
    assert {done == of for done, of in counted} == {True}


def test_a_caller_nobody_waits_for_is_left_after_the_line_that_is_being_made(script, monkeypatch):
    """A voice that is slow stands for the real one: its first line is made when nobody waits any more."""
    made, ready, voices = threading.Event(), threading.Event(), Voices()

    def slow(self, lines, tell):
        made.set()
        assert voices._ended.wait(60)
        tell(1, len(lines))
        ready.set()

    monkeypatch.setattr(engines.Lines, "prepare", slow)
    voices.begin(script, ready.set)
    assert made.wait(60)
    voices.end()
    assert not ready.is_set()


@pytest.mark.parametrize("script_id", ["nobody", "billed-twice.yaml", "..%2fshort"])
def test_only_a_caller_that_is_there_is_made_ready(tmp_path, monkeypatch, script_id):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    assert client_of().post(f"/callers/{script_id}/voice").status_code == 404
