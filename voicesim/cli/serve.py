"""``voicesim serve``: the same trainer's and trainee's work in a browser, on this machine alone."""

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
    import webbrowser

    from voicesim.web.desk import Desk
    from voicesim.web.guard import Keys
    from voicesim.web.serving import listening
    from voicesim.web.serving import serve as serve_page

    listener = listening(host, port)
    keys = Keys(port=listener.getsockname()[1])
    typer.echo(f"voicesim is open at {keys.link}")
    note("Keep this window open; Ctrl-C ends it. Nobody but you can use the link, and nothing leaves this machine.")
    listener.listen()
    if open_it and not webbrowser.open(keys.link):
        note("No browser could be opened: copy the link into one.")
    with closing_in_order():
        serve_page(Desk(keys=keys, named_trainee=trainee), listener)
