"""What can be found only with the call around a reply: verification, wrong facts, disclosure, abuse let pass."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from voicesim.language.clauses import Clause
from voicesim.language.identity import ANY_NOUN, has_told_who
from voicesim.language.normal import content, mentions, normal, says, stem
from voicesim.language.numbers import is_number
from voicesim.language.rules import Hit, compiled
from voicesim.model import Context

_ASKING = compiled(
    "(?:could|can|may|might|would|will) (?:you|i)|what (?:is|was)|which|please|i (?:\\w+ ){0,2}(?:need|require|have "
    "to ask)|tell me|give (?:me|us)|let me (?:have|take)|confirm|do you have"
)
#: Nouns that anything may be asked for by: a date, a number.
_ANY_WORD = ANY_NOUN | {stem("name"), stem("memorable")}
#: What a question asks for by its own noun alone.
_WHICH = re.compile(r"\b(?:which|what)(?: is (?:your|the))? (\w+)")
#: A noun that is asked for by itself has no more words.
_BARE = 3
_REASON = compiled(
    "so that|to make sure|to be sure|for (?:your|data|account)? ?(?:security|safety|protection)|to "
    "protect|nobody else|no one else|before i (?:can|open|tell|look)|because|to (?:open|find|verify|"
    "check) (?:the right|your|that)|in order to|to confirm (?:that )?i am|the right (?:person|file|"
    "account|one)"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONEY = ("euros", "pounds", "dollars")
_ORDINALS = ("st", "nd", "rd", "th")
#: What is told apart from other callers' data: an amount, a date, a long number.
_MARK = re.compile(rf"\b\d+ (?:{'|'.join(_MONEY)})\b|\b\d+ (?:{_MONTHS})\b|\b\d{{3,}}\b")
_PAST = compiled(
    "charged|took|taken|left|debited|paid|billed|was|were|went|came|received|happened|reported|moved|"
    "sent|ordered|withdrew|withdrawn|deducted|missed|bounced|it is|your \\w+ is|i see|you said|you "
    "told|you mentioned"
)
_AHEAD = compiled(
    "(?:i|we|they|it|you|that|there|engineer|he|she) (?:will|can|could|shall|would)|going to|let me|"
    "refund|credit|voucher|goodwill|by|until|within|tomorrow|next|offer|instead|not|or|another|extra|"
    "call you|ring you|reference|my"
)
_PROPOSED = compiled(
    "(?:i|we) (?:can|will|could|would|shall) (?!see|tell|read)\\w+|let me (?!see|tell|read)\\w+|would you like"
)
_RECAP = compiled(
    "(?:i have|i) (?:\\S+ )?(?:got |noted |heard |understood )?(?:it |this |that |you )?(?:right|correctly|down)|"
    "you (?:said|told me|gave me)|(?:repeat|read) (?:it|that|this) back"
)
#: What a line of the screen tells as having happened to this account, and what it tells as what could be done.
_HAPPENED = compiled(
    "was|were|had|died|failed|not paid|always paid|never (?:\\w+)|(?:handed|report|clos|mov|start|cancel|stopp|complet|"
    "enter|book|mark|approv)\\w*|told|note of|last year"
)
_TO_BE_DONE = compiled(r"can|(?<!\d )may|takes?|if|today|tomorrow|free")
#: Words of such a line that the caller has not said and that together tell it, without any figure.
_TOLD_WORDS = 3
#: How likely it is at most that telling it was wrong where the caller was asked who she is, and has not answered.
_HALF_VERIFIED = 0.6
_OFFERED = compiled(
    "(?:i|we|you) (?:will|can|could|shall|am going to|are going to|would|might)|let me|i am|you get|you are "
    "getting|would you like|promise"
)
#: A question that begins so asks what she wants to hear, and offers nothing.
_HER_WISH = ("do you", "are you", "did you", "have you", "were you", "is it", "is that", "what", "why", "who")
_ENDS = (".", "!", "?", "")
#: What the briefing says is not known, or not the trainee's to decide; what it is about stands before.
_NOT_KNOWN = re.compile(
    r"^(.*?)\b(?:(?:not|nothing) known|(?:is|are) decided|decides|may not|might not|depends|if \w+ \w+ agrees?)\b"
)
_NO_PROMISE = re.compile(r"\b(?:promise|certain|guarantee)\b")
_DATE_WORD = re.compile(rf"\b(?:{_MONTHS}|\w+day)\b")
#: Shorter words do not tell what it is about.
_NAMES_IT = 4
_GUESSED = compiled(
    "(?:i|we) (?:should|would) (?:think|say|imagine|expect)|(?:i|we) (?:am|are) (?:\\S+ )?(?:sure|confident|certain)|"
    "should (?:all )?be (?:\\S+ )?(?:fine|grand|ok|okay|alright|all right|there|good|no)|"
    "(?:hardly|never|rarely|nearly always|almost always|always) (?:ever )?(?:say|refuse|turn)|"
    "can not (?:see|imagine) (?:\\S+ ){0,2}(?:saying|refusing|turning)|surprised if|see sense|bound to|most likely|"
    "\\w+day (?:is|will be) (?:\\S+ )?(?:fine|grand|safe)|\\w+days fine|(?:is|are) not moving|(?:i|we) would not worry|"
    "do not give it another"
)
_OWNED_UP = compiled(
    "(?:do|can|could|should|would|will|must) not (?:\\S+ )?(?:know|say|promise|tell|guarantee|be saying|have said)|"
    "guess\\w*|hope|if|whether|wish|not (?:\\S+ )?(?:sure|certain)"
)
_IDS = (
    "invoice",
    "account",
    "order",
    "claim",
    "customer",
    "parcel",
    "tracking",
    "policy",
    "contract",
    "card",
    "booking",
    "staff",
    "case",
    "payslip",
)


def find(clauses: Sequence[Clause], context: Context, found: Sequence[Hit]) -> Iterator[Hit]:
    """Hits of the ids that need a context; a reply without a call gives none."""
    yield from _verifies(clauses, context)
    yield from _wrong_facts(clauses, context)
    if context.verify and not (context.asked_who and has_told_who(context)):
        # Who was asked and has not answered yet is half verified: a sure finding would be too hard.
        most = _HALF_VERIFIED if context.asked_who else 1.0
        yield from (replace(hit, confidence=min(hit.confidence, most)) for hit in _disclosed(clauses, context))
    limited = any(hit.id == "set_limit" and hit.confidence >= 0.7 for hit in found)
    if context.abuse_passed >= 2 and clauses and not limited:
        yield Hit(
            id="accept_abuse",
            confidence=0.9,
            first=0,
            last=0,
            measure="abusive lines without a limit",
            value=float(context.abuse_passed),
            threshold=2.0,
        )


def promised(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """What the briefing rules out, offered all the same, and guesses at what it says that nobody knows.

    Both come from the briefing: no judge of the words alone can tell them.
    """
    ruled_out = [phrase for group in context.may_not.values() for phrase in group]
    open_yet = _open_yet(context)
    spoken_of = {stem(word) for word in normal(context.caller_line or "").split()}
    offering = False
    for at, clause in enumerate(clauses):
        spoken_of |= {stem(word) for word in clause.norm.split()}
        # An offer may name its things one after the other: "I can look into a refund, and maybe some champagne".
        offering = offering or _OFFERED.search(clause.norm) is not None
        if not clause.quoted:
            offered = offering and (clause.mark != "?" or not clause.norm.startswith(_HER_WISH))
            if offered and any(mentions(clause.norm, phrase) for phrase in ruled_out):
                yield Hit(id="false_promise", confidence=0.9, first=at, last=at)
            elif open_yet & spoken_of and _GUESSED.search(clause.norm) and not _OWNED_UP.search(clause.norm):
                yield Hit(id="false_promise", confidence=0.85, first=at, last=at)
        if clause.mark in _ENDS:
            offering = False


def briefed(clauses: Sequence[Clause], context: Context) -> bool:
    """Whether the figures in these clauses, a time or an amount, are all told or allowed by the briefing."""
    allowed = [phrase for group in context.may_offer.values() for phrase in group]
    known = {word for text in (*context.screen, *allowed) for word in normal(text).split() if is_number(word)}
    told = {word for clause in clauses for word in clause.norm.split() if is_number(word)}
    return bool(told) and told <= known


def _open_yet(context: Context) -> set[str]:
    """The words for what the briefing says that nobody knows yet, or that nothing may be promised of: days, a panel."""
    parts = [part for line in context.screen for part in re.split("[;:]", line)]
    told = [found[1] for part in parts if (found := _NOT_KNOWN.search(part))]
    told += [key for key in context.may_not if _NO_PROMISE.search(key)]
    words: set[str] = set()
    for text in told:
        dates = _DATE_WORD.findall(text.lower())
        words |= {stem(word) for word in dates or normal(_NO_PROMISE.sub("", text)).split() if len(word) > _NAMES_IT}
    return words


def _verifies(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """A question for one of the things the briefing wants asked; a reason makes it surer."""
    ways = [way for wanted in context.verify for way in re.split(r"\bor\b|\band\b|,|/", wanted.lower())]
    wanted = [content(normal(way)) for way in ways]
    whole = " ".join(c.norm for c in clauses)
    for at, clause in enumerate(clauses):
        words = content(clause.norm)
        named = any(w and (w <= words or (len(w) > 2 and len(w & words) >= len(w) - 1)) for w in wanted)
        # "Which flat is it?" asks for the flat number.
        named = named or any((w - _ANY_WORD) & content(asked) for asked in _WHICH.findall(clause.norm) for w in wanted)
        if named and not clause.quoted and _asked(clauses, at):
            if re.search(r"\b(?:not|no) (?:\w+ )?need\b", clause.norm):
                continue
            yield Hit(id="verify_identity", confidence=0.9 if _REASON.search(whole) else 0.78, first=at, last=at)


def _asked(clauses: Sequence[Clause], at: int) -> bool:
    """Whether a clause asks, or names in a few words what the next one asks for: "Postcode, please"."""
    if clauses[at].asks or _ASKING.search(clauses[at].norm):
        return True
    after = clauses[at + 1] if at + 1 < len(clauses) else None
    bare = after is not None and clauses[at].mark == "," and len(clauses[at].norm.split()) <= _BARE
    return bool(bare and after and (after.asks or after.norm.startswith("please")))


def _wrong_facts(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """An amount or a number stated as the caller's that is none of those in the call."""
    if not context.facts:
        return
    known = _known(context)
    for at, clause in enumerate(clauses):
        if clause.quoted or clause.asks or _AHEAD.search(clause.norm):
            continue
        wrong = _wrong_amount(clause.norm, context, known) or _wrong_id(clause.norm, context, known)
        if wrong:
            yield Hit(id="wrong_fact", confidence=0.85, first=at, last=at)


