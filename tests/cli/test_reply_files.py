"""Reply files as the trainee: nobody at a keyboard, and calls longer than one reply may be."""

import numpy as np
import pytest

from voicesim.call.parts import Manner
from voicesim.cli import holding
from voicesim.errors import SoundFileError
from voicesim.files import LONGEST_S, write_flac
from voicesim.model import RATE_HZ
from voicesim.wiring.library import find_script
from voicesim.wiring.stored_calls import sound_of


def test_push_to_talk_does_not_mute_the_files(tmp_path, monkeypatch):
    """The setting is of somebody at a keyboard: here nobody could press the key."""
    held = []
    monkeypatch.setattr(holding, "_hold_sound", lambda plan, *args, **values: held.append(plan))
    monkeypatch.setattr(holding, "ready", lambda *args: None)
    write_flac(tmp_path / "1.flac", np.full(RATE_HZ, 0.1, np.float32))
    plan = holding.Plan(script=find_script("billed-twice"), out=None, seed=1, manner=Manner(push_to_talk=True))
    holding.hold_files(plan, tmp_path, fast=True)
    assert not held[0].manner.push_to_talk


def test_the_sound_of_a_call_may_be_longer_than_that_of_a_reply(tmp_path):
    length = (LONGEST_S + 1) * RATE_HZ
    for channel in ("caller", "trainee"):
        write_flac(tmp_path / f"{channel}.flac", np.zeros(length, np.float32))
    assert {name: len(samples) for name, samples in sound_of(tmp_path).items()} == dict.fromkeys(
        ("caller", "trainee"), length
    )
    (tmp_path / "caller.flac").unlink()
    with pytest.raises(SoundFileError):
        sound_of(tmp_path)
