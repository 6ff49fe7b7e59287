"""Rules: patterns over the normal form of a clause, each with a confidence and the guards against traps.

A rule is written with families of words in angle brackets (``<i_will> <adv><remedy>``), so that it holds for phrases
nobody listed. Confidences are judgements of how often the pattern means what it says: 0.9 where the words leave no
other reading, 0.75 where most do, 0.6 where a person would want to hear more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicesim.language.clauses import Clause
from voicesim.language.normal import negated

#: Families of words. A name ending in ``_`` brings its own space and may be empty.
FAMILIES = {
    "adv_": (
        "(?:(?:just|also|now|gladly|happily|personally|certainly|definitely|of course|absolutely|really|"
        "truly|very|so|"
        "quickly|simply|then|even|still|today|please|always|first|actually|do|most|deeply|sincerely|"
        "completely|totally|"
        "fully|indeed|only|immediately|gonna|terribly|extremely|genuinely|quite|again|all|right away|straight away|"
        "be able to|of course|certainly|perfectly|entirely|myself|see|pretty|too|both|instead|maybe|perhaps) )*"
    ),
    "any2_": r"(?:\S+ ){0,2}",
    "any4_": r"(?:\S+ ){0,4}",
    "any8_": r"(?:\S+ ){0,8}",
    "i_will": (
        "(?:(?:i|we) (?:will|shall|can|could|am going to|are going to|would like to|am able to|are able to|"
        "am happy to|"
        "would be happy to|would love to|am glad to|want to|intend to|am about to|have to|need to)|let me|let us|"
        "allow me to|happy to)"
    ),
    "i_commit": "(?:i (?:will|shall|am going to|intend to|want to|am happy to|can)|let me|allow me to)",
    "we_commit": "(?:we (?:will|shall|are going to|can)|let us)",
    "your": "(?:your|you are|you re)",
    "you_are": "(?:you are|your|you were|you re)",
    "it_is": "(?:it is|its|that is|thats|this is|it was|that was)",
    "that": "(?:that|it|this)",
    "address": "(?:sir|madam|you know|love|dear|mate|pet|(?:mr|mrs|ms) \\w+)",
    "thing": (
        "(?:payment|charge|fee|bill|invoice|parcel|package|delivery|order|letter|form|money|amount|account|"
        "card|refund|"
        "box|appointment|engineer|router|line|internet|connection|claim|benefit|booking|flight|room|ticket|"
        "item|product|"
        "contract|phone|meter|salary|pay|payslip|payroll|permit|application|rent|loan|policy|washing machine|machine|"
        "boiler|car|bike|subscription|credit|deposit|debit|transfer|reservation|driver|technician|reading|file|case|"
        "heating|power|electricity|water|service|call|complaint|medicine|prescription|laptop|washer|cooker|sofa)s?"
    ),
    "feel": (
        "(?:upset\\w*|frustrat\\w+|angry|anger|annoy\\w*|irritat\\w+|stress\\w*|worr\\w+|disappoint\\w+|"
        "awful|terrible|"
        "horribl\\w+|exhaust\\w+|hard|difficult\\w*|tough|unpleasant|infuriat\\w+|maddening|fed up|furious|mad|"
        "distress\\w*|scary|frighten\\w+|scared|shock\\w*|unsettl\\w+|exasperat\\w+|tiring|tired|tiresome|"
        "embarrass\\w+|"
        "humiliat\\w+|painful|rough|miserable|overwhelm\\w+|nightmare|sick of|stuck|helpless|ignored|let "
        "down|aggravat\\w+|"
        "brutal|desperate|rotten|grim|devastat\\w+|heartbreak\\w+|gutting|alarm\\w+|inconvenien\\w+|anxious|"
        "anxiety|nerve ?wracking|nerve ?racking|dreadful|hurt\\w*|"
        "concern\\w*|cross|"
        "outrag\\w+|unfair|unacceptable|appalling|disheartening|discouraging|wear\\w* \\S+ (?:down|out)|worn out|"
        "at the end of <your> (?:rope|tether)|lost (?:your )?(?:patience|trust)|pain|fright|burden|strain)"
    ),
    "event": (
        "(?:charged|billed|debited|paid|taken|took|left|came|come|arrived|waited|waiting|called|rung|rang|"
        "phoned|written|"
        "wrote|sent|received|lost|missed|cancelled|bounced|broke|broken|failed|stopped|delivered|promised|told|moved|"
        "handed|passed|transferred|cut|went|gone|happened|reported|refused|declined|ordered|booked|"
        "returned|been|stood|"
        "spent|had|got|stayed|supposed|arrive|withdrawn|deducted|signed|tried|explained|asked|spoken)"
    ),
    "count": (
        r"(?:\d\S*|once|twice|first|second|third|\d+(?:st|nd|rd|th)|again|double|three times|several|many "
        r"times|times|"
        r"days|weeks|hours|months|minutes|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|"
        r"march|april|june|july|august|september|october|november|december|yesterday|last (?:week|month|night|year))"
    ),
    "remedy": (
        "(?:refund(?:ing)?|reimburs(?:e|ing)|repay(?:ing)?|pay(?:ing)? <any4_>back|credit(?:ing)?|"
        "replac(?:e|ing)|resend(?:ing)?|"
        "reship|send(?:ing)? (?:<any4_>(?:new|another|replacement|second|engineer|technician|courier|"
        "driver|somebody|someone|"
        "money|duplicate|copy|form|label|voucher|parcel|package|van|taxi|plumber|electrician|one|unit|"
        "item)|it (?:out )?again|"
        "<any2_>back)|rebook(?:ing)?|reschedul(?:e|ing)|book(?:ing)?|cancel(?:ling)?|revers(?:e|ing)|correct(?:ing)?|"
        "repair(?:ing)?|reinstat(?:e|ing)|restor(?:e|ing)|reconnect(?:ing)?|reactivat(?:e|ing)|"
        "unblock(?:ing)?|unlock(?:ing)?|"
        "exchang(?:e|ing)|swap(?:ping)?|upgrad(?:e|ing)|deduct(?:ing)?|writ(?:e|ing) <any4_>off|adjust(?:ing)?|"
        "return(?:ing)? <any2_>(?:money|payment|amount|sum|\\d+\\S*)|issu(?:e|ing)|reset(?:ting)?|"
        "releas(?:e|ing)|amend(?:ing)?|"
        "undo(?:ing)?|compensat(?:e|ing)|redeliver(?:ing)?|deliver(?:ing)?|dispatch(?:ing)?|reorder(?:ing)?|"
        "reduc(?:e|ing)|extend(?:ing)?|transfer(?:ring)? <any2_>(?:money|amount|payment|refund|\\d+\\S*)|"
        "(?:put|putting|take|taking|get|getting|give|giving|have) <any4_>(?:back|off <your> (?:bill|account|invoice)|"
        "(?:in|into|to|on) <your> account)|remov(?:e|ing) <any2_>(?:charge|fee|fees|block|hold|late|debt|"
        "entry|item|payment|"
        "penalty|<that>)|stop(?:ping)? the (?:payment|collection|debit|order|reminder|subscription)|reopen(?:ing)?|"
        "open(?:ing)? <any2_>claim again|restart(?:ing)?|arrang(?:e|ing)|schedul(?:e|ing)|"
        "organis(?:e|ing)|cover(?:ing)?|re ?issu(?:e|ing)|switch(?:ing)? <any4_>(?:on|back|over|off)|"
        "mov(?:e|ing) <any4_>(?:to|forward|up)|set(?:ting)? up|chang(?:e|ing) <any2_>(?:address|date|tariff|plan|"
        "appointment|delivery|booking|name|contract|to)|updat(?:e|ing) <your>|lift(?:ing)? the|split(?:ting)?|"
        "spread(?:ing)?|freez(?:e|ing)|paus(?:e|ing)|collect(?:ing)? <that>|(?:put|bring|drop|leave) (?:it|"
        "that|this|them) (?:on|out|through|round|over|in)|have <any4_>"
        "(?:technician|engineer|courier|driver|it|that|this) (?:with|at|there|sent|done|fixed|repaired|"
        "replaced|delivered)|"
        "pick(?:ing)? <that> up|"
        "post(?:ing)? <any4_>(?:to you|today|tomorrow|new|copy|again)|(?:re)?print(?:ing)?|transfer the|re "
        "?run(?:ning)?|prioritis(?:e|ing))"
    ),
    "effort": (
        "(?:look (?:into|at|after|for|through|again)|take (?:a|another|one more) (?:closer |good |proper |"
        "quick )?look|have (?:a|another) "
        "(?:closer |good |proper |quick )?look|check|double check|make (?:absolutely |very )?(?:sure|"
        "certain)|see to|see <any2_>through|see that|"
        "take (?:full |personal )?(?:care|charge|ownership|responsibility)|take (?:this|that|it) (?:on|up|"
        "over|to|from here)|"
        "handle|deal with|follow <any2_>up|follow through|chase|get back to you|call you|call back|ring|phone|"
        "give you (?:a|another) (?:call|ring|update)|come back to you|contact|email|update you|keep (?:you|"
        "an eye|at|on|track|working|"
        "hold of|this|it)|let you know|inform you|investigate|get to the bottom|find (?:out|a way|you|it|"
        "<any2_>for you)|work on|sort|fix|resolve|"
        "put (?:this|that|it|things) right|get (?:this|that|it|things) (?:\\S+ )?(?:sorted|fixed|right|"
        "done|resolved|solved|moving|cleared|to)|"
        "ping you|sit with (?:it|this|that)|raise|speak (?:to|with)|talk to|ask|stay (?:on|with)|do (?:my "
        "(?:very )?best|everything|all|"
        "whatever|what(?:ever)? i can|"
        "what i can|this|that|it)|help|assist|watch|monitor|walk|go through|pull|review|track|trace|search|"
        "not (?:rest|stop|let go|leave|give up|hang up)|be (?:watching|checking|calling|ringing|with you|"
        "on|here)|see what|"
        "confirm|push|press|pursue|write to you|send you (?:an update|a message|a text|word)|report back|"
        "test|clear (?:this|that|it) up)"
    ),
    "time": (
        r"(?:today|tonight|tomorrow|by (?:\S+ ){0,3}\S+|within (?:\S+ ){1,3}\S+|at (?:\d\S*|noon|the "
        r"latest)|before (?:\S+ ){1,3}|"
        r"(?:this|on) (?:morning|afternoon|evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
        r"in (?:the|an|a|\d+|one|half) (?:\S+ )?\S+|right now|straight away|every (?:day|morning|hour)|"
        r"(?:as soon as|until|when|once) \S+|next (?:week|\S+day)|later|(?:i|we) \S+ back)"
    ),
    "other": (
        "(?:colleagues?|co ?workers?|supervisor|manager|team ?lead(?:er)?|specialists?|expert|(?:\\w+ "
        ")?(?:team|department|desk|unit|office)|"
        "claims|accounts|technician|engineer|complaints|someone (?:who|senior|with)|somebody (?:who|senior|with)|"
        "the (?:right )?person|second line|senior \\w+|\\w+ department)"
    ),
    "data": (
        "(?:numbers?|date of birth|birth ?date|name|surname|postcode|post ?code|zip code|address|email|"
        "reference|account|order|invoice|"
        "date|amount|time|code|meter reading|reading|serial|model|customer number|policy number|id|details|colour|"
        "street|sort code|booking|digits|contract|tracking|payslip|staff number|employee number|claim number)"
    ),
}

#: A rule that runs across clauses stops at these signs.
_FULL_STOPS = (".", "!", "?")
_REPORTED = re.compile(
    r"\b(?:(?:you|he|she|they|somebody|someone|colleague|colleagues|manager|agent|agents|people|person|"
    r"nobody|who|one|driver|"
    r"lady|man|letter|we) (?:\S+ ){0,3}?(?:said|says|say|told|tell|promised|claimed|asked|asking|"
    r"mentioned|wrote|telling|"
    r"saying|called)"
    r"|(?:would|will|am|was|could|should|do|did|can)(?: \S+){0,2} (?:not|never)(?: \S+){0,3} (?:tell|"
    r"say|ask|telling|saying|asking)"
    r"|never (?:\S+ )?(?:tell|say|ask|told|said|asked|meant)|(?:told|asked) (?:\S+ )?to|being told|"
    r"i (?:was|have been) told|(?:word|words|phrase|sentence)|telling (?:you|people|someone|somebody|anyone)|"
    r"(?:say|saying|said|tell you|telling you) (?:that )?(?:you )?(?:should )?$)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern for one id.

    ``confidence`` 0..1 that the id is right if it matches; ``unless`` in the clause forbids it; ``asks`` demands
    (True) or forbids (False) a question; ``across`` lets it run into the next clause; ``denied`` and ``reported``
    allow a negation or reported speech before it.
    """

    id: str
    pattern: re.Pattern[str]
    confidence: float
    unless: re.Pattern[str] | None = None
    asks: bool | None = None
    across: bool = False
    denied: bool = False
    reported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An id found in the clauses ``first`` to ``last`` (counted from 0) with a confidence 0..1."""

    id: str
    confidence: float
    first: int
    last: int
    measure: str | None = None
    value: float | None = None
    threshold: float | None = None


_GAP = re.compile(r"\(\?:\\S\+ \)(\?|\{0,[234]\})")


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern with its families written out, on word boundaries, with gaps that no negation slips through.

    Raises KeyError for an unknown family.
    """
    for _ in range(4):
        pattern = re.sub(r"<([a-z]\w*)>", lambda m: FAMILIES[m[1]], pattern)
    pattern = _GAP.sub(r"(?:(?!(?:not|never|no) )\\S+ )\1", pattern)
    return re.compile(rf"\b(?:{pattern})(?!\w)")


