"""Holds a call on a duplex: for every 20 ms heard from the microphone, 20 ms of the caller are played.

SHELL. The microphone's sample count is the clock. Whose turn it is comes from :mod:`turn_taking`, what the caller does
from :mod:`conduct`; recognizing runs on the worker of :mod:`ear`. The same code holds calls on a headset and on files,
in real time and as fast as the machine can, with the same result.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

import numpy as np

from voicesim.call.conduct import Control, End, Happened, Listen, Outcome, Replied, Said, Say, Silence, conduct
from voicesim.call.context import context_of
from voicesim.call.ear import Ahead, Ear, Tape
from voicesim.call.playing import Playing
from voicesim.call.record import Held, Recorder
from voicesim.call.turn_taking import WINDOW, Patience, Signal, TurnTaking
from voicesim.call.understood import Measure, SpokenReply, Understand, Understood
from voicesim.call.watch import Watcher
from voicesim.catalogue import CATALOGUE
from voicesim.errors import DeviceError
from voicesim.model import (
    FRAME,
    RATE_HZ,
    Context,
    Ending,
    Finding,
    Heard,
    Kind,
    Line,
    OverlapKind,
    Reply,
    Samples,
    Span,
)
from voicesim.ports import Duplex, Frames, Recognizer, VoiceActivity
from voicesim.script.model import Script

#: A decode that was asked for counts as arrived this many samples later (0.2 s), however fast the machine is.
ARRIVES_AFTER = RATE_HZ // 5
#: Sound kept before the first speech of a reply, so that no first consonant is lost (0.3 s).
LEAD_IN = 3 * RATE_HZ // 10
#: The reply cannot go on any more once the answer has sounded this long (0.5 s and the time to be sure).
SETTLED_AFTER = 4 * RATE_HZ // 5
_SILENT_FRAME = np.zeros(FRAME, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a call is held with.

    ``sound_of`` gives a line's rendered sound (16 kHz), ``keep`` takes every 20 ms of both directions, ``controls`` is
    asked every frame what the trainee wants.
    """

    recognizer: Recognizer
    activity: VoiceActivity
    understand: Understand
    measure: Measure
    sound_of: Callable[[Line], Samples]
    keep: Callable[[Frames], None]
    controls: Callable[[], Control | None] = lambda: None


@dataclass(slots=True)
class _Pending:
    """A decode under way and the sample at which it counts as arrived."""

    due: int
    result: Future[Ahead]


@dataclass(slots=True)
class _Final:
    """A final transcript under way for the reply of turn ``index``."""

    index: int
    reply: Reply
    result: Future[Understood]


