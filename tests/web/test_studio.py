"""The studio on the page: takes shown, chosen, taken back; long recordings split; nothing without consent."""

import gc
import io
import re
import time
import weakref

import numpy as np
import pytest
import soundfile
from inside import client_of
from studio_parts import CLIPPED, OFFER, OPENING, agree, desk, own_script, put

from voicesim.backends.replies_voice import render_replies
from voicesim.files import cache_folder, encode_flac, read_sound
from voicesim.model import RATE_HZ
from voicesim.studio.align import Placed
from voicesim.studio.shelf import Shelf
from voicesim.web import splitting, takes
from voicesim.wiring.library import find_script
from voicesim.wiring.long_recording import Recording


@pytest.fixture(scope="session")
def trainer(tmp_path_factory):
    """Two lines of the short script as a trainer speaks them."""
    made = render_replies([OPENING, OFFER], tmp_path_factory.mktemp("trainer"), persona="deep_man", anger=0.6)
    return dict(zip((OPENING, OFFER), made, strict=True))


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with the short script as one's own."""
    return own_script(tmp_path / "data", monkeypatch)


@pytest.fixture
def short(data):
    return find_script("short")


@pytest.fixture
def line(short):
    return next(line for line in short.lines() if line.text == OPENING)


@pytest.fixture
def shelf(short, line, trainer):
    """Two takes of the opening, the second chosen and clipped; Anna agreed."""
    shelf = Shelf.own("short")
    agree(shelf, short)
    put(shelf, line, trainer[OPENING])
    put(shelf, line, trainer[OPENING], checks=(CLIPPED,))
    return shelf


@pytest.fixture
def client(data):
    with client_of(desk()) as client:
        yield client


def chosen(shelf, line):
    return next((take.n for take in shelf.takes(line.id) if take.chosen), None)


# -- what is shown --


def test_every_script_is_shown_with_its_progress_and_speakers(client, shelf):
    told = client.get("/studio").text
    assert "A short call" in told
    assert "1 of 6 lines have a take" in told
    assert "Agreed: Anna" in told
    assert "Charged twice" in told or "billed-twice" in told


def test_a_script_that_cannot_be_read_is_shown_as_such(client, data):
    (data / "scripts" / "broken.yaml").write_text("format: 1\nid: broken\n")
    told = client.get("/studio")
    assert told.status_code == 200
    assert "cannot be read" in told.text


def test_all_lines_are_shown_with_their_takes_the_most_needed_first(client, shelf, line):
    told = client.get("/studio/short").text
    assert told.index(OPENING) < told.index(OFFER) < told.index("Forget it.")
    assert told.count('class="wave"') == 2
    assert "It is clipped." in told and "share at full scale: 0.125" in told and "Move back." in told
    assert "Take 2" in told and "Anna" in told and "2026-11-22 10:00 UTC" in told
    assert "1 other take" in told
    assert told.count("No take is chosen") == 5


def test_the_waveform_is_that_of_the_take(client, shelf, line, trainer):
    """Silence before the speech is flat, speech is not."""
    [path, _] = re.findall(r'<path d="(M[^"]+)"', client.get("/studio/short").text)
    heights = [float(high) for high in re.findall(r"v([\d.]+)", path)]
    assert len(heights) == 96
    assert max(heights) > 30
    assert min(heights) < 3


def test_a_take_is_played(client, shelf, line, trainer):
    answer = client.get(f"/studio/short/takes/{line.id}/2")
    samples, rate_hz = soundfile.read(io.BytesIO(answer.content))
    assert (answer.headers["content-type"], rate_hz) == ("audio/flac", RATE_HZ)
    assert len(samples) == len(read_sound(trainer[OPENING])[0].samples)


def test_a_part_of_a_take_is_sent_where_a_browser_asks_for_it(client, shelf, line):
    answer = client.get(f"/studio/short/takes/{line.id}/1", headers={"range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"fLaC")


def test_takes_of_edited_lines_are_listed_and_stay(client, shelf, data):
    path = data / "scripts" / "short.yaml"
    path.write_text(path.read_text().replace("You took my money twice", "You took it twice"))
    told = client.get("/studio/short").text
    assert "Takes of lines that were edited or removed" in told
    assert told.count("orphan") >= 2
    assert len(shelf.every()) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/studio/nobody",
        "/studio/..%2f..%2fetc",
        "/studio/%2fetc%2fpasswd",
        "/studio/short.yaml",
        "/studio/short/takes/nothing/1",
        "/studio/short/takes/..%2f..%2ftakes.json/1",
        "/studio/short/recordings/guessed",
        "/packs/nobody",
        "/packs/waiting/guessed",
    ],
)
def test_what_is_not_there_is_not_found(client, shelf, path):
    assert client.get(path).status_code == 404


