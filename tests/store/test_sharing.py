"""A shared call tells nothing of how the trainee sounded, and no name, unless that was chosen; an export is whole."""

import hashlib
import json
import zipfile
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.coach.delivery import observations
from voicesim.coach.score import feedback
from voicesim.errors import StorageError, UsageError
from voicesim.files import encode_flac
from voicesim.model import (
    CallRecord,
    CallState,
    Delivery,
    Finding,
    Influence,
    Kind,
    Overlap,
    OverlapKind,
    Phase,
    Reply,
    Span,
    Transcript,
    Turn,
)
from voicesim.report.data import dumps, record_from_json, record_to_json
from voicesim.store.exporting import export
from voicesim.store.places import make_trainee
from voicesim.store.sharing import DELIVERY_IDS, DELIVERY_MOMENTS, Part, delivery_moved, share, shared_record
from voicesim.wiring.bank import shipped_bank
from voicesim.wiring.rubrics import default_rubric

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ADVISER = Adviser(bank=shipped_bank(), known=Situation(caller="Mrs Price"))
NAME = "Zebulon Quist"


def marked_delivery(turn):
    """A delivery whose every measure is a number that stands nowhere else: 7 and the turn and the measure."""
    numbers = [f.name for f in fields(Delivery) if f.name not in ("tension_band", "calibrated", "abstained")]
    values = {name: float(f"7{turn}{place:02d}.{turn + 1}77") for place, name in enumerate(numbers)}
    return Delivery(
        **values,
        tension_band="tense",
        calibrated=True,
        abstained={"jitter": f"reason 7{turn}99"},
    )


@pytest.fixture(scope="module")
def private(sample):
    """A call with every private thing there is, each of which can be found again."""
    made = sample.sample_record()
    turns = []
    for number, turn in enumerate(made.turns):
        state = replace(
            turn.before,
            tension=(7.1234, 7.2345),
            settled=(Phase.SOLVE,),
            heard={"tense_delivery": 1, "calm_delivery": 1, "apology": 1},
        )
        reply = turn.reply
        if reply is not None:
            tense = Finding(
                kind=Kind.CONDITION, id="tense_delivery", measure="mean tension of three replies", value=7.3456
            )
            text = reply.final.transcript
            spoken = replace(text, text=f"{text.text} This is Zebulon, ZEBULON QUIST'S team.")
            found = (*reply.final.findings, tense)
            reply = replace(
                reply,
                final=replace(reply.final, transcript=spoken, findings=found),
                live=replace(reply.live, findings=(*reply.live.findings, tense)),
                delivery=marked_delivery(number),
                overlaps=(Overlap(span=Span(start=number, end=99_999), kind=OverlapKind.INTERRUPTION),),
            )
        moved = (Influence(cause="tense_delivery", delta=1, rule="tension 7.4567, the line is 0.5", value=7.4567),)
        turns.append(replace(turn, reply=reply, before=state, after=state, influences=(*turn.influences, *moved)))
    baseline = replace(
        sample.BASELINE,
        trainee=NAME,
        headset="Zebulon's AirThing 7567",
        f0_median_st=75.6789,
        level_dbfs=-75.6789,
        alpha_db=-75.6123,
        centroid_st=75.6234,
        f0_velocity_stps=75.6456,
        snr_db=75.6321,
        speech_s=75.6654,
        articulation_rate_sps=5.9137,
    )
    clock = {"began_utc": "2026-03-16T10:42:00+00:00", "call": "zebulon-first", "headset": {"missing_s": 7.6789}}
    record = replace(
        made,
        trainee=NAME,
        turns=tuple(turns),
        baseline=baseline,
        delivery_moves_caller=True,
        clock=clock,
        unused_replies=("zebulon-9.flac",),
    )
    return replace(record, feedback=feedback(record, goals={}, rubric=default_rubric(), adviser=ADVISER))


def private_texts(record):
    """Everything about delivery and baseline that could leak, as it is written: numbers, words, sentences."""
    data = record_to_json(record)
    values = [v for t in data["turns"] if t["reply"] for v in t["reply"]["delivery"].values()]
    values += [v for key, v in data["baseline"].items() if key not in ("trainee", "headset", "made_utc")]
    numbers = {str(value) for value in values if isinstance(value, float) and value > 10}
    reasons = {reason for value in values if isinstance(value, dict) for reason in value.values()}
    told = {moment.title for moment in observations(record) if moment.id in DELIVERY_MOMENTS}
    return numbers | reasons | told | {"7.1234", "7.2345", "7.3456", "7.4567", "7.6789", "5.9137"}


