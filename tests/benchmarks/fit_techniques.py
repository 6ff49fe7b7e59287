"""Fits the learned detectors on the passes of labelled replies, and chooses their lines.

    python tests/benchmarks/fit_techniques.py [--write] [--folds FOLDER]

Everything is fitted on the passes ``train-*`` alone: as written, a part of them as a recognizer heard it
(``heard-train-*``, made by ``_heard.py``), and all of them as it might mishear them (``_misheard.py``), so that the
judges know what becomes of words that are said. What joins the three judges is fitted on judgements about passes that
the judges had not seen (the passes are dealt into folds; each fold is left out once, however its replies are told).
``dev-*`` as written then sets the scale of the probabilities and the lines: for techniques the lowest line that keeps
the traps rare, for mistakes the lowest with a precision of 0.85, lower 90 % bound. Each pass of ``dev-*`` weighs the
same in the scale, however long, and must bear the lines by itself: one holds what is hard to tell, one what is plain.
``test-*`` is not read. Needs PyTorch (``pip install torch``) and takes an hour on two cores. ``--write`` puts
the result into the package; ``--folds`` keeps the judges of each fold, for fits that must not trust what was learned by
heart.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from _fine_tuning import Taught, taught
from _labelled import MISTAKES, PASSES, REPLY_IDS, Flags, Floats, Labelled, f1, read_heard, read_passes
from _misheard import misheard
from scipy.sparse import csr_matrix
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from voicesim.backends.fakes import FakeTextReader
from voicesim.language import learned
from voicesim.language.clauses import split
from voicesim.language.learned import JOINED, Learned, form, runs
from voicesim.language.techniques import find
from voicesim.model import Context, Transcript
from voicesim.wiring.learned import FILE, packed, unpacked

#: A run of words counts if so many replies hold it.
LEAST_REPLIES = 4
#: How free the weights of words are.
WORDS_C = 10.0
#: Into so many folds the passes are dealt, of which each is judged by what the others taught; so many at a time.
FOLDS, AT_ONCE = 2, 2
MISTAKE_PRECISION, BOUND = 0.85, 0.10
#: No line is lower: what is less probable costs more F1 than it brings, where F1 is about 0.7.
LEAST_LINE = 0.35
#: The odds of the package, which holds 16 bits of each number, differ by no more than this from those that were fitted.
MOST_OFF = 0.1
#: Of the traps of a pass of ``dev`` at most this share may be taken.
TRAPS = 0.14


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Replies as the judges see them: the ``runs`` of their words, what the ``rules`` find, their ``form``."""

    replies: Sequence[Labelled]
    labels: Flags
    traps: Flags
    runs: Sequence[Counter[str]]
    rules: Floats
    form: Floats

    def of(self, wanted: Flags) -> "Seen":
        """Those replies alone."""
        return Seen(
            replies=[r for r, keep in zip(self.replies, wanted, strict=True) if keep],
            labels=self.labels[wanted],
            traps=self.traps[wanted],
            runs=[r for r, keep in zip(self.runs, wanted, strict=True) if keep],
            rules=self.rules[wanted],
            form=self.form[wanted],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The judge of words: the fields of :class:`Learned` that are its."""

    runs: Mapping[str, int]
    rarity: Floats
    word_weights: Floats
    word_constants: Floats


def seen(replies: Sequence[Labelled]) -> Seen:
    """What the judges see of replies."""
    rules, forms = [], []
    for reply in replies:
        clauses, context = split(reply.text), Context(caller_line=reply.caller or None)
        found = find(Transcript(words=(), text=reply.text, engine="typed"), context)
        confidence = {f.id: f.confidence for f in found}
        rules.append([confidence.get(i, 0.0) for i in REPLY_IDS])
        forms.append(form(reply.text, clauses, context))
    return Seen(
        replies=replies,
        labels=np.array([[i in r.labels for i in REPLY_IDS] for r in replies]),
        traps=np.array([[i in r.trap_for for i in REPLY_IDS] for r in replies]),
        runs=[Counter(runs(r.text)) for r in replies],
        rules=np.array(rules),
        form=np.array(forms),
    )


def fit_words(data: Seen) -> Words:
    """The judge of words, by ridge logistic regression of each id."""
    held = Counter(run for counts in data.runs for run in counts)
    rows = {run: row for row, run in enumerate(sorted(run for run, n in held.items() if n >= LEAST_REPLIES))}
    rarity = np.array([math.log((1 + len(data.runs)) / (1 + held[run])) + 1 for run in rows])
    table = weighed(data.runs, rows, rarity)
    fits = [LogisticRegression(C=WORDS_C, max_iter=300, solver="liblinear").fit(table, y) for y in data.labels.T]
    return Words(
        runs=rows,
        rarity=rarity,
        word_weights=np.column_stack([fit.coef_[0] for fit in fits]),
        word_constants=np.array([fit.intercept_[0] for fit in fits]),
    )


def weighed(counted: Sequence[Counter[str]], rows: Mapping[str, int], rarity: Floats) -> csr_matrix:
    """The runs of replies as rows of length 1, as :meth:`Learned.words` weighs them."""
    values, columns, ends = [], [], [0]
    for counts in counted:
        known = {rows[run]: n for run, n in counts.items() if run in rows}
        weights = np.array([1 + math.log(n) for n in known.values()]) * rarity[list(known)]
        values.append(weights / (np.linalg.norm(weights) or 1.0))
        columns += list(known)
        ends.append(len(columns))
    return csr_matrix((np.concatenate(values), columns, ends), shape=(len(counted), len(rows)))


def ways(replies: Sequence[Labelled]) -> tuple[list[Sequence[Labelled]], list[Labelled]]:
    """Replies in the ways in which they are told, and all of these in a row.

    Each as it was written and as it might be misheard; and what was really heard, by itself.
    """
    written = [reply for reply in replies if reply.heard is None]
    heard = [reply for reply in replies if reply.heard is not None]
    told: list[Sequence[Labelled]] = [*zip(written, misheard(written, heard), strict=True), *((one,) for one in heard)]
    return told, [reply for each in told for reply in each]


def judges(told: Sequence[Sequence[Labelled]], train: Seen, others: Seen, name: str) -> tuple[Taught, Words, Floats]:
    """What replies teach, and what the judges then say of others: float64[n, ids, len(JOINED)]."""
    labels = np.array([[i in each[0].labels for i in REPLY_IDS] for each in told])
    meaning, odds_of = taught(told, labels, lambda line: print(f"  {name}: {line}", flush=True))
    words = fit_words(train)
    return meaning, words, judged(words, odds_of(others.replies), others)


def judged(words: Words, odds: Floats, data: Seen) -> Floats:
    """What the judges say of replies, float64[n, ids, len(JOINED)]; ``odds`` are those of their meaning."""
    of_words = weighed(data.runs, words.runs, words.rarity) @ words.word_weights + words.word_constants
    forms = np.repeat(data.form[:, None, :], len(REPLY_IDS), axis=1)
    return np.concatenate([np.stack([of_words, odds, data.rules], axis=2), forms], axis=2)


def folds(replies: Sequence[Labelled]) -> Mapping[str, int]:
    """Pass -> its fold: the largest passes first, each to the fold with the fewest replies."""
    sizes, filled = Counter(reply.source for reply in replies), [0] * FOLDS
    dealt = {}
    for name, size in sizes.most_common():
        dealt[name] = int(np.argmin(filled))
        filled[dealt[name]] += size
    return dealt


def fit_join(table: Floats, labels: Flags) -> Floats:
    """The weights that join the judges for each id, float64[ids, len(JOINED)]; the constant is the last."""
    found = []
    for column in range(labels.shape[1]):
        fit = LogisticRegression(C=1.0, max_iter=500).fit(table[:, column, :-1], labels[:, column])
        found.append(np.append(fit.coef_[0], fit.intercept_))
    return np.array(found)


def compared(table: Floats, train: Seen, of_dev: Floats, dev: Seen) -> Iterator[str]:
    """How well some of the judges do alone, each id with the line that is best for passes the judges had not seen."""
    form_of_reply = JOINED[3:-1]
    for wanted in (
        ("rules",),
        ("words",),
        ("meaning",),
        ("words", "meaning"),
        JOINED[:3],
        (*JOINED[:3], *form_of_reply),
    ):
        used = np.array([name in (*wanted, "constant") for name in JOINED])
        join = fit_join(table * used, train.labels)
        own, found = chances(table * used, join), chances(of_dev * used, join)
        sure = found >= np.array([best_line(y, p) for y, p in zip(train.labels.T, own.T, strict=True)])
        value, taken = f1(dev.labels, sure), (sure & dev.traps).any(axis=1).sum()
        of_mistakes = value[MISTAKES].mean()
        yield f"{' + '.join(wanted):60} macro F1 {value.mean():.3f}, of mistakes {of_mistakes:.3f}, traps {taken}"


def best_line(labels: Flags, found: Floats) -> float:
    """The line with the best F1."""
    order = np.argsort(-found)
    hits = np.cumsum(labels[order])
    value = 2 * hits / (np.arange(1, len(found) + 1) + labels.sum())
    return float(found[order[int(np.argmax(value))]])


def balanced(replies: Sequence[Labelled]) -> Floats:
    """A weight for each reply, on average 1, so that all passes weigh the same."""
    sizes = Counter(reply.source for reply in replies)
    return np.array([len(replies) / len(sizes) / sizes[reply.source] for reply in replies])


def to_scale(join: Floats, table: Floats, dev: Seen) -> Floats:
    """The same weights on the scale on which the replies of ``dev`` say that their probabilities are right."""
    weights = balanced(dev.replies)
    odds = (table * join).sum(axis=2)
    scaled = join.copy()
    for kind in (MISTAKES, ~MISTAKES):
        each = np.repeat(weights, int(kind.sum()))
        fit = LogisticRegression(C=1e6).fit(odds[:, kind].reshape(-1, 1), dev.labels[:, kind].ravel(), each)
        scaled[kind] *= fit.coef_[0, 0]
        scaled[kind, -1] += fit.intercept_[0]
    return scaled


def chances(table: Floats, join: Floats) -> Floats:
    """The probabilities, float64[n, ids]."""
    found: Floats = 1 / (1 + np.exp(-(table * join).sum(axis=2)))
    return found


def choose_lines(found: Floats, data: Seen) -> Floats:
    """The lines of all ids: one for mistakes, one for techniques; each pass alone must bear them."""
    lines = np.zeros(len(REPLY_IDS))
    sources = np.array([reply.source for reply in data.replies])
    passes = [sources == name for name in np.unique(sources)]
    steps = np.arange(LEAST_LINE, 0.96, 0.01)
    right, own = data.labels[:, MISTAKES], found[:, MISTAKES]
    lines[MISTAKES] = next(
        at for at in steps if all(surely(right[rows][own[rows] >= at]) >= MISTAKE_PRECISION for rows in passes)
    )
    tempting = data.traps.any(axis=1)
    for at in steps:
        lines[~MISTAKES] = at
        taken = ((found >= lines) & data.traps).any(axis=1)
        if all(taken[rows].sum() <= TRAPS * tempting[rows].sum() for rows in passes):
            break
    return lines


def surely(right: Flags) -> float:
    """The lower 90 % bound of a share (Clopper and Pearson)."""
    hits, of = int(right.sum()), len(right)
    return float(beta.ppf(BOUND, hits, of - hits + 1)) if hits else 0.0


def reached(sure: Flags, data: Seen) -> Iterator[str]:
    """What is found of each pass."""
    sources = np.array([reply.source for reply in data.replies])
    for name in np.unique(sources):
        rows = sources == name
        labels, found = data.labels[rows], sure[rows]
        value, own, traps = f1(labels, found), found[:, MISTAKES], data.traps[rows]
        accused = own[~labels[:, MISTAKES].any(axis=1)].any(axis=1)
        right = (own & labels[:, MISTAKES]).sum() / max(1, own.sum())
        yield (
            f"{name}: macro F1 {np.nanmean(value):.3f}, of mistakes {np.nanmean(value[MISTAKES]):.3f} with precision "
            f"{right:.3f}, correct replies accused {accused.mean():.1%}, "
            f"traps taken {(found & traps).any(axis=1).sum()} of {traps.any(axis=1).sum()}"
        )


def package(meaning: Taught, words: Words, join: Floats, lines: Floats, version: str) -> Learned:
    """What was fitted, as the package holds it; its reader is loaded with what is written."""
    return Learned(
        version=version,
        ids=REPLY_IDS,
        runs=words.runs,
        rarity=words.rarity.astype(np.float32),
        word_weights=words.word_weights.astype(np.float32),
        word_constants=words.word_constants.astype(np.float32),
        look=meaning.look,
        meaning_weights=meaning.weights,
        meaning_constants=meaning.constants,
        join=join.astype(np.float32),
        lines=lines.astype(np.float32),
        reader=FakeTextReader(),
    )


def check(model: Learned, words: Words, of_dev: Floats, lines: Floats, dev: Seen) -> None:
    """Make sure that the package reads as it was taught, and say what it reaches without the caller's line before."""
    odds = [model.meaning(reply.text, Context(caller_line=reply.caller))[0].sum(axis=0) for reply in dev.replies]
    off = np.abs(np.array(odds) + model.meaning_constants - of_dev[:, :, 1]).max()
    print(f"the package reads as it was taught: odds differ by {off:.3f} at most")
    assert off <= MOST_OFF, "the package does not read as it was taught"
    alone = [model.meaning(reply.text, Context())[0].sum(axis=0) for reply in dev.replies]
    found = chances(judged(words, np.array(alone) + model.meaning_constants, dev), model.join.astype(np.float64))
    for line in reached(found >= lines, dev):
        print(f"without the caller's line: {line}")


def main() -> int:
    """0 after a fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the result into the package")
    parser.add_argument("--corpus", type=Path, default=PASSES, help="folder of the passes")
    parser.add_argument("--folds", type=Path, help="folder for the judges that have not seen a pass, one file a pass")
    options = parser.parse_args()
    began = time.monotonic()
    written, heard = read_passes(options.corpus, "train"), read_heard(options.corpus, "train", hardly=False)
    told, replies = ways([*written, *heard])
    train, dev = seen(replies), seen(read_passes(options.corpus, "dev"))
    said = f"{len(written)} replies to fit, {len(heard)} of them as heard too, {len(dev.replies)} to choose"
    print(f"{said}: seen, {time.monotonic() - began:.0f} s", flush=True)
    fold_of = folds(replies)
    fold = np.array([fold_of[reply.source] for reply in replies])
    table = np.zeros((len(replies), len(REPLY_IDS), len(JOINED)))
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        whole = pool.submit(judges, told, train, dev, "all")
        parts = []
        for number in range(FOLDS):
            others = [each for each in told if fold_of[each[0].source] != number]
            rows = fold == number
            parts.append((rows, pool.submit(judges, others, train.of(~rows), train.of(rows), f"all but {number}")))
        for rows, part in parts:
            table[rows] = part.result()[2]
        meaning, words, of_dev = whole.result()
    print(f"judged, {time.monotonic() - began:.0f} s", flush=True)
    join = fit_join(table, train.labels)
    for line in compared(table, train, of_dev, dev):
        print(line, flush=True)
    join = to_scale(join, of_dev, dev)
    found = chances(of_dev, join)
    lines = choose_lines(found, dev)
    print(f"lines: techniques {lines[~MISTAKES][0]:.2f}, mistakes {lines[MISTAKES][0]:.2f}")
    for line in reached(found >= lines, dev):
        print(line)
    version = f"{len(written)} replies in {len(fold_of)} passes, {len(heard)} also as heard"
    model = package(meaning, words, join, lines, version)
    content = packed(model, meaning.adapter)
    print(f"{len(model.runs)} runs of words, {len(content) / 1000:.0f} kB")
    check(unpacked(content), words, of_dev, lines, dev)
    if options.folds:
        options.folds.mkdir(parents=True, exist_ok=True)
        for name, number in fold_of.items():
            other, own = parts[number][1].result()[:2]
            unseen = package(other, own, join, lines, f"{version}, {name} unseen")
            (options.folds / f"{name}.npz").write_bytes(packed(unseen, other.adapter))
    if options.write:
        (Path(learned.__file__).parent / FILE).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
