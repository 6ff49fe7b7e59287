"""What a live call is held with, and how its trainee likes to hold it."""

from collections.abc import Callable
from dataclasses import dataclass

from voicesim.call.conduct import Control
from voicesim.call.understood import Measure, Understand
from voicesim.errors import VoicesimError
from voicesim.model import Line, Samples
from voicesim.ports import Duplex, Frames, Recognizer, VoiceActivity


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The trainee has typed a reply; an empty ``text`` takes the typing back."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a trainee likes to hold a call.

    ``patience`` multiplies the waits for the end of a reply and for a silence. With ``push_to_talk`` the microphone is
    on only between two presses of the talk key, and the second one ends the reply. ``wait_s`` is how long a call waits
    for a headset that went away or a disk that is full. ``is_stop_word`` tells whether a text holds a stop word;
    ``listens_for`` are those that a recognizer is told. ``ring`` is heard before the caller speaks, float32[n] at
    16 kHz; None: no ring. In an ``official`` run no reply can be taken back.
    """

    patience: float = 1.0
    push_to_talk: bool = False
    wait_s: float = 60.0
    listens_for: tuple[str, ...] = ()
    is_stop_word: Callable[[str], bool] = lambda text: False
    ring: Samples | None = None
    official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a call is held with.

    ``sound_of`` gives a line's rendered sound (16 kHz), ``keep`` takes every 20 ms of both directions, ``trouble`` says
    why they cannot be kept just now, ``controls`` is asked every frame what the trainee wants, ``reopen`` opens the
    device again after it went away. ``waits`` says whether the call may stand still for a late text: sound
    files can; on a headset ears would hear a hole and keys would not be read.
    """

    recognizer: Recognizer
    activity: VoiceActivity
    understand: Understand
    measure: Measure
    sound_of: Callable[[Line], Samples]
    keep: Callable[[Frames], None]
    trouble: Callable[[], VoicesimError | None] = lambda: None
    controls: Callable[[], Control | Typed | None] = lambda: None
    reopen: Callable[[], Duplex] | None = None
    waits: bool = True
