"""The headset check in the page, and what it found."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.store.baselines import baseline_for
from voicesim.store.browser_headsets import checked_headsets, headset_name, remember_headset
from voicesim.store.devices import remembered_devices
from voicesim.web.answers import ERRORS, LEADS_ON, SEE_OTHER
from voicesim.web.desk import Desk, OurDesk
from voicesim.web.dialogue import Begun, Dialogue, PageGuide
from voicesim.web.link import SoundLink
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.wiring.headset_check import HeadsetCheck, check_headset

router = APIRouter(responses=ERRORS)


class Checking(Dialogue):
    """A headset check under way; ``check`` is what it found, ``headset`` what it is called."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(self._check)
        self.check: HeadsetCheck | None = None
        self.headset = ""
        self._desk = desk

    def _check(self, guide: PageGuide, link: SoundLink) -> str:
        guide.tell("One moment, what hears you is being loaded.")
        recognizer = self._desk.recognizer()
        guide.tell("It takes half a minute: soft tones, and four words from you.")
        self.headset = headset_name(link.label)
        self.check = check_headset(link, recognizer, guide)
        if self.check.usable:
            remember_headset(self.headset, datetime.now(UTC).isoformat(timespec="seconds"))
        return f"/headset/{self.key}"


@router.get("/headset", response_class=HTMLResponse)
def headset(request: Request, desk: OurDesk) -> HTMLResponse:
    """The check, ready to begin, and the headsets that passed it."""
    return page(
        request,
        "headset.html.j2",
        checked=checked_headsets(),
        machine=remembered_devices(),
    )


@router.post("/headset")
def begin(desk: OurDesk) -> Begun:
    """Begin a check: the page opens its sound under the key."""
    return Checking(desk).begin(desk)


@router.get("/headset/{key}", response_class=HTMLResponse, responses=LEADS_ON)
def found(request: Request, key: str, desk: OurDesk) -> Response:
    """What a check found."""
    try:
        session = desk.sessions.find(key)
    except NotThere:
        return RedirectResponse("/headset", SEE_OTHER)
    if not isinstance(session, Checking) or session.check is None:
        return RedirectResponse("/headset", SEE_OTHER)
    return page(
        request,
        "headset_found.html.j2",
        check=session.check,
        headset=session.headset,
        voice_known=baseline_for(desk.trainee, session.headset) is not None,
    )
