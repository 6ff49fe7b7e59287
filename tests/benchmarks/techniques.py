"""How well techniques are found: precision, recall and F1 of each id on labelled replies, the traps taken, reliability.

    python tests/benchmarks/techniques.py [--split dev] [--rules] [--bare] [--spoken FOLDER] [--engine hibari]
        [--old] [--misses]

The replies are those of ``corpus/passes`` (``--old``: the earlier ones in ``corpus``). ``--split`` names passes by
their beginning or their letter (``dev``, ``dev-k``, ``c,k``). Only sure findings count as found; a correct reply is one
without a mistake in its labels. ``--rules`` lets the rules judge alone, ``--bare`` reads all replies as a recognizer
writes them: lower case, no punctuation; ``--spoken`` takes what a recognizer made of them (``_spoken.py`` speaks and
keeps them there), ``--engine`` only the replies that fall to one of its engines, spoken or as written. Intervals are by
1,000 draws of whole replies. ``test-*`` are opened once for each published table; docs/quality.md counts how often.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path

import numpy as np
from _labelled import CORPUS, MISTAKES, PASSES, REPLY_IDS, Flags, Floats, Labelled, f1, read_passes

from voicesim.hearing import understand
from voicesim.model import Context, Finding, Transcript
from voicesim.wiring.learned import load_learned

DRAWS = 1_000
_BINS = np.linspace(0, 1, 11)


def findings(reply: Labelled, heard: Transcript | None, *, rules: bool, bare: bool) -> tuple[Finding, ...]:
    """What is found in a reply, after the caller's line where there is one."""
    text = re.sub(r"[^\w' ]", "", reply.text.replace("-", " ")).lower() if bare else reply.text
    transcript = heard or Transcript(words=(), text=text, engine="typed")
    context = Context(caller_line=reply.caller or None)
    return understand(transcript, context, None if rules else load_learned())[0].findings


def interval(labels: Flags, found: Flags, ids: Flags) -> str:
    """The macro F1 of some ids with its 95 % interval."""
    random = np.random.default_rng(1)
    draws = (random.integers(0, len(labels), len(labels)) for _ in range(DRAWS))
    values = [np.nanmean(f1(labels[rows], found[rows])[ids]) for rows in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return f"{np.nanmean(f1(labels, found)[ids]):.3f} ({low:.3f}-{high:.3f})"


def precision(labels: Flags, found: Flags) -> str:
    """The share of what is found that is right, over all given ids together."""
    hits, of = int((labels & found).sum()), int(found.sum())
    return f"{hits / of:.3f} ({hits} of {of})" if of else "nothing found"


def report(labels: Flags, traps: Flags, found: Flags, chance: Floats) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'id':18} {'n':>4} {'prec':>5} {'rec':>5} {'F1':>5}"
    for at, name in enumerate(REPLY_IDS):
        hits, said, there = (labels & found)[:, at].sum(), found[:, at].sum(), labels[:, at].sum()
        shares = [hits / of if of else float("nan") for of in (said, there, (said + there) / 2)]
        yield f"{name:18} {there:4d} " + " ".join(f"{share:5.2f}" for share in shares)
    yield f"replies {len(labels)}   macro F1 {interval(labels, found, np.full(len(REPLY_IDS), True))}"
    for name, ids in (("techniques", ~MISTAKES), ("mistakes", MISTAKES)):
        yield f"{name:10} {interval(labels, found, ids)}   precision {precision(labels[:, ids], found[:, ids])}"
    correct = ~labels[:, MISTAKES].any(axis=1)
    accused = found[correct][:, MISTAKES].any(axis=1)
    yield f"correct replies accused {accused.sum()} of {len(accused)} ({accused.mean():.1%})"
    taken, tempting = (traps & found).any(axis=1).sum(), traps.any(axis=1).sum()
    yield f"traps taken {taken} of {tempting} ({taken / max(1, tempting):.1%})"
    for low, high in pairwise(_BINS):
        within = (chance >= low) & (chance < high if high < 1 else chance <= 1) & (chance > 0)
        if within.any():
            told, right = chance[within].mean(), labels[within].mean()
            yield f"told {low:.1f}-{high:.1f}: mean {told:.2f}, right {right:.2f}, n {within.sum()}"


def misses(replies: Sequence[Labelled], labels: Flags, found: Flags) -> Iterator[str]:
    """Every reply that was not read as labelled."""
    for reply, wanted, got in zip(replies, labels, found, strict=True):
        lost, extra = ([REPLY_IDS[at] for at in np.flatnonzero(flags)] for flags in (wanted & ~got, got & ~wanted))
        if lost or extra:
            yield f"missed {','.join(lost) or '-'}  false {','.join(extra) or '-'}  | {reply.text}"


def spoken_by(replies: Sequence[Labelled]) -> list[str]:
    """The persona that speaks each reply, by its row in its own pass, however many passes are read."""
    from _spoken import persona_of

    rows: defaultdict[str, Iterator[int]] = defaultdict(count)
    return [persona_of(next(rows[reply.source])) for reply in replies]


def main() -> int:
    """0, or 2 without a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", default="dev", help="which passes: dev (default), train, test, dev-k, c,k ..")
    parser.add_argument("--old", action="store_true", help="the earlier replies in corpus/")
    parser.add_argument("--rules", action="store_true", help="the rules alone")
    parser.add_argument("--bare", action="store_true", help="lower case, no punctuation")
    parser.add_argument("--spoken", type=Path, help="folder with the recognized replies")
    parser.add_argument("--engine", choices=("hibari", "system"), help="only the replies that this engine speaks")
    parser.add_argument("--misses", action="store_true", help="print every reply that was not read as labelled")
    options = parser.parse_args()
    folder = CORPUS if options.old else PASSES
    replies = read_passes(folder, options.split)
    if not replies:
        print(f"no labelled replies of split {options.split!r} in {folder}", file=sys.stderr)
        return 2
    heard: Sequence[Transcript | None] = [None] * len(replies)
    if options.spoken:
        from _spoken import recognized

        heard = recognized([reply.text for reply in replies], cache=options.spoken, personas=spoken_by(replies))
    if options.engine:
        from _spoken import TRAINEES

        kept = [row for row, name in enumerate(spoken_by(replies)) if name in TRAINEES[options.engine]]
        replies, heard = [replies[row] for row in kept], [heard[row] for row in kept]
    told = [findings(r, h, rules=options.rules, bare=options.bare) for r, h in zip(replies, heard, strict=True)]
    labels = np.array([[i in reply.labels for i in REPLY_IDS] for reply in replies])
    traps = np.array([[i in reply.trap_for for i in REPLY_IDS] for reply in replies])
    sure = np.array([[any(f.id == i and f.sure for f in found) for i in REPLY_IDS] for found in told])
    chance = np.array([[next((f.confidence for f in found if f.id == i), 0.0) for i in REPLY_IDS] for found in told])
    print("\n".join(report(labels, traps, sure, chance)))
    if options.misses:
        print("\n".join(misses(replies, labels, sure)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
