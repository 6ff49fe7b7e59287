"""The hearing worker of a live call: recognizes a reply while it is spoken, ahead of its end and finally.

SHELL. All work runs in order on one thread, so a hearing has begun by the time it is fed; what comes back is a future.
The shell decides at which sample a result counts as arrived, so that the outcome of a call never depends on the
machine's speed.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from voicesim.call.understood import Measure, SpokenReply, Understand, Understood
from voicesim.model import RATE_HZ, Context, Delivery, Samples, Transcript, Word
from voicesim.ports import Hearing, Recognizer

#: What is understood where no reply is being heard.
_NOTHING = Transcript(words=(), text="", engine="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The live understanding of a reply that may not be over."""

    understood: Understood
    delivery: Delivery | None


class Tape:
    """The last stretch of one channel's sound, addressed by the samples of the call."""

    def __init__(self) -> None:
        self._frames: list[Samples] = []
        self._first = 0

    def append(self, frame: Samples) -> None:
        """Add the next frame."""
        self._frames.append(frame)

    def cut(self, start: int, end: int) -> Samples:
        """float32[end - start]; what was forgotten or has not sounded yet is left out."""
        whole = np.concatenate(self._frames) if self._frames else np.zeros(0, np.float32)
        return whole[max(0, start - self._first) : max(0, end - self._first)]

    def forget(self, before: int) -> None:
        """Let go of all frames that lie wholly before a sample."""
        while self._frames and self._first + len(self._frames[0]) <= before:
            self._first += len(self._frames.pop(0))


class Ear:
    """Hears one reply after the other; :meth:`begin` starts one, :meth:`finish` ends it."""

    def __init__(
        self, recognizer: Recognizer, understand: Understand, measure: Measure, listens_for: Sequence[str] = ()
    ) -> None:
        """``listens_for`` are the stop words: where a glance is in doubt it may hear them."""
        self._recognizer, self._understand, self._measure = recognizer, understand, measure
        self._listens_for = tuple(listens_for)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hearing")
        self._hearing: Future[Hearing] | None = None
        self._origin = 0
        self.streams = recognizer.capabilities.partials

    @property
    def listening(self) -> bool:
        """Whether a reply is being heard."""
        return self._hearing is not None

    def begin(self, origin: int, samples: Samples) -> None:
        """Start a reply whose first samples (from sample ``origin`` of the call) are here."""
        # Vosk takes 0.06-0.16 s to start a hearing: on the thread of the call that would be a hole in the caller.
        self._hearing, self._origin = self._worker.submit(self._recognizer.start, RATE_HZ), origin
        self.feed(samples)

    def feed(self, samples: Samples) -> Future[str] | None:
        """Hear more; the future holds the partial text."""
        hearing = self._hearing
        return None if hearing is None else self._worker.submit(lambda: hearing.result().feed(samples))

    def glance(self, samples: Samples, *, in_favour: bool) -> Future[str]:
        """The text of some sound by itself, for a recognizer that does not give it while it is fed.

        It is heard ``in_favour`` of the stop words or as it is.
        """
        return self._worker.submit(self._recognizer.glance, samples, self._listens_for if in_favour else ())

    def drop(self) -> None:
        """What was heard was no reply."""
        self._hearing = None

    def ahead(self, context: Context, spoken: SpokenReply) -> Future[Ahead]:
        """Understand what was said so far; the reply may go on."""
        hearing, origin = self._hearing, self._origin

        def work() -> Ahead:
            transcript = shifted(hearing.result().so_far(), origin) if hearing else _NOTHING
            return Ahead(understood=self._understand(transcript, context), delivery=self._measure(spoken, transcript))

        return self._worker.submit(work)

    def finish(self, context: Context) -> Future[Understood]:
        """Understand the whole reply for good."""
        hearing, origin = self._hearing, self._origin
        self._hearing = None

        def work() -> Understood:
            transcript = shifted(hearing.result().finish(), origin) if hearing else _NOTHING
            return self._understand(transcript, context)

        return self._worker.submit(work)

    def close(self) -> None:
        """Wait for the work under way and stop the worker."""
        self._worker.shutdown(wait=True, cancel_futures=True)


def shifted(transcript: Transcript, samples: int) -> Transcript:
    """The same transcript with its words ``samples`` later."""
    words = tuple(Word(text=w.text, span=w.span.shifted(samples), confidence=w.confidence) for w in transcript.words)
    return Transcript(words=words, text=transcript.text, engine=transcript.engine)
