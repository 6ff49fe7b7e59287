"""What was practised in a drill, as the log keeps it: a value that the coach reads and the store writes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Practised:
    """One run of a drill: ``right`` of ``items``, when it began (ISO 8601 with a time zone) and how long it took."""

    at_utc: str
    drill: str
    items: int
    right: int
    seconds: float

    @property
    def at(self) -> datetime:
        """When it began, with its time zone."""
        return datetime.fromisoformat(self.at_utc)

    @property
    def share(self) -> float:
        """How much of it was right, 0..1; 0 for a run without items."""
        return self.right / self.items if self.items else 0.0
