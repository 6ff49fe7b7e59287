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
from voicesim.cli.library import find_script
from voicesim.cli.wiring import understood
from voicesim.model import Ending

AGENTS = Path(__file__).parents[1] / "agents"
SCRIPTS = ("benefit-stopped", "billed-twice", "parcel-third-time")
DESERVED = {
    "good": {Ending.RESOLVED, Ending.REFERRED},
    "hurried": {Ending.ESCALATED, Ending.HUNG_UP},
    "stacker": {Ending.ESCALATED, Ending.HUNG_UP, Ending.GAVE_UP},
    "deaf": {Ending.ESCALATED, Ending.HUNG_UP, Ending.GAVE_UP},
    "silent": {Ending.HUNG_UP},
}
#: Another voice for each script, and never the caller's own.
PERSONAS = {"benefit-stopped": "young_man", "billed-twice": "man", "parcel-third-time": "older_woman"}


#: A spoken call takes half a minute: the good agent meets every caller, the others one each, or all if asked to.
FEW = {
    "hurried": SCRIPTS[:1],
    "stacker": SCRIPTS[2:],
    "deaf": SCRIPTS[1:2],
    "silent": SCRIPTS[:1],
}
ALL = "VOICESIM_ALL_AGENTS" in os.environ
SPOKEN = [(script, agent) for agent in DESERVED for script in (SCRIPTS if ALL else FEW.get(agent, SCRIPTS))]


def words(script, agent):
    return AGENTS / f"{script}.{agent}.txt"


@pytest.mark.parametrize("agent", DESERVED)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_typed_agent_gets_the_end_it_deserves_whatever_the_seed(script, agent):
    text = words(script, agent).read_text()
    for seed in range(1, 21):
        held = hold_typed(find_script(script), typed_replies(text), understood, seed=seed, watcher=Watcher())
        assert held.ending in DESERVED[agent], f"seed {seed}"


@pytest.mark.parametrize(("script", "agent"), SPOKEN)
def test_a_spoken_agent_gets_the_end_it_deserves(script, agent, tmp_path):
    hurried = {"anger": 0.8, "speed": 1.25} if agent == "hurried" else {}
    # A silent agent says nothing ten times; three silences in a row are enough.
    replies = read_replies(words(script, agent)) or ("", "", "")
    render_replies(replies[:10], tmp_path / "replies", persona=PERSONAS[script], **hurried)
    call = tmp_path / "call"
    expected = ",".join(sorted(DESERVED[agent]))
    arguments = ["practice", script, "--replies", str(tmp_path / "replies"), "--fast", "--out", str(call)]
    assert main([*arguments, "--recognizer", "whisper", "--expect", expected]) == 0
    record = json.loads((call / "call.json").read_text())
    assert record["ending"] in DESERVED[agent]
    assert record["engines"]["recognizer"].startswith("whisper")
