"""The start: callers on cards, the first steps of a newcomer, and the briefing before a call."""

import pytest
from browsing import barriers, browser_page, look_at
from inside import client_of

from voicesim.files import shipped
from voicesim.model import Ending
from voicesim.store.browser_headsets import remember_headset
from voicesim.store.index import CallIndex
from voicesim.store.stored import State, StoredCall
from voicesim.wiring import callers as module
from voicesim.wiring.callers import callers

SHIPPED = sorted(path.stem for path in shipped("scripts").glob("*.yaml"))


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Stands for the index of stored calls: fill it with calls, newest first."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    calls = []
    monkeypatch.setattr(CallIndex, "find", lambda self: tuple(calls))
    return calls


def call(number, total, ending="resolved"):
    return StoredCall(
        id=f"call-{number}",
        state=State.FINISHED,
        began_utc=f"2026-01-{number:02}T12:00:00+00:00",
        script_id="billed-twice",
        ending=ending,
        total=total,
    )


def test_a_newcomer_gets_from_the_start_to_a_call_in_three_presses(served):
    """Every caller is on a card; the first steps lead to the headset and to an easy caller; the form begins a call."""
    with browser_page(served.link) as page:
        assert page.title() == "Practise · voicesim"
        assert page.locator(".caller").count() == len(SHIPPED)
        assert page.get_by_role("link", name="Check my headset").is_visible()
        assert not barriers(page)
        look_at(page, "start")
        page.get_by_role("link", name="Take your first call").click()
        page.get_by_role("heading", name="Your briefing").wait_for()
        assert not barriers(page)
        look_at(page, "caller")
        form = page.locator("form.callform")
        assert form.get_attribute("action").startswith("/calls?")
        names = set(form.locator("[name]").evaluate_all("all => all.map((one) => one.name)"))
        wanted = {"script", "difficulty", "captions", "push_to_talk", "official", "exam", "sound", "seed"}
        assert names == wanted


def test_callers_are_found_by_words_and_difficulty(served):
    with browser_page(served.link, color_scheme="dark") as page:
        look_at(page, "start-dark")
        assert not barriers(page)
        page.get_by_label("Find a caller").fill("broadband twice")
        assert page.locator(".caller:visible").count() == 1
        assert page.get_by_text("1 caller", exact=True).is_visible()
        page.get_by_label("Find a caller").fill("zebra crossing")
        assert page.get_by_text("No caller fits.").is_visible()
        page.goto(f"{served.address}/callers/boiler-cold")
        look_at(page, "caller-dark")
        assert not barriers(page)


@pytest.mark.parametrize("script_id", SHIPPED)
def test_every_caller_has_a_briefing(stored, script_id):
    shown = client_of().get(f"/callers/{script_id}").text
    assert "Your briefing" in shown
    assert f'value="{script_id}"' in shown


@pytest.mark.parametrize("script_id", ["nobody", "..%2f..%2fetc", "billed-twice.yaml"])
def test_a_caller_that_is_not_there_is_no_file(stored, script_id):
    assert client_of().get(f"/callers/{script_id}").status_code == 404


def test_the_best_and_the_last_result_stand_on_the_card(stored):
    """The best by score, the last by time; a call that was not judged is never the best."""
    stored += [call(4, None, "stopped"), call(3, 61), call(2, 88), call(1, 40, "hung_up")]
    cards, _ = callers("you")
    card = next(card for card in cards if card.script.id == "billed-twice")
    assert (card.best.total, card.best.day, card.best.told) == (88, "2026-01-02", "Resolved")
    assert (card.last.call, card.last.total, card.calls) == ("call-4", None, 4)


def test_own_scripts_come_first_and_broken_ones_are_told(stored, tmp_path):
    """One's own script of an id that is shipped as well takes its place."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "billed-twice.yaml").write_bytes((shipped("scripts") / "billed-twice.yaml").read_bytes())
    (folder / "broken.yaml").write_text("id: [", encoding="utf-8")
    cards, unusable = callers("you")
    assert (cards[0].script.id, cards[0].own) == ("billed-twice", True)
    assert len(cards) == len(SHIPPED)
    assert [one.id for one in unusable] == ["broken"]


def test_every_ending_has_a_name():
    assert set(module.ENDINGS) == set(Ending)


def test_a_checked_headset_is_a_step_done(stored):
    assert not module.prepared("you").headset
    remember_headset("A (browser)", "2030-01-01T00:00:00+00:00")
    assert module.prepared("you").headset
