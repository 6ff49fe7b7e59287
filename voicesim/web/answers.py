"""How errors are answered, as OpenAPI tells it."""

from typing import Any

from pydantic import BaseModel


class Wrong(BaseModel):
    """What happened, and how to mend it."""

    what: str
    mend: str


class ErrorAnswer(BaseModel):
    """The answer of a request that did not work."""

    error: Wrong


_MEANINGS = {
    400: "It cannot be done like that.",
    404: "There is no such thing.",
    413: "Too large.",
    422: "Not understood.",
    429: "Too much at once.",
    503: "A part that this needs is not installed.",
}
# Whoever wants a page gets one, whoever does not gets JSON.
_EITHER: dict[str, Any] = {"application/json": {}, "text/html": {}}
#: For ``APIRouter(responses=ERRORS)``; with them the answer to a form, which leads on to another page.
ERRORS: dict[int | str, dict[str, Any]] = {
    303: {"description": "Done; go on at `location`."},
    **{
        status: {"model": ErrorAnswer, "description": meaning, "content": _EITHER}
        for status, meaning in _MEANINGS.items()
    },
}
