"""Holds the caller on the line of a live call: nobody hears the trainee, and a beep says that the call is still there.

What a hold means to the caller is decided in :mod:`on_hold`; her clock is the call's.
"""

from dataclasses import replace

from voicesim.call.conduct import Silence
from voicesim.call.exchange import Exchange
from voicesim.call.on_hold import Hold, hold_after, hold_sound, impatience
from voicesim.call.playing import Playing
from voicesim.call.record import Recorder
from voicesim.call.turn_taking import TurnTaking
from voicesim.call.watch import Watcher
from voicesim.model import RATE_HZ, Reply, Span


class HoldLine:
    """The hold of one call, if there is one; ``on`` while she waits or is about to."""

    def __init__(self, exchange: Exchange, turns: TurnTaking, recorder: Recorder, watcher: Watcher) -> None:
        self._exchange, self._turns, self._recorder, self._watcher = exchange, turns, recorder, watcher
        self.on = False
        #: Also a past one, until the reply after it.
        self._hold: Hold | None = None
        self._from: int | None = None
        self._lost_patience = 0
        self._sound = Playing(hold_sound())

    def begin(self) -> None:
        """Put her on hold: a reply under way has ended, and she finishes what she says."""
        if self.on:
            return
        self._turns.over()
        self.on, self._hold, self._from, self._lost_patience = True, hold_after(self._recorder.turns), None, 0
        self._watcher.on_hold(self._hold)

    def end(self) -> None:
        """Come back."""
        if not self.on or self._hold is None:
            return
        self.on, self._hold = False, replace(self._hold, lasted_s=self._waited_s)
        self._turns.hold(False)
        self._watcher.on_hold(self._hold)

    def sound(self) -> Playing | None:
        """What she and the trainee hear in the next frame; None while there is no hold, or a reply is looked at."""
        if not self.on or self._turns.speech:
            return None
        if self._from is None:
            self._from = self._exchange.clock
        self._turns.hold(True)
        if not self._sound.left:
            self._sound = Playing(hold_sound())
        return self._sound

    def silence(self, turn: int) -> Silence | None:
        """The wait as a silence of ``turn``, each time that it has become one to her."""
        if not self.on or self._hold is None or self._from is None or self._turns.speech:
            return None
        due_s = self._hold.due_s(self._lost_patience, self._turns.patience.silence_s)
        if self._waited_s < due_s:
            return None
        self._lost_patience += 1
        span = Span(start=self._from, end=self._exchange.clock)
        return Silence(span=span, finding=impatience(self._hold, self._waited_s, due_s, turn))

    def replied(self, reply: Reply) -> None:
        """A reply that was under way may have asked for the hold; the first one after it may thank for the wait."""
        if self._hold is None:
            return
        if self.on:
            asked = hold_after(self._recorder.turns, reply)
            changed, self._hold = asked != self._hold, asked
            if changed:
                self._watcher.on_hold(asked)
            return
        done, self._hold = replace(self._hold, thanked=reply.live.has("thank")), None
        self._watcher.on_hold(done)
        self._watcher.note(done.told())

    @property
    def _waited_s(self) -> float:
        return 0.0 if self._from is None else (self._exchange.clock - self._from) / RATE_HZ
