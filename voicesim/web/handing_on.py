"""What the trainee hands on, takes along or wants gone: share and export as ZIP files, forget everything."""

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from voicesim.errors import UsageError
from voicesim.store import removal
from voicesim.store.places import call_folders
from voicesim.store.sharing import Part
from voicesim.store.stored import own_shares
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.web.stored import card_of, finished, folder_of
from voicesim.web.uploads import uploads_of
from voicesim.wiring.handing_on import export_calls, new_share, share_call

router = APIRouter(responses=ERRORS)

#: What can be chosen beside the words and the score, and what that means.
PARTS = {
    Part.DELIVERY: ("How you sounded", "Pace, loudness, pitch and pauses, against your own neutral voice."),
    Part.SOUND: ("The sound", "Your voice and the caller's, and the replies that you said again."),
    Part.NAME: ("Your name", "Otherwise the copy says “a trainee”."),
    Part.REVIEW: ("What trainers said about it", "Their comments, decisions and points."),
}
_TOGETHER = "Go to your calls and put it together."


# -- share ------------------------------------------------------------------------------------------------------------


@router.get("/calls/{call}/share", response_class=HTMLResponse)
def ask_what_to_share(request: Request, desk: OurDesk, call: str) -> HTMLResponse:
    """Choose what is in a copy of a call that is handed on; the copies that there are."""
    return _share_page(request, desk, finished(desk, call), ())


@router.post("/calls/{call}/share", response_class=HTMLResponse)
def share(
    request: Request, desk: OurDesk, call: str, parts: Annotated[list[Part] | None, Form()] = None
) -> HTMLResponse:
    """Write a copy of a call with the chosen parts, and offer it as a download."""
    folder = finished(desk, call)
    told = share_call(folder, new_share(desk.trainee, folder), frozenset(parts or ()), mend=_TOGETHER)
    return _share_page(request, desk, folder, told)


def _share_page(request: Request, desk: OurDesk, folder: Path, told: tuple[str, ...]) -> HTMLResponse:
    shares = [
        (number, f"{datetime.fromisoformat(str(share['at_utc'])).astimezone():%d %B %Y, %H:%M}", _named(share))
        for number, (share, _) in enumerate(own_shares(desk.trainee, folder), 1)
    ]
    return page(request, "call_share.html.j2", card=card_of(folder), choices=PARTS, shares=shares[::-1], told=told)


def _named(share: object) -> list[str]:
    chosen = share.get("with", ()) if isinstance(share, dict) else ()
    return [name for part, (name, _) in PARTS.items() if part.value in chosen]


@router.get("/calls/{call}/shares/{number}.zip", response_class=FileResponse)
def download_share(request: Request, desk: OurDesk, call: str, number: int) -> FileResponse:
    """The ``number``-th shared copy of a call (from 1), as one ZIP file."""
    folder = folder_of(desk, call)
    copies = own_shares(desk.trainee, folder)
    if not 1 <= number <= len(copies):
        raise NotThere("there is no such copy", mend="Share the call again.")
    copy = copies[number - 1][1]

    def write(out: Path) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(copy.rglob("*")):
                if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                    archive.write(path, f"{copy.name}/{path.relative_to(copy).as_posix()}")

    return _made(request, f"shared-{copy.name}.zip", write)


# -- export -----------------------------------------------------------------------------------------------------------


@router.get("/calls/export.zip", response_class=FileResponse)
def export_all(request: Request, desk: OurDesk) -> FileResponse:
    """All calls of the trainee with all their files, and the baselines, as one ZIP file."""
    return _export(request, desk, call_folders(desk.trainee), "my-calls.zip", everything=True)


@router.get("/calls/{call}/export.zip", response_class=FileResponse)
def export_one(request: Request, desk: OurDesk, call: str) -> FileResponse:
    """One call with all its files as a ZIP file."""
    folder = folder_of(desk, call)
    return _export(request, desk, [folder], f"{folder.name}.zip", everything=False)


def _export(request: Request, desk: OurDesk, folders: Iterable[Path], name: str, *, everything: bool) -> FileResponse:
    wanted, trainee = list(folders), desk.trainee
    if not wanted:
        raise UsageError("there is no call yet", mend="Hold one first.")
    return _made(request, name, lambda out: export_calls(trainee, wanted, out, everything=everything))


class _Once(FileResponse):
    """A file that is gone with its folder once it was sent, or once whoever asked for it went away."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


def _made(request: Request, name: str, write: Callable[[Path], object]) -> FileResponse:
    """A file that is written now, sent, and gone after that; what a killed page leaves is swept up with the uploads."""
    place = Path(tempfile.mkdtemp(dir=uploads_of(request).folder))
    try:
        write(place / name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return _Once(place / name, filename=name, media_type="application/zip")


# -- forget -----------------------------------------------------------------------------------------------------------


@router.get("/calls/forget", response_class=HTMLResponse)
def ask_to_forget(request: Request, desk: OurDesk) -> HTMLResponse:
    """Say what there is of the trainee, and ask for the name as a confirmation."""
    held = None
    with contextlib.suppress(UsageError):
        held = removal.holdings(desk.trainee)
    return page(request, "forget.html.j2", held=held, trainee=desk.trainee, wrong=False)


@router.post("/calls/forget", response_class=RedirectResponse, status_code=SEE_OTHER, response_model=None)
def forget(
    request: Request, desk: OurDesk, name: Annotated[str, Form(max_length=200)] = ""
) -> HTMLResponse | RedirectResponse:
    """Delete everything of the trainee whose name was typed as a confirmation."""
    if name.strip() != desk.trainee:
        held = removal.holdings(desk.trainee)
        return page(request, "forget.html.j2", status=400, held=held, trainee=desk.trainee, wrong=True)
    copies = removal.forget(desk.trainee)
    return RedirectResponse(f"/calls?told=forgotten{f'&copies={copies}' if copies else ''}", SEE_OTHER)
