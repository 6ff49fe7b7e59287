"""Rules for accusing and defending: blame and defensive."""

from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.rules import Hit, hits, rules
from voicesim.model import Context

_KIND = (
    "you did not (?:do anything|do this|deserve|cause|ask for|have to|get|receive|hear|make (?:any|a|"
    "the) (?:mistake|error))|you should (?:not )?have (?:been|had|received|got|heard|to|never)|should "
    "not have had|"
    "you never (?:received|got|heard|had|saw|should)|you did nothing|you have done (?:nothing|"
    "everything)|not (?:\\S+ )?(?:your|you are) (?:fault|mistake|doing|responsibility)|do not blame|am "
    "not blaming|"
    "not to blame|blame you for (?:being|feeling)|blame (?:me|us)|you are right|you must have been|you "
    "must have (?:felt|waited|had)|you did not (?:hear|get) (?:back|anything)|you should not|(?:i|we) "
    "should have"
)
_FELLOWS = (
    "(?:(?:my|our|the|your|that|a|some|those) (?:\\S+ )?(?:colleagues?|courier|driver|billing|"
    "department|warehouse|bank|sales(?: team)?|agents?|delivery (?:company|service|man|people)|"
    "supplier|manufacturer|contractor|technician|engineer|"
    "team|office|landlord|landlady|neighbou?rs?|post office|postman|partner|system people|it people|"
    "carrier|shop|store|other \\w+|previous \\w+|last \\w+|night shift|night team|trainee|new \\w+|"
    "people in (?:the )?\\w+)|billing|sales|accounts|payroll|the it department|whoever|the guys (?:in|at) \\w+|"
    "logistics|dispatch)"
)
_DUTIES = (
    "(?:read|told|called|checked|informed|paid|given|rung|sent|filled|listened|contacted|updated|signed|reported|"
    "followed|entered|set|put|done (?:it|that|this) (?:right|properly)|looked|plugged|switched|pressed|returned|"
    "cancelled|posted|submitted|registered|spoken|saved|turned|kept)"
)
#: What happens to a caller is not what she failed to do.
_SUFFERED = (
    "(?:get|got|gotten|receive|received|hear|heard|have|had|been|sleep|slept|eat|see|seen|know|deserve|cause|want)"
)
_OURSELVES = "(?:us|me|our (?:side|end|team|system)|the (?:bank|company|hospital|hotel|airline|shop|council))"
_OTHERS = "(?:they|he|she|the (?:\\S+ )?\\w+(?: she| he| they)?)"
_BLAME = (
    *rules(
        "blame",
        0.9,
        "you (?:really |clearly |probably |obviously |simply |also |just )?(?:should|could|ought to|needed "
        "to|were supposed to|had to) (?:really |also |just )?have <adv_>(?:read|told|called|checked|"
        "informed|paid|given|rung|looked|thought|asked|sent|filled|known|listened|noticed|contacted|"
        "updated|signed|kept|let us|reported|been (?:more careful|home|there|in|at|on|here|earlier)|done|"
        "said|written|made "
        "sure|waited|returned|cancelled|opened|set|entered)",
        "you <adv_>(?:did not|never|failed to|forgot to|neglected to|refused to|have not|omitted to) "
        "(?:even |bother to |actually |ever |properly |correctly )*(?:read|tell|told|pay|paid|check|"
        "checked|give|gave|given|fill|filled|call|called|inform|informed|update|updated|provide|provided|"
        "send|sent|bother|listen|listened|cancel|cancelled|return|returned|let us know|report|reported|"
        "sign|signed|enter|entered|follow|followed|open|opened|answer|answered|set|submit|submitted|ring|"
        "respond|mention|mentioned|keep|kept|look|notice|leave|register|make sure)",
        "if (?:you|he|she|they) (?:had|would have|would) (?:only |just |actually |simply )*(?:not "
        ")?(?:\\w{3,}ed|been|gone|done|told|read|kept|come|paid|given|sent|left|taken|bought|brought|"
        "written|rung|known|let|thought)(?: .*)?$",
        "if you (?:had|would have) (?:only |just |actually |simply )?(?:not )?(?:read|called|paid|"
        "told|checked|listened|given|been|informed|looked|filled|done|sent|asked|known|let|followed|"
        "bothered|answered|opened|reported|updated|have)",
        "(?:that|this|it|the \\w+|which)(?: is| was| s|s)? <adv_>(?:entirely |all |clearly |basically |"
        "probably |partly |kind of |sort of |frankly |honestly |really )*(?:your|the customers|you are) "
        "(?:own )?(?:fault|mistake|error|doing|problem|responsibility)",
        "you (?:have |must have |probably |obviously |clearly |may have |might have |simply |just |"
        "yourself |really |then )*(?:made (?:a|the|an) (?:\\S+ )?(?:mistake|error)|entered|typed|given us|"
        "gave us|forgotten|forgot|missed|overlooked|broke|messed|filled|signed|misread|misunderstood|"
        "ignored|caused) (?:\\S+ ){0,4}?(?:mistake|error|wrong|incorrect\\w*|it|this|that|to|the|your|up|"
        "out|form|payment|deadline)",
        "because (?:of you|you (?:did not|never|entered|gave|forgot|signed|failed|missed|left|were not|"
        "waited|chose|ignored|moved without|used|did|have not|put|typed|filled))",
        "(?:that|this|it) (?:is|was) (?:\\S+ )?(?:on|down to|up to) you(?: not us)?$|you (?:only )?have "
        "(?:only )?(?:yourself|no one but yourself) to (?:blame|thank)|(?:you are|it is|it was) you (?:the "
        "one )?who|you are the one (?:who|that)|you (?:brought|did) this (?:on|to) yourself|(?:user|"
        "customer) error|your own (?:fault|mistake|carelessness|doing)",
        f"{_FELLOWS} (?:\\S+ )?(?:\\S+ )?(?:messed (?:\\S+ )?up|screwed (?:\\S+ )?up|is to blame|are to "
        "blame|is at fault|made (?:a|the|this) (?:\\S+ )?(?:mistake|error|mess)|got (?:it|this|that) wrong|"
        "should have|forgot|failed|never (?:do|does|did|get|gets|tell|tells|update|check|read|write|call|"
        "ring|listen)|(?:always|keeps?|"
        "constantly) (?:mess|do|does|get|gets|mak|send|los|forget|promis)\\w*|lost (?:it|your|the)|dropped "
        "the ball|did not (?:do|bother|read|check|tell|pass|enter|follow|log|note|write|update|put|send|"
        "process|handle|know|deliver|ring)|do not (?:know|read|check|do)|"
        "(?:promised|told) you (?:something|things|the wrong|a lot|what)|told you (?:the )?(?:wrong|"
        "nonsense|rubbish)|is (?:useless|hopeless|incompetent|lazy|new|the "
        "problem)|are (?:useless|hopeless|incompetent|lazy|the problem)|caused (?:this|it|that)|clearly "
        "did)",
        f"(?:blame|you can thank|(?:^|you (?:should|must|need to|have to|will have to|want to|ought to) |"
        f"go and |go |just |please )(?:talk|complain|speak) to|take (?:it|that) up with) {_FELLOWS}|{_FELLOWS}(?: is| "
        "are|s)? (?:\\S+ )?(?:fault|mistake|error|responsibility|problem)",
        f"(?:that|this|it) (?:is|was) (?:\\S+ )?{_FELLOWS}(?: who| that|s)? ?(?:fault|mistake|error|who|"
        "that|did|problem|job|responsibility|not us|not me)",
        unless=_KIND + "|is it your|not that you|sorry (?:that )?you (?:have )?missed|"
        "i can see you have|you have not (?:had|been|received|heard)|you never "
        "(?:forget)|i will (?:talk|ask)|you did not leave|my (?:fault|mistake)|our (?:own )?(?:fault|"
        "mistake|error)|you told|i can ask|has your landlord|nobody|you broke up|back to (?:me|us|you)|if you "
        "would (?:like|prefer|rather|be)|"
        "that can|who can|they should have (?:told|called|rung|informed|let|given) you|team should have "
        "(?:told|called|rung|informed|let|given)|should have (?:called|told|rung|informed) you|could you",
        asks=False,
        denied=True,
    ),
    *rules(
        "blame",
        0.85,
        "(?:why|how come) (?:did|have|do|would) you (?:not|never)|why did not you|(?:did|have) you (?:even|"
        "not even|never|not) (?:read|check|look|bother|call|tell|open|pay)|why (?:were|are) you not (?:at "
        "home|there|in)|what did you (?:do|press|break)",
        unless="why did you not get|what did you do (?:then|next|after|when)",
        asks=True,
        denied=True,
    ),
    *rules(
        "blame",
        0.7,
        "(?:you|customers|people) (?:need|have|ought) to (?:\\S+ )?(?:read|check|be more careful|pay "
        "attention|take more care|learn)",
        "it is your responsibility|your responsibility to|you (?:agreed|signed) (?:to|up|for|it|that|the)|"
        "you (?:chose|decided) to",
        unless=_KIND,
        asks=False,
    ),
    *rules(
        "blame",
        0.85,
        "you must have (?:\\S+ )?(?:dropped|put|pressed|deleted|lost|left|broken|spilt|spilled|clicked|"
        "changed|unplugged|moved|forgotten|mixed|read|switched|opened|thrown|done something)(?: .*)?$",
        "you (?:have |had )?(?:probably|obviously|clearly|simply|most likely|perhaps|maybe) "
        "(?:put|pressed|did|left|lost|mixed|read|dropped|broke|"
        "used|chose|clicked|deleted|set|misread)(?: .*)?$|you ought to have(?: .*)?$",
        "(?:your|the) (?:\\w+ )?(?:tenant|wife|husband|son|daughter|boss|manager|department|neighbour|"
        "school|doctor|employer|landlord) (?:should have|never|always|did not|forgot|failed)(?: .*)?$|it "
        "is always (?:you|your|them|the same)(?: .*)?$",
        "(?:people|customers|residents|guests|callers|passengers|patients|users|tenants) like you(?: .*)?$|"
        "that is (?:because|what happens (?:if|when)|what you get) (?:\\S+ )*|this is what happens(?: "
        ".*)?$|(?:he|she|they|you) (?:did not|never) (?:come|call|come) when (?:he|she|they|you) (?:was|"
        "were)(?: .*)?$|i told you to (?:\\S+ ){1,6}and you did not|if (?:he|she|they) had(?: .*)?$",
        unless=_KIND
        + "|because of us|because (?:we|our|i)|for \\w+ like you|must have left you|what happens when we|must "
        "have put (?:you|"
        "a lot)|my boss",
        asks=False,
        denied=True,
    ),
    *rules(
        "blame",
        0.85,
        "how (?:is|are|was|were) (?:\\S+ ){1,2}(?:supposed|meant) to (?:find|know|reach|guess|see)(?: "
        ".*)?$|who on earth(?: .*)?$|what (?:were you thinking|did you expect|do you expect)(?: .*)?$|you "
        "signed (?:it|that|this) did not you|did not you (?:read|see|check)(?: .*)?$",
        denied=True,
    ),
    # what the caller is said to have left undone, inferred or as a tag
    *rules(
        "blame",
        0.85,
        f"you (?:can not|could not|can never|would want to|might want to|would need to) have <adv_>{_DUTIES}(?: .*)?$",
        "you (?:never|did not|have not) (?:even |actually |ever )*(?:mention|mentioned|declare|"
        "declared|list|listed) <any2_>(?:any|it|that|this|so|about)(?: .*)?$",
        f"you (?:did not|never|have not) <adv_>(?!{_SUFFERED})\\w+(?: .*)? (?:did|have) you$",
        "(?:have|did) you (?:even |actually |ever |at least )*(?:tried|try|bother(?:ed)? to|thought of|thought "
        "about) (?:read\\w*|look\\w*|listen\\w*|check\\w*|ring\\w*|call\\w*|tell\\w*|follow\\w*)(?: .*)?$",
        "that is why (?:you (?:have|are having|got|had|did not get|are in|are stuck)|this happened to you)(?: .*)?$",
        unless=_KIND + "|because (?:we|our|i)|known|guessed|imagined|expected|seen (?:it|that|this) coming|"
        "has been|our (?:\\S+ )?(?:fault|mistake|error)|that is why you <any4_>(?:right|reason)",
        across=True,
        denied=True,
    ),
    # somebody else is made to carry it
    *rules(
        "blame",
        0.85,
        f"<it_is> not {_OURSELVES} <it_is> (?:<adv_>)(?:the|your|their|a|an|you|them|him|her)(?: .*)?$",
        f"<it_is> <adv_>(?:the|your|their|his|her) (?:\\S+ ){{1,8}}not {_OURSELVES}$|{_OTHERS} <any8_>not "
        f"{_OURSELVES}$",
        unless="if <it_is>|not your|not you|nobody|sorry|apologise|our (?:own )?(?:fault|mistake|error)",
        asks=False,
        across=True,
        denied=True,
    ),
    *rules(
        "blame",
        0.85,
        "<it_is> <adv_>(?:the|their|his|her|those|these|your) (?:\\S+ ){0,3}faults?(?: .*)?$|(?:they|he|she) (?:"
        "(?:always|keeps?) (?:on )?(?:giv\\w+ <any2_>wrong|mess\\w*|forget\\w*|los(?:e|es|ing)|mix\\w*|get\\w* "
        "(?:it|that|"
        "things) wrong|do(?:es|ing)? (?:it|that|this))|never (?:writes?|tells? (?:us|me)|reads?|checks?|logs?|notes?|"
        "listens?|does|do))(?: .*)?$",
        "take (?:it|that|this) up with (?:them|him|her)(?: .*)?$|you (?:people|lot)"
        " (?:always|never|all|keep|just|want|think)(?: .*)?$|(?:they|he|she) (?:will|would) "
        "(?:promise|say) (?:you |people )?anything(?: .*)?$|(?:we|i|that|this|it)(?: has| have| had| is)? nothing to "
        "do with (?:that|this|it|us|me)$|you will have to ask (?:them|him|her)$",
        "(?:the|that|some) (?:lady|man|guy|girl|woman|fellow|chap|person|one|gentleman)(?: \\S+){0,3} (?:never|did "
        "not) (?:write|wrote|note|noted|log|logged|put|check|read|do|tell|told us)\\w*(?: .*)?$",
        "your (?:boss|manager|bank|landlord|employer|doctor|school|supervisor|agent|insurer|wife|husband|office) "
        "<any2_>\\w+(?:ed|ent|old|ave|ade) (?:it|that|this|them|us) (?:\\S+ )?(?:late|wrong\\w*|twice)(?: .*)?$",
        "(?:nobody|no one|you) (?:let|lets) (?:him|her|them|the \\w+) in(?: .*)?$|^<adv_>you signed (?:it|that|this)$",
        unless="not (?:your|their|his|her|the)|our (?:own )?(?:fault|mistake|error)|i will|i can|let me|nobody is",
        asks=False,
    ),
)

