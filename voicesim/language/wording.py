"""How a reply is worded: shares of I, we and you, fillers, hedges, figures and the length of its parts."""

import re
from dataclasses import dataclass

from voicesim.language.clauses import Places, split
from voicesim.language.normal import normal
from voicesim.language.numbers import is_number
from voicesim.language.techniques import find
from voicesim.model import Context, Transcript

_I = frozenset("i me my mine myself".split())
_WE = frozenset("we us our ours ourselves".split())
_YOU = frozenset("you your yours yourself".split())
_FILLER = re.compile(
    r"\b(?:um+|uh+m?|erm?|hm+|mm+|you know|i mean|sort of|kind of|basically|literally|actually|obviously)\b"
)
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|hopefully|might|i think|i guess|i suppose|"
    r"i believe|i hope|should be able|somehow)\b"
)
_REMEDIES = frozenset({"offer_solution", "assurance", "refer", "concession", "takeaway"})
_MONTH = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december|\w+day|tomorrow|today"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a reply is worded.

    ``words`` counts the words of the normal form; ``i_share``, ``we_share`` and ``you_share`` are 0..1 of them, None
    for an empty reply; ``filler_share`` is 0..1 of the words as transcribed (Whisper drops most "um"s: too low rather
    than too high). ``hedges`` counts words that weaken ("maybe", "I think"). ``figures`` counts numbers and dates,
    ``figures_taken_up`` those of them that the caller or the briefing has named (None without a call).
    ``apology_s`` is how long the apology lasted in seconds (None if there is none or the text was typed).
    ``longest_run_words`` is the longest run of words with neither a question nor a remedy.
    """

    words: int
    i_share: float | None
    we_share: float | None
    you_share: float | None
    filler_share: float | None
    hedges: int
    figures: int
    figures_taken_up: int | None
    apology_s: float | None
    longest_run_words: int


def wording(transcript: Transcript, context: Context | None = None) -> Wording:
    """The wording of a reply; ``context`` adds what the caller has named."""
    words = normal(transcript.text).split()
    figures = [w for w in words if is_number(w)]
    dates = [w for w in words if _MONTH.fullmatch(w) and w not in ("may", "march")]
    return Wording(
        words=len(words),
        i_share=_share(words, _I),
        we_share=_share(words, _WE),
        you_share=_share(words, _YOU),
        filler_share=_fillers(transcript.text),
        hedges=len(_HEDGE.findall(" ".join(words))),
        figures=len(figures) + len(dates),
        figures_taken_up=None if context is None else sum(f in _named(context) for f in figures),
        apology_s=_apology_s(transcript),
        longest_run_words=_longest_run(transcript),
    )


def _share(words: list[str], family: frozenset[str]) -> float | None:
    return sum(w in family for w in words) / len(words) if words else None


def _fillers(text: str) -> float | None:
    words = re.findall(r"[\w']+", text.lower())
    found = _FILLER.findall(" ".join(words))
    return sum(len(f.split()) for f in found) / len(words) if words else None


def _named(context: Context) -> set[str]:
    texts = [*context.facts.values(), *context.screen, *context.caller_lines, context.caller_line or ""]
    return {w for text in texts for w in normal(text).split() if is_number(w)}


def _apology_s(transcript: Transcript) -> float | None:
    """Seconds of all clauses that apologise."""
    places = Places(transcript)
    total = 0.0
    for clause in split(transcript.text):
        quote = transcript.text[clause.start : clause.end]
        alone = Transcript(words=(), text=quote, engine=transcript.engine)
        span = places.span(clause.start, clause.end)
        if span is not None and any(f.id in ("apology", "hedge_sorry") for f in find(alone, Context())):
            total += span.duration_s
    return total or None


def _longest_run(transcript: Transcript) -> int:
    longest = run = 0
    for clause in split(transcript.text):
        alone = Transcript(words=(), text=transcript.text[clause.start : clause.end], engine=transcript.engine)
        useful = clause.asks or any(f.id in _REMEDIES and f.sure for f in find(alone, Context()))
        run = 0 if useful else run + len(clause.norm.split())
        longest = max(longest, run)
    return longest