def test_what_people_wrote_is_shown_as_text(client, short, line, trainer):
    shelf = Shelf.own("short")
    agree(shelf, short, "<b>Anna</b>")
    put(shelf, line, trainer[OPENING], speaker="<b>Anna</b>")
    for address in ("/studio", "/studio/short", "/packs/short", "/studio/short/record"):
        told = client.get(address).text
        assert "<b>Anna" not in told
        assert "&lt;b&gt;Anna" in told


# -- choosing --


def test_another_take_is_chosen_without_a_script_of_the_page(client, shelf, line):
    answer = client.post("/studio/short/choose", data={"line": line.id, "take": "1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/studio/short#{line.id}")
    assert chosen(shelf, line) == 1


def test_a_line_without_a_chosen_take_is_rendered(client, shelf, line):
    client.post("/studio/short/choose", data={"line": line.id, "take": "none"})
    assert chosen(shelf, line) is None
    assert len(shelf.takes(line.id)) == 2


@pytest.mark.parametrize("take", ["9", "-1", "x", "1.5", "²", ""])
def test_a_take_that_is_none_is_not_chosen(client, shelf, line, take):
    answer = client.post("/studio/short/choose", data={"line": line.id, "take": take})
    assert answer.status_code in (400, 422)
    assert chosen(shelf, line) == 2


def test_undo_takes_the_last_choice_back(client, shelf, line):
    client.post("/studio/short/choose", data={"line": line.id, "take": "1"})
    client.post("/studio/short/undo")
    assert chosen(shelf, line) == 2


# -- consent --


def test_the_terms_come_before_the_booth(client, data):
    told = client.get("/studio/short/record?speaker=Anna").text
    assert "My voice is recorded for the caller of &#34;A short call&#34;" in told
    assert 'id="booth"' not in told


def test_who_agrees_gets_into_the_booth(client, data):
    told = client.post("/studio/short/consent", data={"speaker": " Anna  B ", "agreed": "yes"})
    assert 'data-speaker="Anna B"' in told.text
    assert "6 lines have" in told.text
    speaker = Shelf.own("short").speakers()["Anna B"]
    assert "A short call" in speaker.terms


@pytest.mark.parametrize(
    "form", [{"speaker": "Anna"}, {"speaker": "", "agreed": "yes"}, {"speaker": "x" * 90, "agreed": "yes"}]
)
def test_who_does_not_agree_is_not_kept(client, data, form):
    assert client.post("/studio/short/consent", data=form).status_code in (400, 422)
    assert not Shelf.own("short").speakers()


def test_nothing_is_recorded_for_who_did_not_agree(client, shelf):
    answer = client.post("/studio/short/sessions", json={"speaker": "Ben"}, headers={"accept": "*/*"})
    assert answer.status_code == 400
    assert "consent" in answer.json()["error"]["what"]


@pytest.mark.parametrize("wanted", [{}, {"speaker": "Anna", "line": "nothing"}, {"speaker": "Anna", "moods": ["x"]}])
def test_a_session_needs_lines_to_record(client, shelf, wanted):
    assert client.post("/studio/short/sessions", json=wanted).status_code in (400, 422)


def test_withdrawing_is_asked_for_and_deletes_every_trace(client, shelf, line, monkeypatch, tmp_path):
    monkeypatch.setenv("VOICESIM_CACHE", str(tmp_path / "cache"))
    (cache_folder() / "lines").mkdir(parents=True)
    asked = client.get("/studio/short/withdraw?speaker=Anna").text
    assert "2 takes" in asked
    assert client.post("/studio/short/withdraw", data={"speaker": "Anna"}).status_code == 400
    assert len(shelf.every()) == 2
    client.post("/studio/short/withdraw", data={"speaker": "Anna", "sure": "yes"})
    assert not shelf.every()
    assert not shelf.speakers()
    assert not (cache_folder() / "lines").exists()


# -- long recordings --


def uploaded(client, content, *, name="session.flac", speaker="Anna", **more):
    return client.post(
        "/studio/short/recordings",
        files={"recording": (name, content, "audio/flac")},
        data={"speaker": speaker, **more},
    )


def finished(client, answer):
    """The page of a recording once it is over."""
    address = str(answer.url)
    given_up_s = time.monotonic() + 60
    while not client.get(f"{address}/state").json()["over"]:
        assert time.monotonic() < given_up_s
        time.sleep(0.02)
    return client.get(address).text


def left(data):
    """Files of uploads that lie somewhere."""
    return [path for path in (data / ".uploads").rglob("*") if path.is_file() and path.name != "lock"]


def test_one_long_recording_becomes_takes_and_says_what_it_could_not_place(client, shelf, data, trainer):
    quiet = np.zeros(RATE_HZ, np.float32)
    pieces = [quiet, read_sound(trainer[OFFER])[0].samples, quiet, read_sound(trainer[OPENING])[0].samples, quiet]
    answer = uploaded(client, encode_flac(np.concatenate(pieces)), name="../<b>.flac", everything="yes")
    told = finished(client, answer)
    assert "2 takes were found" in told
    assert "Lines that were not found (4)" in told
    assert told.count('class="wave"') == 2
    assert len(shelf.every()) == 4
    assert {line_id.split("-")[0] for line_id in shelf.chosen()} == {"opening", "offer"}
    assert not left(data)


def test_the_file_of_a_recording_is_its_owners_only(client, shelf, data, monkeypatch):
    seen = []

    def look(path, *given, **named):
        seen.append((path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777, path.is_relative_to(data)))
        raise ValueError("a fault nobody foresaw")

    monkeypatch.setattr(splitting, "heard_recording", look)
    told = finished(client, uploaded(client, b"anything"))
    assert "something went wrong" in told.lower()
    assert seen == [(0o600, 0o700, True)]
    assert not left(data)


SILENCE = encode_flac(np.zeros(RATE_HZ, np.float32))


def test_what_a_recording_came_to_is_remembered_without_its_sound(client, shelf, data, monkeypatch):
    sounds = []

    def heard(*given, **named):
        samples = np.zeros(RATE_HZ, np.float32)
        sounds.append(weakref.ref(samples))
        return Recording(samples=samples, placed=Placed(takes=()), notes=("silent: it holds no sound at all",))

    monkeypatch.setattr(splitting, "heard_recording", heard)
    answer = uploaded(client, b"anything")
    told = finished(client, answer)
    assert "0 takes were found" in told and "In 0:01.0 minutes" in told and "silent" in told
    gc.collect()
    assert [sound() for sound in sounds] == [None]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"#!/bin/sh\necho hello\n", "no recording that can be read"),
        (b"\x00" * 5000, "no recording that can be read"),
        (SILENCE[:60], "no recording that can be read|no samples"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "no recording that can be read|no samples"),
    ],
    ids=["a program", "zeros", "cut", "a head alone"],
)
def test_what_is_no_recording_is_told_and_deleted(client, shelf, data, content, why):
    told = finished(client, uploaded(client, content))
    assert re.search(why, told.lower())
    assert len(shelf.every()) == 2
    assert not left(data)


