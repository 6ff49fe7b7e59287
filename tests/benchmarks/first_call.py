"""How soon a newcomer's first call rings, and is answered, on a machine that has nothing yet: no lines, no choices.

    python tests/benchmarks/first_call.py [--runs 3] [--reads 25]

`voicesim serve` is started with an empty data folder and an empty cache, a real browser opens its link and presses what
a newcomer would: take your first call, begin, accept. Where lines are not rendered yet the page says so and the caller
waits. ``--reads`` is how long the briefing is read, in seconds (0: pressed at once, the worst case). Times are from the
start of the command; Python's own files may be in the system's cache already. Best on a machine that does nothing else.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from _live import PATIENCE_S, virtual_headset
from _table import HEAD, Row, machine

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web"))
from browsing import browser_page

#: A call that has not rung by then never will.
_RINGS_MS = 600_000
#: What the issue of a first call asks for.
GOAL_S = 120.0


def first_call(reads_s: float, folder: Path) -> dict[str, float]:
    """Seconds from the start of the command until the page is there, it rings, and the caller speaks."""
    fresh = {"VOICESIM_DATA": str(folder / "data"), "VOICESIM_CACHE": str(folder / "cache")}
    began_s, at = time.monotonic(), dict[str, float]()
    command = [sys.executable, "-m", "voicesim", "serve", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **fresh}) as process:
        try:
            assert process.stdout
            link = next(word for line in process.stdout for word in line.split() if "/open" in word)
            with browser_page(link) as page:
                at["page"] = time.monotonic() - began_s
                page.get_by_text("Take your first call").click()
                page.get_by_role("button", name="Begin: the phone rings").wait_for()
                time.sleep(reads_s)
                page.get_by_role("button", name="Begin: the phone rings").click()
                page.locator('body[data-call="ringing"]').wait_for(state="attached", timeout=_RINGS_MS)
                at["ring"] = time.monotonic() - began_s
                page.keyboard.press("Enter")
                page.locator('body[data-call="speaking"]').wait_for(state="attached")
                at["caller"] = time.monotonic() - began_s
                page.keyboard.press("Escape")
                page.locator('body[data-call="over"]').wait_for(state="attached")
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
    return at


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="how many newcomers (3)")
    parser.add_argument("--reads", type=float, default=0.0, metavar="S", help="how long each reads the briefing (0)")
    options = parser.parse_args(arguments)
    print(machine(), HEAD, sep="\n", flush=True)
    runs = []
    for _ in range(options.runs):
        with virtual_headset(), TemporaryDirectory() as folder:
            runs.append(first_call(options.reads, Path(folder)))
    for name, told in (("page", "the page is there"), ("ring", "the phone rings"), ("caller", "the caller speaks")):
        print(Row(name=f"from `voicesim serve` until {told}", values=[run[name] for run in runs], unit="s"))
    print(f"goal {GOAL_S:.0f} s: {'met' if max(run['caller'] for run in runs) < GOAL_S else 'MISSED'}")
    print(machine())


if __name__ == "__main__":
    main()
