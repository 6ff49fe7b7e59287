"""How fast lines are rendered and how well they are understood, for each persona and level of anger.

Run in the root of a checkout: ``python tests/benchmarks/rendering.py`` (about five minutes; ``--sentences 5`` for a
look, ``--json`` for figures). Twenty stored sentences are rendered as the voice bank does it, over the telephone line,
and heard by the model of the embedded Whisper, whole and without voice activity. Times are processor seconds for one
second of sound, so that other work on the machine matters less; word error rates have 95 % intervals by resampling
sentences.
"""

import argparse
import json
import os
import platform
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import PERSONAS
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.backends.whisper_model import WhisperModel, find_model, load
from voicesim.errors import MissingPart
from voicesim.model import RATE_HZ, Samples

#: What callers say, without digits, names and contractions that have more than one spelling.
SENTENCES = (
    "I have been waiting for an answer since the beginning of the month.",
    "You charged my account again and nobody told me why.",
    "This is the third time that I have to explain the whole story.",
    "The driver never came to my door, he just left a card and drove away.",
    "I want my money back and I want it today.",
    "Every person I talk to tells me something different.",
    "My children have been without heating for the whole weekend.",
    "Please do not put me on hold again.",
    "I took a day off work to wait for this parcel.",
    "How can you lose a parcel that was standing in your own office?",
    "The letter says that my payment has been stopped without any reason.",
    "I pay my bills on time every single month.",
    "Who is going to pay the fee that my bank has charged me?",
    "Your website is useless and your machine hung up on me.",
    "I am not shouting, I am trying to make you understand.",
    "Give me the name of your manager right now.",
    "I have sent you the form and all the papers that you asked for.",
    "That is exactly what the last one said, and nothing happened.",
    "If this is not settled today I will take my business elsewhere.",
    "Fine, but I want to have that in writing.",
)
LEVELS = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One persona at one level of anger: ``wer`` word error rate with its 95 % interval, ``cost`` of rendering."""

    persona: str
    anger: float
    n: int
    wer: float
    wer_low: float
    wer_high: float
    cost_median: float
    cost_p95: float


def words(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return re.findall(r"[a-z0-9']+", text.lower())


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many words must be put in, left out or changed (Levenshtein)."""
    before = list(range(len(heard) + 1))
    for place, word in enumerate(said, start=1):
        now = [place]
        for column, other in enumerate(heard, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (word != other)))
        before = now
    return before[-1]


def recognized(model: WhisperModel, samples: Samples) -> str:
    """The text of one line between two quiet moments."""
    quiet = (np.random.default_rng(0).standard_normal(RATE_HZ // 2) * 1e-3).astype(np.float32)
    return " ".join(word.text for word in model.stock(np.concatenate([quiet, samples, quiet])))


def interval(wrong: Sequence[int], lengths: Sequence[int]) -> tuple[float, float]:
    """The 95 % interval of the word error rate by resampling sentences."""
    picks = np.random.default_rng(0).integers(0, len(wrong), (2000, len(wrong)))
    rates = np.array(wrong)[picks].sum(axis=1) / np.array(lengths)[picks].sum(axis=1)
    low, high = np.percentile(rates, [2.5, 97.5])
    return float(low), float(high)


def measure(bank: VoiceBank, model: WhisperModel, persona: str, anger: float, n: int) -> Row:
    """The row of one persona and level, over the first ``n`` sentences."""
    wrong, lengths, costs = [], [], []
    for text in SENTENCES[:n]:
        begun = time.process_time() + _children_s()
        samples = bank.sound(LineRequest(text=text, persona=persona, anger=anger))
        costs.append((time.process_time() + _children_s() - begun) / (len(samples) / RATE_HZ))
        wrong.append(errors(words(text), words(recognized(model, samples))))
        lengths.append(len(words(text)))
    low, high = interval(wrong, lengths)
    return Row(
        persona=persona,
        anger=anger,
        n=n,
        wer=sum(wrong) / sum(lengths),
        wer_low=low,
        wer_high=high,
        cost_median=float(np.median(costs)),
        cost_p95=float(np.percentile(costs, 95)),
    )


def rows(n: int) -> Iterator[Row]:
    """Every persona whose engine is here, at every level."""
    model = load(find_model())
    with TemporaryDirectory() as folder:
        bank = VoiceBank(cache=Path(folder), voices={"hibari": HibariVoice(), "system": SystemVoice()})
        bank.sound(LineRequest(text="Warming up.", persona="man"))
        for persona in PERSONAS:
            for anger in LEVELS:
                try:
                    yield measure(bank, model, persona, anger, n)
                except MissingPart as missing:
                    print(f"# {persona}: {missing}")


def _children_s() -> float:
    """Processor seconds of ended child processes (the system's voice is one)."""
    spent = os.times()
    return spent.children_user + spent.children_system


def main() -> None:
    """Print the table, or one JSON object a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sentences", type=int, default=len(SENTENCES))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    n = max(2, min(options.sentences, len(SENTENCES)))
    if not options.json:
        print(f"# {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, n = {n} a row")
        print("persona        anger  WER %  (95 %)        processor s per s: median  p95")
    for row in rows(n):
        if options.json:
            print(json.dumps(asdict(row)), flush=True)
            continue
        rate = f"{100 * row.wer:5.1f}  ({100 * row.wer_low:.1f}-{100 * row.wer_high:.1f})"
        print(f"{row.persona:14} {row.anger:5.1f}  {rate:20} {row.cost_median:18.3f} {row.cost_p95:6.3f}", flush=True)


if __name__ == "__main__":
    main()