_DEFENSIVE = (
    *rules(
        "defensive",
        0.9,
        "i am (?:just |only |simply )+(?:doing (?:my|the) job|the messenger|following (?:orders|the rules|"
        "the procedure)|an? (?:agent|employee)|telling you|trying to (?:do my job|help))|i (?:just|only) "
        "work here",
        "(?:that|this|it)? ?(?:is|was|s)? ?(?:really |honestly |certainly |just |actually |simply )*not "
        "(?:my|our) (?:\\S+ )?(?:fault|job|problem|department|mistake|business|responsibility|concern|"
        "doing|decision)",
        "(?:do not|stop|please do not|quit|you can not|no need to) (?:\\S+ )?(?:take (?:it|this|that) out "
        "on|blam(?:e|ing)|shout(?:ing)? at|yell(?:ing)? at|attack(?:ing)?|accus(?:e|ing)|talk(?:ing)? to|"
        "speak(?:ing)? to) (?:me|us)|why are you (?:\\S+ )?(?:shouting|blaming|yelling|attacking|angry|mad|"
        "taking) (?:at |with |it out on )?(?:me|us)",
        "i (?:did not|have not|never) (?:\\S+ )?(?:do|done|make|made|write|wrote|cause|caused|send|sent|"
        "take|took|lose|lost|charge|charged|say|said|promise|promised|create|cancel|cancelled|decide|"
        "invent|design) (?:\\S+ ){0,2}?(?:this|it|that|the|your|you|anything|those|any of)(?: \\S+)*",
        "you (?:are|re) (?:\\S+ )?(?:\\S+ )?(?:wrong|mistaken|lying|a liar|being (?:rude|unreasonable|"
        "difficult|aggressive|unfair|hostile|abusive|impossible|offensive)|rude|not (?:even )?listening|"
        "contradicting|confused|not making (?:any )?sense)",
        "(?:that|this|it) is (?:\\S+ )?(?:\\S+ )?(?:not true|untrue|false|a lie|nonsense|ridiculous|not "
        "correct|incorrect|wrong|not what (?:happened|i said|you said|i told|we)|not how it)(?: \\S+){0,4}$",
        "as i (?:have |already |just |clearly |\\S+ )*(?:said|told|explained|mentioned|stated)|i (?:have |"
        "just |already |clearly |\\S+ )*(?:told|explained|said)(?: (?:that|this|it))?(?: to)? you(?: "
        "\\S+)* ?(?:already|before|times|twice|once|that|this)?$|i have (?:already )?(?:told|explained|"
        "said) (?:this|that|it|to|you)|how many times (?:do|must|have|should) i|i am not going to "
        "(?:repeat|argue|discuss)|i will not (?:repeat|argue|discuss)",
        "(?:if you (?:would |will |could |just |only )*let me (?:finish|speak|talk|explain|get a word)|"
        "(?:please |just |will you |would you |can you |now )*let me (?:finish|speak|talk)$|listen to me|"
        "you are not (?:even )?listening|(?:can|could|may) i (?:please )?(?:finish|speak|talk)(?: now)?$|"
        "you keep interrupting|stop interrupting)",
        "what (?:exactly |else |more )?(?:do|did|would) you (?:want|expect|like) (?:from )?(?:me|us)(?: to "
        "(?:do|say))?|do you want (?:my |me to |any )?help or not|what am i supposed to do|what (?:is|s) "
        "your problem|who do you think (?:you are|i am|you)|are you calling me|i do not have to (?:take|"
        "listen|put up|stand|explain)|i am not (?:paid|your|a (?:magician|machine|robot|mind reader))|i "
        "(?:do not|am not) (?:get paid|being paid)",
        "yes you (?:did|do|were|are)$|no (?:i|we) (?:did not|do not|was not|were not)$|no you (?:did not|"
        "do not|are not)$|with all (?:due )?respect|(?:oh really|congratulations|good for you|well done|"
        "how nice|lucky you|good luck with that|suit yourself|be my guest|thanks for nothing|thanks to you|"
        "go ahead and (?:complain|sue|leave|try)|whatever you say|if you say so|says you)|feel free to "
        "(?:complain|leave|go)|i know (?:how to do )?my job|i know what i am doing|nobody (?:is )?forc\\w+ "
        "you|(?:then|so) (?:go|leave|switch|complain|sue)(?: \\S+){0,4}$",
        "i have (?:done )?nothing (?:wrong|to do with)|i was not (?:even )?(?:here|there|working|the one)|"
        "it was not me|(?:i|we) (?:did|have done) (?:everything|nothing wrong)(?: \\S+){0,3} (?:right|"
        "correctly|by the book|wrong)|(?:we|our \\w+|the system) (?:do|does) not make mistakes|(?:we|our "
        "(?:records|system|figures)) (?:are|is) (?:always |never )?(?:right|correct|wrong)|actually you|"
        "that is your (?:opinion|problem|business|view)|you (?:can|could) (?:always )?(?:go|try|switch|"
        "find) (?:\\S+ )?(?:elsewhere|somewhere else|another (?:company|provider))",
        unless=(
            "(?:sorry|apologise) (?:that )?(?:i|we|nobody|no one) |(?:is|be|are|sounds?) (?:\\S+ ){0,2}good for you|"
            "being called|even (?:if|though)|although|"
            "not (?:your|you are) (?:fault|mistake)|you are not (?:wrong|mistaken|"
            "lying|confused|being|rude)|never (?:said|say|meant) (?:it|that) (?:was|would|you|it|we|i|your|to)|"
            "i did not (?:mean|want|"
            "know|catch|hear|get|say (?:it|that) (?:clearly|well))|not to say|that is wrong and|"
            "is wrong (?:with|on our|that we|of us)|(?:what|which|how|if|because) (?:\\S+ )?(?:is|went|was) "
            "(?:not )?wrong|let me finish (?:this|the|checking|typing|up|noting)|you are not the only one who|"
            "as i said (?:i will|i am|at)|that is not how it should|not how (?:it|this) should|is ridiculous "
            "that we|wrong of us|not what (?:should|you (?:deserve|expect))|"
            "i have not (?:sent|done|made) (?:it|this|that|the) yet|you (?:were|are) wrong(?:ly|ed)|i never "
            "(?:want|forget)|we do not make|not correct (?:that|on|in)|i did not (?:do|make|send) (?:that|this|"
            "it|enough|the) (?:right|clearly|properly|in time)"
        ),
        denied=True,
    ),
    *rules(
        "defensive",
        0.7,
        "(?:excuse me|listen)$|(?:look|listen) (?:sir|madam|mr|mrs|ms|here|buddy|mate|lady)|you should be "
        "(?:grateful|glad|happy|thankful)|calling names|i am trying to help you (?:here )?(?:but|and you)|"
        "(?:i|we) (?:only )?have (?:two|only two|one) (?:hands|ears)|it is not like (?:i|we)|hold on a "
        "(?:minute|second) you|everyone (?:else )?(?:is|was) (?:happy|satisfied|fine)",
        asks=False,
        denied=True,
    ),
    *rules(
        "defensive",
        0.85,
        "(?:i have been|i have) (?:doing|done|worked|working) (?:\\S+ ){1,5}(?:for|since) (?:\\S+ "
        ")?years(?: .*)?$|i (?:think |do )?know (?:how|what) (?:\\S+ ){0,5}(?:works|is done|i am doing)(?: "
        ".*)?$",
        "that is your (?:version|story|side of)|i have (?:it|that|this) in (?:writing|black and white)(?: "
        ".*)?$|we are (?:only |just )?doing our job|whether (?:it|you) (?:suits|like)(?: .*)?$|i beg to "
        "differ|i have never (?:made|had|done)(?: \\S+)? (?:mistake|complaint|anything)(?: .*)?$|with "
        "respect (?:i|you|that)|i am not (?:your|a) (?:doormat|punch\\w*|psychologist|servant)",
        unless="how (?:this|that|it) feels|set_limit",
        asks=False,
        denied=True,
    ),
    *rules(
        "defensive",
        0.85,
        "(?:we|they|our (?:\\S+ )?\\w+|the (?:bank|company|hospital|system|computer|office|hotel|airline|shop)) "
        "(?:(?:do|does|would) (?:not|never)|never) (?:do (?:that|this|such|things like)|loses?|make mistakes?|lie)"
        "(?: .*)?$",
        "let me (?:just )?stop you(?: .*)?$|i am not the (?:one|person) (?:who|that)(?: .*)?$|<it_is> not "
        "(?:how|what) i (?:put (?:it|that)|said)(?: .*)?$|(?:only|just) (?:the )?(?:one person|(?:one|two) of "
        "us|human|got "
        "(?:one|two) (?:pairs? of )?(?:hands|ears))(?: .*)?$|you are (?:shouting|yelling|having a go) at the "
        "wrong (?:person|people|one)",
        unless="lose (?:sleep|hope|patience)|lose you|(?:do|does) not do this (?:often|lightly)|want to lose|no "
        "excuse|should|enough|not one person",
        asks=False,
        denied=True,
    ),
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of ``blame`` and ``defensive``."""
    yield from hits(clauses, _BLAME)
    yield from hits(clauses, _DEFENSIVE)
