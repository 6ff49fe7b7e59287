"""A real browser that looks at pages."""

import pytest


@pytest.fixture(scope="module")
def browser(beside, tmp_path_factory):
    """The one page of a Chromium; its tests are skipped where there is none."""
    driver = beside("report/browser.py")
    program = driver.chromium()
    if program is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with driver.browsing(program, tmp_path_factory.mktemp("chromium")) as page:
        yield page
