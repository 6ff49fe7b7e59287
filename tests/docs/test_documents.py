"""What the documents say is there, is there: links, make targets, and a page for every page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:^|`)make ([a-z-]+)", re.MULTILINE)
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)


def links():
    for page in PAGES:
        for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
            if "://" not in link and not link.startswith("mailto:"):
                yield pytest.param(page, link, id=f"{page.relative_to(ROOT)}->{link}")


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "")).replace(" ", "-")


@pytest.mark.parametrize(("page", "link"), list(links()))
def test_every_relative_link_resolves(page, link):
    """A link inside the repository leads to a file that is there, and to a heading of it."""
    path, _, fragment = link.partition("#")
    target = (page.parent / path) if path else page
    assert target.exists()
    if fragment:
        assert fragment in {anchor(heading) for heading in HEADING.findall(target.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", [p for p in PAGES if p.parent.name == "docs" and p.name != "README.md"], ids=str)
def test_every_page_is_in_the_index(page):
    """The index of the documents leads to every page."""
    assert f"({page.name})" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")


def make_targets_named():
    files = [*PAGES, ROOT / ".ci" / "run"]
    found = {(f, name) for f in files for name in MAKE.findall(f.read_text(encoding="utf-8"))}
    return sorted((str(f.relative_to(ROOT)), name) for f, name in found)


@pytest.mark.parametrize(("page", "target"), make_targets_named())
def test_every_make_target_named_exists(page, target):
    """``make NAME`` in a document is a target of the Makefile."""
    assert target in TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))


def test_every_make_target_is_explained():
    """``make help`` names every target a person may call."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {t for t in TARGET.findall(text) if t != "help"} <= set(re.findall(r'echo "make ([a-z-]+)', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_place_of_one_machine(page):
    """Documents name no absolute path of somebody's machine."""
    assert re.findall(r"(?<![\w.])/(?:home|root|work|tmp|Users)/\S+", page.read_text(encoding="utf-8")) == []
