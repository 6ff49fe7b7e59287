"""Whose turn it is: pure, fed with speech probabilities in step with the microphone's clock.

The shell feeds one probability a window (512 samples) and says when the caller's line begins and ends; what comes
back are the signals that the shell acts on. Words arrive as decode events. Nothing here knows a clock or a thread.

While she speaks: 0.1 s of speech turn her down; 0.57 s, or two words that are no backchannel, make an interruption.
Where the words at 0.35 s leave it open that somebody only listens, they are asked for again, and other words make it
one, or 1.2 s. Speech in the first 0.5 s of an answer means that the reply had not ended. While she listens: 0.1 s of
silence ask for a decode ahead, whose text decides how long a pause ends the reply: 0.35 s where it surely ends a turn,
0.45 s where it looks complete, 1.15 s any. Who has paused within the reply is given 0.3 s more than that pause.
"""

from enum import Enum, auto

from voicesim.call.patience import Patience
from voicesim.call.stretches import Spoken, Stretches
from voicesim.call.turn_words import Listening, TextEnding, ending_of, is_backchannel, is_punctuated, listening_of
from voicesim.model import RATE_HZ, Overlap, OverlapKind, Span

#: Samples in one window of voice activity.
WINDOW = 512
#: A window of at least this probability is no fading end of speech.
_SURE = 0.8
_MAY_LISTEN = (Listening.LISTENS, Listening.UNKNOWN)


def _samples(seconds: float) -> int:
    return round(seconds * RATE_HZ)


class Signal(Enum):
    """What the shell is told to do.

    DECODE asks for the text of the reply so far. CUT_IN asks for it to answer at once, although the trainee speaks on.
    LOOK asks for the text of what is said over a line, for :meth:`TurnTaking.looked`. PARTIAL asks for the text as
    well, for the screen and the stop word; it decides nothing.
    """

    DECODE = auto()
    COMMIT = auto()
    SILENCE = auto()
    TURN_DOWN = auto()
    TURN_UP = auto()
    INTERRUPTED = auto()
    WENT_ON = auto()
    LOOK = auto()
    PARTIAL = auto()
    CUT_IN = auto()


