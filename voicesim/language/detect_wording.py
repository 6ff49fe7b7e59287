"""Rules for mistakes of wording: humour, false promises, jargon, half apologies and talking too long."""

import re
from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.normal import normal
from voicesim.language.rules import Hit, compiled, hits, rules
from voicesim.model import Context

#: Words from which a reply without a question and without a remedy is a speech (METHOD: about 60).
LONG_WORDS = 60

_HUMOUR = (
    *rules(
        "risky_humour",
        0.9,
        "(?:ha ){1,}ha|hahaha|haha|hehe|lol|(?:i am |was |only |just )+(?:kidding|joking|teasing|pulling "
        "your leg)|(?:here is|that is|it is|let me tell you|make|made|little|small|bit of) (?:a )?(?:joke|"
        "humour)|as the joke goes",
        "(?:went|gone|is|are|must be|probably|maybe|perhaps|off|out|took|taking|taken|decided to take|"
        "wanted|needed|on|having|enjoying) (?:\\S+ ){0,4}(?:a |an |its |his |her |the )?(?:little |nice |"
        "long |own )?(?:holiday|vacation|sightseeing|day off|honeymoon|world tour|road trip|nap|coffee "
        "break|beach|tan)(?: .*)?$",
        "grown legs|grew legs|gremlins?|gnomes|elves|fairy|fairies|aliens|unicorns?|crystal ball|magic "
        "(?:wand|trick)|time machine|carrier pigeons?|pigeons?|santa|father christmas|the dog ate|bermuda "
        "triangle|black hole|abracadabra|hogwarts|ghosts?|leprechauns?|teleport\\w*|narnia|houdini|murphy",
        "if i had (?:a|\\d|one) (?:euro|pound|dollar|penny|cent|dime|nickel) (?:for )?|3rd time(?: is)? "
        "(?:lucky|a charm|the charm)|win(?:ning)? the lottery|lottery (?:numbers?|ticket)|look on the "
        "bright side|on the bright side|silver lining|every cloud|cheer up|turn that frown|why so serious|"
        "sense of humour",
        "(?:at least|well|hey)(?: \\S+){0,2} (?:you|your|it|we|the|now)(?: \\S+){0,8} (?:exercise|diet|"
        "save on|story to tell|something to (?:tell|laugh)|practice|company|keeps you|enjoyed? the music|"
        "hold music|candles?|romantic|cosy|workout|steps|read a book|detox|fresh air|tan|famous|record|"
        "collection|collect)(?: .*)?$",
        "(?:you could|you should|maybe you|perhaps you|you can) (?:\\S+ )?(?:frame (?:it|them|that)|start "
        "a (?:collection|club|museum|business)|write a book|sell (?:them|it)|adopt|laugh|charge admission|"
        "light a candle|move in|name (?:it|a child))",
        "(?:our|the) (?:\\S+ )?(?:computer|system|driver|printer|router|machine|computers) (?:\\S+ "
        ")?(?:must |obviously |clearly |probably |really |just )?(?:likes?|loves?|fancies|has a crush|is "
        "in love|hates|missed?|wanted to|got bored|has a mind|is drunk|had too much|had a bad hair|is on "
        "strike|fell in love|hates mondays)(?: .*)?$",
        "(?:it|that|this) (?:is|was) (?:\\S+ )?(?:quite |pretty |really |kind of |rather |actually |almost "
        "|a bit )*(?:funny|hilarious|comical|amusing)|funny (?:story|thing|enough)|you (?:have to|must|"
        "gotta|got to) (?:laugh|admit (?:it|that) (?:is|s) funny)|laugh (?:about|at) (?:it|this)|we will "
        "(?:all )?laugh|lucky for you|oh what a surprise|plot twist|oops|whoopsie\\w*|whoops|one man show|"
        "comedy|rocket science|who needs|must (?:really )?(?:love|like|adore|fancy) you|twice as (?:nice|"
        "good|much fun)|double the fun|buy one get one|bogof|two for (?:one|the price)|what a coincidence",
        unless="not (?:\\S+ )?(?:funny|a joke|joking|kidding|laugh|something to laugh|amusing|hilarious|comedy)|"
        "you (?:\\S+ ){0,2}(?:took|take|taken|taking|lost|spent|used|needed|wanted) (?:\\S+ ){0,3}(?:day off|"
        "holiday|vacation)|"
        "nothing funny|no joke|no laughing|do not (?:find|think) (?:it|this|that) (?:\\S+ )?funny|not make "
        "jokes|no (?:magic|crystal)|not the time for|sound funny|after (?:my|your|his|her|the) (?:holiday|"
        "vacation)|(?:your|for a|their|before the|family|summer) (?:holiday|vacation)|bank holiday|"
        "public holiday|is a holiday|(?:your|their|a|his|her) honeymoon|"
        "holiday (?:pay|period|season|booking|week)|without joking|joking aside",
        denied=True,
    ),
    *rules(
        "risky_humour",
        0.85,
        "(?:well |hey |and )*at least (?:now )?(?:you (?:have got|have|had|got|get|can|do not|did not|"
        "will)|it (?:keeps|kept|is|was)|your)(?: .*)?$|look on (?:the )?bright side(?: .*)?$|(?:think|"
        "look) (?:of|at) it as (?:a |an )?(?:free|little|kind|extra|chance|diet|work ?out|adventure)(?: "
        ".*)?$",
        "(?:they say )?money (?:does not|can not) buy(?: .*)?$|(?:must have|maybe (?:it|he|she|they)) "
        "(?:\\S+ )?(?:liked|loved|fancied|wanted|got (?:lost|bored|tired)|decided|fell in love|ran away|"
        "run away|eloped)(?: .*)?$|(?:computers|printers|routers|cats|dogs|machines) (?:love|like|hate) "
        "(?:that|it|you)|(?:is|are) (?:supposed to be )?good for (?:the|your) (?:skin|soul|figure|waist|"
        "health|character)(?: .*)?$|(?:maybe|perhaps|probably) (?:your|the|our) (?!driver|engineer|technician)<thing> "
        "(?:just |only |simply |really )?(?:wanted|fancied|felt like|got bored|needed a (?:break|rest|"
        "change))(?: .*)?$|not even on the (?:guest )?list|offer(?:ing)? it a (?:biscuit|cookie|"
        "drink|sweet)|indoor swimming pool| ha$",
        unless="at least (?:you (?:should|deserve|could|have (?:a right|the right|told|to))|\\d)|at least (?:you "
        "have|you got|you can) (?:\\S+ )?(?:reference|my|a number|an answer|refund)|not (?:funny|joking)|"
        "the least",
        asks=None,
        denied=True,
    ),
)

