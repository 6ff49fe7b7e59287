"""Whose turn it is: pure, fed with speech probabilities in step with the microphone's clock.

The shell feeds one probability a window (512 samples) and says when the caller's line begins and ends; what comes
back are the signals that the shell acts on. Words arrive as decode events. Nothing here knows a clock or a thread.

While she speaks (DESIGN: interruption or backchannel): 0.25 s of speech turn her down, 0.7 s or two words that are no
backchannel make an interruption. Speech in the first 0.5 s of an answer means that the reply had not ended.
While she listens: 0.25 s of silence ask for a decode ahead, 0.6 s commit a reply that sounds complete, 1.2 s any.
"""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from voicesim.model import RATE_HZ, Overlap, OverlapKind, Span

#: Samples in one window of voice activity.
WINDOW = 512
#: What people say to show that they listen (normal form, one or two words).
BACKCHANNELS = frozenset(
    "mm hm mhm mm-hm uh-huh uh huh hmm hm okay ok yes yeah yep i see right sure of course go on oh ah really".split()
)
_INCOMPLETE = frozenset(
    "a an the my your his her its our their and or but so because if when while which who "
    "of in on at by for from with without to into about i we he she they it's i'm i'll we'll um uh er erm "
    "is are was were will would could should may might must has had does let not very".split()
)
_INCOMPLETE_PAIRS = frozenset(
    {"let me", "i can", "i have", "i do", "we can", "we have", "you can", "you have", "that you"}
)


