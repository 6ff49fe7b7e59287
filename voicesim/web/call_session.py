"""A call that goes on behind a page: made ready, held, kept and judged on a thread of its own, as in the terminal."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voicesim.backends.headset import Headset
from voicesim.call.conduct import Control
from voicesim.call.live import LiveCall
from voicesim.call.parts import Typed as TypedReply
from voicesim.call.record import Held
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watchers
from voicesim.errors import DeviceError, StorageError, VoicesimError
from voicesim.files import write_text
from voicesim.model import FRAME, RATE_HZ, Ending
from voicesim.ports import Duplex, Frames
from voicesim.sound import level_dbfs
from voicesim.store.baselines import baseline_for
from voicesim.store.browser_headsets import headset_name
from voicesim.store.places import NOTES
from voicesim.web.call_view import CallView
from voicesim.web.desk import Desk
from voicesim.web.link import SoundLink
from voicesim.web.messages import FromPage, Levels, Notes, ToPage, Typed, Wish
from voicesim.wiring.again import Again
from voicesim.wiring.devices import usual_devices
from voicesim.wiring.engines import Lines, engines, understood
from voicesim.wiring.keeping import Kept, finish_call, judged_call
from voicesim.wiring.learned import load_learned
from voicesim.wiring.plan import Plan, kept_for, parts_for, senses_for, went_through

#: So long it rings; then nobody is there.
RINGS_S = 300.0
#: So long a typed reply is waited for; then its page is gone, and the call is closed as stopped.
TYPED_WITHIN_S = 1800.0
#: A page that said "go on" so long ago may have meant another break.
_GO_ON_S = 8.0
_LEVELS_EVERY, _COUNTS_EVERY = 5, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How the page shows a call: whether in an ``exam``, and ``sound`` through the browser, the machine, or typed."""

    sound: str
    exam: bool = False


class CallSession:
    """What spoken and typed calls share: a thread, a view, notes, and an end that always leaves a kept call."""

    def __init__(self, desk: Desk, plan: Plan, choices: Choices) -> None:
        self.desk, self.plan, self.choices = desk, plan, choices
        self.view = CallView(plan.script, self._send, exam=choices.exam, clock_s=self._clock_s)
        self._wishes: queue.SimpleQueue[Control | TypedReply] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._kept: Kept | None = None
        self._notes, self._notes_written = "", ""
        self._thread = threading.Thread(target=self._run, name="call", daemon=True)

    def begin(self) -> str:
        """The key of this call, which is being made ready from now on. Raises TooMany."""
        key = self.desk.sessions.add(self)
        self._thread.start()
        return key

    @property
    def over(self) -> bool:
        """Whether nothing more comes of this call."""
        return self.view.now.state == "over"

    def end(self) -> None:
        """Stop the call; what was said is kept."""
        self._ended.set()
        self._wishes.put(Control.STOP)

    def join(self, timeout_s: float) -> None:
        """Wait until it is over."""
        self._thread.join(timeout_s)

    def wish(self, wish: Control) -> None:
        """Take in what the trainee wants; called on any thread, never blocks."""
        self._wishes.put(wish)

    @property
    def notes(self) -> str:
        """What the trainee wrote down."""
        return self._notes

    def write_down(self, text: str) -> None:
        """Keep these notes; they are on the disk a moment later, after the call at once."""
        self._notes = text
        if self.over:
            self._keep_notes()

    # -- for those who hold a call -----------------------------------------------------------------------------------

    def _hold(self) -> None:
        raise NotImplementedError

    def _send(self, message: ToPage) -> None:
        raise NotImplementedError

    def _clock_s(self) -> float:
        return 0.0

    def _run(self) -> None:
        try:
            self._hold()
        except VoicesimError as error:
            self.view.failed(error.what, error.mend or "", self._call)
        except Exception:
            logging.getLogger(__name__).exception("a call broke off")
            self.view.failed("something went wrong here", "Look at your calls: what was said is kept.", self._call)
        finally:
            if self._kept is not None:
                self._kept.keeper.release()

    @property
    def _call(self) -> str:
        return "" if self._kept is None else self._kept.folder.name

    def _keep_notes(self) -> None:
        """Bring the notes to the disk if they changed; what the disk refuses now it may take later."""
        if self._kept is None or self._notes == self._notes_written:
            return
        notes = self._notes
        with contextlib.suppress(StorageError):
            write_text(self._kept.folder / NOTES, notes, private=True)
            self._notes_written = notes

    def _settle(self, held: Held, kept: Kept, clock: dict[str, Any]) -> None:
        """Close the call, and tell how it went and what broke it off."""
        self.view.change(state="closing")
        self._keep_notes()
        judged = judged_call(kept, held, clock)
        finish_call(kept, judged, self.view.note)
        broken = held.broken_by
        if broken is not None and not isinstance(broken, VoicesimError):
            logging.getLogger(__name__).error("a call broke off", exc_info=broken)
        what, mend = (broken.what, broken.mend or "") if isinstance(broken, VoicesimError) else ("", "")
        self.view.judged(judged, stopped=held.wanted_out, what=what, mend=mend)

    def _again(self, folder: Path) -> Again:
        return Again(self.plan.script, folder, self.view.may_say_again, self.view.note)


