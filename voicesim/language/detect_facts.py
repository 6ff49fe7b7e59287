"""Rules for taking up what the caller said: restating, conceding that she is right, echoing her facts."""

import re
from collections.abc import Collection, Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.normal import SMALL, normal, stem
from voicesim.language.numbers import is_number
from voicesim.language.rules import Hit, compiled, hits, rules
from voicesim.language.taken_up import named, named_by_caller
from voicesim.model import Context

_RIGHT = (
    *rules(
        "acknowledge",
        0.85,
        "<you_are> <adv_>(?:right|correct)(?! now| here| there)",
        "you (?:\\S+ )?(?:were|did|have done|have) <any2_>(?:right|the right thing|correctly|well) (?:to|"
        "by|in|when)|(?:right|correct|good|glad) (?:that )?you (?:to )?(?:called|rang|raised|told|brought|"
        "flagged|pointed|spoke|said|let)",
        "you have (?:a|every|the|all the|got a|made a) (?:\\S+ )?(?:right|reason|point|fair point|case)"
        "(?! (?:to )?(?:be|feel)| of)",
        "(?:that|it|this)(?: is| s|s)? (?:\\S+ )?(?:a |an )?(?:fair|valid|good|perfectly fair|legitimate|"
        "reasonable|justified|absolutely fair) (?:point|question|complaint|concern|thing|objection|request|"
        "remark|to)",
        unless="is that right|if you are right|am i right|right to (?:cancel|appeal|refuse)|(?:you are|your) right to "
        "(?:be|feel)|no right|you are right but you|make sure|right of|all right|your right (?:hand|side|"
        "arm|foot|button)",
        asks=False,
    ),
    *rules(
        "acknowledge",
        0.85,
        "(?:so |and |if i |let me |just to |did i |^to |what i |from what )<any4_>(?:understand|understood|"
        "heard|hear|got|confirm|make sure|check|recap|repeat|summarise|sum up|be clear) "
        "<any8_>(?:you|your|we|the|there|it|that|this|us) <any4_>(?:<event>|<count>|not|never|still|again)",
        "(?:so|right|ok|i see|and|i understand|i hear|i can see|i see that|yes|then|now) <any2_>(?:your|"
        "you|we|the|our|there|<count>|it|somebody|someone|they|both|nobody|no one) <any8_><event> "
        "<any8_><count>",
        "(?:so|right|ok|i see|i understand|i hear|i can see|i see that) <any2_>(?:your|you|the|our|there|"
        "<count>|it) <any8_><count> <any8_><event>",
        "you (?:have |had |were |are |also |only |just |clearly |already |first )*(?:been (?:\\S+ "
        ")?)?(?:said|say|saying|told|telling|mentioned|explained|described|<event>) <any8_><count>",
        "you (?:have |had |were |are |also |only |just |clearly |already )*(?:said|say|saying|told (?:me|"
        "us)|telling (?:me|us)|mentioned|explained|described) <any8_>(?:you|your|the|it|that|we|our|my|"
        "nobody|no) \\S+",
        "(?:your|the|that|this|our|both|one|a) (?:\\S+ )?<thing> <any4_><event> <any8_>(?:<count>|your|you)",
        "(?:your|the) (?:\\S+ )?<thing> (?:has|have|had|did|was|were|is) (?:still )?(?:not|never) <any2_>\\S+",
        "we (?:have |had |also )?(?:charged|billed|debited|took|taken|sent|cancelled|promised|told|missed|"
        "lost|kept|left|wrote|delivered|refused|stopped|cut|passed|put) <any4_>(?:you|your|it|the|that) "
        "<any8_><count>",
        "(?:this|that|it) (?:is|was|has been) (?:\\S+ )?the (?:second|3rd|4th|5th|6th|\\d+th) (?:time|day|"
        "week|call|letter|month|delivery|attempt|person|engineer|appointment)",
        "(?:for|after|over|since) (?:the )?(?:last |past |over |more than |almost |nearly )*(?:\\d+|a|two|"
        "three|several|one) (?:days|weeks|hours|months|minutes|times|calls|years|attempts|week|month) "
        "<any4_>(?:you|your|and|of|without|now)",
        unless=(
            "^(?:and |so |well )*if (?!i )|you should|"
            "you did not (?:tell|pay|read|give|call|check|inform|fill|update|send us|mention|say)|"
            "you never (?:told|paid|sent us|gave|said)|you (?:forgot|failed)|i can (?:see|not)|as you said|i "
            "told|"
            "(?:i|we) (?:will|can|could|shall|would|am going|are going)|let me (?:check|see) (?:when|if|"
            "whether|what)|you (?:will|can|could|should|need|must|have to|might|may|would)|you claim|"
            "supposedly|allegedly|"
            "(?:will|is going to|should|can|would) (?:\\S+ )?(?:be|arrive|come|reach|appear|go|have)|thank|"
            "would you|wait (?:a|for|until)"
        ),
        denied=True,
        reported=True,
        asks=False,
    ),
    *rules(
        "acknowledge",
        0.6,
        "(?:that|this|it) should (?:not|never) (?:have happened|happen|be|have been)|you should not have "
        "(?:to|had)|you should have (?:been|had|received|got|heard)",
    ),
)

