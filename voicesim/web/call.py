"""A call on the page: it begins, is held as on a softphone or by typing, and leads on to its feedback."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.call.conduct import Control
from voicesim.errors import UsageError
from voicesim.model import Ending
from voicesim.report.wording import heat
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.call_session import CallSession, Choices, SpokenCall, TypedCall
from voicesim.web.desk import Desk, OurDesk
from voicesim.web.messages import CallShown
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.wiring.briefing import briefing_of
from voicesim.wiring.callers import next_seed
from voicesim.wiring.library import script_of_id
from voicesim.wiring.manner import COOL_DOWN, what_was_kept
from voicesim.wiring.plan import plan_of

router = APIRouter(responses=ERRORS)

_LONGEST_REPLY, _LONGEST_NOTES = 2_000, 20_000
#: The keys of a spoken call: the key, what a person reads, the wish, and when it is there.
KEYS = (
    ("Enter", "take the call, or go on after a break", "accept"),
    ("p", "pause, and go on", "pause"),
    ("m", "microphone off, and on", "mute"),
    ("o", "put the caller on hold, and come back", "hold"),
    ("r", "hear the last line again", "repeat"),
    ("g", "say your last reply again", "again"),
    ("t", "type a reply", "type"),
    ("n", "write a note", "notes"),
    ("c", "show or hide what the caller says", "captions"),
    ("x", "transfer the call", "transfer"),
    ("h", "hang up", "hang_up"),
    ("Space", "talk, with push-to-talk: hold it, or press it twice", "talk"),
    ("Esc", "stop the exercise at once", "stop"),
)


@router.post("/calls", status_code=SEE_OTHER, response_class=RedirectResponse)
def begin(
    desk: OurDesk,
    script: Annotated[str, Form(max_length=100)],
    difficulty: Annotated[str, Form(pattern="^[0-4]?$")] = "",
    captions: Annotated[bool, Form()] = False,
    push_to_talk: Annotated[bool, Form()] = False,
    official: Annotated[bool, Form()] = False,
    exam: Annotated[bool, Form()] = False,
    sound: Annotated[Literal["browser", "machine", "typed"], Form()] = "browser",
    seed: Annotated[int | None, Form(ge=0, le=2**31)] = None,
) -> RedirectResponse:
    """Begin a call with a caller, and go to it; without a ``seed`` it is the next one with this caller."""
    wanted = script_of_id(script)
    if wanted is None:
        raise NotThere("there is no such caller", mend="Choose one at the start.")
    settings = replace(desk.settings, trainee=desk.trainee, captions=captions, push_to_talk=push_to_talk)
    level = int(difficulty) if difficulty else None
    typed = sound == "typed"
    number = next_seed(desk.trainee, wanted.id) if seed is None else seed
    plan = plan_of(wanted, settings, seed=number, level=level, official=official, sound=not typed)
    kept = what_was_kept(settings)
    session = (TypedCall if typed else SpokenCall)(desk, plan, Choices(sound=sound, exam=exam))
    session.view.change(note=" ".join(kept))
    return RedirectResponse(f"/call/{session.begin()}", SEE_OTHER)


@router.get("/call/{key}", response_class=HTMLResponse)
def call(request: Request, desk: OurDesk, key: str) -> HTMLResponse:
    """The call as it stands."""
    session = _session(desk, key)
    script = session.plan.script
    values: dict[str, Any] = {
        "key": key,
        "script": script,
        "briefing": briefing_of(script),
        "plan": session.plan,
        "choices": session.choices,
        "notes": session.notes,
        "keys": _keys(session),
        "cool_down": COOL_DOWN,
        "refers": any(step.end is Ending.REFERRED for step in script.steps.values()),
        "stop_words": dict.fromkeys((desk.settings.stop_word, script.stop_word)),
    }
    if isinstance(session, TypedCall):
        session.ready()
        return page(request, "call_typed.html.j2", **values, now=session.view.now, heat=heat)
    return page(request, "call.html.j2", **values, now=session.view.now)


@router.get("/call/{key}/state")
def state(desk: OurDesk, key: str) -> CallShown:
    """The call as it stands, for scripts."""
    return _session(desk, key).view.fresh()


@router.post("/call/{key}/reply", status_code=SEE_OTHER, response_class=RedirectResponse)
def reply(desk: OurDesk, key: str, text: Annotated[str, Form(max_length=_LONGEST_REPLY)] = "") -> RedirectResponse:
    """Give a typed reply; nothing typed is a silent turn."""
    session = _typed(desk, key)
    if not session.over:
        session.reply(" ".join(text.split()))
    return RedirectResponse(f"/call/{key}#now", SEE_OTHER)


@router.post("/call/{key}/wish", status_code=SEE_OTHER, response_class=RedirectResponse)
def wish(
    desk: OurDesk,
    key: str,
    wish: Annotated[Literal["repeat", "again", "hang_up", "transfer", "stop"], Form()],
) -> RedirectResponse:
    """Do something else in a typed call than reply."""
    session = _typed(desk, key)
    if not session.over:
        session.reply(Control(wish))
    return RedirectResponse(f"/call/{key}#now", SEE_OTHER)


@router.post("/call/{key}/notes", status_code=SEE_OTHER, response_class=RedirectResponse)
def notes(desk: OurDesk, key: str, text: Annotated[str, Form(max_length=_LONGEST_NOTES)] = "") -> RedirectResponse:
    """Keep what the trainee wrote down; it lies beside the call, as private as its record."""
    _session(desk, key).write_down(text)
    return RedirectResponse(f"/call/{key}#notes", SEE_OTHER)


def _session(desk: Desk, key: str) -> CallSession:
    session = desk.sessions.find(key)
    if not isinstance(session, CallSession):
        raise NotThere("this is no call", mend="Begin a call at the start.")
    return session


def _typed(desk: Desk, key: str) -> TypedCall:
    session = _session(desk, key)
    if not isinstance(session, TypedCall):
        raise UsageError("this call is spoken", mend="Type your reply on its page.")
    return session


def _keys(session: CallSession) -> tuple[tuple[str, str, str], ...]:
    """The keys that do something in this call."""
    left_out = {"again"} if session.plan.official else set()
    if not session.plan.manner.push_to_talk:
        left_out.add("talk")
    return tuple(one for one in KEYS if one[2] not in left_out)
