"""Rules for what is done about it: refocus, assurance, offers, concession and takeaway."""

from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.rules import Hit, hits, rules
from voicesim.model import Context

_REFOCUS = (
    *rules(
        "refocus",
        0.85,
        "let us <adv_>(?:see|look|focus|find|get|work|sort|turn|move|fix|start|concentrate|solve|go|put|"
        "tackle|take (?:a look|it|this|care|one)|deal|make sure|begin|check|figure|sit)",
        "(?:let me|i (?:will|want to|would like to|am going to)|allow me to|we can) <adv_>(?:see|look at|"
        "show you|tell you|check|find out|work out|focus on|concentrate on|figure out) <any2_>(?:what (?:i|"
        "we) (?:can|could|am able)|how (?:i|we) can|what (?:is|options|can be)|the (?:solution|options|"
        "fix)|a (?:solution|way)|what to do|fixing|solving|getting|putting|your options)",
        "(?:what|here is what) (?:i|we) (?:can|could) (?:\\S+ )?(?:do|offer|change|fix)(?: \\S+){0,3} "
        "(?:now|today|for you|right now|about|first|here|is|to|straight away|at this point|immediately)",
        "(?:here is|here s) what (?:i|we) (?:will|can|are going to|am going to|could|suggest|would)",
        "(?:the|my) <any2_>(?:next|first|best|quickest|fastest|important) (?:thing|step|way|thing now)(?: "
        "\\S+){0,6} (?:is|now|would be|to)",
        "(?:so (?:that )?(?:i|we) can|to|in order to|want to|like to|help) <adv_>(?:get|put|make|set) "
        "<any2_>(?:this|that|it|things|you|the \\S+|everything) <any2_>(?:right|sorted|fixed|solved|"
        "resolved|moving|back on track|straight|going|running|working again|done)",
        "(?:so (?:that )?(?:i|we) can) <adv_>(?:fix|solve|sort|resolve|find a solution|move|put)",
        "(?:focus|concentrate) on <any4_>(?:fix\\w*|solv\\w*|solution|putting|getting|what|next|now|how|a "
        "way|sorting)|(?:moving|going|looking) forward|move (?:on|forward) to|what matters (?:\\S+ "
        ")?(?:now|most|is)|turn to (?:the|what|how|fixing|solving)|come to the solution|back on track|"
        "find(?:ing)? a (?:way|solution)(?: \\S+)* (?:forward|together|out|for|that|now|today)",
        unless="let us (?:be (?:honest|clear|real|serious)|not|calm|see if you|go of|face it|assume|just calm|say|"
        "take a deep)|let us know|you let us|moving forward you|we can not (?:see|look)|had|why we can not|put you|"
        "what i can not",
    ),
    *rules(
        "refocus",
        0.75,
        "i (?:\\S+ )?(?:want|would like) to (?:\\S+ )?(?:fix|solve|sort|put|make|get|find)",
        "(?:how|what) (?:i|we) can (?:\\S+ )?(?:help|fix|solve|put|sort|resolve|make|get|do)(?: \\S+)*",
        unless="how can i help|to help .* (?:but|stop)|can not|nothing|only|want to help you",
    ),
    *rules(
        "refocus",
        0.85,
        "(?:now |so |right )*(?:to|on to|about) what (?:happens next|comes next|we can do|i can do|to do)|"
        "(?:leav|putt)ing (?:that|this|it|all that|the rest) (?:to one side|aside)|first things first|what (?:i|we) "
        "need to do (?:now|first)(?: .*)?$|"
        "let us (?:now )?(?:turn|come|get|leave)(?: \\S+)*|enough (?:of|about) (?:what|the|that)(?: \\S+)*|"
        "(?:i would |i )(?:suggest|propose) (?:that )?we (?:now )?(?:\\S+)|(?:the )?next thing is to|leave "
        "(?:that|it|this) behind us|step by step",
        unless="let us (?:get (?:my|a|the|our)|be|not|leave it)",
        asks=False,
    ),
)

