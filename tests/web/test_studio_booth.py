"""A trainer in a real browser with a headset: from the terms to takes, to a pack, to a call elsewhere with them."""

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from browsing import barriers, browser_page, look_at
from inside import client_of
from studio_parts import CLIPPED, OFFER, OPENING, agree, desk, own_script, put

from voicesim.backends.replies_voice import render_replies
from voicesim.files import read_sound
from voicesim.model import RATE_HZ
from voicesim.sound import telephone
from voicesim.studio.shelf import Shelf
from voicesim.wiring.engines import Lines, with_takes
from voicesim.wiring.library import find_script
from voicesim.wiring.packs import packed_script


@pytest.fixture(scope="module")
def trainer(tmp_path_factory):
    """Two lines of the short script as a trainer speaks them."""
    made = render_replies([OPENING, OFFER], tmp_path_factory.mktemp("trainer"), persona="deep_man", anger=0.6)
    return dict(zip((OPENING, OFFER), made, strict=True))


@pytest.fixture
def studio(virtual_headset, monkeypatch, served):
    """A page with the short script as one's own."""
    own_script(served.data, monkeypatch)
    return served


def speaks(page, headset, path, key=""):
    """Press a button that records, and speak a file when it is time; waits until the take is there."""
    page.click(f"[data-choices] [data-key='{key}']")
    page.wait_for_selector("[data-now][data-is=speak]")
    headset.speak(path)
    page.wait_for_selector("[data-choices] [data-key=a]")


def similar(one, other):
    """The greatest correlation of two sounds at any shift, 0..1."""
    size = 1 << (len(one) + len(other)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)))
    return float(np.abs(cross).max() / np.sqrt(np.sum(one**2) * np.sum(other**2)))


def agrees(page, address):
    """From the studio through the terms into the booth."""
    page.goto(f"{address}/studio")
    page.click(".card:has-text('A short call') >> text=Record")
    page.fill("[name=speaker]", "Anna")
    page.check("[name=agreed]")
    look_at(page, "studio-consent")
    assert not barriers(page)
    page.click("text=Agree and go on")
    page.uncheck("[data-option=play_back]")
    look_at(page, "studio-booth-before")
    assert not barriers(page)
    page.click("text=Into the booth")
    page.click("[data-choices] [data-key=n]")
    page.wait_for_selector(f"[data-says]:has-text('{OPENING}')")


def records(page, headset, trainer, shelf, line):
    """A wrong take is told; taken again, undone, taken once more and kept; then the next line is shown."""
    speaks(page, headset, trainer[OFFER])
    assert "twice" in page.inner_text("[data-checks]") or "money" in page.inner_text("[data-checks]")
    assert re.search(r"M[\d.]+ [\d.]+v3\d", page.get_attribute("[data-wave] path", "d"))
    look_at(page, "studio-booth")
    assert not barriers(page)
    speaks(page, headset, trainer[OPENING], "a")
    assert [take.chosen for take in shelf.takes(line.id)] == [False, True]
    page.click("[data-choices] [data-key=u]")
    page.wait_for_selector("[data-about]:has-text('take 1')")
    assert [take.chosen for take in shelf.takes(line.id)] == [True, False]
    speaks(page, headset, trainer[OPENING])
    page.click("[data-choices] [data-key='']")
    page.wait_for_selector(f"[data-says]:has-text('{OFFER}')")
    page.click("text=Stop here")
    page.wait_for_url("**/studio/short")


@pytest.fixture
def recorded(tmp_path, monkeypatch, served, trainer):
    """A page with the short script, whose opening has two takes, the second chosen; and its pack as a file."""
    own_script(served.data, monkeypatch)
    script, shelf = find_script("short"), Shelf.own("short")
    agree(shelf, script)
    for checks in ((), (CLIPPED,)):
        put(shelf, next(script.lines()), trainer[OPENING], checks=checks)
    (tmp_path / "short.voicesim").write_bytes(packed_script(script, shelf).content)
    return served


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages_of_the_studio(recorded, tmp_path, scheme):
    with browser_page(recorded.link, color_scheme=scheme) as page:
        for name, path in (("studio", ""), ("takes-all", "/short"), ("upload", "/short/upload")):
            page.goto(f"{recorded.address}/studio{path}")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert not barriers(page), name
            look_at(page, f"studio-{name}-{scheme}")
        page.goto(f"{recorded.address}/packs")
        assert not barriers(page)
        look_at(page, f"studio-packs-{scheme}")
        page.set_input_files("#pack", tmp_path / "short.voicesim")
        page.click("text=Look inside")
        page.wait_for_url("**/packs/waiting/*")
        assert not barriers(page)
        look_at(page, f"studio-pack-inside-{scheme}")


def test_a_take_is_chosen_and_left_out_without_javascript(recorded):
    shelf, line = Shelf.own("short"), next(find_script("short").lines())
    with browser_page(recorded.link, java_script_enabled=False) as page:
        page.goto(f"{recorded.address}/studio/short")
        page.click("text=1 other take")
        page.click(f"#{line.id} >> text=Choose")
        page.wait_for_url(f"**/studio/short#{line.id}")
        assert [take.chosen for take in shelf.takes(line.id)] == [True, False]
        page.click(f"#{line.id} >> text=Leave it out")
        page.wait_for_selector(f"#{line.id} >> text=No take is chosen")
        assert not shelf.chosen()
        page.click("text=Undo the last take or choice")
        page.wait_for_selector(f"#{line.id} >> text=Leave it out")
        assert list(shelf.chosen()) == [line.id]


@pytest.mark.three_takes
def test_a_trainer_records_packs_and_is_heard_elsewhere(virtual_headset, studio, trainer, tmp_path, monkeypatch):
    # What an earlier try left would be in the way of another one.
    monkeypatch.setenv("VOICESIM_DATA", str(studio.data))
    shutil.rmtree(studio.data / "audio", ignore_errors=True)
    script = find_script("short")
    line = next(line for line in script.lines() if line.text == OPENING)
    shelf = Shelf.own("short")
    with browser_page(studio.link, accept_downloads=True) as page:
        agrees(page, studio.address)
        records(page, virtual_headset, trainer, shelf, line)
        assert [take.chosen for take in shelf.takes(line.id)] == [False, False, True]
        assert page.locator("svg.wave").count() == 3
        look_at(page, "studio-takes")
        assert not barriers(page)
        page.goto(f"{studio.address}/packs/short")
        look_at(page, "studio-pack")
        assert not barriers(page)
        with page.expect_download() as coming:
            page.click("#download")
        coming.value.save_as(tmp_path / coming.value.suggested_filename)
    recorded = read_sound(shelf.chosen()[line.id])[0].samples
    # Not the same samples: between two sound clocks a browser stretches what it hears, and a busy machine drops some.
    assert similar(recorded, read_sound(trainer[OPENING])[0].samples) > 0.3

    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "elsewhere"))
    with client_of(desk()) as client:
        told = client.post("/packs", files={"pack": ("a.voicesim", (tmp_path / "short-v1.voicesim").read_bytes())})
        assert "Anna, who agreed on" in told.text
        client.post(f"{told.url}/install")
    elsewhere = with_takes(find_script("short"))
    taken = replace(line, take=elsewhere.takes[line.id])
    played = Lines(elsewhere).sound(taken)
    assert similar(played, telephone(recorded, RATE_HZ, noise_dbfs=-np.inf)) > 0.9
