"""The settings as a form, and in words what is kept of a trainee and for how long."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.errors import InputError
from voicesim.files import data_folder
from voicesim.settings import DEFAULTS, RULES, Chosen, all_chosen, allowed, choose, in_words
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page

router = APIRouter(responses=ERRORS)

#: Key -> what it is called on the page, and its meaning where that of the command line speaks of a terminal.
NAMES: Mapping[str, tuple[str, str]] = {
    "trainee": ("Your name", "Whose calls, results and baselines are shown and kept here."),
    "patience": ("Patience of the caller", ""),
    "captions": ("Captions", ""),
    "push_to_talk": ("Push to talk", "Press the space bar to speak and again when done; else the microphone is open."),
    "stop_word": ("Stop word", ""),
    "recognizer": ("What hears you", "The part that turns your speech into words. Vosk is quick, Whisper hears more."),
    "keep_sound_days": ("Keep sound, in days", ""),
    "keep_numbers_days": ("Keep calls, in days", ""),
    "wait_for_headset_s": ("Wait for a headset, in seconds", "So long a call waits for a headset that went away."),
}
#: Which settings stand together.
GROUPS = (
    ("You and the call", ("trainee", "captions", "push_to_talk", "patience", "stop_word")),
    ("Sound", ("recognizer", "wait_for_headset_s")),
    ("What is kept", ("keep_sound_days", "keep_numbers_days")),
)


async def _sent(request: Request) -> dict[str, str]:
    """The fields of a form."""
    form = await request.form(max_files=0, max_fields=100)
    return {key: value for key, value in form.items() if isinstance(value, str)}


@router.get("/settings", response_class=HTMLResponse)
def settings(request: Request, desk: OurDesk, saved: bool = False) -> HTMLResponse:
    """Every setting with its meaning, what it may be and what it is."""
    return _shown(request, desk.trainee, saved=saved)


@router.post("/settings", response_class=RedirectResponse, status_code=SEE_OTHER)
def save(request: Request, desk: OurDesk, sent: Annotated[dict[str, str], Depends(_sent)]) -> Response:
    """Keep what was changed; what does not fit is shown again with the reason."""
    faults: dict[str, str] = {}
    for chosen in all_chosen():
        text = sent.get(chosen.key, "false" if isinstance(DEFAULTS[chosen.key], bool) else None)
        if chosen.locked or text is None or text == in_words(chosen.value):
            continue
        try:
            choose(chosen.key, text)
        except InputError as error:
            faults[chosen.key] = f"{error.what}. {error.mend or ''}"
    if faults:
        return _shown(request, desk.trainee, sent=sent, faults=faults, status=400)
    return RedirectResponse("/settings?saved=1", SEE_OTHER)


def _shown(
    request: Request,
    trainee: str,
    *,
    saved: bool = False,
    sent: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    fields = {chosen.key: _field(chosen, sent or {}, faults or {}) for chosen in all_chosen()}
    groups = [(name, [fields[key] for key in keys]) for name, keys in GROUPS]
    kept = {chosen.key: chosen.value for chosen in all_chosen()}
    values = {"groups": groups, "saved": saved, "faults": faults or {}, "kept": kept, "folder": str(data_folder())}
    return page(request, "settings.html.j2", status=status, trainee=trainee, **values)


def _field(chosen: Chosen, sent: Mapping[str, str], faults: Mapping[str, str]) -> dict[str, Any]:
    rule, default = RULES[chosen.key], DEFAULTS[chosen.key]
    name, meaning = NAMES[chosen.key]
    kind = "choice" if rule.choices else "yes" if isinstance(default, bool) else "text"
    if kind == "text" and not isinstance(default, str):
        kind = "number"
    return {
        "key": chosen.key,
        "name": name,
        "meaning": meaning or rule.meaning,
        "allowed": allowed(chosen.key),
        "kind": kind,
        "rule": rule,
        "step": "any" if isinstance(default, float) else "1",
        "value": sent.get(chosen.key, in_words(chosen.value)),
        "default": in_words(default),
        "locked": chosen.locked,
        "source": chosen.source,
        "fault": faults.get(chosen.key, ""),
    }
