"""A team's figures on the page: only of five trainees or more, no names, nothing that can be subtracted to fewer."""

import re
from dataclasses import replace

import pytest
from browsing import barriers, browser_page, look_at
from calls_made import page_inside, use

from voicesim.model import Ending, Feedback, Moment, Phase, ScorePart, ScriptRef
from voicesim.store.closing import write_record
from voicesim.store.incoming import bring_in

NAMES = ("Ada", "Bo", "Cleo", "Dev", "Eve", "Finn", "Gus")


@pytest.fixture
def bring(sample, tmp_path):
    """Takes in shared calls of people with a caller: one each, told apart by when they began."""
    record, number = sample.sample_record(), 0

    def made(*people, script="billed-twice", total=50, ending=Ending.RESOLVED, official=False):
        nonlocal number
        for who in people:
            number += 1
            copy = tmp_path / f"copy-{number}"
            copy.mkdir()
            missed = Moment(id="vent", turn=None, title="", quote=None, why="", points=0, of=6, phase=Phase.CONTROL)
            phases = {phase: ScorePart(points=10, of=25) for phase in Phase}
            given = Feedback(total=total + number % 3, phases=phases, moments=(missed,), rubric="1")
            ref = ScriptRef(id=script, version=1, sha256="0" * 64, title=f"The {script} call")
            clock = {"began_utc": f"2026-03-{number // 24 + 1:02}T{number % 24:02}:00:00+00:00"}
            told = replace(
                record, feedback=given, script=ref, ending=ending, official=official, clock=clock, trainee="trainee"
            )
            write_record(copy, told)
            bring_in(copy, who, "2026-04-01T10:00:00+00:00")

    return made


@pytest.fixture
def client(tmp_path, monkeypatch):
    use(tmp_path / "data", monkeypatch)
    with page_inside() as client:
        yield client


def figures(page):
    return re.findall(r'<p class="large">([^<]*)</p>', page)


def test_fewer_than_five_trainees_are_told_so_and_nothing_else(client, bring):
    assert "fewer than 5 trainees, so nothing is shown" in client.get("/team").text
    bring(*NAMES[:4] * 3)
    for address in ("/team", "/team?caller=billed-twice", "/team?caller=billed-twice&run=practice"):
        page = client.get(address).text
        assert "fewer than 5 trainees, so nothing is shown" in page
        assert not figures(page)
        assert "<table" not in page
        assert "billed" not in page


def test_five_trainees_have_means_spread_endings_and_what_was_missed_and_no_names(client, bring):
    bring(*NAMES[:5], total=60)
    bring(NAMES[0], ending=Ending.HUNG_UP)
    page = client.get("/team").text
    assert figures(page)[0] == "5"
    assert "trainees, 6 calls" in page
    for told in ("hung up: 1 of 6", "resolved: 5 of 6", "inviting the story: missed in 6 of 6"):
        assert told in page
    assert not [name for name in NAMES if name in page]
    assert 'href="/team"' in client.get("/review").text
    assert '<p class="back"><a href="/review">Review</a></p>' in page


def test_a_group_below_five_shows_nothing_whatever_the_filter(client, bring):
    bring(*NAMES[:6])
    bring(*NAMES[:6], official=True)
    bring(*NAMES[:3], script="late-parcel")
    bring(*NAMES[2:5], script="cold-food")
    page = client.get("/team").text
    assert "The billed-twice call" in page
    assert "late-parcel" not in page
    assert "A caller who is not listed was called by too few people" in page
    assert figures(client.get("/team?caller=billed-twice&run=official").text)[0] == "6"
    for address in ("/team?caller=late-parcel", "/team?caller=nobody", "/team?run=official", "/team?caller=..%2Fx"):
        hidden = client.get(address).text
        assert "Nothing of it is shown" in hidden
        assert (figures(hidden), "<table" in hidden) == ([], False)
    assert client.get("/team?run=all").status_code == 422


def test_a_caller_is_not_shown_if_the_rest_could_be_had_by_subtracting(client, bring):
    """All callers minus this one would be the calls of two people."""
    bring(*NAMES[:6])
    bring(*NAMES[:2], script="late-parcel", total=9)
    assert figures(client.get("/team").text)[0] == "6"
    assert "The billed-twice call" not in client.get("/team").text
    assert not figures(client.get("/team?caller=billed-twice").text)


def test_one_person_under_two_spellings_is_one_trainee(client, bring):
    bring("Ada", "ada", " ADA ", "Bo", "Cleo", "Dev")
    assert not figures(client.get("/team").text)


def test_the_page_of_a_team_shuts_nobody_out_at_any_width(served, bring, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(served.data))
    bring(*NAMES[:5])
    bring(*NAMES[:5], script="late-parcel", total=31, ending=Ending.HUNG_UP)
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/review")
        page.get_by_role("link", name="Team").click()
        page.get_by_role("heading", name="Each caller").wait_for()
        assert not barriers(page)
        look_at(page, "team")
        page.emulate_media(color_scheme="dark")
        page.get_by_label("Caller", exact=True).select_option("late-parcel")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("heading", name="The late-parcel call").wait_for()
        assert not barriers(page)
        look_at(page, "team-caller-dark")