_OUTCOME = "(?:it|this|that|you|your|the|everything|nothing|all|we|they|there|he|she|our|such)"
_PROMISE = (
    *rules(
        "false_promise",
        0.9,
        "(?:i|we) <adv_>(?:can |will |do |would )?<adv_>(?:guarantee|swear|bet)(?: to| you| it| that| this| \\S+)*",
        "(?:i|we) <adv_>(?:can |will |do )?<adv_>(?:promise|assure|give you my word)(?: you)?(?: that)? "
        f"{_OUTCOME}(?: \\S+){{0,4}} (?:will|is going|are going|never|would|is|wont)(?: \\S+)*",
        "(?:is|are|comes?|it is|that is|100 percent|absolutely|money back|delivery is|fully) guaranteed|"
        "(?:you have |that is |it is )?(?:a |my |our |the )(?:\\S+ )?guarantee",
        "(?:this|that|it|such a thing|something like this|nothing like this|you|we) (?:will|is|are|shall|"
        "would|can)(?: \\S+)? (?:not|never)(?: \\S+){0,2} (?:ever )?(?:happen|occur|go wrong|be late|fail|"
        "have (?:this|that|a|any) (?:problem|issue|trouble)|see this|have to (?:call|ring|worry)|be "
        "charged|make (?:a|this|that) mistake|lose|face|repeat)(?: .*)?$",
        "(?:never|no) (?:\\S+ ){0,2}again$|(?:100 percent|absolutely|completely|totally|dead) (?:certain|"
        "sure|guaranteed|positive|safe)|there is (?:no way|zero chance|no chance|no risk|absolutely no)(?: "
        "\\S+)*|without (?:any |a )?(?:doubt|fail|exception)|no matter what(?: happens)?$|mark my words|on "
        "my (?:life|mothers|honour|word of honour)|cross my heart|you can (?:bet|be (?:absolutely |"
        "completely |100 percent )?(?:sure|certain)|count on it)(?: \\S+)*|for (?:certain|sure)$|100 "
        "percent(?: \\S+){0,3}$",
        "(?:will|is going to|are going to|gonna|you will|shall) (?:\\S+ )?(?:definitely|certainly|"
        "absolutely|surely|for sure|for certain|undoubtedly|always|100 percent|without fail|guaranteed|in "
        "any case|no doubt) (?:be|get|have|arrive|work|come|receive|reach|fix|win|pay|solve|approve|agree|"
        "see|call|deliver|go|say|never|not|reimburse|refund)(?: \\S+)*",
        "(?:definitely|certainly|absolutely|surely|undoubtedly) (?:\\S+ )?(?:going to|be (?:there|fixed|"
        "solved|delivered|approved|paid|back|working|with you|sorted|refunded|ok|done|granted|accepted)|"
        "arrive|get (?:it|your|the)|win|have it)(?: \\S+)*|(?:all|every one) of your (?:problems|troubles|"
        "worries)(?: \\S+){0,3} (?:gone|solved|over)|(?:you will|you are going to) never (?:have|need|see|"
        "hear|be|get)(?: \\S+)*",
        "(?:i|we) (?:will|can) (?:\\S+ )?(?:make|ensure|see to it|see)(?: \\S+)? ?(?:absolutely |100 "
        "percent |completely )?(?:sure|certain)?(?: that)? (?:it|this|that|you|nothing) (?:will )?(?:never|"
        "does not ever)(?: \\S+)*",
        unless=(
            "promise (?:you )?(?:that )?(?:i|to) (?:will )?(?:work|look|ring|call|do|check|try|stay|ask|find|"
            "keep|tell|follow)|"
            "(?:can|could|will|do|would|shall|am) not (?:\\S+ )?(?:pretend|guarantee|promise|swear|assure|be (?:sure|"
            "certain)|give you (?:a|my))|not (?:guaranteed|certain|sure)|no guarantee|never (?:promise|"
            "guarantee)|without guarantee|under guarantee|guarantee (?:period|card|certificate|claim|has|is "
            "over|expired|covers)|within (?:the|your) guarantee|"
            "(?:try|do (?:my|our) best|everything|all i can|hope|so that|work|prevent|how|want|make it less "
            "likely|reduce|suggest)(?: \\S+)* (?:not|never)|should (?:not|never)|wish i could|if i could|i "
            "definitely|would be lying|cannot|can not (?:\\S+ )?(?:say|know)|the guarantee|your guarantee|you "
            "will not have to (?:call|ring|explain|repeat|tell|wait|do|pay|come|worry about)|promise to "
            "(?:look|call|ring|check|do|find|ask)"
        ),
        asks=False,
    ),
    *rules(
        "false_promise",
        0.7,
        "(?:rest assured|i assure you)(?: \\S+)*|(?:definitely|certainly|for sure|guaranteed)(?: "
        "\\S+){0,4} (?:by|before|within|tomorrow|today|tonight)(?: \\S+)*|(?:it|this|everything|the "
        "problem) is (?:now )?(?:solved|fixed) for good|i promise$|make sure (?:that )?(?:it|this|that) "
        "(?:never|does not|will not)(?: \\S+)*|by (?:tomorrow|tonight|\\S+) at the (?:very )?latest "
        "guaranteed",
        unless="can not|will not (?:promise|guarantee)|not sure|definitely (?:check|look|call|ring|ask|see|"
        "understand|help|follow|try|make)|certainly (?:check|look|call|ring|ask|see|understand|help|try|"
        "make)",
        asks=False,
    ),
    *rules(
        "false_promise",
        0.85,
        "no (?:ifs|ifs or buts|ifs no buts|doubt about it|question about it|two ways about it)(?: .*)?$|"
        "(?:that is|it is|this is) (?:\\S+ )?certain$|swear (?:on|it|to you|that)(?: .*)?$|trust me (?:it|"
        "this|that|you)?(?: .*)?$|(?:last|work|hold|run) (?:you )?forever|(?:it|this|that|\\w+) can not "
        "(?:ever )?(?:come back|happen again|fail|break|go wrong)(?: .*)?$|you will not (?:hear|notice|"
        "feel|see|have) (?:a )?(?:single|any|thing)(?: .*)?$|trust me$",
        unless="can not (?:swear|promise|guarantee)|not certain|do not trust|i can not|you can not|no doubt you|"
        "would not|if you trust",
        asks=False,
        denied=True,
    ),
)