def _known(context: Context) -> set[str]:
    """Every number that the briefing or the caller has named."""
    offers = [p for group in (*context.may_offer.values(), *context.may_not.values()) for p in group]
    texts = [*context.facts.values(), *context.screen, *context.caller_lines, context.caller_line or "", *offers,
             *context.phrases, *context.said]  # fmt: skip
    return {w for text in texts for w in normal(text).split() if is_number(w)}


def _wrong_amount(norm: str, context: Context, known: set[str]) -> bool:
    """An amount of money in a statement about the past that is unknown, while the facts name an amount."""
    named = any(unit in normal(value) for value in context.facts.values() for unit in _MONEY)
    amounts = re.findall(rf"\b(\d+(?:\.\d+)?) (?:{'|'.join(_MONEY)})", norm)
    return bool(named and amounts and _PAST.search(norm) and not any(a in known or _sum_of(a, known) for a in amounts))


def _sum_of(amount: str, known: set[str]) -> bool:
    """Whether an amount is twice a known one or the sum or difference of two."""
    numbers = [float(k) for k in known if re.fullmatch(r"\d+(\.\d+)?", k)]
    target = float(amount)
    return any(abs(a + b - target) < 0.005 or abs(abs(a - b) - target) < 0.005 for a in numbers for b in numbers)


