"""Calls to be reviewed: those that trainees shared, taken in here, and the own trainee's; signed with one name."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.coach.review import LONGEST_NAME, trainers
from voicesim.errors import UsageError
from voicesim.files import write_bytes
from voicesim.model import CallRecord
from voicesim.store.incoming import LARGEST, Incoming, bring_in, drop, find_incoming, incoming, supersede, unpacked
from voicesim.store.index import CallIndex
from voicesim.store.places import RECORD, calls_folder
from voicesim.store.retention import apply_retention
from voicesim.store.stored import State
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import Desk, OurDesk
from voicesim.web.pages import page
from voicesim.web.review_view import contests_in, entries_of
from voicesim.web.sessions import NotThere
from voicesim.web.stored import card_of, colour_of
from voicesim.web.uploads import uploads_of
from voicesim.wiring.reviewing import now_utc
from voicesim.wiring.stored_calls import report_without_sound

router = APIRouter(responses=ERRORS)

#: Who reviews here; kept by the browser, since it is no setting of a trainee.
REVIEWER = "voicesim_reviewer"
_A_YEAR_S = 365 * 24 * 3600
#: So many own calls are listed; older ones are found on the page of calls.
_OWN = 24
#: So many calls may come at once.
_AT_ONCE = 40
_REPLACED = "A copy of the same call was here already: it is replaced, and what was said about it stays."
_REPLACED_SOME = "{} copies of the same calls were here already: they are replaced, and what was said about them stays."
_TOLD = {"gone": "The copy is deleted.", "signed": "What you say is signed with this name from now on."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One call in the list."""

    id: str
    title: str
    who: str
    when: str
    ending: str
    colour: str
    total: int | None
    sound: bool
    official: bool
    reviewed: tuple[str, ...]
    contests: int


def reviewer(request: Request) -> str:
    """With which name what is said here is signed; "" before it was given."""
    return " ".join(unquote(request.cookies.get(REVIEWER, "")).split())[:LONGEST_NAME]


def signed(request: Request) -> str:
    """The same. Raises UsageError before it was given."""
    name = reviewer(request)
    if not name:
        raise UsageError("a review is signed", mend="Go to Review, and write your name first.")
    return name


@router.get("/review", response_class=HTMLResponse)
def review(request: Request, desk: OurDesk, told: str = "", came: int = 0, older: int = 0) -> HTMLResponse:
    """The calls that can be reviewed: what trainees shared, and the own ones; where a copy is taken in."""
    sentences = [_TOLD[told]] if told in _TOLD else []
    if came > 0:
        sentences.append("The copy is here." if came == 1 else f"{came} copies are here.")
    if older > 0:
        sentences.append(_REPLACED if older == 1 else _REPLACED_SOME.format(older))
    sentences += apply_retention(desk.trainee, desk.settings, report_again=report_without_sound)
    return page(
        request,
        "review.html.j2",
        shared=[_row_of_copy(one) for one in incoming()],
        own=_own_rows(desk),
        by=reviewer(request),
        told=sentences,
    )


def _row_of_copy(one: Incoming) -> Row:
    return _row(one.folder, one.record, one.id, one.record.script.title or one.record.script.id, one.who, one.sound)


def _own_rows(desk: Desk) -> list[Row]:
    rows = []
    for call in CallIndex(desk.trainee).find()[:_OWN]:
        if call.state is State.FINISHED:
            folder = calls_folder(desk.trainee) / call.id
            card = card_of(folder)
            entries, _ = entries_of(folder)
            rows.append(
                Row(
                    id=call.id,
                    title=card.caller,
                    who="",
                    when=card.when,
                    ending=card.ending,
                    colour=card.colour,
                    total=call.total,
                    sound=call.sound,
                    official=call.official,
                    reviewed=trainers(entries),
                    contests=contests_in(entries),
                )
            )
    return rows


def _row(folder: Path, record: CallRecord, call: str, title: str, who: str, sound: bool) -> Row:
    entries, _ = entries_of(folder)
    return Row(
        id=call,
        title=title,
        who=who,
        when=_when(record),
        ending=record.ending.value.replace("_", " "),
        colour=colour_of(record.ending.value),
        total=record.feedback.total if record.feedback else None,
        sound=sound,
        official=record.official,
        reviewed=trainers(entries),
        contests=contests_in(entries),
    )