_ASSURANCE = (
    *rules(
        "assurance",
        0.9,
        "<i_commit> <adv_><any2_>(?:personally|myself)",
        "i (?:will|shall|am going to|promise to) <adv_><effort><any8_>(?: ?(?:myself|personally|<time>|for "
        "you|until|right away))",
        "(?:i am|i will be|i have) <adv_>(?:personally )?(?:taking (?:ownership|responsibility|charge|care|"
        "this|it)|staying|on it|handling|looking into|dealing with|following|your (?:contact|point)|seeing "
        "(?:this|that|it)|going to (?:look|stay|see|check|make sure|do|handle|chase|keep|take|call|ring|"
        "follow))",
        "(?:leave (?:it|this|that) (?:with|to) me|you have my (?:word|full attention|attention)|i (?:will|"
        "am going to) (?:not rest|not stop|not let|stay|see this|see it|own)|i am (?:here for you|on your "
        "side)|consider it)",
        "(?:take|taking) (?:this|that|it|full|personal)? ?(?:on|over|ownership|charge)(?: of)? (?:myself|"
        "personally|this|it|from here)",
        unless="make sure (?:that )?i (?:have|got|get|understand|understood|heard)|shall i|if you|i will have to "
        "(?:end|ask|hang|charge)|end (?:the|this) call|but you|as soon as "
        "you|put you through|i will not help|i could|would|i will ask you|guarantee|deal with (?:you|your "
        "attitude)|stay calm|transfer you|make sure (?:that )?you (?:read|pay|do)|put you on hold",
    ),
    *rules(
        "assurance",
        0.8,
        "i (?:will|shall|am going to|promise to) <adv_><effort>",
        "i (?:will|shall|am going to) <any2_>(?:call|ring|phone|email|text|message|update|contact|inform) you",
        "(?:i am|i will be) <adv_>(?:checking|looking|working|going through|calling|chasing|asking|"
        "tracking|tracing|speaking to|pulling|opening|contacting|raising|keeping)(?: \\S+)* ?(?:right now|"
        "now|for you|into|this|it|your|with|on)?",
        "(?:i will|i am going to|i am here to) <adv_>(?:help|support|assist)(?: you)?",
        "(?:we|our team|my colleague) (?:will|are going to) <adv_>(?:look into|investigate|get back to you|"
        "call you|ring you|make sure|follow up|do everything|get (?:this|it) sorted|sort (?:this|it))",
        unless="shall i|if you (?:keep|do not|continue|want me to)|i will have to|i will be honest|end (?:the|"
        "this) call|i would|i will ask you|transfer you|i will not (?:help|do|call|look|speak|talk|discuss|"
        "tell|say|be|check|send|sort|pay)|put you (?:through|on hold)|going to need|how (?:can|may) i|want "
        "to help you but|guarantee|i will tell you|not (?:sure )?if i will",
        asks=False,
    ),
    *rules(
        "assurance",
        0.7,
        "let me <adv_>(?:look into|check|take care|handle|deal with|sort|find out|see what (?:i|we|has|"
        "happened|is|went)|get (?:this|that|it|to the bottom)|fix|chase|have a look|take a look|make sure|"
        "ask|speak|call|ring|follow|investigate|pull up|open)",
        "i can <adv_>(?:look into|check|chase|follow up|make sure|look after|call you|ring you|see to)",
        unless="let me see what i can do|let me check if you|make sure (?:that )?i (?:have|got|get|understand|"
        "understood|heard)|guarantee|i can not|let me ask you",
    ),
    *rules(
        "assurance",
        0.75,
        "i will (?!not|have|be (?:honest|brief|frank|clear)|need|ask you|tell you (?:what|how|the|now|"
        "that)|end|hang|put you|explain|never|say)\\w+ <any8_>(?:tonight|tomorrow|this (?:morning|"
        "afternoon|evening|week)|myself|until|"
        "first thing|by hand|personally|in the next|by (?:\\d\\S*|noon|\\w+day)|line by line|however long|"
        "if i have to|at (?:\\d\\S*|noon)|before (?:\\d|noon|i|\\w+day))(?: .*)?$",
        "i will (?:stick|stand by|stay|be) (?:with|on|at|by|right)(?: \\S+)*|i am taking (?:this|that|"
        "it)(?: \\S+)* on|i have put (?:it|this|that) in my diary|i will not (?:leave|go home|sleep|stop|"
        "move)(?: \\S+)* (?:until|till|before)",
        unless="shall i|security|phone down|end (?:the|this) call|guarantee|hold|if you (?:keep|do not|continue)|"
        "hang up",
        asks=False,
    ),
)

