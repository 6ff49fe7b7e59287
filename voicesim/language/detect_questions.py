"""Rules for what is asked: closed and fact-finding questions, confirming, holding and redirecting."""

import re
from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.rules import Hit, compiled, hits, rules
from voicesim.model import Context

_SUITS = (
    "(?:work|suit|help|fit|ok|alright|fine|acceptable|good|be (?:ok|alright|fine|acceptable|good|"
    "enough|better|helpful|useful|a help|convenient|suitable)|convenient|suitable|sound|do|solve|cover|"
    "agreeable|satisfactory|enough)"
)
_CONFIRM = (
    *rules(
        "confirm_solution",
        0.9,
        "(?:does|would|will|do|is|are|can|could|did) <any2_>(?:that|this|it|these|those|either|which|the "
        f"\\w+|\\d+\\S*|\\w+day) (?:\\S+ ){{0,2}}{_SUITS}(?: (?:for|with|to|out|you|then|so|as|if|your|"
        "enough|problem|by) ?.*)?$",
        "how (?:does|would|do) <any2_>(?:that|this|it|the|those|these) <any2_>(?:sound|suit|work|look|feel)",
        "(?:are|would) you (?:be )?(?:\\S+ )?(?:ok|happy|comfortable|fine|satisfied|content|alright|in "
        "agreement|good) (?:with|if|for)",
        "is that (?:how|the way|what) you (?:want|would like|like|prefer|would have)|have i got (?:that|"
        "it) the way|that the way you|(?:does|would|will) (?:that|this|it) (?:\\S+ )?(?:sit|fit|go)(?: "
        "\\S+)*|is (?:that|this) (?:\\S+ )?what you (?:would )?like",
        "(?:shall|should) (?:i|we) (?:\\S+ )?(?:go ahead|proceed|do (?:that|it|this)|arrange|book|set|send|"
        "start|put|refund|order|make|confirm|submit|cancel|transfer|go with|go for|process|credit|issue)",
        "(?:would you like|do you want|would you want|are you happy for|would you prefer) (?:me|us) to "
        "(?:\\S+ )?(?:go ahead|proceed|do (?:that|it|this)|arrange|book|set|send|start|put|refund|order|"
        "make|confirm|submit|cancel|transfer|process|credit|issue|deliver|have)",
        "(?:do|can|are|shall) (?:you|we) (?:\\S+ )?(?:agree|agreed|in agreement|settle on)",
        "(?:sound|sounds) (?:good|ok|fair|alright|reasonable)|is that (?:a deal|what you (?:want|wanted|"
        "need|had|hoped))|(?:ok|alright|fine|good) (?:with|for) you|does that (?:\\S+ )?(?:solve|settle|"
        "answer|cover|take care|meet|address)",
        "may i go ahead|can i go ahead|are we agreed|would you accept|is that something you",
        unless="put you|hold on|on hold|wait (?:on|a)|if i (?:ask|transfer)|does it work (?:when|at all)|is it "
        "working|good time|help me|do you agree that you|anything else",
        asks=True,
    ),
    *rules(
        "confirm_solution",
        0.75,
        "(?:just )?to (?:recap|sum up|summarise|confirm)|so (?:to recap|in summary|we have agreed|we "
        "agreed|what we have agreed)|let me (?:just )?(?:recap|summarise)",
        unless="your (?:name|date|address|number|postcode)|you (?:were|have been|said|are)",
    ),
    *rules(
        "confirm_solution",
        0.7,
        "^(?:and |so )*(?:is|would|will) (?:that|this|it) (?:be )?(?:\\S+ )?(?:ok|alright|fine)(?: (?:for|"
        "with|by) you)?$|if that (?:is|s) (?:ok|alright|fine) (?:with|for|by) you|if that (?:works|suits|"
        "is convenient)",
        unless="hold",
    ),
    *rules(
        "confirm_solution",
        0.8,
        "(?:just )?(?:tell me|let me know|say|nod) (?:if|whether) (?:that|this|it) (?:is|s|works|suits)(?: \\S+)*",
        "then just nod|(?:are we|we are) agreed|(?:ok|fine|alright) (?:with|by|for) you$",
        unless="hold",
    ),
)