_SIDES = rules(
    "acknowledge",
    0.8,
    "(?:no need|do not (?:need|have)|not have) to (?:\\S+ )?(?:say sorry|apologise|be sorry|explain yourself|justify)",
    "(?:i|we) (?:never|do not|did not) (?:\\S+ )?doubt\\w*|i (?:\\S+ )?believe you|i take your word|i "
    "have no doubt (?:that )?you",
    "you are not to blame|<it_is> not you (?:who|that)(?: .*)?$|(?:down to|because of|on) (?:us|our \\w+)(?: and)? not "
    "(?:to |because of |on )?you",
    "you should have (?:had|got|received|heard)(?: .*)?$",
    "you should (?:never|not) have (?:had to|been (?:left|told|charged|made|kept|passed|sent|put))(?: .*)?$",
    "(?:that|it|this) (?:was|is) (?:\\S+ )?(?:wrong|unkind|unfair|rude|not right|unacceptable)(?: of "
    "(?:us|them|him|her))?$",
    "i (?:do not|can not) agree with (?:them|him|her|that)|would not call (?:\\S+ ){1,4}(?:small|minor|trivial|little)",
    "(?:not|no) (?:a |any |at all )*(?:small|minor|trivial|little)(?: \\S+)?(?: at all| for you)?$",
    "(?:nobody|no one|they|he|she|we) (?:\\S+ ){0,4}?should (?:not )?have (?:said|told|done|treated|"
    "spoken|left|let|sent)",
    unless="if it is|i am not to blame|you do not have to shout|do you",
    asks=False,
    denied=True,
    reported=True,
)
#: With these a clause about the caller's matter is no taking up of it: blame, denial, a general remark, a command.
_NOT_TAKEN_UP = compiled(
    "(?:not|nothing to do with|never) (?:\\S+ )?(?:us|me|ours?|mine|my|our \\w+)(?! \\w+ed)|(?:your|their|his|her|its|"
    "the \\w+) (?:own )?(?:fault|mistake|problem|responsibility|job|business)|<it_is> (?:<adv_>)your (?:own )?\\w+$|"
    "you (?:\\S+ )?(?:should|must|ought|need|have to|had to|can not|could not|are supposed|were supposed|only|"
    "signed|agreed|chose)|if (?:you|he|she|they|people)|"
    "people|customers|everyones?|everybodys?|anybody else|callers|others|most of (?:us|them)|lots of|plenty of|they "
    "all|we all|all the time|every day|all day|sometimes|usually|normally|always|in general|as a rule|happens|"
    "these things|(?:we|they|i) (?:do not|does not|can not|will not|would not)|not possible|nothing|only|just|"
    "(?:^|please |just |now |well |and |so )(?:calm|stop|listen|call|ring|read|check|go|try|wait|look|ask|talk|"
    "speak|complain|contact|write|fill|send|pay|keep|hang|give|tell|take|put|turn|leave|show|get|do)(?! you)"
)
_DENIES = compiled("^(?:\\S+ ){0,3}not (?:us|me|ours|mine|our \\w+|my \\w+)$")
#: Words that any call about the matter holds; two of them in common show nothing.
_COMMON = compiled(
    "<thing>|banks?|customers?|calls?|called|phoned?|money|people|numbers?|days?|weeks?|"
    "months?|things?|went|goes|took|taken|told|through"
)
_ECHO_BARS = re.compile(
    r"\b(?:takes?|i am going)\b|\b(?:i|we) (?:will|can|could|shall|would|am going|are going)\b|\blet "
    r"(?:me|us)\b|\byou should have\b|"
    r"\byou (?:did not|never) (?:tell|pay|read|told|paid)|\byou (?:forgot|failed|claim)\b|\bthank|\bguarantee\b"
)
_PLAIN = SMALL | frozenset(
    "and or but so not no is are was were be been being have has had do did does will would can could "
    "shall should may "
    "might must am if then than there here he she they them his her who what when where why how which "
    "with from up out "
    "off as just very really well now again also too more much get got go going say said tell told "
    "know want need make "
    "made take thing people yes please right like only even back still about because into over after "
    "before time call "
    "sorry understand help see look let think sure good day today thank thanks listen hear ok".split()
)