class LiveCall:
    """One call on one duplex. Make it, :meth:`hold` it, once."""

    def __init__(self, script: Script, duplex: Duplex, parts: Parts, *, seed: int, watcher: Watcher) -> None:
        self._script, self._duplex, self._parts, self._seed, self._watcher = script, duplex, parts, seed, watcher
        self._recorder = Recorder(script)
        patience = Patience() if script.patience_s is None else Patience(incomplete_s=script.patience_s)
        self._turns = TurnTaking(patience)
        self._ear = Ear(parts.recognizer, parts.understand, parts.measure)
        self._tape = Tape()
        self._window = np.zeros(0, np.float32)
        self._clock = 0
        self._line_end = 0
        self._context = Context()
        self._pending: _Pending | None = None
        self._ahead: Ahead | None = None
        self._partials: list[tuple[int, Future[str]]] = []
        self._finals: list[_Final] = []
        self._last_reply: Reply | None = None
        # How much later than it was written a line sounds on the microphone's clock; measured anew for each line.
        self._delay = 0
        self._awaited: int | None = None

    def hold(self) -> Held:
        """Hold the call to its end; Ctrl-C or a part that fails end it early, and what was said is kept."""
        ending = Ending.INCOMPLETE
        broken_by: BaseException | None = None
        try:
            ending = self._run()
        except KeyboardInterrupt as error:
            ending, broken_by = Ending.STOPPED, error
        except Exception as error:  # noqa: BLE001 - kept, and raised again by whoever keeps the call
            broken_by = error
        finally:
            self._duplex.close()
        late = self._settle_finals()
        self._ear.close()
        return Held(recorder=self._recorder, ending=ending, broken_by=broken_by or late)

    def _run(self) -> Ending:
        call = conduct(self._script, self._seed)
        step = next(call)
        while not isinstance(step, End):
            happened: Happened = self._say(step) if isinstance(step, Say) else self._listen(step)
            step = call.send(happened)
        self._recorder.ends(step)
        self._watcher.ends(step)
        return step.ending

    # -- the caller speaks ---------------------------------------------------------------------------------------

    def _say(self, say: Say) -> Said | Control:
        self._announce(say.outcome)
        self._recorder.says(say)
        playing = Playing(self._parts.sound_of(say.line))
        self._awaited = self._clock + playing.onset
        answers = say.outcome is not None and say.outcome.reply is not None
        start = self._clock
        self._turns.line_begins(answers_reply=answers)
        self._watcher.line_begins(say.line, say.state.anger, Span(start=start, end=start + playing.length))
        went_on, wish = self._play(playing, start, answers=answers)
        span = Span(start=start, end=self._clock).shifted(self._delay)
        if went_on:
            self._retract()
            return Said(span=span, played_s=span.duration_s, went_on=True)
        self._turns.line_ends()
        self._line_end = span.end
        self._recorder.sounded(span)
        if answers:
            self._order_final()
        self._context = context_of(self._script, say.state, say.line, self._recorder.turns)
        earliest = min((self._clock, *(span.start for span in self._turns.speech)))
        self._tape.forget(earliest - 2 * RATE_HZ)
        return wish or Said(span=span, played_s=span.duration_s, overlaps=self._turns.overlaps)

    def _retract(self) -> None:
        """The last reply goes on: what is known of it is void, or it would stand in for the reply before it."""
        self._recorder.retract()
        self._last_reply = None
        self._finals = [final for final in self._finals if final.index < len(self._recorder.turns)]
        self._watcher.retracted()

    def _play(self, playing: Playing, start: int, *, answers: bool) -> tuple[bool, Control | None]:
        while playing.left:
            for signal in self._exchange(playing.frame()):
                if signal is Signal.WENT_ON:
                    playing.stop()
                    self._exchange(playing.frame())
                    return True, None
                self._turn(playing, signal)
            if answers and self._clock - start >= SETTLED_AFTER:
                self._order_final()
            if wish := self._parts.controls():
                return False, wish
        return False, None

    def _turn(self, playing: Playing, signal: Signal) -> None:
        stops = self._script.caller.when_interrupted == "stop"
        if signal is Signal.TURN_DOWN:
            playing.turn_down()
        elif signal is Signal.TURN_UP or (signal is Signal.INTERRUPTED and not stops):
            playing.turn_up()
        elif signal is Signal.INTERRUPTED:
            playing.stop()

    def _announce(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._watcher.turn_ends(outcome)

    # -- the trainee speaks --------------------------------------------------------------------------------------

    def _listen(self, listen: Listen) -> Replied | Silence | Control:
        start = self._clock
        while True:
            for signal in self._exchange(_SILENT_FRAME):
                if signal is Signal.DECODE:
                    self._decode_ahead()
                elif signal is Signal.COMMIT and self._ahead is not None:
                    return Replied(reply=self._reply(self._ahead))
                elif signal is Signal.SILENCE:
                    return Silence(span=Span(start=start, end=self._clock))
            if wish := self._parts.controls():
                return wish

    def _decode_ahead(self) -> None:
        speech = self._turns.speech
        start, end = max(0, speech[0].start - LEAD_IN), self._turns.at
        spoken = SpokenReply(
            samples=self._tape.cut(start, end),
            speech=tuple(span.shifted(-start) for span in speech),
            noise=self._tape.cut(start - RATE_HZ, start),
            gap_s=(speech[0].start - self._line_end) / RATE_HZ,
        )
        self._pending = _Pending(self._clock + ARRIVES_AFTER, self._ear.ahead(self._context, spoken))

    def _reply(self, ahead: Ahead) -> Reply:
        speech, understood = self._turns.speech, ahead.understood
        span = Span(start=speech[0].start, end=speech[-1].end)
        live = Heard(
            transcript=understood.heard.transcript, findings=(*understood.heard.findings, *self._interruptions())
        )
        self._last_reply = Reply(
            span=span,
            live=live,
            final=live,
            delivery=ahead.delivery,
            speech=speech,
            overlaps=self._turns.overlaps,
            offers=understood.offers,
            mentions=understood.mentions,
        )
        return self._last_reply

    def _interruptions(self) -> tuple[Finding, ...]:
        cuts = [o for o in self._turns.overlaps if o.kind is OverlapKind.INTERRUPTION]
        return tuple(
            Finding(
                kind=Kind.MISTAKE,
                id="interrupt",
                turn=self._context.turn,
                span=cut.span,
                measure="speech over the caller in seconds",
                value=round(cut.span.duration_s, 2),
                threshold=self._turns.patience.interruption_s,
                source=CATALOGUE["interrupt"].source,
            )
            for cut in cuts
        )

    # -- final transcripts ---------------------------------------------------------------------------------------

    def _order_final(self) -> None:
        if self._last_reply is None:
            return
        reply, self._last_reply = self._last_reply, None
        index = len(self._recorder.turns) - 1
        self._finals.append(_Final(index, reply, self._ear.finish(self._context)))

    def _settle_finals(self) -> Exception | None:
        self._order_final()
        broken_by: Exception | None = None
        for final in self._finals:
            try:
                understood = final.result.result()
            except Exception as error:  # noqa: BLE001 - what was understood live stands for both
                broken_by = error
                continue
            heard = understood.heard
            cuts = tuple(f for f in final.reply.live.findings if f.id == "interrupt")
            heard = Heard(transcript=heard.transcript, findings=(*heard.findings, *cuts))
            self._recorder.finalise(final.index, replace(final.reply, final=heard))
        return broken_by

    # -- 20 ms ---------------------------------------------------------------------------------------------------

    def _exchange(self, out: Samples) -> tuple[Signal, ...]:
        self._duplex.write(out)
        frames = self._duplex.read()
        if frames is None:
            raise DeviceError("the microphone has ended", mend="Run `voicesim doctor` to see the sound devices.")
        self._parts.keep(frames)
        frame = frames.microphone
        self._measure_delay(frames.ears)
        self._tape.append(frame)
        self._clock += FRAME
        if self._ear.listening and (partial := self._ear.feed(frame)):
            self._partials.append((self._clock + ARRIVES_AFTER, partial))
        signals = self._arrivals()
        self._window = np.concatenate([self._window, frame])
        while len(self._window) >= WINDOW:
            window, self._window = self._window[:WINDOW], self._window[WINDOW:]
            signals += self._turns.window(self._parts.activity.probability(window))
            self._follow_speech()
        return signals

    def _measure_delay(self, ears: Samples) -> None:
        """Note how late the line under way is heard, once its first sample is."""
        if self._awaited is not None and (sounding := np.flatnonzero(ears)).size:
            self._delay = max(0, self._clock + int(sounding[0]) - self._awaited)
            self._awaited = None

    def _follow_speech(self) -> None:
        speech = self._turns.speech
        if not speech and self._last_reply is None:
            self._ear.drop()
        elif speech and not self._ear.listening:
            start = max(0, speech[0].start - LEAD_IN)
            self._ear.begin(start, self._tape.cut(start, self._clock))

    def _arrivals(self) -> tuple[Signal, ...]:
        signals: tuple[Signal, ...] = ()
        while self._partials and self._partials[0][0] <= self._clock:
            text = self._partials.pop(0)[1].result()
            if self._ear.streams and text:
                self._watcher.partial(text)
                # Until the last reply is settled its words are in the text too, and they interrupt nobody.
                if self._last_reply is None:
                    signals += self._turns.words(text)
        if self._pending and self._pending.due <= self._clock:
            self._ahead, self._pending = self._pending.result.result(), None
            text = self._ahead.understood.heard.transcript.text
            self._watcher.partial(text)
            self._turns.decoded(text)
        return signals
