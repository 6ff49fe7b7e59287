"""A caller on hold: whether she was asked, when she loses patience, what is heard meanwhile. Pure.

A hold that was asked for is like a silence after a minute, and after each further one. One that was not asked for is
like any silence at first, and then the same. So a hold moves anger by ``long_silence`` alone, and the third time that
nobody is there in a row the caller hangs up, as she does without a hold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicesim.catalogue import CATALOGUE
from voicesim.model import RATE_HZ, Finding, Kind, Reply, Samples, Turn
from voicesim.sound import fade

#: A caller who was asked waits this long before it is a silence to her; afterwards everybody does (grade D, ours).
PATIENT_S = 60.0
#: Asking may stand in the reply before the last: she says yes, and is thanked for it.
_ASKED_WITHIN = 2
_HOW_LONG = re.compile(r"\b(second|seconds|minute|minutes|moment|moments)\b")
_BEEP_EVERY_S, _BEEP_S = 4.0, 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold: ``asked`` for before, with how long it would take (``announced``).

    ``lasted_s`` is None until the trainee is back, ``thanked`` (for the wait) until the reply after that.
    """

    asked: bool
    announced: bool
    lasted_s: float | None = None
    thanked: bool | None = None

    def due_s(self, times: int, silence_s: float) -> float:
        """How long she waits until it is a silence to her for the ``times``-th time (from 0).

        >>> [Hold(asked=asked, announced=asked).due_s(n, 5.0) for asked in (True, False) for n in (0, 1)]
        [60.0, 120.0, 5.0, 65.0]
        """
        return (PATIENT_S if self.asked else silence_s) + times * PATIENT_S

    def told(self) -> str:
        """How it was done, in a sentence.

        >>> Hold(asked=True, announced=False, lasted_s=12.3, thanked=True).told()
        'The caller was on hold for 12 s: asked for, how long was not said, thanked for the wait.'
        """
        parts = ["asked for" if self.asked else "not asked for"]
        if self.asked:
            parts.append("how long was said" if self.announced else "how long was not said")
        if self.thanked is not None:
            parts.append("thanked for the wait" if self.thanked else "not thanked for the wait")
        lasted = "" if self.lasted_s is None else f" for {self.lasted_s:.0f} s"
        return f"The caller was on hold{lasted}: {', '.join(parts)}."


def hold_after(turns: Sequence[Turn], reply: Reply | None = None) -> Hold:
    """The hold that begins after these turns and ``reply``: what was said just before may have asked for it."""
    recent = [*(turn.reply for turn in turns), *([reply] if reply else [])][-_ASKED_WITHIN:]
    asking = next((one for one in reversed(recent) if one is not None and one.live.has("hold_asked")), None)
    return Hold(asked=asking is not None, announced=asking is not None and says_how_long(asking))


def says_how_long(reply: Reply) -> bool:
    """Whether a reply says how long something will take."""
    return bool(_HOW_LONG.search(reply.live.transcript.text.lower()))


def impatience(hold: Hold, waited_s: float, due_s: float, turn: int) -> Finding:
    """What a hold is to the caller once it has lasted too long."""
    return Finding(
        kind=Kind.CONDITION,
        id="long_silence",
        turn=turn,
        measure="seconds on hold" if hold.asked else "seconds on hold without being asked",
        value=round(waited_s, 2),
        threshold=due_s,
        source=CATALOGUE["long_silence"].source,
    )


def hold_sound() -> Samples:
    """What is heard while the caller is on hold, over and over: a soft beep of two tones; float32[n] at 16 kHz."""
    at_s = np.arange(round(_BEEP_S * RATE_HZ)) / RATE_HZ
    tones = np.sin(2 * np.pi * 440 * at_s) + np.sin(2 * np.pi * 554 * at_s)
    sound = np.zeros(round(_BEEP_EVERY_S * RATE_HZ), np.float32)
    beep = fade((tones * 10 ** (-36 / 20)).astype(np.float32), RATE_HZ, 0.05)
    # In the middle: a line that begins after some full seconds is not mistaken for the beep's end.
    sound[len(sound) // 2 :][: len(beep)] = beep
    return sound
