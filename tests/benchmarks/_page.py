"""A served page and what stands in for browsers: clients that send and play sound in real time, and count what is late.

A client does what `static/worklet.js` does: 20 ms of microphone and ears in each frame it sends, playing begins with
three frames in hand, and running dry is counted.
"""

import asyncio
import contextlib
import json
import re
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import numpy as np
from _live import PATIENCE_S, SCRIPT
from _turn_sounds import Clip
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from voicesim.model import FRAME, RATE_HZ, Samples

FRAME_S = FRAME / RATE_HZ
SERVER = Path(__file__).with_name("_page_server.py")
#: So many frames are in hand before playing begins.
_ENOUGH = 3
_HEAD_UP = struct.Struct("<II")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A served page: its process, and a client that has been let in."""

    process: subprocess.Popen[str]
    link: str
    client: httpx.Client

    @property
    def address(self) -> str:
        """Where it is, without the token."""
        return self.link.split("/open", maxsplit=1)[0]

    def begin(self, script: str, sound: str) -> str:
        """The key of a call that begins now."""
        begun = self.client.post("/calls", data={"script": script, "sound": sound})
        if begun.status_code != 303:
            raise RuntimeError(f"no call began: {begun.status_code} {begun.text[:300]}")
        return begun.headers["location"].rsplit("/", 1)[1]

    def state(self, key: str) -> str:
        """How a call stands."""
        return str(self.client.get(f"/call/{key}/state").json()["state"])


@contextlib.contextmanager
def page(data: Path, hears: str = "whisper", most: int = 4) -> Iterator[Page]:
    """A page that is served by a process of its own; VOICESIM_DATA is ``data`` already."""
    scripts = data / "scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    endless = SCRIPT.read_text(encoding="utf-8").replace("tries: 27, then: over", "tries: 100, then: over")
    (scripts / "long-call.yaml").write_text(endless, encoding="utf-8")
    command = [sys.executable, str(SERVER), hears, str(most)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        link = process.stdout.readline().strip()
        try:
            with contextlib.closing(_let_in(link)) as client:
                yield Page(process=process, link=link, client=client)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _let_in(link: str) -> httpx.Client:
    address = link.split("/open", maxsplit=1)[0]
    client = httpx.Client(base_url=address, headers={"origin": address}, timeout=PATIENCE_S)
    client.get(link)
    found = re.search(r'<meta name="csrf" content="(\w+)">', client.get("/").text)
    if found is None:
        raise RuntimeError("the page does not open")
    client.headers["x-voicesim-csrf"] = found.group(1)
    return client


@dataclass(slots=True, kw_only=True)
class Went:
    """What became of one call: frames each way, how often the ears ran dry, what the server says got lost (s).

    ``late_s``: how late each frame for the ears came, against the one that came soonest; ``own_late_s``: how late this
    client itself was with each frame that it sent.
    """

    sent: int = 0
    came: int = 0
    dry: int = 0
    lost_s: float = 0.0
    said: int = 0
    state: str = ""
    late_s: list[float] = field(default_factory=list)
    own_late_s: list[float] = field(default_factory=list)


class Client:
    """A trainee with a headset who answers each line with the next clip, for some seconds after the call was taken."""

    def __init__(self, page: Page, key: str, clips: Sequence[Clip], for_s: float) -> None:
        self._page, self._key, self._clips, self._for_s = page, key, clips, for_s
        self._waiting: deque[bytes] = deque()
        self._ready, self._came_s = False, list[float]()
        self._microphone: Samples = np.zeros(0, np.float32)
        self._answer_at_s: float | None = None
        self._taken = asyncio.Event()
        self.went = Went()

    async def run(self) -> Went:
        """Hold the call and stop it at the end."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._page.client.cookies.items())
        address = f"{self._page.address.replace('http', 'ws', 1)}/sound/{self._key}"
        headers = {"cookie": cookies}
        origin = self._page.address
        async with connect(address, origin=origin, additional_headers=headers, compression=None) as socket:
            reading = asyncio.create_task(self._read(socket))
            await socket.send(json.dumps({"type": "hello", "label": "a client", "latency_s": 0.0}))
            await self._taken.wait()
            await self._send(socket)
            await socket.send(json.dumps({"type": "wish", "wish": "stop"}))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reading, 3)
        first_s = min((at_s - FRAME_S * n for n, at_s in enumerate(self._came_s)), default=0.0)
        self.went.late_s = [at_s - FRAME_S * n - first_s for n, at_s in enumerate(self._came_s)]
        return self.went

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                if isinstance(data, bytes):
                    self._came_s.append(time.monotonic())
                    self._waiting.append(data[12:])
                    self.went.came += 1
                else:
                    await self._told(socket, json.loads(data))

    async def _told(self, socket: ClientConnection, message: dict[str, object]) -> None:
        if message["type"] == "counts":
            self.went.lost_s = float(str(message["lost_s"]))
        if message["type"] != "call":
            return
        state, before = str(message["state"]), self.went.state
        self.went.state = state
        if state == "ringing" and before != "ringing":
            await socket.send(json.dumps({"type": "wish", "wish": "accept"}))
            self._taken.set()
        if state == "over":
            self._taken.set()
        if state == "listening" and before == "speaking":
            self._answer_at_s = time.monotonic() + 0.3

    async def _send(self, socket: ClientConnection) -> None:
        began_s = time.monotonic()
        with contextlib.suppress(ConnectionClosed):
            for number in range(round(self._for_s / FRAME_S)):
                due_s = began_s + number * FRAME_S
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
                self.went.own_late_s.append(time.monotonic() - due_s)
                head = _HEAD_UP.pack(number, self.went.dry)
                ears = self._played()
                await socket.send(head + self._heard() + ears)
                self.went.sent += 1
                if self.went.state == "over":
                    return

    def _heard(self) -> bytes:
        """20 ms of the microphone: the clip that is being spoken, or a quiet room."""
        if self._answer_at_s is not None and time.monotonic() >= self._answer_at_s and self._clips:
            clip = self._clips[self.went.said % len(self._clips)]
            self._microphone = clip.samples[max(0, clip.voiced.start - FRAME) :]
            self._answer_at_s = None
            self.went.said += 1
        frame, self._microphone = self._microphone[:FRAME], self._microphone[FRAME:]
        whole = np.zeros(FRAME, np.float32)
        whole[: len(frame)] = frame
        return np.rint(whole * 32767).astype("<i2").tobytes()

    def _played(self) -> bytes:
        """20 ms of the ears, as the page plays what came."""
        before = self._ready
        self._ready = bool(self._waiting) if self._ready else len(self._waiting) >= _ENOUGH
        if before and not self._ready and self.went.state in ("speaking", "listening"):
            self.went.dry += 1
        return self._waiting.popleft() if self._ready else bytes(2 * FRAME)


async def together(clients: Sequence[Client]) -> list[Went]:
    """All calls at once."""
    return list(await asyncio.gather(*(client.run() for client in clients)))
