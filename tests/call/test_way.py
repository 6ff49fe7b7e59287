"""Why a reply led where it did is said as the caller decided it."""

from pathlib import Path

import pytest

from voicesim.call.chance import Chance
from voicesim.call.conduct import End, Replied, Said, Say, conduct
from voicesim.call.random_calls import _Agent
from voicesim.call.way import way_of
from voicesim.files import shipped
from voicesim.script.load import load_script

SHIPPED = sorted(shipped("scripts").glob("*.yaml"))


def loaded(path: Path):
    return load_script(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_way_that_is_told_is_the_way_that_was_taken(path):
    """In random calls, every reply."""
    script, seen = loaded(path), set()
    agent = _Agent(script)
    for number in range(40):
        chance, call = Chance("way", script.id, number), conduct(script, number)
        step = next(call)
        while not isinstance(step, End):
            if isinstance(step, Say):
                outcome = step.outcome
                if outcome is not None and outcome.reply is not None:
                    way = way_of(script, outcome.before, outcome.reply, outcome.after)
                    assert way.go == outcome.after.step
                    seen.add(way.why.split()[0])
                place, happened = step.state.step, Said()
            else:
                happened = agent.happens(chance, place, 0.7, 0.2)
                happened = happened if isinstance(happened, Replied) else agent.happens(chance, place, 0.7, 0.0)
            step = call.send(happened)
    assert {"rule", "no"} <= seen