_INSIDER = compiled(
    "sla|s l a|kyc|k y c|provision(?:ing|ed)|deprovision\\w*|(?:sub ?)?ledger|back ?end|front ?end|"
    "middleware|crm|c r m|erp|e r p|case management(?: system)?|ticketing system|tier (?:2|two|3|one|"
    "1)|level (?:2|two|3) (?:support|team|tech\\w*)|l2|l3|second line(?: support)?|2nd line|first line "
    "support|"
    "dunning|settlement (?:run|batch|cycle|file)|batch (?:run|process|job|file)|billing (?:run|cycle|"
    "engine)|payment (?:run|gateway|processor)|reconciliation|accruals?|suspense account|value date|"
    "cost cent(?:re|er)|off ?cycle|clawback|rma|r m a|skus?|s k u|awb|consignment (?:number|note)|last "
    "mile|(?:sorting |depot |hub )scan|manifest(?:ed)?|dispute code|reason code|"
    "wrap ?up code|disposition|override code|root cause analysis|rca|change request|sev(?:erity)? (?:1|"
    "2|one|two)|p1|p2|priority (?:1|2|one|two)|noc|dslam|cpe|ont|msisdn|imsi|olt|vlan|dhcp|dns|ip "
    "stack|latency|packet loss|firmware (?:push|rollout)|node (?:split|outage)|port reset|line card|"
    "nps|csat|aht|fcr|kpis?|ivr|i v r|acd|dpd|workflow|work ?around|legacy (?:system|platform)|"
    "stakeholders?|onboarding flow|downstream|upstream|escalation (?:matrix|path|level|queue|process|"
    "protocol)|escalation|triage\\w*|queue (?:2|two|b|manager)|(?:work|task|tier|second|priority) "
    "queue|adjudicat\\w+|means test\\w*|statutory instrument|"
    "(?:section|paragraph|subsection|article|form) \\d+\\w*|rti|pay ?code|gl code|po number|purchase "
    "order number|interim run|nostro|chargeback|mandate reference|arn|trace id|uuid|api|a p i|database|"
    "data ?base|server side|sync(?:ed|hronis\\w+)|interface error|flagged in (?:the )?(?:system|crm)|"
    "ticket (?:has been|was|is) (?:\\S+ )?(?:raised|logged|escalated|queued|routed|assigned|in)|"
    "(?:raise|raised|log|logged|open|opened|create|created|escalate|escalated) (?:a |the |an |this |"
    "your )?(?:\\S+ )?(?:ticket|incident)|incident ticket|internal ticket|jira|sap|siebel|salesforce|"
    "citrix|sop|s o p|qa team|fulfil?ment (?:partner|centre)|omnichannel|touchpoint|pro rata|"
    "prorat\\w+|ecs|delta report|exception report|backoffice|back office|posting (?:run|key)|dead "
    "?line queue|parameter\\w*|amortis\\w+|remittance (?:advice|file)|payable run|hrbp|hris|cob|sop"
)
_MILD = compiled(
    "ticket|escalation|triage\\w*|database|data ?base|workflow|work ?around|upstream|downstream|back "
    "?office|pro rata|prorat\\w+|(?:raise|raised|log|logged|open|opened|create|created) (?:a |the |an |"
    "this |your )?(?:\\S+ )?ticket|latency|stakeholders?|escalate (?:a|the|this|your) (?:\\S+ )?ticket|"
    "chargeback|form \\d+\\w*|api|dns|interface error|parameter\\w*|second line(?: support)?|"
    "reconciliation|manifest(?:ed)?"
)
#: Recognizers write abbreviations in lower case; without a vowel they are no words.
_UNREADABLE = re.compile(r"\b[bcdfghjklmnpqrstvwxz]{2,5}\b(?! \d)")
_NO_CODES = frozenset(
    "mr mrs ms dr st nd rd th tv pc hm shh mm km kg cm gb mb ltd vs sms pdf pm pls tbc ps cd dvd gp hr "
    "nhs bbc gps rsvp "
    "psst pst pfft hmm brr dhl vpn gmbh bt mph cv pcs wc phd xl xxl nth hq pvc crc".split()
)
_EXPLAINED = compiled(
    "(?:that|which|this|it) (?:is|means|just means|simply means)|in (?:other|plain|simple) (?:words|"
    "english|terms)|meaning|i mean|so called|we call|what we call|that is to say|in short|stands for|"
    "(?:is|are) (?:our|the) (?:name|word|term)|sorry for the jargon|to put it simply|so basically"
)
_KNOWN_ACRONYMS = frozenset(
    "PIN ID SMS UK EU US USA TV PC OK PDF VAT ATM GP DVD PO IT FAQ URL USB SIM AM PM CEO I A BBC UPS "
    "DHL IBAN GPS QR NHS HR WIFI DSL NO YES SO NOT AND THE YOU WE MY NOW ALL DO CV ASAP LED AA RAC BT "
    "EE DPD HMRC MOT GB MB CC".split()
)

