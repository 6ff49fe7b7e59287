"""Packs: a caller handed out as one file, and one that came looked at before it is installed."""

import re
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.errors import UsageError
from voicesim.files import data_folder
from voicesim.studio.install import changes, install
from voicesim.studio.opened_pack import Pack
from voicesim.studio.pack import pack_name, without_consent
from voicesim.studio.shelf import Shelf
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.web.studio_scripts import all_progress, progress_of, script_of
from voicesim.web.uploads import uploads_of
from voicesim.wiring.packs import opened_pack, packed_script
from voicesim.wiring.publishing import hindrances

router = APIRouter(responses=ERRORS)
#: So many packs wait to be looked at; the oldest gives way.
_MOST_WAITING = 3
# What a terminal is told to do, and what the page says instead.
_FOR_PAGE = (
    (re.compile(r"(Ask, then run|Run): voicesim record \S+"), r"Record it in the studio."),
    (re.compile(r"See: voicesim script rehearse \S+"), r"Rehearse it in Scripts."),
)


@dataclass(slots=True)
class Waiting:
    """Packs that were uploaded and verified, and are not installed yet: their files, by keys nobody can guess."""

    _files: dict[str, Path] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, path: Path) -> str:
        """The key of a pack from now on."""
        key = secrets.token_urlsafe(12)
        with self._lock:
            self._files[key] = path
            for old in list(self._files)[:-_MOST_WAITING]:
                self._files.pop(old).unlink(missing_ok=True)
        return key

    def find(self, key: str) -> Path:
        """The file of a pack. Raises NotThere."""
        with self._lock:
            if key not in self._files:
                raise NotThere("this pack does not wait here any more", mend="Choose its file again.")
            return self._files[key]

    def drop(self, key: str) -> None:
        """Delete a pack."""
        path = self.find(key)
        with self._lock:
            self._files.pop(key, None)
        path.unlink(missing_ok=True)


@router.get("/packs", response_class=HTMLResponse)
def packs(request: Request) -> HTMLResponse:
    """What can be handed out, and where a pack is chosen that came."""
    return page(request, "packs.html.j2", scripts=[one for one in all_progress() if not one.unreadable])


@router.post("/packs", response_class=RedirectResponse, status_code=SEE_OTHER)
def upload_pack(request: Request, pack: UploadFile) -> RedirectResponse:
    """Verify an uploaded pack; what is no whole pack is refused and deleted at once."""
    if not pack.size:
        raise UsageError(
            "no pack was chosen, or it is empty", mend="Go back, and choose a file that ends in .voicesim."
        )
    path = uploads_of(request).take_in(pack)
    try:
        opened_pack(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return RedirectResponse(f"/packs/waiting/{_waiting(request).add(path)}", SEE_OTHER)


@router.get("/packs/waiting/{key}", response_class=HTMLResponse)
def waiting(request: Request, key: str) -> HTMLResponse:
    """What a pack holds and what installing it would change."""
    pack = _opened(request, key)
    change = changes(pack, data_folder(), Shelf.own(pack.script.id))
    return page(
        request,
        "packs_waiting.html.j2",
        key=key,
        script=pack.script,
        takes=sum(map(len, pack.taken.takes.values())),
        spoken=len(pack.taken.takes),
        lines=len({line.id for line in pack.script.lines()}),
        speakers=tuple(pack.taken.speakers.values()),
        replaces=change.replaces,
        nothing_new=not change.files,
    )


@router.post("/packs/waiting/{key}/install", response_class=RedirectResponse, status_code=SEE_OTHER)
def install_pack(request: Request, key: str, replace: Annotated[str, Form(max_length=10)] = "") -> RedirectResponse:
    """Install a pack that was looked at; what it would replace must be agreed to."""
    pack = _opened(request, key)
    if replace != "yes" and changes(pack, data_folder(), Shelf.own(pack.script.id)).replaces:
        raise UsageError("nothing was installed", mend="Go back, and tick that what is there may be replaced.")
    install(pack, data_folder(), replacing=replace == "yes")
    _waiting(request).drop(key)
    return RedirectResponse(f"/studio/{pack.script.id}", SEE_OTHER)


@router.post("/packs/waiting/{key}/discard", response_class=RedirectResponse, status_code=SEE_OTHER)
def discard(request: Request, key: str) -> RedirectResponse:
    """Delete a pack that is not wanted."""
    _waiting(request).drop(key)
    return RedirectResponse("/packs", SEE_OTHER)


@router.get("/packs/{script_id}", response_class=HTMLResponse)
def pack_page(request: Request, script_id: str) -> HTMLResponse:
    """What must be mended before a script is handed out, and its pack."""
    script = script_of(script_id)
    shelf = Shelf.own(script.id)
    known = {line.id for line in script.lines()}
    packed = [take for take in shelf.every() if take.chosen and take.line_id in known]
    return page(
        request,
        "packs_script.html.j2",
        script=script,
        progress=progress_of(script, shelf),
        name=pack_name(script),
        hindrances=[_for_page(line, Path(script.file).parent) for line in hindrances(script, shelf)],
        speakers=[one for name, one in shelf.speakers().items() if name in {take.speaker for take in packed}],
        without=without_consent(packed, shelf.speakers()),
        orphans=len(shelf.orphans(script)),
    )


@router.get("/packs/{script_id}/download", response_class=Response)
def download(script_id: str, all_takes: bool = False) -> Response:
    """The pack of a script as a file."""
    script = script_of(script_id)
    packed = packed_script(script, Shelf.own(script.id), all_takes=all_takes)
    name = {"content-disposition": f'attachment; filename="{pack_name(script)}"'}
    return Response(packed.content, media_type="application/octet-stream", headers=name)


def _waiting(request: Request) -> Waiting:
    state = request.app.state
    if not hasattr(state, "waiting_packs"):
        state.waiting_packs = Waiting()
    found = state.waiting_packs
    assert isinstance(found, Waiting)
    return found


def _opened(request: Request, key: str) -> Pack:
    """The pack of that key, verified once more: nothing is taken from a file that was not looked at just now."""
    return opened_pack(_waiting(request).find(key))


def _for_page(line: str, folder: Path) -> str:
    """What hinders, without folders of this machine and with the page's own next steps."""
    shown = line.replace(f"{folder}/rehearsals/", "").replace(f"{folder}/", "")
    for pattern, words in _FOR_PAGE:
        shown = pattern.sub(words, shown)
    return shown
