"""Holds the rehearsals of a script, and many made-up calls of it; the terminal and the page show what came of it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from voicesim.call.agents import PROFILES, agent_call
from voicesim.call.conduct import End
from voicesim.call.random_calls import CALLS, random_calls
from voicesim.call.rehearse import Rehearsal, Rehearsed, load_rehearsals
from voicesim.call.rehearse import rehearse as held
from voicesim.call.tally import Tally, tally
from voicesim.call.trial import Trial
from voicesim.errors import InputError
from voicesim.script.model import Script
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_bytes, rehearsal_file

#: Fewer calls than these are held faster here than by processes that have to be started for them.
FEW = 150
_TOGETHER = 20
#: Ctrl-C is for the process that started the others.
_DEAF = (signal.SIGINT, signal.SIG_IGN)

Job = tuple[Script, int, range]
Crew = Callable[[list[Job]], Iterator[list[End]]]
Tell = Callable[[int, int], None]


def stated(script: Script, data: bytes, file: str) -> tuple[Rehearsal, ...]:
    """The rehearsals in a file's bytes. Raises ScriptError, and InputError if they are those of another script."""
    script_id, rehearsals = load_rehearsals(data, file)
    if script_id != script.id:
        raise InputError(f"rehearses the script '{script_id}', not '{script.id}'", where=file)
    return rehearsals


def own_rehearsals(script: Script) -> tuple[Rehearsal, ...]:
    """The rehearsals that lie beside a script. Raises InputError if there are none, and what :func:`stated` raises."""
    path = rehearsal_file(script)
    return stated(script, read_bytes(path), str(path))


def hold(script: Script, rehearsal: Rehearsal, seed: int = 1) -> Rehearsed:
    """What becomes of one rehearsal with the detectors that there are."""
    return held(script, rehearsal, understood, seed=seed)


@contextmanager
def crew_for(calls: int) -> Iterator[Crew]:
    """A function from jobs to the ends of their calls, in order; a process for each core if there is much to do."""
    if calls < FEW:
        yield lambda jobs: map(_agent_ends, jobs)
        return
    from multiprocessing import get_context

    # Spawned: a forked process would inherit the threads of this one. Ctrl-C ends them by leaving this block.
    with get_context("spawn").Pool(initializer=signal.signal, initargs=_DEAF) as pool:
        yield lambda jobs: pool.imap(_agent_ends, jobs)


def trial(script: Script, calls: int, seed: int, crew: Crew, tell: Tell) -> Trial:
    """Random calls of a script, and so many calls with each made-up agent; ``tell`` is told (done, all) as it goes."""
    of = CALLS + calls * len(PROFILES)
    random = random_calls(script, seed=seed, tell=lambda done, _: tell(done, of) if done % 100 == 0 else None)
    agents = tried_by_agents(script, calls, seed, crew, lambda done, _: tell(CALLS + done, of))
    return Trial(script=script.id, random=random, agents=agents)


def tried_by_agents(script: Script, calls: int, seed: int, crew: Crew, tell: Tell) -> dict[str, Tally]:
    """What becomes of so many calls with each made-up agent, by the agent's name, best agent first."""
    seeds = [range(seed + first, seed + min(first + _TOGETHER, calls)) for first in range(0, calls, _TOGETHER)]
    jobs = [(script, agent, some) for agent in range(len(PROFILES)) for some in seeds]
    ends: list[End] = []
    for some_ends in crew(jobs):
        ends += some_ends
        tell(len(ends), calls * len(PROFILES))
    return {one.name: tally(ends[at * calls : (at + 1) * calls]) for at, one in enumerate(PROFILES)}


def _agent_ends(job: Job) -> list[End]:
    """How the calls of one agent end; a function of the module, so that another process can be asked for it."""
    script, agent, seeds = job
    return [agent_call(script, PROFILES[agent], understood, seed=seed) for seed in seeds]


def plain(found: Trial) -> dict[str, Any]:
    """A trial as JSON values, with the keys that others parse."""
    random = found.random
    never = {"endings": random.endings, "steps": random.steps, "rules": random.rules}
    more = {"longest_turns": random.longest, "never_reached": never}
    agents = {name: numbers(row) for name, row in found.agents.items()}
    rows = {"random": {**numbers(random.tally), **more}, **agents}
    return {"script": found.script, **rows, "faults": found.faults}


def numbers(row: Tally) -> dict[str, Any]:
    """A tally as JSON values."""
    return {
        "calls": row.calls,
        "endings": row.endings,
        "good_share": round(row.good_share, 4),
        "mean_turns": round(row.mean_turns, 2),
        "mean_anger": round(row.mean_anger, 2),
    }
