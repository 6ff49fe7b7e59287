"""The caller's lines as sound, ready before the call: chosen takes first, rendered lines second.

Every line is brought to the same loudness and goes over the same telephone line, so that takes, voices and personas
sit side by side. What gets in the way of a call, such as a crying baby, is put around the line that is ready. What was
made is kept by content: the key is a hash of everything that shapes the sound, so nothing ever has to be invalidated,
and two processes that make one line write the same file.
"""

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from voicesim import sound as sounds
from voicesim.backends.personas import find_persona
from voicesim.effects import EFFECTS
from voicesim.effects import RECIPE as EFFECTS_RECIPE
from voicesim.errors import InputError, MissingPart, SoundFileError, StorageError
from voicesim.files import make_folder, read_sound, write_flac
from voicesim.model import RATE_HZ, Samples, Sound
from voicesim.ports import Voice, VoiceStyle

#: Counts up whenever the way from text or take to sound changes; part of every key.
RECIPE = 2
#: Loudness of a calm line, and how much a line of full anger stands above it: plainly heard, yet not hurting in a
#: headset (our choice).
CALM_LUFS = -23.0
ANGER_LOUDER_DB = 4.0
#: Lines made at once: the analysis runs outside the interpreter's lock, so every core helps.
WORKERS = os.cpu_count() or 1

