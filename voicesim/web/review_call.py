"""One call under review: shown turn by turn, heard, judged, commented, scored with a rubric of the trainer's own."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voicesim.coach.compared import by_qa
from voicesim.coach.review import LONGEST_NAME, LONGEST_NOTE, EntryKind, ReviewEntry
from voicesim.coach.rubric_file import load_rubric
from voicesim.errors import InputError, UsageError, VoicesimError
from voicesim.files import encode_flac
from voicesim.model import Phase
from voicesim.report.wording import PHASE_NAMES, changed, heat, name_of, outcome
from voicesim.store.reviews import REVIEW, review_text
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.review import reviewer, signed
from voicesim.web.review_view import CHOICES, CallUnderReview, entries_of, review_view, under_review
from voicesim.web.script_desk import line_of
from voicesim.web.sessions import NotThere
from voicesim.web.uploads import uploads_of
from voicesim.wiring.reviewing import (
    clip_of,
    keep_entries,
    scored,
    script_here,
    seconds_of,
    take_in,
    trainer_entry,
)
from voicesim.wiring.rubrics import default_rubric
from voicesim.wiring.stored_calls import script_of

router = APIRouter(responses=ERRORS)

_LARGEST_RUBRIC = 200_000
Note = Annotated[str, Form(max_length=LONGEST_NOTE)]


@router.get("/review/{call}", response_class=HTMLResponse)
def review_one(request: Request, desk: OurDesk, call: str, blind: bool = False) -> HTMLResponse:
    """A call turn by turn, with what the machine found and what people said; blind without, until a turn is judged."""
    one = under_review(desk, call)
    ending, _, course = outcome(one.record).partition("; ")
    by = reviewer(request)
    return page(
        request,
        "review_call.html.j2",
        call=one,
        record=one.record,
        view=review_view(one, by, blind=blind),
        by=by,
        longest_name=LONGEST_NAME,
        blind=blind,
        ending=ending,
        course=course,
        choices=CHOICES,
        changed=changed,
        heat=heat,
        name_of=name_of,
    )


@router.get("/review/{call}/turns/{number}/sound", response_class=Response)
def turn_sound(desk: OurDesk, call: str, number: int) -> Response:
    """Line and reply of a turn as FLAC, where the sound of the call is here."""
    one = under_review(desk, call)
    if not 1 <= number <= len(one.record.turns) or not one.has_sound:
        raise NotThere("there is no sound of this", mend="Read it instead.")
    try:
        clip = clip_of(one.record.turns[number - 1], one.sound())
    except VoicesimError as error:
        raise NotThere("there is no sound of this", mend="Read it instead.") from error
    if not len(clip):
        raise NotThere("there is no sound of this", mend="Read it instead.")
    return Response(encode_flac(clip), media_type="audio/flac")


@router.get("/review/{call}/review.json", response_class=Response)
def hand_back(desk: OurDesk, call: str) -> Response:
    """Everything that was said about a call as a file, for the trainee to take in."""
    one = under_review(desk, call)
    entries, _ = entries_of(one.folder)
    name = {"content-disposition": f'attachment; filename="{REVIEW}"'}
    return Response(review_text(entries), media_type="application/json", headers=name)


@router.post("/review/{call}/from", response_class=RedirectResponse, status_code=SEE_OTHER)
def take_back(request: Request, desk: OurDesk, call: str, other: UploadFile) -> RedirectResponse:
    """Take in what trainers said in another copy of a call, from its ``review.json``; what does not fit is left out."""
    one = under_review(desk, call)
    path = uploads_of(request).take_in(other)
    try:
        taken = take_in(one.folder, one.record, path)
    except InputError as error:
        raise InputError("this is no review that can be read", mend=f"Choose the {REVIEW} that you got.") from error
    finally:
        path.unlink(missing_ok=True)
    if not taken.new and taken.unfit:
        raise UsageError("nothing of this review fits this call", mend="Choose the review of this call.")
    return RedirectResponse(f"{_address(one, blind=False)}#said", SEE_OTHER)


# -- saying something -------------------------------------------------------------------------------------------------


@router.post("/review/{call}/say", response_class=RedirectResponse, status_code=SEE_OTHER)
def say(
    request: Request,
    desk: OurDesk,
    call: str,
    kind: Annotated[Literal["comment", "agree", "disagree", "present", "absent"], Form()],
    turn: Annotated[int | None, Form()] = None,
    finding: Annotated[str, Form(max_length=60)] = "",
    note: Note = "",
    at: Annotated[str, Form(max_length=20)] = "",
    blind: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Keep one entry: a comment at a turn or a time, agree or disagree with a finding, or decide on one."""
    one, by = under_review(desk, call), signed(request)
    if kind == "comment":
        at_s = seconds_of(at) if at.strip() else None
        if at.strip() and at_s is None:
            raise UsageError("this is no time", mend="Go back, and write minutes and seconds, like 1:23.")
        if not note.strip():
            raise UsageError("the comment is empty", mend="Go back, and write it.")
        entry = trainer_entry(EntryKind.COMMENT, by, turn=None if at_s is not None else turn, at_s=at_s, note=note)
        keep_entries(one.folder, one.record, [entry])
        return _back(one, turn, blind=blind)
    if kind in ("agree", "disagree"):
        entry = trainer_entry(EntryKind(kind), by, turn=turn, finding=finding, note=note or None)
    else:
        decided = kind == "present"
        entry = trainer_entry(EntryKind.OVERRIDE, by, turn=turn, finding=finding, verdict=decided, note=note or None)
    keep_entries(one.folder, one.record, [entry])
    return _back(one, turn, blind=blind)


