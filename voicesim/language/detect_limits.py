"""Rules for the limits of a call: handing over, boundaries on abuse, what is not known."""

import re
from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.rules import Hit, compiled, hits, rules
from voicesim.model import Context

_REFER = (
    *rules(
        "refer",
        0.9,
        "(?:<i_will>|may i|can i|could i|shall i|i am|i would|i will have|happy to) <adv_>(?:transfer|"
        "transferring|put|putting|connect|connecting|pass|passing|hand|handing|refer|referring|forward|"
        "forwarding|escalate|escalating|bring in|bring|involve|get|fetch|give|redirect|route|take|move) "
        "(?:you|this|that|it|your \\w+|the \\w+|him|her|my|our|a|an|in|them)? ?<any4_>(?:through|over|on "
        "to|onto|to (?:my|our|the|a|an|someone|somebody|claims|billing|his|her|\\w+ (?:team|department|"
        "desk))|to (?:them|him|her)|across|with (?:my|our|the|a|someone|somebody)|supervisor|manager|specialist|"
        "colleague|team "
        "?leader|expert|higher up|up)",
        "(?:my|a|our|the|your) (?:\\S+ )?(?!engineer|technician|courier|driver)(?:<other>)(?: \\S+){0,4} "
        "(?:can|will|could|has|have|is able|"
        "knows|is the|are able|decides|approves?|handles?|deals?|specialis\\w+|looks? after)",
        "(?:that|this|it)(?: one)? (?:\\S+ )?(?:needs|is one for|is (?:a )?(?:one |matter |question |job )?for|belongs "
        "(?:to|with)|"
        "has to go to|goes to) (?:my|our|the|a) (?:\\S+ )?(?:<other>|\\w+ (?:people|side|crowd|lads))",
        "(?:<i_will>) <adv_>(?:get|have|ask) (?:one of )?(?:the|our) <any2_>(?:guys|people|lads|girls|ladies|folks|"
        "specialists|colleagues) to <any4_>\\S+",
        "(?:speak|talk) (?:to|with) (?:my|our|a|the) (?:\\S+ )?<other>|(?:someone|somebody|person|one|"
        "people) (?:who|that) (?:can|could|is able|has|decides|may|knows)",
        "(?:<i_will>) <adv_>(?:ask|call|bring|consult|involve|get|have|let|invite) (?:in |for )?(?:my|our|"
        "a|the) (?:\\S+ )?<other>(?: to| and| who| on| now|$)",
        "(?:<i_will>) <adv_>(?:raise|escalate|forward|submit|report|hand) (?:this|that|it|your \\w+)(?: "
        "\\S+){0,2} (?:with|to|at) <any2_>(?:<other>|\\w+)",
        unless="to the bottom|you (?:were|have been|got|are being)|another transfer|been transferred|i (?:will|"
        "do) not|you "
        "(?:need|have|must|should) (?:to )?(?:call|contact|speak|talk|ask|ring|write|go)|instead of|"
        "without|without transferring|rather than|will tell you the same|made|messed|fault|mistake|put you "
        "on hold|wrong|forgot|your manager|driver|lost|failed|get back to you|already told|ignored|did not|"
        "never|stop you|to you|will be (?:in|at|back|there|off|out)|put (?:this|that|it|things) right|move "
        "(?:on|forward)",
    ),
    *rules(
        "refer",
        0.75,
        "(?:put|putting|transfer|transferring|connect|connecting) you (?:\\S+ )?(?:through|across|over(?! "
        "(?:the|a|our))|to|with)|"
        "(?:pass|hand) (?:you|this|it) (?:on|over)",
        "(?:stay|remain|be) (?:on the line )?(?:with you )?(?:while|until) (?:i|we) (?:connect|transfer|"
        "put)|warm transfer",
        "let us get (?:my|a|the|our) (?:\\S+ )?<other>",
        unless="you (?:were|have been|got)|been|they|he|she|without|instead|stop|on hold|again and again|rather than",
    ),
    *rules(
        "refer",
        0.85,
        "(?:i|let me) (?:will|must|have to|am going to|would like to|need to|can)? ?(?:now )?(?:fetch|"
        "bring in|call in|get|pass you|introduce you|add|ring) (?:you )?(?:to )?(?:him|her|them|(?:the |"
        "our |my )?(?:manager|boss|head|\\w+ (?:line|team|desk|from|in|to)))(?: .*)?$",
        "(?:he|she|they|only (?:she|he|they|the manager|\\w+)) (?:can|may|could|decides?|is able to|is "
        "allowed to) (?:\\S+ )?(?:do|open|change|sign|approve|decide|see|allow|release|grant|fix|say|tell|"
        "answer|shut|authorise)(?: .*)?$",
        "ask (?:her|him|them|\\w+|\\w+ (?:in|from) \\w+) to (?:phone|ring|call|write to|contact|email) you|i "
        "will introduce you|question for (?:the |a )?\\w+ (?:and )?not (?:for )?me|before i connect you|"
        "(?:mr|mrs|ms) \\w+ (?:in|from|at) \\w+ (?:can|will)",
        unless="you (?:were|have been)|without|rather than|i can not|get (?:the|a) (?:money|refund)|told you|said|"
        "who can (?:you|i)|nobody|they can not|back to you",
        asks=False,
    ),
)

