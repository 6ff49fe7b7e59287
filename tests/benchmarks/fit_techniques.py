"""Fits the learned detectors on the passes of labelled replies, and chooses their lines.

    python tests/benchmarks/fit_techniques.py [--write]

Everything is fitted on the passes ``train-*`` alone: as written, a part of them as a recognizer heard it
(``heard-train-*``, made by ``_heard.py``), and all of them as it might mishear them (``_misheard.py``), so that the
judges know what becomes of words that are said. What joins the three judges is fitted on judgements about passes that
the judges had not seen (each pass left out once, however it is told). ``dev-*`` as written then sets the scale of the
probabilities and the lines: for techniques the lowest line that keeps the traps rare, for mistakes the lowest with a
precision of 0.85, lower 90 % bound. Each pass of ``dev-*`` weighs the same in the scale, however long, and must bear
the lines by itself: one holds what is hard to tell, one what is plain. ``test-*`` is not read. Takes 13 minutes;
``--write`` puts the result into the package.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from _labelled import MISTAKES, PASSES, REPLY_IDS, Flags, Floats, Labelled, f1, read_heard, read_passes
from _misheard import misheard
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from voicesim.backends.sentence_encoder import load_encoder
from voicesim.language import learned
from voicesim.language.clauses import split
from voicesim.language.learned import JOINED, Learned, form, parts, pooled, runs
from voicesim.language.techniques import find
from voicesim.model import Context, Transcript
from voicesim.wiring.learned import FILE, packed

#: A run of words counts if so many replies hold it.
LEAST_REPLIES = 4
#: How hard the weights are held small: of words (larger is freer), of meaning (larger is tighter).
WORDS_C, MEANING_TIGHT = 10.0, 3e-4
_ROUNDS = 100
#: Points are brought to this spread, so that one tightness holds for all directions.
_SPREAD = 0.3
MISTAKE_PRECISION, BOUND = 0.85, 0.10
#: No line is lower: what is less probable costs more F1 than it brings, where F1 is about 0.7.
LEAST_LINE = 0.35
#: Of the traps of a pass of ``dev`` at most this share may be taken.
TRAPS = 0.14


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Replies as the judges see them: ``points`` of all parts, ``starts`` of each reply's, ``rules`` and ``form``."""

    replies: Sequence[Labelled]
    labels: Flags
    traps: Flags
    runs: Sequence[Counter[str]]
    points: Floats
    starts: NDArray[np.int64]
    rules: Floats
    form: Floats

    def of(self, wanted: Flags) -> "Seen":
        """Those replies alone."""
        sizes = np.diff(np.append(self.starts, len(self.points)))
        kept = np.repeat(wanted, sizes)
        starts = np.concatenate([[0], np.cumsum(sizes[wanted])[:-1]])
        return Seen(
            replies=[r for r, keep in zip(self.replies, wanted, strict=True) if keep],
            labels=self.labels[wanted],
            traps=self.traps[wanted],
            runs=[r for r, keep in zip(self.runs, wanted, strict=True) if keep],
            points=self.points[kept],
            starts=starts,
            rules=self.rules[wanted],
            form=self.form[wanted],
        )


def seen(replies: Sequence[Labelled]) -> Seen:
    """What the judges see of replies."""
    encode = load_encoder().encode
    points, starts, rules, forms, at = [], [], [], [], 0
    for reply in replies:
        clauses, context = split(reply.text), Context(caller_line=reply.caller or None)
        cut = parts(reply.text, clauses)
        points.append(encode([part.text for part in cut]))
        starts.append(at)
        at += len(cut)
        found = find(Transcript(words=(), text=reply.text, engine="typed"), context)
        confidence = {f.id: f.confidence for f in found}
        rules.append([confidence.get(i, 0.0) for i in REPLY_IDS])
        forms.append(form(reply.text, clauses, context))
    return Seen(
        replies=replies,
        labels=np.array([[i in r.labels for i in REPLY_IDS] for r in replies]),
        traps=np.array([[i in r.trap_for for i in REPLY_IDS] for r in replies]),
        runs=[Counter(runs(r.text)) for r in replies],
        points=np.concatenate(points).astype(np.float64),
        starts=np.array(starts),
        rules=np.array(rules),
        form=np.array(forms),
    )


def fit_words(data: Seen) -> dict[str, object]:
    """The fields of :class:`Learned` about words, by ridge logistic regression of each id."""
    held = Counter(run for counts in data.runs for run in counts)
    rows = {run: row for row, run in enumerate(sorted(run for run, n in held.items() if n >= LEAST_REPLIES))}
    rarity = np.array([math.log((1 + len(data.runs)) / (1 + held[run])) + 1 for run in rows])
    table = weighed(data.runs, rows, rarity)
    fits = [LogisticRegression(C=WORDS_C, max_iter=300, solver="liblinear").fit(table, y) for y in data.labels.T]
    return {
        "runs": rows,
        "rarity": rarity.astype(np.float32),
        "word_weights": np.column_stack([fit.coef_[0] for fit in fits]).astype(np.float32),
        "word_constants": np.array([fit.intercept_[0] for fit in fits], np.float32),
    }


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


