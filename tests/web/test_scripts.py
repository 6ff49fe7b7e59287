"""Scripts on the page: listed, made, copied, brought, put away; edited, checked, played; nothing of it in a browser."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from voicesim.files import data_folder, shipped
from voicesim.web import rehearsals
from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys

ADDRESS = "http://127.0.0.1:8760"
BILLED = (shipped("scripts") / "billed-twice.yaml").read_text(encoding="utf-8")
#: The line (from 1) of its first way to the step that is broken below.
OFFENDED = BILLED[: BILLED.index("go: offended}")].count("\n") + 1
ANSWERS = {
    "title": "The refund that never came",
    "caller": "Ruth Ellison",
    "happened": "I sent my shoes back and have heard nothing",
    "you_are": "Kim, customer service",
    "offers": "refund, call back",
    "persona": "older_woman",
    "anger": "angry",
}


def opened():
    """A client of a page in this process that has been let in, and its desk."""
    keys = Keys(port=8760)
    keys.rate.burst = keys.rate.per_s = 1e9
    keys.rate._left = 1e9
    desk = Desk(keys=keys)
    client = TestClient(make_app(desk), base_url=ADDRESS, headers={"origin": ADDRESS, "accept": "text/html"})
    client.get(keys.link.removeprefix(ADDRESS))
    client.headers["x-voicesim-csrf"] = keys.csrf(client.cookies[keys.cookie_name])
    return SimpleNamespace(client=client, desk=desk)


@pytest.fixture
def web(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    return opened().client


@pytest.fixture
def own(web):
    """A copy of a shipped script among one's own, and its path."""
    assert web.post("/scripts/billed-twice/copy", follow_redirects=False).status_code == 303
    return data_folder() / "scripts" / "my-billed-twice.yaml"


def sha256_in(answer):
    return re.search(r'name="sha256" value="(\w*)"', answer.text).group(1)


def test_every_shipped_script_is_listed_and_nothing_in_it_is_to_be_mended(web):
    listed = web.get("/scripts").text
    assert all(path.stem in listed for path in shipped("scripts").glob("*.yaml"))
    assert listed.count("nothing to mend") == len(list(shipped("scripts").glob("*.yaml")))


def test_answers_make_a_script_with_nothing_to_mend_whose_rehearsals_hold(web):
    answer = web.post("/scripts/new/caller", data=ANSWERS, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/scripts/the-refund-that-never-came")
    assert "Nothing to mend." in web.get(answer.headers["location"]).text
    assert "All 4 hold." in web.get(f"{answer.headers['location']}/rehearsals?run=1").text
    assert "rehearsals hold" in web.get("/scripts").text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": " "}, "The title is empty"),
        ({"happened": "I paid 45 pounds"}, "stands in what the caller says"),
        ({"offers": ","}, "Nothing may be offered"),
        ({"script_id": "billed-twice"}, "There is a script"),
        ({"script_id": "../out"}, "does not fit"),
        ({"persona": "wombat"}, "wombat"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_the_others_stay(web, changed, told):
    answer = web.post("/scripts/new/caller", data=ANSWERS | changed)
    assert answer.status_code == 400
    assert told in answer.text
    assert "Ruth Ellison" in answer.text
    assert not (data_folder() / "scripts").exists()


def test_a_copy_differs_in_its_id_alone_and_its_rehearsals_come_along(own):
    assert own.read_text(encoding="utf-8") == BILLED.replace("id: billed-twice", "id: my-billed-twice")
    assert (own.parent / "rehearsals" / "my-billed-twice.rehearsal.yaml").is_file()


def test_what_is_deleted_lies_in_the_trash_and_comes_back_as_it_was(web, own):
    before = own.read_bytes()
    assert "Put it into the trash" in web.get("/scripts/my-billed-twice/delete").text
    listed = web.post("/scripts/my-billed-twice/delete").text
    assert not own.exists()
    name = re.search(r'name="name" value="([^"]+)"', listed).group(1)
    assert web.post("/scripts/new/back", data={"name": name}, follow_redirects=False).status_code == 303
    assert own.read_bytes() == before
    assert (own.parent / "rehearsals" / "my-billed-twice.rehearsal.yaml").is_file()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "nothing.yaml"])
def test_only_what_lies_in_the_trash_comes_back(web, own, name):
    assert web.post("/scripts/new/back", data={"name": name}).status_code in (400, 422)


