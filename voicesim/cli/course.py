"""``voicesim course``: how far a trainee is in a course that a trainer handed out as one file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicesim.coach.course import Course, Standing

app = new_app()

_SIGNS = {"done": "[x]", "begun": "[~]", "open": "[ ]", "used up": "[!]"}


@app.command(
    "course",
    epilog=examples(
        "voicesim course first-week.yaml",
        "voicesim course first-week.yaml --trainee Ann --html course.html",
        "voicesim course first-week.yaml --json",
    ),
)
def course(
    file: Annotated[Path, typer.Argument(help="The course, a YAML file (docs/courses.md).")],
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose calls; else the setting `trainee`.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write it as one page to this file, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")] = False,
) -> None:
    """Show each part of a course: done, begun or open, what is missing, and the next command."""
    from voicesim.cli.calls import trainee_named
    from voicesim.files import write_text
    from voicesim.report.progress_page import render_course
    from voicesim.wiring.library import read_bytes
    from voicesim.wiring.standing import in_course, read_course

    whose = trainee_named(trainee)
    plan = read_course(read_bytes(file), str(file))
    standing = in_course(plan, whose, note).standings
    if html is not None:
        write_text(html, render_course(plan, standing, whose, now=datetime.now(UTC)), private=True)
        note(f"Written: {html}")
    if as_json:
        typer.echo(json.dumps(_as_json(plan, standing, whose), ensure_ascii=False))
    else:
        for line in _in_words(plan, standing, whose):
            typer.echo(line)


def _in_words(plan: "Course", standing: "Sequence[Standing]", trainee: str) -> list[str]:
    from voicesim.coach.course import State, next_of

    done = sum(one.state is State.DONE for one in standing)
    lines = [plan.title, *([plan.about] if plan.about else []), f"{done} of {len(standing)} parts done by {trainee}."]
    for number, one in enumerate(standing, 1):
        lines += ["", f"{_SIGNS[one.state]} {number}. {one.title}", f"       {one.reached}"]
        if one.missing:
            lines.append(f"       missing: {one.missing}")
    following = next_of(standing)
    if following is None:
        return [*lines, "", "Done." if done == len(standing) else "Nothing is open; ask your trainer."]
    command = next(one.command for one in standing[standing.index(following) :] if one.command)
    first = "" if following.command else "read it, then "
    return [*lines, "", f"Next: {first}{command}"]


def _as_json(plan: "Course", standing: "Sequence[Standing]", trainee: str) -> dict[str, Any]:
    return {
        "schema": 1,
        "course": plan.id,
        "title": plan.title,
        "trainee": trainee,
        "parts": [
            {
                "title": one.title,
                "state": one.state.value,
                "reached": one.reached,
                "missing": one.missing or None,
                "command": one.command,
            }
            for one in standing
        ],
    }
