"""How far the trainee is in courses: the shipped first week, and those that were taken in from a trainer."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.coach.course import DrillPart, ScriptPart, Standing, State, next_of
from voicesim.errors import InputError, VoicesimError
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.pages import page
from voicesim.web.sessions import NotThere
from voicesim.wiring.courses import course_files, keep_course
from voicesim.wiring.library import read_bytes
from voicesim.wiring.standing import InCourse, in_course, read_course

router = APIRouter(responses=ERRORS)

#: A course is a page of text; what is larger is none.
LARGEST_BYTES = 100_000


def _courses(trainee: str) -> tuple[list[InCourse], list[str]]:
    """Every course that can be read, and what is wrong with the others."""
    found: dict[str, InCourse] = {}
    faults = []
    for path in course_files():
        try:
            course = read_course(read_bytes(path), path.name)
            found.setdefault(course.id, in_course(course, trainee))
        except VoicesimError as error:
            faults.append(str(error).replace(str(path), path.name))
    return list(found.values()), faults


@router.get("/courses", response_class=HTMLResponse)
def courses(request: Request, desk: OurDesk) -> HTMLResponse:
    """Every course with how much of it is done, and a way to take one in."""
    found, faults = _courses(desk.trainee)
    return page(request, "courses.html.j2", courses=found, faults=faults)


@router.post("/courses", response_class=RedirectResponse, status_code=SEE_OTHER)
def take_in(file: Annotated[UploadFile, File()]) -> RedirectResponse:
    """Take in a course as a YAML file; its faults are told with their line."""
    content = file.file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise InputError("this file is too large for a course", mend="Choose the YAML file that your trainer wrote.")
    course = read_course(content, "the course")
    keep_course(course, content)
    return RedirectResponse(f"/courses/{course.id}", SEE_OTHER)


@router.get("/courses/{course}", response_class=HTMLResponse)
def one_course(request: Request, desk: OurDesk, course: str) -> HTMLResponse:
    """Every part of a course: done, begun or open, what is missing, and the way to it."""
    found = next((one for one in _courses(desk.trainee)[0] if one.course.id == course), None)
    if found is None:
        raise NotThere("there is no such course", mend="Choose one from the list.")
    return page(
        request,
        "course.html.j2",
        course=found.course,
        rows=[(one, *_way(one)) for one in found.standings],
        done=sum(one.state is State.DONE for one in found.standings),
        following=next_of(found.standings),
    )


def _way(one: Standing) -> tuple[str, str]:
    """Address and name of what leads to a part; "" for one that is done or only read."""
    if one.state in (State.DONE, State.USED_UP):
        return "", ""
    if isinstance(one.part, ScriptPart):
        options = [] if one.part.difficulty is None else [f"difficulty={one.part.difficulty}"]
        options += ["official=true"] if one.part.official else []
        return f"/callers/{one.part.script}{'?' if options else ''}{'&'.join(options)}", "Take the call"
    if isinstance(one.part, DrillPart):
        return f"/drills/{one.part.drill}", "Practise"
    return "", ""
