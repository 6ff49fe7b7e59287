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
}
#: For ``APIRouter(responses=ERRORS)``.
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": meaning} for status, meaning in _MEANINGS.items()
}