def rules(
    rule_id: str,
    confidence: float,
    *patterns: str,
    unless: str | None = None,
    asks: bool | None = None,
    across: bool = False,
    denied: bool = False,
    reported: bool = False,
) -> tuple[Rule, ...]:
    """Rules of one id that share their guards."""
    stop = compiled(unless) if unless else None
    return tuple(
        Rule(
            id=rule_id,
            pattern=compiled(pattern),
            confidence=confidence,
            unless=stop,
            asks=asks,
            across=across,
            denied=denied,
            reported=reported,
        )
        for pattern in patterns
    )


def hits(clauses: Sequence[Clause], table: Sequence[Rule]) -> Iterator[Hit]:
    """Where the rules of a table hold."""
    for at, clause in enumerate(clauses):
        if clause.quoted:
            continue
        following = clauses[at + 1].norm if at + 1 < len(clauses) else ""
        joined = clause.norm if clause.mark in _FULL_STOPS else f"{clause.norm} {following}".rstrip()
        asks = clause.asks
        for rule in table:
            if rule.asks is not None and rule.asks != asks:
                continue
            found = rule.pattern.search(joined if rule.across else clause.norm)
            if found and found.start() < len(clause.norm) and not _guarded(rule, clause, joined, found):
                runs_on = rule.across and found.end() > len(clause.norm)
                yield Hit(id=rule.id, confidence=rule.confidence, first=at, last=at + runs_on)


def _guarded(rule: Rule, clause: Clause, joined: str, found: re.Match[str]) -> bool:
    before = clause.norm[: found.start()]
    if before and not rule.denied and negated(before):
        return True
    if before and not rule.reported and _REPORTED.search(before):
        return True
    return rule.unless is not None and rule.unless.search(joined if rule.across else clause.norm) is not None