#: Content words and figures of hers that nobody says by chance.
_SAID_BACK = 2
_DISPUTES = compiled("not|never|no|but|actually|already|said|told|say|saying|claim")

_COUNTED = compiled("<count>")
_PAST = compiled(
    "<event>|\\w{3,}ed|was|were|went|came|had|began|kept|stood|sat|fell|put|read|rang|flew|drove|ran|slept|bought|"
    "brought|chose|did not|has not|have not|is missing|still"
)
_ABOUT = compiled("you|your|nobody|no one|they|we|our|<thing>|this is the|that is the")
_OFF_SUBJECT = compiled(
    "(?:i|we|you|they|he|she|it|there|that|which) (?:\\S+ )?(?:will|can|could|shall|would|should|must|"
    "may|might|am going|"
    "are going|need|have to)|i|if|let me|let us|thank\\w*|please|sorry|apologise|usually|normally|always|every|"
    "in general|last bill|you (?:did not|never|forgot|failed|signed|chose|ignored)|should have|because you|as you|"
    "i told|you claim|supposedly|allegedly|not (?:possible|allowed)|fault|policy|rules?"
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of ``acknowledge``."""
    yield from hits(clauses, _RIGHT)
    yield from hits(clauses, _SIDES)
    yield from _restated(clauses)
    yield from _echo(clauses, context)


def _echo(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Statements that take up one of the caller's facts or two of her content words."""
    facts = [normal(value) for value in context.facts.values()]
    heard = {stem(w) for line in context.caller_lines for w in normal(line).split()}
    heard |= {stem(w) for w in normal(context.caller_line or "").split()}
    lines = {w for w in heard if w not in _PLAIN and stem(w) not in _PLAIN}
    for at, clause in enumerate(clauses):
        if clause.quoted or (clause.asks and clause.mark != "?") or _ECHO_BARS.search(clause.norm):
            continue
        if _NOT_TAKEN_UP.search(clause.norm) or any(_DENIES.search(c.norm) for c in clauses[max(0, at - 2) : at]):
            continue
        words = clause.norm.split()
        facts_in = sum(f" {fact} " in f" {clause.norm} " for fact in facts if fact)
        echoed = {stem(w): w for w in words if (len(w) > 3 or is_number(w)) and stem(w) in lines}
        about = re.search(r"\b(?:you|your|we|our|it|that|there|went|was|were)\b", clause.norm) is not None
        if facts_in and len(words) > 2 and about:
            yield Hit(id="acknowledge", confidence=0.9, first=at, last=at)
        elif about and len(words) > 3 and len(echoed) >= 2:
            yield Hit(id="acknowledge", confidence=_echo_confidence(clause.norm, echoed.values()), first=at, last=at)


def said_back(clauses: Sequence[Clause], context: Context) -> bool:
    """Whether these clauses say the caller's own words back and next to nothing else, and deny nothing."""
    own = named(clause.norm for clause in clauses)
    hers = own.taken_up(named_by_caller(context))
    taken_up, all_words = (len(words.content) + len(words.figures) for words in (hers, own))
    plain = not any(clause.asks or _DISPUTES.search(clause.norm) for clause in clauses)
    return plain and taken_up >= _SAID_BACK and all_words - taken_up <= 1


def _echo_confidence(norm: str, echoed: Collection[str]) -> float:
    """Three words in common say it; two do if they are told as what happened and one belongs to this call alone."""
    own = any(is_number(word) or not _COMMON.fullmatch(word) for word in echoed)
    if len(echoed) > 2:
        return 0.85 if own else 0.65
    return 0.75 if own and _PAST.search(norm) else 0.65


def _restated(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """Statements of what happened to the caller, with a figure, a day or a number of times."""
    for at, clause in enumerate(clauses):
        norm = clause.norm
        if clause.quoted or clause.asks or len(norm.split()) < 5 or _OFF_SUBJECT.search(norm):
            continue
        if _PAST.search(norm) and _COUNTED.search(norm) and _ABOUT.search(norm):
            own = re.search(r"\b(?:you|your)\b", norm) is not None
            yield Hit(id="acknowledge", confidence=0.8 if own else 0.6, first=at, last=at)
