"""Recorded replies made from text: a folder of sound files that stands in for a trainee at a headset.

The demo's trainee and the agents of the tests are made with it. To make the demo's replies again, in the root of a
checkout::

    python -c "from pathlib import Path; from voicesim.backends.replies_voice import read_replies, render_replies; \
        render_replies(read_replies(Path('audio/demo/replies.txt')), Path('audio/demo'))"
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from voicesim import sound as sounds
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import find_persona
from voicesim.backends.system_voice import SystemVoice
from voicesim.errors import InputError
from voicesim.files import make_folder, write_flac
from voicesim.model import FRAME, RATE_HZ, Samples
from voicesim.ports import Voice, VoiceStyle

#: Speech of a headset worn well: this is its level while somebody speaks.
SPEECH_DBFS = -26.0
#: A quiet room around it.
ROOM_DBFS = -60.0
#: A blank reply is this much of the room alone, long enough for the caller to notice.
SILENCE_S = 6.0
#: Somebody who knows what to say pauses this long between two sentences; the voice alone pauses up to 0.7 s.
PAUSE_S = 0.35
_LEAD_S = 0.1
_TAIL_S = 0.2
#: Above this frequency a room is quieter and quieter: fans and traffic, not hiss.
_ROOM_CORNER_HZ = 400.0


def read_replies(path: Path) -> tuple[str, ...]:
    """The replies of a text file, one a line; a blank line is a silent reply, ``#`` begins a comment line.

    Blank lines at the end are left out. Raises InputError for a file that is missing or not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("the replies cannot be read", where=str(path), mend="Give a UTF-8 text file.") from error
    return tuple(line.strip() for line in text.rstrip().splitlines() if not line.lstrip().startswith("#"))


def render_replies(
    replies: Sequence[str],
    folder: Path,
    *,
    persona: str = "young_man",
    anger: float = 0.0,
    speed: float = 1.0,
    seed: int = 0,
    voice: Voice | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Path, ...]:
    """The files ``01.flac``, ``02.flac`` .. that were written into ``folder``, one for each reply, 16 kHz mono.

    Speech at -26 dBFS begins 0.1 to 0.2 s into a file, over room noise of -60 dBFS that depends on ``seed`` and the
    reply's number; an empty reply is 6 s of that noise. ``anger`` 0..1 and ``speed`` 0.5..2 make a tense or hurried
    trainee, whose speech is up to 6 dB louder with anger. ``voice`` replaces the persona's own engine. The same
    arguments give the same files on one machine. Raises UsageError for an unknown persona, InputError for a style out
    of range, MissingPart without the engine, StorageError if the folder cannot be written.
    """
    speaker = voice or (HibariVoice() if find_persona(persona).engine == "hibari" else SystemVoice())
    style = VoiceStyle(persona=persona, anger=anger, speed=speed)
    digits = max(2, len(str(len(replies))))
    make_folder(folder)
    paths = []
    for number, text in enumerate(replies, start=1):
        path = folder / f"{number:0{digits}d}.flac"
        write_flac(path, _reply(speaker, text, style, (seed, number)), RATE_HZ)
        paths.append(path)
        if progress is not None:
            progress(number, len(replies))
    return tuple(paths)


def room_noise(length: int, seed: Sequence[int], level_dbfs: float = ROOM_DBFS) -> Samples:
    """Noise of a quiet room, float32[length] at 16 kHz and ``level_dbfs``, falling 6 dB an octave above 400 Hz."""
    if length == 0:
        return np.zeros(0, dtype=np.float32)
    white = np.fft.rfft(np.random.default_rng(list(seed)).standard_normal(length))
    frequency_hz = np.fft.rfftfreq(length, 1 / RATE_HZ)
    noise = np.fft.irfft(white / np.sqrt(1 + (frequency_hz / _ROOM_CORNER_HZ) ** 2), length)
    return np.asarray(noise * 10 ** (level_dbfs / 20) / np.sqrt(np.mean(noise**2)), dtype=np.float32)


def _reply(voice: Voice, text: str, style: VoiceStyle, seed: tuple[int, int]) -> Samples:
    """One reply as a headset would record it."""
    if not text:
        return room_noise(round(SILENCE_S * RATE_HZ), seed)
    spoken = voice.render(text, style)
    speech = fluent(sounds.resample(spoken.samples, spoken.rate_hz, RATE_HZ))
    gain_db = SPEECH_DBFS + 6.0 * style.anger - _speech_level_dbfs(speech)
    quiet = np.zeros(round(_LEAD_S * RATE_HZ), dtype=np.float32), np.zeros(round(_TAIL_S * RATE_HZ), dtype=np.float32)
    reply = np.concatenate([quiet[0], speech * np.float32(10 ** (gain_db / 20)), quiet[1]])
    return reply + room_noise(len(reply), seed)


def fluent(speech: Samples) -> Samples:
    """The speech, float32[n] at 16 kHz, with pauses of more than 0.35 s cut to that length.

    A pause is a stretch of 20 ms blocks 40 dB below the loudest one; it is cut in its middle, where it is quietest.
    """
    blocks = np.abs(speech[: len(speech) // FRAME * FRAME]).reshape(-1, FRAME).max(axis=1)
    loud = np.flatnonzero(blocks > blocks.max() * 0.01)
    longest = round(PAUSE_S * RATE_HZ / FRAME)
    kept, begin = [], 0
    for before, after in pairwise(loud):
        if after - before - 1 > longest:
            kept.append(speech[begin : (before + 1 + longest // 2) * FRAME])
            begin = int(after - (longest - longest // 2)) * FRAME
    return np.concatenate([*kept, speech[begin:]])


def _speech_level_dbfs(speech: Samples) -> float:
    """The level of the loud half of the 20 ms blocks, in which somebody surely speaks."""
    blocks = speech[: len(speech) // 320 * 320].reshape(-1, 320)
    power = np.sort(np.mean(np.square(blocks, dtype=np.float64), axis=1))[len(blocks) // 2 :]
    return float(10 * np.log10(power.mean()))