Phone = Literal["telephone", "clear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRequest:
    """One line as it shall sound.

    ``anger`` 0..1, ``speed`` 0.5..2 (1 is the persona's own), ``phone`` how it reaches the ear. ``take`` is a chosen
    recording, which replaces persona, anger's rendering and speed; ``anger`` still sets how loud it is played.
    ``effect`` is one of :data:`voicesim.effects.EFFECTS`.
    """

    text: str
    persona: str
    anger: float = 0.0
    speed: float = 1.0
    phone: Phone = "telephone"
    take: Path | None = None
    effect: str | None = None


class VoiceBank:
    """Lines as sound, made once and kept in the folder ``cache``.

    ``voices`` holds the engine of each persona (``{"hibari": HibariVoice(), "system": SystemVoice()}``); ``rate_hz``
    is the rate of all sound it gives, ``workers`` how many lines are made at once.
    """

    def __init__(
        self, *, cache: Path, voices: Mapping[str, Voice], rate_hz: int = RATE_HZ, workers: int = WORKERS
    ) -> None:
        self._cache = cache
        self._workers = workers
        self._voices = voices
        self._rate_hz = rate_hz

    def prepare(self, requests: Sequence[LineRequest], progress: Callable[[int, int], None] | None = None) -> None:
        """Nothing, after every request is in the cache; as many lines are made at a time as there are cores.

        ``progress`` is called in this thread with (done, all) lines, first with those that were there already. Raises
        what :meth:`sound` raises; lines that were made by then stay.
        """
        # Lines under an effect come last: they are made from the plain ones.
        wanted = sorted(dict.fromkeys(requests), key=lambda request: request.effect is not None)
        missing = [request for request in wanted if self._kept(self._path(request)) is None]
        tell = progress or (lambda done, of: None)
        tell(len(wanted) - len(missing), len(wanted))
        with ThreadPoolExecutor(self._workers) as pool:
            jobs = [pool.submit(self.sound, request) for request in missing]
            try:
                for done, job in enumerate(as_completed(jobs), start=len(wanted) - len(missing) + 1):
                    job.result()
                    tell(done, len(wanted))
            finally:
                pool.shutdown(cancel_futures=True)

    def sound(self, request: LineRequest) -> Samples:
        """The line as float32[n] at the bank's rate, from the cache if it is there and whole, else made now.

        Its loudness is -23 LUFS, plus up to 4 dB with anger, measured as it is heard: after the telephone line has cut
        the band, which costs a deep voice more than a high one; the same request gives the same samples on one machine.
        Raises UsageError for an unknown persona, InputError for a style out of range, SoundFileError for a bad take,
        MissingPart if the persona's engine is not there, and StorageError if the cache cannot be written.
        """
        path = self._path(request)
        kept = self._kept(path)
        if kept is not None:
            return kept
        made = self._made(request)
        make_folder(path.parent)
        write_flac(path, made, self._rate_hz)
        kept = self._kept(path)
        if kept is None:
            raise StorageError("a line was written but cannot be read back", where=str(path))
        return kept

    def _made(self, request: LineRequest) -> Samples:
        """The line, taken or rendered, at the bank's rate, loudness and line, under its effect."""
        if request.effect is not None:
            return self._under_effect(request, request.effect)
        source = self._rendered(request) if request.take is None else read_sound(request.take)[0]
        samples = sounds.resample(source.samples, source.rate_hz, self._rate_hz)
        target_lufs = CALM_LUFS + ANGER_LOUDER_DB * request.anger
        if request.phone == "telephone":
            samples = sounds.telephone(samples, self._rate_hz, noise_dbfs=-math.inf)
        matched = sounds.match_loudness(samples, self._rate_hz, target_lufs)
        if request.phone == "telephone":
            # Once more for the line's own noise, which must not be louder where the voice was raised.
            matched = sounds.telephone(matched, self._rate_hz)
        return sounds.fade(matched, self._rate_hz)

    def _under_effect(self, request: LineRequest, effect: str) -> Samples:
        """The plain line with what gets in its way; the same words always meet the same trouble."""
        plain = self.sound(replace(request, effect=None))
        seed = int.from_bytes(hashlib.sha256(request.text.encode()).digest()[:4], "big")
        return sounds.fade(EFFECTS[effect](plain, self._rate_hz, seed), self._rate_hz)

    def _rendered(self, request: LineRequest) -> Sound:
        style = VoiceStyle(persona=request.persona, anger=request.anger, speed=request.speed)
        return self._voice(request.persona).render(request.text, style)

    def _voice(self, persona: str) -> Voice:
        engine = find_persona(persona).engine
        if engine not in self._voices:
            raise MissingPart(f"the persona {persona} needs the voice {engine}, which is switched off")
        return self._voices[engine]

    def _path(self, request: LineRequest) -> Path:
        """Where the line is kept: named by the hash of everything that shapes it."""
        if not 0.0 <= request.anger <= 1.0:
            raise InputError(f"anger {request.anger} of a line is outside 0..1")
        if request.effect is not None and request.effect not in EFFECTS:
            raise InputError(f"a line has the effect '{request.effect}'", mend=f"Known are {', '.join(EFFECTS)}.")
        parts: dict[str, object] = {"recipe": RECIPE, "rate_hz": self._rate_hz, "phone": request.phone}
        parts["anger"] = float(request.anger)
        if request.take is None:
            persona = {k: v for k, v in asdict(find_persona(request.persona)).items() if k not in ("sentence", "age")}
            parts |= {"voice": self._voice(request.persona).name, "persona": persona}
            parts |= {"text": request.text, "speed": float(request.speed)}
        else:
            parts["take"] = _digest_of(request.take)
        if request.effect is not None:
            parts |= {"effect": request.effect, "effects": EFFECTS_RECIPE, "words": request.text}
        key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
        return self._cache / "lines" / key[:2] / f"{key}.flac"

    def _kept(self, path: Path) -> Samples | None:
        """The sound of a file in the cache, None if there is none or it is damaged."""
        if not path.is_file():
            return None
        try:
            sound, _ = read_sound(path)
            told = path.read_bytes()[26:42]
        except (SoundFileError, OSError):
            return None
        whole = sound.rate_hz == self._rate_hz and told == _digest_inside(sound.samples)
        return sound.samples if whole else None


def _digest_of(take: Path) -> str:
    """The SHA-256 of a take's bytes; "" for one that cannot be read, which reading it will say better."""
    try:
        return hashlib.sha256(take.read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest_inside(samples: Samples) -> bytes:
    """What a FLAC file must hold as MD5 of its sound (bytes 26..41, RFC 9639): found bits may flip unnoticed."""
    pcm = np.round(samples * 32768.0).astype("<i2")
    return hashlib.md5(pcm.tobytes(), usedforsecurity=False).digest()