_WHILE = "(?:\\d+|a|an|one|two|couple|few|half)(?: \\S+){0,3} (?:minutes?|moments?|seconds?|while|bit|sec|min)"
_HOLD = (
    *rules(
        "hold_asked",
        0.9,
        "(?:may|can|could|might|should|shall|would it be|is it|do you mind|would you mind|are you|will "
        "you) <any8_>(?:put|place|putting|placing|leave|keep) you <any4_>(?:on )?(?:a )?(?:\\S+ )?hold",
        "(?:can|could|would|will|do|are|may|might) (?:you|i ask you to|i just ask you to) <any4_>(?:hold|"
        "holding|stay on (?:the )?(?:line|hold)|wait|waiting|hang on)(?: (?:on|the line|please|for|while|"
        "just|a|on the line|with me|one|briefly|here) ?.*)?$",
        f"(?:may|can|could) i <any4_>(?:pause|step away|leave you|mute)<any4_>(?: {_WHILE})?",
        "(?:is it|would it be|will that be|is that) (?:\\S+ )?(?:ok|alright|fine|possible) (?:if|for|to) <any8_>hold",
        unless="hold on to|hold you responsible|keep you on hold (?:again|any longer)",
        across=True,
    ),
    *rules(
        "hold_asked",
        0.8,
        "(?:please )?(?:bear with me|hold the line|give me|hold on|hang on|one moment|just a moment|allow "
        f"me|stay on the line) (?:\\S+ ){{0,3}}?{_WHILE}",
        "(?:can|could|would|will|may|do) (?:you|i) <any4_>(?:give me|have|take|spare|allow me|grant me|"
        f"bear with me) <any2_>{_WHILE}",
        "(?:thank you|thanks) (?:very much |so much )?for (?:holding|waiting on hold|your patience while i|"
        "bearing with me|staying on the line while|waiting while)",
        "(?:i will|i am going to|i would like to|i need to|let me) (?:\\S+ )?(?:put|place) you on (?:a "
        ")?(?:\\S+ )?hold <any4_>(?:for|if that|if you|while|ok|about)",
        unless="you never|how dare|wait a minute|now you|hold on a (?:minute|second) (?:i|you)",
    ),
    *rules("hold_asked", 0.6, "bear with me|^(?:just )?(?:one|a) (?:moment|minute|second)(?: please)?$"),
)

