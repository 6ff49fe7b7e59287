"""What of the attempts at a call's turns is handed on: nothing, unless sound is chosen; then as the call itself is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from voicesim.files import make_folder, write_bytes
from voicesim.model import CallRecord, Turn
from voicesim.store.attempts import ATTEMPTS, Attempt, add_attempt_as_is, attempt_files, attempts_of
from voicesim.store.sharing import Part, shared_record


def shared_attempts(
    record: CallRecord, attempts: Sequence[Attempt], parts: frozenset[Part] = frozenset()
) -> tuple[Attempt, ...]:
    """The attempts as they are handed on beside ``record``, without what is left out of it; none without sound."""
    return tuple(_shared(record, attempt, parts) for attempt in attempts) if Part.SOUND in parts else ()


def share_attempts(record: CallRecord, folder: Path, out: Path, parts: frozenset[Part]) -> tuple[Path, ...]:
    """The files of attempts that were written into ``out``, with their sound. Raises StorageError, InputError."""
    before = attempt_files(out)
    for attempt in shared_attempts(record, attempts_of(folder), parts):
        make_folder(out / ATTEMPTS)
        if attempt.sound is not None and (folder / attempt.sound).is_file():
            write_bytes(out / attempt.sound, (folder / attempt.sound).read_bytes())
        add_attempt_as_is(out, attempt)
    return tuple(path for path in attempt_files(out) if path not in before)


def _shared(record: CallRecord, attempt: Attempt, parts: frozenset[Part]) -> Attempt:
    """The attempt, gone through what a call goes through that is handed on."""
    turn = Turn(
        line=attempt.line,
        reply=attempt.reply,
        before=attempt.before,
        after=attempt.after,
        influences=attempt.influences,
        phase=attempt.before.phase,
    )
    first, *on = shared_record(replace(record, turns=(turn, *attempt.on), feedback=None), parts).turns
    return replace(
        attempt,
        line=first.line,
        reply=first.reply or attempt.reply,
        before=first.before,
        after=first.after,
        influences=first.influences,
        on=tuple(on),
    )