def _when(record: CallRecord) -> str:
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return f"{datetime.fromisoformat(str(record.clock.get('began_utc'))).astimezone():%d %B %Y, %H:%M}"
    return ""


# -- taking copies in -------------------------------------------------------------------------------------------------


@router.post("/review/shared", response_class=RedirectResponse, status_code=SEE_OTHER)
def take_copies_in(
    request: Request, copies: list[UploadFile], who: Annotated[str, Form(max_length=80)] = ""
) -> RedirectResponse:
    """Take in what trainees shared: ZIP files of one call each, or the files of one copy; all of them, or none."""
    chosen = [upload for upload in copies if upload.size]
    if not chosen or len(chosen) > _AT_ONCE:
        many = f"{len(chosen)} files are too many" if chosen else "no file was chosen, or it is empty"
        raise UsageError(many, mend=f"Go back, and choose 1 to {_AT_ONCE} ZIP files, or the files of one copy.")
    if not who.strip():
        raise UsageError("nobody is named who handed this in", mend="Go back, and write a name or a sign.")
    uploads = uploads_of(request)
    with _folder_in(uploads.folder) as around:
        taken: list[Incoming] = []
        try:
            if _is_zip(chosen[0]):
                for upload in chosen:
                    archive = uploads.take_in(upload)
                    try:
                        with unpacked(archive, around) as copy:
                            taken.append(bring_in(copy, who, now_utc()))
                    finally:
                        archive.unlink(missing_ok=True)
            else:
                taken.append(bring_in(_put(chosen, around), who, now_utc()))
        except BaseException:
            for one in taken:
                drop(one)
            raise
    # Not before all of them are here: what was there stays if one cannot be taken in.
    older = supersede(taken)
    here = sum(one.folder.is_dir() for one in taken)
    return RedirectResponse(f"/review?came={here}{f'&older={older}' if older else ''}", SEE_OTHER)


def _is_zip(upload: UploadFile) -> bool:
    begin = upload.file.read(4)
    upload.file.seek(0)
    return begin[:2] == b"PK"


def _put(chosen: Sequence[UploadFile], around: Path) -> Path:
    """The files of one copy in a folder, under names of our own."""
    for upload in chosen:
        name = next((known for known in LARGEST if PurePosixPath(upload.filename or "").name == known), None)
        if name is None:
            continue
        content = upload.file.read(LARGEST[name] + 1)
        if len(content) > LARGEST[name]:
            raise UsageError(f"this {name} is too large", mend="Choose what was written by sharing.")
        write_bytes(around / name, content, private=True)
    if not (around / RECORD).is_file():
        mend = "Go back, and choose the ZIP file, or call.json and report.html of one copy."
        raise UsageError("there is no call among these files", mend=mend)
    return around


@contextlib.contextmanager
def _folder_in(uploads: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=uploads))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@router.post("/review/{call}/gone", response_class=RedirectResponse, status_code=SEE_OTHER)
def delete_copy(call: str) -> RedirectResponse:
    """Delete a copy that came in, with what was said about it here."""
    one = find_incoming(call)
    if one is None:
        raise NotThere("there is no such copy", mend="Choose one from the list.")
    drop(one)
    return RedirectResponse("/review?told=gone", SEE_OTHER)


@router.post("/review/name", response_class=RedirectResponse, status_code=SEE_OTHER)
def sign(by: Annotated[str, Form(max_length=LONGEST_NAME)] = "") -> RedirectResponse:
    """Sign what is said on this page with a name from now on."""
    name = " ".join(by.split())
    if not name:
        raise UsageError("a review is signed", mend="Go back, and write your name.")
    response = RedirectResponse("/review?told=signed", SEE_OTHER)
    value = quote(name)
    response.set_cookie(REVIEWER, value, max_age=_A_YEAR_S, httponly=True, samesite="strict", path="/review")
    return response