class TurnTaking:
    """Decides from speech probabilities when a reply begins, pauses and ends, and what speech over a line is."""

    def __init__(
        self,
        patience: Patience | None = None,
        *,
        threshold: float = 0.5,
        release: float = 0.35,
        punctuated: bool = False,
    ) -> None:
        self.patience = patience or Patience()
        self._threshold, self._release = threshold, release
        self._at = 0
        self._line_start: int | None = None
        self._may_go_on = False
        self._cuts_in = False
        self._listen_from = 0
        self._speech = Stretches()
        self._last: Stretches = Stretches()
        self._overlaps: list[Overlap] = []
        self._last_overlaps: list[Overlap] = []
        self._interrupting_s: float | None = None
        self._last_interrupting_s: float | None = None
        self._down = False
        self._interrupted = False
        self._decoded: TextEnding | None = None
        #: The recognizer sets full stops: known from the start, or learned from its first text.
        self._punctuated = punctuated
        self._asked = False
        self._held = False
        self._closing = False

    # -- what the shell says -------------------------------------------------------------------------------------

    def line_begins(self, *, answers_reply: bool, cuts_in: bool = False) -> None:
        """The caller starts to speak now; ``answers_reply`` if this line answers a reply that may have gone on.

        With ``cuts_in`` she cuts into a reply: speech in the first ``yield_s`` is neither an interruption nor going on.
        """
        self._line_start, self._may_go_on, self._cuts_in = self._at, answers_reply and not cuts_in, cuts_in
        if answers_reply:
            self._last, self._last_overlaps = self._speech, self._overlaps
            self._last_interrupting_s = self._interrupting_s
        # Speech that has just begun, too short to be sure of, may be the reply going on.
        self._speech, self._overlaps = Stretches(run=0 if cuts_in else self._speech.run), []
        self._down = self._interrupted = self._closing = False
        self._interrupting_s = None

    def line_ends(self) -> None:
        """The caller has stopped; speech that goes on belongs to the next reply."""
        if self._line_start is not None and self._speech.start is not None:
            if self._interrupted:
                self._overlaps.pop()
            self._note_overlap(self._kind_at_end())
            if self._cuts_in:
                self._speech = Stretches()
        self._listen()

    def hold(self, on: bool) -> None:
        """While on (the trainee types or holds the talk key) a reply never ends and no wait is a silence.

        Neither COMMIT, SILENCE nor CUT_IN is given. Off: waits count anew from now.
        """
        self._held, self._listen_from = on, self._at

    def over(self) -> None:
        """The trainee says that the reply is over (lets go of the talk key): ends :meth:`hold`, and a reply if any.

        The reply is decoded at the next window, committed as soon as it is decoded, and takes no more speech.
        """
        self.hold(False)
        self._closing = self._speech.start is not None

    def drop(self) -> None:
        """Forget speech, overlaps and decodes of the reply under way: the call was paused. Waits count from now."""
        self._speech, self._overlaps = Stretches(), []
        self._interrupted = self._closing = self._may_go_on = False
        self._listen_from = self._at
        self._restart_decode()

    def decoded(self, text: str) -> None:
        """The text of the reply so far, as asked for by DECODE; a short sound without words was no speech."""
        if not self._asked:
            return
        self._punctuated = self._punctuated or is_punctuated(text)
        self._decoded = ending_of(text, punctuated=self._punctuated)
        if self.patience.is_cough(text, self.speech):
            self._speech = Stretches()
            self._closing = False
            self._restart_decode()

    def words(self, text: str) -> tuple[Signal, ...]:
        """Partial words spoken over a line; two that are no backchannel make it an interruption at once."""
        if self._line_start is None or self._interrupted or self._cuts_in or self._speech.start is None:
            return ()
        self._speech.listens = listening_of(text)
        return () if is_backchannel(text) else self._interrupt()

    def looked(self, text: str) -> tuple[Signal, ...]:
        """The words over a line, as asked for by LOOK: who only listens may go on until they say more.

        A first glance only sets for how long; at each further one other words interrupt at once, if they go on.
        """
        speech = self._speech
        if not speech.glancing or self._interrupted or self._cuts_in or self._line_start is None:
            return ()
        speech.glancing = False
        speech.listens = listening_of(text)
        first = speech.glanced < _samples(self.patience.glance_s + self.patience.reglance_s)
        goes_on = first or speech.listens in _MAY_LISTEN or not speech.sure
        return () if goes_on else self._interrupt(self._may_last_s())

    # -- what the shell asks -------------------------------------------------------------------------------------

    @property
    def at(self) -> int:
        """Samples of microphone sound judged so far."""
        return self._at

    @property
    def speech(self) -> tuple[Span, ...]:
        """Stretches of speech of the reply under way."""
        return self._speech.closed()

    @property
    def overlaps(self) -> tuple[Overlap, ...]:
        """Speech over the last line: backchannels, interruptions and early starts."""
        return tuple(self._overlaps)

    @property
    def interrupting_s(self) -> float | None:
        """How much speech made the interruption among the overlaps, by its words; None if the words alone did."""
        return self._interrupting_s

    @property
    def spoken(self) -> Spoken:
        """The reply under way; there must be one."""
        return Spoken(speech=self.speech, overlaps=self.overlaps, interrupting_s=self._interrupting_s)

    # -- what the microphone says --------------------------------------------------------------------------------

    def window(self, probability: float) -> tuple[Signal, ...]:
        """Judge the next window; ``probability`` 0..1 that it holds speech. Signals in the order to act on."""
        start, self._at = self._at, self._at + WINDOW
        speech = self._speech
        speech.sure = probability >= _SURE
        loud = probability >= (self._release if speech.talking else self._threshold)
        if loud:
            self._grow(start)
        else:
            speech.run = 0
            if self._at - speech.end >= _samples(self.patience.onset_s):
                speech.talking = False
        signals = self._over_line() if self._line_start is not None else self._listening()
        return signals + self._partial()

    def _grow(self, start: int) -> None:
        speech = self._speech
        speech.run += WINDOW
        if not speech.talking and speech.run < _samples(self.patience.onset_s):
            return
        if not speech.talking:
            speech.talking = True
            onset = self._at - speech.run
            if speech.start is None:
                speech.start = onset
            else:
                self._resume(onset)
            speech.grown += speech.run - WINDOW
        if self._asked and not self._closing:
            self._restart_decode()
        speech.end, speech.looked = start + WINDOW, False
        speech.grown += WINDOW

    def _resume(self, onset: int) -> None:
        """The reply goes on after a pause."""
        speech = self._speech
        speech.longest_pause = max(speech.longest_pause, onset - speech.end)
        if speech.start is not None and onset - speech.end >= _samples(self.patience.pause_s):
            speech.spans.append(Span(start=speech.start, end=speech.end))
            speech.start = onset

    def _partial(self) -> tuple[Signal, ...]:
        """Whether speech has grown enough for another look at its text."""
        speech = self._speech
        if speech.grown < _samples(self.patience.partial_s):
            return ()
        speech.grown = 0
        return (Signal.PARTIAL,)

    def _listen(self) -> None:
        self._line_start, self._listen_from = None, self._at
        self._restart_decode()

    def _restart_decode(self) -> None:
        self._asked, self._decoded = False, None

    def _ask(self, signal: Signal) -> tuple[Signal, ...]:
        self._asked, self._speech.grown = True, 0
        return (signal,)

    def _listening(self) -> tuple[Signal, ...]:
        speech = self._speech
        if speech.start is None:
            waited = self._at - self._listen_from
            return (Signal.SILENCE,) if not self._held and waited >= _samples(self.patience.silence_s) else ()
        if self._must_cut_in():
            self._closing = True
            return self._ask(Signal.CUT_IN)
        quiet = self._at - max(speech.end, self._listen_from)
        if not self._asked and (self._closing or quiet >= _samples(self.patience.look_s)):
            return self._ask(Signal.DECODE)
        if self._held or not self._asked or self._decoded is None:
            return ()
        wait_s = self.patience.wait_s(self._decoded, speech.longest_pause / RATE_HZ)
        # Speech that has just begun, too short to be sure of, may be the reply going on: a moment shows.
        ended = quiet >= _samples(wait_s) and not speech.run
        return (Signal.COMMIT,) if self._closing or ended else ()

    def _must_cut_in(self) -> bool:
        after_s, first = self.patience.cut_in_after_s, self._speech.first
        if after_s is None or first is None or self._held or self._closing:
            return False
        return self._speech.talking and self._at - first >= _samples(after_s)

    def _over_line(self) -> tuple[Signal, ...]:
        self._end_of_cut_in()
        speech = self._speech
        if speech.start is None or speech.first is None:
            return self._turn_down() or self._turn_up()
        if not speech.talking and self._at - speech.end >= _samples(self.patience.pause_s):
            if not speech.looked and speech.end - speech.first >= _samples(self.patience.cough_s):
                # What is no part of a reply is let go of a window later: the shell wants to hear it first.
                speech.looked, speech.grown = True, 0
                return (Signal.PARTIAL,)
            return () if self._interrupted else self._let_go()
        return () if self._interrupted or self._cuts_in else self._judge(speech.end - speech.start)

    def _judge(self, spoken: int) -> tuple[Signal, ...]:
        """What ``spoken`` samples of speech over the line are so far."""
        speech, patience = self._speech, self.patience
        if spoken >= _samples(patience.going_s) and self._goes_on():
            self._speech, self._overlaps = self._last.then(speech), self._last_overlaps
            self._interrupting_s = self._last_interrupting_s
            self._listen()
            return (Signal.WENT_ON,)
        if speech.run and spoken >= _samples(self._may_last_s()):
            return self._interrupt(self._may_last_s())
        if spoken >= self._next_glance():
            speech.glanced, speech.glancing, speech.grown = spoken, True, 0
            return (Signal.LOOK,)
        return self._turn_down()

    def _may_last_s(self) -> float:
        """How much speech over the line is an interruption, by what its words say so far."""
        speech, patience = self._speech, self.patience
        if speech.listens in _MAY_LISTEN:
            return patience.listens_s
        # Voice activity hears a short word for a moment longer than it lasts, less and less sure of it.
        says_more = speech.listens is Listening.SAYS_MORE and speech.sure
        return patience.said_s if says_more else patience.interruption_s

    def _next_glance(self) -> int:
        """At how much speech over the line its words are asked for again."""
        glanced = self._speech.glanced
        if not glanced:
            return _samples(self.patience.glance_s)
        return glanced + _samples(self.patience.reglance_s)

    def _turn_down(self) -> tuple[Signal, ...]:
        """Turn the caller down at the first sign of speech; if it was none she is back in a moment."""
        if self._down or self._cuts_in or self._speech.run < _samples(self.patience.quieter_s):
            return ()
        self._down = True
        return (Signal.TURN_DOWN,)

    def _turn_up(self) -> tuple[Signal, ...]:
        if not self._down or self._speech.run:
            return ()
        self._down = False
        return (Signal.TURN_UP,)

    def _let_go(self) -> tuple[Signal, ...]:
        """Speech over a line has ended and was no part of a reply."""
        self._note_overlap(OverlapKind.CUT_IN if self._cuts_in else OverlapKind.BACKCHANNEL)
        self._speech, self._closing = Stretches(), False
        return self._turn_up()

    def _end_of_cut_in(self) -> None:
        """The caller has cut in for long enough: who still speaks interrupts her like anybody else."""
        line = self._line_start
        if not self._cuts_in or line is None or self._at - line < _samples(self.patience.yield_s):
            return
        self._note_overlap(OverlapKind.CUT_IN)
        self._speech, self._cuts_in = Stretches(), False

    def _kind_at_end(self) -> OverlapKind:
        if self._cuts_in:
            return OverlapKind.CUT_IN
        return OverlapKind.INTERRUPTION if self._interrupted else OverlapKind.EARLY

    def _goes_on(self) -> bool:
        line, onset = self._line_start, self._speech.start
        if not self._may_go_on or line is None or onset is None:
            return False
        return onset - line < _samples(self.patience.went_on_s)

    def _interrupt(self, after_s: float | None = None) -> tuple[Signal, ...]:
        self._interrupted, self._interrupting_s = True, after_s
        self._note_overlap(OverlapKind.INTERRUPTION)
        return (Signal.INTERRUPTED,)

    def _note_overlap(self, kind: OverlapKind) -> None:
        if self._speech.start is not None:
            self._overlaps.append(Overlap(span=Span(start=self._speech.start, end=self._speech.end), kind=kind))
