"""What others wrote (scripts, names, replies, reviews) is text on every page and in every report, never markup."""

import re

import pytest
from calls_made import SHORT, held, page_inside, use

from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.settings import choose
from voicesim.store.reviews import add_entries

EVIL = """</title></script><script>alert(1)</script><img src=x onerror=alert(1)>'&quot;"""
#: What shows any of it.
PAGES = (
    *("/", "/callers/short", "/calls", "/progress", "/drills", "/courses", "/settings", "/headset", "/calibrate"),
    *("/scripts", "/scripts/short", "/scripts/short/form", "/scripts/short/rehearsals?run=1", "/scripts/short/delete"),
    *("/studio", "/studio/short", "/studio/short/record", "/studio/short/upload", "/packs", "/packs/short"),
    *("/review", "/team", "/calls/{call}", "/calls/{call}/report", "/calls/{call}/turns/1", "/calls/{call}/share"),
    *("/calls/{call}/delete", "/calls/forget", "/review/{call}"),
)


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A page, and a call with a caller whose script, trainee and reviewer all wrote markup."""
    use(tmp_path / "data", monkeypatch)
    evil = EVIL.replace("'", "''")
    text = SHORT.read_text(encoding="utf-8")
    for key in ("title", "you_are", "name", "about"):
        text, found = re.subn(
            rf'^(\s*{key}): ".*"$', lambda row: f"{row[1]}: '{row[1].strip()} {evil}'", text, flags=re.M
        )
        assert found
    for line in ("You took my money twice, and nobody tells me why.", "And what will you do about it?"):
        assert f'"{line}"' in text
        text = text.replace(f'"{line}"', f"'{line} {evil}'")
    file = tmp_path / "data" / "scripts" / "short.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    choose("trainee", "Kim <script>alert(1)</script>")
    call = held(tmp_path, f"Calm down. {EVIL}", f"I apologise. {EVIL}", script="short")
    entry = ReviewEntry(
        role=Role.TRAINER,
        by=f"Ann {EVIL}"[:60],
        at_utc="2026-11-22T10:00:00+00:00",
        kind=EntryKind.COMMENT,
        turn=1,
        note=EVIL,
    )
    add_entries(call, [entry])
    with page_inside() as client:
        yield client, call.name


def test_text_is_never_markup(hostile):
    client, call = hostile
    for address in PAGES:
        answer = client.get(address.format(call=call))
        assert answer.status_code == 200, address
        assert "<script>alert" not in answer.text, address
        assert "<img src=x" not in answer.text, address


def test_a_report_that_holds_a_script_of_others_asks_no_server(hostile):
    """Were its own policy missing: what it may do is still told with it."""
    client, call = hostile
    policy = client.get(f"/calls/{call}/report").headers["content-security-policy"]
    allowed = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert allowed["default-src"] == "'none'"
    assert (allowed["form-action"], allowed["base-uri"], allowed["frame-ancestors"]) == ("'none'", "'none'", "'self'")
    assert not {"connect-src", "frame-src"} & set(allowed)
