"""How soon the caller answers, how often too soon, and whether "mm-hm" is told from an interruption.

    python tests/benchmarks/turn_taking.py [--quick] [--part test] [--plain] [--over]

Real voice activity and real recognition, stepped by the call's own exchange on the clock of the samples; only the
headset is left out, whose round trip is added in rows that say so. The replies are those of turn_taking.tsv, spoken by
several personas in a quiet room; read prose and real interruptions come from ``VOICESIM_SPEECH`` and are left out
without it. The part ``test`` has its own texts, personas and speakers: it is opened for a published table, not to tune.
So is ``fresh``, which holds backchannels and interruptions of others again, and nothing else; ``--over`` hears nothing
but those of any part.
``--plain`` takes full stops and capitals out of what is recognized, as from a recognizer that sets none.

A false cut is a commit before the last voiced sample, or in a pause of 0.3 to 1.5 s of read prose; it is repaired if
the trainee goes on within 0.5 s. The sound goes on after it as if nothing had happened, so each pause counts alone.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

import numpy as np
from _table import HEAD, Row, machine, share
from _turn_sounds import Clip, noises, prose, short_words, snippets, spoken

from voicesim.backends.personas import find_persona
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.backends.whisper_recognizer import WhisperHearing, WhisperRecognizer
from voicesim.call.ear import Ear
from voicesim.call.exchange import Exchange
from voicesim.call.patience import Patience
from voicesim.call.turn_taking import Signal, TurnTaking
from voicesim.call.understood import Understood
from voicesim.call.watch import Watcher
from voicesim.model import FRAME, RATE_HZ, Context, Delivery, Heard, OverlapKind, Samples, Transcript
from voicesim.ports import Capabilities, Frames
from voicesim.settings import Settings

#: Of the virtual headset: out to the ears and back from the microphone, and out alone.
ROUND_TRIP_S, TO_THE_EARS_S = 0.24, 0.16
_NOTHING = np.zeros(FRAME, np.float32)
QUICK = 12
#: What a call listens for while it looks at speech.
_STOP_WORDS = (Settings().stop_word,)


class _Played:
    """A duplex on which a clip is spoken; silence follows."""

    def __init__(self, samples: Samples) -> None:
        self._frames = np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME)
        self._next = 0

    def read(self) -> Frames:
        self._next += 1
        return Frames(self._frames[self._next - 1] if self._next <= len(self._frames) else _NOTHING, _NOTHING)

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class Recognizer:
    """The embedded Whisper, ``plain`` or as it is; ``took_s`` are the seconds of each live decode."""

    plain: bool
    took_s: list[float] = field(default_factory=list)
    _whisper: WhisperRecognizer = field(default_factory=WhisperRecognizer)

    @property
    def capabilities(self) -> Capabilities:
        """Those of Whisper."""
        return self._whisper.capabilities

    def start(self, rate_hz: int) -> "_Hearing":
        """A new hearing."""
        return _Hearing(self._whisper.start(rate_hz), self)

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        """As Whisper does, timed."""
        began = time.perf_counter()
        text = self._whisper.glance(samples, listens_for)
        self.took_s.append(time.perf_counter() - began)
        return re.sub(r"[^\w' ]", " ", text.lower()) if self.plain else text


class _Hearing:
    def __init__(self, whisper: WhisperHearing, recognizer: Recognizer) -> None:
        self._whisper, self._recognizer = whisper, recognizer

    def feed(self, samples: Samples) -> str:
        return self._whisper.feed(samples)

    def so_far(self) -> Transcript:
        began = time.perf_counter()
        transcript = self._whisper.so_far()
        self._recognizer.took_s.append(time.perf_counter() - began)
        plain = re.sub(r"[^\w' ]", " ", transcript.text.lower())
        return replace(transcript, text=plain) if self._recognizer.plain else transcript

    def finish(self) -> Transcript:
        return self._whisper.finish()


class Call:
    """One clip heard by a call's own exchange: over a line that lasts as long, or in the silence after one."""

    def __init__(self, clip: Clip, recognizer: Recognizer, vad: SileroVad, *, over_line: bool) -> None:
        self.turns = TurnTaking(Patience(), punctuated=not recognizer.plain)
        self.signals: list[tuple[Signal, int]] = []
        self._clip, self._ear = clip, Ear(recognizer, _understand, _measure, _STOP_WORDS)
        vad.reset()
        self._exchange = Exchange(
            _Played(clip.samples),
            keep=lambda frames: None,
            activity=vad,
            turns=self.turns,
            ear=self._ear,
            is_stop_word=lambda text: False,
            watcher=Watcher(),
            waits=True,
        )
        self.turns.line_begins(answers_reply=False)
        if not over_line:
            self.turns.line_ends()

    def hear(self) -> "Call":
        """The call after the whole clip."""
        for _ in range(0, len(self._clip.samples), FRAME):
            for signal in self._exchange.step(_NOTHING):
                self.signals.append((signal, self._exchange.clock))
                if signal is Signal.DECODE:
                    self._exchange.decode_ahead(Context(), 0)
        self._ear.close()
        return self

    def at(self, signal: Signal) -> list[int]:
        """The samples at which a signal was given."""
        return [at for given, at in self.signals if given is signal]


