"""Clauses of a reply: by punctuation where there is some, else by the words that begin a clause.

Recognized text may come without any punctuation, so that a conjunction, a subject with its verb or the first words of
a question are signs as good as a comma. Negation and reported speech reach as far as a clause.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from voicesim.language.normal import normal
from voicesim.model import Span, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause: ``text[start:end]`` of the reply, ``norm`` its normal form, ``mark`` the sign that ends it or "".

    ``quoted`` says that it stands between quotation marks: not the trainee's own words.
    """

    start: int
    end: int
    norm: str
    mark: str
    quoted: bool = False

    @property
    def asks(self) -> bool:
        """Whether it has the form of a question, with or without the sign."""
        return self.mark == "?" or QUESTION.match(self.norm) is not None


_WORD = re.compile(r"\S+")
_STOP = re.compile(r"[.!?;:…]+[\"'”’)]*$")
_ABBREVIATION = re.compile(r"^(?:mr|mrs|ms|dr|no|st|e\.g|i\.e|[ap]\.m|[a-z])\.$", re.IGNORECASE)
_AUX = (
    "am|are|is|was|were|will|would|can|could|shall|should|may|might|must|do|does|did|have|has|had|cannot|can't|won't|"
    "don't|didn't|isn't|wasn't|haven't|hasn't|wouldn't|couldn't|aren't|doesn't"
)
_SUBJECT = "i|we|you|he|she|they|it|that|this|there|somebody|someone|nobody|anybody|anyone|everybody|everyone"
_THEIR = "my|your|our|their|the|his|her|a|an|this|that"
_VERBS = (
    "understand|apologise|apologize|know|see|hear|appreciate|want|need|think|hope|promise|guarantee|realise|realize|"
    "just|also|really|now|already|never|always|completely|totally|fully|can|took|said|told|paid|called|charged|sent|"
    "made|got|get|agree|feel|mean|wish|sent|lost|forgot|missed|put|owe|suggest|recommend|checked|looked|found"
)
_SHORT_FORM = re.compile(r"^(?:i|we|you|he|she|they|it|that|there|here|what|who|how)'(?:m|ll|re|ve|d|s)$")
_NO_APOSTROPHE = frozenset("im ive youre youve youll theyre weve thats whats heres theres itll id ill".split())
_OPENERS = re.compile(
    r"^(?:let me|let us|let's|lets|thank you|thanks|could you|can you|would you|will you|can i|can we|may i|could i|"
    r"shall i|shall we|should i|would that|does that|does this|do you|did you|have you|are you|is that (?:ok|"
    r"okay|right|correct|alright|all|fine|enough|good|the|what|possible|so)$|is there|"
    r"is it|is the|is your|is this|was it|what is|what was|what can|what are|what would|what number|"
    r"what date|which of|"
    r"which one|when did|when was|where is|where did|who did|who is|how can|how may|how much|how many|"
    r"how long|how does|"
    r"tell me|i am|my name|your reference|please (?!do$)\w+|no wonder|no need|bear with|if you|if i|if "
    r"we|while i|while we)\b"
)
_CONJUNCTIONS = frozenset("and but so because then or while although though however when until since as well".split())
#: After these words a subject and its verb belong to the clause before ("I know that you are", "what I can").
_CARRIES_ON = frozenset(
    (
        "that what how why where who which whom if when because whether while as than since until before after once "
        "and but so or know think sure say said says tell told hope see hear believe wish mean everything anything "
        "all something nothing way thing moment reason the a an to of for with about from at in my your "
        "our not never "
        "also just me first minute second day time what's promise guarantee ask asked though although understand "
        "imagine feel sorry afraid wonder pretend happened problem thing issue more else further realise realize "
        "make makes made please whatever wherever like "
        "person is are was were be did do does have has had will would can could "
        "should may might must let "
    ).split()
)
#: These open a clause after nearly any word.
_REQUESTS = re.compile(r"(?:let me|let us|could you|can you|would you|can i|could i|may i|shall i|thank you)$")
_BEFORE_REQUEST = frozenset(
    "and but so or to how what when where why which who whom if i we you please also just then not than as because "
    "say says said saying really do did the a way thing things all everything anything something "
    "whatever wherever".split()
)
#: Without a sign between, "is the" begins a question only after these; else it goes on ("the name is the same").
_BEFORE_IS = frozenset(
    "please ok okay now right sure you me sir madam sorry thanks again then see well alright".split()
)
_ASIDES = frozenset(("if i could", "if we could", "if i was", "if we were"))
_ASKS_ANYWAY = frozenset("what how why where when who which".split())

