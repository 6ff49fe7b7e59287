"""``voicesim score``: what a rubric makes of a stored call, beside the score that it was given; and rubrics checked."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from voicesim.coach.compared import Cell, Row
    from voicesim.coach.overrides import Override
    from voicesim.coach.rubric import Criterion, Rubric
    from voicesim.model import CallRecord, Feedback, Moment, Phase
    from voicesim.wiring.reviewing import Scored

app = new_app()

_DELIVERY = "delivery"
_NO_SCRIPT = "The script of this call is not on this machine, or is another version: its goals do not count here."


@app.command(
    epilog=examples(
        "voicesim score last",
        "voicesim score last --rubric my-rubric.yaml --keep",
        "voicesim score last --with-overrides --json",
        "voicesim score --check my-rubric.yaml",
    )
)
def score(
    call: Annotated[str | None, typer.Argument(help="Id of a call or its beginning, `last`, or a folder.")] = None,
    rubric: Annotated[Path | None, typer.Option("--rubric", help="A rubric of your own; else the shipped one.")] = None,
    overrides: Annotated[
        bool, typer.Option("--with-overrides", help="Count what trainers overrode in a review, too.")
    ] = False,
    shared: Annotated[
        str | None, typer.Option("--with", help="`delivery`: a rubric that asks for it may look at how you sounded.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep this score in the folder of the call.")] = False,
    check: Annotated[Path | None, typer.Option("--check", help="Check a rubric, and say what it looks for.")] = None,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose call; else the setting `trainee`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")] = False,
) -> None:
    """Show the score of a call by a rubric, side by side with the one it was given.

    Nothing that is stored is changed: a score is never silently made again.
    """
    from voicesim.wiring.rubrics import default_rubric, read_rubric

    if check is not None:
        _tell_rubric(read_rubric(check), as_json=as_json)
        return
    if call is None:
        raise UsageError("no call is named", mend="Try: voicesim score last. A rubric alone: --check FILE.")
    if shared not in (None, _DELIVERY):
        raise UsageError(f"--with does not know '{shared}'", mend=f"It takes `{_DELIVERY}` alone.")
    from voicesim.cli.calls import trainee_named
    from voicesim.wiring.reviewing import finished_record, scored, script_held
    from voicesim.wiring.stored_calls import call_of

    folder = call_of(trainee_named(trainee), call)
    used = default_rubric() if rubric is None else read_rubric(rubric)
    record = finished_record(folder)
    script = script_held(folder, record)
    made = scored(folder, record, used, script, overrides=overrides, delivery=shared == _DELIVERY)
    if script is None:
        note(_NO_SCRIPT)
    if made.unread is not None:
        note(made.unread)
    data = _json(record, made, used, goals=script is not None)
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False))
    else:
        _show(record, made, used)
    if keep:
        note(f"Kept: {_kept(folder, used, data)}")


def _kept(folder: Path, rubric: "Rubric", data: dict[str, Any]) -> Path:
    """The file that holds this score now; one that holds another stays as it is."""
    from voicesim.files import make_folder, write_text
    from voicesim.store.places import SCORES

    scores = make_folder(folder / SCORES, private=True)
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    number = 1
    while True:
        end = "" if number == 1 else f".{number}"
        path = scores / f"{rubric.id}-{rubric.version}{end}.json"
        if not path.exists():
            write_text(path, text, private=True)
            return path
        if path.read_text(encoding="utf-8") == text:
            return path
        number += 1


# -- in words ---------------------------------------------------------------------------------------------------------


def _show(record: "CallRecord", made: "Scored", rubric: "Rubric") -> None:
    from voicesim.cli.review_shown import entry_told
    from voicesim.coach.compared import by_qa
    from voicesim.model import Ending, Phase

    told = made.told
    names = ("by the machine", "with overrides") if told.old is made.machine else ("as it was given", "now")
    given = f"rubric {told.old.rubric}" if told.old else "not scored"
    typer.echo(f"{record.script.title or record.script.id}: ended {record.ending.value.replace('_', ' ')}")
    typer.echo(f"{names[0]}: {_total(told.old)} ({given}); {names[1]}: {_total(told.new)} (rubric {rubric.label})")
    if record.ending.good is None:
        what = "is incomplete" if record.ending is Ending.INCOMPLETE else "was stopped"
        typer.echo(f"This call {what}, so nothing is judged: below stands what was observed and what was not.")
    for one in made.changed:
        typer.echo(f"  {_told_override(one)}")
    for entry in made.contests:
        typer.echo(f"  {entry_told(entry)}")
    titles = {(c.phase, c.id): c.title for c in rubric.criteria}
    for phase in Phase:
        typer.echo(f"\n{_told_phase(record, made, phase, names[1])}")
        for row in told.rows:
            if row.phase is phase:
                _show_row(row, titles.get((row.phase, row.id)))
    typer.echo("\nIn the terms of quality assurance (earned of possible, lost by mistakes):")
    for term, (earned, of, lost) in by_qa(told.new, rubric).items():
        typer.echo(f"  {term.value:<13} {earned:>3} of {of:<3}{f' and -{lost}' if lost else ''}")


def _told_phase(record: "CallRecord", made: "Scored", phase: "Phase", now: str) -> str:
    """The points of a phase in both scores; of one that was not reached, how it counts."""
    from voicesim.report.wording import PHASE_NAMES

    name, (old, new) = PHASE_NAMES[phase], made.told.phase(phase)
    if new.points is not None or made.told.new.total is None:
        return f"{name}: {_part(old)}, {now} {_part(new)}"
    if record.ending.good:
        return f"{name}: not reached, and left out, since the call ended well"
    before = "not scored" if old is None else f"{old.points or 0} of {old.of}"
    return f"{name}: not reached: {before}, {now} 0 of {new.of}, since the call ended badly"


def _show_row(row: "Row", title: str | None) -> None:
    """Print both points and the evidence; of a criterion that was missed also the ``title`` that its author gave it."""
    sign = "*" if row.differs else " "
    kind = "" if row.earned else " (mistake or goal)"
    typer.echo(f"{sign} {_points(row.old):>12} {_points(row.new):>12}  {row.id}{kind}")
    shown = row.new or row.old
    for moment in shown.moments if shown else ():
        typer.echo(f"{'':29}{_evidence(moment)}")
    if title and row.earned and shown and shown.points == 0:
        typer.echo(f"{'':29}{title}")


def _evidence(moment: "Moment") -> str:
    """The evidence of a moment in one line: the turn and the words, or where it was looked for."""
    from voicesim.coach.rubric import Measure

    seen = f"turn {moment.turn}: {moment.title}{f' “{moment.quote}”' if moment.quote else ''}"
    if not moment.looked_for:
        # Neither seen nor looked for: it could not be judged.
        return seen if moment.turn else f"{moment.title}. {moment.why}"
    if not moment.points:
        return f"{moment.looked_for}."
    # Only a technique that came late was said: a missed goal and a measure have no words of their own.
    late = moment.points > 0 and moment.id not in set(Measure)
    return f"{seen if late else moment.title.removesuffix('.')}. {moment.looked_for}."


def _points(cell: "Cell | None") -> str:
    if cell is None:
        return "-"
    if cell.points is None:
        return "not judged"
    return f"{cell.points} of {cell.of}" if cell.of else f"{cell.points:+d}" if cell.points else "0"


def _part(part: Any) -> str:
    return "not scored" if part is None else "not judged" if part.points is None else f"{part.points} of {part.of}"


def _total(given: "Feedback | None") -> str:
    return "-" if given is None else "not judged" if given.total is None else f"{given.total} of 100"


def _told_override(one: "Override") -> str:
    what = f"turn {one.turn}: {one.by} {'sees' if one.present else 'does not see'} {one.finding}"
    machine = f"the machine {'does' if one.machine else 'does not'}"
    reason = f" (not counted: {one.left})" if one.left else ""
    return f"{what}, {machine}{reason}{f': {one.note}' if one.note else ''}"


def _tell_rubric(rubric: "Rubric", *, as_json: bool) -> None:
    from voicesim.coach.criteria import looks_for
    from voicesim.report.wording import PHASE_NAMES

    if as_json:
        rows = [
            {
                "phase": c.phase.value,
                "id": c.id,
                "qa": c.qa.value,
                "points": c.points,
                "looks_for": looks_for(c),
                "at_most": c.at_most,
                "title": c.title,
            }
            for c in rubric.criteria
        ]
        mistakes = {name: cost.points for name, cost in rubric.mistakes.items()}
        told = {"schema": 1, "rubric": rubric.label, "criteria": rows, "mistakes": mistakes}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(f"{rubric.title}: rubric {rubric.label} can be used.")
    for phase, name in PHASE_NAMES.items():
        typer.echo(f"\n{name}, {rubric.phase_points(phase)} points")
        for criterion in rubric.criteria:
            if criterion.phase is phase:
                typer.echo(f"{criterion.points:>4}  {_told_criterion(criterion)}")
                if criterion.title:
                    typer.echo(f"{'':6}“{criterion.title}”")
    costs = ", ".join(f"{name} -{cost.points}" for name, cost in rubric.mistakes.items())
    typer.echo(f"\nMistakes, each counted {rubric.mistake_times} times a phase at most: {costs or 'none'}")
    typer.echo(f"A missed goal of the script: -{rubric.goal_points}")
    if rubric.critical:
        typer.echo(f"The total is held at {rubric.held_at} after: {', '.join(rubric.critical)}")
    if rubric.delivery:
        typer.echo("It asks how replies sounded: judged only where the trainee shares that (--with delivery).")


def _told_criterion(criterion: "Criterion") -> str:
    from voicesim.coach.criteria import looks_for
    from voicesim.coach.rubric import Needs

    needs = "" if criterion.needs is Needs.NOTHING else f", only with {criterion.needs}"
    within = f", half outside {', '.join(criterion.within)}" if criterion.within else ""
    replies = "reply" if criterion.at_most == 1 else "replies"
    often = f", half in more than {criterion.at_most} {replies}" if criterion.at_most is not None else ""
    return f"{criterion.id} ({criterion.qa}): {looks_for(criterion)}{within}{often}{needs}"


# -- as data ----------------------------------------------------------------------------------------------------------


def _json(record: "CallRecord", made: "Scored", rubric: "Rubric", *, goals: bool) -> dict[str, Any]:
    from voicesim.coach.compared import by_qa
    from voicesim.report.codec import encode

    told = made.told
    rows = [
        {
            "phase": row.phase.value,
            "id": row.id,
            "criterion": row.earned,
            "differs": row.differs,
            "old": encode(row.old),
            "new": encode(row.new),
        }
        for row in told.rows
    ]
    terms = {qa.value: {"points": p, "of": of, "lost": lost} for qa, (p, of, lost) in by_qa(told.new, rubric).items()}
    old = told.old
    return {
        "schema": 1,
        "script": encode(record.script),
        "ending": record.ending.value,
        "rubric": rubric.label,
        "with_overrides": old is made.machine,
        "goals_counted": goals,
        "old": None if old is None else {"rubric": old.rubric, "total": old.total, "phases": encode(old.phases)},
        "new": {"rubric": told.new.rubric, "total": told.new.total, "phases": encode(told.new.phases)},
        "terms": terms,
        "overrides": [encode(one) for one in made.changed],
        "contests": [encode(entry) for entry in made.contests],
        "rows": rows,
    }