class SpokenCall(CallSession):
    """A spoken call: through the browser, or on the machine's own headset with the page as screen and keys."""

    def __init__(self, desk: Desk, plan: Plan, choices: Choices) -> None:
        self.link = SoundLink()
        self._samples = 0
        self._accepted = threading.Event()
        self._go_on_s = -_GO_ON_S
        super().__init__(desk, plan, choices)

    # -- the page's side ---------------------------------------------------------------------------------------------

    def told(self, message: FromPage) -> None:
        """Take in a wish, a typed reply, notes."""
        if isinstance(message, Wish):
            self.wish(Control(message.wish))
        elif isinstance(message, Typed):
            self._wishes.put(TypedReply(text=message.text.strip()))
        elif isinstance(message, Notes):
            self.write_down(message.text)

    def greeting(self) -> Iterable[ToPage]:
        """How the call stands."""
        return (*self.view.state(), self.link.counts.message())

    def wish(self, wish: Control) -> None:
        """Take in what the trainee wants, and show at once what the microphone does."""
        now = self.view.now
        if now.state in ("preparing", "ringing", "connecting"):
            if wish in (Control.HANG_UP, Control.STOP):
                self.end()
            elif wish is Control.ACCEPT and now.state == "ringing":
                self._accepted.set()
            return
        if wish is Control.ACCEPT:
            self._go_on_s = time.monotonic()
        if now.state == "paused" and now.waits_by == "headset" and wish in (Control.ACCEPT, Control.PAUSE):
            self._go_on_s = time.monotonic()
            return
        if wish in (Control.MUTE, Control.UNMUTE):
            self.view.change(muted=wish is Control.MUTE)
        elif wish is Control.TALK and self._may_talk:
            self.view.change(talking=not now.talking)
        self._wishes.put(wish)

    @property
    def _may_talk(self) -> bool:
        now = self.view.now
        on_hold = now.hold is not None and now.hold.on
        return self.plan.manner.push_to_talk and now.state in ("speaking", "listening") and not on_hold

    def end(self) -> None:
        """Stop the call; what was said is kept."""
        super().end()
        self._accepted.set()
        if self._kept is None:
            self.link.close()

    def _send(self, message: ToPage) -> None:
        self.link.send(message)

    def _clock_s(self) -> float:
        return self._samples / RATE_HZ

    # -- the call's thread -------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        plan, script = self.plan, self.plan.script
        lines = Lines(script)
        name = script.caller.name.split()[0]
        self.view.change(doing=f"{name}’s voice is being made ready")
        self.desk.voices.end()
        lines.prepare(list(script.sounds()), self._prepared)
        self.view.change(doing="The part that hears you is being loaded", done=0, of=0)
        recognizer = self.desk.recognizer(script.language)
        load_learned()
        self.view.change(state="ringing", doing="")
        if not self._accepted.wait(RINGS_S):
            self.view.failed("nobody took the call", "Begin again when you like.")
            return
        self._leave_if_ended()
        self.view.change(state="connecting")
        device, names = self._device()
        # The first sound comes once the page may use the microphone.
        duplex = device.open(RATE_HZ)
        names = names or {"input": headset_name(self.link.label), "output": "browser"}
        plan = replace(plan, baseline=plan.baseline or baseline_for(plan.trainee, names["input"]))
        try:
            senses = senses_for(plan)
            kept = self._kept = kept_for(plan, engines(recognizer, lines), names)
        except VoicesimError:
            duplex.close()
            raise
        reopen: Callable[[], Duplex] = (lambda: device.open(RATE_HZ)) if self._own else self._reopened
        parts = parts_for(kept, lines, recognizer, senses, controls=self._next_wish, reopen=reopen, waits=False)
        parts = replace(parts, keep=lambda frames: self._keep(kept, frames))
        watchers = Watchers(self.view, kept.journal, self._again(kept.folder))
        held = LiveCall(script, duplex, parts, seed=plan.seed, watcher=watchers, manner=plan.manner).hold()
        if held.ending is Ending.STOPPED:
            held = replace(held, wanted_out=True)
        clock = went_through(device.counts) if isinstance(device, Headset) else self._went_through()
        self._settle(held, kept, clock)
        self.link.close()

    @property
    def _own(self) -> bool:
        """Whether the machine's own headset is used."""
        return self.choices.sound == "machine"

    def _device(self) -> tuple[Headset | SoundLink, dict[str, str] | None]:
        if not self._own:
            return self.link, None
        chosen = usual_devices()
        return chosen.headset(), {"input": chosen.input.name, "output": chosen.output.name}

    def _prepared(self, done: int, of: int) -> None:
        self._leave_if_ended()
        self.view.change(done=done, of=of)

    def _leave_if_ended(self) -> None:
        if self._ended.is_set():
            raise DeviceError("you did not take the call", mend="Begin again when you like.")

    def _next_wish(self) -> Control | TypedReply | None:
        if self._ended.is_set():
            return Control.STOP
        with contextlib.suppress(queue.Empty):
            return self._wishes.get_nowait()
        return None

    def _reopened(self) -> Duplex:
        """The page's sound again, once the trainee has said that they are back. Raises DeviceError before that."""
        if time.monotonic() - self._go_on_s > _GO_ON_S:
            raise DeviceError("the trainee is not back yet")
        duplex = self.link.open(RATE_HZ)
        self._go_on_s = -_GO_ON_S
        return duplex

    def _keep(self, kept: Kept, frames: Frames) -> None:
        kept.keeper.sound(*frames)
        self._samples += FRAME
        number = self._samples // FRAME
        if self._own and number % _LEVELS_EVERY == 0:
            self.link.send(Levels(mic_dbfs=level_dbfs(frames.microphone), ears_dbfs=level_dbfs(frames.ears)))
        if number % _COUNTS_EVERY == 0:
            self._keep_notes()
            if not self._own:
                self.link.send(self.link.counts.message())

    def _went_through(self) -> dict[str, Any]:
        counts = self.link.counts
        told = counts.message()
        lost = {"received_s": round(counts.received * FRAME / RATE_HZ, 3), "missing_s": told.lost_s}
        return {"browser": {**lost, "starved_s": told.starved_s, "breaks": told.breaks}}


