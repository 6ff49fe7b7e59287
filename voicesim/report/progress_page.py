"""Progress and courses as pages: one HTML file each, which needs nothing else and looks like the report of a call."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from voicesim.coach.course import Course, Standing, State, next_of
from voicesim.coach.drills import DRILLS, Due
from voicesim.coach.progress import Better, Group, Progress, Series, Weak, trend
from voicesim.report.figures import due_drills, run_name
from voicesim.report.html import STYLES
from voicesim.report.plots import series_chart

if TYPE_CHECKING:
    from jinja2 import Environment

_WIDTH = 340
GROUPS: Mapping[Group, str] = {
    Group.MEASURE: "Your calls",
    Group.TECHNIQUE: "Techniques",
    Group.MISTAKE: "Mistakes",
}
DELIVERY = "How you sounded"


def sections(progress: Progress) -> dict[str, list[Series]]:
    """The series of a progress under their headings, in the order in which they are worth reading."""
    found = {
        name: [s for s in progress.series if s.group is group and not s.delivery] for group, name in GROUPS.items()
    }
    found[DELIVERY] = [s for s in progress.series if s.delivery]
    return {name: series for name, series in found.items() if series}


def render_progress(
    trainee: str, runs: Sequence[Progress], weak: Sequence[Weak], waiting: Sequence[Due], *, now: datetime
) -> str:
    """The progress of a trainee as the text of one HTML file, drawn as plots with a table beside each."""
    return _page(
        "progress.html.j2",
        trainee=trainee,
        runs=[(run_name(one), one, drawn(one)) for one in runs],
        weak=weak,
        drills=DRILLS,
        due=due_drills(waiting, now),
        now=now,
    )


def render_course(course: Course, standings: Sequence[Standing], trainee: str, *, now: datetime) -> str:
    """How far a trainee is in a course, as the text of one HTML file."""
    done = sum(one.state is State.DONE for one in standings)
    return _page(
        "course.html.j2",
        course=course,
        standings=standings,
        trainee=trainee,
        done=done,
        following=next_of(standings),
        now=now,
    )


def drawn(progress: Progress) -> dict[str, list[tuple[Series, str, str]]]:
    """Each figure of a progress under its heading: its values, its drawing as SVG, and its trend in words."""
    return {name: [(s, _chart(s), trend(s)) for s in series] for name, series in sections(progress).items()}


def _chart(series: Series) -> str:
    labels = [series.shown(v) for v in series.values]
    n = len(series.known)
    title = f"{series.name}, {series.unit}, over {n} {'call' if n == 1 else 'calls'}: {trend(series)}"
    own = 0.0 if series.better is Better.NEAR else None
    return series_chart(series.values, labels, title=title, width=_WIDTH, least_span=2 * series.least, own=own)


def _page(template: str, **values: Any) -> str:
    environment = _environment()
    loader = environment.loader
    assert loader is not None
    style = "\n".join(loader.get_source(environment, name)[0] for name in STYLES)
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return environment.get_template(template).render(style=style, style_digest=f"sha256-{digest}", **values)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("voicesim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
