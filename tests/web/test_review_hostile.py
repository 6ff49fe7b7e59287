"""Copies that no trainee shared, sent to the page: refused in one sentence, and nothing of them is left."""

import base64
import json

import numpy as np
import pytest
from calls_made import page_inside, use
from shared_calls import contested_call, send, shared_copy, zipped

from voicesim.files import encode_flac
from voicesim.store import incoming as module
from voicesim.store.incoming import incoming


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return shared_copy(contested_call(tmp_path_factory.mktemp("trainee")))


@pytest.fixture
def data(tmp_path, monkeypatch):
    use(tmp_path / "data", monkeypatch)
    return tmp_path / "data"


@pytest.fixture
def client(data):
    with page_inside() as client:
        yield client


def changed(shared, **values):
    return json.dumps(json.loads((shared / "call.json").read_bytes()) | values).encode()


def hostile(shared):
    """Archives of which nothing may be taken, by what is wrong with them."""
    good = (shared / "call.json").read_bytes()
    page = (shared / "report.html").read_bytes()
    stereo = bytearray(encode_flac(np.zeros(16_000, np.float32)))
    stereo[20] |= 0b0000_1110
    sound = b'<audio id="sound" controls src="data:audio/flac;base64,%s">'
    yield "no zip", b"not a zip file at all"
    yield "cut", zipped({"a/call.json": good})[:-40]
    yield "outside", zipped({"../call.json": good})
    yield "absolute", zipped({"/etc/call.json": good})
    yield "no call", zipped({"a/report.html": page})
    yield "two calls", zipped({"a/call.json": good, "b/call.json": good})
    yield "many entries", zipped({"a/call.json": good} | {f"a/{n}": b"" for n in range(501)})
    yield "no record", zipped({"call.json": b"[" * 50_000})
    yield "not json", zipped({"call.json": b"\xff\xfe"})
    yield "later schema", zipped({"call.json": changed(shared, schema=99)})
    yield "turns are text", zipped({"call.json": changed(shared, turns="all")})
    yield "no turns", zipped({"call.json": changed(shared, turns=[])})
    yield "beyond numbers", zipped({"call.json": good.replace(b'"confidence": 1.0', b'"confidence": 1e308')})
    yield "a bomb", zipped({"call.json": b" " * (module.LARGEST["call.json"] + 1)})
    yield "stereo", zipped({"call.json": good, "report.html": sound % base64.b64encode(stereo)})
    yield "no flac", zipped({"call.json": good, "report.html": sound % base64.b64encode(b"RIFF" + bytes(60))})
    yield "broken flac", zipped({"call.json": good, "report.html": sound % base64.b64encode(bytes(stereo)[:42])})
    yield "no review", zipped({"call.json": good, "review.json": b"no"})


def left(data):
    return [path for path in data.rglob("*") if path.is_file() and path.name != "lock"]


def test_hostile_copies_are_refused_in_one_sentence_and_leave_nothing(client, shared, data):
    before = left(data)
    for name, content in hostile(shared):
        answer = send(client, content, names=[f"{name}.zip"])
        assert answer.status_code == 400, (name, answer.status_code)
        assert "That did not work" in answer.text
        assert str(data) not in answer.text
        assert left(data) == before, name
    assert not incoming()
