"""Progress as data and as a page: CSV, JSON, xAPI statements, drawings; nothing that was said is in it."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import UUID

import pytest

from voicesim.coach.drills import due
from voicesim.coach.practised import Practised
from voicesim.coach.progress import progress, weak_spots
from voicesim.model import Dial, Ending, Feedback, Moment, Phase, ScorePart
from voicesim.report.figures import COLUMNS, Actor, progress_csv, progress_json, statements
from voicesim.report.plots import series_chart, sparkline
from voicesim.report.progress_page import render_progress

NOW = datetime(2026, 4, 1, tzinfo=UTC)
LOG = [
    Practised(at_utc=f"2026-03-0{day}T09:00:00+00:00", drill=drill, items=5, right=right, seconds=118.25)
    for day, drill, right in ((2, "apology", 5), (3, "predict", 2))
]
ACTOR = Actor(account="0123456789abcdef0123456789abcdef")


@pytest.fixture
def records(sample):
    """Four calls, the last one official: a day apart, each better than the one before."""
    one = sample.sample_record()
    made = []
    for n in range(4):
        missed = Moment(id="empathy", turn=1, title="t", quote="q", why="", points=0, of=7)
        given = Feedback(total=40 + 10 * n, phases=dict.fromkeys(Phase, ScorePart(points=5, of=20)), moments=(missed,))
        clock = {"call": f"2026030{n + 1}-100000-x", "began_utc": f"2026-03-0{n + 1}T10:00:00+00:00"}
        made.append(replace(one, feedback=given, clock=clock, official=n == 3, dial=Dial(level=2) if n == 1 else None))
    return made


@pytest.fixture
def runs(records):
    return [progress(records, official=kind) for kind in (False, True)]


# -- the structure that xAPI 1.0.3 asks for; docs/progress.md lists the rules ------------------------------------------

STATEMENT = {
    *("id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version"),
    "attachments",
}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
CONTEXT = {"registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement"}
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def nulls(value, inside=False):
    """Whether a null stands anywhere outside of extensions."""
    if isinstance(value, dict):
        return any(nulls(item, inside or key == "extensions") for key, item in value.items())
    if isinstance(value, list):
        return any(nulls(item, inside) for item in value)
    return value is None and not inside


def language_map(value):
    return isinstance(value, dict) and all(
        re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", key) and isinstance(text, str) for key, text in value.items()
    )


def faults_of_agent(agent):
    yield from (f"agent has {key}" for key in agent.keys() - {"objectType", "name", "mbox", "account", "openid"})
    if sum(key in agent for key in ("mbox", "mbox_sha1sum", "openid", "account")) != 1:
        yield "an agent has exactly one identifier"
    account = agent.get("account", {})
    if account.keys() != {"homePage", "name"} or not IRI.fullmatch(account["homePage"]) or not account["name"]:
        yield "account"


def faults_of_result(result):
    yield from (f"result has {key}" for key in result.keys() - RESULT)
    for key in ("success", "completion"):
        if not isinstance(result.get(key, True), bool):
            yield key
    score = result.get("score")
    if score is not None:
        if score.keys() - {"scaled", "raw", "min", "max"} or not -1 <= score["scaled"] <= 1:
            yield "score"
        if not score["min"] < score["max"] or not score["min"] <= score["raw"] <= score["max"]:
            yield "score's range"
    if "duration" in result and not DURATION.fullmatch(result["duration"]):
        yield f"duration {result['duration']}"


def faults_of(statement):
    """What xAPI 1.0.3 would refuse in a statement of ours."""
    yield from (f"statement has {key}" for key in statement.keys() - STATEMENT)
    UUID(statement["id"])
    if nulls(statement):
        yield "null"
    yield from faults_of_agent(statement["actor"])
    verb, thing = statement["verb"], statement["object"]
    if verb.keys() - {"id", "display"} or not IRI.fullmatch(verb["id"]) or not language_map(verb["display"]):
        yield "verb"
    if thing["objectType"] != "Activity" or not IRI.fullmatch(thing["id"]):
        yield "activity"
    definition = thing["definition"]
    if not IRI.fullmatch(definition["type"]) or not language_map(definition["name"]):
        yield "definition"
    yield from faults_of_result(statement["result"])
    context = statement["context"]
    yield from (f"context has {key}" for key in context.keys() - CONTEXT - {"extensions"})
    if "registration" in context:
        UUID(context["registration"])
    for part in (statement["result"], context):
        yield from (f"extension {key}" for key in part.get("extensions", {}) if not IRI.fullmatch(key))
    if not TIMESTAMP.fullmatch(statement["timestamp"]):
        yield "timestamp"


@pytest.mark.parametrize("actor", [ACTOR, replace(ACTOR, name="Ann Lee")])
@pytest.mark.parametrize("delivery", [False, True])
def test_every_statement_has_the_structure_of_xapi(runs, actor, delivery):
    made = json.loads(json.dumps(statements(runs, LOG, actor, delivery=delivery)))
    assert [list(faults_of(statement)) for statement in made] == [[]] * 10
    assert {s["verb"]["display"]["en"] for s in made} == {"completed", "scored", "practised"}
    assert len({s["id"] for s in made}) == 10
    assert [s["timestamp"] for s in made] == sorted(s["timestamp"] for s in made)


def test_the_rules_find_what_is_wrong(runs):
    """The checker itself refuses broken statements."""
    one = statements(runs, LOG, ACTOR)[0]
    broken = (
        {**one, "actor": {**one["actor"], "mbox": "mailto:a@b"}},
        {**one, "verb": {"id": "completed", "display": {"en": "x"}}},
        {**one, "result": {"score": {"scaled": 2, "raw": 1, "min": 0, "max": 1}}},
        {**one, "result": {"success": None}},
        {**one, "result": {"duration": "2 minutes"}},
        {**one, "result": {"extensions": {"no iri": 1}}},
        {**one, "timestamp": "2026-03-01T10:00:00"},
        {**one, "more": 1},
    )
    assert all(list(faults_of(statement)) for statement in broken)


def test_statements_hold_no_name_no_word_and_no_delivery_unless_chosen(runs, records):
    plain = json.dumps(statements(runs, LOG, ACTOR))
    said = [t.reply.final.transcript.text for r in records for t in r.turns if t.reply]
    assert not any(text in plain for text in said)
    assert "Sam" not in plain
    assert not any(
        f":measure:{name}" in plain for name in ("pace", "level", "tension", "reply_gap", "pauses", "talk_share")
    )
    chosen = json.dumps(statements(runs, LOG, replace(ACTOR, name="Sam"), delivery=True))
    assert ":measure:tension" in chosen
    assert '"name": "Sam"' in chosen


def test_the_statements_of_a_call_tell_how_it_went(runs, records):
    done, scored = (s for s in statements(runs[:1], [], ACTOR) if s["timestamp"].startswith("2026-03-02"))
    told, context = done["result"], done["context"]["extensions"]
    assert done["object"]["definition"]["name"] == {"en": records[1].script.title}
    assert (told["completion"], told["success"]) == (True, True)
    assert told["extensions"]["urn:voicesim:ext:ending"] == records[1].ending.value
    assert told["extensions"]["urn:voicesim:ext:measure:phase_control"] == 25
    assert context == {"urn:voicesim:ext:official": False, "urn:voicesim:ext:difficulty": 2}
    assert scored["result"]["score"] == {"scaled": 0.5, "raw": 50, "min": 0, "max": 100}
    assert scored["context"] == done["context"]


def test_a_call_as_written_says_so_and_an_official_one_too(runs):
    first, last = statements(runs[:1], [], ACTOR)[0], statements(runs[1:], [], ACTOR)[0]
    assert first["context"]["extensions"]["urn:voicesim:ext:difficulty"] == "as written"
    assert last["context"]["extensions"]["urn:voicesim:ext:official"] is True


def test_a_call_without_a_score_has_no_statement_of_one(records):
    unjudged = progress([replace(records[0], feedback=None)], official=False)
    assert [s["verb"]["display"]["en"] for s in statements([unjudged], [], ACTOR)] == ["completed"]


def test_the_statement_of_a_drill_tells_how_many_were_right():
    [good, _] = statements([], LOG, ACTOR)
    assert good["object"]["definition"]["name"] == {"en": "Apologise once, and own it"}
    assert good["result"] == {
        "completion": True,
        "duration": "PT118.25S",
        "score": {"scaled": 1.0, "raw": 5, "min": 0, "max": 5},
    }


def test_times_are_told_as_utc(records):
    told = []
    for began in ("2026-03-01T10:00:00", "2026-03-01T12:00:00+02:00"):
        one = progress([replace(records[0], clock={"call": "x", "began_utc": began})], official=False)
        told += [s["timestamp"] for s in statements([one], [], ACTOR)]
    assert set(told) == {"2026-03-01T10:00:00.000+00:00"}


def test_a_call_has_the_same_statements_every_time(runs):
    assert statements(runs, LOG, ACTOR) == statements(runs, LOG, ACTOR)
    other = statements(runs, LOG, Actor(account="f" * 32))
    assert not {s["id"] for s in other} & {s["id"] for s in statements(runs, LOG, ACTOR)}


def test_a_bad_ending_is_no_success(records):
    [done, _] = statements([progress([replace(records[0], ending=Ending.HUNG_UP)], official=False)], [], ACTOR)
    assert done["result"]["success"] is False


# -- CSV and JSON -----------------------------------------------------------------------------------------------------


def test_the_csv_has_a_row_for_each_figure_of_each_call(runs):
    rows = list(csv.DictReader(io.StringIO(progress_csv(runs))))
    assert tuple(rows[0]) == COLUMNS
    scores = [(row["run"], row["call"], row["value"]) for row in rows if row["id"] == "score"]
    assert [s[2] for s in scores] == ["40", "50", "60", "70"]
    assert scores[3][0] == "official"
    assert {row["difficulty"] for row in rows} == {"", "2"}
    assert len(rows) == sum(len(run.calls) * len(run.series) for run in runs)


def test_no_cell_is_a_formula(records):
    script = replace(records[0].script, id="=1+1")
    text = progress_csv([progress([replace(records[0], script=script)], official=False)])
    assert ",'=1+1," in text


def test_the_json_holds_every_series_with_its_calls(runs, records):
    dues = [due(LOG, "apology")]
    told = json.loads(json.dumps(progress_json("Ann", runs, weak_spots(records), dues)))
    private = told["runs"]["private"]
    score = next(s for s in private["series"] if s["id"] == "score")
    assert (score["values"], score["first"], score["best"], score["last"]) == ([40, 50, 60], 40, 60, 60)
    assert [call["difficulty"] for call in private["calls"]] == [None, 2, None]
    assert told["weak_spots"][0]["drill"] == "empathy"
    assert told["drills"] == [{"drill": "apology", "due_utc": "2026-03-03T09:00:00+00:00", "runs": 1, "days": 1}]


# -- drawings ---------------------------------------------------------------------------------------------------------


def test_a_row_of_signs_has_one_for_each_call():
    assert sparkline([1, None, 8, 4.5]) == "▁·█▅"
    assert sparkline([5, 5, 5], least_span=10) == "▅▅▅"
    assert sparkline([], plain=True) == ""
    assert sparkline([1, None, 2], plain=True).isascii()


def test_a_drawing_leaves_a_gap_where_nothing_was_measured():
    svg = series_chart([1, 2, None, 4, 5], ["1", "2", "-", "4", "5"], title="Score")
    assert (svg.count("<polyline"), svg.count("<circle"), svg.count("–</text>")) == (2, 4, 1)
    assert 'aria-label="Score"' in svg


def test_of_many_calls_only_some_are_labelled():
    svg = series_chart(list(range(100)), ["x"] * 100, title="t")
    assert svg.count("<circle") == 100
    assert svg.count('class="number"') <= 12


class Page(HTMLParser):
    """What a page asks of the world, and whether its elements are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.foreign, self.tags = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        self.foreign += [v for k, v in attributes if k in ("src", "href") and not v.startswith(("#", "data:"))]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_one_file_that_asks_for_nothing(runs, records):
    text = render_progress("<Ann>", runs, weak_spots(records), [due(LOG, "apology")], now=NOW)
    page = Page(text)
    assert (page.open, page.foreign, page.tags.count("script")) == ([], [], 0)
    assert "<Ann>" not in text
    assert "&lt;Ann&gt;" in text
    assert "voicesim drill empathy" in text
    assert page.tags.count("svg") == sum(len(run.series) for run in runs)
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_a_page_without_calls_is_a_page():
    assert Page(render_progress("you", [], (), (), now=NOW)).open == []
