"""What the tests of stored calls share: a call that is kept as it is held, small disks and waiting for something."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voicesim.call.conduct import Control, End, Replied, Said, Say, Silence, conduct
from voicesim.call.record import Recorder
from voicesim.model import Delivery, Ending, Finding, Heard, Kind, Reply, Span, Transcript, Turn, Word
from voicesim.script.load import load_script
from voicesim.store.journal import Journal, Opened
from voicesim.store.keeper import Keeper

SCRIPT = Path(__file__).parents[1] / "data" / "short.yaml"
#: A call in which everything happens: replies, silences, a repeated line, two replies that went on after all, and two
#: that were taken back, one with the silence after it.
COURSE = (
    *("reply", "went on", "reply", "silence", "again", "reply", "silence", "repeat", "reply", "went on"),
    *("amount", "again", "amount", "repeat", "refund"),
)


def wait_until(true: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Return as soon as something is true; fails when it does not become so."""
    moment = threading.Event()
    for _ in range(int(limit_s / 0.01)):
        if true():
            return
        moment.wait(0.01)
    raise AssertionError("it did not happen")


@pytest.fixture
def until() -> Callable[..., None]:
    return wait_until


@pytest.fixture
def small_disk(disk_of: Callable[[str], Path]) -> Path:
    """A disk of 1 MB."""
    return disk_of("1m")


class KeptCall:
    """Holds a call of ``short.yaml`` along a course, on a keeper, as the shell does; frames are made of chance."""

    def __init__(self, folder: Path, seed: int = 3) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.seed = folder, seed
        self.script = load_script(SCRIPT.read_bytes(), "short.yaml")
        self.recorder = Recorder(self.script)
        self.keeper = Keeper(folder)
        self.opened = Opened(
            call=folder.name,
            script=self.script.ref,
            seed=seed,
            engines={"voice": "fake 1"},
            trainee="Sam",
            baseline=None,
            delivery_moves_caller=False,
            began_utc="2026-01-02T03:04:05+00:00",
            headset={"input": "Mic", "output": "Ears"},
            moods=self.script.anger.moods,
        )
        self.sound: list[tuple[np.ndarray, np.ndarray]] = []
        #: The turns as the recorder had them, after so many journal lines.
        self.snapshots: dict[int, tuple[Turn, ...]] = {}
        self._rng = np.random.default_rng(seed)
        self._lines = 0
        entry = self.keeper.entry

        def counted(what: str, **values: object) -> None:
            entry(what, **values)
            self._lines += 1

        self.keeper.entry = counted  # type: ignore[method-assign]
        self.journal = Journal(self.keeper, self.script, self.opened)
        self._remember()

    def turns(self) -> tuple[Turn, ...]:
        return self.recorder.record(Ending.INCOMPLETE, seed=self.seed, engines={}).turns

    def hold(self, course: tuple[str, ...] = COURSE) -> "KeptCall":
        """Hold the call as far as the course goes, or to its end."""
        wishes, call = list(course), conduct(self.script, self.seed)
        step = next(call)
        while not isinstance(step, End):
            if isinstance(step, Say):
                went_on = bool(wishes) and wishes[0] == "went on" and step.outcome is not None
                step = call.send(self._say(step, went_on))
                wishes = wishes[went_on:]
            elif wishes:
                step = call.send(self._answer(wishes.pop(0)))
            else:
                return self
        self._settle(step.outcome)
        self.recorder.ends(step)
        self._keep_new()
        self.journal.ends(step)
        self._remember()
        return self

    def finals(self) -> None:
        """The final understanding of every reply arrives."""
        for index, turn in enumerate(self.recorder.turns):
            if turn.reply is not None:
                better = Heard(transcript=Transcript(words=(), text="better", engine="final"))
                reply = Reply(span=turn.reply.span, live=turn.reply.live, final=better)
                self.recorder.finalise(index, reply)
                self.journal.finalised(index, reply)
                self._remember()

    def speak(self, frames: int = 25) -> Span:
        """Some frames of both channels go by."""
        start = self.keeper.at
        for _ in range(frames):
            frame = self._rng.integers(-32_768, 32_768, (2, 320)).astype(np.float32) / 32_768
            self.sound.append((frame[0], frame[1]))
            self.keeper.sound(frame[0], frame[1])
        return Span(start=start, end=self.keeper.at)

    def channels(self) -> dict[str, np.ndarray]:
        """All that went by."""
        microphone, ears = zip(*self.sound, strict=True)
        return {"trainee": np.concatenate(microphone), "caller": np.concatenate(ears)}

    def _say(self, say: Say, went_on: bool) -> Said:
        self._settle(say.outcome)
        if say.again:
            self.journal.undone(self.recorder.undo())
            self._remember()
        self.recorder.says(say)
        self._keep_new()
        span = self.speak()
        self.journal.line_begins(say.line, say.state.anger, span)
        self._remember()
        if went_on:
            self.recorder.retract()
            self.journal.retracted()
            self._remember()
            return Said(span=span, went_on=True)
        self.recorder.sounded(span)
        self.journal.sounded(span)
        self._remember()
        return Said(span=span)

    def _settle(self, outcome: object) -> None:
        self._kept = len(self.recorder.turns)
        if outcome is not None:
            self.journal.turn_ends(outcome)  # type: ignore[arg-type]

    def _keep_new(self) -> None:
        for turn in self.recorder.turns[self._kept :]:
            self.journal.turn_kept(turn)

    def _remember(self) -> None:
        self.snapshots[self._lines] = self.turns()

    def _answer(self, wish: str) -> Replied | Silence | Control:
        span = self.speak()
        self.journal.partial("never to be written down")
        match wish:
            case "silence":
                return Silence(span=span)
            case "repeat":
                return Control.REPEAT
            case "again":
                return Control.AGAIN
            case "hang up":
                return Control.HANG_UP
        return Replied(reply=made_reply(span, wish))


def made_reply(span: Span, wish: str) -> Reply:
    """A reply with something in every field."""
    words = (Word(text="so", span=span, confidence=0.51239), Word(text=wish, span=span))
    found = Finding(kind=Kind.TECHNIQUE, id="acknowledge", turn=1, span=span, quote="so", confidence=0.9)
    heard = Heard(transcript=Transcript(words=words, text=f"so {wish}", engine="fake"), findings=(found,))
    return Reply(
        span=span,
        live=heard,
        final=heard,
        delivery=Delivery(speech_s=span.duration_s, tension=-1.23456, abstained={"snr_db": "no noise"}),
        speech=(span,),
        offers=("refund",) if wish == "refund" else (),
        mentions=("20 euros",) if wish == "amount" else (),
    )


@pytest.fixture
def kept_call(tmp_path: Path) -> Callable[..., KeptCall]:
    """Makes calls that are kept as they are held."""
    return lambda name="20260102-030405-short", seed=3: KeptCall(tmp_path / name, seed)
