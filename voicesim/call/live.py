"""Holds a call on a duplex: for every 20 ms heard from the microphone, 20 ms of the caller are played.

SHELL. The microphone's sample count is the clock. Whose turn it is comes from :mod:`turn_taking`, what the caller does
from :mod:`conduct`; sound goes through :mod:`exchange`, recognizing runs on the worker of :mod:`ear`. The same code
holds calls on a headset and on files, in real time and as fast as the machine can, with the same result.
"""

from concurrent.futures import Future
from dataclasses import replace

from voicesim.call.conduct import Call, Control, End, Happened, Listen, Replied, Said, Say, Silence
from voicesim.call.context import context_of
from voicesim.call.ear import Ahead, Ear
from voicesim.call.exchange import SILENT_FRAME, Exchange
from voicesim.call.finals import Finals
from voicesim.call.hold_line import HoldLine
from voicesim.call.parts import Manner, Parts, Typed
from voicesim.call.patience import Patience
from voicesim.call.pausing import Pause
from voicesim.call.playing import Playing
from voicesim.call.record import Held
from voicesim.call.retry import Since, recorder_of, taken_up
from voicesim.call.stretches import Spoken
from voicesim.call.text import NO_AGAIN, NOTHING_AGAIN, typed_reply
from voicesim.call.turn_taking import Signal, TurnTaking
from voicesim.call.under_way import UnderWay, reply_of
from voicesim.call.understood import Understood
from voicesim.call.watch import Watcher
from voicesim.errors import DeviceError
from voicesim.model import RATE_HZ, Context, Ending, Reply, Span, Turn
from voicesim.ports import Duplex
from voicesim.script.model import Script

#: The reply cannot go on any more once the answer has sounded this long (0.5 s and the time to be sure).
SETTLED_AFTER = 4 * RATE_HZ // 5
_LEAVES = (Control.HANG_UP, Control.TRANSFER, Control.STOP)