_NO_OFFER = (
    "back online|back on track|let us turn|go ahead|"
    "would (?:\\S+ )?(?:if i could|if we could)|wish i could|(?:can|could|will) (?:only|never)|you "
    "(?:will )?(?:have|need) to|you should|on hold|through to|hang up|end the call|swearing|book you "
    "are|you can arrange|"
    "correct me|arrange that yourself|nothing|cover(?:s|ed)? by|guarantee|if i (?:refund|send|give) "
    "(?:everyone|everybody|you)|every(?:one|body) who|cover my|cover (?:myself|ourselves)|the terms|"
    "apologis|deliver on"
)
_OFFER = (
    *rules(
        "offer_solution",
        0.9,
        "<i_will> <adv_><any2_>(?:either )?<remedy>",
        "(?:what|here is what|one thing|the thing|something) (?:i|we) can (?:\\S+ )?(?:do|offer)(?: "
        "\\S+){0,4} (?:is|are|would be|to) (?!nothing|limited|not)\\S+",
        "(?:i|we) (?:can|could|would like to|will|am able to|are able to) <adv_>(?:offer|propose|suggest|"
        "give) (?:you )?<any4_>(?:\\w+)",
        "(?:you (?:have|could have|can have|can choose|can get)|there are|i (?:have|see|can offer)|we have|"
        "i can give you) <any2_>(?:\\d|two|three|several|some|a few|a couple of|a choice|the choice|other|"
        "both|these|the following) ?(?:options|possibilities|choices|ways|solutions|things|between)",
        "either <any8_>or (?:i|we|you|a|the|have|get|send|credit|refund|come|pick|take)",
        "(?:i am|we are|i will be|i have (?:just|already|now)?|i just) ?<adv_>(?:refunding|refunded|"
        "crediting|credited|sending|sent|replacing|booking|booked|rebooking|rebooked|cancelling|cancelled|"
        "reversing|reversed|reinstating|reinstated|issuing|issued|reactivating|unblocking|unblocked|"
        "resending|correcting|corrected|ordering|ordered|arranging|arranged|scheduling|scheduled|"
        "reconnecting|restoring|restored|removing|removed|processing|processed|taking .* off|put(?:ting)? "
        ".* back)",
        "(?:would you (?:like|prefer|rather (?:have)?)|do you want|do you prefer|shall (?:i|we)|should "
        "(?:i|we)|what if (?:i|we)|how about (?:i|we|a|if)|would it help if (?:i|we)|may i offer) "
        "<any4_>(?:<remedy>|(?:a|the|<your>) (?:\\S+ )?(?:refund|replacement|credit|new|money|voucher|"
        "repair|engineer|appointment|earlier|later|morning|afternoon|technician|collection))",
        "(?:an? |the |our |your )?(?:new |next |free )?(?:\\S+ )?(?:engineer|technician|courier|driver|"
        "replacement|refund|new \\w+|credit|money|amount|payment|van) <any4_>(?:will|can|could|is going "
        "to) (?:\\S+ )?(?:be (?:with|sent|there|delivered|refunded|credited|paid|back|on its|in your|"
        "replaced|issued|made|returned|reversed|corrected)|come|go (?:out|back)|arrive|reach|call|visit|"
        "leave|bring)",
        "you (?:will|are going to|can|could) (?:\\S+ )?(?:get|have|receive|see|collect|pick|keep) "
        "<any4_>(?:back|refund|replacement|credit|new|money|engineer|amount|parcel|payment|appointment|"
        "\\d+ (?:euros|pounds|dollars))",
        unless=_NO_OFFER,
    ),
    *rules(
        "offer_solution",
        0.85,
        "(?:<i_will>|i am going to|i am|we are) <adv_>(?:get|getting|have|having) <any4_>(?:refunded|credited|"
        "cancelled|reversed|replaced|repaired|corrected|rebooked|reinstated|reissued|resent|sent out|delivered|"
        "redelivered|collected|reconnected|unlocked|paid (?:out|back)|paid|taken off|written off|restarted)",
        "there is <adv_>(?:a|an|one|also|another|some) (?:\\S+ ){1,4}(?:i|we|you) (?:can|could|will) (?:\\S+ )?(?:make|"
        "offer|use|apply|give|get|claim|send|put|do|have|pay)",
        "(?:i|we) (?:will|can|are going to|am going to|shall|could) <adv_>pay (?:for )?(?:that|this|it|them|both|all|"
        "(?:the|your) (?!price)\\w+)",
        "(?:i|we) (?:move|put|book|send|give|pay|change) you (?:\\S+ )?(?:to|in|into|on|a|an|another|the) (?:\\S+ )?"
        "\\w+(?: .*)?$",
        "what i would (?:suggest|propose|do) is (?:that )?(?:i|we) (?:get|send|book|move|pay|swap|put|have|"
        "give)(?: .*)?$",
        unless=_NO_OFFER + "|i will pay (?:more )?attention|if i|always|usually|normally|every time|could have|when we|"
        "so we|we put you",
        asks=False,
    ),
    *rules(
        "offer_solution",
        0.75,
        "(?:the |your |a )?(?:refund|replacement|credit|repair|transfer|correction|reversal|payment|"
        "redelivery|new \\w+)(?: \\S+){0,3} (?:takes|is on its way|has been (?:sent|issued|made|processed|"
        "booked|ordered)|goes (?:out|through|back))",
        "(?:we|i) (?:could|can) (?:\\S+ )?(?:also |either )?(?:try|do|make|use|give you|offer)",
        "(?:instead|alternatively) (?:i|we|you) (?:can|could)",
        "if you (?:like|prefer|want) (?:i|we) (?:can|could|will)",
        unless=_NO_OFFER + "|i can do for|can do (?:for you|about)|can try to (?:help|understand)",
        asks=False,
    ),
    *rules(
        "offer_solution",
        0.8,
        "(?:i|we|you) can (?!not|see|hear|imagine|understand|only|be|either way)\\w+ <any8_>or (?:i |we |"
        "you |else )?(?:can |could )?(?:\\w+)(?: .*)?$",
        "(?:i|we) can (?:lift|unlock|free|open|print|fetch|mend|patch|switch|squeeze|fit|put|bring|move|"
        "get|have) (?!through|over|to the|my|a colleague|you through)<any4_>(?:so|now|today|tomorrow|"
        "tonight|in (?:an?|\\d+|ten|half)|within|by|for you|at)(?: .*)?$",
        "there is (?:a|an|one|also|another) (?:\\S+ ){1,5}(?:and|or) (?:there is |i can |you can |one |"
        "another )|you could have (?:that|it|one|the|this)|either is yours|(?:i have|we have) (?:got "
        ")?(?:a )?(?:spare|free)",
        unless=_NO_OFFER
        + "|what (?:i|we) can|bring in|get my|put you|minute or|moment or|red or|hold|one or|whether|more or "
        "less|sooner or "
        "later|a day or|call you or",
        asks=False,
    ),
)

