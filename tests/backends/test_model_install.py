"""Models brought in: fetched from a server on this machine, or taken from archives, also from a hostile hand."""

import io
import stat
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends import archive, model_install, vosk_model
from voicesim.backends.model_install import KNOWN, KnownModel, install
from voicesim.backends.models import find_vosk
from voicesim.errors import MissingPart, StorageError, UsageError

FILES = ("am/final.mdl", "conf/model.conf", "ivector/final.ie", "graph/HCLG.fst")
FOLDER = "vosk-model-small-en-us-0.15"
pytestmark = pytest.mark.usefixtures("own_places")


def make_zip(entries: dict[str, bytes]) -> bytes:
    """A zip file; a name with ``->`` is a symbolic link."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name.removesuffix("->"))
            info.compress_type = zipfile.ZIP_DEFLATED
            kind = stat.S_IFLNK if name.endswith("->") else stat.S_IFREG
            info.external_attr = (kind | 0o644) << 16
            opened.writestr(info, content)
    return packed.getvalue()


@pytest.fixture(scope="module")
def packed() -> bytes:
    """The archive of a made model, 300 kB."""
    random = np.random.default_rng(5)
    return make_zip({f"{FOLDER}/{name}": random.bytes(75_000) for name in FILES})


@dataclass(kw_only=True)
class Server:
    """A server on this machine: sends ``content``, at most ``most`` bytes an answer; keeps what was asked."""

    url: str
    content: bytes
    most: int | None = None
    status: int | None = None
    takes_ranges: bool = True
    asked: list[str | None] = field(default_factory=list)


@pytest.fixture
def server(packed) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            begin = self.headers.get("Range")
            served.asked.append(begin)
            at = int(begin.removeprefix("bytes=").removesuffix("-")) if begin and served.takes_ranges else 0
            rest = served.content[at:]
            self.send_response(served.status or (206 if at else 200))
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[: served.most])
            self.close_connection = True

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        served = Server(url=f"http://127.0.0.1:{listening.server_port}/model.zip", content=packed)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield served
        listening.shutdown()


@pytest.fixture
def known(packed, server) -> dict[str, KnownModel]:
    """The made model under a name."""
    digest = sha256(packed).hexdigest()
    model = KnownModel(language="en", folder=FOLDER, url=server.url, bytes=len(packed), sha256=digest)
    return {"made": model}


def left(tmp_path: Path) -> list[str]:
    """What lies in the folder of models."""
    return sorted(path.name for path in (tmp_path / "data/models").iterdir())


def test_a_known_model_is_fetched_checked_and_found(known, tmp_path, packed):
    folder = install("made", known=known)
    assert folder == tmp_path / "data/models" / FOLDER == find_vosk("en")
    assert left(tmp_path) == [FOLDER]


def test_progress_is_told_to_the_end(known, packed):
    told = []
    install("made", known=known, progress=lambda *step: told.append(step))
    stages = {stage: [done for name, done, _ in told if name == stage] for stage, _, _ in told}
    assert list(stages) == ["downloading", "unpacking"]
    assert stages["downloading"] == sorted(stages["downloading"])
    assert (stages["downloading"][-1], stages["unpacking"][-1]) == (len(packed), 300_000)
    assert told[-1][2] == 300_000


def test_a_model_that_is_there_is_not_fetched_again(known, server):
    first, second = install("made", known=known), install("made", known=known)
    assert first == second
    assert len(server.asked) == 1


def test_a_broken_off_download_goes_on_where_it_stopped(known, server, tmp_path):
    server.most = 100_000
    with pytest.raises(MissingPart, match="Run the same command again"):
        install("made", known=known)
    assert left(tmp_path) == [f"{FOLDER}.zip.part"]
    server.most = None
    assert install("made", known=known).is_dir()
    assert server.asked == [None, "bytes=100000-"]


def test_a_server_that_cannot_go_on_begins_again(known, server):
    server.most = 100_000
    with pytest.raises(MissingPart):
        install("made", known=known)
    server.most, server.takes_ranges = None, False
    assert install("made", known=known).is_dir()


def test_other_bytes_of_the_right_size_are_refused_and_thrown_away(known, server, tmp_path):
    server.content = server.content[:-1] + bytes([server.content[-1] ^ 1])
    with pytest.raises(MissingPart, match="SHA-256 differs"):
        install("made", known=known)
    assert left(tmp_path) == []


def test_a_short_file_is_refused(known, server, packed):
    server.content = server.content[:1_000]
    with pytest.raises(MissingPart, match=f"1000 of {len(packed)} bytes"):
        install("made", known=known)


def test_an_endless_file_is_cut_off(known, server, packed, tmp_path):
    """Little more than the known size is taken."""
    server.content = packed + bytes(50_000_000)
    with pytest.raises(MissingPart, match="could not be fetched"):
        install("made", known=known)
    assert left(tmp_path) == []


@pytest.mark.parametrize("status", [404, 500])
def test_a_server_that_refuses_is_said(known, server, status):
    server.status = status
    with pytest.raises(MissingPart, match=str(status)):
        install("made", known=known)


def test_no_server_is_said(known):
    with pytest.raises(MissingPart, match="the connection failed"):
        install("made", known=known, url="http://127.0.0.1:1/model.zip")


@pytest.mark.parametrize("url", ["http://example.invalid/m.zip", "ftp://127.0.0.1/m.zip", "file:///etc/passwd"])
def test_only_https_is_fetched(known, url):
    with pytest.raises(UsageError, match="https only"):
        install("made", known=known, url=url)


def test_a_model_that_does_not_decode_is_not_put_in_place(known, tmp_path, monkeypatch):
    def damaged(folder):
        raise vosk_model.damaged(folder)

    monkeypatch.setattr(vosk_model, "_self_test", damaged)
    with pytest.raises(MissingPart, match="damaged"):
        install("made", known=known)
    assert FOLDER not in left(tmp_path)


def test_the_known_model_is_the_one_of_the_vosk_project():
    model = KNOWN["vosk-small-en-us"]
    assert model.url.startswith("https://alphacephei.com/vosk/models/")
    assert (model.bytes, model.sha256[:8], len(model.sha256)) == (41_205_931, "30f26242", 64)


def test_a_local_archive_is_installed(packed, tmp_path):
    (tmp_path / "mine.zip").write_bytes(packed)
    assert install(tmp_path / "mine.zip") == tmp_path / "data/models" / FOLDER
    assert (tmp_path / "mine.zip").exists()


def test_an_archive_without_a_folder_is_named_after_its_file(tmp_path):
    path = tmp_path / "vosk-model-small-fr-0.1.zip"
    path.write_bytes(make_zip(dict.fromkeys(FILES, b"x" * 10)))
    assert install(path) == tmp_path / "data/models/vosk-model-small-fr-0.1" == find_vosk("fr")


def test_a_local_folder_is_installed_in_place_of_the_one_before(tmp_path, make_model):
    before = make_model(tmp_path / "data/models" / FOLDER)
    (before / "old").touch()
    assert install(make_model(tmp_path / FOLDER)) == before
    assert not (before / "old").exists()
    assert left(tmp_path) == [FOLDER]


def test_the_real_korean_model_is_installed_and_decodes(korean_model, tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("VOICESIM_CACHE", str(tmp_path / "cache"))
    source = tmp_path / "vosk-model-small-ko-0.22"
    source.symlink_to(korean_model)
    folder = install(source, data_folder=tmp_path / "data")
    vosk_model.check_model(folder)
    assert find_vosk("ko", data_folder=tmp_path / "data") == folder


HOSTILE = {
    "parent folder": {"../evil": b"x"},
    "absolute path": {"/evil": b"x"},
    "deep escape": {"a/../../evil": b"x"},
    "Windows path": {"..\\evil": b"x"},
    "Windows drive": {"C:evil": b"x"},
    "link": {"evil->": b"/etc/passwd"},
    "one name twice": {"Evil": b"x", "evil": b"y"},
    "bomb": {"evil": bytes(30_000_000)},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_and_nothing_written(kind, tmp_path):
    path = tmp_path / "hostile.zip"
    model = {name: np.random.default_rng(0).bytes(1_000) for name in FILES}
    path.write_bytes(make_zip({**model, **HOSTILE[kind]}))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="this archive is refused"):
        install(path)
    created = {path.name for path in tmp_path.rglob("*")} - {path.name for path in before}
    assert created <= {"data", "models"}


def test_an_archive_of_too_many_files_is_refused(tmp_path):
    path = tmp_path / "many.zip"
    path.write_bytes(make_zip({f"{number}": b"" for number in range(archive.MOST_ENTRIES + 1)}))
    with pytest.raises(UsageError, match="5001 files"):
        install(path)


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04 torn"])
def test_what_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "odd.zip").write_bytes(content)
    with pytest.raises(UsageError, match="no zip file"):
        install(tmp_path / "odd.zip")


def test_a_damaged_archive_is_refused(packed, tmp_path):
    torn = bytearray(packed)
    torn[1_000:1_100] = bytes(100)
    (tmp_path / "torn.zip").write_bytes(torn)
    with pytest.raises(UsageError, match="damaged"):
        install(tmp_path / "torn.zip")
    assert left(tmp_path) == []


def test_an_archive_without_a_model_is_refused(tmp_path):
    (tmp_path / "other.zip").write_bytes(make_zip({"readme.txt": b"hello"}))
    with pytest.raises(UsageError, match="holds no Vosk model"):
        install(tmp_path / "other.zip")


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(UsageError, match="holds no Vosk model"):
        install(tmp_path)


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="one of: vosk-small-en-us"):
        install("vosk-huge")


def test_a_full_disk_is_said_before_anything_is_written(packed, tmp_path, monkeypatch):
    (tmp_path / "mine.zip").write_bytes(packed)
    usage = archive.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda place: usage._replace(free=1_000))
    with pytest.raises(StorageError, match="MB are free"):
        install(tmp_path / "mine.zip")


def test_a_data_folder_that_cannot_be_made_is_said(packed, tmp_path):
    (tmp_path / "mine.zip").write_bytes(packed)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be stored"):
        install(tmp_path / "mine.zip", data_folder=tmp_path / "file")


def test_nothing_of_the_network_is_loaded_for_a_local_archive(packed, tmp_path, monkeypatch):
    (tmp_path / "mine.zip").write_bytes(packed)
    monkeypatch.setattr(model_install, "fetch", None)
    assert install(tmp_path / "mine.zip").is_dir()
