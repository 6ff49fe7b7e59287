"""Drills, the quiz, progress and courses on the page: forms alone, and what is kept of them."""

import html
import json
import re

import pytest
from calls_made import FAIR, HARSH, REFUND, held, page_inside, use

from voicesim.coach.course import load_course
from voicesim.coach.drills import DRILLS, PREDICT
from voicesim.store.places import RECORD, call_folders
from voicesim.store.practice_log import practised
from voicesim.web import drill_runs
from voicesim.wiring.courses import course_files

COURSE = """format: 1
id: my-course
title: "Mine <b>"
parts:
  - drill: empathy
    pass: {right: 1}
  - script: billed-twice
    difficulty: 2
    official: true
    pass: {score: 10}
"""


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A page inside this process over a data folder of its own."""
    use(tmp_path / "data", monkeypatch)
    with page_inside() as client:
        yield client


def begun(client, address):
    """The address of a run that was just begun."""
    answer = client.post(address)
    assert answer.status_code == 303
    return answer.headers["location"]


# -- drills -----------------------------------------------------------------------------------------------------------


def test_a_drill_is_suggested_with_a_reason_and_every_drill_can_be_chosen(client):
    page = client.get("/drills").text
    assert "Nothing is due, and you have not tried this one yet." in page
    for drill in DRILLS.values():
        assert f'href="/drills/{drill.id}"' in page
        assert drill.ask in html.unescape(client.get(f"/drills/{drill.id}").text)


def test_answers_are_judged_at_once_and_the_run_is_kept(client):
    """Forms alone; an answer that is sent twice counts once; the result says when to practise again."""
    run = begun(client, "/drills/empathy")
    for number in (1, 2, 3):
        assert f'name="number" value="{number}"' in client.get(run).text
        text = "That would upset me as well." if number < 3 else "Please calm down."
        for _ in range(2):
            assert client.post(run, data={"number": number, "text": text}).headers["location"] == run
    page = html.unescape(client.get(run).text)
    assert "2 of 3 right" in page
    assert "Not yet." in page
    assert "telling the caller to calm down" in page.lower()
    assert "Try: " in page and "Why: " in page
    assert client.post(f"{run}/end").headers["location"] == run
    page = client.get(run).text
    assert "<h2>2 of 3 right</h2>" in page
    assert "Practise it again tomorrow" in page
    [kept] = practised("you")
    assert (kept.drill, kept.items, kept.right) == ("empathy", 3, 2)
    assert "last 2 of 3" in client.get("/drills").text


def test_after_two_minutes_no_new_line_comes(client, monkeypatch):
    run = begun(client, "/drills/empathy")
    monkeypatch.setattr(drill_runs, "LIMIT_S", 0.0)
    client.post(run, data={"number": 1, "text": "That would upset me as well."})
    assert "<h2>1 of 1 right</h2>" in client.get(run).text
    assert len(practised("you")) == 1


def test_pace_is_answered_aloud_alone(client):
    assert client.post("/drills/pace").headers["location"] == "/drills/pace"
    assert "Answer in writing" not in client.get("/drills/pace").text


@pytest.mark.parametrize(
    "address", ["/drills/juggling", "/drills/runs/guessed", "/drills/quiz/guessed", "/courses/none"]
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


# -- the quiz ---------------------------------------------------------------------------------------------------------


def test_a_quiz_asks_five_questions_shows_what_each_reply_does_and_is_kept(client):
    quiz = begun(client, "/drills/predict")
    for number in range(1, 6):
        page = client.get(quiz).text
        assert f"Question {number} of 5" in page
        choices = re.findall(r'name="answer" value="(\w+)"', page)
        assert len(choices) == 3
        assert client.post(quiz, data={"number": number, "answer": "nonsense"}).status_code == 303
        client.post(quiz, data={"number": number, "answer": choices[0]})
        client.post(quiz, data={"number": number, "answer": choices[1]})
        page = client.get(quiz).text
        assert "Right." in page or "Not quite." in page
        assert len(re.findall(r"Anger \d+ to \d+", page)) == 3
        client.post(f"{quiz}/next", data={"number": number})
        client.post(f"{quiz}/next", data={"number": number})
    result = re.search(r"<h2>(\d) of 5 right</h2>", client.get(quiz).text)
    assert result
    [kept] = practised("you")
    assert (kept.drill, kept.items, kept.right) == (PREDICT, 5, int(result[1]))


# -- progress and courses ---------------------------------------------------------------------------------------------


def test_progress_without_calls_leads_to_the_first_one(client):
    assert "There is nothing to show yet." in client.get("/progress").text


def test_progress_tells_of_a_call_that_cannot_be_read(client, tmp_path):
    held(tmp_path, FAIR, REFUND)
    held(tmp_path, FAIR, REFUND)
    (call_folders("you")[0] / RECORD).write_text("{")
    page = client.get("/progress").text
    assert "1 private call." in page
    assert "1 call that cannot be read is left out." in page


def test_progress_draws_every_figure_and_hands_out_the_data(client, tmp_path):
    held(tmp_path, HARSH, FAIR, REFUND)
    held(tmp_path, FAIR, REFUND)
    page = client.get("/progress").text
    assert "2 private calls" in page
    assert page.count("<svg") == page.count('class="card figure"') > 3
    assert 'aria-label="Score, of 100, over 2 calls' in page
    data = client.get("/progress/figures.json")
    assert "attachment" in data.headers["content-disposition"]
    told = json.loads(data.text)
    assert len(told["runs"]["private"]["calls"]) == 2
    rows = client.get("/progress/figures.csv").text.splitlines()
    assert len(rows) > 10
    assert client.get("/progress?script=../../etc").status_code == 200


def test_the_shipped_course_leads_to_drills_and_calls(client):
    assert "The first week on the phone" in client.get("/courses").text
    page = client.get("/courses/first-week").text
    assert 'href="/drills/acknowledge"' in page
    assert 'href="/callers/billed-twice?difficulty=0"' in page
    assert 'href="/callers/parcel-third-time?official=true"' in page
    assert "0 of 8 parts done" in page


def test_a_trainers_course_is_taken_in_under_its_own_id(client):
    answer = client.post("/courses", files={"file": ("../../evil.yaml", COURSE)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/courses/my-course")
    assert [path.name for path in course_files()] == ["my-course.yaml", "first-week.yaml"]
    page = client.get("/courses/my-course").text
    assert "<h1>Mine &lt;b&gt;</h1>" in page
    assert 'href="/callers/billed-twice?difficulty=2&amp;official=true"' in page
    run = begun(client, "/drills/empathy")
    client.post(run, data={"number": 1, "text": "That would upset me as well."})
    client.post(f"{run}/end")
    assert "1 of 2 parts done" in client.get("/courses/my-course").text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"format: 1\nid: ../up\ntitle: x\nparts: [{read: x}]\n", "the course"),
        (b"\x00\x01", ""),
        (b"x" * 100_001, "too large for a course"),
    ],
)
def test_a_file_that_is_no_course_is_told(client, content, told):
    answer = client.post("/courses", files={"file": ("c.yaml", content)})
    assert answer.status_code == 400
    assert told in answer.text or told == "the course"
    assert [path.name for path in course_files()] == ["first-week.yaml"]


def test_what_is_wrong_in_a_course_is_told_with_its_line(client):
    """On the page that says that it did not work, and as JSON."""
    content = b"format: 1\nid: mine\ntitle: Mine\nparts:\n  - script: nobody\n"
    answer = client.post("/courses", files={"file": ("c.yaml", content)})
    assert (answer.status_code, "<strong>Line 5: " in answer.text) == (400, True)
    told = client.post("/courses", files={"file": ("c.yaml", content)}, headers={"accept": "application/json"})
    assert told.json()["error"]["what"].startswith("line 5: ")


def test_the_shipped_courses_load():
    [path] = course_files()
    assert load_course(
        path.read_bytes(), path.name, scripts=("billed-twice", "parcel-third-time"), drills=(*DRILLS, PREDICT)
    )
