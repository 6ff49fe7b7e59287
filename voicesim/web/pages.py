"""Pages from templates: one layout, one environment, the values that every page needs."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from voicesim import __version__
from voicesim.report.sources import evidence
from voicesim.web.desk import desk_of
from voicesim.web.guard import CSRF_QUERY

FOLDER = Path(__file__).parent
#: The parts of the page: address, name, and for whom.
PARTS = (
    ("/", "Practise", "trainee"),
    ("/calls", "Feedback", "trainee"),
    ("/progress", "Progress", "trainee"),
    ("/drills", "Drills", "trainee"),
    ("/scripts", "Scripts", "trainer"),
    ("/studio", "Studio", "trainer"),
    ("/review", "Review", "trainer"),
    ("/settings", "Settings", "both"),
)

#: Pages that belong to a part of another address.
_BESIDE = (("/courses", "/progress"), ("/packs", "/studio"), ("/team", "/review"))


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from ``template`` (``NAME.html.j2``). It knows ``values``, and:

    ``csrf`` for scripts, ``posts(address)`` for the action of a form, ``here`` (the part of the page it belongs to).
    """
    desk = desk_of(request)
    csrf = desk.keys.csrf(request.cookies.get(desk.keys.cookie_name, ""))

    def posts(address: str) -> str:
        return f"{address}{'&' if '?' in address else '?'}{CSRF_QUERY}={csrf}"

    known = {"csrf": csrf, "posts": posts, "here": _part(request.url.path), "parts": PARTS, "version": __version__}
    return HTMLResponse(_environment().get_template(template).render(known | values), status)


def _part(path: str) -> str:
    beside = next((part for address, part in _BESIDE if path.startswith(address)), path)
    inside = [address for address, _, _ in PARTS if address != "/" and f"{beside}/".startswith(f"{address}/")]
    return inside[0] if inside else "/"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["evidence"] = evidence
    return made