def test_a_shipped_script_is_neither_deleted_nor_saved(web):
    before = (shipped("scripts") / "billed-twice.yaml").read_bytes()
    assert web.post("/scripts/billed-twice/delete").status_code == 400
    page = web.get("/scripts/billed-twice")
    sent = {"text": BILLED + "# more\n", "sha256": sha256_in(page)}
    assert web.put("/api/scripts/billed-twice", json=sent).status_code == 400
    assert (shipped("scripts") / "billed-twice.yaml").read_bytes() == before


def brought(web, data, name="mine.yaml"):
    return web.post("/scripts/new/upload", files={"file": (name, data)}, follow_redirects=False)


def test_a_script_that_is_brought_is_kept_under_the_id_that_it_holds(web):
    answer = brought(web, BILLED.replace("id: billed-twice", "id: brought").encode(), "../../evil.yaml")
    assert answer.headers["location"] == "/scripts/brought"
    assert [path.name for path in (data_folder() / "scripts").glob("*.yaml")] == ["brought.yaml"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (BILLED.replace("go: offended}", "go: nowhere}", 1).encode(), f"Line {OFFENDED}"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", "is empty"),
        (b"a: &x [1]\nb: *x", "anchors"),
        (b"[" * 5_000, "Line 1"),
        (BILLED.encode(), "there is a script"),
    ],
)
def test_what_cannot_be_a_script_is_refused_with_its_line(web, data, told):
    answer = brought(web, data)
    assert answer.status_code == 400
    assert told in answer.text


def test_a_file_that_is_too_large_is_refused(web):
    assert brought(web, b"#" * 1_000_001).status_code == 413


def test_a_download_is_the_file_to_the_letter(web):
    answer = web.get("/scripts/billed-twice/file")
    assert answer.text == BILLED
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("script_id", ["nothing", "..%2f..%2fetc%2fpasswd", "%2e%2e", "billed-twice.yaml"])
@pytest.mark.parametrize("part", ["", "/form", "/rehearsals", "/file", "/delete"])
def test_an_address_that_names_no_script_is_not_there(web, script_id, part):
    assert web.get(f"/scripts/{script_id}{part}").status_code == 404


def test_saving_keeps_what_the_file_was(web, own):
    before = own.read_bytes()
    text = own.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    answer = web.put("/api/scripts/my-billed-twice", json={"text": text, "sha256": sha256_of(web)})
    assert answer.status_code == 200
    assert own.read_text(encoding="utf-8") == text
    assert [path.read_bytes() for path in (own.parent / "kept").iterdir()] == [before]
    assert answer.json()["sha256"] == sha256_of(web)


def sha256_of(web):
    return sha256_in(web.get("/scripts/my-billed-twice"))


