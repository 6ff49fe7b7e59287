"""``voicesim analyse``: findings and wording of replies, and the delivery of recorded ones, without a script."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note, working
from voicesim.errors import UsageError, VoicesimError

if TYPE_CHECKING:
    from voicesim.language.wording import Wording
    from voicesim.model import Baseline, Finding, Sound
    from voicesim.wiring.listening import Listened, Listener

app = new_app()


@app.command(
    "analyse",
    epilog=examples(
        "voicesim analyse reply.wav",
        "voicesim analyse reply-1.wav reply-2.flac --json",
        "voicesim analyse reply.wav --baseline neutral-1.wav --baseline neutral-2.wav",
        "voicesim analyse reply.wav --baseline baseline.json",
        "voicesim analyse --text replies.txt --json",
    )
    + "\n\nA file that cannot be read is named on stderr, the others are done, and the exit code is 2.",
)
def analyse(
    files: Annotated[list[Path] | None, typer.Argument(help="Recorded replies, one file each.")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="A text file with a reply a line, instead.")] = None,
    baseline: Annotated[
        list[Path] | None,
        typer.Option("--baseline", help="Your neutral sentences (repeat the option), or one saved baseline."),
    ] = None,
    recognizer: Annotated[str, typer.Option("--recognizer", help="auto, vosk or whisper.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line (schema 1).")] = False,
) -> None:
    """Say what was heard in replies and how they sounded, without any script."""
    if (text is None) == (not files):
        raise UsageError("name either recorded replies or --text FILE", mend="See voicesim analyse --help.")
    if text is not None and baseline:
        raise UsageError("--baseline is for recorded replies: typed ones have no sound")
    if text is not None:
        _typed(text, as_json)
    else:
        _recorded(files or [], baseline or [], recognizer, as_json)


def _typed(path: Path, as_json: bool) -> None:
    """Print what each line of a text file holds."""
    from voicesim.report.wording import worded
    from voicesim.wiring.inputs import read_lines

    for number, line in enumerate(read_lines(path), start=1):
        findings = typed_findings(line)
        if as_json:
            typer.echo(json.dumps(typed_json(number, line, findings)))
        else:
            typer.echo(f"{number}: {line}")
            rows = [*map(in_words, findings), *(": ".join(row) for row in worded(typed_wording(line, findings)))]
            typer.echo("".join(f"   {row}\n" for row in rows), nl=False)


def typed_findings(text: str) -> "tuple[Finding, ...]":
    """The findings of one typed reply."""
    from voicesim.call.text import typed
    from voicesim.hearing import understand
    from voicesim.model import Context
    from voicesim.wiring.learned import load_learned

    return understand(typed(text), Context(), load_learned())[0].findings


def typed_wording(text: str, findings: "tuple[Finding, ...]") -> "Wording":
    """The wording of one typed reply that holds these findings."""
    from voicesim.call.text import typed
    from voicesim.language.wording import wording

    return wording(typed(text), findings=findings)


def typed_json(number: int, text: str, findings: "tuple[Finding, ...]") -> dict[str, Any]:
    """What ``--text --json`` prints of line ``number`` (schema 1)."""
    from voicesim.report.codec import encode
    from voicesim.report.data import finding_json

    return {
        "schema": 1,
        "line": number,
        "text": text,
        "findings": [finding_json(finding) for finding in findings],
        "wording": encode(typed_wording(text, findings)),
    }


def _recorded(files: list[Path], baselines: list[Path], recognizer: str, as_json: bool) -> None:
    """Print what each recording holds, in the order given; go on after one that cannot be read."""
    with working("Loading the recognizer"):
        from voicesim.wiring.listening import Listener

        listener = Listener.named(recognizer)
    own = _baseline(baselines, listener) if baselines else None
    refused = 0
    for number, path in enumerate(files, start=1):
        try:
            with working(f"{number} of {len(files)}: {path}"):
                sound, notes = _sound(path)
                listened = listener.listen(sound, baseline=own)
        except VoicesimError as error:
            if error.exit_code != UsageError.exit_code:
                raise
            note(f"voicesim: {error}")
            refused += 1
            continue
        if as_json:
            typer.echo(json.dumps(recorded_json(path, sound, notes, listened)))
        else:
            _show(path, sound, notes, listened)
    if refused:
        raise typer.Exit(UsageError.exit_code)


def _sound(path: Path) -> "tuple[Sound, tuple[str, ...]]":
    from voicesim.files import read_sound

    return read_sound(path)


def _baseline(paths: list[Path], listener: "Listener") -> "Baseline":
    """The saved baseline, or the one that neutral sentences make."""
    from voicesim.wiring.inputs import read_baseline

    if [path.suffix.lower() for path in paths] == [".json"]:
        return read_baseline(paths[0])
    if any(path.suffix.lower() == ".json" for path in paths):
        raise UsageError("--baseline is either one saved baseline or sounds, not both")
    with working("Measuring the baseline"):
        sounds = [_sound(path)[0] for path in paths]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return listener.baseline(sounds, trainee="you", headset="files", made_utc=now)


def recorded_json(path: Path, sound: "Sound", notes: tuple[str, ...], listened: "Listened") -> dict[str, Any]:
    """What ``--json`` prints of one recording (schema 1): times in seconds from its beginning."""
    from voicesim.report.codec import encode
    from voicesim.report.data import delivery_json, finding_json, transcript_json

    return {
        "schema": 1,
        "file": str(path),
        "duration_s": round(sound.duration_s, 3),
        "transcript": transcript_json(listened.transcript),
        "delivery": delivery_json(listened.delivery),
        "findings": [finding_json(finding) for finding in listened.findings],
        "wording": encode(listened.wording),
        "notes": list(notes),
    }


def in_words(finding: "Finding") -> str:
    """One finding as a person reads it."""
    quote = f': "{finding.quote}"' if finding.quote else ""
    doubt = "" if finding.sure else f" (unsure, {finding.confidence:.0%})"
    return f"{finding.kind}: {finding.id}{doubt}{quote}"


def _show(path: Path, sound: "Sound", notes: tuple[str, ...], listened: "Listened") -> None:
    """Print one recording for a person."""
    from rich.console import Console
    from rich.text import Text

    from voicesim.report.wording import worded

    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"{path}  {sound.duration_s:.1f} s", "bold"))
    for remark in notes:
        console.print(Text(f"  note: {remark}", "dim"))
    console.print(Text(f"  heard ({listened.transcript.engine}): {listened.transcript.text or '(no words)'}"))
    for row in map(in_words, listened.findings):
        console.print(Text(f"  {row}"))
    for label, value in (*measures(listened), *worded(listened.wording)):
        console.print(Text(f"  {label}: {value}"))
    console.print()


def measures(listened: "Listened") -> Iterator[tuple[str, str]]:
    """Label and value with its unit of each measure of delivery; where there is none, why."""
    delivery = listened.delivery
    yield "speech", f"{delivery.speech_s:.1f} s"
    rows = [
        ("pace", "articulation_rate_sps", "{:.1f} syllables a second"),
        ("words", "words_per_minute", "{:.0f} a minute"),
        ("pauses", "pause_share", "{:.0%} of the time"),
        ("longest pause", "longest_pause_s", "{:.1f} s"),
        ("level against your baseline", "level_db_re_baseline", "{:+.1f} dB"),
        ("pitch against your baseline", "f0_median_st_re_baseline", "{:+.1f} semitones"),
        ("brightness against your baseline", "centroid_st_re_baseline", "{:+.1f} semitones"),
        ("tension", "tension", "{:+.1f}"),
    ]
    for label, name, form in rows:
        value = getattr(delivery, name)
        band = f" ({delivery.tension_band})" if name == "tension" and delivery.tension_band else ""
        if value is not None:
            yield label, form.format(value) + band
        elif name in delivery.abstained and (delivery.calibrated or not name.endswith("_re_baseline")):
            yield label, f"not measured: {delivery.abstained[name]}"
    if not delivery.calibrated:
        yield "baseline", "none, so tension is not calibrated and nothing is measured against you (use --baseline)"