def test_a_recording_that_lasts_too_long_is_told(client, shelf, data, monkeypatch):
    monkeypatch.setattr(splitting, "LONGEST_S", 60)
    told = finished(client, uploaded(client, encode_flac(np.zeros(61 * 8_000, np.float32), 8_000)))
    assert "longer than 1 minutes" in told
    assert not left(data)


def test_a_small_file_that_unpacks_to_very_much_is_not_unpacked(client, shelf, data, monkeypatch):
    monkeypatch.setattr(splitting, "MOST_SAMPLES", 100_000)
    told = finished(client, uploaded(client, encode_flac(np.zeros(200_000, np.float32))))
    assert "holds too much sound" in told
    assert not left(data)


def test_a_recording_by_nobody_who_agreed_is_refused_before_it_is_kept(client, shelf, data):
    answer = uploaded(client, SILENCE, speaker="Ben")
    assert answer.status_code == 400
    assert not left(data)


def test_an_empty_upload_is_told(client, shelf, data):
    assert uploaded(client, b"").status_code == 400
    assert client.post("/studio/short/recordings", data={"speaker": "Anna"}).status_code == 422
    assert not left(data)


def test_a_recording_is_deleted_when_too_much_goes_on(client, shelf, data, monkeypatch):
    from voicesim.web.sessions import Sessions, TooMany

    def full(self, session):
        raise TooMany("as many go on as can")

    monkeypatch.setattr(Sessions, "add", full)
    assert uploaded(client, SILENCE).status_code == 429
    assert not left(data)


def test_a_recording_that_is_stopped_keeps_what_it_has(client, shelf, data, monkeypatch):
    """Stopped before its first word was heard."""
    asked = client.get("/studio/short/upload").text
    assert "700 MB" in asked
    begin = splitting.Splitting.begin
    monkeypatch.setattr(splitting.Splitting, "begin", lambda self: (self.end(), begin(self)))
    told = finished(client, uploaded(client, SILENCE))
    assert "it was stopped" in told.lower()
    assert not left(data)


def test_the_clock_tells_minutes_and_seconds():
    assert takes.clock(16_000 * 75 + 8_000) == "1:15.5"