def test_a_file_that_was_changed_meanwhile_is_not_written_over(web, own):
    """Both versions are shown, and only then can one be saved over the other."""
    read, mine = sha256_of(web), own.read_text(encoding="utf-8") + "# mine\n"
    theirs = own.read_text(encoding="utf-8") + "# theirs\n"
    own.write_text(theirs, encoding="utf-8")
    answer = web.put("/api/scripts/my-billed-twice", json={"text": mine, "sha256": read})
    assert (answer.status_code, answer.json()["error"]["theirs"]) == (409, theirs)
    shown = web.post("/scripts/my-billed-twice", data={"text": mine, "sha256": read, "do": "save"})
    assert shown.status_code == 409
    assert "# mine" in shown.text and "# theirs" in shown.text
    assert own.read_text(encoding="utf-8") == theirs
    again = web.post("/scripts/my-billed-twice", data={"text": mine, "sha256": sha256_in(shown), "do": "save"})
    assert (again.status_code, own.read_text(encoding="utf-8")) == (200, mine)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("version: 1", "version: one", "line 3"), ("id: my-billed-twice", "id: other", "the id is")],
)
def test_a_text_that_nobody_could_be_called_with_is_not_saved(web, own, old, new, told):
    before, text = own.read_bytes(), own.read_text(encoding="utf-8").replace(old, new)
    sent = {"text": text, "sha256": sha256_of(web)}
    answer = web.put("/api/scripts/my-billed-twice", json=sent, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert told in answer.json()["error"]["what"]
    assert own.read_bytes() == before


def test_a_form_with_a_textarea_leaves_line_ends_as_they_were(web, own):
    """Browsers send the lines of a form with other ends than they were given."""
    text = own.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    sent = {"text": text.replace("\n", "\r\n"), "sha256": sha256_of(web), "do": "save"}
    assert web.post("/scripts/my-billed-twice", data=sent).status_code == 200
    assert own.read_bytes() == text.encode()


def test_remarks_come_with_line_mend_and_an_explanation(web):
    text = BILLED.replace("Sixty-two pounds, and you took it two times!", "62 pounds, two times!")
    told = web.post("/api/scripts/check", json={"text": text}).json()
    assert told["loads"] and not told["errors"]
    remark = told["remarks"][0]
    assert (remark["code"], remark["mend"][:13]) == ("VS005", "Write numbers")
    assert "as it is spoken" in web.get(remark["about"]).text
    assert {"name": "thanks", "line": remark["line"], "ends": "resolved"}.keys() == told["steps"][0].keys()


@pytest.mark.parametrize("code", ["VS999", "..%2f", "vs001"])
def test_a_code_that_is_none_is_not_there(web, code):
    assert web.get(f"/scripts/new/codes/{code}").status_code == 404


def mangled():
    """Texts of a script with a piece put in, left out or doubled, beside any text at all."""
    pieces = st.text("{}[]:,-#&*!|>'\"%@`\n\t ab1~\x00\x85\u2028é", max_size=8)
    places = st.tuples(st.integers(0, len(BILLED)), st.integers(0, 60), pieces)
    return st.one_of(st.text(max_size=200), places.map(lambda p: BILLED[: p[0]] + p[2] + BILLED[p[0] + p[1] :]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mangled())
def test_any_text_is_checked_with_an_answer(web, text):
    answer = web.post("/api/scripts/check", json={"text": text})
    assert answer.status_code == 200
    told = answer.json()
    assert told["loads"] or told["errors"][0]["what"]
    assert all(1 <= one["line"] <= text.count("\n") + 2 for one in told["errors"])


@pytest.mark.parametrize("body", [b'{"text": "\\ud800"}', b"{}", b"[]", b'{"text": 1}', b"\xff"])
def test_what_is_no_text_is_refused(web, body):
    answer = web.post("/api/scripts/check", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_the_drawing_links_every_step_and_colours_the_endings(web):
    svg = web.post("/api/scripts/graph", json={"text": BILLED}).json()["svg"]
    for name in ("opening", "thanks", "hang_up"):
        assert f'href="/scripts/billed-twice/form#step-{name}"' in svg
    assert svg.count('class="node good"') == 2
    assert svg.count('class="node bad"') == 2
    assert "style=" not in svg and "<script" not in svg


def played(web, **body):
    return web.post("/api/scripts/play", json={"text": BILLED} | body)


def test_a_reply_is_answered_with_anger_the_reason_and_the_rule_that_matched(web):
    first = played(web).json()
    assert (first["step"], first["anger"], first["rule"]) == ("opening", 7, None)
    said = "I am so sorry: we took sixty-two pounds two times, that was our mistake."
    answer = played(web, state=first["state"], reply=said).json()
    assert answer["step"] == "what_now"
    assert answer["anger"] < 7
    assert any("(apology," in one["why"] for one in answer["influences"])
    assert BILLED.splitlines()[answer["rule_line"] - 1].strip() == "- when:"


def test_play_begins_at_any_step_with_any_anger(web):
    begun = played(web, step="harm", anger=1).json()
    assert (begun["step"], begun["mood"]) == ("harm", "calm")
    assert "fifteen pounds" in begun["line"]


def test_three_silences_end_a_try(web):
    state = played(web, anger=2).json()["state"]
    for _ in range(2):
        answer = played(web, state=state, reply=" ").json()
        state = answer["state"]
        assert answer["ending"] is None
    assert played(web, state=state, reply="").json()["ending"] == "hung_up"


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "nowhere"},
        {"step": "thanks"},
        {"last_line": "x"},
        {"aside": "x"},
        {"silences": 3},
        {"anger": 11},
        {"turn": -1},
        {"seed": 10**30},
        {"heard": {"apology": -5}},
        {"lines": ["x"] * 9_999},
    ],
)
def test_a_state_that_no_call_can_be_in_is_refused(web, wrong):
    state = played(web).json()["state"] | wrong
    assert played(web, state=state, reply="Hello").status_code in (400, 422)


