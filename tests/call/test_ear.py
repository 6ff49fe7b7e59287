"""The hearing worker: the call never stands still for it."""

from threading import Event

import numpy as np

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

    def glance(self, samples: Samples) -> str:
        return self._inner.glance(samples)


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
