"""What a trainee reads before a call, from a script or from a stored call."""

from pathlib import Path
from typing import Any

from voicesim.errors import VoicesimError
from voicesim.script.load import load_script
from voicesim.script.model import Script
from voicesim.store.places import SCRIPT


def briefing_of(script: Script) -> dict[str, Any]:
    """What the trainee reads before the call, under the keys that screen and report know."""
    briefing, caller = script.briefing, script.caller
    told = {
        "you_are": briefing.you_are,
        "caller": caller.name,
        "you_see": briefing.you_see,
        "verify": briefing.verify,
        "may_offer": tuple(briefing.may_offer),
        "may_not": tuple(briefing.may_not),
        "refer_to": briefing.refer_to,
        "content_note": script.content_note,
    }
    return {key: value for key, value in told.items() if value}


def briefing_in(folder: Path) -> dict[str, Any] | None:
    """What the trainee read before a stored call; None if its script is not there or cannot be read any more."""
    try:
        return briefing_of(load_script((folder / SCRIPT).read_bytes(), SCRIPT))
    except (OSError, VoicesimError):
        return None
