"""What the calls come to that trainees shared: figures of groups of five trainees or more, nobody's name."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from voicesim.coach.team import FEWEST, Run, team, team_call
from voicesim.report.wording import name_of
from voicesim.store.incoming import incoming
from voicesim.web.answers import ERRORS
from voicesim.web.pages import page
from voicesim.web.stored import colour_of

router = APIRouter(responses=ERRORS)


@router.get("/team", response_class=HTMLResponse)
def show_team(
    request: Request,
    caller: Annotated[str, Query(max_length=200)] = "",
    run: Annotated[Literal["", "official", "practice"], Query()] = "",
) -> HTMLResponse:
    """Means, spread, endings and what is missed most, of all callers or one; nothing of fewer than five trainees."""
    titles: dict[str, str] = {}
    calls = []
    for one in incoming():
        held = team_call(one.record, one.who)
        if held is not None:
            calls.append(held)
            titles.setdefault(held.caller, one.record.script.title or held.caller)
    found = team(calls)
    return page(
        request,
        "team.html.j2",
        team=found,
        figures=found.group(caller or None, Run(run) if run else None),
        caller=caller if caller in found.callers else "",
        run=run,
        titles=titles,
        fewest=FEWEST,
        colour=colour_of,
        name_of=name_of,
    )
