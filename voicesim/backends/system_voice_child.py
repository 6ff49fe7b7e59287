"""One text spoken into one file by pyttsx3: the program that ``system_voice`` runs as a child process.

Reads a job as JSON from standard input, writes ``{"voice": id}``, ``{"failed": why}`` or ``{"missing": why}`` to
standard output. It imports nothing of voicesim, so that it starts fast and runs from any place.
"""

import contextlib
import ctypes
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

#: The female variant of eSpeak NG that a recognizer understands best, and that speaks the same samples each time (f2,
#: f3 and f5 do not): docs/voices.md.
_ESPEAK_FEMALE = "+steph"
#: What eSpeak NG is asked for; it comes to about 190 words a minute, the pace of the other personas. pyttsx3 asks for
#: 200, which comes to 240.
_ESPEAK_WORDS_A_MINUTE = 150


def preload_espeak() -> None:
    """Bring in eSpeak NG from the package espeakng-loader, if it is installed, before pyttsx3 looks for it."""
    try:
        import espeakng_loader
    except ImportError:
        return
    with contextlib.suppress(OSError, RuntimeError):  # then the system's own library is tried
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        os.environ.setdefault("ESPEAK_DATA_PATH", espeakng_loader.get_data_path())


def choose_voice(voices: Sequence[Any], language: str, sex: str) -> str | None:
    """The id of the voice that fits best: the exact language before its family, then the sex; None if no language fits.

    eSpeak NG has male voices only and makes them female by a variant, named after a plus sign.
    """
    wanted = language.lower().replace("_", "-")
    family = wanted.split("-")[0]
    ranked = []
    for place, voice in enumerate(voices):
        tags = language_tags(voice)
        if family in {tag.split("-")[0] for tag in tags}:
            ranked.append((wanted not in tags, not is_sex(voice, sex), place, str(voice.id)))
    return min(ranked)[-1] if ranked else None


def language_tags(voice: Any) -> set[str]:
    """What a voice says of its languages, as tags like ``en-us``; SAPI5 names them in its id only."""
    told = [tag.decode(errors="ignore") if isinstance(tag, bytes) else str(tag) for tag in voice.languages or ()]
    tags = {tag.strip("\x00\x01\x02\x03\x04\x05").lower().replace("_", "-") for tag in told}
    if not tags and "_" in str(voice.id):
        parts = str(voice.id).rsplit("\\", maxsplit=1)[-1].lower().split("_")
        tags = {part for part in parts if len(part) == len("en-us") and part[2] == "-"}
    return tags


def is_sex(voice: Any, sex: str) -> bool:
    """Whether a voice says that it is ``female`` or ``male``."""
    told = str(voice.gender or "").lower().removeprefix("voicegender")
    return told == sex or (told == "neuter" and sex == "male")


def speak(job: dict[str, Any]) -> dict[str, str]:
    """Speak the job's text into its file and tell what happened."""
    preload_espeak()
    try:
        import pyttsx3

        engine = pyttsx3.init()
        voices = engine.getProperty("voices")
    except Exception as error:  # noqa: BLE001 - every engine fails in its own way; the parent names the mend
        return {"missing": f"pyttsx3 has no engine here ({type(error).__name__}: {error})"}
    voice = choose_voice(voices, job["language"], job["sex"])
    if voice is None:
        return {"missing": f"no voice of this system speaks {job['language']}"}
    if engine.driver_name == "espeak" and job["sex"] == "female":
        voice += _ESPEAK_FEMALE
    try:
        engine.setProperty("voice", voice)
        if engine.driver_name == "espeak":
            engine.setProperty("rate", _ESPEAK_WORDS_A_MINUTE)
        engine.save_to_file(job["text"], job["path"])
        engine.runAndWait()
        if engine.driver_name == "espeak":
            _finish_espeak()
            if engine.getProperty("rate") != _ESPEAK_WORDS_A_MINUTE:
                return {"failed": "the library lost its speed"}
    except Exception as error:  # noqa: BLE001 - as above
        return {"failed": f"{type(error).__name__} in its engine"}
    return {"voice": voice}


def _finish_espeak() -> None:
    """Wait until eSpeak has written all: on a busy machine pyttsx3 is back before that, and the sound would be lost."""
    from pyttsx3.drivers import _espeak

    _espeak.Synchronize()


def main() -> None:
    """Do the one job; what libraries print goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        answer = speak(json.loads(sys.stdin.buffer.read()))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
