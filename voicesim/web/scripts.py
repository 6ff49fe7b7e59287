"""Scripts as a list, and what makes, copies, brings, fetches and puts away one."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.backends.personas import PERSONAS, find_persona
from voicesim.errors import ScriptError, UsageError, VoicesimError
from voicesim.script.codes import CODES
from voicesim.script.new import ANGERS, Answers, id_of, offers_of, spoken
from voicesim.web.answers import SEE_OTHER
from voicesim.web.pages import page
from voicesim.web.rehearsals import known_to_hold
from voicesim.web.script_desk import checked, explained, fault_of, wanted
from voicesim.wiring.library import script_files
from voicesim.wiring.own_scripts import (
    ScriptFile,
    add,
    bring_back,
    copied,
    every_script,
    free,
    throw_away,
    thrown_away,
    write_new,
)

router = APIRouter()
#: Bytes of a script that somebody brings; the reader takes no more either.
_LARGEST = 1_000_000
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What was given does not fit"},
    404: {"description": "No such script"},
    413: {"description": "Too large"},
}


class _Yaml(Response):
    """A script as a file."""

    media_type = "application/yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One script in the list; ``holds`` is None where its rehearsals were not held as it is now."""

    file: ScriptFile
    remarks: int
    endings: tuple[str, ...]
    holds: bool | None


@router.get("/scripts", response_class=HTMLResponse)
def scripts(request: Request) -> HTMLResponse:
    """All scripts, one's own first, with what the checker counts."""
    return _listed(request)


def _listed(request: Request, *, status: int = 200, **told: Any) -> HTMLResponse:
    rows = [_row(one) for one in every_script()]
    shown: dict[str, Any] = {"rows": rows, "trash": thrown_away(), "fault": None, "told": None}
    return page(request, "scripts.html.j2", status=status, **(shown | told))


def _row(one: ScriptFile) -> Row:
    steps = one.script.steps.values() if one.script else ()
    endings = tuple(dict.fromkeys(str(step.end) for step in steps if step.end))
    return Row(file=one, remarks=len(checked(one.data).remarks), endings=endings, holds=known_to_hold(one))


@router.get("/scripts/new/caller", response_class=HTMLResponse)
def questions(request: Request) -> HTMLResponse:
    """The questions for a new caller."""
    return _asked(request, {})


def _asked(request: Request, given: dict[str, str], told: VoicesimError | None = None) -> HTMLResponse:
    usual = {
        **{"title": "", "script_id": "", "caller": "", "happened": "", "you_are": "", "offers": ""},
        **{"persona": next(iter(PERSONAS)), "anger": "angry"},
    }
    values = usual | given
    return page(
        request,
        "script_new.html.j2",
        status=400 if told else 200,
        given=values,
        personas={name: one.sentence for name, one in PERSONAS.items()},
        angers=tuple(ANGERS),
        told=told,
    )


@router.post("/scripts/new/caller", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def make(
    request: Request,
    title: Annotated[str, Form()] = "",
    caller: Annotated[str, Form()] = "",
    happened: Annotated[str, Form()] = "",
    you_are: Annotated[str, Form()] = "",
    offers: Annotated[str, Form()] = "",
    persona: Annotated[str, Form()] = "",
    anger: Annotated[str, Form()] = "",
    script_id: Annotated[str, Form()] = "",
) -> Response:
    """A new script with its rehearsals from the answers; the questions again, with what is to be mended, if not."""
    given = {"title": title, "caller": caller, "happened": happened, "you_are": you_are, "offers": offers}
    given |= {"persona": persona, "anger": anger, "script_id": script_id}
    try:
        if not title.strip():
            raise UsageError("the title is empty", mend="Write what a trainee shall read in the list.")
        new_id = script_id.strip() or id_of(title)
        free(new_id)
        find_persona(persona)
        answers = Answers(
            id=new_id,
            title=" ".join(title.split()),
            caller=" ".join(caller.split()),
            happened=spoken(happened),
            you_are=" ".join(you_are.split()),
            offers=offers_of(offers),
            persona=persona,
            anger=anger,
        )
        write_new(answers)
    except UsageError as error:
        return _asked(request, given, error)
    return _to(new_id)


@router.post("/scripts/new/upload", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def bring(request: Request, file: UploadFile) -> Response:
    """A script file from elsewhere among one's own; the list again, with its first fault and line, if not."""
    name = (file.filename or "script.yaml").replace("\\", "/").rsplit("/", 1)[-1][:80]
    data = file.file.read(_LARGEST + 1)
    try:
        path = add(data, name)
    except ScriptError as error:
        return _listed(request, status=400, fault=fault_of(error), told=name)
    except UsageError as error:
        return _listed(request, status=400, told=f"{name}: {error.what}. {error.mend or ''}")
    return _to(path.stem)


@router.post("/scripts/new/back", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def back(name: Annotated[str, Form()]) -> RedirectResponse:
    """A script out of the trash, back among one's own."""
    return _to(bring_back(name))


@router.get("/scripts/new/codes/{code}", response_class=HTMLResponse, responses=_ERRORS)
def explanation(request: Request, code: str) -> HTMLResponse:
    """What a code of the checker means, with an example and how to mend it."""
    blocks = explained(code)
    return page(request, "script_code.html.j2", code=code, meaning=CODES[code], blocks=blocks)


@router.get("/scripts/{script_id}/file", response_class=_Yaml, responses=_ERRORS)
def fetch(script_id: str) -> Response:
    """The script file itself, to be kept elsewhere."""
    one = wanted(script_id)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(one.path.name)}"}
    return _Yaml(one.data, headers=headers)


@router.post("/scripts/{script_id}/copy", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def copy(script_id: str, new_id: Annotated[str, Form()] = "") -> RedirectResponse:
    """A copy under another id, with the rehearsals, to be edited."""
    one = wanted(script_id)
    path = copied(one, new_id.strip() or _unused_id(one.id))
    return _to(path.stem)


def _unused_id(script_id: str) -> str:
    taken = {path.stem for path in script_files()}
    names = (f"my-{script_id}{'' if number == 1 else f'-{number}'}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


@router.get("/scripts/{script_id}/delete", response_class=HTMLResponse, responses=_ERRORS)
def ask_to_delete(request: Request, script_id: str) -> HTMLResponse:
    """Whether a script of one's own shall really be put away."""
    return page(request, "script_delete.html.j2", file=wanted(script_id))


@router.post("/scripts/{script_id}/delete", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def delete(script_id: str) -> RedirectResponse:
    """The list without the script, which lies in the trash from now on."""
    throw_away(wanted(script_id))
    return RedirectResponse("/scripts#trash", SEE_OTHER)


def _to(script_id: str) -> RedirectResponse:
    return RedirectResponse(f"/scripts/{quote(script_id, safe='')}", SEE_OTHER)
