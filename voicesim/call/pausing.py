"""Pauses of a live call: the trainee's own, and those while a headset is away or the disk is full.

SHELL. The microphone's clock stands still meanwhile: nothing is kept, heard or counted.
"""

import time
from collections.abc import Callable

from voicesim.call.conduct import Control
from voicesim.call.exchange import Exchange
from voicesim.call.parts import Parts
from voicesim.call.watch import Watcher
from voicesim.errors import DeviceError, MissingPart, VoicesimError

#: A headset that went away is looked for this often; the keyboard is asked more often.
LOOK_AGAIN_S = 1.0
_ASK_S = 0.05


class Pause:
    """One pause. It gives REPEAT when the call goes on, or how the trainee left; what broke the call may be raised."""

    def __init__(self, exchange: Exchange, parts: Parts, *, wait_s: float, watcher: Watcher) -> None:
        """``wait_s``: how long to wait for a device or a disk."""
        self._exchange, self._parts, self._wait_s, self._watcher = exchange, parts, wait_s, watcher
        self._began_s = time.monotonic()
        self._tried_s = -LOOK_AGAIN_S

    def for_trainee(self) -> Control:
        """Wait until the trainee goes on or leaves; nobody else ends this pause, not even a headset that comes back.

        Raises DeviceError if the headset goes away meanwhile and stays away.
        """
        return self._for_key("you paused the call", "trainee")

    def for_again(self, meanwhile: Callable[[], None]) -> Control:
        """Wait until the trainee says the last reply again (AGAIN), leaves it as it was (REPEAT), or leaves the call.

        ``meanwhile`` is called every 20 ms. Raises as :meth:`for_trainee`.
        """
        return self._for_key("you want to say your last reply again", "again", meanwhile)

    def _for_key(self, why: str, by: str, meanwhile: Callable[[], None] = lambda: None) -> Control:
        self._watcher.paused(why, by)
        while True:
            meanwhile()
            try:
                self._exchange.idle()
            except DeviceError as error:
                if left := self._until_there(error):
                    return left
                self._watcher.paused(why, by)
            wish = self._parts.controls()
            if wish is Control.PAUSE:
                return self._resumed()
            if by == "again" and wish in (Control.ACCEPT, Control.AGAIN):
                self._resumed()
                return Control.AGAIN
            if wish in (Control.HANG_UP, Control.STOP):
                return wish

    def for_headset(self, error: DeviceError) -> Control:
        """Wait for the headset to be there again; raises ``error`` if it is not in time, or the trainee hangs up."""
        return self._until_there(error) or self._resumed()

    def for_disk(self, trouble: VoicesimError) -> Control:
        """Wait for the disk to take sound again; raises ``trouble`` if it does not in time, or the trainee hangs up."""
        self._watcher.paused(trouble.what, "disk")
        return self._until(self._disk_takes, trouble) or self._resumed()

    def _until_there(self, error: DeviceError) -> Control | None:
        """None once the headset is open again, STOP if the trainee stopped the exercise before."""
        if self._parts.reopen is None:
            raise error
        self._watcher.paused(error.what, "headset")
        self._exchange.duplex.close()
        return self._until(self._reopened, error)

    def _until(self, over: Callable[[], bool], error: VoicesimError) -> Control | None:
        since_s = time.monotonic()
        while not over():
            wish = self._parts.controls()
            if wish is Control.STOP:
                return wish
            if wish is Control.HANG_UP or time.monotonic() - since_s > self._wait_s:
                raise error
        return None

    def _reopened(self) -> bool:
        if time.monotonic() - self._tried_s < LOOK_AGAIN_S:
            time.sleep(_ASK_S)
            return False
        self._tried_s = time.monotonic()
        try:
            self._exchange.duplex = self._parts.reopen() if self._parts.reopen else self._exchange.duplex
        except MissingPart:
            return False
        return True

    def _disk_takes(self) -> bool:
        self._exchange.idle()
        return self._parts.trouble() is None

    def _resumed(self) -> Control:
        self._watcher.resumed(time.monotonic() - self._began_s)
        return Control.REPEAT
