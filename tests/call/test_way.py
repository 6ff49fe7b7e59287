"""Why a reply led where it did is said as the caller decided it."""

from dataclasses import replace
from pathlib import Path

import pytest

from voicesim.call.answer import answer, open_call, way_of
from voicesim.call.chance import Chance
from voicesim.call.conduct import End, Replied, Said, Say, conduct
from voicesim.call.random_calls import _Agent
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
                    way = way_of(script, outcome.before, outcome.reply)
                    assert way.go == outcome.after.step
                    seen.add(way.why.split()[0])
                place, happened = step.state.step, Said()
            else:
                happened = agent.happens(chance, place, 0.7, 0.2)
                happened = happened if isinstance(happened, Replied) else agent.happens(chance, place, 0.7, 0.0)
            step = call.send(happened)
    assert {"rule", "no"} <= seen


@pytest.mark.parametrize(
    ("ids", "before", "go", "why"),
    [
        (["blame"], {"aside": "a line"}, "bye", "anger has reached 10: the caller hangs up"),
        ([], {"turn": 7, "aside": "a line"}, "gives_up", "this was reply number 8: the caller gives up"),
        (["refer"], {"aside": "a line"}, "opening", "the caller had said something else first and comes back"),
        (["refer"], {}, "passed_on", "rule 2 of 'opening': "),
        ([], {}, "opening", "no rule of 'opening' matched"),
        ([], {"tries": 2}, "gives_up", "no rule of 'opening' matched, and it was reply number 3 there"),
    ],
    ids=["hangs up", "gives up", "after an aside", "a rule", "otherwise", "tries"],
)
def test_each_reason_to_go_on_is_told(script, replied, ids, before, go, why):
    """In the order in which they count."""
    state = replace(open_call(script, 1)[0], **before)
    way = way_of(script, state, replied(*ids))
    assert (way.go, way.why[: len(why)]) == (go, why)
    assert answer(script, state, replied(*ids))[0].step == go
    assert (way.line_number is None) == (why.split()[0] in ("anger", "this", "the"))
