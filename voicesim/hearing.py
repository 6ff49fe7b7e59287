"""What a transcript means, with doubt: findings of the words times how surely the words were heard (pure).

The doubt about recognition is a curve per recognizer, from the mean confidence of the quote's words to the
probability that the quote was heard right. Typed text counts as heard. The curves are a first judgement (source
``ours``) until a benchmark with labelled recognitions fits them: they only have to turn findings unsure where the
recognizer itself guessed.
"""

from dataclasses import replace
from itertools import pairwise

from voicesim.language.clauses import Places
from voicesim.language.learned import Learned
from voicesim.language.offers import offers
from voicesim.language.techniques import find, line_of
from voicesim.model import Context, Finding, Heard, Transcript

#: Per engine: (mean word confidence, probability that the quote was heard right), straight lines between.
CURVES: dict[str, tuple[tuple[float, float], ...]] = {
    "whisper": ((0.0, 0.1), (0.3, 0.45), (0.5, 0.75), (0.7, 0.95), (0.85, 1.0), (1.0, 1.0)),
    "vosk": ((0.0, 0.05), (0.5, 0.5), (0.7, 0.8), (0.85, 0.96), (0.95, 1.0), (1.0, 1.0)),
}
#: A recognizer without word confidence or without a curve: a little doubt, too little to silence a strong finding.
UNKNOWN = 0.95


def heard_right(engine: str, confidence: float | None) -> float:
    """The probability (0..1) that a quote was heard right, from its mean word ``confidence`` (0..1 or None).

    >>> heard_right("typed", None), round(heard_right("whisper tiny.en", 0.6), 2)
    (1.0, 0.85)
    """
    if engine == "typed":
        return 1.0
    curve = next((points for name, points in CURVES.items() if name in engine.lower()), None)
    if curve is None or confidence is None:
        return UNKNOWN
    at = min(1.0, max(0.0, confidence))
    for (x0, y0), (x1, y1) in pairwise(curve):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return curve[-1][1]


def understand(
    transcript: Transcript, context: Context, learned: Learned | None = None
) -> tuple[Heard, tuple[str, ...]]:
    """The transcript with its findings, and the keys of ``context.may_offer`` that it offers.

    A finding's confidence is P(label given the text) x P(the quote was heard right); below the line of its id it is
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
    heard = heard_right(transcript.engine, places.confidence(start, end))
    confidence = round(finding.confidence * heard, 4)
    return replace(finding, confidence=confidence, sure=confidence >= line)