_CONCESSION = (
    *rules(
        "concession",
        0.9,
        "least (?:i|we) can do|you (?:need not|do not (?:need|have) to) pay (?:for |anything )?(?:\\S+ )*|"
        "(?:go|goes|is|are|comes?) free(?: of)?|(?:i|we) will not charge|(?:i|we) (?:will |can )?(?:\\S+ "
        ")?(?:drop|forget|scrap|skip|cancel|remove) <any2_>(?:reminder |late |admin |delivery )?(?:fee|"
        "charge|penalty)|at our expense|on top(?: of that)?$|(?:twenty|ten|\\d+) (?:pounds|euros|dollars) "
        "on top",
        "(?:gesture|token|sign) of (?:\\S+ )?(?:goodwill|good will|apology|appreciation|our|regret)|(?:as|"
        "for) (?:a |some )?(?:small |little )?(?:goodwill|good will|gesture|courtesy)|goodwill (?:gesture|"
        "credit|payment|voucher|discount)",
        "waiv\\w+|writ(?:e|ing) <any4_>(?:fee|charge|penalty) off|(?:no|without any|without|at no) (?:extra |"
        "additional |further )?(?:charge|cost)s?|free "
        "of charge|on (?:us|the house)|for free|complimentary|with (?:our|my) compliments|(?:our|my) treat",
        "(?:i|we) <any4_>(?:throw|add|put|include) (?:in |on )?<any8_>(?:extra|as well|on top|free|voucher|"
        "discount|month|too|for your trouble|bonus)",
        "(?:a |an |\\d+ (?:percent|euros|pounds|dollars) )?(?:discount|voucher|gift card|bonus|free "
        "(?:month|delivery|shipping|upgrade|night|week|day|meal|postage|return|replacement|repair|ticket|"
        "hour|year)s?|rebate)",
        "(?:to|as|by way of) (?:make|making|say|thank|apologise|an apology|compensation) ?(?:up )?(?:for|"
        "to)? <any8_>(?:trouble|wait|inconvenience|delay|time|sorry|experience|it to you|patience|hassle|"
        "stress) (?:i|we|you) (?:will|can|would|have|get|am)",
        "(?:knock|take|taking) <any2_>(?:fee|charge|cost|postage|delivery|\\d+\\S*) <any2_>off|(?:knock|"
        "take) <any4_>off (?:your|the|this|next)|(?:reduce|lower|halve|drop) <any2_>(?:your|the) "
        "(?:\\S+ )?(?:fee|bill|price|charge|cost|rate)|(?:upgrade) you|(?:extend|add|give you) "
        "<any4_>(?:extra|more|free|additional) (?:days?|weeks?|months?|time)|(?:month|week|delivery|"
        "shipping|postage|fee) <any2_>(?:is )?(?:free|on us|on me)|(?:i|we) (?:will|can|would) "
        "<any4_>(?:pay for|cover|take on) (?:the|your) (?:\\S+ )?(?:shipping|postage|delivery|bank|taxi|"
        "call|late|cost|charge|fee|trip|travel)\\w*",
        unless="(?:that|this|it) is (?:\\S+ )?on us|free (?:to|time|line|number|now|up|slot|phone)|at no (?:time|"
        "point)|is it free|feel free|toll "
        "free|free trial|hands free|not (?:waive|give)|you (?:already )?(?:got|had) a (?:discount|voucher)|"
        "voucher (?:code|number)|no discount|on us to|depend\\w* on us|discount you|want a discount|what "
        "(?:charge|cost)|rely on us|count on us|call\\w* on us|trouble free",
        asks=False,
    ),
    *rules(
        "concession",
        0.7,
        "for (?:your|the) (?:trouble|inconvenience|wait|hassle)(?: \\S+)* (?:\\d+|credit|pay|give|add|refund)",
        "(?:credit|give|add|send) <any8_>for (?:your|the|all the) (?:trouble|inconvenience|wait|hassle)",
        "(?:as well|on top of that|in addition|also) (?:i|we) (?:will|can) (?:credit|give|add|cover)",
        unless="sorry for",
    ),
)

