"""A call on sound files that does not end, as fast as the machine can: REPLIES CALL BASELINE (three paths)."""

import sys
from pathlib import Path
from unittest.mock import patch

from voicesim.call.replies import ReplyFile, read_replies
from voicesim.cli import holding
from voicesim.wiring.inputs import read_baseline
from voicesim.wiring.library import read_script

SCRIPT = Path(__file__).with_name("long-call.yaml")
#: As often as nobody listens to; all repetitions share their samples.
TIMES = 100


def main(replies: Path, call: Path, baseline: Path) -> None:
    """Hold the call until somebody ends this process."""
    script = call.with_suffix(".yaml")
    script.write_text(SCRIPT.read_text(encoding="utf-8").replace(", tries: 27, then: over", ""), encoding="utf-8")

    def again(folder: Path) -> tuple[tuple[ReplyFile, ...], tuple[str, ...]]:
        files, notes = read_replies(folder)
        return files * TIMES, notes

    plan = holding.Plan(script=read_script(script), out=call, seed=1, baseline=read_baseline(baseline))
    with patch.object(holding, "read_replies", again):
        holding.hold_files(plan, replies, fast=True)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