def fit_meaning(data: Seen) -> dict[str, object]:
    """The fields of :class:`Learned` about meaning: one linear head an id over all parts, whose odds are added up.

    No part is labelled, only the whole reply: the fit finds the parts that carry an id by itself.
    """
    middle, spread = data.points.mean(axis=0), data.points.std(axis=0) / _SPREAD
    points, labels = (data.points - middle) / spread, data.labels.astype(float)
    size, ids = points.shape[1], labels.shape[1]
    owner = np.repeat(np.arange(len(labels)), np.diff(np.append(data.starts, len(points))))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, constants = flat[: size * ids].reshape(size, ids), flat[size * ids :]
        heads = points @ weights + constants
        top = np.maximum.reduceat(heads, data.starts)
        shares = np.exp(heads - top[owner])
        total = np.add.reduceat(shares, data.starts)
        odds = top + np.log(total)
        pull = (1 / (1 + np.exp(-odds)) - labels) / len(labels)
        slopes = shares / total[owner] * pull[owner]
        value = (np.logaddexp(0, odds) - labels * odds).sum() / len(labels) + MEANING_TIGHT * np.square(weights).sum()
        return value, np.concatenate([(points.T @ slopes + 2 * MEANING_TIGHT * weights).ravel(), slopes.sum(axis=0)])

    share = labels.mean(axis=0)
    start = np.concatenate([np.zeros(size * ids), np.log(share / (1 - share)) - 1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    weights = found[: size * ids].reshape(size, ids) / spread[:, None]
    constants = found[size * ids :] - middle @ weights
    return {
        "meaning_weights": weights.astype(np.float32),
        "meaning_constants": constants.astype(np.float32),
    }


def judged(model: Learned, data: Seen) -> Floats:
    """What the judges say of replies: float64[n, ids, len(JOINED)]."""
    words = weighed(data.runs, model.runs, model.rarity.astype(float)) @ model.word_weights + model.word_constants
    heads = np.split(data.points @ model.meaning_weights + model.meaning_constants, data.starts[1:])
    meaning = np.array([pooled(part) for part in heads])
    forms = np.repeat(data.form[:, None, :], len(REPLY_IDS), axis=1)
    return np.concatenate([np.stack([words, meaning, data.rules], axis=2), forms], axis=2)


def fit_judges(data: Seen) -> Learned:
    """Both learned judges; they are not joined yet."""
    ids = len(REPLY_IDS)
    return Learned(
        version="",
        ids=REPLY_IDS,
        **fit_words(data),  # type: ignore[arg-type]
        **fit_meaning(data),  # type: ignore[arg-type]
        join=np.zeros((ids, len(JOINED)), np.float32),
        lines=np.full(ids, 0.5, np.float32),
        encoder=load_encoder(),
    )


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


def main() -> int:
    """0 after a fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the result into the package")
    parser.add_argument("--corpus", type=Path, default=PASSES, help="folder of the passes")
    options = parser.parse_args()
    began = time.monotonic()
    written, heard = read_passes(options.corpus, "train"), read_heard(options.corpus, "train", hardly=False)
    replies = [*written, *heard, *misheard(written, heard)]
    train, dev = seen(replies), seen(read_passes(options.corpus, "dev"))
    said = f"{len(written)} replies to fit, {len(heard)} of them as heard too, {len(dev.replies)} to choose"
    print(f"{said}: seen, {time.monotonic() - began:.0f} s")
    passes = np.array([reply.source for reply in replies])
    table = np.zeros((len(replies), len(REPLY_IDS), len(JOINED)))
    for name in np.unique(passes):
        table[passes == name] = judged(fit_judges(train.of(passes != name)), train.of(passes == name))
        print(f"  judged {name} by the others, {time.monotonic() - began:.0f} s", flush=True)
    model = fit_judges(train)
    join = fit_join(table, train.labels)
    of_dev = judged(model, dev)
    for line in compared(table, train, of_dev, dev):
        print(line, flush=True)
    join = to_scale(join, of_dev, dev)
    found = chances(of_dev, join)
    lines = choose_lines(found, dev)
    print(f"lines: techniques {lines[~MISTAKES][0]:.2f}, mistakes {lines[MISTAKES][0]:.2f}")
    for line in reached(found >= lines, dev):
        print(line)
    version = f"{len(written)} replies in {len(np.unique(passes))} passes, {len(heard)} also as heard"
    model = replace(model, version=version, join=join.astype(np.float32), lines=lines.astype(np.float32))
    content = packed(model)
    print(f"{len(model.runs)} runs of words, {len(content) / 1000:.0f} kB")
    if options.write:
        (Path(learned.__file__).parent / FILE).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
