"""The turn gym: a turn of a stored call as it was, why it moved the caller, a better reply, and saying it again."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.files import encode_flac
from voicesim.model import RATE_HZ, Samples
from voicesim.sound import without_words
from voicesim.store.attempts import Attempt, By, attempts_of
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import Desk, OurDesk
from voicesim.web.dialogue import Begun
from voicesim.web.pages import page
from voicesim.web.retrying import Retrying
from voicesim.web.sessions import NotThere
from voicesim.web.stored import finished
from voicesim.web.wording import moved_by
from voicesim.wiring.engines import Lines, with_takes
from voicesim.wiring.gym import Gym, attempt_clip, open_gym
from voicesim.wiring.learned import load_learned
from voicesim.wiring.reply_sound import better_sound, reply_sound
from voicesim.wiring.sides import compared, in_attempt, in_the_call, rows

router = APIRouter(responses=ERRORS)

_HOW = {By.HEADSET: "spoken", By.FILES: "from a file", By.TEXT: "typed", By.IN_CALL: "taken back in the call"}
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One attempt as a list shows it."""

    n: int
    how: str
    after: int
    better: bool
    sound: bool


def _gym(desk: Desk, call: str, number: int) -> Gym:
    """The gym for a turn of a call. Raises NotThere for a turn that there is not, and what opening it raises."""
    folder = finished(desk, call)
    gym = open_gym(folder, number, desk.settings) if number > 0 else None
    if gym is None:
        raise NotThere("there is no such turn", mend="Choose one in the feedback of the call.")
    return gym


@router.get("/calls/{call}/turns/{number}", response_class=HTMLResponse)
def turn(request: Request, desk: OurDesk, call: str, number: int, attempt: int | None = None) -> HTMLResponse:
    """A turn of a call to be tried again, and an attempt (the last one, if none is named) beside the call."""
    gym = _gym(desk, call, number)
    held = gym.record.turns[number - 1]
    tries = [one for one in attempts_of(gym.folder) if one.turn == number]
    shown = next((one for one in tries if one.n == attempt), tries[-1] if tries else None)
    first = in_the_call(gym.record, number)
    second = None if shown is None else in_attempt(shown, shown.n)
    following = number + 1 if number + 1 < len(gym.record.turns) else None
    return page(
        request,
        "gym.html.j2",
        call=call,
        number=number,
        following=following,
        caller=gym.script.caller.name,
        title=gym.record.script.title or gym.record.script.id,
        held=held,
        heard=reply_sound(gym.folder, held.reply) is not None,
        reasons=list(moved_by(held.influences)),
        better=gym.better,
        tabs=[_tab(one, first.moved) for one in tries],
        shown=shown,
        sides=None if second is None else (first, second),
        rows=[] if second is None else rows(first, second),
        verdict="" if second is None else compared(first, second),
    )


def _tab(attempt: Attempt, moved: int) -> Tab:
    better = attempt.after.anger - attempt.before.anger < moved
    sound = attempt.sound is not None
    return Tab(n=attempt.n, how=_HOW[attempt.by], after=attempt.after.anger, better=better, sound=sound)


@router.post("/calls/{call}/turns/{number}", response_class=RedirectResponse, status_code=SEE_OTHER)
def try_typed(
    desk: OurDesk, call: str, number: int, text: Annotated[str, Form(max_length=_LONGEST)] = ""
) -> RedirectResponse:
    """Take a typed reply as an attempt, and show it beside the call. The stop word leads out."""
    gym = _gym(desk, call, number)
    if gym.manner.is_stop_word(text):
        return RedirectResponse(f"/calls/{call}", SEE_OTHER)
    place = f"/calls/{call}/turns/{number}"
    if not text.strip():
        return RedirectResponse(f"{place}#again", SEE_OTHER)
    load_learned()
    kept = gym.keep(gym.typed(text.strip()), By.TEXT)
    return RedirectResponse(f"{place}?attempt={kept.n}#compared", SEE_OTHER)


@router.post("/calls/{call}/turns/{number}/say")
def try_spoken(desk: OurDesk, call: str, number: int) -> Begun:
    """Begin to take spoken attempts: the page opens its sound under the key."""
    return Retrying(desk, _gym(desk, call, number), f"/calls/{call}/turns/{number}").begin(desk)


# -- sound ------------------------------------------------------------------------------------------------------------


@router.get("/calls/{call}/turns/{number}/sound/{what}", response_class=Response)
def sound(
    desk: OurDesk, call: str, number: int, what: Literal["line", "reply", "better"], words: bool = True
) -> Response:
    """Her line, the reply of the call or the better one as FLAC; without ``words`` only its melody, pace, loudness."""
    gym = _gym(desk, call, number)
    held = gym.record.turns[number - 1]
    if what == "reply":
        return _flac(reply_sound(gym.folder, held.reply), words=words)
    if what == "line":
        script = with_takes(gym.script)
        return _flac(Lines(script).sound(held.line), words=words)
    better = gym.better.better if gym.better is not None else None
    return _flac(None if better is None else better_sound(better, gym.script.caller.persona), words=words)


@router.get("/calls/{call}/turns/{number}/attempts/{n}/sound", response_class=Response)
def attempt_sound(desk: OurDesk, call: str, number: int, n: int, words: bool = True) -> Response:
    """The reply of an attempt as FLAC; without ``words`` only its melody, pace and loudness."""
    folder = finished(desk, call)
    found = (one for one in attempts_of(folder) if (one.turn, one.n) == (number, n))
    attempt = next(found, None)
    return _flac(None if attempt is None else attempt_clip(folder, attempt), words=words)


def _flac(samples: Samples | None, *, words: bool) -> Response:
    if samples is None or not len(samples):
        raise NotThere("there is no sound of this", mend="Read it instead.")
    heard = samples if words else without_words(samples, RATE_HZ)
    return Response(encode_flac(heard), media_type="audio/flac")
