"""A page that is really served, as its own process, and a real browser that looks at it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browsing import browser_page
from softphone import RENDERED, Softphone


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A page under its address; ``client`` has been let in, and its requests carry what a page's would."""

    link: str
    data: Path
    process: subprocess.Popen[str]
    client: httpx.Client

    @property
    def address(self) -> str:
        return self.link.split("/open", maxsplit=1)[0]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """`voicesim serve` as a process of its own with an empty data folder."""
    with serving(tmp_path / "data") as page:
        yield page


@contextlib.contextmanager
def serving(data: Path) -> Iterator[Served]:
    """`voicesim serve` for a data folder, until it is ended politely."""
    environment = os.environ | {"VOICESIM_DATA": str(data)}
    command = [sys.executable, "-m", "voicesim", "serve", "--no-open", "--port", str(_free_port())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    link = re.search(r"http://\S+", process.stdout.readline())
    assert link, "voicesim serve told no link"
    with contextlib.closing(let_in(link.group())) as client:
        yield Served(link=link.group(), data=data, process=process, client=client)
    process.terminate()
    assert process.wait(60) == 0
    process.stdout.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def let_in(link: str) -> httpx.Client:
    """A client that has opened the link and carries its cookie, origin and token."""
    address = link.split("/open", maxsplit=1)[0]
    client = httpx.Client(base_url=address, headers={"origin": address}, timeout=60)
    assert client.get(link).status_code == 200
    found = re.search(r'<meta name="csrf" content="(\w+)">', client.get("/").text)
    assert found
    client.headers["x-voicesim-csrf"] = found.group(1)
    return client


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that were rendered once are there for every call."""
    monkeypatch.setenv("VOICESIM_CACHE", str(RENDERED))


@pytest.fixture
def softphone(virtual_headset: Any, rendered: None, served: Served) -> Iterator[Softphone]:
    """A call page in a browser whose microphone and ears are the virtual headset."""
    with browser_page(served.link) as page:
        yield Softphone(page=page, served=served, headset=virtual_headset)
