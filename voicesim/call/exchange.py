"""20 ms of both directions, one after the other, and what is heard in them.

SHELL. Here the microphone's samples are counted, kept, judged for speech and handed to the ear; decodes that were
asked for arrive at a sample that does not depend on the machine's speed.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from voicesim.call.ear import Ahead, Ear, Tape
from voicesim.call.turn_taking import WINDOW, Signal, TurnTaking
from voicesim.call.understood import SpokenReply
from voicesim.call.watch import Watcher
from voicesim.errors import DeviceError
from voicesim.model import FRAME, RATE_HZ, Context, Samples
from voicesim.ports import Duplex, Frames, VoiceActivity

#: A decode that was asked for counts as arrived this many samples later (0.2 s), however fast the machine is.
ARRIVES_AFTER = RATE_HZ // 5
#: How far back such a look reaches (6 s): the stop word and what fits on a line of the screen.
LOOK_BACK = 6 * RATE_HZ
#: Sound kept before the first speech of a reply, so that no first consonant is lost (0.3 s).
LEAD_IN = 3 * RATE_HZ // 10
SILENT_FRAME = np.zeros(FRAME, np.float32)


@dataclass(slots=True)
class _Pending:
    """A decode under way and the sample at which it counts as arrived."""

    due: int
    result: Future[Ahead]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text so far under way, the sample at which it counts as arrived, and whether turn-taking judges by it."""

    due: int
    result: Future[str]
    judged: bool = False


