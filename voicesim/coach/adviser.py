"""Better replies for the turns of one call: what the bank gives, for the moment as the record has it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voicesim.coach.bank import Bank, Better, Situation, better_for
from voicesim.coach.evidence import agreed
from voicesim.model import CallRecord, Phase, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """A bank of better replies, and what the script of a call tells about every moment of it."""

    bank: Bank
    known: Situation

    def better(
        self, advice_id: str, record: CallRecord, number: int | None, taken: Iterable[str] = ()
    ) -> Better | None:
        """A reply to try instead of that of turn ``number`` (from 1; None: of the call), none of ``taken`` if possible.

        None if the bank has nothing that fits. Raises InputError for an id without advice.
        """
        return better_for(self.bank, advice_id, self.situation(record, number, tuple(taken)))

    def situation(self, record: CallRecord, number: int | None, taken: tuple[str, ...] = ()) -> Situation:
        """The moment of that turn: what was said up to it, and what the trainee has done by then."""
        turns = record.turns if number is None else record.turns[:number]
        lines = tuple(turn.line.text for turn in turns)
        here = turns[-1] if turns and number is not None else None
        return replace(
            self.known,
            phase=here.phase if here else Phase.SOLVE,
            turn=len(turns),
            anger=here.before.anger if here else None,
            line=lines[-1] if lines else None,
            heard=lines[:-1],
            already=frozenset(finding.id for turn in turns if turn.reply for finding in agreed(turn.reply)),
            offered=_offered(turns if here is None else turns[:-1]),
            taken=taken,
        )


def _offered(turns: tuple[Turn, ...]) -> frozenset[str]:
    """What was offered in replies before the one that is to be better."""
    return frozenset(key for turn in turns if turn.reply for key in turn.reply.offers)
