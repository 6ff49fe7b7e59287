"""Final transcripts under way: ordered when a reply is settled, put into the record as they come. SHELL."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

from voicesim.call.record import Recorder
from voicesim.call.understood import Understood
from voicesim.call.watch import Watcher
from voicesim.model import Heard, Reply


@dataclass(frozen=True, slots=True)
class _Final:
    """A final transcript under way for the reply of turn ``index`` (from 0)."""

    index: int
    reply: Reply
    result: Future[Understood]


class Finals:
    """The replies whose final understanding is not in the record yet."""

    def __init__(self, recorder: Recorder, watcher: Watcher) -> None:
        self._recorder, self._watcher = recorder, watcher
        self._waiting: list[_Final] = []

    def order(self, reply: Reply, result: Future[Understood]) -> None:
        """The final understanding of the reply in the last complete turn will come."""
        self._waiting.append(_Final(len(self._recorder.turns) - 1, reply, result))

    def retracted(self) -> None:
        """The last turn is open again: nothing final can be said of its reply."""
        self._waiting = [final for final in self._waiting if final.index < len(self._recorder.turns)]

    def take_ready(self) -> None:
        """Put what has come into the record; what failed is met at the end, by :meth:`settle`."""
        while self._waiting and self._waiting[0].result.done() and self._waiting[0].result.exception() is None:
            self._put(self._waiting.pop(0))

    def settle(self) -> Exception | None:
        """Wait for all of them; gives what made one fail: what was understood live stands for both then."""
        broken_by: Exception | None = None
        for final in self._waiting:
            try:
                self._put(final)
            except Exception as error:  # noqa: BLE001 - kept, and raised again by whoever keeps the call
                broken_by = error
        self._waiting = []
        return broken_by

    def _put(self, final: _Final) -> None:
        heard = final.result.result().heard
        cuts = tuple(f for f in final.reply.live.findings if f.id == "interrupt")
        heard = Heard(transcript=heard.transcript, findings=(*heard.findings, *cuts))
        reply = replace(final.reply, final=heard)
        self._recorder.finalise(final.index, reply)
        self._watcher.finalised(final.index, reply)