def _understand(transcript: Transcript, context: Context) -> Understood:
    return Understood(heard=Heard(transcript=transcript))


def _measure(spoken_reply: object, transcript: Transcript) -> Delivery:
    return Delivery(speech_s=0.0)


@dataclass(slots=True)
class Cuts:
    """False cuts of some pauses or replies; ``repaired`` are those after which the trainee went on soon enough."""

    of: int = 0
    cut: int = 0
    repaired: int = 0

    def count(self, commits: Iterable[int], goes_on: int) -> None:
        """One more pause (or reply), committed at ``commits`` before the speech that ``goes_on``."""
        self.of += 1
        if first := next(iter(commits), None):
            self.cut += 1
            self.repaired += goes_on - first < Patience().went_on_s * RATE_HZ

    def lines(self, name: str) -> str:
        """Two lines: before and after the repair."""
        left = self.cut - self.repaired
        return f"{share(f'{name}, cut', self.cut, self.of)}\n{share(f'{name}, cut and not repaired', left, self.of)}"


def replies(clips: Iterable[Clip], hear: Callable[[Clip], Call], vad: SileroVad) -> tuple[Cuts, list[float]]:
    """False cuts of replies and the seconds from the last voiced sample to the commit."""
    cuts, gaps_s = Cuts(), []
    for clip in clips:
        commits = hear(clip).at(Signal.COMMIT)
        early = [at for at in commits if at < clip.voiced.end]
        starts = [span.start for span in speech_spans(clip.samples, vad, min_gap_s=0.1)]
        cuts.count(early, next((start for start in starts if early and start > early[0] - RATE_HZ // 8), 0))
        gaps_s += [(at - clip.voiced.end) / RATE_HZ for at in commits if at >= clip.voiced.end][:1]
    return cuts, gaps_s


def pauses(clips: Iterable[Clip], hear: Callable[[Clip], Call], vad: SileroVad) -> Cuts:
    """False cuts in the pauses of 0.3 to 1.5 s of read prose."""
    cuts = Cuts()
    for clip in clips:
        commits = hear(clip).at(Signal.COMMIT)
        for before, after in pairwise(speech_spans(clip.samples, vad, min_gap_s=0.3)):
            if after.start - before.end <= 1.5 * RATE_HZ:
                # Until speech is sure of itself, 0.128 s after it began, the pause goes on.
                last = after.start + RATE_HZ // 8
                cuts.count((at for at in commits if before.end < at <= last), after.start)
    return cuts


@dataclass(slots=True)
class Over:
    """Speech over a line: how much was judged as what it is, and how soon."""

    right: int = 0
    of: int = 0
    down_s: list[float] = field(default_factory=list)
    interrupted_s: list[float] = field(default_factory=list)

    def __add__(self, other: "Over") -> "Over":
        """Both together."""
        return Over(
            self.right + other.right,
            self.of + other.of,
            self.down_s + other.down_s,
            self.interrupted_s + other.interrupted_s,
        )

    def hear(self, clips: Iterable[Clip], hear: Callable[[Clip], Call], kind: OverlapKind) -> "Over":
        """This and what happens over these clips, all of which are of a ``kind``."""
        for clip in clips:
            call = hear(clip)
            interrupted = call.at(Signal.INTERRUPTED)
            self.of += 1
            self.right += bool(interrupted) == (kind is OverlapKind.INTERRUPTION)
            self.down_s += [(at - clip.voiced.start) / RATE_HZ for at in call.at(Signal.TURN_DOWN)[:1]]
            if kind is OverlapKind.INTERRUPTION:
                self.interrupted_s += [(at - clip.voiced.start) / RATE_HZ for at in interrupted[:1]]
        return self


def listening(part: str, quick: int | None, hear: Callable[[Clip], Call], vad: SileroVad) -> Iterator[str]:
    """The lines about the end of a reply."""
    gaps_s: dict[str, list[float]] = {}
    for kind in ("fluent", "hesitating"):
        cuts, gaps_s[kind] = replies(islice(spoken(part, kind, every_persona=quick is None), quick), hear, vad)
        yield cuts.lines(f"{kind} replies")
    yield pauses(islice(prose(part), quick and quick // 4), hear, vad).lines("pauses of read prose")
    yield HEAD
    for kind, values in gaps_s.items():
        heard = [value + ROUND_TRIP_S for value in values]
        yield str(Row(name=f"{kind}: last voiced -> commit", values=values, unit="s"))
        yield str(Row(name="  and through a headset", values=heard, unit="s", below=0.8 if kind == "fluent" else None))


def speaking(part: str, quick: int | None, hear: Callable[[Clip], Call]) -> Iterator[str]:
    """The lines about speech over a line."""
    by_voice: dict[str, list[Clip]] = {"neural voices": [], "the system's voice": []}
    for clip in islice(spoken(part, "backchannel"), quick):
        neural = find_persona(clip.speaker).engine == "hibari"
        by_voice["neural voices" if neural else "the system's voice"].append(clip)
    by = {voice: Over().hear(clips, hear, OverlapKind.BACKCHANNEL) for voice, clips in by_voice.items()}
    listens = sum(by.values(), Over())
    words = Over().hear(islice(short_words(part), quick), hear, OverlapKind.BACKCHANNEL)
    made = Over().hear(islice(spoken(part, "interruption"), quick), hear, OverlapKind.INTERRUPTION)
    real = Over().hear(islice(snippets(part), quick), hear, OverlapKind.INTERRUPTION)
    named = {"backchannels": listens, "short real words": words, "spoken interruptions": made, "real speech": real}
    for name, over in named.items():
        yield share(f"{name} told apart", over.right, over.of)
    yield from (share(f"  backchannels by {voice}", over.right, over.of) for voice, over in by.items() if over.of)
    yield share("all told apart", sum(o.right for o in named.values()), sum(o.of for o in named.values()))
    for noise in ("click", "knock", "breath", "rustle"):
        heard = [hear(clip) for clip in noises(1 if part == "dev" else 2, 80) if clip.kind == noise][:quick]
        yield share(f"turned down by a {noise}", sum(bool(call.at(Signal.TURN_DOWN)) for call in heard), len(heard))
    down_s = [value for over in named.values() for value in over.down_s]
    silent_s = made.interrupted_s + real.interrupted_s
    yield HEAD
    for name, values, below in (("turned down", down_s, 0.3), ("interrupted", silent_s, 0.8)):
        yield str(Row(name=f"begins to talk -> {name}", values=values, unit="s"))
        heard_s = [value + TO_THE_EARS_S for value in values]
        yield str(Row(name="  and in the ears", values=heard_s, unit="s", below=below))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few clips of each kind")
    parser.add_argument("--part", choices=("dev", "test", "fresh"), default="dev")
    parser.add_argument("--over", action="store_true", help="only what is said over a line")
    parser.add_argument("--plain", action="store_true", help="recognized text without full stops and capitals")
    options = parser.parse_args(arguments)
    vad, recognizer, quick = SileroVad(), Recognizer(plain=options.plain), QUICK if options.quick else None
    print(f"{machine()}\npart {options.part}, {recognizer.capabilities.engine}{', plain text' * options.plain}\n")

    def listen(clip: Clip) -> Call:
        return Call(clip, recognizer, vad, over_line=False).hear()

    def over(clip: Clip) -> Call:
        return Call(clip, recognizer, vad, over_line=True).hear()

    if not options.over and options.part != "fresh":
        for line in listening(options.part, quick, listen, vad):
            print(line, flush=True)
        print(Row(name="a decode of a reply so far", values=recognizer.took_s, unit="s"), end="\n\n")
        recognizer.took_s.clear()
    for line in speaking(options.part, quick, over):
        print(line, flush=True)
    print(Row(name="a look at speech over a line", values=recognizer.took_s, unit="s"))


if __name__ == "__main__":
    main()
