"""Written replies as a recognizer hears them: spoken by personas that may be trainees, recognized by Whisper.

    python tests/benchmarks/_spoken.py FILE.tsv --cache FOLDER

fills the cache with the column ``text`` of the file, about 1.2 s of processor a reply, and prints the word error rate
of each voice against the written text, both in the normal form of voicesim.language.normal. It may be stopped at any
time and started again: every reply is in the cache as soon as it was heard. No other column is read.

Replies are spoken as they stand, in a quiet room at a headset's level. The row decides on the persona, text and persona
on everything else, so equal rows give equal transcripts on one machine. The cache knows the versions of voice and
recognizer, but no changes to the code of either: delete it after such.
"""

import argparse
import csv
import json
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _turn_sounds import in_room
from recognition import word_errors

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import Engine, find_persona
from voicesim.backends.replies_voice import fluent
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.cli.frame import progress_bar
from voicesim.errors import VoicesimError
from voicesim.files import make_folder
from voicesim.language.normal import normal
from voicesim.model import RATE_HZ, Samples, Span, Transcript, Word
from voicesim.ports import Voice, VoiceStyle
from voicesim.sound import resample

#: The engines in turn, and for each its personas in turn: of an age to be trainees, and always the same, so that tables
#: can be compared.
ENGINES: tuple[Engine, ...] = ("hibari", "system")
TRAINEES: Mapping[Engine, tuple[str, ...]] = {
    "hibari": ("woman", "man", "young_man"),
    "system": ("system_man", "system_woman"),
}
CACHE_FILE = "spoken.jsonl"
_DRAWS = 2000


class Key(NamedTuple):
    """What a transcript depends on; ``voice`` and ``recognizer`` are names with versions."""

    text: str
    persona: str
    voice: str
    recognizer: str


class Score(NamedTuple):
    """One spoken reply: who spoke, words written and word errors of the recognizer."""

    persona: str
    words: int
    errors: int


def recognized(
    replies: Sequence[str],
    *,
    cache: Path,
    personas: Sequence[str] | None = None,
    live: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Transcript]:
    """The final transcript of each reply, spoken by its persona; only what the cache lacks is spoken.

    ``personas`` are by default those of the rows (:func:`persona_of`). ``live`` gives the live transcript, which makes
    as many word errors at a third of the cost. ``cache`` is a folder, made if it is not there. ``progress`` is told
    (done, all) replies, first those of the cache.

    Raises InputError for a reply without a word, MissingPart without a voice or the recognizer, StorageError if the
    folder cannot be made.
    """
    path = make_folder(cache) / CACHE_FILE
    voices: dict[Engine, Voice] = {"hibari": HibariVoice(), "system": SystemVoice()}
    recognizer = WhisperRecognizer()
    heard_by = recognizer.capabilities.engine + (" live" if live else "")
    keys = [
        Key(text, persona, voices[find_persona(persona).engine].name, heard_by)
        for text, persona in zip(replies, personas or map(persona_of, range(len(replies))), strict=True)
    ]
    known = dict(_cached(path))
    missing = list(dict.fromkeys(key for key in keys if key not in known))
    tell, total = progress or (lambda done, of: None), len(set(keys))
    tell(total - len(missing), total)
    with path.open("ab") as file:
        # A line that was cut by a full disk ends here, so that the next one can be read.
        if missing and not _ends_whole(path):
            file.write(b"\n")
        for done, key in enumerate(missing, start=total - len(missing) + 1):
            hearing = recognizer.start(RATE_HZ)
            hearing.feed(_sound(key, voices[find_persona(key.persona).engine]))
            known[key] = hearing.so_far() if live else hearing.finish()
            file.write(_line(key, known[key]))
            file.flush()
            tell(done, total)
    return [known[key] for key in keys]


