"""Draws that depend on nothing but their key: the same key gives the same draws on every machine. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Chance:
    """Draws from the hash of a key and of how many draws were made before."""

    def __init__(self, *key: object) -> None:
        self._key = "/".join(map(str, key))
        self._drawn = 0

    def share(self) -> float:
        """A number from 0 to below 1, each one equally likely.

        >>> chance = Chance("seed", 1)
        >>> [round(chance.share(), 3) for _ in range(3)] == [round(Chance("seed", 1).share(), 3)] * 3
        False
        """
        self._drawn += 1
        digest = hashlib.blake2b(f"{self._key}#{self._drawn}".encode(), digest_size=7).digest()
        return int.from_bytes(digest, "big") / 2**56

    def happens(self, share: float) -> bool:
        """Whether something happens that has this share of cases (0..1)."""
        return self.share() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self.share() * (high - low + 1))

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options, each equally likely."""
        return options[int(self.share() * len(options))]

    def weighed(self, weights: Mapping[Option, float]) -> Option:
        """One of the keys, each as likely as its weight says."""
        left = self.share() * sum(weights.values())
        for option, weight in weights.items():
            left -= weight
            if left < 0:
                return option
        return option

    def some(self, weights: Mapping[Option, float], count: int) -> tuple[Option, ...]:
        """Up to ``count`` different keys, drawn one after the other by their weights."""
        left = dict(weights)
        found: list[Option] = []
        while left and len(found) < count:
            found.append(self.weighed(left))
            del left[found[-1]]
        return tuple(found)
