"""A browser as a headset: nothing doubled, nothing silently missing, both directions on one clock."""

import socket
import struct
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import uvicorn
from browsing import browser_page

from voicesim.errors import DeviceError, UsageError
from voicesim.files import write_flac
from voicesim.model import FRAME, RATE_HZ
from voicesim.web import link as link_module
from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys
from voicesim.web.link import SoundLink
from voicesim.web.messages import from_page
from voicesim.web.serving import listening


def frame(number, value=0.0, starved=0):
    both = np.full(2 * FRAME, round(value * 32767), "<i2")
    return struct.pack("<II", number, starved) + both.tobytes()


@pytest.fixture
def opened(monkeypatch):
    """An open link, whose first frame (number 0) was read."""
    monkeypatch.setattr(link_module, "GONE_S", 0.01)
    link = SoundLink()
    threading.Timer(0.05, link.received, [frame(0)]).start()
    duplex = link.open(RATE_HZ)
    duplex.read()
    return link, duplex


def values(duplex, count):
    return [round(float(duplex.read().microphone[0]), 1) for _ in range(count)]


def test_frames_come_in_their_order_and_each_once(opened):
    """A page that comes back sends again what it is not sure of."""
    link, duplex = opened
    for number in (1, 2, 1, 2, 3):
        link.received(frame(number, number / 10))
    assert values(duplex, 3) == [0.1, 0.2, 0.3]
    with pytest.raises(DeviceError, match="away"):
        duplex.read()


def test_missing_frames_are_silence_and_are_counted(opened):
    link, duplex = opened
    link.received(frame(3, 0.5))
    assert values(duplex, 3) == [0.0, 0.0, 0.5]
    assert link.counts.message().lost_s == 0.04


def test_what_the_ears_lacked_is_counted(opened):
    link, _ = opened
    link.received(frame(1, starved=7))
    assert link.counts.starved == 7


def test_a_page_that_is_away_is_a_headset_that_is_gone_and_can_come_back(opened):
    link, duplex = opened
    with pytest.raises(DeviceError, match="away"):
        duplex.read()
    duplex.close()
    with pytest.raises(DeviceError, match="no sound"):
        link.open(RATE_HZ)
    # What the page kept meanwhile is old; it begins anew with what it hears now.
    assert link.connect(lambda data: None) is None
    threading.Timer(0.05, link.received, [frame(500, 0.3)]).start()
    assert values(link.open(RATE_HZ), 1) == [0.3]
    assert link.counts.lost == 0


def test_the_ears_lie_on_the_clock_of_the_microphone():
    """Who hears a line 40 ms after the page has played it answers 40 ms later."""
    link = SoundLink()
    link.latency_s = 0.04
    threading.Timer(0.05, lambda: [link.received(frame(n, 0.5)) for n in range(3)]).start()
    duplex = link.open(RATE_HZ)
    assert [round(float(duplex.read().ears[0]), 1) for _ in range(3)] == [0.0, 0.0, 0.5]


@pytest.mark.parametrize("data", [b"", b"x", frame(0)[:-1], frame(0) + b"x"])
def test_sound_of_a_wrong_length_is_refused(data):
    with pytest.raises(UsageError, match="wrong length"):
        SoundLink().received(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"type":"wish"}',
        '{"v":2,"type":"wish","wish":"stop"}',
        '{"type":"wish","wish":"fly"}',
        '{"type":"typed","text":"%s"}' % ("x" * 2001),
        '{"type":"hello","label":"a","latency_s":1e999}',
    ],
)
def test_a_message_that_does_not_fit_is_refused(text):
    with pytest.raises(UsageError, match="not understood"):
        from_page(text)


class Parrot:
    """A session that plays a tone for two seconds and keeps what microphone and ears heard."""

    def __init__(self):
        self.link, self.heard, self.said = SoundLink(), [], []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        duplex = self.link.open(RATE_HZ)
        tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ).astype(np.float32)
        for start in range(0, 3 * RATE_HZ, FRAME):
            part = tone[start : start + FRAME]
            duplex.write(np.pad(part, (0, FRAME - len(part))))
            self.heard.append(duplex.read())
        self.link.close()

    over = False

    def told(self, message):
        self.said.append(message)

    def greeting(self):
        return ()

    def end(self):
        self.link.close()

    def join(self, timeout_s):
        self._thread.join(timeout_s)


@pytest.fixture
def page_with():
    """Serves the page in this process with one session; gives link, key and session."""
    listener = listening("127.0.0.1", _free())
    listener.listen()
    keys = Keys(port=listener.getsockname()[1])
    desk = Desk(keys=keys)
    server = uvicorn.Server(uvicorn.Config(make_app(desk), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()

    def begin(session):
        return SimpleNamespace(link=keys.link, key=desk.sessions.add(session), session=session)

    yield begin
    desk.sessions.close(5)
    server.should_exit = True
    thread.join(10)


def _free():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_real_browser_hears_and_is_heard(virtual_headset, page_with, tmp_path):
    begun = page_with(Parrot())
    high = 0.3 * np.sin(2 * np.pi * 1000 * np.arange(12 * RATE_HZ) / RATE_HZ).astype(np.float32)
    write_flac(tmp_path / "high.flac", high)
    with browser_page(begun.link) as page:
        virtual_headset.speak(tmp_path / "high.flac")
        page.evaluate(
            """async (key) => {
                const { openLink } = await import("/static/link.js");
                window.link = await openLink(key, {});
                window.link.send({ type: "notes", text: "hello" });
            }""",
            begun.key,
        )
        begun.session.join(30)
        page.evaluate("window.link.close()")
    microphone = np.concatenate([frames.microphone for frames in begun.session.heard])
    ears = np.concatenate([frames.ears for frames in begun.session.heard])
    assert pitch_of(microphone[RATE_HZ:]) == pytest.approx(1000, abs=2)
    assert pitch_of(ears[RATE_HZ // 2 : RATE_HZ]) == pytest.approx(440, abs=2)
    assert begun.session.link.counts.lost == 0
    assert [message.type for message in begun.session.said] == ["hello", "notes"]
    assert "trainee_mic" in begun.session.link.label or "Default" in begun.session.link.label
    # In the ears within 0.25 s: 60 ms in hand, the way there and back, the browser's own delay.
    assert int(np.argmax(np.abs(ears) > 0.01)) < RATE_HZ // 4


def pitch_of(samples):
    """The strongest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8 * RATE_HZ))
    return float(np.argmax(spectrum)) / 8
