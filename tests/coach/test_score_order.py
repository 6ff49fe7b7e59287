"""Five kinds of made-up agents, in calls that the real detectors read: the better one scores higher."""

from statistics import fmean

import pytest

from voicesim.call.agents import agent_record
from voicesim.coach.score import feedback
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script
from voicesim.wiring.rubrics import default_rubric

CALLS = 6


@pytest.mark.parametrize("script_id", ["boiler-cold", "line-dead", "rude-branch"])
def test_the_score_keeps_five_kinds_of_agents_in_their_order(script_id, beside):
    of, script = beside("benchmarks/_kinds.py"), find_script(script_id)
    places, totals = [], []
    for place, kind in enumerate(of.KINDS):
        for seed in range(CALLS):
            record = agent_record(script, kind, understood, seed=seed)
            given = feedback(record, goals=script.goals, rubric=default_rubric(), adviser=adviser_for(script))
            if given.total is not None:
                places.append(-place)
                totals.append(given.total)
    means = [fmean(t for p, t in zip(places, totals, strict=True) if p == -place) for place in range(len(of.KINDS))]
    assert of.spearman(places, totals) > 0.7
    assert means[0] > means[2] > means[3] > means[4]
    assert means[0] - means[4] > 40
