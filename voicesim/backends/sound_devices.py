"""The sound devices of this machine, found and opened through PortAudio (sounddevice)."""

import atexit
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from voicesim.errors import DeviceError, MissingPart
from voicesim.model import FRAME, RATE_HZ

#: Sound goes to and from a device in blocks of this length.
BLOCK_S = FRAME / RATE_HZ
#: How to practise when no device can be used; the end of a ``mend``.
WITHOUT = "practise without one: voicesim practice SCRIPT --replies FOLDER or --text FILE"
#: The open headsets of this process: while there is one, PortAudio cannot look for devices again.
open_headsets: set[int] = set()

_LIBRARY = "Run: apt-get install libportaudio2 (Debian, Ubuntu) or pip install sounddevice (macOS, Windows)"
_PLUG_IN = f"Plug in a headset, then run voicesim doctor; or {WITHOUT}"
# Opening takes a wireless headset a second or two.
_PATIENCE_S = 5.0
_Given = TypeVar("_Given")
_hanging: list[threading.Thread] = []
# PortAudio: paInvalidSampleRate and paInvalidChannelCount.
_REFUSED = (-9997, -9998)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """A sound device; its ``name`` or its ``index`` chooses it.

    ``inputs`` and ``outputs`` are the numbers of its channels, ``rate_hz`` is its own rate.
    """

    name: str
    index: int
    inputs: int
    outputs: int
    rate_hz: int
    default_input: bool
    default_output: bool


def list_devices() -> list[DeviceInfo]:
    """The sound devices there are now, newly plugged ones included; empty if there are none.

    While a headset is open, those from before it was opened. Raises MissingPart without the PortAudio library and
    DeviceError if the sound system does not answer.
    """
    sd = library()
    return in_time(lambda: _listed(sd))


def _listed(sd: Any) -> list[DeviceInfo]:
    look_again(sd)
    defaults = {kind: _default_index(sd, kind) for kind in ("input", "output")}
    return [
        DeviceInfo(
            name=device["name"],
            index=device["index"],
            inputs=device["max_input_channels"],
            outputs=device["max_output_channels"],
            rate_hz=round(device["default_samplerate"]),
            default_input=device["index"] == defaults["input"],
            default_output=device["index"] == defaults["output"],
        )
        for device in sd.query_devices()
    ]


def portaudio_version() -> str:
    """PortAudio's own name for its version (``"PortAudio V19.6.0-devel"``); MissingPart if it is not there."""
    text: str = library().get_portaudio_version()[1]
    return text.split(",", maxsplit=1)[0]


def library() -> Any:
    """The library, or MissingPart."""
    try:
        import sounddevice
    except ImportError as error:
        raise MissingPart("sounddevice is not installed", mend="Run: pip install sounddevice") from error
    except OSError as error:
        raise MissingPart(
            "the PortAudio library, which reaches the headset, is not installed", mend=_LIBRARY
        ) from error
    return sounddevice


def in_time(work: Callable[[], _Given], too_late: Callable[[_Given], object] = lambda _: None) -> _Given:
    """What ``work`` gives, if that takes no more than 5 s; later, ``too_late`` gets it.

    A sound server that hangs holds up whoever asks it anything for 30 s and more, so that is done on a thread of its
    own. Raises DeviceError when that is not done in time, and at once while an earlier one hangs.
    """
    _hanging[:] = [thread for thread in _hanging if thread.is_alive()]
    if _hanging:
        raise _no_answer()
    future: Future[_Given] = Future()
    thread = threading.Thread(target=_do, args=(work, future), name="headset-open", daemon=True)
    thread.start()
    try:
        return future.result(_PATIENCE_S)
    except TimeoutError as error:
        leave(thread)
        future.add_done_callback(lambda done: None if done.exception() else too_late(done.result()))
        raise _no_answer() from error


def _do(work: Callable[[], _Given], future: "Future[_Given]") -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
        future.set_exception(error)


def leave(thread: threading.Thread) -> None:
    """Wait no longer for a thread that hangs in PortAudio; until it is done no headset can be opened."""
    _hanging.append(thread)
    # sounddevice would end PortAudio when Python ends, and hang there.
    atexit.unregister(library()._exit_handler)


def _no_answer() -> DeviceError:
    mend = f"Wait a little, restart the sound server or the computer, or {WITHOUT}"
    return DeviceError("the sound system of this computer does not answer", mend=mend)


def look_again(sd: Any) -> None:
    """Have PortAudio find the devices there are now; not while a headset is open, which that would close."""
    if not open_headsets:
        sd._terminate()
        sd._initialize()


def _default_index(sd: Any, kind: str) -> int | None:
    """The index of the system's default device for ``"input"`` or ``"output"``, if there is one."""
    try:
        return int(sd.query_devices(kind=kind)["index"])
    except (sd.PortAudioError, ValueError):
        return None


def found(sd: Any, wanted: str | int | None, kind: str) -> dict[str, Any]:
    """The description of a device that can do ``kind``, or DeviceError."""
    part = "microphone" if kind == "input" else "headphones or loudspeaker"
    try:
        device: dict[str, Any] = sd.query_devices(wanted, kind)
    except (sd.PortAudioError, ValueError) as error:
        if wanted is None:
            raise DeviceError(f"no {part} was found", mend=_PLUG_IN) from error
        what = f"{wanted!r} names no {part}, or more than one"
        raise DeviceError(
            what, mend="voicesim doctor lists the devices; choose one by its full name or index."
        ) from error
    return device


def opened(sd: Any, stream: Any, device: dict[str, Any], *, latency: str | float, callback: Callable[..., None]) -> Any:
    """A stream of ``device`` at 16 kHz and mono, or at the device's own rate or in stereo if it refuses."""
    for rate_hz in (RATE_HZ, round(device["default_samplerate"])):
        for channels in (1, 2):
            try:
                return stream(
                    device=device["index"],
                    samplerate=rate_hz,
                    blocksize=round(BLOCK_S * rate_hz),
                    channels=channels,
                    dtype="float32",
                    latency=latency,
                    callback=callback,
                )
            except sd.PortAudioError as error:
                refusal = error
                if error.args[1:2] not in ((code,) for code in _REFUSED):
                    raise _not_open(device["name"], error) from error
    raise _not_open(device["name"], refusal) from refusal


def started(sd: Any, stream: Any, name: str) -> None:
    """Start a stream of the device ``name``. Raises DeviceError."""
    try:
        stream.start()
    except sd.PortAudioError as error:
        raise _not_open(name, error) from error


def _not_open(name: str, error: Exception) -> DeviceError:
    mend = f"Close other programs that use it, allow the use of the microphone, or {WITHOUT}"
    return DeviceError(f"the sound device does not open ({error})", where=name, mend=mend)
