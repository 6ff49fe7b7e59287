"""How the trainee's calls change: figures drawn, what to practise next, and the data to take along."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from voicesim.coach.drills import DRILLS
from voicesim.coach.progress import Progress, weak_spots
from voicesim.report.figures import due_drills, progress_csv, progress_json, run_name
from voicesim.report.progress_page import drawn
from voicesim.store.practice_log import practised
from voicesim.web.answers import ERRORS
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.wiring.standing import dues, records_of, runs_of

router = APIRouter(responses=ERRORS)

Script = Annotated[str, Query(max_length=100)]


@router.get("/progress", response_class=HTMLResponse)
def progress(request: Request, desk: OurDesk, script: Script = "") -> HTMLResponse:
    """Every figure over the calls, with all callers or one; what cost most, and which drills are due."""
    trainee, now = desk.trainee, datetime.now(UTC)
    unread: list[str] = []
    records = records_of(trainee, tell=unread.append)
    # A script that nobody held a call with filters nothing.
    titles = {record.script.id: record.script.title or record.script.id for record in records}
    chosen = script if script in titles else ""
    some = [record for record in records if chosen in ("", record.script.id)]
    runs: list[Progress] = [one for one in runs_of(some) if one.calls or one.left_out]
    return page(
        request,
        "progress.html.j2",
        trainee=trainee,
        # The terminal looks at one script with an option, the page with the choice above.
        runs=[(run_name(one), replace(one, notes=_notes(one)), drawn(one)) for one in runs],
        unread=len(unread),
        weak=weak_spots(some),
        drills=DRILLS,
        due=due_drills(dues(practised(trainee)), now),
        titles=dict(sorted(titles.items(), key=lambda item: item[1])),
        chosen=chosen,
    )


def _notes(run: Progress) -> tuple[str, ...]:
    return tuple(note.replace(": --script.", " of them above.") for note in run.notes)


@router.get("/progress/figures.csv", response_class=Response)
def figures_csv(desk: OurDesk) -> Response:
    """All figures as CSV, one a row."""
    return _download(progress_csv(runs_of(records_of(desk.trainee))), "text/csv; charset=utf-8", "progress.csv")


@router.get("/progress/figures.json", response_class=JSONResponse)
def figures_json(desk: OurDesk) -> JSONResponse:
    """Everything as one JSON object (schema 1)."""
    records = records_of(desk.trainee)
    told = progress_json(desk.trainee, runs_of(records), weak_spots(records), dues(practised(desk.trainee)))
    return JSONResponse(told, headers={"content-disposition": 'attachment; filename="progress.json"'})


def _download(text: str, kind: str, name: str) -> Response:
    return Response(text, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
