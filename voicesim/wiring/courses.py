"""Courses as files: the shipped first week, and those that a trainer's file was taken in from.

::

    <data>/courses/<course id>.yaml
"""

from collections.abc import Iterator
from pathlib import Path

from voicesim.coach.course import Course
from voicesim.files import data_folder, make_folder, shipped, write_bytes

_FOLDER = "courses"


def course_files() -> Iterator[Path]:
    """Every course, one's own first; one of an id that was there before stands for it."""
    for folder in (data_folder() / _FOLDER, shipped("scripts") / _FOLDER):
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.suffix == ".yaml" and path.is_file())


def keep_course(course: Course, content: bytes) -> Path:
    """The file of a course that was read from ``content``, which is kept among one's own now. Raises StorageError."""
    path = make_folder(data_folder() / _FOLDER) / f"{course.id}.yaml"
    write_bytes(path, content)
    return path