class TypedCall(CallSession):
    """A call with typed replies: no sound, no clock; one reply at a time, with or without scripts in the page."""

    def __init__(self, desk: Desk, plan: Plan, choices: Choices) -> None:
        self._asks = threading.Condition()
        self._waiting = False
        super().__init__(desk, plan, choices)

    def reply(self, wish: str | Control, wait_s: float = 20.0) -> None:
        """Give a reply (empty: a silent turn) or a wish, and wait for what she says to it."""
        self._wishes.put(wish if isinstance(wish, Control) else TypedReply(text=wish))
        with self._asks:
            self._waiting = False
            self._asks.wait_for(self._answered, wait_s)

    def ready(self, wait_s: float = 60.0) -> None:
        """Wait until a reply is asked for, or the call is over."""
        with self._asks:
            self._asks.wait_for(self._answered, wait_s)

    def _answered(self) -> bool:
        return self._waiting or self.view.now.state in ("closing", "over")

    def _send(self, message: ToPage) -> None:
        with self._asks:
            self._asks.notify_all()

    def _hold(self) -> None:
        plan = self.plan
        load_learned()
        kept = self._kept = kept_for(plan, None, None, sound=False)
        watchers = Watchers(self.view, kept.journal, self._again(kept.folder))
        held = hold_typed(
            plan.script,
            self._replies(),
            understood,
            seed=plan.seed,
            watcher=watchers,
            is_stop_word=plan.manner.is_stop_word,
            official=plan.official,
        )
        self._settle(held, kept, {})

    def _replies(self) -> Iterator[str | Control]:
        # After the end nobody is asked for what is left.
        while not self.view.ended:
            self._keep_notes()
            with self._asks:
                self._waiting = self._wishes.empty()
                self._asks.notify_all()
            try:
                wish = Control.STOP if self._ended.is_set() else self._wishes.get(timeout=TYPED_WITHIN_S)
            except queue.Empty:
                wish = Control.STOP
            yield wish.text if isinstance(wish, TypedReply) else wish