_ABUSE = (
    "(?:swear\\w*|shout\\w*|insult\\w*|curs\\w+|yell\\w*|scream\\w*|abus\\w+|threat\\w+|offen\\w+|name "
    "calling|call\\w* me|language|words?|names|tone|rude\\w*|raise your voice|personal (?:attack|"
    "remark)s?|disrespect\\w*|profanity|spoken to|speak to me|talk to me)"
)
_LIMIT = (
    *rules(
        "set_limit",
        0.9,
        "(?:i|we) (?:will|would|might|may|shall|am going to|can|must|should|could)(?: \\S+){0,4} (?:end|"
        "finish|terminate|close|stop|disconnect|hang up|drop|put down)(?:ing)? ?(?:the|this|our|up)? "
        "?(?:call|conversation|phone|line)?(?: \\S+){0,5} (?:if|unless|should you|when)(?: .*)?$",
        f"(?:if|unless|should) (?:\\S+ ){{0,8}}{_ABUSE}(?: \\S+)* (?:i|we) (?:will|would|shall|am|must|can|"
        f"have|may|need)(?: \\S+){{0,4}} (?:end|finish|terminate|close|stop|disconnect|hang|not "
        "continue|not be able)",
        "(?:or|otherwise|else) (?:i|we) (?:will|would|shall|must|may|am going to|can|have)(?: \\S+){0,4} "
        "(?:end|finish|terminate|close|stop|disconnect|hang)(?: \\S+)* ?(?:call|conversation|up|"
        "phone)",
        "(?:i|we) (?:can not|will not|do not|am not going to|am not able to|am not willing to|can only|"
        f"could only) (?:\\S+ ){{0,6}}(?:continue|help|accept|tolerate|be|listen|work|go on|carry on|talk|"
        f"stay|allow|have|discuss)(?: \\S+){{0,8}} {_ABUSE}",
        "(?:i|we) (?:will have to|have to|must|am going to|will now|am now|need to|shall) (?:\\S+ )?(?:end|"
        "ending|terminate|hang up|close|disconnect)(?: \\S+){0,2} ?(?:call|conversation|now|phone|up)?$",
        "i am (?:now )?(?:ending|going to end|hanging up|closing|terminating) (?:this|the)? ?(?:call|conversation)?",
        f"not (?:if|while|when|as long as) you (?:\\S+ ){{0,5}}{_ABUSE}",
        f"(?:i|we) (?:\\S+ ){{0,3}}(?:ask|want|need|would like|must ask|have to ask|expect|kindly ask|"
        f"appreciate)(?: it if)? (?:you|we|that|this|a) (?:\\S+ ){{0,6}}{_ABUSE}",
        "(?:speak|talk|treat|deal) (?:\\S+ ){0,4}(?:respectfully|with respect|politely|civilly|in a "
        "respectful|in a civil)|(?:keep|conduct|have) (?:this|it|the|our|a) (?:\\S+ )?(?:conversation |"
        "call )?(?:\\S+ )?(?:respectful|civil|polite)",
        unless="anything else|before i (?:end|close)|end the call happy|when you shouted|if (?:we|i) (?:lose|get)|"
        "contract|order|your account|ticket|subscription|case|if there is nothing|offended",
        denied=True,
        across=True,
    ),
    *rules(
        "set_limit",
        0.8,
        "(?:please|kindly|i ask you to|can we|could you|would you|can you|let us) (?:please |just |kindly "
        ")*(?:stop|not|refrain|avoid|leave out|do not|keep|mind|without|quit) (?:\\S+ ){0,4}(?:swear\\w*|"
        "insult\\w*|curs\\w+|abus\\w+|threat\\w+|offen\\w+|language|name calling|calling me|names|those "
        "words|personal|profanity|rude\\w*)",
        "without (?:the |any )?(?:insults|swearing|shouting|abuse|offensive|that language|bad language|"
        "name calling|cursing)",
        unless="language (?:do you|would you)|which language|another language|offended|do not want to insult",
        denied=True,
    ),
    *rules(
        "set_limit",
        0.85,
        "(?:i|we) (?:will|am going to|would|must|have to|shall)(?: \\S+){0,3} (?:put (?:the )?phone down|"
        "hang up|end (?:the|this|our) (?:call|conversation|chat)|call security|stop (?:here|the call)|"
        "finish here)",
        "(?:once more|one more time|if it happens again|next time|again) (?:and )?i (?:will |am going to |"
        "have to )?(?:\\S+ )?(?:end|hang|stop|put|close)(?: \\S+)*|i end the (?:call|conversation)",
        "(?:i|we) (?:do not|will not|can not) (?:accept|take|allow|tolerate)(?: \\S+)? (?:being (?:called|"
        "spoken|shouted|sworn|insulted|treated)|that (?:word|language|tone)|those words|threats|insults)|"
        "(?:we|i) do not talk to (?:\\S+ ){1,3}like that|please do not threaten|if we (?:stay|keep|can "
        "stay) (?:civil|polite|respectful)|words like that are not",
        unless="before i|anything else|offended|i will not hang up|would never|i will not end",
        denied=True,
    ),
)
_RESPECT = compiled(
    "want to help|help you|or i (?:will|would)|end (?:the|this) call|hang up|so (?:that )?(?:i|we) can|"
    "in order to help|otherwise|(?:end|terminate|close) (?:the|this|our) (?:call|conversation)"
)

