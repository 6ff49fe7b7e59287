"""``voicesim share``, ``export`` and ``forget``: what a trainee hands on, takes along, or wants gone for good."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.calls import Call, Trainee, Yes, agreed, trainee_named
from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import SoundFileError, UsageError
from voicesim.wiring.briefing import briefing_in
from voicesim.wiring.stored_calls import call_of, calls_of, sound_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicesim.model import Samples
    from voicesim.store.sharing import Part

app = new_app()


@app.command(
    epilog=examples(
        "voicesim share last",
        "voicesim share 20260301 --out for-my-trainer",
        "voicesim share last --with sound,name",
    )
)
def share(
    call: Call,
    chosen: Annotated[
        str, typer.Option("--with", help="What else to hand on: delivery, sound, name, review (with commas).")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for call.json and report.html.")] = None,
    trainee: Trainee = None,
) -> None:
    """Write a call.json and a report.html to hand on, without delivery, sound and your name unless you choose them."""
    from voicesim.coach.review import trainers
    from voicesim.files import encode_flac
    from voicesim.store import sharing
    from voicesim.store.closing import read_record
    from voicesim.store.recovery import state_of
    from voicesim.store.reviews import review_of
    from voicesim.store.sharing_attempts import share_attempts

    parts = _parts(chosen)
    folder = call_of(trainee_named(trainee), call)
    if state_of(folder) != "finished":
        raise UsageError("this call is not finished", where=str(folder), mend=f"Run: voicesim report {call}")
    record = read_record(folder)
    target = out or Path(f"shared-{folder.name}")
    sharing.share(
        record,
        folder,
        target,
        parts,
        now=datetime.now(UTC),
        briefing=briefing_in(folder),
        sounds=_sounds(folder) if sharing.Part.SOUND in parts else None,
        encode=encode_flac,
    )
    share_attempts(record, folder, target, parts)
    review = review_of(folder)
    note(f"{target} holds call.json and report.html to hand on. {_left_out(parts, reviewed=trainers(review.entries))}")
    if review.told is not None:
        note(review.told)
    if sharing.Part.DELIVERY not in parts and sharing.delivery_moved(record):
        note("How you sounded moved the caller in this call: the curve of anger still shows it, without saying why.")
    if sharing.Part.NAME not in parts:
        note("Read the page before you hand it on: names said in the call are only known if they are your profile's.")


@app.command(epilog=examples("voicesim export --all --out my-calls.zip", "voicesim export last --out last.zip"))
def export(
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to be made.")],
    calls: Annotated[list[str] | None, typer.Argument(help="Ids of calls, their beginnings, or folders.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All calls, and your baselines.")] = False,
    trainee: Trainee = None,
) -> None:
    """Put calls with all their files into one ZIP file, with a list of them and their SHA-256."""
    from voicesim.store.exporting import export as write
    from voicesim.store.places import call_folders
    from voicesim.store.recovery import state_of

    if bool(calls) == everything:
        raise UsageError("name the calls, or all of them", mend="Write: voicesim export --all --out FILE.zip")
    name = trainee_named(trainee)
    folders = call_folders(name) if everything else calls_of(name, calls or [])
    running = [folder for folder in folders if state_of(folder) == "running"]
    for folder in running:
        note(f"{folder.name} is just running and is left out.")
    number = write(name, [f for f in folders if f not in running], out, now=datetime.now(UTC), everything=everything)
    note(f"{out} holds {number} files and a list of them. It is yours alone: your voice and your words are in it.")


@app.command(epilog=examples("voicesim forget Ann", "voicesim forget Ann --yes"))
def forget(
    trainee: Annotated[str, typer.Argument(help="Name of the trainee, as with --trainee.")], yes: Yes = False
) -> None:
    """Delete everything of a trainee: calls, baselines, index; says first what that is, and asks."""
    from voicesim.store import removal

    held = removal.holdings(trainee)
    calls, baselines = len(held.calls), held.baselines
    typer.echo(f"Everything of {trainee}, in {held.folder}:")
    typer.echo(f"  {calls} {'call' if calls == 1 else 'calls'} with sound, words, scores and reports")
    typer.echo(f"  {baselines} {'file' if baselines == 1 else 'files'} of baselines, the index, the profile")
    typer.echo("Not deleted, since only you know where they are: folders named with --out, exported ZIP files, copies.")
    for folder in held.shared:
        typer.echo(f"  shared to {folder}")
    if agreed("Delete all of it?", yes):
        removal.forget(trainee)
        note(f"{trainee} is forgotten.")


def _parts(chosen: str) -> "frozenset[Part]":
    from voicesim.reading.reader import closest
    from voicesim.store.sharing import Part

    known = [part.value for part in Part]
    wanted = [name.strip() for name in chosen.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise UsageError(f"--with does not know '{name}'", mend=closest(name, known))
    return frozenset(Part(name) for name in wanted)


def _left_out(parts: "frozenset[Part]", *, reviewed: "Sequence[str]") -> str:
    from voicesim.store.sharing import Part

    words = {
        Part.DELIVERY: "how you sounded",
        Part.SOUND: "the sound",
        Part.NAME: "your name",
        **({Part.REVIEW: f"what {' and '.join(reviewed)} said about it"} if reviewed else {}),
    }
    left = [word for part, word in words.items() if part not in parts]
    return f"Left out: {', '.join(left)}." if left else "Nothing is left out."


def _sounds(folder: Path) -> "dict[str, Samples]":
    """Both channels of a call; UsageError if its sound is not there or cannot be read."""
    try:
        return sound_of(folder)
    except SoundFileError as error:
        mend = "Share it without sound."
        raise UsageError(f"there is no sound to share: {error.what}", where=error.where, mend=mend) from error