def _wrong_id(norm: str, context: Context, known: set[str]) -> bool:
    """A number after "invoice", "account" .. other than the fact of that name."""
    for name, value in context.facts.items():
        true = normal(value).split()
        key = normal(name).split()[:1]
        if not key or key[0] not in _IDS or len(true) != 1 or not is_number(true[0]):
            continue
        said = re.search(rf"\b{key[0]} (?:number |is |number is )?(\d{{3,}})\b", norm)
        if said and said[1] != true[0] and said[1] not in known:
            return True
    return False


def _disclosed(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Account data from the screen that the caller has not said herself, told before verification.

    A date, an amount or a number is surely one; what happened, told in the words of the screen, may be common
    knowledge, and stays unsure. What the briefing lets the trainee offer is no account data, nor are its words.
    """
    own = normal(" ".join([*context.caller_lines, context.caller_line or ""]))
    own_words, own_stems = set(own.split()), content(own)
    allowed = [phrase for group in context.may_offer.values() for phrase in group]
    for at, clause in enumerate(clauses):
        if clause.quoted or _PROPOSED.search(clause.norm) or _repeats_alone(clauses, at):
            continue
        offers = [phrase for phrase in allowed if says(clause.norm, phrase)]
        told, words = f" {clause.norm} ", content(clause.norm)
        offered = {word for phrase in offers for word in content(normal(phrase))}
        for item in context.screen:
            shown = normal(item)
            known = content(shown)
            marks = _MARK.findall(shown)
            fresh = [m for m in marks if f" {m} " in told and not _said_by(m, own, own_words)]
            if fresh and not offers and len(words & known) >= 2:
                yield Hit(id="disclosure", confidence=0.85, first=at, last=at)
            elif _is_account(shown) and _told((words & known) - own_stems - offered):
                yield Hit(id="disclosure", confidence=0.6, first=at, last=at)


def _told(words: Iterable[str]) -> bool:
    """Whether so many words of a line of the screen tell it; a figure of three digits or more weighs as two."""
    return sum(1 + bool(re.fullmatch(r"\d{3,}", word)) for word in words) >= _TOLD_WORDS


def _is_account(shown: str) -> bool:
    """Whether a line of the screen tells what happened to this account, and not what could be done."""
    return _HAPPENED.search(shown) is not None and _TO_BE_DONE.search(shown) is None


def _repeats_alone(clauses: Sequence[Clause], at: int) -> bool:
    """Whether a clause is a bare date or number that the clause before announces as what the caller said."""
    bare = not _MARK.sub("", clauses[at].norm).strip()
    return bare and at > 0 and _RECAP.search(clauses[at - 1].norm) is not None


def _said_by(mark: str, own: str, own_words: set[str]) -> bool:
    first = mark.split(maxsplit=1)[0]
    # "On the fourteenth" is a date without its month.
    return f" {mark} " in f" {own} " or not own_words.isdisjoint((first, *(first + end for end in _ORDINALS)))
