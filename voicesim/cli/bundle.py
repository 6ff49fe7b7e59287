"""``voicesim bundle``: a folder to carry to a machine that has no network."""

from pathlib import Path
from typing import Annotated

import typer

from voicesim.cli.frame import examples, new_app, note

app = new_app()


@app.command("bundle", epilog=examples("voicesim bundle voicesim-offline"))
def bundle(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", show_default=False)],
) -> None:
    """Make a folder that installs voicesim on a machine without internet; it takes a package registry to make it."""
    from voicesim.cli import bundle_install
    from voicesim.wiring.bundles import make_bundle

    made = make_bundle(folder, Path(bundle_install.__file__), note)
    typer.echo(f"{folder}: {made.wheels} wheels, {made.size_bytes / 1e6:.0f} MB")
    typer.echo(f"fingerprint {made.fingerprint}")
    note(f"Copy the folder to the other machine and run there: sh {folder.name}/install.sh (Windows: install.cmd)")
