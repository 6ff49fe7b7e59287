"""What a reply does to a caller: the ids that can be detected, what each detector looks for, and :func:`find`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voicesim.catalogue import CATALOGUE, Entry
from voicesim.language import (
    detect_accusing,
    detect_call,
    detect_facts,
    detect_limits,
    detect_mistakes,
    detect_questions,
    detect_solutions,
    detect_warmth,
    detect_wording,
)
from voicesim.language.clauses import Clause, Places, split
from voicesim.language.learned import Learned
from voicesim.language.rules import Hit
from voicesim.model import Context, Finding, Kind, Transcript

#: Below its line a finding is unsure. Mistakes need clearer evidence: a false accusation is worse than a miss.
TECHNIQUE_LINE = 0.7
MISTAKE_LINE = 0.8
#: What all judges together find less probable than this is not even told as unsure.
DOUBTED_FROM = 0.3
#: Of replies with fewer words hardly any were there to learn from: the rules judge them alone.
LEAST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """A row of the catalogue with its detector.

    ``looks_for`` says in words what is looked for, ``line`` is the confidence (0..1) from which a finding of the rules
    alone is sure.
    """

    entry: Entry
    looks_for: str
    line: float


_LOOKS_FOR = {
    "greeting": "own name or company, a hello, the offer of help: two of the three among the first clauses",
    "vent": "an invitation to tell (tell me what happened, go on, I am listening)",
    "empathy": "a word of feeling said of the caller's situation, or that anyone would feel so",
    "acknowledge": "a statement with the caller's own facts or events, or that she is right to raise it",
    "apology": "sorry or apologise by the trainee, with what for; or our mistake",
    "thank": "thanks or appreciation for something",
    "closed_question": "a question that yes, no or a choice answers",
    "fact_finding": "a question or request for one fact (what, which, when; could you tell me your ..)",
    "refocus": "let us see, what I can do, the next step, to put this right",
    "assurance": "the trainee's own effort in the future (I will look into it, ring you, myself, by four)",
    "offer_solution": "a verb of remedy as an offer, or two or more options",
    "confirm_solution": "whether it suits, whether to go ahead, a recap",
    "takeaway": "a reference, a name, a direct line, a date, something in writing",
    "refer": "handing on to a colleague, a team or a manager",
    "set_limit": "the call ends if abuse goes on, or a polite request to stop it",
    "dont_know": "what is not known, with how or when it will be",
    "concession": "goodwill: waiving, free, discount, on us",
    "redirect": "a small neutral task, often while the trainee does something",
    "hold_asked": "the question before a hold, a length, thanks on return",
    "close": "whether anything is left, good wishes",
    "verify_identity": "a question for what the briefing wants asked",
    "blame": "you should have, you did not, your fault, or a colleague or third party at fault",
    "policy_wall": "rules or nothing I can do, with no alternative in the whole reply",
    "command_calm": "calm down, relax, stop shouting as a command",
    "dismiss": "it is only, not a big deal, overreacting, I doubt",
    "defensive": "not my fault, that is not true, as I told you, let me finish, sarcasm",
    "risky_humour": "jokes and images that joke",
    "false_promise": "guarantee, never again, definitely, what the briefing rules out, or a guess at what nobody knows",
    "jargon": "words from a list of company words, unknown abbreviations; not explained, not the caller's",
    "hedge_sorry": "sorry if, sorry but, sorry that you feel",
    "over_talk": "60 words or more with no question and no remedy",
    "wrong_fact": "an amount or number of the past that nobody in the call has named",
    "disclosure": "dates, amounts, numbers and events of the screen before the caller was verified",
    "accept_abuse": "the second abusive line without a limit in the reply",
}

#: Every id that words can show (evidence ``reply`` or ``call``), in the order of the method.
IDS: Mapping[str, Technique] = {
    entry.id: Technique(
        entry=entry,
        looks_for=_LOOKS_FOR[entry.id],
        line=MISTAKE_LINE if entry.kind is Kind.MISTAKE else TECHNIQUE_LINE,
    )
    for entry in CATALOGUE.values()
    if entry.id in _LOOKS_FOR
}


_ROOMS = (
    detect_warmth,
    detect_facts,
    detect_questions,
    detect_solutions,
    detect_limits,
    detect_mistakes,
    detect_accusing,
    detect_wording,
)


def find(transcript: Transcript, context: Context, learned: Learned | None = None) -> tuple[Finding, ...]:
    """The findings in the words of one reply, each id at most once, in the order of their quotes.

    With ``learned`` the rules are one of three judges of each id with evidence ``reply``; without it, and in a reply of
    fewer than :data:`LEAST_WORDS` words, they judge alone.
    ``confidence`` is P(label given the text), 0..1; doubt about recognition is added by :mod:`voicesim.hearing`.
    ``span`` covers the words of the quote (None for typed replies). Ids with evidence ``call`` are found only where
    the context holds what they need.
    """
    clauses = split(transcript.text)
    promised = list(detect_call.promised(clauses, context))
    best = _best(_kept([*_all_hits(clauses, transcript.text, context), *promised], clauses))
    if learned is not None and sum(len(clause.norm.split()) for clause in clauses) < LEAST_WORDS:
        learned = None
    if learned is not None:
        joined = _joined(best, learned, transcript.text, clauses, context)
        best = _best([*joined, *promised])
    places = Places(transcript)
    return tuple(_finding(hit, line_of(hit.id, learned), clauses, transcript, places, context) for hit in best)


def line_of(technique: str, learned: Learned | None = None) -> float:
    """The confidence (0..1) from which a finding of an id is sure."""
    line = None if learned is None else learned.line(technique)
    return IDS[technique].line if line is None else line


def _joined(best: Sequence[Hit], learned: Learned, text: str, clauses: Sequence[Clause], context: Context) -> list[Hit]:
    """The hits with the confidence that all judges give them together, and those that the rules did not see."""
    rules = {hit.id: hit for hit in best}
    opinions = learned.opinions(text, clauses, {hit.id: hit.confidence for hit in best}, context)
    joined = [hit for hit in best if hit.id not in opinions]
    for technique, opinion in opinions.items():
        seen = Hit(id=technique, confidence=0.0, first=opinion.clause, last=opinion.clause)
        if technique not in rules and _cannot_be(seen, rules, clauses, context):
            continue
        if opinion.probability >= DOUBTED_FROM:
            joined.append(replace(rules.get(technique, seen), confidence=opinion.probability))
    return _in_order(joined)


def _cannot_be(seen: Hit, rules: Mapping[str, Hit], clauses: Sequence[Clause], context: Context) -> bool:
    """Whether the rules know better than the judges, who saw something that the rules did not."""
    if seen.id == "false_promise":
        # "It will be with you by ten", and so says the briefing.
        return detect_call.briefed(clauses[seen.first : seen.last + 1], context)
    if seen.id == "policy_wall":
        return detect_mistakes.declines_to_comment(clauses[seen.first : seen.last + 1])
    if seen.id in ("defensive", "risky_humour"):
        # Her own words, said back to her, are no arguing, however drastic they are.
        return detect_facts.said_back(clauses[seen.first : seen.last + 1], context)
    if seen.id == "empathy":
        return detect_warmth.asks_for_empathy(clauses[seen.first : seen.last + 1])
    # "Go on, please" and "bear with me" are commands as well, but none to calm down, and a limit asks for respect.
    kinder = ("vent", "set_limit", "hold_asked")
    return seen.id == "command_calm" and any(one in rules and _near(seen, rules[one], 2) for one in kinder)


def _all_hits(clauses: Sequence[Clause], text: str, context: Context) -> list[Hit]:
    found = [hit for room in _ROOMS for hit in room.find(clauses, context)]
    found += detect_wording.jargon(clauses, text, context)
    found += detect_call.find(clauses, context, found)
    return found


def _kept(found: list[Hit], clauses: Sequence[Clause]) -> list[Hit]:
    """The hits that stand when they are seen together."""
    found = detect_mistakes.settled(found, clauses)
    found = [hit for hit in found if not _outdone(hit, found)]
    return [*found, *detect_wording.over_talk(clauses, found)]


#: The first id gives way where the second is found in the same clauses.
_GIVES_WAY = (
    ("apology", "hedge_sorry"),
    ("empathy", "hedge_sorry"),
    ("empathy", "dismiss"),
    ("empathy", "command_calm"),
    ("acknowledge", "dismiss"),
    ("acknowledge", "blame"),
    ("acknowledge", "defensive"),
    ("acknowledge", "wrong_fact"),
    ("refocus", "command_calm"),
    ("hold_asked", "command_calm"),
    ("offer_solution", "false_promise"),
    ("assurance", "refer"),
    ("offer_solution", "refer"),
    ("offer_solution", "concession"),
    ("acknowledge", "apology"),
    ("acknowledge", "policy_wall"),
    ("policy_wall", "false_promise"),
    ("takeaway", "false_promise"),
    ("confirm_solution", "close"),
    ("closed_question", "close"),
    ("closed_question", "confirm_solution"),
    ("fact_finding", "confirm_solution"),
    ("defensive", "blame"),
    ("blame", "hedge_sorry"),
    ("dismiss", "hedge_sorry"),
    ("thank", "hold_asked"),
    ("assurance", "set_limit"),
    ("closed_question", "verify_identity"),
    ("takeaway", "greeting"),
    ("redirect", "vent"),
    ("redirect", "takeaway"),
    ("refocus", "offer_solution"),
    ("confirm_solution", "hold_asked"),
    ("closed_question", "hold_asked"),
    ("defensive", "command_calm"),
    ("closed_question", "command_calm"),
    ("closed_question", "blame"),
    ("fact_finding", "blame"),
    ("fact_finding", "vent"),
    ("assurance", "redirect"),
)
#: The first id belongs to the second if that stands in the same clauses or in those just before or after.
_BELONGS_TO = (("confirm_solution", "refer"), ("confirm_solution", "hold_asked"))
#: To take up the facts and to accuse in one breath is no taking up, however unsure the accusation is.
_SPOILS = ("blame", "defensive", "dismiss", "policy_wall")
_SPOILT_FROM = 0.65


#: Own effort that is seen only by its form gives way to what the effort is.
_WEAK_ASSURANCE = 0.8
_EFFORTS = ("offer_solution", "takeaway", "hold_asked", "concession", "refer", "set_limit", "dismiss")


def _outdone(hit: Hit, found: Sequence[Hit]) -> bool:
    stronger = {second for first, second in _GIVES_WAY if first == hit.id}
    if hit.id == "assurance" and hit.confidence < _WEAK_ASSURANCE:
        stronger |= set(_EFFORTS)
    beside = {second for first, second in _BELONGS_TO if first == hit.id}
    return any(
        (other.id in stronger and other.confidence >= IDS[other.id].line and _near(hit, other, 0))
        or (other.id in beside and other.confidence >= IDS[other.id].line and _near(hit, other, 1))
        or (
            hit.id == "acknowledge"
            and other.id in _SPOILS
            and other.confidence >= _SPOILT_FROM
            and _near(hit, other, 0)
        )
        for other in found
    )


def _near(one: Hit, other: Hit, clauses: int) -> bool:
    """Whether two hits share a clause or lie at most so many clauses apart."""
    return other.first <= one.last + clauses and one.first <= other.last + clauses


def _best(found: Iterable[Hit]) -> list[Hit]:
    """The surest hit of each id, the earliest of equals, in the order of the reply."""
    best: dict[str, Hit] = {}
    for hit in sorted(found, key=lambda h: (h.first, h.last)):
        if hit.id not in best or hit.confidence > best[hit.id].confidence:
            best[hit.id] = hit
    return _in_order(best.values())


def _in_order(found: Iterable[Hit]) -> list[Hit]:
    order = list(IDS)
    return sorted(found, key=lambda h: (h.first, order.index(h.id)))


def _finding(
    hit: Hit, line: float, clauses: Sequence[Clause], transcript: Transcript, places: Places, context: Context
) -> Finding:
    start, end = clauses[hit.first].start, clauses[hit.last].end
    technique = IDS[hit.id]
    return Finding(
        kind=technique.entry.kind,
        id=hit.id,
        turn=context.turn,
        span=places.span(start, end),
        quote=transcript.text[start:end].strip().rstrip(","),
        confidence=hit.confidence,
        sure=hit.confidence >= line,
        measure=hit.measure,
        value=hit.value,
        threshold=hit.threshold,
        source=technique.entry.source,
    )
