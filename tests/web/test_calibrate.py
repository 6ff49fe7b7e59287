"""Calibration in a real browser: sentences are read, the figures are shown, and forgotten."""

import pytest
from browsing import barriers, browser_page, look_at
from inside import PORT, client_of

from voicesim.backends.replies_voice import render_replies
from voicesim.model import Baseline
from voicesim.store.baselines import save_baseline, stored_baselines
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys
from voicesim.web.sessions import MOST
from voicesim.wiring.calibration import HELPFUL, NEUTRAL


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    """The three neutral sentences and the helpful one, spoken."""
    return render_replies([*NEUTRAL, HELPFUL], tmp_path_factory.mktemp("sentences"))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A baseline that is kept."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    save_baseline(
        Baseline(
            trainee="you",
            headset="USB Headset (browser)",
            f0_median_st=85.2,
            alpha_db=-8.1,
            centroid_st=107.2,
            f0_velocity_stps=20.5,
            level_dbfs=-23.0,
            articulation_rate_sps=4.6,
            speech_s=12.5,
            snr_db=31.0,
            made_utc="2026-01-31T12:00:00+00:00",
        )
    )


@pytest.fixture
def desk():
    return Desk(keys=Keys(port=PORT))


@pytest.fixture
def client(desk):
    return client_of(desk)


@pytest.mark.three_takes
def test_sentences_read_in_the_browser_are_kept_as_figures(virtual_headset, served, sentences, monkeypatch):
    """Each is shown large, listened to until its end, may be read again; the figures of both voices are shown."""
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/calibrate")
        assert not barriers(page)
        page.get_by_role("button", name="Read the sentences").click()
        for text, path in zip((*NEUTRAL, HELPFUL), sentences, strict=True):
            page.locator("[data-say]", has_text=text).wait_for()
            page.get_by_role("button", name="Begin").click()
            page.locator(".listening").wait_for()
            virtual_headset.speak(path)
            if text == HELPFUL:
                page.get_by_role("button", name="Read it again").wait_for()
                look_at(page, "calibrate-again")
                assert not barriers(page)
            page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/calibrate?done=1")
        assert page.get_by_text("your own voice is known").is_visible()
        assert page.locator("th[scope=col]").all_inner_texts() == ["Measure", "Neutral", "Helpful"]
        look_at(page, "calibrate-done")
        assert not barriers(page)
    monkeypatch.setenv("VOICESIM_DATA", str(served.data))
    (stored,) = stored_baselines("you")
    assert stored.neutral.headset.endswith(" (browser)")
    assert stored.neutral.speech_s > 6.0
    assert stored.helpful is not None
    assert 95 < 2 ** (stored.neutral.f0_median_st / 12) < 165


def test_what_is_kept_is_shown_with_its_headset(client, kept):
    shown = client.get("/calibrate").text
    assert "USB Headset (browser)" in shown
    assert "4.6 syllables a second" in shown


def test_the_voice_is_forgotten_when_asked(client, kept):
    """The button deletes it and says so."""
    assert "nothing of your voice is kept" in client.post("/calibrate/forget").text
    assert stored_baselines("you") == ()


def test_nobody_calibrates_beyond_the_number_of_sessions(client, desk, tmp_path, monkeypatch):
    """The refusal says what to do."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    answers = [client.post("/calibrate", headers={"accept": "*/*"}) for _ in range(MOST + 1)]
    assert [answer.status_code for answer in answers] == [200] * MOST + [429]
    assert answers[-1].json()["error"]["mend"].startswith("End one")
    desk.sessions.close(1.0)
