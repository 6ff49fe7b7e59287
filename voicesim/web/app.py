"""The page as one application: its routes, its files, and what an error becomes."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from voicesim import __version__
from voicesim.errors import InputError, MissingPart, ScriptError, UsageError, VoicesimError
from voicesim.web import (
    booth,
    calibrate,
    call,
    courses,
    drills,
    editor,
    feedback,
    form,
    gym,
    handing_on,
    headset,
    packs,
    play,
    predict,
    progress,
    rehearsals,
    review,
    review_call,
    scripts,
    settings_page,
    sound_socket,
    start,
    stored,
    studio,
    takes,
    team,
)
from voicesim.web.desk import Desk
from voicesim.web.guard import Guard
from voicesim.web.pages import FOLDER, page
from voicesim.web.script_desk import line_of
from voicesim.web.sessions import NotThere, TooMany

ROUTERS = (
    # Before the feedback: `export.zip` and `forget` are no ids of calls.
    handing_on.router,
    stored.router,
    feedback.router,
    gym.router,
    progress.router,
    # Before the drills: `predict` is none that is judged by its words.
    predict.router,
    drills.router,
    courses.router,
    calibrate.router,
    call.router,
    headset.router,
    booth.router,
    packs.router,
    review.router,
    review_call.router,
    team.router,
    settings_page.router,
    sound_socket.router,
    start.router,
    studio.router,
    takes.router,
    scripts.router,
    editor.router,
    form.router,
    rehearsals.router,
    play.router,
)


def make_app(desk: Desk) -> ASGIApp:
    """The application for a desk, behind its guard."""
    app = FastAPI(title="voicesim", version=__version__, docs_url=None, redoc_url=None)
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    app.add_exception_handler(VoicesimError, _mended)
    app.add_exception_handler(HTTPException, _not_found)
    app.add_exception_handler(RequestValidationError, _misread)
    return Guard(app, desk.keys)


def _status(error: VoicesimError) -> int:
    kinds = ((TooMany, 429), (NotThere, 404), (MissingPart, 503), (UsageError, 400), (InputError, 400))
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


def _mended(request: Request, error: Exception) -> Response:
    """What a person is told of an error: what happened, in which line of a file of theirs, and how to mend it."""
    assert isinstance(error, VoicesimError)
    line = line_of(error) if isinstance(error, ScriptError) else None
    return told(request, error.what if line is None else f"line {line}: {error.what}", error.mend or "", _status(error))


def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what = "there is no such page" if error.status_code == 404 else str(error.detail)
    return told(request, what, "Go back to the start.", error.status_code)


def _misread(request: Request, error: Exception) -> Response:
    return told(request, "this request cannot be understood", "Load the page again.", 422)


def told(request: Request, what: str, mend: str, status: int) -> Response:
    """An error as a page where a page is wanted, else as JSON."""
    if "text/html" in request.headers.get("accept", ""):
        return page(request, "told.html.j2", status=status, what=what, mend=mend)
    return JSONResponse({"error": {"what": what, "mend": mend}}, status)
