"""Rules for mistakes toward the caller: blame, walls of policy, commands to be calm, dismissing and defending.

A false accusation is worse than a miss, so that these rules carry more guards than the others.
"""

import re
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
_BLAME = (
    *rules(
        "blame",
        0.9,
        "you (?:really |clearly |probably |obviously |simply |also |just )?(?:should|could|ought to|needed "
        "to|were supposed to|had to) (?:really |also |just )?have <adv_>(?:read|told|called|checked|"
        "informed|paid|given|rung|looked|thought|asked|sent|filled|known|listened|noticed|contacted|"
        "updated|signed|kept|let us|reported|been (?:more careful|home|there|in)|done|said|written|made "
        "sure|waited|returned|cancelled|opened|set|entered)",
        "you <adv_>(?:did not|never|failed to|forgot to|neglected to|refused to|have not|omitted to) "
        "(?:even |bother to |actually |ever |properly |correctly )*(?:read|tell|told|pay|paid|check|"
        "checked|give|gave|given|fill|filled|call|called|inform|informed|update|updated|provide|provided|"
        "send|sent|bother|listen|listened|cancel|cancelled|return|returned|let us know|report|reported|"
        "sign|signed|enter|entered|follow|followed|open|opened|answer|answered|set|submit|submitted|ring|"
        "respond|mention|mentioned|keep|kept|look|notice|leave|register|make sure)",
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
        "process|handle|know|deliver|ring)|does not (?:know|read|check|do)|do not (?:know|read|check|do)|"
        "(?:promised|told) you (?:something|things|the wrong|a lot|what)|told you (?:the )?(?:wrong|"
        "nonsense|rubbish)|is (?:useless|hopeless|incompetent|lazy|new|the "
        "problem)|are (?:useless|hopeless|incompetent|lazy|the problem)|caused (?:this|it|that)|clearly "
        "did)",
        f"(?:blame|you can thank|talk to|complain to|take (?:it|that) up with) {_FELLOWS}|{_FELLOWS}(?: is| "
        "are|s)? (?:\\S+ )?(?:fault|mistake|error|responsibility|problem)",
        f"(?:that|this|it) (?:is|was) (?:\\S+ )?{_FELLOWS}(?: who| that|s)? ?(?:fault|mistake|error|who|"
        "that|did|problem|job|responsibility|not us|not me)",
        unless=_KIND + "|is it your|not that you|i can see you have|you have not (?:had|been|received|heard)|you never "
        "(?:forget)|i will (?:talk|ask)|you did not leave|my (?:fault|mistake)|our (?:own )?(?:fault|"
        "mistake|error)|you told|i can ask|has your landlord|nobody|if you would (?:like|prefer|rather|be)|"
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
)

_WALL = (
    *rules(
        "policy_wall",
        0.9,
        "(?:there is |there s |there are |really |absolutely |simply |just |honestly |literally |that is "
        ")*(?:nothing|not much|not a thing|not anything) (?:more |else |further )?(?:that )?(?:i|we|anyone|"
        "anybody) (?:can|could|am able to|are able to|will) (?:\\S+ )?(?:do|change|offer|help)",
        "(?:i|we) (?:can not|can) (?:do )?(?:nothing|anything)(?: (?:about|for|more|here|else|with|in|at|"
        "until|i) ?.*)?$",
        "(?:<it_is>|that s|because of|against|according to|due to|under|per|as per|by) <adv_>(?:\\S+ "
        ")?(?:our|the|company|a|standard|my|these|those) (?:\\S+ )?(?:policy|policies|rules?|regulations?|"
        "procedures?|guidelines?|terms|conditions|terms and conditions)",
        "(?:our|the|company|these|those|my) (?:\\S+ )?(?:policy|policies|rules?|regulations?|procedures?|"
        "guidelines?|terms(?: and conditions)?|contract|system|computer) (?:\\S+ )?(?:is|are|says?|states?|"
        "does not|do not|will not|can not|requires?|forbids?|prevents?|only|clearly|prohibits?)(?: \\S+)*",
        "(?:rules are rules|those are (?:\\S+ )?(?:rules|terms|conditions)|no exceptions?|company policy|"
        "my hands are tied|that is (?:just )?(?:how|the way) (?:it (?:is|works|goes)|we do|things)|it is "
        "what it is|take it or leave it|computer says no|end of (?:story|discussion))",
        "(?:i am|we are) (?:\\S+ )?(?:not (?:allowed|permitted|authorised|able|in a position|supposed)|"
        "unable) to (?:\\S+ )?(?:\\S+)",
        "(?:i|we) (?:can not|do not|never|will not|could not) (?:\\S+ )?(?:make|makes?|do|give|offer|grant|"
        "issue|accept|allow) (?:\\S+ )?(?:an |any )?(?:exceptions?|refunds?|such|those|that kind|that sort|"
        "compensation|returns?|claims|complaints)",
        "no (?:refunds?|returns?|compensation|exchanges?) (?:\\S+ ){0,3}(?:after|without|for|are|is|on|possible|full)",
        unless="nothing i can do is|let me|what i can|does not (?:have|mean)|policy (?:number|holder)|check "
        "(?:the|our)|whatever the|regardless|even if|not (?:just|hide|going to hide)|i can make|(?:system|"
        "computer) (?:is|was) (?:slow|loading|down|back|up|working|still|open|showing)|is that|against the "
        "rules to us|allowed to (?:give|tell|share|speak|say|discuss|read|talk)(?: \\S+)* (?:until|unless|"
        "without|before)|not able to (?:find|hear|see|reach)|unable to (?:find|hear|see|reach)",
        asks=False,
        denied=True,
    ),
    *rules(
        "policy_wall",
        0.82,
        "(?:that|it|this|a refund|which) (?:is|was|will be|would be)(?: \\S+){0,2} (?:not (?:possible|our "
        "(?:department|problem|responsibility|job)|something (?:i|we) (?:can|do)|within my|up to me)|"
        "impossible|out of (?:my|our) (?:hands|control)|beyond my)",
        "(?:i|we) (?:can not|will not) (?:\\S+ )?(?:help|change|do) (?:you (?:with|there|any|in)|that|it|"
        "this|you)(?: .*)?$",
        "you (?:will |just |simply |do |would )*(?:have|need) to (?:\\S+ )?(?:wait|live with|accept|deal "
        "with|put up|follow the|fill (?:in|out) (?:the|another|a)|go through the|apply again|start (?:over|"
        "again)|call (?:again|back|another|a different)|write (?:in|to us))",
        unless="let me|what i can|if it is not possible|until|help you (?:while|when|if)|not have to|you should "
        "not|never have to|how long|while|(?:change|undo) (?:what happened|the past|that it)|waited",
        asks=False,
        denied=True,
    ),
)

_CALM = (
    *rules(
        "command_calm",
        0.9,
        "^<adv_>(?:(?:and|so|ok|now|right|please|well|look|listen|sir|madam|just|then|but|hey|alright|"
        "first of all|mr|mrs|ms|come on|why do not you|can you|could you|would you|will you|try to|let us|"
        "you (?:really )?(?:need|have|ought) to|you (?:should|must)|i need you to|i want you to|i (?:must |"
        "have to |will )?ask you to|i would ask you to|i would like you to|i suggest you|may i ask you to|"
        "do me a favour and|first|maybe|perhaps) )*<adv_>(?:\\w+ )?"
        "(?:calm (?:down|yourself)|settle down|relax(?! the)|chill(?: out)?|take it easy|cool (?:it|down|"
        "off)|simmer down|be calm|keep calm|stay calm|compose yourself|control yourself|get a grip|pull "
        "yourself together|lower your (?:voice|tone)|keep your voice down|"
        "(?:stop|quit) (?:shouting|yelling|screaming|raising your voice|being (?:so )?(?:angry|emotional|"
        "rude|aggressive|hysterical|difficult|upset|dramatic)|getting (?:so )?(?:upset|angry|worked up|"
        "excited|emotional)|ranting|complaining|whining|moaning|the shouting|your shouting|freaking out|"
        "panicking)|"
        "watch your (?:tone|mouth|language)|mind your (?:tone|manners)|breathe|take a (?:deep )?breath|"
        "turn (?:it )?down (?:a notch|your)|get (?:a hold of|hold of) yourself|be (?:quiet|reasonable|more "
        "reasonable|nice|polite))",
        "(?:do not|there is no|no|you do not|without|stop with the)(?: (?:need|reason|have|point|use|call|"
        "cause))? ?(?:to |in |for )?(?:be |get |getting |being |for )?(?:you )?(?:\\S+ )?(?:shout\\w*|"
        "raise your voice|yell\\w*|scream\\w*|get (?:so )?(?:upset|angry|worked up|excited|emotional|mad|"
        "aggressive|hysterical)|take that tone|be (?:so )?(?:angry|rude|upset|aggressive|emotional|"
        "hysterical)|(?:so )?(?:hysterical|worked up)|that tone|such language)",
        "(?:you|we all|everybody|everyone|let us all|and|if you|unless you|until you|once you|when you|as "
        "long as you|can|could|would|will|try to|need to|have to|must) (?:\\S+ ){0,2}?(?:calm (?:yourself |"
        "\\w+ )?down|settle down|chill out|keep your voice down|lower your voice|(?:stop|quit) (?:shouting|"
        "yelling|screaming|raising your voice))",
        unless=(
            "calm(?:ed|ing) down|i (?:will|would) (?:never|not) (?:\\S+ )*(?:tell|ask|say)|do not have to calm|"
            "do not need to calm|no need to calm|not (?:asking|telling) you|thank you for|you (?:are|were|"
            "stayed|stay|remain|have been) (?:\\S+ )?calm|"
            "(?:me|myself|i) (?:\\S+ )?calm|would not (?:be able to )?(?:calm|relax)|can not (?:calm|relax)|"
            "nobody (?:could|can|would)|how can (?:you|anyone)|things calm|hard to|relax the|help you (?:relax|"
            "calm)|no shouting (?:is|was)|you do not shout|not shouting|you can (?:now )?relax|you may relax|"
            "right to|reason to be upset with us"
        ),
        denied=True,
    ),
)

_SMALL_THING = (
    "(?:(?:an? |one |\\d+ |two |a couple of )(?:few |little |small |tiny |bit )?(?:\\S+ )?(?:euros?|"
    "pounds?|dollars?|cents|days?|weeks?|hours?|parcel|package|letter|bill|invoice|fee|delay|phone|"
    "router|box|form|card|payment|bike|tv|toaster|call|night|phone call|delivery|order|appointment|"
    "glitch|hiccup|typo|detail)|money|little \\w+|a bit of \\w+)"
)
_DISMISS = (
    *rules(
        "dismiss",
        0.9,
        "(?:<it_is>|they are|we are talking about|it s) (?:\\S+ )?(?:just|only|merely|nothing but) (?:\\S+ "
        f")?{_SMALL_THING}(?! (?:ago|until|more|away|before|to|for (?:me|you)|and (?:then|i)|i|so i))",
        "(?:<it_is>|that s|is|this|it) (?:really |hardly |honestly |certainly |just |exactly |surely |such "
        "|a )*(?:not|no) (?:such |exactly |really |that |so |all )*(?:a |an |the |such a )?(?:big |such a "
        "big |huge |real |great |serious )*(?:deal|end of the world|bad|serious|tragedy|drama|disaster|"
        "catastrophe|emergency|terrible|reason to (?:be|get|make)|matter of life|life and death|problem at "
        "all|dramatic|important|urgent|worth (?:getting|being|shouting|this|the))",
        "(?:you are|you re|your|you) (?:\\S+ )?(?:\\S+ )?(?:overreacting|exaggerat\\w+|over reacting|"
        "overdoing|being (?:\\S+ )?(?:dramatic|oversensitive|too sensitive|silly|ridiculous|childish|"
        "hysterical|petty|paranoid|unreasonable)|making (?:\\S+ ){0,3}(?:fuss|big deal|drama|mountain|"
        "scene|too much)|too sensitive|blowing (?:this|it)|imagining)",
        "(?:these|such) things (?:just )?happen|(?:it|that|this|mistakes|stuff|sh\\w+) happens?(?: to "
        "(?:everyone|everybody|all of us|the best|anyone|lots)| all the time| every day| sometimes| now "
        "and then| you know)?$|(?:it|things) could (?:be|have been) (?:a lot |much |far )?worse|worse "
        "things (?:have )?happen\\w*",
        "(?:other|some|plenty of|lots of|many|most) (?:people|customers|callers) (?:have|are|do|manage|"
        "wait|with|would|get|had)(?: \\S+){0,5} (?:worse|real problems|bigger problems|longer|more serious|"
        "not complain|no problem|do not complain|in the same boat|fine with|happy)|(?:nobody|no one|no "
        "other customer|you are the (?:first|only)(?: one| person| customer)?)(?: else)? (?:has |ever |"
        "have |to |who )*(?:complain\\w*|had a problem|minded|mind)",
        "(?:just |you should |you need to |you have to |please )*(?:get over (?:it|this|that)|let it go|"
        "move on (?:with|from)|grow up|toughen up|deal with it|suck it up|man up)$|(?:big deal|so what|who "
        "cares|whatever|boo hoo|cry me a river)$",
        "i (?:really |honestly |just |still |frankly |simply )*(?:do not|can not|fail to) (?:really |quite "
        ")?(?:see|understand|get|know) (?:what|why|how) (?:\\S+ ){0,3}(?:fuss|the (?:\\S+ )?(?:problem|"
        "issue|matter|big deal|drama)|your problem|problem is|you are (?:\\S+ )?(?:so )?(?:upset|angry|"
        "complaining|shouting|annoyed|worried|making|bothered|excited|getting|calling)|you would be|"
        "(?:this|that|it) (?:is|matters|bothers|upsets|should) (?:\\S+ )*(?:you|problem|urgent|important|"
        "upset\\w*|big deal|so))",
        "(?:you|there is|you have|i see) (?:\\S+ )?(?:no|not any|not (?:really )?(?:a|any)) (?:\\S+ "
        ")?reason (?:for you )?to (?:be|get|feel|worry|complain)(?: so)? ?(?:upset|angry|annoyed|mad|"
        "worked|excited|complain|like|about)?|you should not (?:be|feel|get) (?:so |that |this )?(?:upset|"
        "angry|annoyed|worried|bothered|emotional)|(?:do not|stop) (?:be|being) (?:so )?(?:dramatic|silly|"
        "sensitive|ridiculous|childish|difficult|like that)",
        "i (?:really |highly |seriously |very much |find it |honestly )*(?:doubt|find (?:that|it|this) "
        "(?:\\S+ )?(?:hard|difficult) to believe|do not believe you|can not believe you|am not sure i "
        "believe|hardly think)|(?:hard|difficult) to believe (?:that )?(?:you|it|we|our)",
        "(?:minor|trivial|tiny|petty|silly|insignificant) (?:issue|thing|matter|problem|detail|mistake|"
        "delay|inconvenience|error|complaint|glitch)|it (?:can not|could not) (?:\\S+ )?(?:be|have been) "
        "(?:that|so|all that) (?:bad|urgent|hard|important|serious|terrible)|you will (?:live|survive|get "
        "over)|not (?:going to|gonna) (?:kill|die)|nobody (?:died|has died|is (?:dead|dying)|was hurt)|no "
        "harm done|first world problem|we all have (?:problems|bad days)|life is not fair|not that (?:big|"
        "bad|serious|important|urgent|long|much|expensive|difficult)",
        unless=(
            "not (?:just|only|a small|a minor|a trivial)|not overreact|not exaggerat|not being|should not "
            "(?:be|have been) treated|only (?:a |one |\\d+ )?(?:minute|moment|second|question|few (?:minutes|"
            "seconds))|i do not doubt|do not think (?:it|this|that|you)|no doubt|without (?:a )?doubt|i would "
            "not (?:say|call)|"
            "does not (?:make|mean)|not trivial|far from|find it hard to believe (?:that )?we|never (?:a|just)|"
            "you should not (?:be|have to be) (?:upset|left|treated)|that is (?:only|just) (?:fair|right|"
            "natural|human)|sound|not minor|whatever (?:it|i|we|you|happens)|nothing (?:small|minor|trivial) "
            "about|(?:was|is) no (?:small|minor|trivial)|not (?:that )?bad (?:at|for) "
        ),
        denied=True,
        asks=False,
    ),
    *rules(
        "dismiss",
        0.7,
        "are you (?:really )?sure (?:that )?(?:you|it|this|about)(?: \\S+)*",
        "are you (?:perhaps |maybe )?(?:overreacting|exaggerating|imagining)|is it (?:really |honestly "
        ")?(?:that|so) (?:bad|important|urgent)|what is the big deal|is that (?:really )?(?:all|such a "
        "(?:problem|big deal))",
        unless="sure (?:you want|that is ok|this is)",
        asks=True,
    ),
    *rules(
        "dismiss",
        0.7,
        "(?:that|this|it) (?:can not|could not) (?:be|have) (?:right|true|happened|been)|it is (?:just|"
        "only) how|you (?:probably|must) (?:just )?(?:imagined|misheard|dreamt|dreamed)",
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
        "contradicting|confused|not making (?:any )?sense|not the only)",
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
            "even (?:if|though)|although|not (?:your|you are) (?:fault|mistake)|you are not (?:wrong|mistaken|"
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
)

_HELPS = {"offer_solution", "refer", "concession", "dont_know", "takeaway"}
_STILL = re.compile(
    r"\b(?:what (?:i|we) can|but (?:i|we) (?:can|will|could)|however (?:i|we)|instead (?:i|we)|(?:i|we) "
    r"can (?:instead|still|however|at least|offer)|let me (?:see|check|find|look|ask|put|get)|"
    r"alternatively|let us (?:see|look|find))\b"
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of the mistakes toward the caller."""
    for table in (_BLAME, _WALL, _CALM, _DISMISS, _DEFENSIVE):
        yield from hits(clauses, table)


def settled(found: Sequence[Hit], clauses: Sequence[Clause]) -> list[Hit]:
    """The hits without walls that have a door in them and commands that are a respectful limit."""
    ids = {hit.id for hit in found if hit.confidence >= 0.7}
    whole = " ".join(c.norm for c in clauses if not c.quoted)
    helped = bool(ids & _HELPS) or _STILL.search(whole) is not None or _committed(found)
    dropped = set()
    if helped:
        dropped.add("policy_wall")
    if "set_limit" in ids:
        dropped |= {"command_calm", "defensive"}
    return [hit for hit in found if hit.id not in dropped]


def _committed(found: Sequence[Hit]) -> bool:
    """Whether own effort is promised firmly enough to be an alternative."""
    return any(hit.id == "assurance" and hit.confidence >= 0.8 for hit in found)