_LEAD = (
    r"(?:(?:and|so|ok|now|right|please|well|alright|sorry|just|then|but|sir|madam|yes|no|also|first|mr|"
    r"mrs|ms|or|hello|"
    r"hi|for|the|record|excuse me|actually|oh|great|perfect|good|thanks|thank you|i am sorry) )*"
)
#: The form of a question in the normal form, whatever sign ends it.
QUESTION = re.compile(
    rf"^{_LEAD}(?:"
    r"(?:can|could|would|will|may|shall|should|do|does|did|is|are|was|were|have|has|had|am|might)(?: not)? "
    r"(?:i|we|you|he|she|it|that|this|there|they|the|your|my|our|any\w*|some\w*|both|either)\b(?! not been for)"
    r"|(?:what|which|when|where|who|whose|why|how)(?! (?:i|we) (?:would|can|will|could|need|suggest|do) )(?: "
    r"\w+){0,3}? (?:is|are|was|were|do|does|did|can|could|would|will|"
    r"shall|should|may|have|has|had) (?:i|we|you|he|she|it|that|this|there|they|the|your|my|our|any\w*|not)\b"
    r"|(?:what|how|when|where|who|which) (?:is|was|are|were|happened|went|else|about)\b"
    r"|(?:what|which) (?:number|date|day|time|address|name|order|amount|invoice|account|one|colour|model|postcode)\b"
    r"|how (?:many|much|long|often|old|come)\b"
    r"|(?:is|are|was|were) (?!not|that)\w+ (?:\w+ ){1,3}(?:or|as well|\w+ed|\w+ing|on|off|red|green|still|too)\b"
    r"|(?:does|did|is there|was there|are there) (?!not)\w+ \w+|would (?:tomorrow|next|either|\w+day|a|"
    r"an|another|\d+)\b"
    r")"
)


# The judges and the shells split the same few replies again and again; a clause cannot be changed.
@lru_cache(maxsize=64)
def split(text: str) -> tuple[Clause, ...]:
    """The clauses of a text in order; a text without words gives none.

    >>> [c.norm for c in split("so i understand that you are upset let me check it could you hold")]
    ['so i understand that you are upset', 'let me check it', 'could you hold']
    """
    words = list(_WORD.finditer(text))
    quoted = _quoted_chars(text)
    starts = [i for i in range(len(words)) if i == 0 or _begins(words, i, quoted)]
    clauses = []
    # Without words there is no start, and nothing to pair it with.
    for first, after in zip(starts, [*starts[1:], len(words)][: len(starts)], strict=True):
        begin, end = words[first].start(), words[after - 1].end()
        norm = normal(text[begin:end])
        if norm:
            mark = _mark(text[begin:end])
            clauses.append(Clause(start=begin, end=end, norm=norm, mark=mark, quoted=_inside(quoted, begin, end)))
    return tuple(clauses)


def _mark(raw: str) -> str:
    tail = raw.rstrip("\"'”’)")
    if tail[-1:] == "?" or tail[-2:] in ("?!",):
        return "?"
    return tail[-1] if tail[-1] in ".!;:," else ""


def _quoted_chars(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"[\"“][^\"“”]+[\"”]|(?<![\w])['‘][^'‘’]*[^'‘’ ]['’](?!\w)", text)]


