"""Whether the score keeps five kinds of agents in their order, on every shipped script.

Made-up agents hold typed calls; the real detectors read them and each rubric scores them. ``--calls`` with each kind
and script (8), ``--scripts`` ids, ``--rubric`` files to compare beside the shipped one. The words of agents that
somebody wrote by hand (tests/agents) are scored as well.

    python tests/benchmarks/scores.py --spoken FOLDER [--scripts ID ..]

has those written agents speak: a voice says their words, the embedded recognizer hears them in a whole call, and the
score of that call stands beside the one of the same words typed. FOLDER keeps the calls; one that is there is not held
again. About half a minute a call; three scripts unless others are named.
"""

import argparse
import contextlib
import io
import json
import shutil
from pathlib import Path
from statistics import fmean, median
from typing import Any

from _kinds import KINDS, spearman
from _table import machine

from voicesim.backends.replies_voice import read_replies, render_replies
from voicesim.call.agents import agent_record
from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.cli import main as voicesim
from voicesim.coach.rubric import Rubric
from voicesim.coach.score import feedback
from voicesim.model import CallRecord
from voicesim.script.model import Script
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script, script_files
from voicesim.wiring.rubrics import default_rubric, read_rubric

AGENTS = Path(__file__).parents[1] / "agents"
#: Best first.
WRITTEN = ("good", "stacker", "deaf", "hurried", "silent")
#: Scripts whose agents speak, and for each a voice that is not the caller's.
SPEAKING = {"billed-twice": "man", "parcel-third-time": "older_woman", "line-dead": "woman"}
#: Replies that are spoken at most: a call that takes more is over long before.
_REPLIES = 16


def total(record: CallRecord, script: Script, rubric: Rubric) -> int | None:
    """The total of a call by a rubric."""
    return feedback(record, goals=script.goals, rubric=rubric, adviser=adviser_for(script)).total


def written(script: Script, kind: str) -> CallRecord:
    """The call of an agent whose words stand in tests/agents."""
    text = (AGENTS / f"{script.id}.{kind}.txt").read_text(encoding="utf-8")
    held = hold_typed(script, typed_replies(text), understood, seed=1, watcher=Watcher())
    return held.recorder.record(held.ending, seed=1, engines={}, trainee=kind)


def spoken(script: Script, kind: str, folder: Path) -> tuple[int | None, str]:
    """The total (None: not judged) and the ending of the call that a written agent holds aloud, kept in ``folder``."""
    call = folder / f"{script.id}.{kind}"
    stored = _stored(call)
    if stored is None or stored["ending"] in ("stopped", "incomplete"):
        # It was broken off, or never held.
        shutil.rmtree(call, ignore_errors=True)
        sounds = folder / "replies" / call.name
        # Three silences in a row end a call.
        replies = read_replies(AGENTS / f"{script.id}.{kind}.txt") or ("", "", "")
        hurry = {"anger": 0.8, "speed": 1.25} if kind == "hurried" else {}
        render_replies(replies[:_REPLIES], sounds, persona=SPEAKING.get(script.id, "deep_man"), **hurry)
        options = ["--replies", str(sounds), "--fast", "--recognizer", "whisper", "--out", str(call)]
        with contextlib.redirect_stdout(io.StringIO()):
            voicesim(["practice", script.id, *options])
        stored = _stored(call) or {}
    return stored["feedback"]["score"]["total"], stored["ending"]


def _stored(call: Path) -> dict[str, Any] | None:
    file = call / "call.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def compare_spoken(scripts: list[Script], folder: Path) -> None:
    """Print the scores of the written agents aloud and typed, and how both keep the agents in their order."""
    rubric = default_rubric()
    places, totals, apart = [], [], []
    for script in scripts:
        for place, kind in enumerate(WRITTEN):
            typed_record = written(script, kind)
            typed = total(typed_record, script, rubric) or 0
            aloud, ending = spoken(script, kind, folder)
            if aloud is None:
                print(f"{script.id:18} {kind:8} typed {typed:3} {typed_record.ending:10} spoken: not judged, {ending}")
                continue
            places.append(-place)
            totals.append(aloud)
            apart.append(aloud - typed)
            print(
                f"{script.id:18} {kind:8} typed {typed:3} {typed_record.ending:10} spoken {aloud:3} {ending}",
                flush=True,
            )
    rho = spearman(places, totals)
    print(
        f"all {len(totals)} spoken calls: Spearman {rho:.2f}; spoken against typed: median {median(apart):+}, ", end=""
    )
    print(f"mean of the distances {fmean(map(abs, apart)):.1f}, largest {max(map(abs, apart))} points")


def main() -> None:
    """Print a table for each rubric: the mean total of each kind, and Spearman's correlation over its calls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=8)
    parser.add_argument("--scripts", nargs="*")
    parser.add_argument("--rubric", nargs="*", type=Path, default=[Path(__file__).with_name("carp-1.yaml")])
    parser.add_argument(
        "--spoken", type=Path, metavar="FOLDER", help="have the written agents speak; calls are kept here"
    )
    chosen = parser.parse_args()
    names = chosen.scripts or (SPEAKING if chosen.spoken else ())
    scripts = [read_script(path) for path in script_files()]
    scripts = [s for s in scripts if not names or s.id in names]
    if chosen.spoken:
        print(machine())
        compare_spoken(scripts, chosen.spoken)
        return
    rubrics = [*(read_rubric(path) for path in chosen.rubric), default_rubric()]
    held = {
        script.id: [
            (place, agent_record(script, kind, understood, seed=seed))
            for place, kind in enumerate(KINDS)
            for seed in range(chosen.calls)
        ]
        for script in scripts
    }
    byhand = {script.id: [written(script, kind) for kind in WRITTEN] for script in scripts}
    print(machine())
    for rubric in rubrics:
        print(f"\n{rubric.label}: {chosen.calls} calls of each kind and script")
        print(f"{'script':18} {' '.join(f'{k.name:>9}' for k in KINDS)}  Spearman  by hand: {', '.join(WRITTEN)}")
        for script in scripts:
            scored = [(place, total(record, script, rubric)) for place, record in held[script.id]]
            judged = [(place, value) for place, value in scored if value is not None]
            means = [fmean(v for p, v in judged if p == place) for place in range(len(KINDS))]
            rho = spearman([-place for place, _ in judged], [value for _, value in judged])
            texts = ", ".join(str(total(record, script, rubric)) for record in byhand[script.id])
            print(f"{script.id:18} {' '.join(f'{mean:9.1f}' for mean in means)}  {rho:8.2f}  {texts}")


if __name__ == "__main__":
    main()
