"""One long recording split into takes by the lines of a script: listened to, cut, kept with the checks of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicesim.backends.vad import speech_spans
from voicesim.errors import SoundFileError
from voicesim.files import read_sound
from voicesim.model import RATE_HZ, Line, Samples, Span, Transcript
from voicesim.sound import resample
from voicesim.studio.align import Placed, placed_takes
from voicesim.studio.shelf import KeptTake
from voicesim.wiring.listening import Listener
from voicesim.wiring.takes import Keeping

#: A recording may last two hours, and hold so many samples in all its channels: a small file can promise very many.
LONGEST_S = 7200
MOST_SAMPLES = 700_000_000
#: Is told (done, all) as work goes on; what it raises ends the work.
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording at 16 kHz, where in it the lines were found, and what a person should know of its file."""

    samples: Samples
    placed: Placed
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTake:
    """A take that is kept, and where in the recording it was."""

    line: Line
    span: Span
    take: KeptTake


def heard_recording(
    path: Path,
    lines: Sequence[Line],
    heard: Listener,
    tell: Tell,
    *,
    longest_s: int = LONGEST_S,
    most_samples: int = MOST_SAMPLES,
) -> Recording:
    """The lines in a recording; ``tell`` is told how many of its samples were listened to.

    Raises SoundFileError for a file that is no recording, is too long or holds too much, StorageError.
    """
    _check_size(path, most_samples)
    sound, notes = read_sound(path, longest_s=longest_s)
    samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
    speech = speech_spans(samples, heard.vad)
    every, done = sum(span.length for span in speech), 0

    def transcribed(part: Samples) -> Transcript:
        nonlocal done
        transcript = heard.recognized(part, (Span(start=0, end=len(part)),))
        done = min(every, done + len(part))
        tell(done, every)
        return transcript

    tell(0, every)
    return Recording(samples=samples, placed=placed_takes(samples, lines, transcribed, speech), notes=notes)


def keep_recording(recording: Recording, keeping: Keeping, tell: Tell) -> tuple[PlacedTake, ...]:
    """The last good take of each line that was found; earlier tries are on the shelf as well, and not chosen.

    Each is kept before ``tell`` is told (done, all). Raises StorageError.
    """
    placed = recording.placed
    every = (*placed.earlier, *placed.takes)
    kept: list[PlacedTake] = []
    for done, (line, span) in enumerate(every, start=1):
        take = keeping.keep(line, recording.samples[span.start : span.end])
        kept.append(PlacedTake(line=line, span=span, take=take))
        tell(done, len(every))
    return tuple(kept[len(placed.earlier) :])


def _check_size(path: Path, most_samples: int) -> None:
    """Raise SoundFileError for a file whose head promises more than is read; what is no sound is told by who reads."""
    soundfile = _soundfile()
    try:
        head = soundfile.info(str(path))
    except (soundfile.SoundFileError, TypeError, ValueError, OSError):
        return
    if head.frames * head.channels > most_samples:
        mend = "Save it as mono at 48000 Hz or less, in parts of an hour."
        raise SoundFileError("the recording holds too much sound", where=str(path), mend=mend)


def _soundfile() -> Any:
    import soundfile

    return soundfile