_TASK = (
    "(?:find|grab|fetch|look (?:for|at|out|on|up|under|whether|if)|take (?:a look|out|the|a pen|a seat|"
    "a photo|a picture)|have <any4_>(?:ready|to hand|in front|handy|at hand)|"
    "get <any4_>(?:ready|in front|letter|bill|invoice|pen|paper|card|contract|statement|receipt|parcel|"
    "box|together)|get (?:your|the|a|hold of) \\S+|"
    "unplug|plug|restart|reboot|switch|turn|press|open (?:the|your|it)|read (?:me|out|through)|"
    "write (?:down|this|that|it|me)|note (?:down|that|this|it)|jot|go (?:to|over|through)|log (?:in|on|"
    "out)|check (?:the|your|if|whether|on|for)|"
    "pick up|pull out|dig out|search|walk|sit|put (?:the|your)|make a (?:note|list)|upload|send me "
    "(?:a|the)|count|see (?:if|whether)|gather|collect|hold the (?:button|card|letter)|type|click|"
    "scroll|tap|list)"
)
_REDIRECT = (
    *rules(
        "redirect",
        0.9,
        "(?:while|whilst|as|until) (?:i|we|that|it|this|the) <any8_>(?:(?:could|can|would|will|may|might|"
        "why do not) (?:you|i ask you to) <any4_>|please |you (?:could|can|might) |perhaps you (?:could|"
        f"can) |let us |do you |maybe |just ){_TASK}",
        f"(?:in the meantime|meanwhile|at the same time|while we wait) <any4_>{_TASK}",
        f"{_TASK} <any8_>(?:while|whilst|until) (?:i|we) \\S+",
        unless="you should have|wait while|hold while|go to the|calm",
        across=True,
        denied=True,
    ),
    *rules(
        "redirect",
        0.8,
        f"(?:could|can|would|will|may) (?:you|i ask you to|i get you to|we) (?:mind )?(?:\\S+ ){{0,3}}?{_TASK}",
        f"(?:do you want|would you like|would you be able|are you able|would you be so kind as) to (?:\\S+ )?{_TASK}",
        "do you have (?:\\S+ ){1,4}(?:to hand|handy|in front of you|with you|ready|nearby|at hand|there)|"
        "have you got (?:\\S+ ){1,4}(?:to hand|handy|in front of you|with you|ready|nearby|at hand|there)|"
        "is (?:\\S+ ){1,4}(?:to hand|in front of you|within reach)",
        unless="(?:put|switch|turn) you|hold|calm|read me <any4_>number|read (?:me |out )?(?:the|your) "
        "<any2_><data>|check with|tell me|put you|wait|can we (?:not|look)|look at (?:it|this) from|your "
        "tone|go to (?:hell|the police)|could you have",
        asks=True,
    ),
    *rules(
        "redirect",
        0.7,
        f"please {_TASK}",
        "(?:you (?:could|can)|i (?:would|will) ask you to|i need you to|maybe you can) (?:\\S+ )?(?:find|"
        "grab|fetch|unplug|restart|reboot|take a pen|write|note|look for|look at|look out|have .* ready|"
        "get .* ready)",
        unless="calm|you should|you can find|check your|go to (?:our|the) website",
        asks=False,
    ),
)

_NOT_A_FACT = (
    "what (?:can|could|may|should|shall) (?:i|we)|how (?:can|may|could) (?:i|we)|what (?:exactly |"
    "actually )?(?:happened|went)|how are you|why|what else|what (?:do|did|would) you (?:want|expect|"
    "like|think|suggest|prefer|hope)|"
    "what is your problem|what is wrong with|how dare|who do you think|what part of|how (?:does|would) "
    "(?:that|this|it|the)|what brings|how many times (?:do|must|have) (?:i|we)|what (?:is|seems to be) "
    "the (?:problem|matter|issue)|what is (?:it|this|that)(?: about)?$|"
    "what is (?:on|bothering|going|the reason|troubling|happening)|what (?:am i|are we|are you) "
    "(?:supposed|meant|to do)|what about|who cares|how (?:hard|difficult|stupid)|repeat that|say "
    "(?:that|it) again|"
    "what would (?:help|make)|how is that|where do i|what do i|when can i|how (?:did|do) you feel|what "
    "if|tell me (?:more|what|everything|about|how it|why)|know what|how come|hold|be happy|help"
)
_FACTS = (
    *rules(
        "fact_finding",
        0.85,
        "(?:what|which)(?: \\S+){0,3} (?:is|are|was|were|do|does|did|can|could|would|will|has|have|should|"
        "shows?|says?|comes?|came|stands?|suits?)(?: .*)?$",
        "(?:when|where|who|whose)(?: \\S+){0,2} (?:is|are|was|were|do|does|did|has|have|had|would|will|"
        "should|can|took|told|sent|signed|called|spoke|exactly)(?: .*)?$",
        "how (?:many|much|long|often|old|far|big|heavy|high|wide|late|tall|full)(?: .*)?$",
        "(?:what|which) (?:\\w+ )?(?:street|side|colour|sort|kind|size|make|model|brand|room|floor|line|"
        "part|one|of the \\w+)(?: .*)?$",
        "(?:on|to|at|from|in|under|by|for|since|until|with) (?:what|which|whom|when|whose)(?: .*)?$",
        "(?:what|which|at which|on which) <data>(?: .*)?$",
        unless=_NOT_A_FACT,
        asks=True,
    ),
    *rules(
        "fact_finding",
        0.9,
        "(?:please |(?:could|can|would|will|may|might|do) (?:you |i ask you to |i ask you |i just ask you to "
        "))(?:please |mind |kindly |also |just |please |quickly |briefly )*(?:tell|give|giving|read|reading|"
        "confirm|provide|spell|share|telling|remind|let me (?:have|know)|send|show|state|name|verify|"
        "repeat) (?:me |us |to me |out |with me |for me )*(?:back |again |out |please )*(?:<your>|the|what|"
        "which|when|where|who|how|that|it|whose|on which|if|whether|roughly|exactly) <any8_>\\S+",
        "(?:may|can|could|might) i (?:\\S+ )?(?:have|take|get|ask|see|know|just have|confirm|check|note|"
        "first have|trouble you) <any2_>(?:<your>|the|what|when|which|where|who|how|a|for|about) "
        "<any4_>\\S+",
        unless="tell me (?:more|what happened|everything|about|what (?:went|has)|how it|why)|read(?:ing)? me the "
        "riot|hold|what (?:has )?(?:happened|went)|your patience|repeat that|how i can|what i can|how we "
        "can|(?:your|the) (?:bank|file|account) to|give me (?:a|your (?:trust|patience|attention))|let you "
        "know|what you (?:want|need|would like|expect)|take the|get the (?:money|refund|problem|manager)|"
        "take a|have a look|get you|have the (?:letter|bill|paper|contract)|check (?:the|your|what|if) "
        "<any4_>(?:for you|status)|why",
    ),
    *rules(
        "fact_finding",
        0.75,
        "i (?:just |only |also |still |first )*(?:need|require|will need|would need) <any4_><data>",
        "(?:do you (?:know|remember|recall|happen to know|have)|would you know|are you able to tell me|"
        "have you got) <any2_>(?:<your>|the|what|which|when|where|who|how) <any4_>\\S+",
        "(?:and |so )?your <any2_><data> please",
        unless="you do not|do you know (?:how (?:hard|many)|who)|i need your (?:patience|help)|i need (?:you|to)|"
        "have the (?:right|time)|to hand|letter",
    ),
)

