"""Drills on the page: which one helps most now, a run of two minutes, its result."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.coach.drills import DRILLS, PREDICT, Drill, due
from voicesim.errors import UsageError
from voicesim.store.practice_log import practised
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.dialogue import Begun
from voicesim.web.drill_runs import RUNS, DrillRun
from voicesim.web.drilling_aloud import DrillingAloud
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.wiring.standing import chosen_drill

router = APIRouter(responses=ERRORS)

_LONGEST = 2_000


def _drill(drill: str) -> Drill:
    if drill not in DRILLS:
        raise NotThere("there is no such drill", mend="Choose one from the list.")
    return DRILLS[drill]


@router.get("/drills", response_class=HTMLResponse)
def drills(request: Request, desk: OurDesk) -> HTMLResponse:
    """Every drill with its last run and when it is due, the one to do now on top."""
    log, now = practised(desk.trainee), datetime.now(UTC)
    last = {run.drill: run for run in log}
    dates = {name: date for name in (*DRILLS, PREDICT) if (date := due(log, name)) is not None}
    return page(
        request,
        "drills.html.j2",
        drills=DRILLS,
        predict=PREDICT,
        chosen=chosen_drill(desk.trainee, log, now),
        last=last,
        dates=dates,
        now=now,
    )


@router.get("/drills/{drill}", response_class=HTMLResponse)
def ready(request: Request, drill: str) -> HTMLResponse:
    """A drill before it begins: what it asks, and both ways to answer."""
    return page(request, "drill.html.j2", drill=_drill(drill))


@router.post("/drills/{drill}", response_class=RedirectResponse, status_code=SEE_OTHER)
def begin(desk: OurDesk, drill: str) -> RedirectResponse:
    """Begin a run with typed answers; pace can only be heard."""
    wanted = _drill(drill)
    if wanted.needs_sound:
        return RedirectResponse(f"/drills/{wanted.id}", SEE_OTHER)
    return RedirectResponse(f"/drills/runs/{RUNS.add(DrillRun(wanted, desk.trainee))}", SEE_OTHER)


@router.post("/drills/{drill}/say")
def begin_aloud(desk: OurDesk, drill: str) -> Begun:
    """Begin a run with spoken answers: the page opens its sound under the key."""
    return DrillingAloud(desk, _drill(drill)).begin(desk)


@router.get("/drills/runs/{key}", response_class=HTMLResponse)
def run(request: Request, key: str) -> HTMLResponse:
    """The line that waits for its answer after what came of the last one; at the end the result."""
    found = RUNS.find(key)
    return page(request, "drill_over.html.j2" if found.over else "drill_run.html.j2", run=found, key=key)


@router.post("/drills/runs/{key}", response_class=RedirectResponse, status_code=SEE_OTHER)
def answer(
    key: str,
    number: Annotated[int, Form()],
    text: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> RedirectResponse:
    """Take the answer to line ``number`` of a run."""
    found = RUNS.find(key)
    if not found.over and found.drill.needs_sound:
        raise UsageError("pace can only be heard", mend="Answer with your voice.")
    found.take_typed(number, text.strip())
    return RedirectResponse(f"/drills/runs/{key}", SEE_OTHER)


@router.post("/drills/runs/{key}/end", response_class=RedirectResponse, status_code=SEE_OTHER)
def end(key: str) -> RedirectResponse:
    """End a run before its two minutes are over; what was answered is kept."""
    RUNS.find(key).end()
    return RedirectResponse(f"/drills/runs/{key}", SEE_OTHER)
