"""``voicesim models``: which recognition models there are, and installing one.

Nothing but this and ``voicesim bundle`` uses the network.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note, progress_bar

if TYPE_CHECKING:
    from voicesim.backends.models import ModelInfo

app = new_app(
    help="List and install models of recognizers. Installing is the only thing here that uses the network.",
    epilog=examples("voicesim models list", "voicesim models install vosk-small-en-us"),
)


@app.command("list", epilog=examples("voicesim models list", "voicesim models list --json"))
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")] = False,
) -> None:
    """List the models that are there and those that one command brings."""
    from voicesim.backends.models import available

    models = available()
    if as_json:
        typer.echo(json.dumps({"schema": 1, "models": [to_json(model) for model in models]}))
    else:
        _show(models)


@app.command(
    "install",
    epilog=examples(
        "voicesim models install vosk-small-en-us",
        "voicesim models install vosk-model-small-en-us-0.15.zip",
        "voicesim models install path/to/model-folder",
    ),
)
def install_model(
    model: Annotated[str, typer.Argument(help="A name of `voicesim models list`, a .zip file, or a folder.")],
) -> None:
    """Install a Vosk model: fetched, checked and tried by name, or from a file or folder of your own."""
    from voicesim.backends.models import install

    with stages() as tell:
        folder = install(model, progress=tell)
    note(f"Installed and tried: {folder}")


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """A function to be told (stage, bytes done, bytes in all); each stage gets a progress bar of its own."""
    with ExitStack() as bars:
        current: dict[str, Callable[[int, int], None]] = {}

        def tell(stage: str, done: int, of: int) -> None:
            if stage not in current:
                bars.close()
                current[stage] = bars.enter_context(progress_bar(stage.capitalize(), of_bytes=True))
            current[stage](done, of)

        yield tell


def to_json(model: "ModelInfo") -> dict[str, Any]:
    """What ``--json`` prints of one model; ``path`` is null and ``bytes`` the download before it is installed."""
    return {
        "name": model.name,
        "kind": model.kind,
        "language": model.language,
        "installed": model.installed,
        "path": None if model.path is None else str(model.path),
        "bytes": model.bytes,
        "get": model.get,
        "problem": model.problem,
    }


def in_words(model: "ModelInfo") -> str:
    """One model as a person reads it."""
    size = f", {model.bytes / 1e6:.0f} MB" if model.bytes else ""
    kind = f"{model.kind}, {model.language or 'language not known'}{size}"
    if model.installed:
        return f"{model.name} ({kind}): {model.problem or 'installed'}"
    return f"{model.name} ({kind}): {model.problem or 'not installed'}; {model.get}"


def _show(models: "list[ModelInfo]") -> None:
    for model in models:
        typer.echo(in_words(model))
