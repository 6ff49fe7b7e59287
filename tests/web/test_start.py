"""The start of the page."""

from browsing import barriers, browser_page, look_at


def test_the_start_is_shown_to_everybody(served):
    with browser_page(served.link) as page:
        assert page.title() == "Practise · voicesim"
        assert not barriers(page)
        look_at(page, "start")
