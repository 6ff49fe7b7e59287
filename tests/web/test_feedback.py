"""Stored calls on the page: the list, the feedback, the turn gym; sharing, taking along, deleting."""

import io
import json
import shutil
import zipfile
from urllib.parse import quote

import pytest
from calls_made import FAIR, HARSH, REFUND, held, page_inside, use

from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.settings import load_settings
from voicesim.store.attempts import attempts_of
from voicesim.store.incoming import bring_in, incoming
from voicesim.store.reviews import add_entries


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A page inside this process over a data folder of its own."""
    use(tmp_path / "data", monkeypatch)
    with page_inside() as client:
        yield client


@pytest.fixture
def call(client, tmp_path):
    """A call in which the first reply was a mistake."""
    return held(tmp_path, HARSH, FAIR, REFUND)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_without_a_call_the_list_leads_to_the_first_one(client):
    page = client.get("/calls").text
    assert "There is no call yet" in page
    assert 'class="button primary" href="/"' in page


def test_the_list_shows_each_call_with_caller_ending_and_score_newest_first(client, call, tmp_path):
    other = held(tmp_path, FAIR, options=("--official",))
    page = client.get("/calls").text
    assert page.index(f'/calls/{other.name}"') < page.index(f'/calls/{call.name}"')
    assert "Pat Doe" in page
    assert '<span class="badge badge-good">resolved</span>' in page
    assert '<span class="badge">official run</span>' in page
    score = json.loads((call / "call.json").read_text())["feedback"]["score"]["total"]
    assert f"<strong>{score}</strong>" in page


def test_a_call_that_was_cut_off_is_put_together_with_a_button(client, call):
    (call / "call.json").unlink()
    (call / "report.html").unlink()
    assert "Put it together" in client.get("/calls").text
    assert client.get(f"/calls/{call.name}").status_code == 400
    answer = client.post(f"/calls/{call.name}/together")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/calls/{call.name}?told=together")
    assert (call / "call.json").is_file()
    assert "is put together now" in client.get(answer.headers["location"]).text


def test_only_the_whole_id_of_a_call_is_an_address(client, call):
    """No path, no beginning of an id, no `last`: what is not in the list does not exist."""
    names = ("%2e%2e", "%2e%2e%2f%2e%2e", "..%2fyou", "%2Fetc%2Fpasswd", "last", "2026", "no-such-call", "a/b", "%00")
    behind = ("", "/report", "/share", "/delete", "/export.zip", "/turns/1", "/turns/1/sound/reply")
    asked = {
        f"/calls/{name}{part}": client.get(f"/calls/{name}{part}").status_code for name in names for part in behind
    }
    assert set(asked.values()) == {404}, asked


def test_another_trainees_call_cannot_be_reached(client, call, tmp_path):
    other = held(tmp_path, FAIR, options=("--trainee", "Ann"), script="billed-twice")
    assert other.name not in client.get("/calls").text
    for behind in ("", "/report", "/share", "/delete", "/export.zip", "/turns/1", "/turns/1/sound/line"):
        assert client.get(f"/calls/{other.name}{behind}").status_code == 404
    assert client.post(f"/calls/{other.name}/delete").status_code == 404
    assert other.is_dir()


# -- the feedback -----------------------------------------------------------------------------------------------------


def test_the_feedback_says_how_it_went_and_leads_back_to_every_turn(client, call):
    page = client.get(f"/calls/{call.name}").text
    record = json.loads((call / "call.json").read_text())
    assert "<h1>Your call with Pat Doe</h1>" in page
    assert "The call was resolved" in page
    assert f'aria-label="{record["feedback"]["score"]["total"]} of 100 points"' in page
    for step in record["feedback"]["next_steps"]:
        assert step["title"] in page.replace("&#34;", '"').replace("&#39;", "'")
    assert len(record["feedback"]["next_steps"]) == page.count('class="card point step"')
    for number in (1, 2, 3):
        assert f'href="/calls/{call.name}/turns/{number}">Try this turn again' in page
    assert f'href="/calls/{call.name}/turns/4"' not in page
    assert f'<iframe id="report" name="report" src="/calls/{call.name}/report"' in page


def test_words_from_people_are_shown_as_words(client, tmp_path):
    evil = "<script>alert(1)</script> I will refund the twenty euros today."
    call = held(tmp_path, evil)
    page = client.get(f"/calls/{call.name}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    client.post(f"/calls/{call.name}/turns/1", data={"text": evil})
    assert "<script>alert" not in client.get(f"/calls/{call.name}/turns/1").text


def test_the_report_is_served_with_a_policy_that_lets_its_own_script_run(client, call):
    answer = client.get(f"/calls/{call.name}/report")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'unsafe-inline'")
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'sha256-" in answer.text


def test_a_report_is_no_part_of_the_page_framed_or_by_itself(client, call):
    """Whatever script stands in a report: it has an origin of its own, and nothing that is sent with a cookie."""
    alone = client.get(f"/calls/{call.name}/report").headers["content-security-policy"]
    framed = client.get(f"/calls/{call.name}").text
    for found in (alone.partition("sandbox ")[2], framed.partition('sandbox="')[2].partition('"')[0]):
        assert set(found.split()) == {"allow-scripts", "allow-downloads", "allow-modals"}


def test_an_official_run_and_what_trainers_said_stand_in_the_feedback_and_in_the_report(client, tmp_path):
    call = held(tmp_path, HARSH, FAIR, REFUND, options=("--official",))
    assert '<h2 id="reviewed">' not in client.get(f"/calls/{call.name}/report").text
    said = {"by": "Tom", "role": Role.TRAINER, "at_utc": "2026-11-01T10:00:00+00:00"}
    comment = ReviewEntry(kind=EntryKind.COMMENT, turn=2, note="A <good> recovery.", **said)
    override = ReviewEntry(kind=EntryKind.OVERRIDE, turn=1, finding="command_calm", verdict=True, **said)
    add_entries(call, [comment, override])
    for address in (f"/calls/{call.name}", f"/calls/{call.name}/report"):
        page = client.get(address).text
        assert "official run" in page
        assert "What people said" in page
        assert "A &lt;good&gt; recovery." in page
        assert "Decides: “telling the caller to calm down” is there." in page


# -- the turn gym -----------------------------------------------------------------------------------------------------


def test_a_turn_is_explained_and_tried_again_typed_without_a_script(client, call):
    before = (call / "call.json").read_bytes()
    address = f"/calls/{call.name}/turns/1"
    page = client.get(address).text
    assert "You told the caller to calm down: “Please calm down now.”</dd>" in page
    assert 'class="better"' in page
    assert "Side by side" not in page
    first = client.post(address, data={"text": FAIR})
    assert (first.status_code, first.headers["location"]) == (303, f"{address}?attempt=1#compared")
    assert client.post(address, data={"text": HARSH}).headers["location"] == f"{address}?attempt=2#compared"
    page = client.get(f"{address}?attempt=1").text
    assert "It calmed the caller more: " in page
    assert "And what will you do about it?" in page
    assert "Attempt 2" in page
    assert "It calmed the caller more" not in client.get(address).text
    kept = attempts_of(call)
    assert [(one.turn, one.n, one.by.value, one.reply.live.transcript.text) for one in kept] == [
        (1, 1, "text", FAIR),
        (1, 2, "text", HARSH),
    ]
    assert (call / "call.json").read_bytes() == before
    assert "tried again 2 times" in client.get(f"/calls/{call.name}").text


def test_the_stop_word_leads_out_and_an_empty_reply_is_none(client, call):
    address = f"/calls/{call.name}/turns/1"
    assert client.post(address, data={"text": " "}).headers["location"] == f"{address}#again"
    stopped = client.post(address, data={"text": load_settings().stop_word})
    assert stopped.headers["location"] == f"/calls/{call.name}"
    assert not attempts_of(call)


@pytest.mark.parametrize("number", [0, 4, 9, -1])
def test_a_turn_that_cannot_be_tried_is_told(client, call, number):
    assert client.get(f"/calls/{call.name}/turns/{number}").status_code in (400, 404)


def test_a_typed_reply_has_no_sound_and_that_is_no_error(client, call):
    assert client.get(f"/calls/{call.name}/turns/1/sound/reply").status_code == 404
    assert client.get(f"/calls/{call.name}/turns/1/attempts/1/sound").status_code == 404
    assert "You typed it, or its sound is deleted." in client.get(f"/calls/{call.name}/turns/1").text


# -- share, take along, delete ----------------------------------------------------------------------------------------


def names_in(answer):
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_a_copy_holds_only_what_was_chosen_and_can_be_downloaded(client, call):
    assert "None. Nobody but you has seen this call." in client.get(f"/calls/{call.name}/share").text
    page = client.post(f"/calls/{call.name}/share", data={"parts": ["name", "review"]}).text
    assert "Left out: how you sounded, the sound." in page
    names = names_in(client.get(f"/calls/{call.name}/shares/1.zip"))
    assert sorted(name.split("/")[1] for name in names) == ["call.json", "report.html"]
    assert client.get(f"/calls/{call.name}/shares/2.zip").status_code == 404
    assert '<span class="badge">shared</span>' in client.get("/calls").text
    refused = client.post(f"/calls/{call.name}/share", data={"parts": ["sound"]})
    assert refused.status_code == 400
    assert "Share it without sound." in refused.text
    assert client.post(f"/calls/{call.name}/share", data={"parts": ["passwords"]}).status_code == 422


def test_nothing_is_left_of_a_download_that_is_broken_off(client, call, tmp_path):
    """What was packed for it is the voice of a person."""

    def packed():
        return list((tmp_path / "data" / ".uploads").rglob("*.zip"))

    seen = []

    async def leave(app, scope, receive, send):
        async def broken(message):
            seen.append(len(packed()))
            if message["type"] == "http.response.body":
                raise OSError("the browser is gone")
            await send(message)

        await app(scope, receive, broken)

    inner = client._transport.app
    client._transport.app = lambda scope, receive, send: leave(inner, scope, receive, send)
    with pytest.raises(OSError, match="the browser is gone"):
        client.get(f"/calls/{call.name}/export.zip")
    assert (seen[0], packed()) == (1, [])


def test_calls_are_taken_along_as_a_zip_file(client, call):
    assert f"calls/{call.name}/call.json" in names_in(client.get(f"/calls/{call.name}/export.zip"))
    assert f"calls/{call.name}/call.json" in names_in(client.get("/calls/export.zip"))


def test_a_call_is_deleted_with_its_copies_once_that_was_confirmed(client, call):
    client.post(f"/calls/{call.name}/share")
    copies = call.parents[1] / "shared"
    assert len(list(copies.iterdir())) == 1
    assert "the copy that you shared from here" in client.get(f"/calls/{call.name}/delete").text
    assert call.is_dir()
    assert client.post(f"/calls/{call.name}/delete").headers["location"] == "/calls?told=deleted"
    assert not call.exists()
    assert not list(copies.iterdir())
    assert "The call is deleted." in client.get("/calls?told=deleted").text


def test_everything_is_forgotten_only_if_the_name_was_typed(client, call):
    assert "Write “you” to confirm" in client.get("/calls/forget").text
    refused = client.post("/calls/forget", data={"name": "someone"})
    assert (refused.status_code, call.is_dir()) == (400, True)
    assert "Nothing was deleted." in refused.text
    assert client.post("/calls/forget", data={"name": "you"}).headers["location"] == "/calls?told=forgotten"
    assert not call.parents[1].exists()


def test_copies_on_this_machine_are_forgotten_too_and_counted(client, call, tmp_path):
    """One made to share, and one of a call that was deleted since, taken in for a review."""
    client.post(f"/calls/{call.name}/share")
    [copy] = (call.parents[1] / "shared").iterdir()
    bring_in(copy, "A", "2026-11-01T10:00:00+00:00")
    other = held(tmp_path, FAIR)
    client.post(f"/calls/{other.name}/share")
    client.post(f"/calls/{call.name}/delete")
    page = client.get("/calls/forget").text
    assert "1 copy that you made here to share" in page
    assert "1 copy of your calls that was taken in here for a review" in page
    answer = client.post("/calls/forget", data={"name": "you"})
    assert answer.headers["location"] == "/calls?told=forgotten&copies=2"
    assert "2 shared copies went with it." in client.get(answer.headers["location"]).text
    assert not incoming()


def test_a_call_whose_script_is_gone_still_has_its_feedback(client, call):
    (call / "script.yaml").unlink()
    shutil.rmtree(call / "attempts", ignore_errors=True)
    page = client.get(f"/calls/{call.name}")
    assert page.status_code == 200
    assert client.get(f"/calls/{call.name}/turns/1").status_code in (400, 500)
    assert "A short call" in client.get(f"/calls?told={quote('<b>')}").text
