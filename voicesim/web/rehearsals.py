"""Rehearsals of a script held in place, its rehearsal file beside it, and calls with made-up agents to try it out."""

import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.call.agents import PROFILES
from voicesim.call.conduct import End
from voicesim.call.rehearse import Rehearsal, Rehearsed
from voicesim.call.tally import Tally
from voicesim.errors import InputError, ScriptError, VoicesimError
from voicesim.model import Ending
from voicesim.script.model import Script
from voicesim.web.answers import LEADS_ON, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.script_desk import Remark, fault_of, wanted
from voicesim.web.sessions import NotThere
from voicesim.wiring.library import loaded, read_bytes
from voicesim.wiring.own_scripts import Changed, ScriptFile, save
from voicesim.wiring.rehearsing import Crew, Job, crew_for, hold, stated, tried_by_agents

router = APIRouter()
#: Calls with each made-up agent; more would take longer than somebody waits.
CALLS = 20
_ERRORS: dict[int | str, dict[str, Any]] = {400: {"description": "Does not fit"}, 404: {"description": "Not there"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One rehearsal and what became of it."""

    stated: Rehearsal
    result: Rehearsed


#: What stands in the field for a script that has no rehearsals yet.
_FIRST = """\
script: {id}
rehearsals:
  - name: "A silent agent"
    replies:
      - {{silent: true, repeat: 3}}
    expect: {{ending: hung_up}}
"""
#: Whether the rehearsals held, by the digests of both files: what was held once is known until one of them changes.
_HELD: dict[tuple[bytes, bytes], bool] = {}


def known_to_hold(one: ScriptFile) -> bool | None:
    """Whether all rehearsals of a script held when they were last held with these very files; None if they were not."""
    return _HELD.get((one.data, _rehearsal_data(one) or b""))


def _rehearsal_data(one: ScriptFile) -> bytes | None:
    return read_bytes(one.rehearsals) if one.rehearsals.is_file() else None


@lru_cache(maxsize=32)
def _held(script_data: bytes, data: bytes, name: str) -> tuple[Shown, ...]:
    script = loaded(script_data, "script.yaml")
    shown = tuple(Shown(stated=one, result=hold(script, one)) for one in stated(script, data, name))
    _HELD[script_data, data] = not any(one.result.faults for one in shown)
    return shown


@router.get("/scripts/{script_id}/rehearsals", response_class=HTMLResponse, responses=_ERRORS)
def rehearsals(request: Request, script_id: str, run: bool = False) -> HTMLResponse:
    """The rehearsal file of a script, and with ``run`` what becomes of each rehearsal."""
    one = wanted(script_id)
    data = _rehearsal_data(one)
    text = _first(one) if data is None else data.decode(errors="replace")
    return _page(request, one, text, run=run or known_to_hold(one) is not None)


def _first(one: ScriptFile) -> str:
    return _FIRST.format(id=one.id)


def _page(request: Request, one: ScriptFile, text: str, *, run: bool, **more: Any) -> HTMLResponse:
    shown: tuple[Shown, ...] = ()
    fault: Remark | None = None
    told: str | None = None
    if run and one.script is not None:
        try:
            shown = _held(one.data, text.replace("\r\n", "\n").encode(errors="replace"), one.rehearsals.name)
        except ScriptError as error:
            fault = fault_of(error)
        except InputError as error:
            told = f"{error.what}. {error.mend or ''}"
    data = _rehearsal_data(one)
    values: dict[str, Any] = {
        **{"file": one, "text": text, "shown": shown, "ran": run, "fault": fault, "told": told, "theirs": None},
        **{"sha256": _sha256(data), "calls": CALLS, "is_new": data is None},
    }
    return page(request, "script_rehearsals.html.j2", status=400 if fault or told else 200, **(values | more))


def _sha256(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


@router.post("/scripts/{script_id}/rehearsals", response_class=HTMLResponse, responses=_ERRORS | LEADS_ON)
def write(
    request: Request,
    script_id: str,
    text: Annotated[str, Form()],
    sha256: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "hold",
) -> Response:
    """Hold the rehearsals of a text, and with ``do`` = ``save`` keep it if it can be read."""
    one = wanted(script_id)
    answer = _page(request, one, text, run=True)
    if do != "save" or not one.own or answer.status_code != 200:
        return answer
    try:
        save(one.rehearsals, text, sha256 or None)
    except Changed as error:
        return _page(request, one, text, run=False, theirs=error.now, told=f"{error.what}. {error.mend}")
    return RedirectResponse(f"/scripts/{quote(one.id, safe='')}/rehearsals?run=1", SEE_OTHER)


class TrialRow(BaseModel):
    """What became of the calls with one made-up agent."""

    agent: str
    calls: int
    good_percent: int
    turns: float
    anger: float
    endings: dict[str, int]


class TrialSoFar(BaseModel):
    """How far the calls with made-up agents are; ``rows`` when they are done, ``fault`` if they broke off."""

    done: int
    of: int
    over: bool
    rows: list[TrialRow]
    fault: str | None = None


@dataclass(slots=True, kw_only=True)
class Trying:
    """Calls with the three made-up agents on a thread of their own."""

    script: Script
    script_id: str
    done: int = 0
    of: int = CALLS * len(PROFILES)
    rows: dict[str, Tally] = field(default_factory=dict)
    fault: str | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Let the calls begin."""
        self._thread = threading.Thread(target=self._run, name="made-up agents", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether they are done."""
        return self._thread is not None and not self._thread.is_alive()

    def end(self) -> None:
        """Break off after the calls under way."""
        self._ended.set()

    def join(self, timeout_s: float) -> None:
        """Wait until they are done."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            with crew_for(0) as crew:
                self.rows = tried_by_agents(self.script, CALLS, 1, _until(self._ended, crew), self._tell)
        except VoicesimError as error:
            self.fault = f"{error.what}. {error.mend or ''}".rstrip()
        except Exception:  # nobody waits for calls that will not come
            logging.getLogger(__name__).exception("calls with made-up agents broke off")
            self.fault = "Something went wrong here, and the calls broke off. Check the script, and begin again."

    def _tell(self, done: int, of: int) -> None:
        self.done, self.of = done, of


def _until(ended: threading.Event, crew: Crew) -> Crew:
    """A crew that holds one call at a time, so that progress is seen, and stops when it shall."""

    def one_by_one(jobs: list[Job]) -> Iterator[list[End]]:
        for script, agent, seeds in jobs:
            for seed in seeds:
                if ended.is_set():
                    raise InputError("the calls were broken off", mend="Begin again.")
                yield from crew([(script, agent, range(seed, seed + 1))])

    return one_by_one


@router.post("/scripts/{script_id}/trial", response_class=RedirectResponse, status_code=SEE_OTHER, responses=_ERRORS)
def begin_trial(script_id: str, desk: OurDesk) -> RedirectResponse:
    """Calls with made-up agents, begun; the page that shows how far they are."""
    one = wanted(script_id)
    if one.script is None:
        raise InputError("this script cannot be loaded", mend="Mend it first.")
    trying = Trying(script=one.script, script_id=one.id)
    key = desk.sessions.add(trying)
    trying.begin()
    return RedirectResponse(f"/scripts/{quote(one.id, safe='')}/trial/{key}", SEE_OTHER)


@router.get("/scripts/{script_id}/trial/{key}", response_class=HTMLResponse, responses=_ERRORS)
def show_trial(request: Request, script_id: str, key: str, desk: OurDesk) -> HTMLResponse:
    """How far calls with made-up agents are, and what became of them."""
    one, trying = wanted(script_id), _trying(desk, script_id, key)
    endings = [ending.value for ending in Ending if any(ending in row.endings for row in trying.rows.values())]
    so_far = _so_far(trying)
    return page(request, "script_trial.html.j2", file=one, key=key, so_far=so_far, endings=endings)


@router.get("/api/scripts/{script_id}/trial/{key}", responses=_ERRORS)
def trial_so_far(script_id: str, key: str, desk: OurDesk) -> TrialSoFar:
    """How far calls with made-up agents are."""
    return _so_far(_trying(desk, script_id, key))


def _trying(desk: OurDesk, script_id: str, key: str) -> Trying:
    trying = desk.sessions.find(key)
    if not isinstance(trying, Trying) or trying.script_id != script_id:
        raise NotThere("these calls are not there any more", mend="Begin again.")
    return trying


def _so_far(trying: Trying) -> TrialSoFar:
    rows = [
        TrialRow(
            agent=name,
            calls=row.calls,
            good_percent=round(100 * row.good_share),
            turns=round(row.mean_turns, 1),
            anger=round(row.mean_anger, 1),
            endings={ending.value: count for ending, count in row.endings.items()},
        )
        for name, row in trying.rows.items()
    ]
    return TrialSoFar(done=trying.done, of=trying.of, over=trying.over, rows=rows, fault=trying.fault)
