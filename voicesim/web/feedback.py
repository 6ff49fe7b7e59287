"""The feedback of one call: how it went in words, what mattered, every turn with a way to try it again, the report."""

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse

from voicesim.errors import VoicesimError
from voicesim.model import CallRecord, Ending
from voicesim.report.reviewed import Said, said_about
from voicesim.report.wording import changed, heat, held_because, outcome
from voicesim.store.attempts import attempts_of
from voicesim.store.closing import read_record
from voicesim.store.reviews import review_of
from voicesim.web.answers import ERRORS
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.stored import caller_of, card_of, finished
from voicesim.wiring.keeping import judged_again
from voicesim.wiring.reports import report_of

router = APIRouter(responses=ERRORS)

#: The report brings a policy of its own, which allows its script and its style by their digests. This one holds beside
#: it: whatever stands in the file asks no server, sends no form, opens no frame, and has no part in this page's origin,
#: framed or in a tab of its own. Its sound is in the file.
_REPORT_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; media-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-downloads allow-modals",
    # Browsers refuse a sandboxed document that asks for an opener policy.
    "cross-origin-opener-policy": "unsafe-none",
}
_TOLD = {"together": "This call was cut off and is put together now. What was said until then is here."}


@router.get("/calls/{call}", response_class=HTMLResponse)
def feedback(request: Request, desk: OurDesk, call: str, told: str = "") -> HTMLResponse:
    """The feedback of a call: headline, what to change, the report without what stands here, every turn, reviews."""
    folder = finished(desk, call)
    record = judged_again(folder, read_record(folder))
    ending, _, course = outcome(record).partition("; ")
    said, unread = _said(folder)
    return page(
        request,
        "feedback.html.j2",
        card=card_of(folder),
        caller=caller_of(folder) or "the caller",
        record=record,
        feedback=record.feedback,
        good=record.ending.good,
        ending=ending,
        course=course,
        held=held_because(record.feedback) if record.feedback else None,
        said=said,
        unread=unread,
        tried=_tried(folder),
        last=len(record.turns) if _ended_by_caller(record) else len(record.turns) + 1,
        told=_TOLD.get(told),
        changed=changed,
        heat=heat,
    )


@router.get("/calls/{call}/report", response_class=FileResponse)
def report(desk: OurDesk, call: str) -> FileResponse:
    """The report of a call: one page that needs nothing else, as it can be kept and handed on."""
    folder = finished(desk, call)
    path = report_of(folder, judged_again(folder, read_record(folder)))
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=_REPORT_HEADERS)


def _said(folder: Path) -> tuple[tuple[Said, ...], str | None]:
    """What people said about the call, and what of it cannot be read."""
    try:
        review = review_of(folder)
    except VoicesimError as error:
        return (), error.what
    return said_about(review.entries), None if review.told is None else "A part of the review cannot be read."


def _tried(folder: Path) -> dict[int, int]:
    """How often each turn was tried again."""
    found: dict[int, int] = {}
    for attempt in attempts_of(folder):
        found[attempt.turn] = found.get(attempt.turn, 0) + 1
    return found


def _ended_by_caller(record: CallRecord) -> bool:
    """Whether nobody answers the last line."""
    return record.ending not in (Ending.STOPPED, Ending.INCOMPLETE, Ending.ABANDONED) and bool(record.turns)
