"""The stored calls of the trainee as a list; putting one together that was cut off, and deleting one."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.errors import UsageError, VoicesimError
from voicesim.model import Ending
from voicesim.store.index import CallIndex
from voicesim.store.places import SCRIPT, call_folders, calls_folder
from voicesim.store.recovery import recover
from voicesim.store.removal import delete_call
from voicesim.store.retention import apply_retention
from voicesim.store.stored import State, StoredCall, describe, own_shares
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import Desk, OurDesk
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.wiring.keeping import judged_again
from voicesim.wiring.library import loaded, read_bytes
from voicesim.wiring.reports import write_report
from voicesim.wiring.stored_calls import report_without_sound

router = APIRouter(responses=ERRORS)

#: So many calls stand on one page of the list.
ON_A_PAGE = 24
#: What the list says on top after something was done.
_TOLD = {
    "deleted": "The call is deleted.",
    "together": "The call is put together. This is its feedback.",
    "forgotten": "Everything is deleted.",
}
_COLOURS = {True: "badge-good", False: "badge-bad", None: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """One stored call as a list shows it."""

    call: StoredCall
    caller: str

    @property
    def when(self) -> str:
        """When it began, in the time of this machine."""
        return f"{self.call.began.astimezone():%d %B %Y, %H:%M}"

    @property
    def ending(self) -> str:
        """How it ended, or its state."""
        return (self.call.ending or self.call.state.value).replace("_", " ")

    @property
    def colour(self) -> str:
        """The class of the badge of the ending."""
        return colour_of(self.call.ending)

    @property
    def length(self) -> str:
        """How long it was."""
        return length_told(self.call)


def colour_of(ending: str | None) -> str:
    """The class of the badge of an ending; "" for one that is not judged, or none."""
    return _COLOURS[Ending(ending).good if ending in set(Ending) else None]


def length_told(call: StoredCall) -> str:
    """How long a call was, in minutes and seconds."""
    if call.length_s is None:
        return "typed" if call.ending and not call.sound else "-"
    minutes, seconds = divmod(round(call.length_s), 60)
    return f"{minutes}:{seconds:02d} min"


def folder_of(desk: Desk, call: str) -> Path:
    """The folder of the trainee's call of that id. Raises NotThere for anything else, a path and another's call too."""
    for folder in call_folders(desk.trainee):
        if folder.name == call:
            return folder
    raise NotThere("there is no such call", mend="Choose one from your calls.")


def finished(desk: Desk, call: str) -> Path:
    """The same of a call that is over and was put together. Raises UsageError for another one."""
    folder = folder_of(desk, call)
    state = describe(folder).state
    if state is not State.FINISHED:
        told = {State.RUNNING: "this call is still going on", State.DAMAGED: "the record of this call is damaged"}
        mend = "Go to your calls and put it together." if state is State.INTERRUPTED else "Go to your calls."
        raise UsageError(told.get(state, "this call was cut off"), mend=mend)
    return folder


def card_of(folder: Path) -> CallCard:
    """A call as a list shows it."""
    return _card(describe(folder), folder)


def _card(call: StoredCall, folder: Path) -> CallCard:
    return CallCard(call=call, caller=caller_of(folder) or call.script_title or call.script_id)


def caller_of(folder: Path) -> str:
    """The name of the caller of a stored call; "" where its script is gone or cannot be read."""
    try:
        return loaded(read_bytes(folder / SCRIPT), SCRIPT).caller.name
    except VoicesimError:
        return ""


@router.get("/calls", response_class=HTMLResponse)
def calls(request: Request, desk: OurDesk, skip: int = 0, told: str = "", copies: int = 0) -> HTMLResponse:
    """The stored calls, newest first."""
    name = desk.trainee
    gone = apply_retention(name, desk.settings, report_again=report_without_sound)
    every = CallIndex(name).find()
    begin = max(0, min(skip, len(every) - 1)) if every else 0
    done = [_TOLD[told]] if told in _TOLD else []
    if told == "forgotten" and copies > 0:
        done.append("1 shared copy went with it." if copies == 1 else f"{copies} shared copies went with it.")
    cards = [_card(call, calls_folder(name) / call.id) for call in every[begin : begin + ON_A_PAGE]]
    return page(
        request,
        "calls.html.j2",
        cards=cards,
        number=len(every),
        newer=max(0, begin - ON_A_PAGE) if begin else None,
        older=begin + ON_A_PAGE if begin + ON_A_PAGE < len(every) else None,
        told=[*done, *gone],
        trainee=name,
    )


@router.post("/calls/{call}/together", response_class=RedirectResponse, status_code=SEE_OTHER)
def put_together(desk: OurDesk, call: str) -> RedirectResponse:
    """Put a call together that was cut off, and show its feedback."""
    folder = folder_of(desk, call)
    write_report(folder, judged_again(folder, recover(folder)), lambda lacks: None)
    return RedirectResponse(f"/calls/{call}?told=together", SEE_OTHER)


@router.get("/calls/{call}/delete", response_class=HTMLResponse)
def ask_to_delete(request: Request, desk: OurDesk, call: str) -> HTMLResponse:
    """Say what goes with a call, and ask."""
    folder = folder_of(desk, call)
    copies = len(own_shares(desk.trainee, folder))
    return page(request, "call_delete.html.j2", card=card_of(folder), copies=copies)


@router.post("/calls/{call}/delete", response_class=RedirectResponse, status_code=SEE_OTHER)
def delete(desk: OurDesk, call: str) -> RedirectResponse:
    """Delete a call with everything that belongs to it."""
    delete_call(desk.trainee, folder_of(desk, call))
    return RedirectResponse("/calls?told=deleted", SEE_OTHER)
