"""How many calls ended how, and whether one kind of agent did better than another. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from voicesim.call.conduct import End
from voicesim.model import Ending

#: Standard errors by which a share must exceed another one: 95 % sure, one-sided.
SURE = 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of many calls: how many ended how, replies a call and anger (0..10) at the end, both as means."""

    calls: int
    endings: Mapping[Ending, int]
    mean_turns: float
    mean_anger: float

    @property
    def good_share(self) -> float:
        """The share (0..1) of calls with a good ending."""
        return sum(count for ending, count in self.endings.items() if ending.good) / self.calls


def tally(ends: Iterable[End]) -> Tally:
    """The tally of one call or more."""
    all_ends = tuple(ends)
    count = len(all_ends)
    found = Counter(end.ending for end in all_ends)
    return Tally(
        calls=count,
        endings={ending: found[ending] for ending in Ending if found[ending]},
        mean_turns=sum(end.state.turn for end in all_ends) / count,
        mean_anger=sum(end.state.anger for end in all_ends) / count,
    )


def beats(better: Tally, worse: Tally) -> bool:
    """Whether the first has the larger share of good endings, beyond 95 % doubt (one-sided test of two shares).

    >>> few, many = (Tally(calls=20, endings={Ending.RESOLVED: n}, mean_turns=1, mean_anger=1) for n in (8, 15))
    >>> beats(many, few), beats(few, many), beats(many, many)
    (True, False, False)
    """
    all_calls = better.calls + worse.calls
    together = (better.good_share * better.calls + worse.good_share * worse.calls) / all_calls
    error = sqrt(together * (1 - together) * (1 / better.calls + 1 / worse.calls))
    return better.good_share - worse.good_share > SURE * error
