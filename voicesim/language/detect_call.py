"""What can be found only with the call around a reply: verification, wrong facts, disclosure, abuse let pass."""

import re
from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.normal import SMALL, normal, stem
from voicesim.language.numbers import is_number
from voicesim.language.rules import Hit, compiled
from voicesim.model import Context

_ASKING = compiled(
    "(?:could|can|may|might|would|will) (?:you|i)|what (?:is|was)|which|please|i (?:need|require|would "
    "need|have to ask)|tell me|give me|confirm|do you have"
)
#: Nouns that anything may be asked for by: a date, a number.
_ANY_NOUN = frozenset(stem(word) for word in ("number", "date", "reference", "code", "word", "name", "memorable"))
#: What a question asks for by its own noun alone.
_WHICH = re.compile(r"\b(?:which|what)(?: is (?:your|the))? (\w+)")
_REASON = compiled(
    "so that|to make sure|to be sure|for (?:your|data|account)? ?(?:security|safety|protection)|to "
    "protect|nobody else|no one else|before i (?:can|open|tell|look)|because|to (?:open|find|verify|"
    "check) (?:the right|your|that)|in order to|to confirm (?:that )?i am|the right (?:person|file|"
    "account|one)"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONEY = ("euros", "pounds", "dollars")
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
    asked = list(_verifies(clauses, context))
    yield from asked
    yield from _wrong_facts(clauses, context)
    if context.verify and not context.verified:
        yield from _disclosed(clauses, context)
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


def _verifies(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """A question for one of the things the briefing wants asked; a reason makes it surer."""
    ways = [way for wanted in context.verify for way in re.split(r"\bor\b|\band\b|,|/", wanted.lower())]
    wanted = [set(_content(normal(way))) for way in ways]
    whole = " ".join(c.norm for c in clauses)
    for at, clause in enumerate(clauses):
        words = set(_content(clause.norm))
        named = any(w and (w <= words or (len(w) > 2 and len(w & words) >= len(w) - 1)) for w in wanted)
        # "Which flat is it?" asks for the flat number.
        named = named or any(
            (w - _ANY_NOUN) & set(_content(asked)) for asked in _WHICH.findall(clause.norm) for w in wanted
        )
        if named and not clause.quoted and (clause.asks or _ASKING.search(clause.norm)):
            if re.search(r"\b(?:not|no) (?:\w+ )?need\b", clause.norm):
                continue
            yield Hit(id="verify_identity", confidence=0.9 if _REASON.search(whole) else 0.78, first=at, last=at)


def _content(norm: str) -> list[str]:
    return [stem(w) for w in norm.split() if w not in SMALL]


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
    """Account data from the screen that the caller has not said herself, told before verification."""
    own = normal(" ".join([*context.caller_lines, context.caller_line or ""]))
    own_words = set(own.split())
    for at, clause in enumerate(clauses):
        if clause.quoted or _PROPOSED.search(clause.norm) or _repeats_alone(clauses, at):
            continue
        told = f" {clause.norm} "
        for item in context.screen:
            shown = normal(item)
            marks = _MARK.findall(shown)
            fresh = [m for m in marks if f" {m} " in told and not _said_by(m, own, own_words)]
            if fresh and len(set(_content(clause.norm)) & set(_content(shown))) >= 2:
                yield Hit(id="disclosure", confidence=0.85, first=at, last=at)


def _repeats_alone(clauses: Sequence[Clause], at: int) -> bool:
    """Whether a clause is a bare date or number that the clause before announces as what the caller said."""
    bare = not _MARK.sub("", clauses[at].norm).strip()
    return bare and at > 0 and _RECAP.search(clauses[at - 1].norm) is not None


def _said_by(mark: str, own: str, own_words: set[str]) -> bool:
    return f" {mark} " in f" {own} " or mark.split(maxsplit=1)[0] in own_words