def persona_of(row: int) -> str:
    """Who speaks the reply of a row (from 0): the engines take turns, and the personas of an engine among themselves.

    >>> [persona_of(row) for row in range(6)]
    ['woman', 'system_man', 'man', 'system_woman', 'young_man', 'system_man']
    """
    personas = TRAINEES[ENGINES[row % len(ENGINES)]]
    return personas[row // len(ENGINES) % len(personas)]


def texts(path: Path) -> list[str]:
    """The column ``text`` of a TSV file with a header, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as rows:
        return [row["text"] or "" for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _sound(key: Key, voice: Voice) -> Samples:
    """The reply as a headset hears it: float32[n] at 16 kHz, with noise that depends on the text."""
    spoken = voice.render(key.text, VoiceStyle(persona=key.persona))
    speech = fluent(resample(spoken.samples, spoken.rate_hz, RATE_HZ))
    seed = (zlib.crc32(key.text.encode()),)
    return in_room(speech, name=key.text, kind="reply", speaker=key.persona, seed=seed).samples


def _line(key: Key, transcript: Transcript) -> bytes:
    """One line of the cache: the key, the text and each word as text, start, end (samples) and confidence."""
    words = [(word.text, word.span.start, word.span.end, word.confidence) for word in transcript.words]
    entry = {"key": key, "heard": transcript.text, "words": words}
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"


def _cached(path: Path) -> Iterator[tuple[Key, Transcript]]:
    """What the cache holds, but for lines that were cut."""
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        key = Key(*entry["key"])
        words = tuple(
            Word(text=text, span=Span(start=start, end=end), confidence=confidence)
            for text, start, end, confidence in entry["words"]
        )
        yield key, Transcript(words=words, text=entry["heard"], engine=key.recognizer)


def _ends_whole(path: Path) -> bool:
    """Whether the file ends with a whole line, as one without any does."""
    content = path.read_bytes()
    return not content or content.endswith(b"\n")


def scores(replies: Sequence[str], transcripts: Sequence[Transcript]) -> list[Score]:
    """Words and word errors of each reply, in normal form."""
    scored = []
    for row, (reply, transcript) in enumerate(zip(replies, transcripts, strict=True)):
        said, heard = normal(reply).split(), normal(transcript.text).split()
        scored.append(Score(persona_of(row), len(said), word_errors(said, heard)))
    return scored


def report(scored: Sequence[Score]) -> None:
    """Print the word error rate of each persona, each engine and all, with 95 % intervals by drawing replies."""
    groups = {name: [s for s in scored if s.persona == name] for engine in ENGINES for name in TRAINEES[engine]}
    groups |= {f"all {engine}": [s for s in scored if s.persona in TRAINEES[engine]] for engine in ENGINES}
    print(f"{'voice':14} {'n':>5} {'words':>6} {'WER %':>6} {'(95 %)':>12} {'no error':>9}")
    for name, group in (groups | {"all": list(scored)}).items():
        table = np.array([(s.errors, s.words) for s in group])
        if not table.sum():
            continue
        drawn = table[np.random.default_rng(0).integers(0, len(table), (_DRAWS, len(table)))].sum(axis=1)
        low, high = np.percentile(100 * drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
        errors, words = table.sum(axis=0)
        interval, exact = f"({low:.1f}-{high:.1f})", np.mean(table[:, 0] == 0)
        print(f"{name:14} {len(table):5d} {words:6d} {100 * errors / words:6.1f} {interval:>12} {exact:9.0%}")


def main() -> int:
    """0, or the exit code of what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="TSV file with a column named text")
    parser.add_argument("--cache", type=Path, required=True, help="folder of what was heard so far")
    parser.add_argument("--first", type=int, help="only so many replies")
    options = parser.parse_args()
    if not options.file.is_file():
        parser.error(f"there is no file {options.file}")
    replies = texts(options.file)[: options.first]
    try:
        with progress_bar("Speaking and recognizing") as tell:
            transcripts = recognized(replies, cache=options.cache, progress=tell)
    except VoicesimError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    report(scores(replies, transcripts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