_TAKEAWAY = (
    *rules(
        "takeaway",
        0.9,
        "(?:your|the|this|a) (?:\\S+ )?(?:reference|case|tracking|confirmation|complaint|incident|booking|"
        "ticket|order|claim|file|job|return) ?(?:number|id|code|reference)? (?:is|will be|for this is|for "
        "you is|reads|for this|for today|ends) (?!right|wrong|not|already|missing|open|closed|still|"
        "unclear|in|being|on|being)<any4_>\\S+",
        "my (?:\\S+ )?(?:direct|name|extension|number|line|email|mobile)(?: \\S+){0,4} (?:is|s) \\S+",
        "(?:you can|you may|please|just|and|or|to) (?:\\S+ )?(?:reach|contact|call|ring|ask for|get hold "
        "of|email|write to|find) me(?: \\S+){0,3}? (?:directly|on|at|under|by name|here|personally|any|if|"
        "with)",
        "ask (?:\\S+ )?for (?:me|my name|\\w+ (?:in|from|at|on)|\\w+$)|(?:my|a|the|our) direct (?:line|"
        "number|extension|dial)",
        "(?:write|note|take|jot) (?:\\S+ )?(?:this|that|it|the following|the \\S+)? ?(?:\\S+ )?down|"
        "(?:have you got|do you have|grab|get) (?:a )?pen",
        "(?:you (?:will|should|are going to)|i (?:will|am going to|have|can|just)) (?:\\S+ )?(?:receive|"
        "get|send|sent|email|emailed|text|texted|have|be sent|emailing|sending|texting|post|give)(?:ing)? "
        "(?:\\S+ ){0,3}(?:confirmation|in writing|written|reference|tracking|receipt|email|text|summary|"
        "copy|case number|letter (?:confirming|with)|my (?:name|number|direct|extension|details)|"
        "notification|it in writing|message)",
        "(?:let me|i will|i can|i would like to) (?:\\S+ )?give you (?:a|the|my|your|our|this) (?:\\S+ "
        ")?(?:reference|name|number|direct|case|extension|tracking|date|ticket|contact|email)",
        unless="what is|could you|can you|please (?:tell|give|read)|on the letter|name is (?:on|in|not)|your name|"
        "i need|how can i|(?:how|where) (?:may|can) i|my name is \\w+ (?:and )?how|anything else|write "
        "(?:this|that|it) off|break down|calm down",
        asks=False,
    ),
    *rules(
        "takeaway",
        0.75,
        "(?:it|that|this|the \\S+|the money|your \\S+) (?:will|is going to|should) (?:be|arrive|reach|show|"
        "come|appear)(?: \\S+){0,6} (?:by|on|before|until|within|at|between) (?:the )?(?:\\d\\S*|one|"
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|noon|end|next)(?: \\S+)*",
        "(?:this|that|it|everything) is (?:all )?(?:noted|documented|recorded|written) (?:in|on|under)|"
        "(?:under|with) (?:the |this |your )?(?:reference|case|ticket|number) (?:number )?\\S+",
        unless="wait|never",
        asks=False,
    ),
    *rules(
        "takeaway",
        0.85,
        "(?:my|the|your|her|his|here is my) (?:\\S+ )?(?:\\S+ )?(?:lines?|extension|numbers?|reference|"
        "ticket|case|desk)(?: is| are| number is| number)? \\d{2,}\\S*",
        "keep (?:this|that|the|it)(?: \\S+){0,3} (?:number|handy|safe|reference)|put down the (?:date|"
        "number|name|reference)|the date to remember|here is (?:a|my|your|the) (?:\\S+ )?(?:number|"
        "extension|reference|name|card|line)|(?:claim|case|booking|order|it) runs under|(?:comes|goes|"
        "rings) straight (?:to|through to) my",
        unless="could you|can you|please (?:give|tell|read)|what is|account number|on the (?:label|letter|card)",
        asks=False,
    ),
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of the ids that move the problem."""
    for table in (_REFOCUS, _ASSURANCE, _OFFER, _CONCESSION, _TAKEAWAY):
        yield from hits(clauses, table)