def leaves(value, path=""):
    """Every key and every value of a JSON value, with where it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, f"{path}[{place}]")
    else:
        yield path, value


def shared_to(tmp_path, record, sounds=None, parts=frozenset()):
    (tmp_path / "call").mkdir()
    kept = {"now": NOW, "sounds": sounds, "encode": encode_flac}
    return [path.read_text() for path in share(record, tmp_path / "call", tmp_path / "out", parts, **kept)]


def test_the_private_call_has_what_must_not_leak(private):
    """Else the tests below would prove nothing."""
    told = dumps(record_to_json(private))
    assert len(private_texts(private)) > 100
    assert [text for text in private_texts(private) if text not in told] == []
    assert {m.id for m in private.feedback.moments} >= {"pace", "level", "reply_gap", "tension", "cross_talk"}


def test_no_value_of_delivery_or_baseline_leaks_into_any_shared_file(private, sample, tmp_path):
    """Not as a number, not in a sentence, not under a name, and not through the clips."""
    words = ("tense_delivery", "Tension of the voice", "syllables", "louder", "data:audio", "AirThing")
    for text in shared_to(tmp_path, private, sample.sounds(private)):
        assert [value for value in (*private_texts(private), *words) if value in text] == []


def test_walking_the_shared_record_finds_nothing_of_delivery(private):
    """Every key of it: no time that pace or pauses could be measured from, no state or influence of delivery."""
    data = record_to_json(shared_record(private))
    assert data["baseline"] is None
    timed = [(path, value) for path, value in leaves(data["turns"]) if path.endswith(("start_s", "end_s")) and value]
    assert timed == []
    for path, value in leaves(data):
        assert value not in DELIVERY_IDS | {"tension_band", "f0_median_st", "articulation_rate_sps"}, path
        assert not (path.endswith((".words", ".speech", ".tension", ".settled")) and value), path
    assert all(turn["reply"] is None or turn["reply"]["delivery"] is None for turn in data["turns"])
    assert all(not turn[state]["tension"] for turn in data["turns"] for state in ("before", "after"))
    assert not {m["id"] for m in data["feedback"]["moments"]} & DELIVERY_MOMENTS


def test_no_name_leaks_neither_written_nor_said(private, tmp_path):
    for text in shared_to(tmp_path, private):
        assert "zebulon" not in text.lower()
        assert "quist" not in text.lower()
    said = record_from_json(json.loads((tmp_path / "out" / "call.json").read_text())).turns[0].reply.final
    assert said.transcript.text.endswith("This is [trainee], [trainee]'S team.")


def test_what_is_shared_is_the_words_the_findings_and_the_score(private):
    kept = shared_record(private)
    assert kept.feedback.total == private.feedback.total
    assert kept.feedback.phases == private.feedback.phases
    assert [turn.line for turn in kept.turns] == [turn.line for turn in private.turns]
    assert [turn.before.anger for turn in kept.turns] == [turn.before.anger for turn in private.turns]
    assert [f.id for t in kept.turns if t.reply for f in t.reply.final.findings] == [
        f.id for t in private.turns if t.reply for f in t.reply.final.findings if f.id not in DELIVERY_IDS
    ]


def test_everything_chosen_is_everything_but_the_machine(private):
    kept = shared_record(private, frozenset(Part))
    assert kept == replace(private, unused_replies=(), clock=kept.clock)
    assert kept.clock.keys() == {"began_utc", "call"}


@pytest.mark.parametrize(
    ("part", "there"),
    [(Part.DELIVERY, "syllables"), (Part.SOUND, "data:audio"), (Part.NAME, NAME)],
)
def test_each_part_comes_if_it_is_chosen_and_not_with_another(private, sample, tmp_path, part, there):
    _, page = shared_to(tmp_path, private, sample.sounds(private), frozenset({part}))
    found = {word for word in ("syllables", "data:audio", NAME) if word in page}
    assert found == {there}


def test_delivery_without_the_name_brings_a_nameless_baseline(private):
    kept = shared_record(private, frozenset({Part.DELIVERY}))
    assert (kept.baseline.trainee, kept.baseline.headset) == ("trainee", "headset")
    assert kept.baseline.f0_median_st == private.baseline.f0_median_st
    assert "AirThing" not in dumps(record_to_json(kept))


def test_a_profile_without_a_name_changes_no_words(private):
    nameless = replace(private, trainee="you")
    kept = shared_record(nameless)
    assert [t.reply.final.transcript.text for t in kept.turns if t.reply] == [
        t.reply.final.transcript.text for t in private.turns if t.reply
    ]


def test_the_person_can_be_told_that_anger_still_shows_delivery(private, sample):
    assert delivery_moved(private)
    assert not delivery_moved(sample.sample_record())


@pytest.mark.parametrize(
    ("cls", "known"),
    [
        (
            CallRecord,
            "script seed engines ending turns trainee baseline delivery_moves_caller feedback unused_replies "
            "dial what_if official",
        ),
        (Turn, "line reply before after influences line_span phase"),
        (Reply, "span live final delivery speech overlaps offers mentions"),
        (
            CallState,
            "step anger seed turn tries heard used last_line phase silences tension settled was_angry said aside",
        ),
        (Transcript, "words text engine"),
    ],
)
def test_no_field_came_that_sharing_does_not_know(cls, known):
    """Look at a new field before it is named here: does it tell how the trainee sounded, or who it was?"""
    assert {f.name for f in fields(cls)} - {"moods", "clock"} == set(known.split())


def test_a_shared_page_says_whose_it_is(private, tmp_path):
    shared_to(tmp_path, private)
    [page] = tmp_path.rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "a copy that the trainee handed on" in text
    assert "This file is yours" not in text


def test_sharing_is_noted_in_the_call_and_never_overwrites(private, tmp_path):
    shared_to(tmp_path, private)
    noted = json.loads((tmp_path / "call" / "shared.json").read_text())
    assert [(one["with"], one["at_utc"]) for one in noted["shares"]] == [([], "2026-05-01T12:00:00+00:00")]
    with pytest.raises(UsageError, match="holds a call already"):
        share(private, tmp_path / "call", tmp_path / "out", frozenset(), now=NOW)
    share(private, tmp_path / "call", tmp_path / "other", frozenset({Part.NAME}), now=NOW)
    noted = json.loads((tmp_path / "call" / "shared.json").read_text())
    assert [one["with"] for one in noted["shares"]] == [[], ["name"]]


# -- export -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def trainee(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    folder = make_trainee("Ann")
    for name in ("20260301-100000-a", "20260302-100000-b"):
        (folder / "calls" / name).mkdir()
        for file in ("call.json", "caller.flac", "journal.jsonl"):
            (folder / "calls" / name / file).write_bytes(f"{name} {file}".encode() * 100)
    (folder / "baselines" / "headset.json").write_text("{}")
    (folder / "index.sqlite").touch()
    (folder / "calls" / "20260301-100000-a" / "link").symlink_to("/etc/hostname")
    return folder


def test_an_export_has_every_file_and_a_list_that_proves_it(trainee, tmp_path):
    out = tmp_path / "ann.zip"
    calls = sorted((trainee / "calls").iterdir())
    assert export("Ann", calls, out, now=NOW, everything=True) == 8
    with zipfile.ZipFile(out) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        listed = {file["path"]: file for file in manifest["files"]}
        assert set(archive.namelist()) == {"manifest.json", *listed}
        for path, file in listed.items():
            content = archive.read(path)
            assert content == (trainee / path).read_bytes()
            assert file["sha256"] == hashlib.sha256(content).hexdigest()
            assert file["bytes"] == len(content)
    assert (manifest["schema"], manifest["trainee"]) == (1, "Ann")
    assert manifest["calls"] == [call.name for call in calls]
    assert {"trainee.json", "baselines/headset.json"} <= set(listed)
    assert out.stat().st_mode & 0o777 == 0o600


def test_single_calls_come_without_the_rest(trainee, tmp_path):
    export("Ann", [trainee / "calls" / "20260301-100000-a"], tmp_path / "a.zip", now=NOW, everything=False)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"manifest.json", "calls"}


def test_an_export_is_whole_or_not_there(trainee, tmp_path, monkeypatch):
    (tmp_path / "there.zip").touch()
    with pytest.raises(UsageError, match="is there already"):
        export("Ann", [], tmp_path / "there.zip", now=NOW, everything=True)
    with pytest.raises(StorageError, match="no such file or folder"):
        export("Ann", [], tmp_path / "nowhere" / "a.zip", now=NOW, everything=True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(StorageError, match="the disk is full"):
        export("Ann", [], tmp_path / "new.zip", now=NOW, everything=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "there.zip"]
