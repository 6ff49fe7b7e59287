"""Holds a call with typed replies: no sound, no clock, the same caller.

SHELL without input or output of its own: replies come from an iterable, which may ask a person for each.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from voicesim.call.conduct import Control, End, Happened, Replied, Said, Say, Silence, conduct
from voicesim.call.context import context_of
from voicesim.call.record import Held, Recorder
from voicesim.call.understood import Understand
from voicesim.call.watch import Watcher
from voicesim.model import Context, Ending, Reply, Span, Transcript, Word
from voicesim.script.model import Script

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
    replies: Iterable[str],
    understand: Understand,
    *,
    seed: int,
    watcher: Watcher,
    is_stop_word: Callable[[str], bool] = lambda text: False,
) -> Held:
    """Hold a call: a reply each, an empty one is a silent turn; the call is stopped one silence after the last.

    A reply with the stop word, and Ctrl-C, end it early, and what was said is kept.
    """
    recorder, waiting = Recorder(script), _Waiting(iter(replies), is_stop_word)
    try:
        end = _held(script, waiting, understand, seed, recorder, watcher)
    except KeyboardInterrupt as error:
        return Held(recorder=recorder, ending=Ending.STOPPED, broken_by=error)
    if turn := recorder.ends(end):
        watcher.turn_kept(turn)
    watcher.ends(end)
    unused = () if waiting.wanted_out else tuple(waiting.replies)
    return Held(recorder=recorder, ending=end.ending, unused=unused, wanted_out=waiting.wanted_out)


@dataclass(slots=True)
class _Waiting:
    """Replies that are still to come, until one of them holds the stop word."""

    replies: Iterator[str]
    is_stop_word: Callable[[str], bool]
    wanted_out: bool = False

    def next(self) -> str | None:
        """The next reply; None if there is none, or the trainee wants out."""
        text = next(self.replies, None)
        self.wanted_out = text is not None and self.is_stop_word(text)
        return None if self.wanted_out else text


def _held(
    script: Script, waiting: _Waiting, understand: Understand, seed: int, recorder: Recorder, watcher: Watcher
) -> End:
    call = conduct(script, seed)
    step = next(call)
    context, silences_left = Context(), 1
    while not isinstance(step, End):
        happened: Happened
        if isinstance(step, Say):
            if step.outcome is not None:
                watcher.turn_ends(step.outcome)
            if turn := recorder.says(step):
                watcher.turn_kept(turn)
            watcher.line_begins(step.line, step.state.anger, None)
            context = context_of(script, step.state, step.line, recorder.turns)
            happened = Said()
        elif (text := waiting.next()) is not None:
            happened = Replied(reply=typed_reply(text, context, understand)) if text else Silence()
        else:
            silences_left = 0 if waiting.wanted_out else silences_left
            happened, silences_left = (Silence() if silences_left else Control.STOP), silences_left - 1
        step = call.send(happened)
    return step
