"""A long recording that is split into takes in the background, with how far it is."""

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicesim.errors import VoicesimError
from voicesim.model import Line
from voicesim.studio.align import Placed
from voicesim.wiring.guide import Left
from voicesim.wiring.long_recording import PlacedTake, heard_recording, keep_recording
from voicesim.wiring.takes import Keeping

#: What the page takes: an hour of speech, as stereo at 48 kHz.
LONGEST_S, MOST_SAMPLES = 3_600, 350_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far it is: ``done`` of ``of`` of ``stage``; ``over`` with what was kept, or with a ``problem``."""

    stage: str
    done: int = 0
    of: int = 0
    over: bool = False
    problem: str = ""
    mend: str = ""


class Splitting:
    """One recording on its way to takes, on a thread of its own; its file is deleted whatever happens."""

    def __init__(
        self, script_id: str, path: Path, lines: Sequence[Line], keeping: Callable[[], Keeping], *, name: str
    ) -> None:
        self.script_id, self.name = script_id, name
        #: What was found and what a person should know of the file; its sound is let go of: an hour is 230 MB.
        self.placed: Placed | None = None
        self.notes: tuple[str, ...] = ()
        self.samples = 0
        self.takes: tuple[PlacedTake, ...] = ()
        self._path, self._lines, self._keeping = path, lines, keeping
        self._state = State(stage="Getting ready")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="splitting", daemon=True)

    def begin(self) -> None:
        """Begin with it."""
        self._thread.start()

    @property
    def state(self) -> State:
        """How far it is now."""
        return self._state

    @property
    def over(self) -> bool:
        """Whether nothing goes on any more."""
        return self._state.over and not self._thread.is_alive()

    def end(self) -> None:
        """Stop at the next step; what was kept by then stays."""
        self._ended.set()

    def join(self, timeout_s: float) -> None:
        """Wait until it is over, at most so long."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def forget(self) -> None:
        """Delete the file of one that was never begun."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        last = State(stage="Stopped", over=True, problem="something went wrong", mend="Try again.")
        try:
            self._split()
            last = State(stage="Done", over=True)
        except Left:
            last = State(stage="Stopped", over=True, problem="it was stopped", mend="What was kept by then stays.")
        except VoicesimError as error:
            last = State(stage="Stopped", over=True, problem=error.what, mend=error.mend or "")
        except Exception:
            logging.getLogger(__name__).exception("a recording could not be split")
        finally:
            self.forget()
            self._state = last

    def _split(self) -> None:
        keeping = self._keeping()
        listening = self._telling("Listening to the recording")
        recording = heard_recording(
            self._path, self._lines, keeping.heard, listening, longest_s=LONGEST_S, most_samples=MOST_SAMPLES
        )
        self.placed, self.notes, self.samples = recording.placed, recording.notes, len(recording.samples)
        self.takes = keep_recording(recording, keeping, self._telling("Checking the takes"))

    def _telling(self, stage: str) -> Callable[[int, int], None]:
        def tell(done: int, of: int) -> None:
            if self._ended.is_set():
                raise Left
            self._state = State(stage=stage, done=done, of=of)

        tell(0, 0)
        return tell
