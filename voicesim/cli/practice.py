"""``voicesim practice`` and ``voicesim demo``: hold a call and keep what came of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from voicesim.cli.frame import examples, new_app
from voicesim.errors import UsageError
from voicesim.model import Ending
from voicesim.reading.reader import closest

app = new_app()

DEMO_SCRIPT = "billed-twice"

Out = Annotated[Path | None, typer.Option("--out", help="Folder for call.json, report.html and both sound files.")]
Seed = Annotated[int, typer.Option("--seed", help="Chance of the call: the same seed, the same call.")]
Fast = Annotated[bool, typer.Option("--fast", help="As fast as the machine can; the same result.")]


@app.command(epilog=examples("voicesim demo", "voicesim demo --fast --out my-demo"))
def demo(out: Out = None, seed: Seed = 1, fast: Fast = False) -> None:
    """Watch a whole recorded practice call and get its feedback report, with the sound of every turn."""
    from voicesim.cli.holding import hold_files
    from voicesim.files import shipped
    from voicesim.wiring.inputs import read_baseline
    from voicesim.wiring.library import read_script
    from voicesim.wiring.plan import Plan

    folder = shipped("audio") / "demo"
    plan = Plan(
        script=read_script(shipped("scripts") / f"{DEMO_SCRIPT}.yaml"),
        out=out,
        seed=seed,
        trainee="Sam",
        baseline=read_baseline(folder / "baseline.json"),
    )
    hold_files(plan, folder, fast=fast, noted=False)


@app.command(
    epilog=examples(
        "voicesim practice billed-twice",
        "voicesim practice billed-twice --captions --patience 1.5",
        "voicesim practice billed-twice --replies my-replies --fast --out my-call",
        "voicesim practice billed-twice --difficulty 3",
        "voicesim practice billed-twice --official",
        "voicesim practice my-caller.yaml --text replies.txt --expect resolved,referred",
        "voicesim practice billed-twice --text - --seed 7",
    )
)
def practice(
    script: Annotated[str, typer.Argument(help="Id of a script (see `voicesim script list`), or a path.")],
    replies: Annotated[Path | None, typer.Option("--replies", help="Folder of sound files: the trainee.")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="File of typed replies, one a line; - asks you.")] = None,
    fast: Fast = False,
    out: Out = None,
    seed: Seed = 1,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="A saved baseline, instead of your own.")] = None,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose call; else the setting `trainee`.")] = None,
    recognizer: Annotated[str | None, typer.Option("--recognizer", help="auto, vosk or whisper.")] = None,
    expect: Annotated[str, typer.Option("--expect", help="Endings that count as done; another one exits with 1.")] = "",
    input_device: Annotated[str | None, typer.Option("--input", help="Microphone, by a part of its name.")] = None,
    output_device: Annotated[str | None, typer.Option("--output", help="Headphones, by a part of their name.")] = None,
    captions: Annotated[
        bool | None, typer.Option("--captions/--no-captions", help="Show what the caller says, on a headset call.")
    ] = None,
    push_to_talk: Annotated[
        bool | None, typer.Option("--push-to-talk/--open-mic", help="Space bar to talk, or always open.")
    ] = None,
    difficulty: Annotated[
        int | None,
        typer.Option("--difficulty", min=0, max=4, help="0 gentle to 4 hardest; without it the script as written."),
    ] = None,
    official: Annotated[
        bool, typer.Option("--official", help="An official run: how you sound moves nobody, nothing is said again.")
    ] = False,
    patience: Annotated[
        float | None, typer.Option("--patience", min=0.5, max=3.0, help="How long the caller waits, as a multiple.")
    ] = None,
) -> None:
    """Answer a scripted caller aloud, from sound files or typed."""
    from voicesim.cli.frame import note
    from voicesim.cli.holding import hold_files, hold_text
    from voicesim.cli.preparing import practise_on_headset
    from voicesim.settings import load_settings
    from voicesim.wiring.inputs import read_baseline
    from voicesim.wiring.library import find_script
    from voicesim.wiring.manner import what_was_kept
    from voicesim.wiring.plan import plan_of

    if replies is not None and text is not None:
        raise UsageError("--replies and --text are two trainees for one call", mend="Give one of them.")
    if fast and replies is None:
        raise UsageError("--fast needs --replies: nobody can answer aloud faster", mend="Add --replies FOLDER.")
    chosen = load_settings()
    settings = replace(
        chosen,
        trainee=trainee or chosen.trainee,
        recognizer=recognizer or chosen.recognizer,
        captions=chosen.captions if captions is None else captions,
        push_to_talk=chosen.push_to_talk if push_to_talk is None else push_to_talk,
        patience=patience or chosen.patience,
    )
    plan = plan_of(
        find_script(script),
        settings,
        seed=seed,
        level=difficulty,
        official=official,
        sound=text is None,
        baseline=None if baseline is None else read_baseline(baseline),
        expect=_endings(expect),
        out=out,
    )
    for sentence in what_was_kept(settings):
        note(sentence)
    if text is not None:
        hold_text(plan, typed_from(text))
    elif replies is not None:
        hold_files(plan, replies, fast=fast)
    else:
        practise_on_headset(plan, settings, input_device, output_device)


def _endings(names: str) -> tuple[Ending, ...]:
    known = [ending.value for ending in Ending]
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise UsageError(f"--expect does not know the ending '{name}'", mend=closest(name, known))
    return tuple(Ending(name) for name in wanted)


def typed_from(path: Path) -> Iterator[str]:
    """The typed replies of a file, one a line, or, where it is called ``-``, those that a person is asked for."""
    from voicesim.call.replies import typed_replies
    from voicesim.wiring.inputs import read_text

    return _asked() if str(path) == "-" else typed_replies(read_text(path))


def _asked() -> Iterator[str]:
    while True:
        try:
            yield input("you> ").strip()
        except EOFError:
            return
        except KeyboardInterrupt:
            print()  # what follows begins on a line of its own
            raise
