"""What-ifs and the moments that mattered of calls that were held with the real detectors, and of older records."""

import json
from pathlib import Path

import pytest

from voicesim.cli import main
from voicesim.wiring.replaying import says

AGENTS = Path(__file__).parents[1] / "agents"


def practised(folder, script, agent, *more):
    """The record of a call of that agent, kept in ``folder``."""
    replies = str(AGENTS / f"{script}.{agent}.txt")
    assert main(["practice", script, "--text", replies, "--seed", "1", "--out", str(folder), *more]) == 0
    return json.loads((folder / "call.json").read_text(encoding="utf-8"))


def moments_of(record):
    return [moment["id"] for moment in record["feedback"]["key_moments"]]


@pytest.fixture
def held(tmp_path):
    """A call in which two mistakes made the caller hang up, and its folder."""
    return practised(tmp_path / "call", "billed-twice", "hurried"), tmp_path / "call"


def test_a_call_keeps_its_what_ifs_and_moments(held):
    record, _ = held
    assert record["ending"] == "hung_up"
    [first, *_] = record["what_if"]
    as_given, without, better = first["branches"]
    assert (as_given["change"], as_given["ending"]) == ("as_given", "hung_up")
    assert (without["ids"], without["ending"]) == (["blame", "dismiss"], None)
    assert "acknowledge" in better["ids"]
    assert better["anger"][-1] < without["anger"][-1] < as_given["anger"][-1]
    # Her largest change of temper is the close itself: no two moments are one turn.
    assert moments_of(record) == ["first_words", "close"]


def test_the_largest_change_between_the_first_words_and_the_close_is_a_moment(tmp_path):
    record = practised(tmp_path / "call", "billed-twice", "good")
    assert moments_of(record) == ["first_words", "temper", "close"]


def test_what_an_older_record_lacks_is_added_to_its_report_and_not_stored(held, capsys):
    record, folder = held
    moments = record["feedback"].pop("key_moments")
    del record["what_if"]
    older = json.dumps(record)
    (folder / "call.json").write_text(older, encoding="utf-8")
    capsys.readouterr()
    assert main(["report", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["key_moments"]
    assert [(m["id"], m["turn"], m["title"]) for m in told] == [(m["id"], m["turn"], m["title"]) for m in moments]
    assert (folder / "call.json").read_text(encoding="utf-8") == older


def test_what_ifs_of_an_older_record_are_those_that_were_kept(held):
    from voicesim.report.data import record_from_json
    from voicesim.wiring.replaying import with_later_keys

    record, folder = held
    kept = record_from_json(record)
    del record["what_if"]
    again = with_later_keys(folder, record_from_json(record))
    assert again.what_if == kept.what_if


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_without_its_script_a_record_has_no_what_ifs_but_its_moments(held, change):
    from voicesim.report.data import record_from_json
    from voicesim.wiring.replaying import with_later_keys

    record, folder = held
    del record["what_if"], record["feedback"]["key_moments"]
    script = next(folder.glob("script*"))
    if change == "gone":
        script.unlink()
    else:
        script.write_bytes(script.read_bytes() + b"\n# changed\n")
    again = with_later_keys(folder, record_from_json(record))
    assert again.what_if == ()
    assert any(moment.better for moment in again.feedback.key_moments)


@pytest.mark.parametrize("level", ["0", "4"])
def test_a_call_at_any_difficulty_is_replayed_as_it_was_held(tmp_path, level):
    record = practised(tmp_path / "call", "parcel-third-time", "hurried", "--difficulty", level)
    assert record["dial"]["level"] == int(level)
    assert record["what_if"]
    assert all(point["branches"][0]["ending"] == record["ending"] for point in record["what_if"])


def test_the_feedback_of_a_stopped_call_has_its_moments(tmp_path, capsys):
    """The replies ran out; the mistake in the second one made a turning point."""
    replies = tmp_path / "replies.txt"
    replies.write_text("Hello, this is Sam. Please tell me what happened.\nYou need to calm down.\n")
    assert main(["practice", "billed-twice", "--text", str(replies), "--out", str(tmp_path / "call")]) == 0
    assert "Three moments" in capsys.readouterr().out
    record = json.loads((tmp_path / "call" / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "stopped"
    assert {m["id"] for m in record["feedback"]["key_moments"]} == {"first_words", "temper"}
    assert all(b["goes_on_at"] for point in record["what_if"] for b in point["branches"])
    assert 2 in [point["turn"] for point in record["what_if"]]


@pytest.mark.parametrize(
    ("text", "phrase", "said"),
    [
        ("You took sixty-two pounds off me, twice.", "62 pounds", True),
        ("They refused my card.", "refused your card", True),
        ("They refused my card.", "the till", False),
        ("Anything.", "", False),
    ],
)
def test_a_phrase_is_known_if_all_its_words_were_said(text, phrase, said):
    assert says(text, phrase) is said
