"""The start: the callers one can meet, each on a card."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from voicesim.web.desk import OurDesk
from voicesim.web.pages import page

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def start(request: Request, desk: OurDesk) -> HTMLResponse:
    """Every caller on a card."""
    return page(request, "start.html.j2", trainee=desk.trainee)
