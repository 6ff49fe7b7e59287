"""The hearing worker: the call never stands still for it."""

from collections.abc import Sequence
from threading import Event

import numpy as np
import pytest

from voicesim.backends.fakes import FakeRecognizer
from voicesim.call.ear import Ear
from voicesim.model import RATE_HZ, Context, Delivery, Samples
from voicesim.ports import Capabilities, Hearing
from voicesim.wiring.engines import understood


class SlowToStart:
    """A recognizer that starts only once it is let go, as Vosk does after 0.1 s."""

    def __init__(self) -> None:
        self.let_go, self._inner = Event(), FakeRecognizer(())

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    def start(self, rate_hz: int) -> Hearing:
        assert self.let_go.wait(10), "the call stood still until the hearing had begun"
        return self._inner.start(rate_hz)

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        return self._inner.glance(samples, listens_for)


class Glancing(FakeRecognizer):
    """Tells what a glance was to listen for."""

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        return " and ".join(listens_for)


@pytest.mark.parametrize(("in_favour", "told"), [(True, "stop now and red card"), (False, "")])
def test_a_glance_is_in_favour_of_the_stop_words_or_as_it_is(in_favour: bool, told: str) -> None:
    ear = Ear(Glancing(()), understood, lambda spoken, heard: Delivery(speech_s=0.0), ("stop now", "red card"))
    assert ear.glance(np.zeros(RATE_HZ, np.float32), in_favour=in_favour).result(10) == told
    ear.close()


def test_a_call_goes_on_while_a_hearing_begins() -> None:
    recognizer = SlowToStart()
    ear = Ear(recognizer, understood, lambda spoken, heard: Delivery(speech_s=0.0))
    ear.begin(0, np.zeros(RATE_HZ, np.float32))
    assert ear.listening
    finished = ear.finish(Context())
    assert not finished.done()
    recognizer.let_go.set()
    assert finished.result(10) is not None
    ear.close()
