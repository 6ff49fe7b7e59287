"""A headless Chromium for the tests, spoken to over a pipe: no driver, no network, real clicks and keys."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps --remote-debugging-pipe --mute-audio "
    "--hide-scrollbars --force-color-profile=srgb --disable-dev-shm-usage"
)

STARTS = 3

#: Chromium reads from file 3 and writes to file 4; either may be one of the pipes already.
_WIRED = """
import os, sys
to, of = (os.dup2(int(fd), 90 + i) for i, fd in enumerate(sys.argv[1:3]))
os.dup2(to, 3), os.dup2(of, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def chromium() -> str | None:
    """Where Chromium is, if it is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


class Browser:
    """One page of one browser; each call waits for its answer."""

    def __init__(self, read: int, write: int) -> None:
        self._in, self._out = os.fdopen(read, "rb"), os.fdopen(write, "wb")
        self._last, self._rest, self._session = 0, b"", ""
        self.said: list[str] = []
        self._events: list[dict[str, Any]] = []
        page = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        self._out.write(json.dumps(message | ({"sessionId": self._session} if self._session else {})).encode() + b"\0")
        self._out.flush()
        while (answer := self._next()).get("id") != self._last:
            self._hear(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            got = self._in.read1(1 << 20)
            assert got, "Chromium has ended"
            self._rest += got
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def _hear(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        if event.get("method") == "Log.entryAdded":
            self.said.append(event["params"]["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.said.append(str(event["params"]["exceptionDetails"]))

    def until(self, method: str) -> None:
        """Wait for an event."""
        while not any(e.get("method") == method for e in self._events):
            self._hear(self._next())
        self._events.clear()

    def open(self, path: Path, *, width: int, height: int = 900, dark: bool = False) -> None:
        self.said.clear()
        self.size(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self._events.clear()
        self.ask("Page.navigate", url=path.as_uri())
        self.until("Page.loadEventFired")

    def size(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def run(self, script: str) -> Any:
        """The value of an expression in the page, awaited."""
        told = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def click(self, where: str) -> None:
        """A real click of the mouse into the middle of the first thing that fits."""
        x, y = self.run(
            f"(() => {{ const n = document.querySelector({json.dumps(where)}); "
            "n.scrollIntoView({block: 'center', behavior: 'instant'}); const b = n.getClientRects()[0]; "
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        self.click_at(x, y)

    def click_at(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, name: str, code: int, text: str = "") -> None:
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code, **more)

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        height = self.run("Math.ceil(document.documentElement.getBoundingClientRect().height)")
        width = self.run("innerWidth")
        self.size(width, min(height, 16_000))
        made = self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(made["data"]))
        self.size(width, 900)

    def paper(self, path: Path) -> None:
        """The page as the PDF that its print makes."""
        made = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        path.write_bytes(base64.b64decode(made["data"]))


@contextlib.contextmanager
def browsing(program: str, folder: Path) -> Iterator[Browser]:
    """A browser that keeps what it writes in a folder, which is there; ended with the block.

    On a busy machine Chromium may end while it starts: it is started again, and what it complained of is told at last.
    """
    for start in range(STARTS):
        (own := folder / str(start)).mkdir()
        child, pipes = _started(program, own, complaints := folder / f"complaints-{start}.txt")
        try:
            page = Browser(*pipes)
        except (AssertionError, BrokenPipeError) as ended:
            child.wait(timeout=20)
            if start == STARTS - 1:
                raise AssertionError(f"{ended}: {complaints.read_text(errors='replace')[-2000:]}") from ended
        else:
            break
    try:
        yield page
    finally:
        child.terminate()
        child.wait(timeout=20)


def _started(program: str, folder: Path, complaints: Path) -> tuple["subprocess.Popen[bytes]", tuple[int, int]]:
    """A Chromium that is starting, and the ends of two pipes: to it and from it."""
    to_child, from_us = os.pipe()
    to_us, from_child = os.pipe()
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}"]
    with complaints.open("wb") as told:
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _WIRED,
                str(to_child),
                str(from_child),
                program,
                *FLAGS.split(),
                *alone,
                "about:blank",
            ],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
    os.close(to_child)
    os.close(from_child)
    return child, (to_us, from_us)
