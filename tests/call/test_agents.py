"""Made-up agents call by call: who deserves a good end gets one, and nobody else does.

The agents' words (tests/agents) were written by somebody who had not seen the detectors. They are typed under many
seeds, and spoken by a neural voice that the real recognizer has to understand.
"""

import json
import os
from pathlib import Path

import pytest

from voicesim.backends.replies_voice import read_replies, render_replies
from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.cli import main
from voicesim.files import shipped
from voicesim.model import Ending
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script

AGENTS = Path(__file__).parents[1] / "agents"
#: Every shipped script, and for each a voice that is never the caller's own.
PERSONAS = {
    "benefit-stopped": "young_man",
    "billed-twice": "man",
    "boiler-cold": "older_woman",
    "cuts-in": "young_woman",
    "fourth-transfer": "young_woman",
    "funeral-flight": "woman",
    "line-dead": "woman",
    "no-receipt": "man",
    "parcel-third-time": "older_woman",
    "payslip-wrong": "man",
    "pension-date": "young_man",
    "room-gone": "deep_man",
    "rude-branch": "young_man",
}
SCRIPTS = tuple(PERSONAS)
DESERVED = {
    "good": {Ending.RESOLVED, Ending.REFERRED},
    "hurried": {Ending.ESCALATED, Ending.HUNG_UP},
    "stacker": {Ending.ESCALATED, Ending.HUNG_UP, Ending.GAVE_UP},
    "deaf": {Ending.ESCALATED, Ending.HUNG_UP, Ending.GAVE_UP},
    "silent": {Ending.HUNG_UP},
}


#: A spoken call takes half a minute: few are held, or all if asked to.
FEW = {
    "good": ("benefit-stopped", "billed-twice", "parcel-third-time", "boiler-cold"),
    "hurried": ("benefit-stopped",),
    "stacker": ("parcel-third-time",),
    "deaf": ("billed-twice",),
    "silent": ("benefit-stopped",),
}
ALL = "VOICESIM_ALL_AGENTS" in os.environ
#: Under so many seeds a typed call is held.
SEEDS = 20 if ALL else 4
SPOKEN = [(script, agent) for agent in DESERVED for script in (SCRIPTS if ALL else FEW[agent])]


def test_every_shipped_script_is_met():
    assert set(SCRIPTS) == {path.stem for path in shipped("scripts").glob("*.yaml")}


def words(script, agent):
    return AGENTS / f"{script}.{agent}.txt"


@pytest.mark.parametrize("agent", DESERVED)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_typed_agent_gets_the_end_it_deserves_whatever_the_seed(script, agent):
    text = words(script, agent).read_text()
    for seed in range(1, SEEDS + 1):
        held = hold_typed(find_script(script), typed_replies(text), understood, seed=seed, watcher=Watcher())
        assert held.ending in DESERVED[agent], f"seed {seed}"


@pytest.mark.parametrize(("script", "agent"), SPOKEN)
def test_a_spoken_agent_gets_the_end_it_deserves(script, agent, tmp_path):
    hurried = {"anger": 0.8, "speed": 1.25} if agent == "hurried" else {}
    # A silent agent says nothing ten times; three silences in a row are enough.
    replies = read_replies(words(script, agent)) or ("", "", "")
    render_replies(replies[:16], tmp_path / "replies", persona=PERSONAS[script], **hurried)
    call = tmp_path / "call"
    expected = ",".join(sorted(DESERVED[agent]))
    arguments = ["practice", script, "--replies", str(tmp_path / "replies"), "--fast", "--out", str(call)]
    assert main([*arguments, "--recognizer", "whisper", "--expect", expected]) == 0
    record = json.loads((call / "call.json").read_text())
    assert record["ending"] in DESERVED[agent]
    assert record["engines"]["recognizer"].startswith("whisper")
