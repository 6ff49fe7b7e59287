"""Long recordings that are uploaded to be split into takes, in the background, with how far that is."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.errors import UsageError
from voicesim.model import RATE_HZ
from voicesim.studio.session import prompts
from voicesim.studio.shelf import Shelf
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.kept import Kept
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.web.splitting import LONGEST_S, Splitting
from voicesim.web.studio_scripts import HEIGHT, WIDTH, script_of, shown
from voicesim.web.uploads import uploads_of
from voicesim.wiring.booth import known_speaker
from voicesim.wiring.listening import Listener
from voicesim.wiring.takes import Keeping

router = APIRouter(responses=ERRORS)
#: What recordings came to, after they were split as well.
_SPLIT: Kept[Splitting] = Kept("this recording", most=20)


class SplittingTold(BaseModel):
    """How far a recording is: ``done`` of ``of`` (0: not known), and whether it is ``over``."""

    stage: str
    done: int
    of: int
    over: bool


@router.get("/studio/{script_id}/upload", response_class=HTMLResponse)
def upload(request: Request, script_id: str) -> HTMLResponse:
    """Where a recording is chosen, and what it should be like."""
    script = script_of(script_id)
    speakers = tuple(Shelf.own(script.id).speakers())
    return page(
        request,
        "studio_upload.html.j2",
        script=script,
        speakers=speakers,
        minutes=LONGEST_S // 60,
        prompts=prompts(script),
    )


@router.post("/studio/{script_id}/recordings", response_class=RedirectResponse, status_code=SEE_OTHER)
def recordings(
    request: Request,
    desk: OurDesk,
    script_id: str,
    recording: UploadFile,
    speaker: Annotated[str, Form(max_length=200)],
    everything: Annotated[str, Form(max_length=10)] = "",
) -> RedirectResponse:
    """Begin to split an uploaded recording; its file is deleted when that is over."""
    script = script_of(script_id)
    shelf = Shelf.own(script.id)
    who = known_speaker(shelf, speaker)
    if not recording.size:
        raise UsageError("no recording was chosen, or it is empty", mend="Go back, and choose a sound file.")
    chosen = shelf.chosen()
    lines = [p.line for p in prompts(script) if everything == "yes" or p.line.id not in chosen]
    if not lines:
        raise UsageError("every line has a take", mend="Go back, and tick that lines with a take are wanted as well.")

    def keeping() -> Keeping:
        return Keeping(shelf=shelf, speaker=who, heard=Listener(recognizer=desk.recognizer(script.language)))

    splitting = Splitting(script.id, uploads_of(request).take_in(recording), lines, keeping, name=_told_name(recording))
    try:
        desk.sessions.add(splitting)
    except BaseException:
        splitting.forget()
        raise
    splitting.begin()
    return RedirectResponse(f"/studio/{script.id}/recordings/{_SPLIT.add(splitting)}", SEE_OTHER)


@router.get("/studio/{script_id}/recordings/{key}", response_class=HTMLResponse)
def recording_page(request: Request, script_id: str, key: str) -> HTMLResponse:
    """How far a recording is, and in the end what was found in it and what was not."""
    script = script_of(script_id)
    splitting = _find(script.id, key)
    return page(
        request,
        "studio_recording.html.j2",
        script=script,
        key=key,
        splitting=splitting,
        state=splitting.state,
        takes=[(one, shown(one.take)) for one in splitting.takes],
        placed=splitting.placed,
        box=(WIDTH, HEIGHT),
        clock=clock,
    )


@router.get("/studio/{script_id}/recordings/{key}/state")
def recording_state(script_id: str, key: str) -> SplittingTold:
    """How far a recording is."""
    splitting = _find(script_id, key)
    state = splitting.state
    return SplittingTold(stage=state.stage, done=state.done, of=state.of, over=state.over)


@router.post("/studio/{script_id}/recordings/{key}/end", response_class=RedirectResponse, status_code=SEE_OTHER)
def end_recording(script_id: str, key: str) -> RedirectResponse:
    """Stop splitting a recording; what was kept by then stays."""
    splitting = _find(script_id, key)
    splitting.end()
    splitting.join(5.0)
    return RedirectResponse(f"/studio/{splitting.script_id}/recordings/{key}", SEE_OTHER)


def clock(samples: int) -> str:
    """A time in a recording as minutes and seconds.

    >>> clock(16_000 * 75)
    '1:15.0'
    """
    minutes, seconds = divmod(samples / RATE_HZ, 60)
    return f"{int(minutes)}:{seconds:04.1f}"


def _told_name(recording: UploadFile) -> str:
    """What the file was called where it came from, to be shown and nothing else."""
    return "".join(sign for sign in (recording.filename or "")[-80:] if sign.isprintable()) or "a recording"


def _find(script_id: str, key: str) -> Splitting:
    found = _SPLIT.find(key)
    if found.script_id != script_id:
        raise NotThere("there is no such recording", mend="Upload it again; takes that were kept are still there.")
    return found
