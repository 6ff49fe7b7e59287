"""Holds a call with typed replies: no sound, no clock, the same caller.

SHELL without input or output of its own: replies come from an iterable, which may ask a person for each.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from voicesim.call.conduct import Control, End, Happened, Listen, Replied, Said, Say, Silence
from voicesim.call.context import context_of
from voicesim.call.record import Held, Recorder
from voicesim.call.retry import Since, recorder_of, taken_up
from voicesim.call.understood import Understand
from voicesim.call.watch import Watcher
from voicesim.model import Context, Ending, Reply, Span, Transcript, Word
from voicesim.script.model import Script

#: What a trainee types to take the last reply back and say it again.
AGAIN = "/again"
NO_AGAIN = "In this call no reply can be said again."
NOTHING_AGAIN = "There is no reply yet that could be said again."
_NOWHEN = Span(start=0, end=0)


def typed(text: str) -> Transcript:
    """A typed reply as a transcript: its words have no time, and every one counts as heard."""
    words = tuple(Word(text=word, span=_NOWHEN) for word in text.split())
    return Transcript(words=words, text=text, engine="typed")


def typed_reply(text: str, context: Context, understand: Understand) -> Reply:
    """A typed reply as it is understood; live and final are the same."""
    understood = understand(typed(text), context)
    return Reply(
        span=_NOWHEN,
        live=understood.heard,
        final=understood.heard,
        offers=understood.offers,
        mentions=understood.mentions,
    )


def hold_typed(
    script: Script,
    replies: Iterable[str | Control],
    understand: Understand,
    *,
    seed: int,
    watcher: Watcher,
    is_stop_word: Callable[[str], bool] = lambda text: False,
    official: bool = False,
    since: Since | None = None,
) -> Held:
    """Hold a call: a reply each, an empty one is a silent turn; the call is stopped one silence after the last.

    Among the replies may stand what a trainee can do beside answering: repeat, hang up, transfer, stop.

    A reply with the stop word, and Ctrl-C, end it early, and what was said is kept. ``/again`` takes the last reply
    back, but not in an ``official`` run. The call is taken up at ``since``.
    """
    recorder, waiting = recorder_of(script, since), _Waiting(iter(replies), is_stop_word)
    try:
        end = _Typed(script, waiting, understand, recorder, watcher, official=official).hold(seed, since)
    except KeyboardInterrupt as error:
        return Held(recorder=recorder, ending=Ending.STOPPED, broken_by=error)
    if turn := recorder.ends(end):
        watcher.turn_kept(turn)
    watcher.ends(end)
    unused = () if waiting.wanted_out else tuple(one for one in waiting.replies if not isinstance(one, Control))
    return Held(recorder=recorder, ending=end.ending, unused=unused, wanted_out=waiting.wanted_out)


@dataclass(slots=True)
class _Waiting:
    """Replies that are still to come, until one of them holds the stop word or is the wish to stop."""

    replies: Iterator[str | Control]
    is_stop_word: Callable[[str], bool]
    wanted_out: bool = False

    def next(self) -> str | Control | None:
        """The next reply; None if there is none, or the trainee wants out."""
        text = next(self.replies, None)
        self.wanted_out = text is Control.STOP or (isinstance(text, str) and self.is_stop_word(text))
        return None if self.wanted_out else text


class _Typed:
    """One call with typed replies under way."""

    def __init__(
        self,
        script: Script,
        waiting: _Waiting,
        understand: Understand,
        recorder: Recorder,
        watcher: Watcher,
        *,
        official: bool,
    ) -> None:
        self._script, self._waiting, self._understand = script, waiting, understand
        self._recorder, self._watcher, self._official = recorder, watcher, official
        self._context, self._silences_left = Context(), 1

    def hold(self, seed: int, since: Since | None) -> End:
        """How the call came to its end."""
        call, first = taken_up(self._script, seed, since)
        step: Say | Listen | End = first
        while not isinstance(step, End):
            step = call.send(self._say(step) if isinstance(step, Say) else self._listen())
        return step

    def _say(self, say: Say) -> Said:
        if say.outcome is not None:
            self._watcher.turn_ends(say.outcome)
        if say.again:
            self._watcher.undone(self._recorder.undo())
        if turn := self._recorder.says(say):
            self._watcher.turn_kept(turn)
        self._watcher.line_begins(say.line, say.state.anger, None)
        self._context = context_of(self._script, say.state, say.line, self._recorder.turns)
        return Said()

    def _listen(self) -> Happened:
        while (text := self._waiting.next()) is not None:
            if isinstance(text, Control) and text is not Control.AGAIN:
                return text
            if text not in (AGAIN, Control.AGAIN):
                return Replied(reply=typed_reply(text, self._context, self._understand)) if text else Silence()
            undone = None if self._official else self._recorder.last_reply()
            if undone is not None:
                self._watcher.asks_again(undone)
                return Control.AGAIN
            self._watcher.note(NO_AGAIN if self._official else NOTHING_AGAIN)
        if self._waiting.wanted_out or not self._silences_left:
            return Control.STOP
        self._silences_left -= 1
        return Silence()
