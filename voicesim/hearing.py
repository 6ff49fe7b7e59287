"""What a transcript means, with doubt: findings of the words, less sure where the words were guessed (pure).

The doubt about recognition is a curve per recognizer, from the mean confidence of the quote's words to a factor on
the probability. Typed text counts as heard. The learned judges know recognized text, so that little
doubt is left to add: most for a mistake whose words were guessed. The curves of Whisper are fitted
(``tests/benchmarks/fit_doubt.py``); below a confidence of 0.5, and for Vosk, they are a first judgement (source
``ours``).
"""

from dataclasses import replace
from itertools import pairwise

from voicesim.language.clauses import Places
from voicesim.language.learned import Learned
from voicesim.language.offers import offers
from voicesim.language.techniques import find, line_of
from voicesim.model import Context, Finding, Heard, Kind, Transcript

Curve = tuple[tuple[float, float], ...]

_VOSK = ((0.0, 0.05), (0.5, 0.5), (0.7, 0.8), (0.85, 0.96), (0.95, 1.0), (1.0, 1.0))
#: Per engine and kind: (mean word confidence, factor on the probability of a finding), straight lines between.
CURVES: dict[str, dict[Kind, Curve]] = {
    "whisper": {
        Kind.TECHNIQUE: ((0.0, 0.1), (0.5, 0.91), (0.6, 0.94), (0.7, 0.97), (0.8, 0.98), (0.9, 1.0), (1.0, 1.0)),
        Kind.MISTAKE: ((0.0, 0.1), (0.5, 0.83), (0.6, 0.86), (0.7, 0.93), (0.8, 0.96), (0.9, 0.99), (1.0, 1.0)),
    },
    "vosk": {Kind.TECHNIQUE: _VOSK, Kind.MISTAKE: _VOSK},
}
#: A recognizer without word confidence or without a curve: a little doubt, too little to silence a strong finding.
UNKNOWN = 0.95


def heard_right(engine: str, confidence: float | None, kind: Kind) -> float:
    """The factor (0..1) on the probability of a finding, from the mean word ``confidence`` (0..1 or None) of its quote.

    >>> heard_right("typed", None, Kind.MISTAKE), heard_right("whisper tiny.en", 0.5, Kind.TECHNIQUE)
    (1.0, 0.91)
    """
    if engine == "typed":
        return 1.0
    curves = next((curves for name, curves in CURVES.items() if name in engine.lower()), None)
    if curves is None or confidence is None:
        return UNKNOWN
    curve, at = curves[kind], min(1.0, max(0.0, confidence))
    for (x0, y0), (x1, y1) in pairwise(curve):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return curve[-1][1]


def understand(
    transcript: Transcript, context: Context, learned: Learned | None = None
) -> tuple[Heard, tuple[str, ...]]:
    """The transcript with its findings, and the keys of ``context.may_offer`` that it offers.

    A finding's confidence is P(label given the text) x the doubt about recognition; below the line of its id it is
    ``sure=False``.
    """
    places = Places(transcript)
    findings = tuple(
        _doubted(f, line_of(f.id, learned), transcript, places) for f in find(transcript, context, learned)
    )
    return Heard(transcript=transcript, findings=findings), offers(transcript.text, context)


def _doubted(finding: Finding, line: float, transcript: Transcript, places: Places) -> Finding:
    start = transcript.text.find(finding.quote or "")
    end = start + len(finding.quote or "")
    heard = heard_right(transcript.engine, places.confidence(start, end), finding.kind)
    confidence = round(finding.confidence * heard, 4)
    return replace(finding, confidence=confidence, sure=confidence >= line)
