"""Reviewing on the page: shared calls taken in, judged, scored; hostile copies refused, nothing of them left."""

import json
import re
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from browsing import barriers, browser_page, look_at
from calls_made import page_inside, use
from shared_calls import contested_call, files_of, send, shared_copy, zipped

from voicesim.files import encode_flac, read_sound
from voicesim.model import RATE_HZ
from voicesim.report.data import dumps, record_to_json
from voicesim.store.closing import read_record
from voicesim.store.incoming import bring_in, incoming
from voicesim.store.reviews import review_of
from voicesim.store.sharing import Part, share

ROOT = Path(__file__).parents[2]
EXAMPLE = re.search(r"^```yaml\n(.*?)^```", (ROOT / "docs" / "rubrics.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
assert EXAMPLE
RUBRIC = EXAMPLE[1]


@pytest.fixture(scope="module")
def held_call(tmp_path_factory):
    """The folder of a call that was held once, in which the trainee contests a finding."""
    return contested_call(tmp_path_factory.mktemp("trainee"))


@pytest.fixture(scope="module")
def shared(held_call):
    """What the trainee handed on: ``call.json``, ``report.html`` and ``review.json``."""
    return shared_copy(held_call)


@pytest.fixture
def data(tmp_path, monkeypatch):
    use(tmp_path / "data", monkeypatch)
    return tmp_path / "data"


@pytest.fixture
def client(data):
    """The trainer's page, in this process, signed as Anna."""
    with page_inside() as client:
        assert client.post("/review/name", data={"by": " Anna  Lee "}).status_code == 303
        yield client


@pytest.fixture
def copy(client, shared):
    """The address of a copy that was taken in."""
    assert send(client, zipped(files_of(shared))).headers["location"] == "/review?came=1"
    [one] = incoming()
    return f"/review/{one.id}"


def kept():
    [one] = incoming()
    return [(e.kind.value, e.turn, e.finding, e.verdict, e.blind) for e in review_of(one.folder).entries]


# -- taking in --------------------------------------------------------------------------------------------------------


def test_a_shared_call_is_taken_in_listed_and_kept_for_its_owner_only(client, shared, data):
    assert "Nobody has shared a call yet" in client.get("/review").text
    assert send(client, zipped(files_of(shared)), who="Trainee 7").status_code == 303
    [one] = incoming()
    page = client.get("/review?came=1").text
    assert "The copy is here." in page
    for told in ("A short call", "handed in by Trainee 7", "resolved", "1 contested", "not reviewed"):
        assert told in page
    assert f"<strong>{one.record.feedback.total}</strong>" in page
    assert {path.name for path in one.folder.iterdir()} <= {"call.json", "review.json", "from.json", ".review.lock"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in one.folder.iterdir())
    assert stat.S_IMODE(one.folder.stat().st_mode) == 0o700
    assert record_to_json(one.record) == record_to_json(read_record(shared))


def test_the_files_of_a_copy_are_taken_in_without_a_zip_file(client, shared):
    paths = sorted(shared.iterdir())
    answer = send(client, *(path.read_bytes() for path in paths), names=[f"copy/{path.name}" for path in paths])
    assert answer.status_code == 303
    assert len(incoming()) == 1


def test_another_copy_of_a_call_takes_its_place_and_keeps_what_was_said(client, copy, shared):
    client.post(f"{copy}/say", data={"kind": "comment", "note": "Well begun."})
    assert send(client, zipped(files_of(shared))).status_code == 303
    assert [kind for kind, *_ in kept()] == ["contest", "comment"]


def test_a_copy_that_is_replaced_is_told(client, copy, shared):
    """Nobody has to guess why a call is there once only, also where it was sent twice at once."""
    address = send(client, *[zipped(files_of(shared))] * 2).headers["location"]
    assert address == "/review?came=1&older=1"
    assert "here already: it is replaced, and what was said about it stays" in client.get(address).text
    assert len(incoming()) == 1


def test_what_was_here_stays_if_something_else_cannot_be_taken_in(client, copy, shared):
    client.post(f"{copy}/say", data={"kind": "comment", "note": "Well begun."})
    assert send(client, zipped(files_of(shared)), b"PK but no archive").status_code == 400
    assert [kind for kind, *_ in kept()] == ["contest", "comment"]


def test_the_sound_of_a_shared_call_goes_after_its_days_and_the_page_says_so(client, copy):
    [one] = incoming()
    (one.folder / "sound.flac").write_bytes(b"sound")
    assert "with sound" in client.get("/review").text
    told = {"schema": 1, "who": "A", "came_utc": "2020-01-01T00:00:00+00:00"}
    (one.folder / "from.json").write_text(json.dumps(told))
    page = client.get("/review").text
    assert "The sound of 1 call that was shared with you is deleted: 30 days old or more" in page
    assert ("with sound" in page, one.sound, len(incoming())) == (False, False, 1)


def test_own_calls_are_listed_and_reviewed_too(client, held_call, data):
    folder = data / "trainees" / "you" / "calls" / held_call.name
    shutil.copytree(held_call.parents[1], folder.parents[1])
    page = client.get("/review").text
    assert f'href="/review/{folder.name}"' in page
    assert "Pat Doe" in page
    client.post(f"/review/{folder.name}/say", data={"kind": "agree", "turn": 1, "finding": "command_calm"})
    assert review_of(folder).entries[-1].by == "Anna Lee"
    assert "reviewed by Anna Lee" in client.get("/review").text
    assert "The feedback of this call" in client.get(f"/review/{folder.name}").text
    assert client.post(f"/review/{folder.name}/gone").status_code == 404
    assert folder.is_dir()


def test_the_trainee_takes_in_what_a_trainer_handed_back(client, copy, held_call, data):
    client.post(f"{copy}/say", data={"kind": "absent", "turn": 1, "finding": "command_calm", "note": "Quoted."})
    handed = client.get(f"{copy}/review.json").content
    folder = data / "trainees" / "you" / "calls" / held_call.name
    shutil.copytree(held_call.parents[1], folder.parents[1])
    before = len(review_of(folder).entries)
    for _ in range(2):
        assert client.post(f"/review/{folder.name}/from", files={"other": ("review.json", handed)}).status_code == 303
    assert len(review_of(folder).entries) == before + 1
    assert "“Quoted.”" in client.get(f"/review/{folder.name}").text
    broken = client.post(f"/review/{folder.name}/from", files={"other": ("review.json", b"no")})
    assert (broken.status_code, str(data) in broken.text) == (400, False)
    assert not [path for path in (data / ".uploads").rglob("*") if path.is_file() and path.name != "lock"]


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_of_several_copies_all_are_taken_in_or_none(client, shared):
    assert send(client, zipped(files_of(shared)), b"PK but no archive").status_code == 400
    assert not incoming()


@pytest.mark.parametrize("who", ["", "  "])
def test_without_a_file_or_whose_it_is_nothing_is_taken_in(client, shared, who):
    assert send(client, zipped(files_of(shared)), who=who).status_code == 400
    assert send(client, b"").status_code == 400
    assert client.post("/review/shared", data={"who": "A"}).status_code == 422
    assert not incoming()


def test_a_page_that_came_along_is_never_shown_and_words_stay_words(client, shared):
    evil = "<script>alert(1)</script>"
    record = read_record(shared)
    line = replace(record.turns[0].line, text=evil)
    record = replace(
        record,
        turns=(replace(record.turns[0], line=line), *record.turns[1:]),
        script=replace(record.script, title=evil),
    )
    files = {"call.json": dumps(record_to_json(record)), "report.html": evil * 5}
    assert send(client, zipped(files), who=evil).status_code == 303
    [one] = incoming()
    for address in ("/review", f"/review/{one.id}", f"/review/{one.id}?blind=1"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert not list(one.folder.glob("*.html"))


def test_only_the_whole_id_of_a_call_is_an_address(client, copy, data):
    (data / "shared" / "x.json").write_text("{}")
    names = ("%2e%2e", "%2e%2e%2fsettings.toml", "..%2fshared", "%2Fetc%2Fpasswd", "last", copy[8:15], "x.json", "%00")
    behind = ("", "/turns/1/sound", "/review.json")
    asked = {f"{name}{part}": client.get(f"/review/{name}{part}").status_code for name in names for part in behind}
    assert set(asked.values()) == {404}, asked
    posted = {name: client.post(f"/review/{name}/gone").status_code for name in names}
    assert set(posted.values()) == {404}, posted


# -- judging ----------------------------------------------------------------------------------------------------------


def test_a_call_is_shown_turn_by_turn_with_evidence_and_what_the_trainee_contests(client, copy):
    page = client.get(copy).text
    assert "telling the caller to calm down" in page
    assert "calm down</q>" in page or "<q>" in page
    assert "% sure" in page
    assert "Contested by the trainee:" in page
    assert "“I &lt;quoted&gt; her.”" in page


def test_what_is_said_is_kept_beside_the_record_and_shown(client, copy):
    [one] = incoming()
    before = (one.folder / "call.json").read_bytes()
    said = [
        {"kind": "comment", "turn": 2, "note": "Good pause."},
        {"kind": "comment", "at": "1:23", "note": "Here."},
        {"kind": "agree", "turn": 1, "finding": "command_calm"},
        {"kind": "disagree", "turn": 1, "finding": "command_calm", "note": "She had asked."},
        {"kind": "present", "turn": 2, "finding": "empathy", "note": "In the tone."},
        {"kind": "absent", "turn": 3, "finding": "thank"},
    ]
    for entry in said:
        assert client.post(f"{copy}/say", data=entry).status_code == 303, entry
    client.post(f"{copy}/judge", data={"turn": 1})
    client.post(f"{copy}/points", data={"control": "9", "total": "61", "note": "Calm at the end."})
    assert kept()[1:] == [
        ("comment", 2, None, None, False),
        ("comment", None, None, None, False),
        ("agree", 1, "command_calm", None, False),
        ("disagree", 1, "command_calm", None, False),
        ("override", 2, "empathy", True, False),
        ("override", 3, "thank", False, False),
        ("judged", 1, None, None, False),
        ("score", None, None, None, False),
        ("score", None, None, None, False),
    ]
    assert (one.folder / "call.json").read_bytes() == before
    page = client.get(copy).text
    for told in ("Good pause.", "1:23", "In the tone.", "you 9", "you 61", "1 of 3 turns judged"):
        assert told in page
    assert 'value="disagree" class="chosen"' in page
    handed = client.get(f"{copy}/review.json")
    assert "attachment" in handed.headers["content-disposition"]
    assert len(handed.json()["entries"]) == 10


@pytest.mark.parametrize(
    ("form", "written", "told"),
    [
        ("say", {"kind": "agree", "turn": 2, "finding": "blame"}, "no finding"),
        ("say", {"kind": "present", "turn": 1, "finding": "nonsense"}, "there is no finding"),
        ("say", {"kind": "present", "turn": 99, "finding": "empathy"}, "there is no turn 99"),
        ("say", {"kind": "comment", "note": " "}, "the comment is empty"),
        ("say", {"kind": "comment", "note": "x", "at": "soon"}, "this is no time"),
        ("points", {"control": "500"}, "out of range"),
        ("points", {"control": "many"}, "no number of points"),
        ("points", {}, "no points were given"),
        ("judge", {"turn": 1, "findings": ["empathy", "nonsense"]}, "there is no finding"),
        ("judge", {"turn": 0}, "there is no turn 0"),
    ],
)
def test_what_cannot_be_kept_is_told_and_leaves_nothing(client, copy, form, written, told):
    answer = client.post(f"{copy}/{form}", data=written)
    assert answer.status_code == 400
    assert told in answer.text.replace("&#39;", "'").lower()
    assert len(kept()) == 1


def test_nobody_judges_without_a_name(client, copy):
    client.cookies.delete("voicesim_reviewer")
    answer = client.post(f"{copy}/say", data={"kind": "comment", "note": "x"})
    assert (answer.status_code, "a review is signed" in answer.text.lower()) == (400, True)
    assert "Your name, with which every entry is signed" in client.get(copy).text
    assert client.post("/review/name", data={"by": " "}).status_code == 400


def test_blind_hides_what_the_machine_found_until_the_turn_was_labelled(client, copy):
    hidden = ("calm down</q>", "% sure", "Contested", 'badge">anger', "of 100", "points for", "heat1", "heat2")
    page = client.get(f"{copy}?blind=1").text
    assert not [told for told in hidden if told in page.split("<main", 1)[1]]
    assert "command_calm" not in page.replace('value="command_calm"', "")
    assert page.count("This is what is there") == 1
    refused = client.post(f"{copy}/points", data={"control": "5", "blind": "1"})
    assert (refused.status_code, len(kept())) == (400, 1)
    client.post(f"{copy}/judge", data={"turn": 1, "findings": ["command_calm"], "note": "Too early.", "blind": "1"})
    assert kept()[1:] == [
        ("override", 1, "command_calm", True, True),
        ("comment", 1, None, None, True),
        ("judged", 1, None, None, True),
    ]
    page = client.get(f"{copy}?blind=1").text
    assert page.count("% sure") >= 1
    assert page.count("not judged yet") + page.count("judge it now") == 2
    for number in (2, 3):
        client.post(f"{copy}/judge", data={"turn": number, "blind": "1"})
    page = client.get(f"{copy}?blind=1").text
    assert "of 100" in page
    assert "First judge every turn" not in page


def test_a_copy_is_deleted_with_what_was_said_about_it(client, copy, data):
    assert client.post(f"{copy}/gone").headers["location"] == "/review?told=gone"
    assert (incoming(), list((data / "shared").iterdir())) == ((), [])
    assert client.get(copy).status_code == 404


# -- sound ------------------------------------------------------------------------------------------------------------


def test_the_sound_of_a_turn_is_heard_where_it_was_shared(client, sample, tmp_path):
    record = replace(sample.sample_record(), clock={"began_utc": "2026-03-16T10:00:00+00:00"})
    last = record.turns[-2].reply.span.end + RATE_HZ
    tone = (0.3 * np.sin(np.arange(last) * 0.3)).astype(np.float32)
    folder, copy = tmp_path / "call", tmp_path / "copy"
    folder.mkdir()
    sounds = {"caller": tone, "trainee": np.zeros(last, np.float32)}
    parts = frozenset({Part.SOUND})
    share(record, folder, copy, parts, now=datetime.now(UTC), sounds=sounds, encode=encode_flac)
    one = bring_in(copy, "B", "2026-03-17T10:00:00+00:00")
    page = client.get(f"/review/{one.id}").text
    assert f'src="/review/{one.id}/turns/1/sound"' in page
    heard = client.get(f"/review/{one.id}/turns/1/sound")
    assert heard.headers["content-type"] == "audio/flac"
    (tmp_path / "heard.flac").write_bytes(heard.content)
    clip = read_sound(tmp_path / "heard.flac")[0].samples
    start = record.turns[0].line_span.start
    assert np.allclose(clip, tone[start : start + len(clip)], atol=1e-3)
    assert client.get(f"/review/{one.id}/turns/99/sound").status_code == 404


def test_without_shared_sound_there_is_none(client, copy):
    assert "<audio" not in client.get(copy).text
    assert client.get(f"{copy}/turns/1/sound").status_code == 404


# -- score ------------------------------------------------------------------------------------------------------------


def test_a_call_is_scored_with_a_rubric_of_the_trainers_own(client, copy):
    page = client.post(f"{copy}/score", files={"rubric": ("mine.yaml", RUBRIC)}).text
    assert "first-week 1" in page
    assert "As it was given" in page
    assert "is not on this machine" in page
    client.post(f"{copy}/say", data={"kind": "absent", "turn": 1, "finding": "command_calm", "note": "Quoted."})
    page = client.post(f"{copy}/score", data={"overrides": "1"}).text
    assert "Anna Lee does not see “telling the caller to calm down”" in page
    assert "With what trainers decided" in page


@pytest.mark.parametrize("content", [b"no: rubric", b"\xff\x00", b"a: &a [*a]", b"x" * 200_001])
def test_a_rubric_that_cannot_be_used_is_told(client, copy, content):
    answer = client.post(f"{copy}/score", files={"rubric": ("mine.yaml", content)})
    assert answer.status_code == 400
    assert "rubric" in answer.text


# -- in a browser -----------------------------------------------------------------------------------------------------


def test_a_trainer_takes_a_call_in_and_judges_it_by_forms_alone(served, shared, tmp_path):
    """Without JavaScript; nobody is shut out, at no width."""
    archive = tmp_path / "copy.zip"
    archive.write_bytes(zipped(files_of(shared)))
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/review")
        page.get_by_label("Your name").fill("Anna")
        page.get_by_role("button", name="Sign with this name").click()
        page.get_by_label("ZIP files").set_input_files(archive)
        page.get_by_label("Whose calls are they?").fill("A")
        page.get_by_role("button", name="Take in").click()
        page.get_by_text("The copy is here.").wait_for()
        assert not barriers(page)
        look_at(page, "review")
        page.get_by_role("link", name=re.compile("^Blind")).click()
        page.get_by_label("telling the caller to calm down").check()
        assert not barriers(page)
        look_at(page, "review-blind")
        page.get_by_role("button", name="This is what is there").click()
        page.get_by_text("1 of 3 turns judged").wait_for()
        page.get_by_role("link", name="Show what the machine found").click()
        page.get_by_role("button", name=re.compile("^Disagree with telling")).click()
        page.locator("button.chosen").first.wait_for()
        for place in page.locator("details.say > summary").all():
            place.click()
        assert not barriers(page)
        look_at(page, "review-call")
        page.emulate_media(color_scheme="dark")
        look_at(page, "review-call-dark")
        page.get_by_role("button", name="Score this call").click()
        page.get_by_role("heading", name="In the terms of quality assurance", exact=True).wait_for()
        assert not barriers(page)
        look_at(page, "review-score-dark")
