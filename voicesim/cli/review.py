"""``voicesim review``, ``contest`` and ``agreement``: what people say about a call, and how far they agree."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.calls import Call, Json, Trainee, trainee_named
from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError, VoicesimError
from voicesim.wiring.stored_calls import call_of, calls_of

if TYPE_CHECKING:
    from voicesim.coach.agreement import Agreement, ReviewedCall
    from voicesim.coach.review import ReviewEntry
    from voicesim.model import CallRecord, Phase

app = new_app()

#: Differences that are shown in words; all of them are in --json.
_SHOWN = 12


@app.command(
    epilog=examples(
        "voicesim review shared-20260301-100000-billed-twice --by Anna",
        "voicesim review last --by Anna --blind",
        'voicesim review last --by Anna --comment "Good pause here." --at 1:23',
        "voicesim review last --by Anna --agree apology --turn 2",
        'voicesim review last --by Anna --override empathy --turn 1 --present --note "It is in the tone."',
        "voicesim review last --by Anna --score 18 --phase control",
        "voicesim review last --from annas-copy/review.json",
        "voicesim review last --list --json",
    )
)
def review(
    call: Call,
    by: Annotated[str, typer.Option("--by", help="Who reviews; every entry is signed.")] = "",
    comment: Annotated[str | None, typer.Option("--comment", help="A comment, at a time, in a turn or on all.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="Minutes and seconds of the call, like 1:23.")] = None,
    turn: Annotated[int | None, typer.Option("--turn", help="A turn, from 1; alone it begins the walk there.")] = None,
    agree: Annotated[str | None, typer.Option("--agree", help="A finding of that turn that is right.")] = None,
    disagree: Annotated[str | None, typer.Option("--disagree", help="A finding of that turn that is wrong.")] = None,
    override: Annotated[str | None, typer.Option("--override", help="A finding that you decide on yourself.")] = None,
    present: Annotated[
        bool | None, typer.Option("--present/--absent", help="What you decide: it is there, or it is not.")
    ] = None,
    points: Annotated[int | None, typer.Option("--score", help="Points of a phase, or of the whole call.")] = None,
    phase: Annotated[
        str | None, typer.Option("--phase", help="control, acknowledge, refocus or solve, for --score.")
    ] = None,
    judged: Annotated[
        bool, typer.Option("--judged", help="The whole turn is judged: what you did not name is not there.")
    ] = False,
    blind: Annotated[
        bool, typer.Option("--blind", help="Without the machine's findings in view: say yourself what is there.")
    ] = False,
    remark: Annotated[str | None, typer.Option("--note", help="Why; kept with what you say.")] = None,
    other: Annotated[Path | None, typer.Option("--from", help="Take in another copy's review.json, or folder.")] = None,
    list_them: Annotated[bool, typer.Option("--list", help="Show everything that was said about the call.")] = False,
    as_json: Json = False,
    trainee: Trainee = None,
) -> None:
    """Say as a trainer what you think of a call, turn by turn at a terminal or with options; call.json stays as it is.

    Without options it walks through the turns and goes on where you left off.
    """
    from voicesim.coach.review import EntryKind
    from voicesim.wiring.reviewing import finished_record, trainer_entry

    folder = call_of(trainee_named(trainee), call)
    record = finished_record(folder)
    if list_them or as_json:
        _list(folder, as_json)
        return
    if other is not None:
        _take_in(folder, record, other)
        return
    if at is not None and comment is None:
        raise UsageError("--at says when a comment is about", mend="Add --comment TEXT, or name a --turn.")
    at_s = None if at is None else _seconds(at)
    said: list[tuple[EntryKind, dict[str, Any], bool]] = [
        (EntryKind.COMMENT, {"turn": turn, "at_s": at_s, "note": comment}, comment is not None),
        (EntryKind.AGREE, {"turn": turn, "finding": agree, "note": remark}, agree is not None),
        (EntryKind.DISAGREE, {"turn": turn, "finding": disagree, "note": remark}, disagree is not None),
        (
            EntryKind.OVERRIDE,
            {"turn": turn, "finding": override, "verdict": present, "note": remark},
            override is not None,
        ),
        (EntryKind.SCORE, {"points": points, "phase": _phase(phase), "note": remark}, points is not None),
        (EntryKind.JUDGED, {"turn": turn}, judged),
    ]
    entries = [trainer_entry(kind, by, blind=blind, **values) for kind, values, is_said in said if is_said]
    if not entries:
        _walk(folder, record, by, blind=blind, start=turn)
        return
    _keep(folder, record, entries)


@app.command(
    epilog=examples(
        'voicesim contest last --turn 3 --finding command_calm --note "I quoted what she had said."',
        'voicesim contest last --turn 2 --finding apology --note "I did say sorry: it was not heard."',
    )
)
def contest(
    call: Call,
    turn: Annotated[int, typer.Option("--turn", help="The turn, from 1.")],
    finding: Annotated[str, typer.Option("--finding", help="The finding, such as command_calm.")],
    remark: Annotated[str, typer.Option("--note", help="Why it is wrong, or why it should be there.")],
    trainee: Trainee = None,
) -> None:
    """Contest a finding in your call, or say that one was missed; it is kept for your trainer beside the finding."""
    from voicesim.wiring.reviewing import contest_entry, finished_record

    folder = call_of(trainee_named(trainee), call)
    record = finished_record(folder)
    _keep(folder, record, [contest_entry(record, turn=turn, finding=finding, note=remark)])


@app.command(
    epilog=examples(
        "voicesim agreement --folder reviewed-calls",
        "voicesim agreement 20260301-100000 20260302-090000 --names",
        "voicesim agreement --folder reviewed-calls --json",
    )
)
def agreement(
    calls: Annotated[list[str] | None, typer.Argument(help="Ids of calls, their beginnings, or folders.")] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="A folder of calls, or of shared copies.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Who judged what, by name.")] = False,
    as_json: Json = False,
    trainee: Trainee = None,
) -> None:
    """How far people who reviewed the same calls agree, and the machine with them: Krippendorff's alpha per item.

    Copies of one call are taken together. Items below 0.667 are marked as not trustworthy.
    """
    from voicesim.backends.agreement import NltkAlpha
    from voicesim.cli.agreement_shown import show_agreement
    from voicesim.coach.agreement import agreement as agreed
    from voicesim.coach.agreement import gathered
    from voicesim.coach.review import trainers
    from voicesim.report.codec import encode

    if not calls and folder is None:
        raise UsageError("name the calls, or a folder of them", mend="Write: voicesim agreement --folder FOLDER")
    named_ones = calls_of(trainee_named(trainee), calls) if calls else []
    found = gathered([*(_reviewed(one) for one in named_ones), *_in_folder(folder)])
    if not trainers(entry for one in found for entry in one.entries):
        raise UsageError(f"nobody has judged any of {len(found)} calls", mend="Judge one: voicesim review CALL")
    result: Agreement = agreed(found, NltkAlpha(), names=names)
    if as_json:
        typer.echo(json.dumps({"schema": 1, **encode(result)}, ensure_ascii=False))
    else:
        show_agreement(result, shown=_SHOWN)


# -- entries ----------------------------------------------------------------------------------------------------------


def _keep(folder: Path, record: "CallRecord", entries: Iterable["ReviewEntry"]) -> None:
    """Check all entries, keep them, and say what was kept."""
    from voicesim.cli.review_shown import entry_told
    from voicesim.wiring.reviewing import keep_entries

    kept = keep_entries(folder, record, entries)
    if kept.told is not None:
        note(kept.told)
    for entry in kept.entries:
        note(f"Kept: {entry_told(entry)}")


def _phase(name: str | None) -> "Phase | None":
    from voicesim.model import Phase
    from voicesim.reading.reader import closest

    if name is None:
        return None
    known = [phase.value for phase in Phase]
    if name not in known:
        raise UsageError(f"--phase does not know '{name}'", mend=closest(name, known))
    return Phase(name)


def _seconds(text: str) -> float:
    from voicesim.wiring.reviewing import seconds_of

    at_s = seconds_of(text)
    if at_s is None:
        raise UsageError(f"--at: '{text[:20]}' is no time", mend="Write minutes and seconds, like 1:23.")
    return at_s


# -- everything about one call ----------------------------------------------------------------------------------------


def _list(folder: Path, as_json: bool) -> None:
    from voicesim.cli.review_shown import entry_told
    from voicesim.report.codec import encode
    from voicesim.store.reviews import review_of

    kept = review_of(folder)
    if kept.told is not None:
        note(kept.told)
    if as_json:
        whole = {"schema": 1, "folder": str(folder), "entries": encode(kept.entries)}
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    for entry in kept.entries:
        typer.echo(entry_told(entry))
    if not kept.entries:
        typer.echo("Nobody has said anything about this call yet.")


def _take_in(folder: Path, record: "CallRecord", other: Path) -> None:
    from voicesim.wiring.reviewing import take_in

    taken = take_in(folder, record, other)
    if taken.told is not None:
        note(taken.told)
    note(f"{taken.new} {'entry' if taken.new == 1 else 'entries'} of {other} taken in.")
    if taken.unfit:
        note(f"{taken.unfit} did not fit this call and were left out: is it a copy of this call?")


def _walk(folder: Path, record: "CallRecord", by: str, *, blind: bool, start: int | None) -> None:
    from rich.console import Console

    from voicesim.cli.reviewing import Walk
    from voicesim.cli.taking import asks

    if not asks():
        mend = "Run it in a terminal, or say something with an option, such as --agree ID --turn N."
        raise UsageError("a walk through the turns needs a terminal", mend=mend)
    console = Console(highlight=False)
    name = by.strip() or console.input("Your name, with which every entry is signed: ", markup=False).strip()
    Walk(folder=folder, record=record, by=name, blind=blind, console=console).go(start)


# -- calls for the agreement ------------------------------------------------------------------------------------------


def _reviewed(folder: Path) -> "ReviewedCall":
    from voicesim.coach.agreement import ReviewedCall
    from voicesim.store.reviews import review_of
    from voicesim.wiring.reviewing import finished_record

    record, kept = finished_record(folder), review_of(folder)
    if kept.told is not None:
        note(kept.told)
    return ReviewedCall(key=folder.name, record=record, entries=kept.entries)


def _in_folder(folder: Path | None) -> Iterator["ReviewedCall"]:
    """The calls in a folder, and itself if it is one; what cannot be read is told and left out."""
    from voicesim.files import storage_errors
    from voicesim.store.places import RECORD

    if folder is None:
        return
    if not folder.is_dir():
        raise UsageError("there is no such folder", where=str(folder), mend="Name a folder with calls in it.")
    with storage_errors(folder, "read"):
        found = [one for one in (folder, *sorted(folder.iterdir())) if (one / RECORD).is_file()]
    if not found:
        raise UsageError("there is no call in this folder", where=str(folder), mend="Name the folder around them.")
    for one in found:
        try:
            yield _reviewed(one)
        except VoicesimError as error:
            note(f"Left out: {error}")
