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
#: After a form the page is asked for with GET.
SEE_OTHER = 303
#: The answer to a form that leads on to another page.
LEADS_ON: dict[int | str, dict[str, Any]] = {SEE_OTHER: {"description": "Done; go on at `location`."}}
#: The answer to a form whose file was changed meanwhile.
CHANGED: dict[int | str, dict[str, Any]] = {409: {"description": "It was changed elsewhere; both versions are shown."}}
#: For ``APIRouter(responses=ERRORS)``.
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": meaning, "content": _EITHER} for status, meaning in _MEANINGS.items()
}
