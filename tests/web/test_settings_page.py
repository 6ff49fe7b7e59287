"""The settings as a form: every one is there, what is chosen is kept, what is locked stays."""

import pytest
from browsing import barriers, browser_page, look_at
from inside import client_of

from voicesim.settings import RULES, load_settings
from voicesim.web.settings_page import GROUPS, NAMES


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A client in this process that was let in, with settings of its own."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "machine.toml"))
    return client_of()


def test_every_setting_has_a_name_a_place_and_a_field(client):
    shown = client.get("/settings").text
    assert set(NAMES) == set(RULES) == {key for _, keys in GROUPS for key in keys}
    assert all(f'name="{key}"' in shown for key in RULES)


def test_what_is_chosen_is_kept(client):
    """A box that is not ticked is off, and what was not changed is not written."""
    answer = client.post("/settings", data={"trainee": "Ann", "captions": "true", "patience": "1.5"})
    assert "Saved." in answer.text
    now = load_settings()
    assert (now.trainee, now.captions, now.push_to_talk, now.patience) == ("Ann", True, False, 1.5)
    client.post("/settings", data={"trainee": "Ann"})
    assert not load_settings().captions


def test_what_does_not_fit_is_shown_again_with_the_reason(client):
    answer = client.post("/settings", data={"patience": "9", "stop_word": "red card"})
    assert answer.status_code == 400
    assert "It is a number of 0.5 to 3." in answer.text
    assert 'value="9"' in answer.text
    assert (load_settings().patience, load_settings().stop_word) == (1.0, "red card")


def test_what_is_locked_is_shown_so_and_stays(client, tmp_path):
    """A form that is sent by hand changes it no more than the command line does."""
    (tmp_path / "machine.toml").write_text('keep_sound_days = 7\nlocked = ["keep_sound_days"]\n', encoding="utf-8")
    assert "Locked: set by who looks after this machine." in client.get("/settings").text
    client.post("/settings", data={"keep_sound_days": "99"})
    assert load_settings().keep_sound_days == 7


def test_privacy_is_told_in_words(client):
    shown = client.get("/settings").text
    assert "It is deleted after 30 days" in shown
    assert "for your eyes only" in shown


def test_the_settings_can_be_used_by_everybody(served):
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/settings")
        assert not barriers(page)
        look_at(page, "settings")
        page.get_by_label("Captions").check()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        assert page.get_by_label("Captions").is_checked()
