"""Calibration in the page: three sentences and a helpful voice, what is kept of them, and forgetting it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.store.baselines import forget_baselines, stored_baselines
from voicesim.store.browser_headsets import headset_name
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import Desk, OurDesk
from voicesim.web.dialogue import Begun, Dialogue, PageGuide
from voicesim.web.link import SoundLink
from voicesim.web.pages import page
from voicesim.wiring.calibration import ROWS, WHAT_FOR, calibrate_with, figures
from voicesim.wiring.taking import Microphone

router = APIRouter(responses=ERRORS)


def _calibration(desk: Desk) -> Dialogue:
    def run(guide: PageGuide, link: SoundLink) -> str:
        guide.tell("One moment, what hears you is being loaded.")
        recognizer = desk.recognizer()
        calibrate_with(Microphone(link, headset_name(link.label), guide), recognizer, guide, trainee=desk.trainee)
        return "/calibrate?done=1"

    return Dialogue(run)


@router.get("/calibrate", response_class=HTMLResponse)
def calibrate(request: Request, desk: OurDesk, done: bool = False, forgotten: bool = False) -> HTMLResponse:
    """The calibration, ready to begin, and the figures that are kept."""
    kept = [
        {
            "headset": stored.neutral.headset,
            "day": stored.neutral.made_utc[:10],
            "neutral": figures(stored.neutral),
            "helpful": figures(stored.helpful) if stored.helpful else None,
        }
        for stored in stored_baselines(desk.trainee)
    ]
    told = "done" if done and kept else "forgotten" if forgotten and not kept else ""
    values: dict[str, Any] = {"kept": kept, "rows": ROWS, "what_for": WHAT_FOR, "trainee": desk.trainee, "told": told}
    return page(request, "calibrate.html.j2", **values)


@router.post("/calibrate")
def begin(desk: OurDesk) -> Begun:
    """Begin a calibration: the page opens its sound under the key."""
    return _calibration(desk).begin(desk)


@router.post("/calibrate/forget", response_class=RedirectResponse, status_code=SEE_OTHER)
def forget(desk: OurDesk) -> RedirectResponse:
    """Delete what is kept of the trainee's voice, for all headsets."""
    forget_baselines(desk.trainee)
    return RedirectResponse("/calibrate?forgotten=1", SEE_OTHER)
