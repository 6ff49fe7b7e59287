"""How a reply is worded: I, we and you, fillers, hedges, what it takes up from the caller, the length of its parts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicesim.language.clauses import Places, split
from voicesim.language.fillers import dropped_fillers, heard_fillers, words_as_transcribed
from voicesim.language.normal import normal
from voicesim.language.taken_up import Named, named, named_by_caller
from voicesim.language.techniques import find
from voicesim.model import Context, Finding, Span, Transcript

_I = frozenset("i me my mine myself".split())
_WE = frozenset("we us our ours ourselves".split())
_YOU = frozenset("you your yours yourself".split())
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|hopefully|might|i think|i guess|i suppose|"
    r"i believe|i hope|should be able|somehow)\b"
)
_APOLOGIES = frozenset({"apology", "hedge_sorry"})
_REMEDIES = frozenset({"offer_solution", "assurance", "refer", "concession", "takeaway"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a reply is worded; docs/wording.md has the sources and limits of each measure.

    A ``_share`` is 0..1, None for an empty reply. ``words`` counts the words of the normal form; ``i_share``,
    ``we_share`` and ``you_share`` are of them, ``i_against_we_share`` is I of I and we (None without either).
    ``fillers_heard`` stand among the words, ``fillers_dropped`` only in the sound (None for typed text, without spans
    of speech and where no word was recognized); their shares are both of all words as transcribed and the dropped
    fillers, so that they may be added. ``hedges`` counts words that weaken ("maybe", "I think").
    ``content_words`` and ``figures`` (numbers, amounts, times, dates) are counted each once, ``.._taken_up`` those of
    them that the caller's lines and facts name; ``concreteness`` is what is taken up by ``words``, 0..1. All three are
    None where nothing is known of the caller.
    ``apology_s`` is how long the apology lasted in seconds (None if there is none or the text was typed).
    ``longest_run_words`` is the longest run of words with neither a question nor a remedy.
    """

    words: int
    i_share: float | None
    we_share: float | None
    you_share: float | None
    i_against_we_share: float | None
    fillers_heard: int
    fillers_heard_share: float | None
    fillers_dropped: int | None
    fillers_dropped_share: float | None
    hedges: int
    content_words: int
    content_words_taken_up: int | None
    figures: int
    figures_taken_up: int | None
    concreteness: float | None
    apology_s: float | None
    longest_run_words: int


def wording(
    transcript: Transcript,
    context: Context | None = None,
    *,
    findings: Sequence[Finding] | None = None,
    speech: Sequence[Span] | None = None,
) -> Wording:
    """The wording of a reply.

    ``context`` adds what the caller has named. ``findings`` are those of this transcript; without them they are looked
    for. ``speech`` are the spans of voice activity, counted like the words, without which no dropped filler is known.
    """
    text = transcript.text
    words = normal(text).split()
    i, we, you = (sum(word in family for word in words) for family in (_I, _WE, _YOU))
    if findings is None:
        findings = find(transcript, context or Context())
    heard = heard_fillers(text)
    dropped = _dropped(transcript, speech)
    spoken = len(words_as_transcribed(text)) + (dropped or 0)
    names, caller = named([text]), _caller(context)
    both = names.taken_up(caller) if caller else None
    return Wording(
        words=len(words),
        i_share=_share(i, len(words)),
        we_share=_share(we, len(words)),
        you_share=_share(you, len(words)),
        i_against_we_share=_share(i, i + we),
        fillers_heard=len(heard),
        fillers_heard_share=_share(sum(len(filler.split()) for filler in heard), spoken),
        fillers_dropped=dropped,
        fillers_dropped_share=None if dropped is None else _share(dropped, spoken),
        hedges=len(_HEDGE.findall(" ".join(words))),
        content_words=len(names.content),
        content_words_taken_up=len(both.content) if both else None,
        figures=len(names.figures),
        figures_taken_up=len(both.figures) if both else None,
        concreteness=_share(len(both.content) + len(both.figures), len(words)) if both else None,
        apology_s=_apology_s(transcript, findings),
        longest_run_words=_longest_run(transcript, findings),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _dropped(transcript: Transcript, speech: Sequence[Span] | None) -> int | None:
    # Where no word was recognized, the reply was not heard: its sound says nothing about fillers.
    if speech is None or transcript.engine == "typed" or not transcript.words:
        return None
    return len(dropped_fillers(transcript, speech))


def _caller(context: Context | None) -> Named | None:
    """What the caller's lines and facts name; None if there are none."""
    if context is None or not (context.facts or context.caller_lines or context.caller_line):
        return None
    return named_by_caller(context)


def _apology_s(transcript: Transcript, findings: Sequence[Finding]) -> float | None:
    """Seconds of all clauses that apologise; what follows a "sorry, but" is none of it."""
    text, places, total_s = transcript.text, Places(transcript), 0.0
    for start, end in _where(_APOLOGIES, text, findings):
        clauses = split(text[start:end])
        span = places.span(start, start + clauses[0].end) if clauses else None
        total_s += 0.0 if span is None else span.duration_s
    return total_s or None


def _longest_run(transcript: Transcript, findings: Sequence[Finding]) -> int:
    remedies = list(_where(_REMEDIES, transcript.text, findings))
    longest = run = 0
    for clause in split(transcript.text):
        useful = clause.asks or any(start < clause.end and clause.start < end for start, end in remedies)
        run = 0 if useful else run + len(clause.norm.split())
        longest = max(longest, run)
    return longest


def _where(ids: frozenset[str], text: str, findings: Sequence[Finding], at: int = 0) -> Iterator[tuple[int, int]]:
    """Where sure findings of these ids stand, as (start, end) in characters, ``text`` beginning at ``at``.

    The findings of a text hold an id once, at its surest place. So what lies before, between and after them is looked
    through again; a text that holds none of the ids is not, and a search costs as much as there is to find.
    """
    quotes = {f.quote for f in findings if f.id in ids and f.sure and f.quote}
    found = sorted((start, start + len(quote)) for quote in quotes if (start := text.find(quote)) >= 0)
    edge = 0
    for start, end in [*found, (len(text), len(text))] if found else ():
        before = text[edge:start]
        if before.strip():
            again = find(Transcript(words=(), text=before, engine="typed"), Context())
            yield from _where(ids, before, again, at + edge)
        if max(edge, start) < end:
            yield at + max(edge, start), at + end
        edge = max(edge, end)
