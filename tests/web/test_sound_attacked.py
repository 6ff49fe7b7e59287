"""The socket of a call under attack: whatever comes, it is closed with its code, and everybody else goes on."""

import contextlib
import json
import struct
import threading

import numpy as np
import pytest
from calls_made import SHORT
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from let_in import HOST, LetIn, new_desk
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from voicesim.errors import DeviceError
from voicesim.model import FRAME, RATE_HZ
from voicesim.settings import load_settings
from voicesim.web.app import make_app
from voicesim.web.call_session import Choices, SpokenCall
from voicesim.web.link import SoundLink
from voicesim.web.messages import WISHES, Notes, Problem
from voicesim.wiring.library import read_script
from voicesim.wiring.plan import plan_of

TRIES = settings(
    max_examples=100,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SOUND = 4 * FRAME
#: What is not understood, too much, and no such session.
CODES = (1003, 1008)
GONE = 4404


class Listens:
    """A session that reads all sound that comes, and keeps what it is told."""

    def __init__(self):
        self.link, self.heard, self.said, self.broken = SoundLink(), 0, [], None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        try:
            while not self._ended.is_set():
                with contextlib.suppress(DeviceError):
                    duplex = self.link.open(RATE_HZ)
                    while frames := duplex.read():
                        assert np.isfinite(frames.microphone).all()
                        self.heard += 1
                        duplex.write(frames.microphone)
        except Exception as error:  # noqa: BLE001 - a test asks for it
            self.broken = error

    over = False

    def told(self, message):
        self.said.append(message)

    def greeting(self):
        return ()

    def end(self):
        self._ended.set()
        self.link.close()

    def join(self, timeout_s):
        self._thread.join(timeout_s)


@pytest.fixture(scope="module")
def page():
    """A client that is let in, and the desk."""
    desk = new_desk()
    with TestClient(LetIn(desk)) as client:
        yield client, desk
    desk.sessions.close(30)


@pytest.fixture(scope="module")
def attacked(page):
    """A session that is attacked: its key and itself."""
    session = Listens()
    return page[1].sessions.add(session), session


numbers = st.integers(0, 2**32 - 1)
frames = st.builds(
    lambda number, starved, byte: struct.pack("<II", number, starved) + bytes([byte]) * SOUND,
    st.one_of(st.integers(0, 20), numbers),
    numbers,
    st.integers(0, 255),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)
messages = st.fixed_dictionaries(
    {"type": st.sampled_from(["hello", "wish", "typed", "answer", "notes", "welcome", "call"])},
    optional={
        "v": anything,
        "label": st.text(max_size=300),
        "latency_s": anything,
        "wish": st.sampled_from(WISHES) | anything,
        "text": st.text(max_size=50),
        "answer": st.text(max_size=50),
        "more": anything,
    },
)
sendings = st.lists(
    st.one_of(
        frames,
        st.binary(max_size=2_000),
        st.text(max_size=200),
        anything.map(json.dumps),
        messages.map(json.dumps),
    ),
    max_size=12,
)


def send(socket, what):
    if isinstance(what, bytes):
        socket.send_bytes(what)
    else:
        socket.send_text(what)


def ends_with(socket):
    """The code with which the server closes the socket, after whatever it says before that."""
    while True:
        got = socket.receive()
        if got["type"] == "websocket.close":
            return got["code"]


@TRIES
@given(sent=sendings)
def test_whatever_is_sent_the_socket_is_closed_with_its_code(sent, page, attacked):
    """Bytes, texts, JSON, nearly right messages and frames in any order; at the end what nobody understands."""
    client, _ = page
    key, session = attacked
    with client.websocket_connect(f"/sound/{key}") as socket:
        assert socket.receive_json()["type"] == "welcome"
        for what in (*sent, "{"):
            send(socket, what)
        assert ends_with(socket) in CODES
    assert session.broken is None


def test_another_session_goes_on_while_one_is_flooded(page, attacked):
    """Too much closes the socket that sends it; in the other one every frame comes back."""
    client, desk = page
    quiet = Listens()
    with client.websocket_connect(f"/sound/{desk.sessions.add(quiet)}") as calm:
        assert calm.receive_json()["type"] == "welcome"
        with client.websocket_connect(f"/sound/{attacked[0]}") as flood:
            for number in range(1_000):
                flood.send_bytes(struct.pack("<II", 2**31 + number, 0) + bytes(SOUND))
            assert ends_with(flood) in CODES
        back = 0
        for number in range(50):
            calm.send_bytes(struct.pack("<II", number, 0) + bytes(SOUND))
        while back < 50:
            back += len(calm.receive_bytes()) > SOUND // 2
    assert (quiet.link.counts.lost, quiet.broken) == (0, None)
    quiet.end()


@TRIES
@given(sent=st.lists(messages.map(json.dumps) | frames, min_size=1, max_size=12))
def test_a_call_that_is_being_made_ready_takes_any_message(sent, ringing, page):
    """Every wish at any moment, typed replies and notes to nobody: the call stays as it is, the page is answered."""
    client, _ = page
    key, call = ringing
    with client.websocket_connect(f"/sound/{key}") as socket:
        for what in (*sent, "{"):
            send(socket, what)
        assert ends_with(socket) in CODES
    assert call.view.now.state == "preparing"


@pytest.fixture(scope="module")
def ringing(page):
    """A spoken call whose thread has not begun: its key and itself."""
    _, desk = page
    plan = plan_of(read_script(SHORT), load_settings(), seed=1, level=None, official=False, sound=True)
    call = SpokenCall(desk, plan, Choices(sound="browser"))
    yield desk.sessions.add(call), call
    call.view.change(state="over")


@pytest.mark.parametrize("key", ["nothing", "%2e%2e", "%00", "x" * 3_000])
def test_a_socket_to_no_session_is_closed(key, page):
    with page[0].websocket_connect(f"/sound/{key}") as socket:
        assert ends_with(socket) == GONE


def ours(desk):
    cookie = desk.keys.exchange(desk.keys.token)
    return {"host": HOST, "origin": f"http://{HOST}", "cookie": f"{desk.keys.cookie_name}={cookie}"}


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://evil.example"},
        {"origin": f"https://{HOST}"},
        {"origin": "null"},
        {"origin": ""},
        {"host": "evil.example"},
        {"host": "127.0.0.1:1"},
        {"cookie": ""},
        {"cookie": "voicesim_8768=guessed"},
    ],
    ids=str,
)
def test_a_socket_of_another_page_is_not_opened(change, attacked, page):
    """A page elsewhere can open sockets to any address; the browser says where they come from."""
    _, desk = page
    client = TestClient(make_app(desk))
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(f"/sound/{attacked[0]}", headers=ours(desk) | change),
    ):
        pass
    assert refused.value.code == 1008
    with client.websocket_connect(f"/sound/{attacked[0]}", headers=ours(desk)) as socket:
        assert socket.receive_json()["type"] == "welcome"


def test_what_is_wrong_is_told_without_what_was_sent():
    """A problem names no word of the message that caused it."""
    from voicesim.errors import UsageError
    from voicesim.web.messages import from_page

    with pytest.raises(UsageError) as told:
        from_page('{"type": "notes", "text": 3, "secret": "zebra"}')
    assert "zebra" not in Problem(what=told.value.what, mend=told.value.mend).model_dump_json()
    assert from_page('{"type": "notes", "text": "zebra"}') == Notes(type="notes", text="zebra")
