"""What a script was found to be worth: every ending can be reached, and the better agent does better. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from voicesim.call.random_calls import RandomCalls
from voicesim.call.tally import Tally, beats


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Random calls of one script, and the tallies of its agents by name, best agent first."""

    script: str
    random: RandomCalls
    agents: Mapping[str, Tally]

    @property
    def faults(self) -> tuple[str, ...]:
        """What must be mended, a line for each fault."""
        return tuple(self._faults())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth a look: steps and rules that no random call came to."""
        calls, found = f"in {self.random.tally.calls} random calls", []
        if self.random.steps:
            found.append(f"{self.script}: never reached {calls}: {_listed('step', self.random.steps)}")
        if self.random.rules:
            found.append(f"{self.script}: never matched {calls}: {_listed('rule in line', self.random.rules)}")
        return tuple(found)

    def _faults(self) -> Iterator[str]:
        for ending in self.random.endings:
            yield f"{self.script}: the ending '{ending}' was never reached in {self.random.tally.calls} random calls"
        for (name, better), (other, worse) in pairwise(self.agents.items()):
            if not beats(better, worse):
                yield (
                    f"{self.script}: the {name} agent does not beat the {other} one: good endings in "
                    f"{better.good_share:.0%} and {worse.good_share:.0%} of {better.calls} calls each"
                )


def _listed(what: str, items: tuple[object, ...]) -> str:
    first, _, rest = what.partition(" ")
    plural = f"{first}s {rest.replace('line', 'lines')}".rstrip() if len(items) > 1 else what
    return f"{plural} {', '.join(map(str, items))}"