_UNKNOWN = (
    *rules(
        "dont_know",
        0.6,
        "i (?:\\S+ )?(?:do not|can not|could not) <adv_>(?:yet )?(?:know|tell you|say|answer|see|have "
        "(?:that|the|an|this|any) (?:\\S+ )?(?:answer|information|date|figure|details?|explanation|"
        "overview))(?: \\S+)*",
        "i (?:am|m) (?:\\S+ )?not (?:\\S+ )?(?:sure|certain)(?: \\S+)*",
        "(?:that|this) (?:i|is something i) (?:do not|can not|am not)(?: \\S+){0,3} (?:know|tell|say|"
        "answer|sure)(?: \\S+)*",
        "i (?:\\S+ )?(?:have no|do not have) (?:\\S+ )?(?:answer|information|idea|explanation|details)(?: "
        "\\S+)* (?:yet|right now|at the moment|here|now|in front|for that|for you)",
        "(?:it|that) is (?:\\S+ )?(?:not (?:yet )?(?:clear|known|certain)|unclear|too early|still open)(?: \\S+)*",
        "i am not having (?:that|the|any|this) <any2_>\\S+(?: .*)?$|i (?:do not|have not) (?:have |got )(?:that|"
        "the|it|any) "
        "<any4_>(?:in front of me|yet|to hand|here)(?: .*)?$|i have not (?:got )?(?:a|any) (?:notion|clue|breeze|idea|"
        "answer)(?: .*)?$|(?:i|we) <any2_>could not (?:honestly )?tell you (?:which|where|when|what|whether|"
        "if)(?: .*)?$",
        "(?:the|a|no) (?:\\S+ )?(?:cause|reason|date|decision|answer) (?:is|has|was) (?:\\S+ )?(?:not|been|"
        "yet|known)(?: \\S+)*|we do not (?:yet )?know(?: \\S+)*",
        unless="what i would|how (?:you (?:feel|do|can)|hard|upset|frustrat)|what (?:it is like|to (?:say|tell "
        "you)|you "
        "(?:want|expect|are talking|mean)|your problem|else)|why (?:you (?:are|would|did|called|keep|"
        "think)|it is)|who you|about you|i do not know if you|not sure (?:what|why|how) (?:you|the "
        "problem)|(?:is|was) that right|see (?:why|what|how|the problem|any reason)|tell you how|say "
        "(?:how|enough)|see you|not sure (?:i|if i) (?:can|want)",
        denied=True,
    ),
    *rules(
        "dont_know",
        0.6,
        "(?:i|we) (?:\\S+ )?(?:truly |really |honestly )?(?:can not|could not) (?:\\S+ )?(?:say|tell|see|"
        "know)(?: .*)?$|(?:i )?(?:have not|do not have) (?:a|the|any) (?:\\S+ )?(?:clue|idea|answer)(?: "
        ".*)?$|no idea(?: yet)?(?: .*)?$",
        "(?:nobody|no one) (?:\\S+ )?(?:knows|can (?:say|tell))(?: .*)?$|i have no (?:way of|means of)(?: "
        ".*)?$|(?:i|we) do not know(?: .*)?$",
        unless="what i would|how (?:you (?:feel|do|can)|hard|upset|sorry|frustrat)|why (?:you (?:are|would|did|"
        "called|keep|"
        "think)|it is)|what (?:you (?:want|expect|are talking|mean)|your problem)|say (?:how|enough)|see "
        "(?:why|what|how|the problem)|help you|(?:can|could) not tell you (?:how|enough)",
        denied=True,
        asks=False,
    ),
)
_PLEDGE = compiled(
    "(?:i|we) (?:can not|could not|will not be able to|am not able to|do not want to|will not pretend) (?:\\S+ "
    "){0,2}(?:promise|guarantee|swear|give you (?:a|any) guarantee)(?: .*)?$"
)
_LATER = compiled(
    "(?:know|known|knows|report\\w*|hear|update|tells|reads|meets|scan|back|look|more|result|news|decides?|sends?|"
    "in writing|ring you|call you|text you|write to you)(?: "
    "\\S+){0,6} (?:at|by|on|until|around|about|tomorrow|tonight|today|next|within|in|the minute|straight after|"
    "as soon as)(?: .*)?$|on his way|on her way"
)
_FINDS_OUT = compiled(
    "will <any2_>(?:write|call|ring|let you|decide|tell|inform|contact|email)|(?:team|desk|department|office) "
    "(?:looks?|decides?|writes?|checks?)|(?:i will|let me|i am going to|i can|i shall|we will|i would|"
    "i have to|i need to|i want to|i "
    "would like to|i will have to|will be|they will|he will|she will|team|desk) <any4_>(?:ask|find|"
    "check|call|ring|look|get back|come back|let you|contact|speak|investigate|clarify|ring|email|know|"
    "tell|update|talk|confirm|see|chase|write|decide\\w*|decided|follow|inform|raise|hear)"
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of ``refer``, ``set_limit`` and ``dont_know``."""
    yield from hits(clauses, _REFER)
    yield from _limits(clauses)
    yield from _honest_gaps(clauses)


def _limits(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """A boundary, or a plain request to stop shouting that comes with help or a reason."""
    yield from hits(clauses, _LIMIT)
    whole = " ".join(c.norm for c in clauses if not c.quoted)
    for at, clause in enumerate(clauses):
        asked = re.search(
            r"\b(?:please|ask you to|kindly)\b.*\b(?:shout\w*|yell\w*|scream\w*|raising your voice)\b", clause.norm
        )
        if asked and not clause.quoted and _RESPECT.search(whole):
            yield Hit(id="set_limit", confidence=0.8, first=at, last=at)


def _honest_gaps(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """What is not known, with how or when it will be: in the same clause or a later one."""
    for hit in hits(clauses, _UNKNOWN):
        later = next(
            (
                i
                for i in range(hit.first, len(clauses))
                if _FINDS_OUT.search(clauses[i].norm) or _LATER.search(clauses[i].norm)
            ),
            None,
        )
        if later is not None:
            yield Hit(id="dont_know", confidence=0.9, first=hit.first, last=min(later, hit.first + 2))
    for at, clause in enumerate(clauses):
        if not clause.quoted and _PLEDGE.search(clause.norm):
            yield Hit(id="dont_know", confidence=0.75, first=at, last=at)