def test_the_form_changes_the_one_line_that_was_changed(web, own):
    before = own.read_text(encoding="utf-8")
    page = web.get("/scripts/my-billed-twice/form")
    given = {"base": before, "sha256": sha256_in(page), "text:caller/name": "Meg Price"}
    saved = web.post("/scripts/my-billed-twice/form", data=given)
    assert "Saved." in saved.text
    assert own.read_text(encoding="utf-8") == before.replace('name: "Megan Price"', 'name: "Meg Price"')


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"word:difficulty": "9"}, "difficulty"),
        ({"text:title": ""}, "title"),
        ({"rule:wall#go": "story"}, "new rule"),
        ({"words:steps/opening/next/0/when/reply_has": "apologise"}, "apologise"),
    ],
)
def test_a_field_that_does_not_fit_is_told_and_nothing_is_saved(web, own, given, told):
    before = own.read_bytes()
    sent = {"base": before.decode(), "sha256": sha256_of(web)} | given
    answer = web.post("/scripts/my-billed-twice/form", data=sent)
    assert answer.status_code == 400
    assert told in answer.text
    assert own.read_bytes() == before


def test_a_form_of_a_file_that_was_changed_meanwhile_shows_both(web, own):
    before, read = own.read_text(encoding="utf-8"), sha256_of(web)
    own.write_text(before + "# theirs\n", encoding="utf-8")
    given = {"base": before, "sha256": read, "text:caller/name": "Meg Price"}
    answer = web.post("/scripts/my-billed-twice/form", data=given)
    assert answer.status_code == 409
    assert "Meg Price" in answer.text and "# theirs" in answer.text


def test_the_first_difference_of_a_rehearsal_is_shown(web):
    text = (shipped("scripts") / "rehearsals" / "billed-twice.rehearsal.yaml").read_text(encoding="utf-8")
    wrong = re.sub(r"heard: .*", "heard: [blame]}", text, count=1)
    answer = web.post("/scripts/billed-twice/rehearsals", data={"text": wrong, "do": "hold"})
    assert "did not go as they should" in answer.text or "Line " in answer.text
    assert "All " in web.get("/scripts/billed-twice/rehearsals?run=1").text


def test_a_rehearsal_file_is_saved_beside_its_script_and_only_if_it_can_be_read(web, own):
    page = web.get("/scripts/my-billed-twice/rehearsals")
    silent = "  - name: Silent\n    replies: [{silent: true, repeat: 3}]\n    expect: {ending: hung_up}\n"
    text = f"script: my-billed-twice\nrehearsals:\n{silent}"
    sent = {"text": text, "sha256": sha256_in(page), "do": "save"}
    beside = own.parent / "rehearsals" / "my-billed-twice.rehearsal.yaml"
    broken = web.post("/scripts/my-billed-twice/rehearsals", data=sent | {"text": "script: ["})
    assert broken.status_code == 400
    assert beside.read_text(encoding="utf-8") != text
    saved = web.post("/scripts/my-billed-twice/rehearsals", data=sent)
    assert "All 1 hold." in saved.text
    assert beside.read_text(encoding="utf-8") == text


def test_made_up_agents_try_a_script_out_in_the_background(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("voicesim.web.rehearsals.CALLS", 2)
    page = opened()
    begun = page.client.post("/scripts/billed-twice/trial", follow_redirects=False)
    key = begun.headers["location"].rsplit("/", 1)[1]
    page.desk.sessions.find(key).join(60)
    told = page.client.get(f"/api{begun.headers['location']}").json()
    assert (told["over"], told["fault"]) == (True, None)
    assert [(row["agent"], row["calls"]) for row in told["rows"]] == [("excellent", 2), ("average", 2), ("poor", 2)]
    assert "excellent" in page.client.get(begun.headers["location"]).text
    assert page.client.get(f"/scripts/cuts-in/trial/{key}").status_code == 404


def test_calls_with_made_up_agents_that_break_off_say_so_instead_of_going_on(web, monkeypatch):
    """Whatever happens in a call, also what nobody foresaw, ends the trial with a line for a person."""

    def breaks(*_):
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr(rehearsals, "tried_by_agents", breaks)
    here = opened()
    begun = here.client.post("/scripts/billed-twice/trial", follow_redirects=False)
    assert begun.status_code == 303
    here.desk.sessions.find(begun.headers["location"].rpartition("/")[2]).join(10)
    web = here.client
    shown = web.get(begun.headers["location"])
    assert "Something went wrong here, and the calls broke off." in shown.text
    assert "nobody foresaw this" not in shown.text
    told = web.get(f"/api{begun.headers['location']}").json()
    assert (told["over"], told["rows"]) == (True, [])
