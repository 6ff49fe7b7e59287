"""``voicesim serve``: the same trainer's and trainee's work in a browser, on this machine alone."""

from contextlib import ExitStack, nullcontext, suppress
from typing import Annotated

import typer

from voicesim.cli.frame import closing_in_order, examples, new_app, note

app = new_app()


@app.command("serve", epilog=examples("voicesim serve", "voicesim serve --no-open --port 8800"))
def serve(
    port: Annotated[int | None, typer.Option("--port", min=1024, max=65535, help="Another port.")] = None,
    open_it: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in your browser.")] = True,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose calls; else the setting `trainee`.")] = None,
    host: Annotated[str, typer.Option("--host", help="Only the loopback address is served.")] = "127.0.0.1",
) -> None:
    """Practise, read feedback and record callers in the browser; Ctrl-C ends it."""
    from voicesim.web.desk import Desk
    from voicesim.web.guard import Keys
    from voicesim.web.serving import OpenAlready, announced, listening
    from voicesim.web.serving import serve as serve_page

    listener = listening(host, port)
    keys = Keys(port=listener.getsockname()[1])
    # Who names a port or a trainee means a page of its own.
    beside = port is not None or trainee is not None
    # Ctrl-C is how a person ends it, at any moment: there is nothing to complain about.
    with closing_in_order(), suppress(KeyboardInterrupt), ExitStack() as open_page:
        try:
            open_page.enter_context(nullcontext() if trainee else announced(keys.link))
        except OpenAlready as already:
            if not beside:
                listener.close()
                _show_again(already.link, open_it)
                return
        typer.echo(f"voicesim is open at {keys.link}")
        note("Keep this window open; Ctrl-C ends it. Nobody but you can use the link, and nothing leaves this machine.")
        listener.listen()
        if open_it:
            _show(keys.link)
        serve_page(Desk(keys=keys, named_trainee=trainee), listener, _closing)


def _show_again(link: str, open_it: bool) -> None:
    """Lead to the page that is open already."""
    if not link:
        note("voicesim is being opened by another window.")
        return
    typer.echo(f"voicesim is open already at {link}")
    note("Another window keeps it open. A page beside it: voicesim serve --port NUMBER")
    if open_it:
        _show(link)


def _show(link: str) -> None:
    import webbrowser

    if not webbrowser.open(link):
        note("No browser could be opened: copy the link into one.")


def _closing(going_on: int) -> None:
    # A terminal that was closed takes no more notes.
    with suppress(OSError):
        note(f"Closing and keeping what goes on ({going_on}).")
