"""Rules for mistakes toward the caller: walls of policy, commands to be calm and dismissing.

A false accusation is worse than a miss, so that these rules carry more guards than the others.
"""

import re
from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.rules import Hit, compiled, hits, rules
from voicesim.model import Context

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
        "rules to us|(?:policy|rule|rules) (?:is|are) (?:set|made|decided) by|"
        "allowed to (?:give|tell|share|speak|say|discuss|read|talk)(?: \\S+)* (?:until|unless|"
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
    *rules(
        "policy_wall",
        0.85,
        "(?:contract|rules?|deadline|cut off|law) is (?:the|a) (?:contract|rules?|deadline|cut off|law)|"
        "nothing (?:i|we|anyone) can (?:change|do)|can not be (?:changed|refunded|done|altered|waived|"
        "cancelled|exchanged|moved)(?: \\S+){0,2} (?:full stop|period|after|once|ever|by anybody|by anyone|"
        "at all)|(?:not|no|never) (?:\\S+ ){1,4}full stop$|not for (?:anybody|anyone|nobody|you)|for "
        "nobody$|so that is that|(?:there is "
        ")?nothing (?:more|else|further) to (?:say|discuss|add)|only (?:managers|the manager|head office) "
        "(?:can|may)(?: .*)?$",
        "<it_is> (?:a )?no from (?:us|me)(?: .*)?$|you are (?:\\S+ )?(?:outside|past|beyond) (?:of )?(?:the|"
        "our) (?:\\S+ )?"
        "(?:days|window|period|deadline|time|limit)(?: .*)?$|(?:the )?(?:computer|system) (?:throws|rejects|"
        "kicks|refuses) "
        "<any2_>\\S+(?: .*)?$|<it_is> (?:all )?in the (?:small print|terms|contract|conditions)(?: .*)?$|not my "
        "problem",
        "(?:is not|are not) (?:in|covered by|part of|included in) your (?:policy|contract|plan|cover|"
        "tariff)|i do not (?:discuss|debate|negotiate) (?:that|this|it)|nothing goes (?:out |in )?(?:after|"
        "before)(?: .*)?$",
        unless="let me|what i can|if it|nothing more to say (?:than|but)|even if|we will|i will|but",
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
        "watch your (?:tone|mouth|language)|mind your (?:tone|manners)|breathe(?! out)|take a (?:deep )?breath|"
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
            "(?:told|asked|telling|tells|asks|(?:did|does|would|should|could) (?:\\S+ ){1,3}tell) (?:you|"
            "people|someone|anyone|her|him|me) to|breath for me|"
            "calm(?:ed|ing) down|i (?:will|would) (?:never|not) (?:\\S+ )*(?:tell|ask|say)|do not have to calm|"
            "do not need to calm|no need to calm|not (?:asking|telling) you|thank you for|you (?:are|were|"
            "stayed|stay|remain|have been) (?:\\S+ )?calm|"
            "(?:me|myself|i) (?:\\S+ )?calm|would not (?:be able to )?(?:calm|relax)|can not (?:calm|relax)|"
            "nobody (?:is asking|is telling|should|has to|could|can|would)|"
            "how can (?:you|anyone)|things calm|hard to|relax the|help you (?:relax|"
            "calm)|no shouting (?:is|was)|you do not shout|not shouting|you can (?:now )?relax|you may relax|"
            "right to|reason to be upset with us"
        ),
        denied=True,
    ),
    *rules(
        "command_calm",
        0.85,
        "(?:please )?keep a (?:cool|calm|level) head|keep your (?:voice down|temper|cool)|let us (?:all "
        ")?(?:stay|keep|remain) calm|keep it (?:down|calm)",
        unless="you (?:kept|have kept)|i (?:will|try to) keep|to keep",
    ),
    *rules(
        "command_calm",
        0.85,
        "^(?:(?:ok|now|right|well|come on|just|please|hey|alright|and|a few) )*(?:deep|big) breaths?$|(?:^|and |"
        "look |now )"
        "(?:shouting|yelling|screaming|swearing|getting (?:angry|upset|worked up|cross))s? (?:is |will |does )?not "
        "(?:going to |gonna )?(?:help|get|bring|make|change|fix|speed|solve)(?: .*)?$",
        unless="me|my|nose",
        denied=True,
    ),
)

