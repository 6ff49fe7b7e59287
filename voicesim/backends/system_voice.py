"""The voices of the system by pyttsx3: SAPI5 on Windows, NSSpeech on macOS, eSpeak NG elsewhere.

One text a child process, with a time limit. In one process the library loses settings between texts, writes only the
last of several files, crashes with two threads and says nothing when it fails, so what it wrote is looked at. The child
sets the pace of eSpeak NG alone and looks at it afterwards, since even that is lost now and then (1 of 420 texts on a
busy machine, which was noticed and spoken again; the others were the same to the sample). The speed of a style is done
afterwards, with the persona.
"""

import json
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from voicesim.backends.personas import find_persona, in_persona
from voicesim.errors import InputError, MissingPart
from voicesim.model import Samples, Sound
from voicesim.ports import VoiceStyle

_CHILD = Path(__file__).with_name("system_voice_child.py")
_ENGINES = {"win32": "sapi5", "darwin": "nsss"}
#: Counts up when the child makes an engine speak otherwise, so that no cached line stays as it was.
_MANNER = 2
#: Characters of text to a second of speech: 15 is usual, outside this range the engine failed.
_CHARACTERS_PER_S = (4.0, 45.0)
_SHORT_TEXT = 12
_MEND = "Run: pip install 'voicesim[system-voice]', or on Debian: apt-get install espeak-ng"


class SystemVoice:
    """A voice that speaks in the system's own male and female voices of one language.

    ``language`` is a tag like ``en-us`` or ``ko``; ``timeout_s`` bounds one child process, ``tries`` how often a text
    is tried when the sound that came back cannot be right.
    """

    def __init__(self, *, language: str = "en-us", timeout_s: float = 30.0, tries: int = 3) -> None:
        self._language = language
        self._timeout_s = timeout_s
        self._tries = tries

    @property
    def name(self) -> str:
        """Library, engine, versions, manner and language, part of the cache key; MissingPart without pyttsx3."""
        try:
            parts = ["pyttsx3", version("pyttsx3"), _ENGINES.get(sys.platform, "espeak")]
        except PackageNotFoundError as error:
            raise MissingPart("the library pyttsx3 is not installed", mend="Run: pip install pyttsx3") from error
        if find_spec("espeakng_loader"):
            parts += ["espeakng-loader", version("espeakng-loader")]
        return " ".join([*parts, f"manner {_MANNER}", self._language])

    def render(self, text: str, style: VoiceStyle) -> Sound:
        """The text as sound at the engine's own rate, equal for equal text and style as far as the engine is.

        Raises InputError for a text without words or a style out of range, UsageError for an unknown persona,
        MissingPart when there is no engine, no voice of the language, or no usable sound after all tries.
        """
        persona = find_persona(style.persona)
        if not any(character.isalnum() for character in text):
            raise InputError("a line without a word cannot be spoken")
        spoken = self._speak(text, persona.sex)
        return Sound(samples=in_persona(spoken.samples, spoken.rate_hz, style), rate_hz=spoken.rate_hz)

    def _speak(self, text: str, sex: str) -> Sound:
        """The first plausible sound that a child made of the text."""
        fault = ""
        for _ in range(self._tries):
            with tempfile.TemporaryDirectory(prefix="voicesim-") as folder:
                path = Path(folder) / "line.wav"
                fault = self._run({"text": text, "path": str(path), "language": self._language, "sex": sex})
                sound = _written(path) if not fault else None
            if sound is not None and plausible(sound, text):
                return sound
            fault = fault or "it wrote no usable sound"
        what = f"the system's voice failed {self._tries} times on a line of {len(text)} characters: {fault}"
        raise MissingPart(what, mend=_MEND)

    def _run(self, job: dict[str, str]) -> str:
        """Why the child failed, "" if it says that all is well; MissingPart if trying again is no use."""
        try:
            done = subprocess.run(
                [sys.executable, "-P", str(_CHILD)],
                input=json.dumps(job),
                capture_output=True,
                encoding="utf-8",
                timeout=self._timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {self._timeout_s:g} s"
        try:
            answer: dict[str, str] = json.loads(done.stdout)
        except ValueError:
            return f"its process ended with code {done.returncode}"
        if "missing" in answer:
            raise MissingPart(f"no system voice can be used: {answer['missing']}", mend=_MEND)
        return answer.get("failed", "")


def plausible(sound: Sound, text: str) -> bool:
    """Whether the sound can be the text at all: not silent, neither far too short nor far too long for it."""
    characters = max(len(text), _SHORT_TEXT)
    if not np.abs(sound.samples).max(initial=0.0) > 0.01:
        return False
    least, most = characters / _CHARACTERS_PER_S[1], characters / _CHARACTERS_PER_S[0]
    return (least if len(text) >= _SHORT_TEXT else 0.0) <= sound.duration_s <= most + 1.0


def _written(path: Path) -> Sound | None:
    """The file the child wrote (WAV, or AIFF on macOS), None if it is not there or not sound."""
    import soundfile

    try:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError):
        return None
    mono: Samples = samples.mean(axis=1, dtype=np.float32)
    return Sound(samples=mono, rate_hz=int(rate_hz))
