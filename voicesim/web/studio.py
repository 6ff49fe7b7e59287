"""The studio: which scripts are recorded how far, the takes of one, who agreed; choosing, taking back, withdrawing."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse

from voicesim.errors import UsageError
from voicesim.studio.consent import speaker_name, terms_for
from voicesim.studio.shelf import Shelf
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.studio_scripts import (
    HEIGHT,
    WIDTH,
    all_progress,
    progress_of,
    script_of,
    shown,
    shown_steps,
    take_of,
)
from voicesim.wiring.booth import agree, to_record
from voicesim.wiring.takes import withdraw

router = APIRouter(responses=ERRORS)
Text = Annotated[str, Form(max_length=200)]


@router.get("/studio", response_class=HTMLResponse)
def studio(request: Request) -> HTMLResponse:
    """Every script with how many of its lines have a take, and who spoke."""
    return page(request, "studio.html.j2", scripts=all_progress())


@router.get("/studio/{script_id}", response_class=HTMLResponse)
def takes(request: Request, script_id: str) -> HTMLResponse:
    """All lines of a script by step, each with its takes; the most needed first."""
    script = script_of(script_id)
    shelf = Shelf.own(script.id)
    every = shelf.every()
    known = {line.id for line in script.lines()}
    return page(
        request,
        "studio_takes.html.j2",
        script=script,
        progress=progress_of(script, shelf),
        steps=shown_steps(script, every),
        orphans=[shown(take) for take in every if take.line_id not in known],
        notes=shelf.notes,
        box=(WIDTH, HEIGHT),
    )


@router.get("/studio/{script_id}/takes/{line_id}/{n}", response_class=FileResponse)
def take_sound(script_id: str, line_id: str, n: int) -> FileResponse:
    """One take as sound."""
    take = take_of(Shelf.own(_known(script_id)), line_id, n)
    return FileResponse(take.path, media_type="audio/flac", content_disposition_type="inline")


@router.post("/studio/{script_id}/choose", response_class=RedirectResponse, status_code=SEE_OTHER)
def choose(script_id: str, line: Text, take: Text) -> RedirectResponse:
    """Choose a take of a line by its number, or ``none``: the line is rendered then."""
    if take != "none" and not (take.isascii() and take.isdigit()):
        raise UsageError("this is no number of a take", mend="Load the page again.")
    shelf = Shelf.own(_known(script_id))
    shelf.choose(line, None if take == "none" else int(take))
    return RedirectResponse(f"/studio/{script_id}#{line}", SEE_OTHER)


@router.post("/studio/{script_id}/undo", response_class=RedirectResponse, status_code=SEE_OTHER)
def undo(script_id: str) -> RedirectResponse:
    """Take the last take or choice back; no take is deleted."""
    back = Shelf.own(_known(script_id)).undo()
    place = f"#{back.line_id}" if back else ""
    return RedirectResponse(f"/studio/{script_id}{place}", SEE_OTHER)


# -- who speaks -------------------------------------------------------------------------------------------------------


@router.get("/studio/{script_id}/record", response_class=HTMLResponse)
def record(request: Request, desk: OurDesk, script_id: str, speaker: str = "", line: str = "") -> HTMLResponse:
    """The consent of who speaks; once it is given, the booth."""
    script = script_of(script_id)
    shelf = Shelf.own(script.id)
    speakers = shelf.speakers()
    if speaker not in speakers:
        terms = terms_for(script.title)
        return page(
            request,
            "studio_consent.html.j2",
            script=script,
            speakers=tuple(speakers.values()),
            terms=terms,
            name=desk.trainee,
            line=line,
        )
    todo = to_record(script, shelf, moods=frozenset(script.anger.moods), everything=False)
    wanted = next((one for one in script.lines() if one.id == line), None)
    return page(
        request,
        "studio_record.html.j2",
        script=script,
        speaker=speaker,
        progress=progress_of(script, shelf),
        todo=len(todo),
        line=wanted,
        box=(WIDTH, HEIGHT),
    )


@router.post("/studio/{script_id}/consent", response_class=RedirectResponse, status_code=SEE_OTHER)
def consent(script_id: str, speaker: Text, agreed: Text = "", line: Text = "") -> RedirectResponse:
    """Keep that a speaker was shown the terms and agreed."""
    script = script_of(script_id)
    name = speaker_name(speaker)
    if agreed != "yes":
        raise UsageError("nothing is recorded without the speaker's consent", mend="Go back, and tick that you agree.")
    shelf = Shelf.own(script.id)
    if name not in shelf.speakers():
        agree(shelf, script, name)
    asked = urlencode({"speaker": name, **({"line": line} if line else {})})
    return RedirectResponse(f"/studio/{script.id}/record?{asked}", SEE_OTHER)


@router.get("/studio/{script_id}/withdraw", response_class=HTMLResponse)
def withdrawing(request: Request, script_id: str, speaker: str) -> HTMLResponse:
    """What taking consent back means, before it is done."""
    script = script_of(script_id)
    shelf = Shelf.own(script.id)
    count = sum(take.speaker == speaker for take in shelf.every())
    if not count and speaker not in shelf.speakers():
        raise UsageError("nobody of that name has spoken here", mend="Go back to the takes.")
    return page(request, "studio_withdraw.html.j2", script=script, speaker=speaker, count=count)


@router.post("/studio/{script_id}/withdraw", response_class=RedirectResponse, status_code=SEE_OTHER)
def withdrawn(script_id: str, speaker: Text, sure: Text = "") -> RedirectResponse:
    """Delete all takes of a speaker, and what they agreed to, for good."""
    script = script_of(script_id)
    if sure != "yes":
        raise UsageError("nothing was deleted", mend="Go back, and tick that you are sure.")
    withdraw(Shelf.own(script.id), speaker)
    return RedirectResponse(f"/studio/{script.id}", SEE_OTHER)


def _known(script_id: str) -> str:
    """The id, if it is that of a script: nothing else names a folder."""
    return script_of(script_id).id