def _inside(quoted: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(a <= start and end <= b + 1 for a, b in quoted)


def _begins(words: Sequence[re.Match[str]], at: int, quoted: Sequence[tuple[int, int]]) -> bool:
    """Whether a clause begins with word ``at``."""
    before, start = words[at - 1][0], words[at].start()
    if any(start == a or words[at - 1].end() in (b, b + 1) for a, b in quoted):
        return True
    if _STOP.search(before) and not _ABBREVIATION.match(before):
        return True
    if before in ("-", "–", "—"):
        return True
    bare = [re.sub(r"[’]", "'", w[0].lower()).strip('.,!?;:"“”()') for w in words[at - 1 : at + 4]]
    if before.endswith(","):
        return _starter(bare[1:]) or (bare[1] in _CONJUNCTIONS and _starter(bare[2:]))
    if bare[1] == "but" and len(bare) > 3:
        return bare[0] not in ("nothing", "anything", "all")
    if bare[1] in _CONJUNCTIONS and bare[0] not in _CONJUNCTIONS and bare[0] not in ("even", "just", "only", "or"):
        return _starter(bare[2:]) and not (bare[1] in ("as", "so") and bare[0] in ("as", "so"))
    if " ".join(bare[1:4]) in _ASIDES:
        return False
    if re.fullmatch(_AUX, bare[1]) and _wh_before(words, at):
        return False
    if _REQUESTS.match(" ".join(bare[1:3])) and bare[0] not in _BEFORE_REQUEST:
        return True
    if bare[0] == "no" and bare[1] in ("thanks", "thank"):
        return False
    if bare[1] == "tell" and bare[0] in ("you", "can", "could", "kindly", "then"):
        return False
    if re.fullmatch(_SUBJECT, bare[0]) and re.fullmatch(_AUX, bare[1]):
        return False
    if re.fullmatch(r"(?:is|was|are|were) \w+", " ".join(bare[1:3])) and bare[0] not in _BEFORE_IS:
        return False
    return bare[0] not in _CARRIES_ON and _starter(bare[1:])


def _wh_before(words: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a question word stands shortly before, with no sign between: "what colour is the ribbon"."""
    for match in reversed(words[max(0, at - 4) : at]):
        if match[0][-1] in ".,!?;:":
            return False
        if match[0].lower() in _ASKS_ANYWAY:
            return True
    return False


def _starter(words: Sequence[str]) -> bool:
    """Whether these words begin a clause: a subject with its verb, a request or a question."""
    if not words:
        return False
    if _SHORT_FORM.match(words[0]) or words[0] in _NO_APOSTROPHE:
        return True
    if _OPENERS.match(" ".join(words[:3])):
        return True
    if words[0] in ("it", "that", "this") and words[2:3] and words[2] in ("i", "we", "you"):
        return False
    if len(words) > 1 and re.fullmatch(_SUBJECT, words[0]):
        return re.fullmatch(f"{_AUX}|{_VERBS}", words[1]) is not None
    if len(words) > 2 and re.fullmatch(_THEIR, words[0]):
        nouns = words[1:3] if len(words) > 3 and not re.fullmatch(_SUBJECT, words[2]) else words[1:2]
        return re.fullmatch(_AUX, words[1 + len(nouns)]) is not None or re.fullmatch(_AUX, words[2]) is not None
    return len(words) > 1 and words[0] in _ASKS_ANYWAY and re.fullmatch(_AUX, words[1]) is not None


class Places:
    """Where the words of a transcript stand in its text, to find the sound of a quote."""

    def __init__(self, transcript: Transcript) -> None:
        self._words = transcript.words
        self._starts: list[int] = []
        lower, at = transcript.text.lower(), 0
        for word in transcript.words:
            found = lower.find(word.text.strip().lower(), at)
            at = found if found >= 0 else at
            self._starts.append(at)
            at += len(word.text.strip()) if found >= 0 else 0
        self._typed = transcript.engine == "typed"

    def span(self, start: int, end: int) -> Span | None:
        """The span of the words within ``text[start:end]``; None for typed text."""
        first, after = bisect_left(self._starts, start), bisect_left(self._starts, end)
        words = self._words[first:after]
        if self._typed or not words or words[-1].span.end <= words[0].span.start:
            return None
        return Span(start=words[0].span.start, end=words[-1].span.end)

    def confidence(self, start: int, end: int) -> float | None:
        """The mean confidence (0..1) of the words within ``text[start:end]``, None if the recognizer gives none."""
        words = self._words[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        known = [w.confidence for w in words if w.confidence is not None]
        return sum(known) / len(known) if known else None
