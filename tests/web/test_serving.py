"""The page as a command: where it listens, a second one, and how it ends."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import let_in

from voicesim.cli import main
from voicesim.errors import MissingPart, UsageError
from voicesim.web import serving
from voicesim.web.serving import OpenAlready, announced, listening

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
FAIR = "I apologise, we charged you twenty euros twice. That is our mistake."
LIMIT_S = 60


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def begun(data, *options):
    """`voicesim serve` under way and its link."""
    variables = os.environ | {"VOICESIM_DATA": str(data)}
    command = [sys.executable, "-m", "voicesim", "serve", "--no-open", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables) as process:
        try:
            yield process, re.search(r"http://\S+", process.stdout.readline()).group()
        finally:
            process.kill()


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_an_address_that_others_reach_is_refused(host, capsys):
    with pytest.raises(UsageError, match="accounts and TLS"):
        listening(host, None)
    assert main(["serve", "--no-open", "--host", host]) == 2
    assert "Leave --host out" in capsys.readouterr().err


def test_a_port_in_use_is_told_and_without_one_another_is_found(data, capsys, monkeypatch):
    with listening("127.0.0.1", free_port()) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MissingPart, match=f"port {port} is in use"):
            listening("127.0.0.1", port)
        assert main(["serve", "--no-open", "--port", str(port)]) == 3
        assert "Leave --port out" in capsys.readouterr().err
        monkeypatch.setattr(serving, "USUAL_PORT", port)
        with listening("127.0.0.1", None) as other:
            assert other.getsockname()[1] != port


def test_only_this_machine_reaches_the_socket():
    with listening("localhost", None) as found:
        assert found.getsockname()[0] == "127.0.0.1"


def test_the_page_is_announced_to_its_owner_alone_and_only_while_it_is_open(data):
    link = "http://127.0.0.1:8760/open?token=x"
    told = data / "page.json"
    with announced(link):
        assert (told.stat().st_mode & 0o077, json.loads(told.read_text())["link"]) == (0, link)
        with pytest.raises(OpenAlready) as already, announced("http://127.0.0.1:1/"):
            pass
        assert already.value.link == link
        assert json.loads(told.read_text())["link"] == link
    assert not told.exists()
    with announced(link):
        pass


@pytest.mark.parametrize("content", ["", "[]", '{"link": "https://evil.example/"}', '{"link": 3}', "\x00"])
def test_a_file_that_says_something_else_leads_nowhere(content, data):
    """Only a page on the loopback address is ever opened."""
    with announced("http://127.0.0.1:1/"):
        (data / "page.json").write_text(content)
        with pytest.raises(OpenAlready) as already, announced("http://127.0.0.1:2/"):
            pass
        assert already.value.link == ""


def test_where_nothing_can_be_written_the_page_opens_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "file" / "data"))
    with announced("http://127.0.0.1:1/"):
        pass


def test_a_page_that_was_killed_misleads_nobody(data):
    """What it said stays behind; its lock does not."""
    data.mkdir()
    (data / "page.json").write_text('{"link": "http://127.0.0.1:1/open?token=old"}')
    (data / "page.lock").touch()
    with announced("http://127.0.0.1:2/open?token=new"):
        assert "token=new" in (data / "page.json").read_text()


@pytest.fixture
def short(data):
    """Own scripts with the short one; gives what every call under way leaves behind."""
    (data / "scripts").mkdir(parents=True)
    (data / "scripts" / "short.yaml").write_bytes(SHORT.read_bytes())
    return lambda: [path.read_text(encoding="utf-8") for path in data.glob("trainees/*/calls/*/call.json")]


def typed_call(client):
    """The address of a typed call in which one reply was given."""
    call = client.post("/calls", data={"script": "short", "sound": "typed"}).headers["location"]
    client.get(call)
    assert client.post(f"{call}/reply", data={"text": FAIR}).status_code == 303
    return call


def test_a_page_that_is_ended_keeps_the_call_under_way_and_prints_nothing_of_it(data, short, capsys):
    """A second start leads to it. What was said, noted or opened it stands in no line but the opening one.

    The terminal of its launcher is closed (SIGHUP), and the call is closed, judged and kept.
    """
    marked = "zebra marmalade seventeen"
    with begun(data) as (process, link), contextlib.closing(let_in(link)) as client:
        assert main(["serve", "--no-open"]) == 0
        assert f"open already at {link}" in capsys.readouterr().out
        call = typed_call(client)
        client.post(f"{call}/notes", data={"text": f"note {marked}"})
        client.post(f"{call}/reply", data={"text": f"reply {marked}"})
        client.post(f"{call}/reply", data={"text": marked * 1000})
        client.post(f"{call}/{marked}", data={"text": marked})
        client.post("/calls", data={"script": marked})
        client.get(f"/calls/{marked}", params={"token": marked})
        process.send_signal(getattr(signal, "SIGHUP", signal.SIGTERM))
        out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert "Closing and keeping what goes on (1)" in err
    [record] = short()
    assert json.loads(record)["ending"] == "stopped"
    assert FAIR in record
    assert not (data / "page.json").exists()
    secrets = [marked, link.partition("token=")[2], *client.cookies.values(), client.headers["x-voicesim-csrf"]]
    assert [secret for secret in (*secrets, "Traceback") if secret in out + err] == []


def test_ctrl_c_keeps_the_call_of_a_page_beside_another(data, short):
    """Who names a port gets a page of their own, and the one that was there stays the one that is told of."""
    with announced("http://127.0.0.1:1/"), begun(data, "--port", str(free_port())) as (process, link):
        with contextlib.closing(let_in(link)) as client:
            typed_call(client)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=LIMIT_S)
        assert (process.returncode, "Traceback" in out + err) == (0, False)
        assert json.loads((data / "page.json").read_text())["link"] == "http://127.0.0.1:1/"
    [record] = short()
    assert json.loads(record)["ending"] == "stopped"
