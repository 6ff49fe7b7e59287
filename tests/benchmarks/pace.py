"""How right the articulation rate is when the count of syllables is right: speech time beside hand labels.

    python tests/benchmarks/pace.py

EmoDB clips whose hand labels (end time and syllable, one a line) end before 1.97 s, so that the cut at 2 s took
nothing; the label ``.`` is a pause. Truth: labelled syllables over labelled speech without pauses of 0.25 s or more.
Ours: the same count over the speech time of the voice activity, less what it adds. Needs ``VOICESIM_SPEECH``.
"""

import sys
from pathlib import Path

import numpy as np
from _speech_data import folder, rows, sound_of

from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Span
from voicesim.speech import pace

LAST_S = 1.97


def labelled(path: Path) -> tuple[int, tuple[Span, ...]]:
    """The number of labelled syllables and the spans they fill."""
    start, spans = 0, []
    for line in path.read_text(encoding="latin-1").splitlines():
        end_s, *label = line.split()
        end = round(float(end_s) * RATE_HZ)
        if label and label != ["."]:
            spans.append(Span(start=start, end=end))
        start = end
    return len(spans), tuple(spans)


def main() -> None:
    """Print bias and spread of the rate, and of voice activity's speech time."""
    place = folder()
    if place is None:
        print("No EmoDB here: set VOICESIM_SPEECH. Hand labels cannot be made.", file=sys.stderr)
        return
    vad, ratios, longer_s = SileroVad(), [], []
    for row in rows("emodb"):
        count, spans = labelled(place / "emodb_syllables" / f"{Path(row['path']).stem}.silb")
        heard = speech_spans(sound_of(row), vad)
        if count >= 4 and spans[-1].end < LAST_S * RATE_HZ and heard:
            ratios.append(pace.speech_s(spans) / pace.articulation_s(heard))
            longer_s.append((pace.speech_s(heard) - pace.speech_s(spans)) / len(heard))
    ratio = np.array(ratios)
    print(f"n = {len(ratio)}: rate over the true one, median {np.median(ratio):.3f}")
    print(f"off by {np.mean(np.abs(ratio - 1)):.1%} in the mean, p95 {np.percentile(np.abs(ratio - 1), 95):.1%}")
    print(f"a stretch of voice activity is longer than its labels by {np.median(longer_s):.3f} s (median)")


if __name__ == "__main__":
    main()
