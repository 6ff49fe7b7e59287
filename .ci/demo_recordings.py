"""Makes the demo's recordings again: ``audio/demo/*.flac`` from ``replies.txt``, and the trainee's baseline.

Run it in the root of a checkout: ``.venv/bin/python .ci/demo_recordings.py``. The same text gives the same files.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from voicesim.backends.replies_voice import read_replies, render_replies
from voicesim.files import read_sound
from voicesim.report.codec import encode
from voicesim.wiring.listening import Listener

DEMO = Path("audio/demo")
#: Neutral sentences about nothing: what a trainee reads for a baseline.
NEUTRAL = (
    "The library is open from nine to six, and on Saturdays until two in the afternoon.",
    "I usually take the bus in the morning and walk home along the river in the evening.",
    "There are four chairs around the table, and the window looks out on a small garden.",
)


def make() -> None:
    """Write the recordings and the baseline."""
    for path in render_replies(read_replies(DEMO / "replies.txt"), DEMO):
        print(path)
    with TemporaryDirectory() as folder:
        sounds = [read_sound(path)[0] for path in render_replies(NEUTRAL, Path(folder))]
    listener = Listener.named("whisper")
    baseline = listener.baseline(sounds, trainee="Sam", headset="made", made_utc="2026-11-21T00:00:00+00:00")
    (DEMO / "baseline.json").write_text(json.dumps(encode(baseline), indent=2) + "\n")
    print(DEMO / "baseline.json")


if __name__ == "__main__":
    make()
