"""The editor of a script: its text with live remarks beside it, saved only over what was read."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from voicesim.errors import UsageError
from voicesim.script.model import Script
from voicesim.web.answers import CHANGED, LEADS_ON, SEE_OTHER
from voicesim.web.graph import drawing
from voicesim.web.pages import page
from voicesim.web.script_desk import Checked, Remark, checked, wanted
from voicesim.wiring.own_scripts import Changed, ScriptFile, save

router = APIRouter()
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What was given does not fit"},
    404: {"description": "No such script"},
    413: {"description": "Too large"},
}
#: No script is longer; the guard of the page holds whole requests to the same.
_LONGEST = 1_000_000


class Text(BaseModel):
    """The text of a script as it stands in the editor, saved or not; ``id`` is the script that it will be saved as."""

    text: str = Field(max_length=_LONGEST)
    id: str | None = Field(default=None, max_length=200)


class RemarkOut(BaseModel):
    """One remark: where, what, how to mend it, and the address of its explanation."""

    code: str
    line: int
    what: str
    mend: str
    about: str


class StepOut(BaseModel):
    """A step and the line on which it stands."""

    name: str
    line: int
    ends: str | None


class Told(BaseModel):
    """What the checker says: ``errors`` keep the text from being loaded, ``remarks`` are about one that loads."""

    loads: bool
    errors: list[RemarkOut]
    remarks: list[RemarkOut]
    steps: list[StepOut]
    moods: dict[str, tuple[int, int]]


class Drawn(BaseModel):
    """The drawing as SVG, None where the text cannot be loaded or nothing here can draw."""

    svg: str | None


class SaveText(BaseModel):
    """A text to be saved over the file whose digest was ``sha256`` when it was read."""

    text: str = Field(max_length=_LONGEST)
    sha256: str = Field(max_length=64)


class Saved(BaseModel):
    """The digest of the file as it is now."""

    sha256: str


@router.post("/api/scripts/check", responses=_ERRORS)
def check(given: Text) -> Told:
    """What the checker says of a text: why it cannot be loaded, or what is unwise in it, each with line and mend."""
    found = _checked(given.text)
    out = [
        RemarkOut(code=r.code, line=r.line, what=r.what, mend=r.mend, about=f"/scripts/new/codes/{r.code}")
        for r in (*found.remarks, *_other_id(found.script, given.id))
    ]
    script = found.script
    steps = script.steps.values() if script else ()
    return Told(
        loads=script is not None,
        errors=[] if script else out,
        remarks=out if script else [],
        steps=[StepOut(name=s.name, line=s.line_number, ends=s.end and s.end.value) for s in steps],
        moods=dict(script.anger.moods) if script else {},
    )


def _checked(text: str) -> Checked:
    return checked(text.replace("\r\n", "\n").encode(errors="replace"))


def _other_id(script: Script | None, script_id: str | None) -> tuple[Remark, ...]:
    if script is None or script_id is None or script.id == script_id:
        return ()
    what = f"the id is '{script.id}', but this file is called {script_id}"
    return (Remark(code="VS036", line=1, what=what, mend=f"Write `id: {script_id}`; for another id make a copy."),)


@router.post("/api/scripts/graph", responses=_ERRORS)
def graph(given: Text) -> Drawn:
    """The drawing of a text: each step a link, endings coloured."""
    script = _checked(given.text).script
    return Drawn(svg=None if script is None else drawing(script, given.id or script.id))


@router.put("/api/scripts/{script_id}", responses=_ERRORS | {409: {"description": "Changed meanwhile"}})
def put(script_id: str, given: SaveText) -> Saved:
    """Save a text; refused where the file was changed since it was read (409, with its text), or cannot be loaded."""
    one = wanted(script_id)
    try:
        return Saved(sha256=keep(one, given.text, given.sha256))
    except Changed as error:
        told = {"what": error.what, "mend": error.mend, "theirs": error.now, "sha256": wanted(script_id).sha256}
        return JSONResponse({"error": told}, 409)  # type: ignore[return-value]


def keep(one: ScriptFile, text: str, sha256: str) -> str:
    """The digest of the file as it is now. Raises UsageError for a text that trainees could not call."""
    if not one.own:
        raise UsageError(f"the script '{one.id}' comes with voicesim and stays as it is", mend="Copy it to edit it.")
    found = _checked(text)
    wrong = [*(r for r in found.remarks if r.fault), *_other_id(found.script, one.id)]
    if wrong:
        what = f"not saved, since nobody could be called with this: line {wrong[0].line}: {wrong[0].what}"
        raise UsageError(what, mend=wrong[0].mend)
    return save(one.path, text, sha256)


@router.get("/scripts/{script_id}", response_class=HTMLResponse, responses=_ERRORS)
def editor(request: Request, script_id: str, saved: bool = False) -> HTMLResponse:
    """The text of a script, its remarks, its drawing, and a place to play it."""
    one = wanted(script_id)
    return _page(request, one, one.data.decode("utf-8-sig", errors="replace"), one.sha256, saved=saved)


def _page(request: Request, one: ScriptFile, text: str, sha256: str, **more: Any) -> HTMLResponse:
    found = _checked(text)
    svg = None if found.script is None else drawing(found.script, one.id)
    remarks = (*found.remarks, *_other_id(found.script, one.id))
    values: dict[str, Any] = {
        **{"file": one, "text": text, "sha256": sha256, "script": found.script, "remarks": remarks, "status": 200},
        # Every letter of it was written by Graphviz from names of steps, which are letters, digits and _.
        **{"svg": None if svg is None else Markup(svg), "theirs": None, "told": None, "saved": False},
    }
    return page(request, "script_editor.html.j2", **(values | more))


@router.post("/scripts/{script_id}", response_class=HTMLResponse, responses=_ERRORS | LEADS_ON | CHANGED)
def send(
    request: Request,
    script_id: str,
    text: Annotated[str, Form()] = "",
    sha256: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "check",
) -> Response:
    """Check a text, or with ``do`` = ``save`` save it: the editor for browsers without scripts."""
    one, text = wanted(script_id), text.replace("\r\n", "\n")
    if do != "save":
        return _page(request, one, text, sha256)
    try:
        keep(one, text, sha256)
    except Changed as error:
        return conflict(request, one, text, error)
    except UsageError as error:
        return _page(request, one, text, sha256, told=f"{error.what}. {error.mend or ''}", status=400)
    return RedirectResponse(f"/scripts/{quote(one.id, safe='')}?saved=1", SEE_OTHER)


def conflict(request: Request, one: ScriptFile, text: str, error: Changed) -> HTMLResponse:
    """The editor with both versions: what was to be saved, which now goes on from the file of this moment, and that."""
    told = f"{error.what}. {error.mend}"
    return _page(request, one, text, wanted(one.id).sha256, theirs=error.now, told=told, status=409)
