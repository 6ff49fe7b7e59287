"""Whether the advice would have helped: the worst turn of many calls, answered again with the reply that was proposed.

    python tests/benchmarks/retries.py [--calls N] [--script ID] [--misses]

Typed calls of made-up agents (average and poor: ``voicesim script rehearse --random``) with every shipped caller. The
feedback of a call names what cost most and a better reply to one of its turns; that reply is said in that turn's place,
understood by the real detectors, and the caller answers from the state she was in. It moves her the right way if her
anger falls, if it stays where it rose before, or if she was calm (0) and stays so; staying where it stayed before is no
success.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from _table import machine, share

from voicesim.call.agents import AVERAGE, POOR, Profile, agent_record
from voicesim.call.retry import attempted, context_at, since
from voicesim.call.text import typed_reply
from voicesim.model import CallRecord, Moment
from voicesim.script.model import Script
from voicesim.wiring.engines import understood
from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.library import read_script, script_files

CALLS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """One turn answered again: what anger did the first time, and with the advice."""

    script: str
    advice: str
    better: str
    before: int
    first: int
    now: int

    @property
    def right(self) -> bool:
        """Whether the advice moved the caller the right way."""
        return self.now < 0 or (self.now == 0 and (self.first > 0 or self.before == 0))


def again(script: Script, record: CallRecord) -> Again | None:
    """The worst turn of a judged call with the reply that its feedback proposes; None if it proposes none."""
    step = _worst(record)
    if step is None or step.turn is None or step.better is None:
        return None
    point = since(script, record, step.turn)
    context = context_at(script, point)
    tried = attempted(script, point, typed_reply(step.better, context, understood))
    turn = record.turns[step.turn - 1]
    return Again(
        script=script.id,
        advice=step.id,
        better=step.better,
        before=turn.before.anger,
        first=turn.after.anger - turn.before.anger,
        now=tried.after.anger - tried.before.anger,
    )


def _worst(record: CallRecord) -> Moment | None:
    steps = record.feedback.next_steps if record.feedback else ()
    return next((s for s in steps if s.better and s.turn and record.turns[s.turn - 1].reply), None)


def calls(script: Script, profiles: Sequence[Profile], count: int) -> Iterator[Again]:
    """The worst turns of ``count`` calls with each of the agents."""
    for profile in profiles:
        for seed in range(1, count + 1):
            record = with_feedback(agent_record(script, profile, understood, seed=seed), script)
            if found := again(script, record):
                yield found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=CALLS, help="calls with each script and agent")
    parser.add_argument("--script", help="only this one")
    parser.add_argument("--misses", action="store_true", help="show the advices that did not help")
    options = parser.parse_args(arguments)
    print(machine())
    every: list[Again] = []
    for path in script_files():
        script = read_script(path)
        if options.script in (None, script.id):
            found = list(calls(script, (AVERAGE, POOR), options.calls))
            every += found
            print(share(script.id, sum(one.right for one in found), len(found)), flush=True)
            for one in found if options.misses else ():
                if not one.right:
                    print(f"    {one.advice}, anger {one.before}, {one.first:+} -> {one.now:+}: {one.better}")
    print(share("the advice moves her the right way (goal 90 %)", sum(one.right for one in every), len(every)))


if __name__ == "__main__":
    main()
