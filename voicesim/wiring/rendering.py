"""Lines of a script rendered in bulk: into the cache, or as files."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicesim.model import Sound
from voicesim.wiring.engines import ANGER_OF_MOOD

if TYPE_CHECKING:
    from voicesim.backends.voicebank import LineRequest, VoiceBank
    from voicesim.model import Line
    from voicesim.ports import Voice, VoiceStyle
    from voicesim.script.model import Script


class Counted:
    """A voice that counts the seconds of speech it makes."""

    def __init__(self, voice: "Voice") -> None:
        self._voice = voice
        self._lock = threading.Lock()
        self.made_s = 0.0

    @property
    def name(self) -> str:
        """Engine and version, as the voice itself says."""
        return self._voice.name

    def render(self, text: str, style: "VoiceStyle") -> Sound:
        """What the voice renders."""
        made = self._voice.render(text, style)
        with self._lock:
            self.made_s += made.duration_s
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What was rendered: ``lines`` in all, those ``there`` already, seconds of all and of those that were made now."""

    lines: int
    there: int
    sound_s: float
    made_s: float
    took_s: float

    def told(self) -> str:
        """All of it in one line."""
        lines = "1 line" if self.lines == 1 else f"{self.lines} lines"
        told = f"{lines}, {self.there} of them there already: {self.sound_s:.0f} s of sound."
        if self.there == self.lines or not self.took_s:
            return told
        fast = self.made_s / self.took_s
        return f"{told} {self.made_s:.0f} s were rendered in {self.took_s:.1f} s, {fast:.1f} times as fast as spoken."


def render_lines(
    script: "Script",
    lines: "Sequence[Line]",
    voices: Sequence[str],
    out: Path | None,
    tell: "Callable[[int, int], None]",
) -> Rendered:
    """What rendering did: afterwards every line is in the cache in each of ``voices``, and in ``out`` if that is named.

    ``tell`` is told (done, all) as it goes. Files are ``LINE.flac``, with several voices ``VOICE/LINE.flac``. Raises
    UsageError for an unknown persona, MissingPart without its engine, StorageError.
    """
    from voicesim.backends.hibari_voice import HibariVoice
    from voicesim.backends.personas import find_persona
    from voicesim.backends.system_voice import SystemVoice
    from voicesim.backends.voicebank import VoiceBank
    from voicesim.files import cache_folder

    needed = sorted({find_persona(voice).engine for voice in voices})
    engines: dict[str, Voice] = {}
    counted = [Counted(SystemVoice() if name == "system" else HibariVoice()) for name in needed]
    engines.update(zip(needed, counted, strict=True))
    bank = VoiceBank(cache=cache_folder(), voices=engines)
    requests = {(voice, line.id): _request(script, line, voice) for voice in voices for line in lines}
    there: list[int] = []
    began_s = time.monotonic()

    def told(done: int, of: int) -> None:
        there.append(done)
        tell(done, of)

    bank.prepare(list(requests.values()), told)
    took_s = time.monotonic() - began_s
    sound_s = sum(_used(bank, request, _file(out, voice, line, voices)) for (voice, line), request in requests.items())
    made_s = sum(engine.made_s for engine in counted)
    several = len(set(requests.values()))
    return Rendered(lines=several, there=there[0], sound_s=sound_s, made_s=made_s, took_s=took_s)


def _request(script: "Script", line: "Line", voice: str) -> "LineRequest":
    from voicesim.backends.voicebank import LineRequest

    return LineRequest(
        text=line.text,
        persona=voice,
        anger=ANGER_OF_MOOD[line.mood],
        speed=script.caller.speed,
        phone="clear" if script.caller.phone == "clear" else "telephone",
    )


def _file(out: Path | None, voice: str, line_id: str, voices: Sequence[str]) -> Path | None:
    if out is None:
        return None
    return (out / voice if len(voices) > 1 else out) / f"{line_id}.flac"


def _used(bank: "VoiceBank", request: "LineRequest", file: Path | None) -> float:
    """Seconds of a line that is in the cache; it is written to ``file`` if there is one."""
    from voicesim.files import make_folder, write_flac
    from voicesim.model import RATE_HZ

    samples = bank.sound(request)
    if file is not None:
        make_folder(file.parent)
        write_flac(file, samples)
    return len(samples) / RATE_HZ