_SMALL_THING = (
    "(?:(?:an? |one |\\d+ |two |a couple of )(?:few |little |small |tiny |bit )?(?:\\S+ )?(?:euros?|"
    "pounds?|dollars?|cents|days?|weeks?|hours?|parcel|package|letter|bill|invoice|fee|delay|phone|"
    "router|box|form|card|payment|bike|tv|toaster|call|night|phone call|delivery|order|appointment|files?|"
    "(?:hundred|100|thousand)(?! (?:met|yard|mile|feet))|quid|"
    "glitch|hiccup|typo|detail)|money|little \\w+|a bit of \\w+)"
)
_DISMISS = (
    *rules(
        "dismiss",
        0.9,
        "(?:<it_is>|they are|we are talking about|it s) (?:\\S+ )?(?:just|only|merely|nothing but) (?:\\S+ "
        f")?{_SMALL_THING}(?! (?:ago|old|left|until|more|away|before|to|for (?:me|you)|and (?:then|i)|i|so i))",
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
        "(?:other|some|plenty of|lots of|many|most)(?: of)?(?: our)? (?:people|customers|callers) (?:have|are|"
        "do|manage|"
        "wait|with|would|get|had)(?: \\S+){0,5} (?:worse|real problems|bigger problems|longer|more serious|"
        "not complain|no problem|do not complain|in the same boat|fine with|happy|(?:it|that|this|them|things) "
        "(?:just )?fine)|(?:nobody|no one|no "
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
    *rules(
        "dismiss",
        0.85,
        "<it_is> (?:just |only )?(?:a|an|\\d+|one) (?:\\S+ ){1,5}not (?:a|an|the) (?:\\S+ )?(?:transplant|"
        "end|tragedy|disaster|crime|war|catastrophe|emergency|funeral|drama|\\w+ attack)(?: .*)?$",
        "(?:people|everybodys?|everyones?|others|customers) (?:\\S+ ){1,8}?(?:every day|all the time|from time to time|"
        "now and then|here|too) ?(?:it is nothing special|<address>)?$|(?:everybodys?|everyones?|all of them|others) "
        "(?:\\S+ ){1,8}not (?:just|only) you(?:rs)?$|what (?:they|you) all say$|what can (?:you|we|one|i) do$|"
        "nothing (?:special|unusual|to "
        "(?:cry|get upset|make a fuss) about)|(?:a |the "
        ")?(?:tiny|little|small) (?:scratch|dent|stain|mark|crack|delay|hole)(?: .*)?$|who (?:looks at|"
        "cares about|needs|notices) (?:that|it|this)",
        "(?:people|others|patients|customers|guests) (?:\\S+ )?(?:with|who have) (?:real|bigger|worse|"
        "serious|actual) (?:problems|troubles|worries)(?: .*)?$|we have sicker|(?:no one|nobody) (?:has "
        ")?died|stop being (?:\\S+ )?(?:hysterical|dramatic|silly|ridiculous|childish|a baby)|(?:make|"
        "making) a (?:mountain|drama|fuss|scene)(?: .*)?$|it was (?:an |a |your )?(?:old|cheap|worthless) "
        "\\w+(?: anyway)?$|<you_are> not the only (?:one|person|customer|patient|guest)(?: here)?$",
        unless="not (?:just|only) a|no (?:tiny|small|little)|should not|not a (?:tiny|small|little)|who (?:waited|"
        "suffered|had|lost)",
        denied=True,
        asks=False,
    ),
)

_HELPS = {"offer_solution", "refer", "concession", "dont_know", "takeaway"}
_STILL = re.compile(
    r"\b(?:what (?:i|we) (?:can|am able|are able)|but (?:i|we) (?:can|will|could)|however (?:i|we)|"
    r"instead (?:i|we)|(?:i|we) "
    r"can (?:instead|still|however|at least|offer)|let me (?:see|check|find|look|ask|put|get)|"
    r"alternatively|let us (?:see|look|find)|so (?:i|we) (?:will|can)(?! not)|you are (?:\S+ )?(?:covered|entitled)|"
    r"(?:have|has) to pay you)\b"
)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of the mistakes toward the caller."""
    for table in (_WALL, _CALM, _DISMISS):
        yield from hits(clauses, table)


def declines_to_comment(clauses: Sequence[Clause]) -> bool:
    """Whether nothing but an opinion is refused ("I can't comment on that"): no help is."""
    return any(_NO_COMMENT.search(clause.norm) for clause in clauses)


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
    return [hit for hit in found if hit.id not in dropped and not _made_good(hit, clauses)]


_NO_COMMENT = compiled("(?:i|we) <adv_>(?:can not|will not|do not) <adv_>comment")
_EXCUSES = ("blame", "defensive", "dismiss")
_OWNED = compiled(
    "(?:and |but |so |yet |still )*(?:that|it|this) (?:is|was) (?:\\S+ )?(?:our|my) (?:\\S+ )?(?:mistake|fault|"
    "error|doing)|"
    "(?:and|but) (?:\\S+ ){0,3}(?:sorry|apologise)|(?:but|yet) (?:that|it|this|you) should (?:not|never)|"
    "(?:but|so|and|yet) (?:i|we) (?:will|know|did|lost|can(?! not)|have lost|never got)"
)
_YET = compiled("(?:but|yet|still)$")
_HER = re.compile(r"^(?:(?:and|so|well|but|because|then|look|sir|madam) )*(?:you|if you)\b")
_WE_FAILED = compiled("and (?:then )?we (?:\\S+ )?(?:lost|missed|did not|never|failed|forgot|charged|ignored|broke)")


def _made_good(hit: Hit, clauses: Sequence[Clause]) -> bool:
    """Whether an excuse is owned or helped in the next clause: "he never wrote it down, that was our mistake"."""
    if hit.id not in _EXCUSES or hit.last + 1 >= len(clauses):
        return False
    following = clauses[hit.last + 1].norm
    if _HER.search(clauses[hit.first].norm):
        return _WE_FAILED.match(following) is not None
    return _OWNED.match(following) is not None or (
        _YET.search(clauses[hit.last].norm) is not None and re.match(r"(?:i|we) ", following) is not None
    )


def _committed(found: Sequence[Hit]) -> bool:
    """Whether own effort is promised firmly enough to be an alternative."""
    return any(hit.id == "assurance" and hit.confidence >= 0.8 for hit in found)
