"""The editor in a real browser: text, remarks, saving, a try, the form; looked at, and usable by everybody."""

import re

import pytest
from browsing import barriers, browser_page, look_at
from playwright.sync_api import expect

# The first reply of a process waits until what finds techniques is loaded.
expect.set_options(timeout=60_000)


def copy_of(served, script_id):
    """The path of a copy among the own scripts of a served page."""
    assert served.client.post(f"/scripts/{script_id}/copy").status_code in (200, 303)
    return served.data / "scripts" / f"my-{script_id}.yaml"


def test_a_trainer_edits_checks_saves_and_plays_a_script(served):
    file = copy_of(served, "billed-twice")
    before = file.read_text(encoding="utf-8")
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/scripts")
        assert not barriers(page)
        look_at(page, "scripts")

        page.get_by_role("link", name="Edit my-billed-twice").click()
        expect(page.locator("#no-remarks")).to_be_visible()
        expect(page.locator("#lines b")).to_have_count(before.count("\n") + 1)
        assert not barriers(page)

        text = page.get_by_label("Text", exact=True)
        faulty = before.replace("Right, before you start, I want my money! Sixty-two pounds", "I want my 62 pounds")
        text.fill(faulty)
        remark = page.locator("#remarks li")
        expect(remark).to_contain_text("Write numbers and signs as words")
        expect(page.locator("#state")).to_have_text("Not saved yet")
        look_at(page, "editor")

        remark.get_by_role("link", name=re.compile("Line")).click()
        line = page.evaluate(
            "document.activeElement.value.slice(0, document.activeElement.selectionStart).split('\\n').length"
        )
        assert faulty.splitlines()[line - 1].strip() == "opening:"

        text.fill(before.replace("I want my money!", "I want my money back!"))
        expect(page.locator("#no-remarks")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#state")).to_have_text("Saved")
        assert file.read_text(encoding="utf-8") == before.replace("I want my money!", "I want my money back!")

        page.get_by_role("link", name=re.compile("^what_now, refocus, line")).click()
        assert page.evaluate("document.activeElement.id") == "text"
        expect(page.get_by_label("Step", exact=True)).to_have_value("what_now")
        page.get_by_label("Step", exact=True).select_option("opening")
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("#played li")).to_have_count(1)
        page.get_by_label("Your reply").fill("I am so sorry, we took sixty-two pounds two times. That was our mistake.")
        page.keyboard.press("Enter")
        expect(page.locator("#played")).to_contain_text("rule 7 of 'opening'")
        expect(page.locator("#played")).to_contain_text("what_now")
        assert not barriers(page)
        look_at(page, "editor-played")
        page.emulate_media(color_scheme="dark")
        assert not barriers(page)
        look_at(page, "editor-dark")


def test_the_form_is_another_view_on_the_same_file(served):
    file = copy_of(served, "cuts-in")
    before = file.read_text(encoding="utf-8")
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/scripts/my-cuts-in/form#step-opening")
        assert not barriers(page)
        look_at(page, "script-form")
        first = page.locator("#step-opening").get_by_label("Angry")
        said = first.input_value()
        first.fill(f"{said.splitlines()[0]} Really!\n" + "\n".join(said.splitlines()[1:]))
        page.get_by_role("button", name="Save what I changed").click()
        expect(page.get_by_role("status")).to_contain_text("Saved.")
        page.get_by_role("link", name="Text and drawing").click()
        expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Really!"))
        changed = set(file.read_text(encoding="utf-8").splitlines()) ^ set(before.splitlines())
        assert len(changed) == 2
        page.emulate_media(color_scheme="dark")
        page.goto(f"{served.address}/scripts/my-cuts-in/form")
        assert not barriers(page)
        look_at(page, "script-form-dark")
        page.goto(f"{served.address}/scripts/my-cuts-in/rehearsals?run=1")
        expect(page.get_by_role("status")).to_contain_text("hold")
        assert not barriers(page)
        look_at(page, "script-rehearsals")
        page.emulate_media(color_scheme="light")
        page.goto(f"{served.address}/scripts/new/caller")
        assert not barriers(page)
        look_at(page, "script-new")


def test_what_somebody_else_saved_is_shown_and_written_over_only_when_asked(served):
    file = copy_of(served, "cuts-in")
    # The browser itself complains on its console about the request that is refused, and about nothing else.
    with pytest.raises(AssertionError, match="409"), browser_page(served.link) as page:
        page.goto(f"{served.address}/scripts/my-cuts-in")
        expect(page.locator("#no-remarks")).to_be_visible()
        theirs = file.read_text(encoding="utf-8") + "# theirs\n"
        file.write_text(theirs, encoding="utf-8")
        mine = theirs.replace("# theirs", "# mine")
        page.get_by_label("Text", exact=True).fill(mine)
        page.keyboard.press("Control+s")
        expect(page.get_by_label("The other version")).to_have_value(theirs)
        assert file.read_text(encoding="utf-8") == theirs
        page.get_by_role("button", name="Save mine all the same").click()
        expect(page.locator("#state")).to_have_text("Saved")
        assert file.read_text(encoding="utf-8") == mine