class LiveCall:
    """One call on one duplex. Make it, :meth:`hold` it, once."""

    def __init__(
        self,
        script: Script,
        duplex: Duplex,
        parts: Parts,
        *,
        seed: int,
        watcher: Watcher,
        manner: Manner | None = None,
        since: Since | None = None,
        one_turn: bool = False,
    ) -> None:
        """The call is taken up at ``since``; of ``one_turn`` a reply is answered, and no further one is waited for."""
        self._since, self._one_turn = since, one_turn
        self._script, self._parts, self._seed, self._watcher = script, parts, seed, watcher
        self._manner = manner or Manner()
        self._recorder = recorder_of(script, since)
        self._finals = Finals(self._recorder, watcher)
        punctuated = parts.recognizer.capabilities.punctuation
        self._turns = TurnTaking(_patience(script, self._manner), punctuated=punctuated)
        self._ear = Ear(parts.recognizer, parts.understand, parts.measure, self._manner.listens_for)
        self._exchange = Exchange(
            duplex,
            keep=parts.keep,
            activity=parts.activity,
            turns=self._turns,
            ear=self._ear,
            is_stop_word=self._manner.is_stop_word,
            watcher=watcher,
            waits=parts.waits,
        )
        self._line_end = 0
        #: The trainee turned the microphone off; the talk key is down.
        self._mute = self._talking = False
        self._on_hold = HoldLine(self._exchange, self._turns, self._recorder, watcher)
        self._microphone()
        self._context = Context()
        #: The reply that was answered last, until it cannot go on any more.
        self._last_reply: Reply | None = None
        #: Its final understanding, if that was asked for already.
        self._final: Future[Understood] | None = None
        #: The reply in which the call was paused or broken off, until it goes on: the ear gives its hearing only once.
        self._under_way: UnderWay | None = None
        self._call: Call | None = None
        self._now: Say | Listen | End | None = None
        self._typed = ""
        self._leaving: Control | None = None
        self._cutting_in = False

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
            self._exchange.duplex.close()
        if broken_by is not None:
            self._keep_unanswered()
        self._settle()
        late = self._finals.settle()
        self._ear.close()
        return Held(
            recorder=self._recorder, ending=ending, broken_by=broken_by or late, wanted_out=self._exchange.stopped
        )

    def _run(self) -> Ending:
        self._ring()
        self._call, first = taken_up(self._script, self._seed, self._since)
        step: Say | Listen | End = first
        while not isinstance(step, End):
            self._now, self._under_way = step, None
            happened = self._happens(step)
            if self._one_turn and _answers(step) and not (isinstance(happened, Said) and happened.went_on):
                return Ending.STOPPED if happened is Control.STOP else Ending.INCOMPLETE
            step = self._call.send(happened)
        self._now = step
        self._keep_turn(self._recorder.ends(step))
        self._watcher.ends(step)
        return step.ending

    def _happens(self, step: Say | Listen) -> Happened:
        try:
            happened = self._say(step) if isinstance(step, Say) else self._listen()
        except DeviceError as error:
            happened = self._paused().for_headset(error)
        if isinstance(happened, Control) and happened in _LEAVES and (reply := self._unanswered()):
            # What was said before leaving is a reply, as in a call that goes on.
            self._leaving = happened
            return Replied(reply=reply)
        return happened

    def _keep_unanswered(self) -> None:
        """The call has broken off: what was said since her last line is a reply that she does not answer any more."""
        try:
            reply = self._unanswered()
            step = None if reply is None or self._call is None else self._call.send(Replied(reply=reply))
            if isinstance(step, Say):
                self._leaving = Control.STOP
                self._say(step)
        except Exception:  # noqa: BLE001 - the call is broken already; what cannot be understood is left in its sound
            self._last_reply = None

    def _ring(self) -> None:
        if self._manner.ring is None:
            return
        self._watcher.rings()
        ringing = Playing(self._manner.ring)
        try:
            while ringing.left and not self._exchange.stopped:
                wish = self._parts.controls()
                if wish is Control.ACCEPT:
                    break
                self._exchange.stopped = wish in (Control.STOP, Control.HANG_UP)
                self._exchange.step(ringing.frame())
        except DeviceError as error:
            self._exchange.stopped = self._paused().for_headset(error) is Control.STOP

    def _step(self, playing: Playing | None = None) -> tuple[Signal, ...]:
        self._finals.take_ready()
        return self._exchange.step(playing.frame(), playing.gain) if playing else self._exchange.step(SILENT_FRAME)

    # -- the caller speaks ---------------------------------------------------------------------------------------

    def _say(self, say: Say) -> Said | Control:
        if say.outcome is not None:
            self._watcher.turn_ends(say.outcome)
            if self._leaving:
                self._keep_turn(self._recorder.answered(say.outcome))
                return self._leaving
        if say.again:
            self._watcher.undone(self._recorder.undo())
            self._finals.retracted()
        self._keep_turn(self._recorder.says(say))
        if self._exchange.stopped:
            return Control.STOP
        playing, start = Playing(self._parts.sound_of(say.line)), self._exchange.clock
        cuts_in, self._cutting_in = self._cutting_in, False
        self._exchange.line_begins(playing.onset)
        self._turns.line_begins(answers_reply=self._last_reply is not None, cuts_in=cuts_in)
        if cuts_in:
            self._settle()
        self._watcher.line_begins(say.line, say.state.anger, Span(start=start, end=start + playing.length))
        went_on, wish = self._play(playing, start)
        span = Span(start=start, end=self._exchange.clock).shifted(self._exchange.delay)
        if went_on:
            self._retract()
            return Said(span=span, played_s=span.duration_s, went_on=True)
        self._turns.line_ends()
        self._line_end = span.end
        self._recorder.sounded(span)
        self._watcher.sounded(span)
        self._settle()
        self._context = context_of(self._script, say.state, say.line, self._recorder.turns)
        self._exchange.forget()
        return wish or Said(span=span, played_s=span.duration_s, overlaps=self._turns.overlaps)

    def _keep_turn(self, turn: Turn | None) -> None:
        if turn is not None:
            self._watcher.turn_kept(turn)

    def _retract(self) -> None:
        """The last reply goes on: what is known of it is void, or it would stand in for the reply before it."""
        self._recorder.retract()
        self._last_reply, self._exchange.unsettled = None, False
        self._finals.retracted()
        self._watcher.retracted()

    def _play(self, playing: Playing, start: int) -> tuple[bool, Control | None]:
        while playing.left:
            for signal in self._step(playing):
                if signal is Signal.WENT_ON:
                    playing.stop()
                    self._step(playing)
                    return True, None
                self._turn(playing, signal)
            if self._exchange.clock - start >= SETTLED_AFTER:
                self._settle()
            if wish := self._wish():
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

    # -- the trainee speaks --------------------------------------------------------------------------------------

    def _listen(self) -> Replied | Silence | Control:
        start, cuts_in = self._exchange.clock, False
        while True:
            for signal in self._step(self._on_hold.sound()):
                if signal in (Signal.DECODE, Signal.CUT_IN):
                    cuts_in = signal is Signal.CUT_IN
                    self._exchange.decode_ahead(self._context, self._line_end)
                elif signal is Signal.COMMIT and self._exchange.ahead is not None:
                    self._cutting_in = cuts_in
                    return Replied(reply=self._reply(self._exchange.ahead))
                elif signal is Signal.SILENCE:
                    return Silence(span=Span(start=start, end=self._exchange.clock))
            if silence := self._on_hold.silence(self._context.turn or 1):
                return silence
            wish = self._wish(listening=True)
            if self._typed:
                return Replied(reply=self._typed_reply())
            if wish in (Control.HANG_UP, Control.TRANSFER) and self._turns.speech:
                # It is a reply once its text is there, a moment later, and may make the leaving right.
                self._leaving = wish
                self._turns.over()
            elif wish := wish or (None if self._turns.speech else self._leaving):
                if wish not in _LEAVES:
                    # What was said before a repeated line is no reply to it, and must not interrupt it either.
                    self._exchange.drop()
                return wish

    def _reply(self, ahead: Ahead, spoken: Spoken | None = None) -> Reply:
        self._last_reply = reply_of(spoken or self._turns.spoken, ahead, self._context.turn)
        self._exchange.unsettled = True
        self._on_hold.replied(self._last_reply)
        return self._last_reply

    def _begun(self) -> UnderWay | None:
        """The reply that is being given, understood as far as it goes; None if none is."""
        if not isinstance(self._now, Listen) or not self._turns.speech:
            return None
        ahead = self._exchange.understood_so_far(self._context, self._line_end)
        return UnderWay(spoken=self._turns.spoken, ahead=ahead, final=self._ear.finish(self._context))

    def _unanswered(self) -> Reply | None:
        """What was said since her last line, now that nobody waits for its end; None if it is no reply to her."""
        self._under_way = None if self._exchange.stopped else self._under_way or self._begun()
        if self._under_way is None:
            return None
        ahead, spoken = self._under_way.ahead.result(), self._under_way.spoken
        text = ahead.understood.heard.transcript.text
        if self._turns.patience.is_cough(text, spoken.speech) or self._manner.is_stop_word(text):
            return None
        self._final = self._under_way.final
        return self._reply(ahead, spoken)

    def _typed_reply(self) -> Reply:
        text, self._typed = self._typed, ""
        self._hold(False)
        self._exchange.drop()
        now = Span(start=self._exchange.clock, end=self._exchange.clock)
        reply = replace(typed_reply(text, self._context, self._parts.understand), span=now)
        self._on_hold.replied(reply)
        return reply

    def _settle(self) -> None:
        """The last reply cannot go on any more: have it understood for good."""
        if self._last_reply is not None:
            reply, self._last_reply, self._exchange.unsettled = self._last_reply, None, False
            final, self._final = self._final, None
            self._finals.order(reply, final or self._ear.finish(self._context))

    # -- what the trainee wants beside -----------------------------------------------------------------------------

    def _wish(self, *, listening: bool = False) -> Control | None:
        """What the call has to be told; pauses, the talk key and typing are dealt with here."""
        if self._exchange.stopped:
            return Control.STOP
        if trouble := self._parts.trouble():
            return self._paused().for_disk(trouble)
        wish = self._parts.controls()
        if isinstance(wish, Typed):
            self._turns.hold(False)
            if self._manner.is_stop_word(wish.text):
                # No reply any more: one that leads to the last line would end the call otherwise.
                self._exchange.stopped = True
                return Control.STOP
            self._typed = wish.text
        elif wish is Control.TYPE:
            self._turns.hold(True)
        elif wish is Control.TALK:
            self._talk()
        elif wish in (Control.MUTE, Control.UNMUTE):
            self._mute = wish is Control.MUTE
            self._microphone()
        elif wish in (Control.HOLD, Control.UNHOLD):
            self._hold(wish is Control.HOLD)
        elif wish is Control.PAUSE:
            return self._paused().for_trainee()
        elif wish is Control.AGAIN:
            return self._again(half=listening and bool(self._turns.speech))
        elif wish is not Control.ACCEPT:
            return wish
        return None

    def _talk(self) -> None:
        if self._manner.push_to_talk and not self._on_hold.on:
            self._talking = not self._talking
            self._microphone()
            if self._talking:
                self._turns.hold(True)
            else:
                self._turns.over()

    def _hold(self, on: bool) -> None:
        """Put the caller on hold, or come back; the talk key is up then."""
        if on:
            self._talking = False
            self._on_hold.begin()
        else:
            self._on_hold.end()
        self._microphone()

    def _microphone(self) -> None:
        """Let the caller hear the trainee, or not."""
        closed = self._manner.push_to_talk and not self._talking
        self._exchange.muted = closed or self._mute or self._on_hold.on

    def _again(self, *, half: bool) -> Control | None:
        """What becomes of the wish to say something again: half a reply is begun anew, a whole one after a pause."""
        if self._manner.official:
            self._watcher.note(NO_AGAIN)
            return None
        if half:
            return Control.REPEAT
        undone = self._recorder.last_reply()
        if undone is None:
            self._watcher.note(NOTHING_AGAIN)
            return None
        if self._one_turn:
            return Control.AGAIN
        pause = self._paused()
        self._watcher.asks_again(undone)
        return pause.for_again(self._finals.take_ready)

    def _paused(self) -> Pause:
        """A pause of the call, without the reply under way: after it nobody types or holds the talk key."""
        self._settle()
        self._under_way = self._begun()
        self._exchange.drop()
        self._hold(False)
        self._turns.hold(False)
        self._talking = False
        self._microphone()
        return Pause(self._exchange, self._parts, wait_s=self._manner.wait_s, watcher=self._watcher)


def _answers(step: Say | Listen) -> bool:
    return isinstance(step, Say) and step.outcome is not None and step.outcome.reply is not None


def _patience(script: Script, manner: Manner) -> Patience:
    patience = Patience(cut_in_after_s=script.interrupts_after_s)
    if script.patience_s is not None:
        patience = replace(patience, incomplete_s=script.patience_s)
    return patience.scaled(manner.patience)