@router.post("/review/{call}/judge", response_class=RedirectResponse, status_code=SEE_OTHER)
def judge(
    request: Request,
    desk: OurDesk,
    call: str,
    turn: Annotated[int, Form()],
    findings: Annotated[list[str] | None, Form()] = None,
    note: Note = "",
    blind: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Judge a whole turn: what is named is there, what is not named is not there."""
    one, by = under_review(desk, call), signed(request)
    # What was looked at is not blind any more: the page says for itself whether this turn was covered.
    shown = review_view(one, by, blind=blind).turns
    covered = 1 <= turn <= len(shown) and shown[turn - 1].covered
    entries = [
        trainer_entry(EntryKind.OVERRIDE, by, turn=turn, finding=name, verdict=True, blind=covered)
        for name in dict.fromkeys(findings or ())
    ]
    if note.strip():
        entries.append(trainer_entry(EntryKind.COMMENT, by, turn=turn, note=note, blind=covered))
    entries.append(trainer_entry(EntryKind.JUDGED, by, turn=turn, blind=covered))
    keep_entries(one.folder, one.record, entries)
    return _back(one, turn, blind=blind)


@router.post("/review/{call}/points", response_class=RedirectResponse, status_code=SEE_OTHER)
def give_points(
    request: Request,
    desk: OurDesk,
    call: str,
    control: Annotated[str, Form(max_length=6)] = "",
    acknowledge: Annotated[str, Form(max_length=6)] = "",
    refocus: Annotated[str, Form(max_length=6)] = "",
    solve: Annotated[str, Form(max_length=6)] = "",
    total: Annotated[str, Form(max_length=6)] = "",
    note: Note = "",
    blind: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Give points for phases and for the whole call; what is left empty is not given."""
    one, by = under_review(desk, call), signed(request)
    if blind and review_view(one, by, blind=True).covered:
        raise UsageError("not every turn is judged yet", mend="Go back, and judge the turns first.")
    written = {
        Phase.CONTROL: control,
        Phase.ACKNOWLEDGE: acknowledge,
        Phase.REFOCUS: refocus,
        Phase.SOLVE: solve,
        None: total,
    }
    entries: list[ReviewEntry] = []
    for phase, text in written.items():
        if text.strip():
            points = _number(text.strip())
            entries.append(trainer_entry(EntryKind.SCORE, by, points=points, phase=phase, note=note or None))
    if not entries:
        raise UsageError("no points were given", mend="Go back, and write a number.")
    keep_entries(one.folder, one.record, entries)
    return RedirectResponse(_address(one, blind=blind) + "#points", SEE_OTHER)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise UsageError("this is no number of points", mend="Go back, and write a whole number.")
    return int(text)


def _back(one: CallUnderReview, turn: int | None, *, blind: bool) -> RedirectResponse:
    return RedirectResponse(f"{_address(one, blind=blind)}#{'said' if turn is None else f'turn-{turn}'}", SEE_OTHER)


def _address(one: CallUnderReview, *, blind: bool) -> str:
    return f"/review/{one.id}{'?blind=1' if blind else ''}"


# -- score ------------------------------------------------------------------------------------------------------------


@router.post("/review/{call}/score", response_class=HTMLResponse)
def score(
    request: Request,
    desk: OurDesk,
    call: str,
    rubric: UploadFile | None = None,
    overrides: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """The score of a call by a rubric of the trainer's own, or the shipped one, beside another; nothing is changed."""
    one = under_review(desk, call)
    used = default_rubric()
    if rubric is not None and rubric.size:
        content = rubric.file.read(_LARGEST_RUBRIC + 1)
        if len(content) > _LARGEST_RUBRIC:
            raise InputError("this is too large for a rubric", mend="Choose a YAML file of a rubric.")
        try:
            used = load_rubric(content, "rubric.yaml")
        except InputError as error:
            line = line_of(error)
            where = "" if line is None else f"line {line}: "
            raise InputError(f"this rubric cannot be used: {where}{error.what}", mend=error.mend) from error
    script = script_here(one.record) if one.copy is not None else script_of(one.folder, one.record)
    delivery = one.copy is not None and any(turn.reply and turn.reply.delivery for turn in one.record.turns)
    made = scored(one.folder, one.record, used, script, overrides=overrides, delivery=delivery)
    old = made.told.old
    return page(
        request,
        "review_score.html.j2",
        call=one,
        record=one.record,
        told=made.told,
        rubric=used,
        changed=made.changed,
        sides=("By the machine", "With what trainers decided") if old is made.machine else ("As it was given", "Now"),
        script_missing=script is None,
        phases=PHASE_NAMES,
        terms=[(term.value, *points) for term, points in by_qa(made.told.new, used).items()],
        name_of=name_of,
    )
