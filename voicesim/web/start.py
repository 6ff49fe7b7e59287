"""The start: the callers one can meet, each on a card, and the briefing before a call."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from voicesim.report.wording import name_of
from voicesim.store.browser_headsets import checked_headsets
from voicesim.web.answers import ERRORS
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.wiring.briefing import briefing_of
from voicesim.wiring.callers import LEVELS, CallerCard, callers, kinds, next_seed, prepared
from voicesim.wiring.engines import with_takes
from voicesim.wiring.library import script_of_id

router = APIRouter(responses=ERRORS)


@router.get("/", response_class=HTMLResponse)
def start(request: Request, desk: OurDesk) -> HTMLResponse:
    """Every caller on a card, and the first step of who is new here."""
    trainee = desk.trainee
    cards, unusable = callers(trainee)
    ready = prepared(trainee)
    newcomer = not any(card.calls for card in cards)
    values: dict[str, Any] = {
        "cards": cards,
        "unusable": unusable,
        "levels": LEVELS,
        "kinds": kinds(cards),
        "ready": ready,
        "newcomer": newcomer,
        "first": _first(cards) if newcomer else None,
    }
    return page(request, "start.html.j2", **values)


def _first(cards: tuple[CallerCard, ...]) -> CallerCard | None:
    """The caller to begin with: the easiest one who needs no warning of abuse."""
    shipped = [card for card in cards if not card.own]
    return min(shipped, key=lambda card: card.script.difficulty, default=None)


@router.get("/callers/{script_id}", response_class=HTMLResponse)
def caller(
    request: Request,
    script_id: str,
    desk: OurDesk,
    difficulty: Annotated[int | None, Query(ge=0, le=4)] = None,
    official: bool = False,
) -> HTMLResponse:
    """What the trainee reads before a call with this caller, and how it shall be held; a course chooses for them."""
    cards, _ = callers(desk.trainee)
    card = next((card for card in cards if card.script.id == script_id), None)
    if card is None:
        raise NotThere("there is no such caller", mend="Choose one from the start.")
    values: dict[str, Any] = {
        "script": card.script,
        "briefing": briefing_of(card.script),
        "goals": [(name_of(goal), why) for goal, why in card.script.goals.items()],
        "levels": LEVELS,
        "settings": desk.settings,
        "difficulty": difficulty,
        "official": official,
        "next_seed": next_seed(desk.trainee, script_id),
        "headset_checked": bool(checked_headsets()),
    }
    return page(request, "caller.html.j2", **values)


@router.post("/callers/{script_id}/voice", status_code=204, response_class=Response)
def voice(script_id: str, desk: OurDesk) -> None:
    """Make this caller's voice ready in the background, unless a call goes on that needs the machine."""
    script = script_of_id(script_id)
    if script is None:
        raise NotThere("there is no such caller", mend="Choose one from the start.")
    if not desk.sessions.under_way():
        desk.voices.begin(with_takes(script), lambda: desk.recognizer(script.language))