class Exchange:
    """Both directions of one call. :meth:`step` moves the call on by 20 ms."""

    def __init__(  # a call's moving parts meet here
        self,
        duplex: Duplex,
        *,
        keep: Callable[[Frames], None],
        activity: VoiceActivity,
        turns: TurnTaking,
        ear: Ear,
        is_stop_word: Callable[[str], bool],
        watcher: Watcher,
        waits: bool,
    ) -> None:
        self.duplex = duplex
        self._keep, self._activity, self._turns, self._ear = keep, activity, turns, ear
        self._is_stop_word, self._watcher, self._waits = is_stop_word, watcher, waits
        #: Samples of the call so far.
        self.clock = 0
        #: What the reply under way means as far as it was decoded ahead.
        self.ahead: Ahead | None = None
        #: The stop word was heard.
        self.stopped = False
        #: The microphone is off: it is kept and heard as silence (push-to-talk, key up).
        self.muted = False
        #: The last reply may still go on: its words are in the recognizer's text, and its hearing is still open.
        self.unsettled = False
        #: How much later than it was written a line sounds on the microphone's clock, in samples; anew for each line.
        self.delay = 0
        self._awaited: int | None = None
        self._tape, self._ears = Tape(), Tape()
        self._window = np.zeros(0, np.float32)
        self._pending: _Pending | None = None
        self._texts: list[_Text] = []

    def line_begins(self, onset: int) -> None:
        """A line is written from now on; its first sound is ``onset`` samples in."""
        self._awaited = self.clock + onset

    def step(self, out: Samples, gain: float = 1.0) -> tuple[Signal, ...]:
        """Write one frame, read one and act on what it holds; the signals of turn-taking. Raises DeviceError.

        ``gain`` (0..1) holds for the frame and for what is written already and not heard yet.
        """
        frames = self._swap(out, gain)
        heard = SILENT_FRAME if self.muted else frames.microphone
        self._keep(Frames(heard, frames.ears))
        self._measure_delay(frames.ears)
        self._tape.append(heard)
        self._ears.append(frames.ears)
        self.clock += FRAME
        if self._ear.listening and (text := self._ear.feed(heard)) and self._ear.streams:
            self._texts.append(_Text(self.clock + ARRIVES_AFTER, text))
        signals = self._arrivals()
        self._window = np.concatenate([self._window, heard])
        while len(self._window) >= WINDOW:
            window, self._window = self._window[:WINDOW], self._window[WINDOW:]
            signals += self._turns.window(self._activity.probability(window))
            self._follow_speech()
        if Signal.LOOK in signals:
            self._look(judged=True)
        elif Signal.PARTIAL in signals:
            self._look()
        return signals

    def idle(self) -> None:
        """Let 20 ms pass while the call is paused: nothing is kept, heard or counted. Raises DeviceError."""
        self._swap(SILENT_FRAME)

    def decode_ahead(self, context: Context, line_end: int) -> None:
        """Have the reply so far understood, as :meth:`understood_so_far` does; it arrives at a sample that is known."""
        self._pending = _Pending(self.clock + ARRIVES_AFTER, self.understood_so_far(context, line_end))
        self._look()

    def understood_so_far(self, context: Context, line_end: int) -> Future[Ahead]:
        """The reply so far recognized, understood and measured; ``line_end`` is where the caller fell silent."""
        speech = self._turns.speech
        start, end = max(0, speech[0].start - LEAD_IN), self._turns.at
        spoken = SpokenReply(
            samples=self._tape.cut(start, end),
            ears=self._ears.cut(start, end),
            speech=tuple(span.shifted(-start) for span in speech),
            noise=self._tape.cut(start - RATE_HZ, start),
            gap_s=(speech[0].start - line_end) / RATE_HZ,
        )
        return self._ear.ahead(context, spoken)

    def drop(self) -> None:
        """Forget the reply under way, and what was asked about it."""
        self._turns.drop()
        self._ear.drop()
        self._activity.reset()
        self._pending, self._texts, self.ahead, self.unsettled = None, [], None, False
        self._window = np.zeros(0, np.float32)

    def forget(self) -> None:
        """Let go of sound that no reply can need any more."""
        earliest = min((self.clock, *(span.start for span in self._turns.speech)))
        for tape in (self._tape, self._ears):
            tape.forget(earliest - 2 * RATE_HZ)

    def _swap(self, out: Samples, gain: float = 1.0) -> Frames:
        self.duplex.write(out, gain)
        frames = self.duplex.read()
        if frames is None:
            raise DeviceError("the microphone has ended", mend="Run `voicesim doctor` to see the sound devices.")
        return frames

    def _measure_delay(self, ears: Samples) -> None:
        """Note how late the line under way is heard, once its first sample is."""
        if self._awaited is not None and (sounding := np.flatnonzero(ears)).size:
            self.delay = max(0, self.clock + int(sounding[0]) - self._awaited)
            self._awaited = None

    def _follow_speech(self) -> None:
        speech = self._turns.speech
        if not speech and not self.unsettled:
            self._ear.drop()
        elif speech and not self._ear.listening:
            start = max(0, speech[0].start - LEAD_IN)
            self._ear.begin(start, self._tape.cut(start, self.clock))

    def _look(self, *, judged: bool = False) -> None:
        """Ask for the text of the last seconds where the recognizer does not give it by itself.

        Not of the whole reply: that takes longer the longer it gets, and is asked for at its end. A text that is not
        ``judged`` by turn-taking is heard in favour of the stop words.
        """
        if self._turns.speech and self._ear.listening and not self._ear.streams:
            start = max(0, self._turns.speech[0].start - LEAD_IN, self.clock - LOOK_BACK)
            text = self._ear.glance(self._tape.cut(start, self.clock), in_favour=not judged)
            self._texts.append(_Text(self.clock + ARRIVES_AFTER, text, judged))

    def _arrivals(self) -> tuple[Signal, ...]:
        signals: tuple[Signal, ...] = ()
        due = [text for text in self._texts if text.due <= self.clock and (self._waits or text.result.done())]
        for one in due:
            self._texts.remove(one)
            text = one.result.result()
            signals += self._read(text)
            if one.judged and not self.unsettled:
                signals += self._turns.looked(text)
        if self._pending and self._pending.due <= self.clock and (self._waits or self._pending.result.done()):
            self.ahead, self._pending = self._pending.result.result(), None
            text = self.ahead.understood.heard.transcript.text
            self._read(text)
            self._turns.decoded(text)
        return signals

    def _read(self, text: str) -> tuple[Signal, ...]:
        """Show a text so far and look for the stop word; what it means for an interruption."""
        if not text:
            return ()
        self._watcher.partial(text)
        self.stopped = self.stopped or self._is_stop_word(text)
        # Until the last reply is settled its words are in the text too, and they interrupt nobody.
        return self._turns.words(text) if self._ear.streams and not self.unsettled else ()