_BENIGN_BUT = (
    "but (?:i (?:did not|do not|can not|could not) (?:quite |really )?(?:catch|hear|get|understand|"
    "follow)|(?:could|can|would|may|might) (?:you|i)|what (?:was|is) your|(?:i|we) (?:will|can|am "
    "going|want|promise|would like)(?! not| only| see)|let (?:me|us)|(?:i|we) (?:have|need) to (?:ask|"
    "check|verify)|the line|please)"
)
_HEDGE = (
    *rules(
        "hedge_sorry",
        0.9,
        "(?:sorry|apologise|apologies|regret) <any2_>(?:if|in case) (?:\\S+)(?: \\S+)*",
        "(?:sorry|apologise|regret) (?:that |to hear that |to hear |about how )?(?:you (?:feel|felt|think|"
        "thought|see it|took|perceive|are (?:so )?(?:upset|offended|unhappy|angry)|were (?:offended|upset)|"
        "got (?:upset|offended)|do not (?:like|understand|agree)|misunderstood|find|have (?:misunderstood|"
        "decided))|your feelings|how you feel|the way you feel)(?: \\S+)*",
        "(?:apologise|sorry|apologies) for (?:any|whatever) (?:\\S+ ){0,3}?(?:you |this |that |it |we "
        ")?(?:\\S+ )?(?:may|might|could|feel|think|seem)(?: \\S+)*",
        "sorry (?:\\S+ ){0,6}but (?:you|that|it|this|we|there|i|the|it s|our|next|not|rules|honestly|"
        "really|nobody|if|to be|a|every|in|mistakes|these|your|what)(?: \\S+)*",
        "(?:apologise|apologies) (?:\\S+ ){0,6}but (?:you|that|it|this|there|the|next|not|honestly|nobody|"
        "mistakes|your|what)(?: \\S+)*",
        "if (?:i|we|anything|that|this|you|there|it|someone|my|our|the) (?:\\S+ ){0,6}(?:offended|caused|"
        "upset|feel|felt|inconvenien\\w+|hurt|rude|wrong|mistake|bother\\w*|misunderst\\w+|unclear|"
        "disappoint\\w+)(?: \\S+){0,4} (?:i |then |we |so )*(?:am |are )?(?:sorry|apologise)|sorry i guess|"
        "sorry (?:ok|alright|happy now|then)$|(?:well|ok|fine|alright) (?:then )?(?:i am )?sorry (?:then|"
        "ok|already)|mistakes were made",
        unless=_BENIGN_BUT
        + "|sorry (?:to|could|can)|sorry if (?:i (?:am|was|have been) (?:unclear|repeating|interrupt\\w*|not "
        "clear|going|speaking|asking)|you have (?:already )?(?:been asked|said|told))|not sorry|sorry for "
        "your loss|you are going through|you were (?:left|put|treated|kept)",
        across=True,
    ),
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of the wording mistakes, over_talk aside."""
    for table in (_HUMOUR, _PROMISE, _HEDGE):
        yield from hits(clauses, table)


def jargon(clauses: Sequence[Clause], text: str, context: Context) -> Iterator[Hit]:
    """Words of the company that the caller has not used and nobody explains."""
    known = normal(" ".join([*context.caller_lines, context.caller_line or ""]))
    shouted = sum(w.isupper() and len(w) > 3 for w in text.split()) > 3
    for at, clause in enumerate(clauses):
        following = clauses[at + 1].norm if at + 1 < len(clauses) else ""
        if clause.quoted or _EXPLAINED.search(f"{clause.norm} {following}"):
            continue
        codes = [w for w in _UNREADABLE.findall(clause.norm) if w not in _NO_CODES and w not in known]
        terms = codes + [m[0] for m in _INSIDER.finditer(clause.norm) if m[0] not in known]
        acronyms = [] if shouted else _acronyms(text[clause.start : clause.end], known)
        strong = [t for t in terms if not _MILD.fullmatch(t)]
        if strong or len(terms) + len(acronyms) > 1:
            yield Hit(id="jargon", confidence=0.9, first=at, last=at)
        elif terms or acronyms:
            yield Hit(id="jargon", confidence=0.7, first=at, last=at)


def _acronyms(raw: str, known: str) -> list[str]:
    words = re.findall(r"\b[A-Z]{2,5}\b", raw)
    return [w for w in words if w not in _KNOWN_ACRONYMS and not re.search(rf"\b{w.lower()}\b", known)]


def over_talk(clauses: Sequence[Clause], found: Sequence[Hit]) -> Iterator[Hit]:
    """A reply from 60 words on in which nothing is asked and nothing is put right."""
    words = sum(len(c.norm.split()) for c in clauses)
    useful = {"offer_solution", "assurance", "refer", "concession", "dont_know", "set_limit"}
    helped = any(hit.id in useful and hit.confidence >= 0.7 for hit in found)
    if words >= LONG_WORDS and not helped and not _asks(clauses):
        confidence = min(0.95, 0.82 + (words - LONG_WORDS) / 300)
        yield Hit(
            id="over_talk",
            confidence=confidence,
            first=0,
            last=0,
            measure="words",
            value=float(words),
            threshold=float(LONG_WORDS),
        )


def _asks(clauses: Sequence[Clause]) -> bool:
    """Whether a long reply asks: by its signs, or by its last words where it has none."""
    signs = any(c.mark for c in clauses)
    return any(c.mark == "?" for c in clauses) if signs else any(c.asks for c in clauses[-2:])