_ASKED_BACK = (
    "(?:is|would|will|was|are|could) (?:that|this|it|the|these|there|those|your|my|our|any\\w*|"
    "some\\w*|both|either)|(?:are|were|have|did|do|had|has|does|is|was|would|will) "
    "(?:you|he|she|they|your|the|it|there|any\\w*|some\\w*|we|our|that|this)|(?:can|could) (?:you "
    "(?:\\S+ )?(?:see|hear|confirm (?:that|whether|if)|remember|access|log|open|still|get into|feel|"
    "recall|print)|it be|this be|that be)"
)
_NOT_CLOSED = (
    "do you (?:really|honestly|think i|want me to (?:help|hang)|have any idea|know who|understand(?: "
    "(?:that|me))?$|mind|hear yourself|see (?:what|how))|are you (?:serious|kidding|joking|calling me|"
    "finished|done|deaf|listening|sure you|always|able to hold|going to (?:let|shout|keep|listen|"
    "calm))|"
    "did (?:you|nobody|no one) (?:even|not|bother|never|ever)|have you (?:ever|even|not|never|read the|"
    "tried reading|finished|considered)|anything else|on hold|hold|is there (?:anything|something|any "
    "other)|"
    "would you like (?:me|to)|do you want (?:me|my help|help)|is that (?:clear|understood|so hard|my)|"
    "do you not|are you not|have (?:i|we)|is it (?:my|our) (?:fault|problem)|^<any2_>(?:what|which|how|when|where|"
    "who|why)|(?:would|will) you (?:mind|please|be able|be so|tell|give|calm|let|stop|read|hold|wait|"
    "find|look|check|take|get)|"
    "does (?:that|this|it) (?:work|suit|help|sound)|would (?:that|this|it)|is (?:that|this) (?:ok|"
    "alright|fine|acceptable|a deal)|will that be|are you (?:ok|happy|comfortable|fine) (?:with|if)"
)
_CLOSED = (
    *rules(
        "closed_question",
        0.85,
        "^(?:(?:and|so|ok|now|right|please|well|alright|just|then|but|also|first|or|sir|madam|yes|no|i see|"
        f"for the record) )*(?:{_ASKED_BACK})(?: .*)?$",
        unless=_NOT_CLOSED,
        asks=True,
    ),
    *rules(
        "closed_question",
        0.85,
        "(?:is|was|are|were|do|did|would|will|does|should|shall|can|could|which|would you prefer|would you "
        "rather|would you like|do you want|prefer) <any8_>\\S+ or <any4_>(?!not|anything|something|"
        "so)\\S+(?: .*)?$",
        unless="or (?:i|we) (?:will|can|shall|have)|or else|or not at all|whether you like|hold|minute or|moment "
        "or|second or",
        asks=True,
    ),
    *rules(
        "closed_question",
        0.8,
        "which (?:one |of (?:these|those|the two|them) )?(?:would|do|suits|works|is better|shall|should) .*",
        asks=True,
    ),
    *rules(
        "closed_question",
        0.8,
        "(?:is|was) that (?:right|correct|so|you|the case|true)|(?:did|have|do) i (?:get|got|understand|"
        "understood|have) (?:\\S+ ){0,4}(?:right|correctly|that)|am i (?:right|correct|speaking|talking)|"
        "can you confirm(?: that| whether| if)",
        asks=True,
    ),
    *rules(
        "closed_question",
        0.75,
        "(?:right|correct|yes or no|is not it|did not you|are not you|yes)$",
        unless="(?:be|you are|that is|you re|all) right$",
        asks=True,
    ),
    *rules(
        "closed_question",
        0.7,
        "(?:tell|show|ask) me (?:\\S+ )?(?:whether|if)|(?:i (?:need|want) to know|please (?:check|confirm)|"
        "let me know) (?:whether|if)",
        unless="anything|ask me if",
    ),
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of the asking ids; what a more exact id claims is no longer a closed or fact-finding question."""
    asked = [*hits(clauses, _CONFIRM), *hits(clauses, _HOLD), *_paused(clauses), *hits(clauses, _REDIRECT)]
    yield from asked
    taken = {at for hit in asked if hit.confidence >= 0.7 for at in range(hit.first, hit.last + 1)}
    facts = [hit for hit in hits(clauses, _FACTS) if hit.first not in taken or _also_a_fact(clauses[hit.first])]
    yield from facts
    wanted = {hit.first for hit in facts if hit.confidence > 0.8}
    for hit in hits(clauses, _CLOSED):
        choice = (
            re.search(r"\bor\b|^(?:and |so )*which (?:one |of \w+ )?(?:would|do)\b", clauses[hit.first].norm)
            is not None
        )
        if (hit.first not in taken or choice) and (hit.first not in wanted or choice):
            yield hit


_LENGTH = compiled(_WHILE)
_AWAY = compiled(
    "hold|music|mute|silence|(?:put|lay|leave) (?:\\S+ ){0,3}(?:phone|receiver|handset) ?(?:down)?|off "
    "the line|leave you|"
    "wait(?:ing)?|step away|put you"
)
_MAY_I = compiled(
    "do you mind|would you mind|if you do not mind|if that is (?:ok|alright)|is that (?:ok|alright|"
    "fine)|(?:ok|alright|fine) "
    "(?:with|for|by) you|would (?:you|it|that)|can i|may i|could i"
)
_WAITED = compiled("you were|you have been|had to wait|waited")


def _paused(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """A pause that is asked for over several clauses: away from the line, how long, and whether that is all right."""
    for at, clause in enumerate(clauses):
        near = " ".join(c.norm for c in clauses[max(0, at - 1) : at + 3])
        away = not clause.quoted and _AWAY.search(clause.norm) and not _WAITED.search(near)
        if away and _LENGTH.search(near) and _MAY_I.search(near):
            yield Hit(id="hold_asked", confidence=0.85, first=at, last=min(at + 1, len(clauses) - 1))


def _also_a_fact(clause: Clause) -> bool:
    """Whether a task or a check asks for a fact as well ("read me the number on the letter")."""
    return re.search(r"\b(?:read|tell|give|spell) (?:me|out)\b", clause.norm) is not None
