"""The page under attack: made-up requests against what OpenAPI promises, and paths that try to reach a file."""

import os
import re
from typing import get_type_hints

import pytest
import schemathesis
from calls_made import FAIR, HARSH, SHORT, held
from hypothesis import HealthCheck, Phase, given, settings
from let_in import LetIn, new_desk
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from starlette.responses import RedirectResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
#: Few for each operation, since there are more than a hundred. VOICESIM_FUZZ=50 tries as many, by chance.
MANY = int(os.environ.get("VOICESIM_FUZZ", "0"))
TRIES = settings(
    max_examples=MANY or 5,
    deadline=None,
    database=None,
    derandomize=not MANY,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SPEC = LetIn(new_desk()).inner._app.openapi()
OPERATIONS = [(method, path) for path, methods in SPEC["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page with a stored call and an own script; gives the ASGI application and what its ids are."""
    folder = tmp_path_factory.mktemp("api")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOICESIM_DATA", str(folder / "data"))
        patch.setenv("VOICESIM_SITE_SETTINGS", str(folder / "none.toml"))
        (folder / "data" / "scripts").mkdir(parents=True)
        (folder / "data" / "scripts" / "short.yaml").write_bytes(SHORT.read_bytes())
        call = held(folder, FAIR, HARSH)
        for place in (call.parent, folder, folder / "data", folder / "data" / "scripts"):
            (place / "secret.txt").write_text(MARK)
        desk = new_desk()
        app = LetIn(desk)
        known = {"call": call.name, "number": "1", "n": "1", "script_id": "short", "drill": "empathy", "what": "you"}
        yield app, known
        desk.sessions.close(30)


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda word: word)
def test_whatever_is_asked_the_answer_is_one_that_is_promised(method, path, page):
    """No fault of the server, a status and a type of content that OpenAPI lists; half of the ids are real."""
    app, known = page
    operation = schemathesis.openapi.from_asgi("/openapi.json", app)[path][method]

    @TRIES
    @given(case=operation.as_strategy())
    def ask(case):
        real = case.path_parameters and sum(map(ord, str(case.path_parameters))) % 2
        if real:
            case.path_parameters.update({key: known[key] for key in case.path_parameters.keys() & known})
        response = case.call(allow_redirects=False)
        case.validate_response(response, checks=CHECKS)

    ask()


def test_what_leads_on_is_listed_as_that_and_not_as_a_page():
    """Every form that only ever leads on answers 303, and OpenAPI says so."""
    leading, wrong = 0, []
    for route in flat(LetIn(new_desk()).inner._app.routes):
        kind = get_type_hints(route.endpoint).get("return") if hasattr(route, "methods") else None
        if kind is RedirectResponse and "POST" in route.methods:
            listed = set(SPEC["paths"][route.path]["post"]["responses"])
            leading += 1
            if "200" in listed or "303" not in listed:
                wrong.append((route.path, listed))
    assert (wrong, leading > 25) == ([], True)


def test_nothing_leads_on_that_is_not_listed_so():
    """What may lead on or show its form again lists 303 too; a page alone does not."""
    listed = {path for path, methods in SPEC["paths"].items() if "303" in methods.get("post", {}).get("responses", {})}
    assert {"/settings", "/calls/forget", "/scripts/{script_id}", "/scripts/{script_id}/rehearsals"} <= listed
    assert not {"/calls/{call}/share", "/headset", "/calibrate", "/review/{call}/score"} & listed


# -- paths ------------------------------------------------------------------------------------------------------------

MARK = "nobody may read this"
EVIL = {
    "up": "../secret.txt",
    "far up": "../../../../../../etc/passwd",
    "up in Windows": "..\\..\\secret.txt",
    "absolute": "/etc/passwd",
    "a drive": "C:\\Windows\\win.ini",
    "twice": "....//....//secret.txt",
    "here": ".",
    "parent": "..",
    "NUL": "short\0.yaml",
    "no UTF-8": b"\xff\xfe",
    "lines": "a\r\nset-cookie: x=1",
    "long": "a" * 5_000,
    "digits": "9" * 400,
    "below zero": "-1",
    "template": "{{7*7}}${7*7}",
    "blank": " ",
}


def with_parameters(routes, above=""):
    """Every path with a parameter, and its methods."""
    for route in routes:
        if isinstance(route, Mount):
            yield f"{above}{route.path}/{{file}}", {"GET"}
        elif "{" in route.path and hasattr(route, "methods"):
            yield f"{above}{route.path}", route.methods - {"HEAD"}


def flat(routes):
    for route in routes:
        inside = getattr(getattr(route, "original_router", None), "routes", None)
        yield from flat(inside) if inside else [route]


PATHS = sorted(
    (path, method) for path, methods in with_parameters(flat(LetIn(new_desk()).inner._app.routes)) for method in methods
)


def test_every_operation_with_an_id_is_walked():
    assert {path for _, path in OPERATIONS if "{" in path} == {path for path, _ in PATHS} - {"/static/{file}"}


def escaped(value):
    """Every sign as ``%xx``: nothing on the way tidies it up."""
    return "".join(f"%{byte:02x}" for byte in (value if isinstance(value, bytes) else value.encode()))


@pytest.mark.parametrize(("path", "method"), PATHS, ids=lambda word: word)
def test_no_id_in_an_address_reaches_a_file(path, method, page):
    """Each id in turn is an evil one, the others are real; nothing is found, and nothing breaks."""
    app, known = page
    client = TestClient(app, follow_redirects=False)
    names = re.findall(r"{(\w+)(?::\w+)?}", path)
    wrong = []
    for name in names:
        for kind, value in EVIL.items():
            filled = {other: escaped(known.get(other, "x")) for other in names} | {name: escaped(value)}
            address = re.sub(r"{(\w+)(?::\w+)?}", lambda found, filled=filled: filled[found[1]], path)
            answer = client.request(method, address)
            shown = MARK in answer.text or "root:" in answer.text or "set-cookie" in answer.headers
            # A check that is over leads back to the page where the next one begins.
            back = answer.headers.get("location") == "/headset"
            if (answer.status_code not in (400, 404, 405, 422) and not back) or shown:
                wrong.append((name, kind, answer.status_code))
    assert wrong == []