def _samples(seconds: float) -> int:
    return round(seconds * RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The waits of turn-taking in seconds; ``complete_s`` and ``incomplete_s`` are how long a pause ends a reply.

    ``cut_in_after_s`` is how long a reply may last before the caller cuts in (None: she never does).
    """

    look_s: float = 0.25
    pause_s: float = 0.25
    complete_s: float = 0.6
    incomplete_s: float = 1.2
    silence_s: float = 5.0
    quieter_s: float = 0.25
    interruption_s: float = 0.7
    went_on_s: float = 0.5
    going_s: float = 0.25
    onset_s: float = 0.1
    cough_s: float = 0.4
    partial_s: float = 1.0
    yield_s: float = 1.5
    cut_in_after_s: float | None = None

    def scaled(self, factor: float) -> "Patience":
        """The same with the waits for the end of a reply and for a silence ``factor`` times as long."""
        return replace(
            self,
            complete_s=factor * self.complete_s,
            incomplete_s=factor * self.incomplete_s,
            silence_s=factor * self.silence_s,
        )


class Signal(Enum):
    """What the shell is told to do.

    DECODE asks for the text of the reply so far. PARTIAL and LOOK ask for it too, but decide nothing: for the screen
    and the stop word. CUT_IN asks for it to answer at once, although the trainee speaks on.
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


def looks_complete(text: str) -> bool:
    """Whether a reply could end with this text.

    It has three words at least ("Right." opens more replies than it ends) and does not stop at an article, a
    conjunction, "let me", "I will" ..

    >>> looks_complete("I will ring you by five"), looks_complete("so what I can do is let me")
    (True, False)
    """
    words = "".join(c if c.isalnum() or c in "' " else " " for c in text.casefold()).split()
    return len(words) > 2 and words[-1] not in _INCOMPLETE and " ".join(words[-2:]) not in _INCOMPLETE_PAIRS


def is_backchannel(text: str) -> bool:
    """Whether a text holds fewer than two words beyond showing that one listens.

    >>> is_backchannel("mm-hm, I see"), is_backchannel("no listen to me")
    (True, False)
    """
    words = "".join(c if c.isalnum() or c in "' " else " " for c in text.casefold()).split()
    return sum(word not in BACKCHANNELS for word in words) < 2


@dataclass(slots=True)
class _Speech:
    """Stretches of speech heard so far; ``run`` is the latest one, still growing while ``talking``.

    ``grown`` is the speech since a text was last asked for; ``looked`` says that this pause has been looked at.
    """

    spans: list[Span] = field(default_factory=list)
    start: int | None = None
    end: int = 0
    talking: bool = False
    run: int = 0
    grown: int = 0
    looked: bool = False

    @property
    def first(self) -> int | None:
        return self.spans[0].start if self.spans else self.start

    def closed(self) -> tuple[Span, ...]:
        if self.start is None:
            return tuple(self.spans)
        return (*self.spans, Span(start=self.start, end=self.end))


class TurnTaking:
    """Decides from speech probabilities when a reply begins, pauses and ends, and what speech over a line is."""

    def __init__(self, patience: Patience | None = None, *, threshold: float = 0.5, release: float = 0.35) -> None:
        self.patience = patience or Patience()
        self._threshold, self._release = threshold, release
        self._at = 0
        self._line_start: int | None = None
        self._may_go_on = False
        self._cuts_in = False
        self._listen_from = 0
        self._speech = _Speech()
        self._last: _Speech = _Speech()
        self._overlaps: list[Overlap] = []
        self._last_overlaps: list[Overlap] = []
        self._down = False
        self._interrupted = False
        self._decoded: bool | None = None
        self._asked = False
        self._held = False
        self._closing = False

    # -- what the shell says -------------------------------------------------------------------------------------

    def line_begins(self, *, answers_reply: bool, cuts_in: bool = False) -> None:
        """The caller starts to speak now; ``answers_reply`` if this line answers a reply that may have gone on.

        With ``cuts_in`` she cuts into a reply: speech in the first 1.5 s is neither an interruption nor going on.
        """
        self._line_start, self._may_go_on, self._cuts_in = self._at, answers_reply and not cuts_in, cuts_in
        if answers_reply:
            self._last, self._last_overlaps = self._speech, self._overlaps
        # Speech that has just begun, too short to be sure of, may be the reply going on.
        self._speech, self._overlaps = _Speech(run=0 if cuts_in else self._speech.run), []
        self._down = self._interrupted = self._closing = False

    def line_ends(self) -> None:
        """The caller has stopped; speech that goes on belongs to the next reply."""
        if self._line_start is not None and self._speech.start is not None:
            if self._interrupted:
                self._overlaps.pop()
            self._note_overlap(self._kind_at_end())
            if self._cuts_in:
                self._speech = _Speech()
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
        self._speech, self._overlaps = _Speech(), []
        self._interrupted = self._closing = self._may_go_on = False
        self._listen_from = self._at
        self._restart_decode()

    def decoded(self, text: str) -> None:
        """The text of the reply so far, as asked for by DECODE; a short sound without words was no speech."""
        if not self._asked:
            return
        self._decoded = looks_complete(text)
        if not text.strip() and sum(span.length for span in self.speech) < _samples(self.patience.cough_s):
            self._speech = _Speech()
            self._closing = False
            self._restart_decode()

    def words(self, text: str) -> tuple[Signal, ...]:
        """Partial words spoken over a line; two that are no backchannel make it an interruption at once."""
        if self._line_start is None or self._interrupted or self._cuts_in or self._speech.start is None:
            return ()
        if is_backchannel(text):
            return ()
        return self._interrupt()

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

    # -- what the microphone says --------------------------------------------------------------------------------

    def window(self, probability: float) -> tuple[Signal, ...]:
        """Judge the next window; ``probability`` 0..1 that it holds speech. Signals in the order to act on."""
        start, self._at = self._at, self._at + WINDOW
        speech = self._speech
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
            elif onset - speech.end >= _samples(self.patience.pause_s):
                speech.spans.append(Span(start=speech.start, end=speech.end))
                speech.start = onset
            if not self._closing:
                self._restart_decode()
            speech.grown += speech.run - WINDOW
        speech.end, speech.looked = start + WINDOW, False
        speech.grown += WINDOW

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
        wait_s = self.patience.complete_s if self._decoded else self.patience.incomplete_s
        return (Signal.COMMIT,) if self._closing or quiet >= _samples(wait_s) else ()

    def _must_cut_in(self) -> bool:
        after_s, first = self.patience.cut_in_after_s, self._speech.first
        if after_s is None or first is None or self._held or self._closing:
            return False
        return self._speech.talking and self._at - first >= _samples(after_s)

    def _over_line(self) -> tuple[Signal, ...]:
        self._end_of_cut_in()
        speech = self._speech
        if speech.start is None or speech.first is None:
            return (Signal.TURN_UP,) if self._turned_up() else ()
        spoken = speech.end - speech.start
        if not speech.talking and self._at - speech.end >= _samples(self.patience.pause_s):
            if not speech.looked and speech.end - speech.first >= _samples(self.patience.cough_s):
                # What is no part of a reply is let go of a window later: the shell wants to hear it first.
                speech.looked = True
                return (Signal.LOOK,)
            return () if self._interrupted else self._let_go()
        if self._interrupted:
            return ()
        if self._cuts_in:
            return ()
        if spoken >= _samples(self.patience.going_s) and self._goes_on():
            self._speech, self._overlaps = _joined(self._last, speech), self._last_overlaps
            self._listen()
            return (Signal.WENT_ON,)
        if spoken >= _samples(self.patience.interruption_s):
            return self._interrupt()
        if spoken >= _samples(self.patience.quieter_s) and not self._down:
            self._down = True
            return (Signal.TURN_DOWN,)
        return ()

    def _let_go(self) -> tuple[Signal, ...]:
        """Speech over a line has ended and was no part of a reply."""
        self._note_overlap(OverlapKind.CUT_IN if self._cuts_in else OverlapKind.BACKCHANNEL)
        self._speech, self._closing = _Speech(), False
        return (Signal.TURN_UP,) if self._turned_up() else ()

    def _end_of_cut_in(self) -> None:
        """The caller has cut in for long enough: who still speaks interrupts her like anybody else."""
        line = self._line_start
        if not self._cuts_in or line is None or self._at - line < _samples(self.patience.yield_s):
            return
        self._note_overlap(OverlapKind.CUT_IN)
        self._speech, self._cuts_in = _Speech(), False

    def _kind_at_end(self) -> OverlapKind:
        if self._cuts_in:
            return OverlapKind.CUT_IN
        return OverlapKind.INTERRUPTION if self._interrupted else OverlapKind.EARLY

    def _goes_on(self) -> bool:
        line, onset = self._line_start, self._speech.start
        if not self._may_go_on or line is None or onset is None:
            return False
        return onset - line < _samples(self.patience.went_on_s)

    def _turned_up(self) -> bool:
        was, self._down = self._down, False
        return was

    def _interrupt(self) -> tuple[Signal, ...]:
        self._interrupted = True
        self._note_overlap(OverlapKind.INTERRUPTION)
        return (Signal.INTERRUPTED,)

    def _note_overlap(self, kind: OverlapKind) -> None:
        if self._speech.start is not None:
            self._overlaps.append(Overlap(span=Span(start=self._speech.start, end=self._speech.end), kind=kind))


def _joined(first: _Speech, second: _Speech) -> _Speech:
    return _Speech(
        spans=[*first.closed(), *second.spans],
        start=second.start,
        end=second.end,
        talking=second.talking,
        run=second.run,
    )
