"""The form view of a script, for people who do not want YAML: the same file, changed only where a field was changed."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.backends.personas import PERSONAS
from voicesim.catalogue import CATALOGUE
from voicesim.errors import UsageError
from voicesim.model import Kind
from voicesim.script.field_edits import with_fields
from voicesim.script.fields import form_fields
from voicesim.web.answers import SEE_OTHER
from voicesim.web.editor import conflict, keep
from voicesim.web.pages import page
from voicesim.web.script_desk import checked, wanted
from voicesim.wiring.own_scripts import Changed, ScriptFile

router = APIRouter()
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What was given does not fit"},
    404: {"description": "No such script"},
    409: {"description": "Changed meanwhile"},
    413: {"description": "Too large"},
}
_MOST_FIELDS = 20_000


async def _sent(request: Request) -> FormData:
    """What a form sent, read before the route begins on its thread."""
    return await request.form(max_fields=_MOST_FIELDS)


@router.get("/scripts/{script_id}/form", response_class=HTMLResponse, responses=_ERRORS)
def form(request: Request, script_id: str, saved: bool = False) -> HTMLResponse:
    """The fields of a script."""
    one = wanted(script_id)
    return _page(request, one, one.data.decode("utf-8-sig", errors="replace"), one.sha256, {}, saved=saved)


def _page(
    request: Request, one: ScriptFile, base: str, sha256: str, given: Mapping[str, str], **more: Any
) -> HTMLResponse:
    found = checked(base.encode(errors="replace"))
    values: dict[str, Any] = {
        **{"file": one, "base": base, "sha256": sha256, "given": given, "remarks": found.remarks, "told": None},
        **{"form": None if found.script is None else form_fields(base), "saved": False, "status": 200},
        "techniques": [entry for entry in CATALOGUE.values() if entry.kind is Kind.TECHNIQUE],
        "mistakes": [entry for entry in CATALOGUE.values() if entry.kind is Kind.MISTAKE],
        "personas": {name: persona.sentence for name, persona in PERSONAS.items()},
    }
    return page(request, "script_form.html.j2", **(values | more))


@router.post("/scripts/{script_id}/form", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def send(request: Request, script_id: str, sent: Annotated[FormData, Depends(_sent)]) -> Response:
    """Save what was changed in the form, and nothing else of the file; the form again, with what to mend, if not."""
    one = wanted(script_id)
    given = {name: value for name, value in sent.items() if isinstance(value, str)}
    base, sha256 = given.pop("base", "").replace("\r\n", "\n"), given.pop("sha256", "")
    if checked(base.encode(errors="replace")).script is None:
        raise UsageError("the text behind this form cannot be loaded", mend="Open the form again.")
    try:
        text = with_fields(base, given)
        keep(one, text, sha256)
    except Changed as error:
        return conflict(request, one, text, error)
    except UsageError as error:
        told = f"{error.what}. {error.mend or ''}"
        return _page(request, one, base, sha256, given, told=told, status=400)
    return RedirectResponse(f"/scripts/{quote(one.id, safe='')}/form?saved=1", SEE_OTHER)
