"""Fits how far a finding in recognized words is believed: the curves of ``voicesim/hearing.py``.

    python tests/benchmarks/fit_doubt.py

Takes the replies of ``dev-c`` as Whisper heard them (``heard-dev-c``, made by ``_heard.py``), reads them with the
judges of the package, and fits for each kind the curve from the mean confidence of a quote's words to the factor on the
probability of its finding: straight lines between a few points, never falling, at most 1, by likelihood. Prints the
points, what is told and what is right for each band of confidence, and what the sure findings come to without doubt
and with the curves of the package. ``test-*`` is not read.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from _labelled import HEARD_BY, MISTAKES, PASSES, REPLY_IDS, Floats, Labelled, f1, read_heard
from scipy.optimize import minimize

from voicesim.hearing import heard_right
from voicesim.language.clauses import Places
from voicesim.language.learned import Learned
from voicesim.language.techniques import find, line_of
from voicesim.model import Context, Kind
from voicesim.wiring.learned import load_learned

#: Where the curve bends; below the first hardly any finding was heard, so that nothing is fitted there.
POINTS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class Told(NamedTuple):
    """A finding in a heard reply: its probability by the text, how surely its words were heard, whether it is right."""

    reply: int
    technique: str
    kind: Kind
    probability: float
    confidence: float
    right: bool


def told(replies: Sequence[Labelled], learned: Learned) -> Iterator[Told]:
    """What is found in heard replies, without any doubt about recognition."""
    for number, reply in enumerate(replies):
        assert reply.heard is not None
        places = Places(reply.heard)
        for finding in find(reply.heard, Context(caller_line=reply.caller or None), learned):
            start = reply.text.find(finding.quote or "")
            confidence = places.confidence(start, start + len(finding.quote or ""))
            if finding.id in REPLY_IDS and confidence is not None:
                right = finding.id in reply.labels
                yield Told(number, finding.id, finding.kind, finding.confidence, confidence, right)


def curve(findings: Sequence[Told]) -> Floats:
    """The factor at each of :data:`POINTS`."""
    probability = np.array([finding.probability for finding in findings])
    confidence = np.array([finding.confidence for finding in findings])
    right = np.array([finding.right for finding in findings])

    def values(steps: Floats) -> Floats:
        # The last point first: each step down is a positive number, so that the curve never falls.
        return np.exp(-np.cumsum(np.abs(steps)))[::-1]

    def loss(steps: Floats) -> float:
        chance = np.clip(probability * np.interp(confidence, POINTS, values(steps)), 1e-6, 1 - 1e-6)
        return float(-np.log(np.where(right, chance, 1 - chance)).sum())

    return values(minimize(loss, np.full(len(POINTS), 0.02), method="Nelder-Mead", options={"maxiter": 5000}).x)


def bands(findings: Sequence[Told]) -> Iterator[str]:
    """What is told and what is right for each band of confidence."""
    edges = (0.0, *POINTS[:-1], 1.01)
    for low, high in pairwise(edges):
        band = [finding for finding in findings if low <= finding.confidence < high]
        if band:
            mean, right = np.mean([(f.probability, f.right) for f in band], axis=0)
            heard = f"words heard with {low:.1f}-{min(high, 1.0):.1f}"
            yield f"  {heard}: told {mean:.2f}, right {right:.2f}, n {len(band)}"


def reached(name: str, replies: Sequence[Labelled], findings: Sequence[Told], factors: Sequence[float]) -> str:
    """What the sure findings come to."""
    learned = load_learned()
    sure = np.zeros((len(replies), len(REPLY_IDS)), bool)
    for finding, factor in zip(findings, factors, strict=True):
        is_sure = finding.probability * factor >= line_of(finding.technique, learned)
        sure[finding.reply, REPLY_IDS.index(finding.technique)] |= is_sure
    labels = np.array([[name in reply.labels for name in REPLY_IDS] for reply in replies])
    value, own = f1(labels, sure), sure[:, MISTAKES]
    hits, of = int((own & labels[:, MISTAKES]).sum()), int(own.sum())
    return (
        f"{name}: macro F1 {value.mean():.3f}, techniques {value[~MISTAKES].mean():.3f}, mistakes "
        f"{value[MISTAKES].mean():.3f} with precision {hits / of:.3f} ({hits} of {of})"
    )


def main() -> int:
    """0 after a fit."""
    replies = read_heard(PASSES, "dev-c", hardly=True)
    findings = list(told(replies, load_learned()))
    fitted = {}
    for kind in (Kind.TECHNIQUE, Kind.MISTAKE):
        of_kind = [finding for finding in findings if finding.kind is kind]
        fitted[kind] = curve(of_kind)
        print(kind, ", ".join(f"({at}, {value:.2f})" for at, value in zip(POINTS, fitted[kind], strict=True)))
        print("\n".join(bands(of_kind)))
    print(reached("without doubt", replies, findings, [1.0] * len(findings)))
    print(reached("as fitted", replies, findings, [np.interp(f.confidence, POINTS, fitted[f.kind]) for f in findings]))
    of_package = [heard_right(HEARD_BY, f.confidence, f.kind) for f in findings]
    print(reached("with the curves of the package", replies, findings, of_package))
    return 0


if __name__ == "__main__":
    sys.exit(main())
