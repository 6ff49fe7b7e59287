"""The takes of one script on disk: every one is kept, ``takes.json`` names the chosen ones, nothing goes silently.

::

    <data>/audio/<script id>/<line id>/<n>.flac      a take, written whole before takes.json names it
    <data>/audio/<script id>/takes.json              which is chosen, who spoke, who agreed
    <data>/audio/<script id>/.takes.json             the same again: a broken takes.json is put together from it
    <data>/audio/.<script id>.lock                   held by the process that changes something

Reading changes nothing on the disk. A take whose process was killed before takes.json named it is found again.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from voicesim.errors import InputError, StorageError, UsageError
from voicesim.files import data_folder, make_folder, shipped, storage_errors, sync_folder, write_bytes, write_flac
from voicesim.locks import FileLock
from voicesim.model import Line, Samples
from voicesim.script.model import Script
from voicesim.studio.checks import TakeProblem
from voicesim.studio.consent import Speaker, speaker_name
from voicesim.studio.installing import finish_installs
from voicesim.studio.takes_file import LINE_ID, About, Taken, decode_taken, encode_taken, from_files, matched, storable

TAKES, COPY = "takes.json", ".takes.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTake:
    """One recording of a line: the ``n``-th, lying at ``path``.

    ``text`` is the line as it was, ``speaker`` who spoke; both are "" for a take of which only the file is left.
    ``checks`` is what was wrong with it, ``checked`` whether anybody looked.
    """

    line_id: str
    n: int
    path: Path
    text: str
    made_utc: str
    speaker: str
    checks: tuple[TakeProblem, ...] = field(default=())
    checked: bool
    chosen: bool


class Shelf:
    """The takes of one script in one folder.

    Used as a context (``with shelf:``) it keeps other processes from changing anything until the end; without, each
    change does so for its moment. ``notes`` are what a person should know of the state in which it was read last.
    """

    def __init__(self, folder: Path, script_id: str) -> None:
        self.folder = Path(folder)
        self.script_id = script_id
        self.notes: tuple[str, ...] = ()
        self._lock: FileLock | None = None
        self._entered = 0
        self._broken = False

    @classmethod
    def own(cls, script_id: str) -> Self:
        """One's own takes of a script: ``<data>/audio/<id>``."""
        finish_installs(data_folder())
        return cls(data_folder() / "audio" / script_id, script_id)

    # -- reading --

    def read(self) -> Taken:
        """All that is known of the takes that are there; the takes of a speaker who is just being removed are not.

        Raises UsageError for takes.json of a newer voicesim, StorageError if it cannot be read.
        """
        taken = self._whole()
        return taken.without(taken.spoken_by(taken.leaving)) if taken.leaving else taken

    def chosen(self) -> dict[str, Path]:
        """Line id -> file of its chosen take."""
        return {line_id: self._path(line_id, n) for line_id, n in sorted(self.read().chosen.items())}

    def takes(self, line_id: str) -> tuple[KeptTake, ...]:
        """Every take of a line, in the order they were made."""
        return tuple(take for take in self.every() if take.line_id == line_id)

    def every(self) -> tuple[KeptTake, ...]:
        """Every take of every line, by line id."""
        taken = self.read()
        return tuple(
            self._kept(taken, line_id, n) for line_id in sorted(taken.takes) for n in sorted(taken.takes[line_id])
        )

    def speakers(self) -> Mapping[str, Speaker]:
        """Who agreed, by name."""
        return self.read().speakers

    def orphans(self, script: Script) -> tuple[KeptTake, ...]:
        """Takes whose line is not in the script any more, since it was edited or removed."""
        known = {line.id for line in script.lines()}
        return tuple(take for take in self.every() if take.line_id not in known)

    def missing(self, script: Script) -> tuple[Line, ...]:
        """The lines of the script without a chosen take, each once."""
        chosen = self.read().chosen
        lines = {line.id: line for line in script.lines()}
        return tuple(line for line in lines.values() if line.id not in chosen)

    # -- changing --

    def add(
        self,
        line: Line,
        samples: Samples,
        rate_hz: int,
        *,
        speaker: str,
        made_utc: str,
        checks: tuple[TakeProblem, ...] = (),
    ) -> KeptTake:
        """The take, kept and chosen; ``checks`` is what is wrong with it.

        Raises InputError for samples or a name that cannot be used, StorageError for a full disk or a shelf that
        another process is changing.
        """
        if not LINE_ID.fullmatch(line.id):
            raise InputError(f"'{line.id}' is no id of a line")
        problems = tuple(storable(problem) for problem in checks)
        about = About(text=line.text, made_utc=made_utc, speaker=speaker_name(speaker), checks=problems)
        with self:
            taken = self._whole()
            n = 1 + max(taken.takes.get(line.id, {}), default=0)
            make_folder(self.folder / line.id, private=True)
            write_flac(self._path(line.id, n), samples, rate_hz, private=True)
            taken = taken.with_take(line.id, n, about).with_chosen(line.id, n)
            self._save(taken)
            return self._kept(taken, line.id, n)

    def choose(self, line_id: str, n: int | None) -> None:
        """Nothing; afterwards take ``n`` of the line is the chosen one, or none is. Raises UsageError if it is not."""
        with self:
            taken = self.read()
            numbers = taken.takes.get(line_id, {})
            if n is not None and n not in numbers:
                known = f"It has: {', '.join(map(str, sorted(numbers)))}." if numbers else "It has none."
                raise UsageError(f"the line {line_id} has no take {n}", mend=known)
            if taken.chosen.get(line_id) != n:
                self._save(self._whole().with_chosen(line_id, n))

    def undo(self) -> KeptTake | None:
        """The take that the last :meth:`add` or :meth:`choose` chose, which is not chosen any more, but still there.

        If that step chose no take, the one that is chosen again; None if there is nothing to take back.
        """
        with self:
            taken = self._whole()
            if not taken.steps:
                return None
            step, taken = taken.steps[-1], taken.undone()
            self._save(taken)
            n = step.before if step.after is None else step.after
            there = n is not None and n in taken.takes.get(step.line, {})
            return self._kept(taken, step.line, n) if n is not None and there else None

    def agree(self, speaker: Speaker) -> None:
        """Nothing; afterwards it is kept that the speaker agreed."""
        with self:
            taken = self._whole()
            self._save(replace(taken, speakers={**taken.speakers, speaker.name: speaker}))

    def withdraw(self, name: str) -> int:
        """How many takes of a speaker were there; they and the agreement are gone, and cannot be brought back.

        Raises UsageError for somebody who is not known here.
        """
        with self:
            taken = self._whole()
            gone = taken.spoken_by([name])
            if not gone and name not in taken.speakers:
                known = sorted({*taken.speakers, *(a.speaker for k in taken.takes.values() for a in k.values())} - {""})
                who = f"Speakers are: {', '.join(known)}." if known else "Nobody has spoken any."
                raise UsageError(f"no takes here are by '{name}'", where=self.script_id, mend=who)
            # From here on nothing uses them; should this end here, the next change deletes them.
            chosen = {line: n for line, n in taken.chosen.items() if (line, n) not in gone}
            self._save(replace(taken, chosen=chosen, leaving=(*taken.leaving, name)))
            self._see_off()
        return len(gone)

    def save(self, taken: Taken) -> None:
        """Nothing; afterwards ``taken`` is what takes.json says."""
        with self:
            self._save(taken)

    # -- one process at a time --

    def __enter__(self) -> Self:
        """Keep others from changing anything; raises StorageError if another process does just that."""
        if not self._entered:
            make_folder(self.folder.parent, private=True)
            taken = StorageError(
                "another voicesim is just changing these takes",
                where=str(self.folder),
                mend="End it first, or wait for it.",
            )
            self._lock = FileLock(self.folder.parent / f".{self.folder.name}.lock", taken=taken)
        self._entered += 1
        if self._entered == 1:
            try:
                self._tidy()
            except BaseException:
                self.__exit__(None, None, None)
                raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._entered -= 1
        if not self._entered and self._lock is not None:
            self._lock.release()
            self._lock = None

    def _tidy(self) -> None:
        """Finish what a killed process had begun to write or to delete."""
        with storage_errors(self.folder, "tidied"):
            for left in (*self.folder.glob(".voicesim-*.tmp"), *self.folder.glob("*/.voicesim-*.tmp")):
                left.unlink(missing_ok=True)
        if self._whole().leaving:
            self._see_off()

    def _see_off(self) -> None:
        """Delete the takes of speakers who are leaving, then what is known of them."""
        taken = self._whole()
        gone = taken.spoken_by(taken.leaving)
        with storage_errors(self.folder, "deleted"):
            for line_id, n in sorted(gone):
                self._path(line_id, n).unlink(missing_ok=True)
                sync_folder(self.folder / line_id)
                if not any((self.folder / line_id).iterdir()):
                    (self.folder / line_id).rmdir()
            # Copies of a broken takes.json name everybody.
            for broken in self.folder.glob("takes.broken-*.json"):
                broken.unlink(missing_ok=True)
        speakers = {name: speaker for name, speaker in taken.speakers.items() if name not in taken.leaving}
        self._save(replace(taken.without(gone), speakers=speakers, leaving=()))

    # -- files --

    def _whole(self) -> Taken:
        """What takes.json says, brought together with the files; ``leaving`` ones are in it."""
        there = dict(self._files())
        taken, note = self._told(there)
        found = matched(taken, there)
        lost = sum(n not in there.get(line, ()) for line, kept in taken.takes.items() for n in kept)
        # A speaker who is leaving takes files along: those are not lost.
        many = "1 take that takes.json names is" if lost == 1 else f"{lost} takes that takes.json names are"
        gone = f"{self.folder}: {many} not there any more." if lost and not taken.leaving else ""
        self._broken = bool(note)
        self.notes = tuple(text for text in (note, gone) if text)
        return found

    def _told(self, there: Mapping[str, tuple[int, ...]]) -> tuple[Taken, str]:
        """What takes.json or its copy says, or else the files; and a note if it was not takes.json."""
        why = "is broken"
        for name in (TAKES, COPY):
            path = self.folder / name
            try:
                with storage_errors(path, "read"):
                    content = path.read_bytes() if path.is_file() else None
                if content is None:
                    why = "is not there" if name == TAKES else why
                    continue
                taken = decode_taken(content, self.script_id, str(path))
            except UsageError:
                raise
            except InputError:
                continue
            return taken, "" if name == TAKES else f"{self.folder / TAKES} {why}: put together again from its copy."
        files = sum(map(len, there.values()))
        if not files:
            return Taken(), f"{self.folder / TAKES} {why}, and no takes are there." if why == "is broken" else ""
        lost = "who agreed has to be asked again"
        return from_files(there), f"{self.folder / TAKES} {why}: put together from the {files} takes there; {lost}."

    def _files(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Line id -> numbers of the takes that are there as plain files."""
        with storage_errors(self.folder, "read"):
            for folder in _plain_folders(self.folder):
                numbers = tuple(sorted(_numbers(folder)))
                if numbers and LINE_ID.fullmatch(folder.name):
                    yield folder.name, numbers

    def _save(self, taken: Taken) -> None:
        make_folder(self.folder, private=True)
        path = self.folder / TAKES
        if self._broken and path.exists():
            with storage_errors(path, "kept aside"):
                path.replace(self.folder / f"takes.broken-{secrets.token_hex(4)}.json")
        content = encode_taken(taken, self.script_id)
        # The copy first: nothing that was to be forgotten is left in it once takes.json says so.
        for written in (self.folder / COPY, path):
            write_bytes(written, content, private=True)
        self._broken = False

    def _path(self, line_id: str, n: int) -> Path:
        return self.folder / line_id / f"{n}.flac"

    def _kept(self, taken: Taken, line_id: str, n: int) -> KeptTake:
        about = taken.takes[line_id][n]
        return KeptTake(
            line_id=line_id,
            n=n,
            path=self._path(line_id, n),
            text=about.text,
            made_utc=about.made_utc,
            speaker=about.speaker,
            checks=about.checks or (),
            checked=about.checks is not None,
            chosen=taken.chosen.get(line_id) == n,
        )


def chosen_takes(script_id: str) -> dict[str, Path]:
    """Line id -> file of the chosen take of a script: one's own first, then the shipped ones."""
    return {**Shelf(shipped("audio") / script_id, script_id).chosen(), **Shelf.own(script_id).chosen()}


def _plain_folders(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))


def _numbers(folder: Path) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            number, dot, kind = entry.name.partition(".")
            plain = number.isascii() and number.isdigit() and number[0] != "0" and len(number) <= 6
            if plain and dot and kind == "flac" and entry.is_file(follow_symlinks=False):
                yield int(number)
