"""Rules for what warms a call: greeting, vent, empathy, apology, thank and close."""

from collections.abc import Iterator, Sequence

from voicesim.language.clauses import Clause
from voicesim.language.rules import Hit, compiled, hits, rules
from voicesim.model import Context

_I_SEE = (
    "(?:i|we) (?:can |do |could |fully )?<adv_>(?:understand|see|hear|imagine|appreciate|get|sense|"
    "realise|know|tell|recognise|gather|notice)"
)
_OWNED = (
    "(?:<any4_>(?:our|my) (?:own )?(?:mistake|fault|error|side|end|doing|responsibility|team|system|driver|part)|"
    "(?:for|that|about|we|i) <any8_>\\S+|this happened|you had to|you (?:have|were|are))"
)
_NO_APOLOGY = (
    "sorry (?:to hear|could|can you|would|did you|what|pardon|if|but|who|where|when|which|how|i (?:did "
    "not|do not|can not|could not) "
    "(?:catch|hear|get|understand|follow|quite)|to (?:ask|interrupt|bother|say|repeat|cut)|you feel|"
    "that you feel|you think|for your loss|"
    "for yourself|<any4_>going through|there is nothing|<any4_>(?:not possible|nothing i can))|"
    "feel sorry for|better safe than sorry|(?:you|he|she|they) (?:should|must|have to|need to|ought to|could|can) "
    "(?:\\S+ )?(?:apologise|say sorry|be sorry)|say(?:ing)? sorry|sorry is not|afraid"
)
_WARM = (
    # vent
    *rules(
        "vent",
        0.9,
        "(?:please |do |just |so |can you |could you |would you )?(?:tell|explain to) me <any2_>(?:more|"
        "what happened|what (?:has|had) "
        "(?:happened|been)|what is (?:happened|happening|going|been|wrong|the matter)|what went|everything|"
        "all about|the whole|"
        "about (?:it|that|this|what)|from the|how (?:it|this|that) (?:happened|started|began|came)|your "
        "story|in your own words|the story|exactly what|what is on)",
        "(?:walk|talk|take|run|lead) me through",
        "i am <adv_>(?:listening|all ears)",
        "(?:start|begin|tell me|go|take it) <any4_>from the (?:very )?(?:beginning|start|top)",
        "(?:want|like|love|need) to <adv_>(?:hear|listen to|understand) <any2_>(?:what happened|whole|"
        "story|full|everything|from you|your side|you out|"
        "what (?:has|went|is|you)|how|it all|it from|all of)",
        "i have (?:got )?(?:all the |the |plenty of )?time (?:to listen|for you|for this)?",
        "in your own words",
        unless="what happened is|do not tell me|number|date|tell me your|no need to tell|i can tell|not listening",
    ),
    *rules(
        "vent",
        0.8,
        "^(?:so |please |and |ok |then )*what (?:exactly |actually )?(?:happened|went wrong|has happened|"
        "has been happening|is going on|has gone wrong|is been happening|is happened)"
        "(?: (?:then|exactly|there|here|next|after that|to you|with <any4_>\\S+|on <any2_>\\S+|today|from "
        "your side|at your end))*$",
        "take (?:all )?(?:your|the) time",
        "(?:please |do |just )(?:go on|go ahead|carry on|continue|keep going|keep talking|let it out|get "
        "it off your chest|finish what|speak freely)",
        "^(?:go on|go ahead|carry on)$",
        "help me (?:to )?(?:understand|see) (?:what|how|why)",
        "let me (?:just )?(?:hear|listen)",
        "get (?:it|that|this|everything) off your chest",
        "i (?:will|am going to|want to|would like to) (?:just )?(?:listen|hear you out)|i am here to listen",
        "what (?:is|has been) (?:bothering|troubling|upsetting|worrying) you|what (?:is|was) on your mind|"
        "what brings you|how did (?:this|that|it all|it) (?:start|begin|happen|come about)",
        "i will not (?:interrupt|cut in|cut you off)",
        unless="what happened is|i do not know what happened|find out|see what happened|check what|look|shall i|"
        "should i|hold|i will go ahead|password",
        denied=True,
    ),
    # empathy
    *rules(
        "empathy",
        0.9,
        f"{_I_SEE} <any4_>(?:why|how|that|what|you|this|it|the|your|having) <any8_><feel>",
        f"{_I_SEE} (?:your|the|that|this) <any2_>(?:frustration|anger|concerns?|worry|worries|"
        "disappointment|upset|annoyance|irritation|distress|pain|feelings?|situation|stress)",
        f"{_I_SEE} (?:exactly |completely )?how (?:you (?:feel|must feel|are feeling|must be feeling)|"
        "(?:that|this|it) (?:feels|must feel|would feel))",
        "(?:that|it|this|you|which|all of that|all this|how)(?: all)? <adv_>(?:must|would|has to|had to|"
        "sounds?|seems?|feels?|can|could)(?: \\S+)? (?:(?:have been|be|being|feel|felt|like|been|have felt|"
        "leave you|make you) )?<any4_><feel>",
        "(?:i|anyone|anybody|everyone|everybody|most people|who|any of us) (?:would|will|might) (?:\\S+ "
        ")?(?:be|feel|have been|not be|get|lose) <any4_><feel>",
        "(?:this|that|it|these|which|all of this) (?:has|have|had) (?:\\S+ ){0,2}been <any4_><feel>",
        "would (?:\\S+ )?(?:upset|annoy|anger|worry|frustrate|irritate|bother|hurt|shock|"
        "scare|make|drive|get to) (?:me|anyone|anybody|everyone|us|most people|any of us)",
        "<you_are> (?:\\S+ )?(?:must|have to) (?:\\S+ )?(?:be|feel|have been|have felt) <any4_><feel>",
        "you (?:\\S+ )?(?:sound|seem) <adv_><any2_><feel>",
        "you have (?:every|all the|a|the) (?:\\S+ )?(?:right|reason|cause|good reason) to (?:be|feel) <adv_><feel>",
        "if i were you i would|(?:in|were i in) your (?:place|position|shoes|situation) i would|i would "
        "(?:feel|be|have been) (?:exactly )?the same|i would (?:feel|react) (?:that|the same) way",
        "i (?:\\S+ )?feel for you|my heart goes out|i can only imagine|(?:it|that|this) (?:\\S+ "
        ")?(?:breaks|hurts) (?:my heart|me)",
        "no wonder (?:that )?(?:you|<you_are>|your)|it is no wonder",
        "(?:i am|we are|i was) <adv_>sorry (?:to hear|<any4_>going through|you (?:are|have been|were) "
        "(?:\\S+ )?(?:going|put|feeling|left))",
        unless="if you (?:are|feel)|do not (?:see|understand|know|get)|can not (?:see|understand|imagine)|should "
        "not (?:be|feel)|i am (?:\\S+ )?(?:frustrated|annoyed|tired)|sound(?:s)? like you are (?:lying|"
        "making)|hard to believe|too (?:upset|angry|sensitive)|frustrated (?:too )?with you",
    ),
    *rules(
        "empathy",
        0.8,
        "<it_is> <adv_>(?:a |an |such a |such an |such )?(?:\\S+ )?(?:frustrating|awful|terrible|horrible|"
        "dreadful|upsetting|annoying|infuriating|distressing|maddening|stressful|nightmare|exhausting|"
        "tiring|worrying|frightening|scary|shocking|hard on you|tough on you|painful|miserable|appalling|"
        "exasperating|disheartening|humiliating|embarrassing|unpleasant|aggravating|a lot to|hard|rough|"
        "really tough)(?: \\S+)*",
        "(?:<it_is> <adv_>(?:\\S+ )?(?:understandable|natural|normal|only human)|understandably|rightly "
        "(?:angry|upset|annoyed)|(?:you are|your) right to (?:be|feel) (?:\\S+ )?<feel>)",
        "(?:nobody|no one|no 1|none of us) (?:\\S+ )?(?:likes|wants|should|deserves|needs|enjoys|would) "
        "(?!be (?:charged|able))<any8_>\\S+",
        "(?:that is|this is|it is|was) (?:\\S+ )?(?:the last thing|not what|not how|not the (?:experience|"
        "way)|more than (?:annoying|frustrating|anyone)) <any8_>(?:you|anyone|anybody|need|want|expect|"
        "deserve)",
        f"{_I_SEE} <any4_>(?:important|much|matters?|means?|serious|a lot|what you are going through|what "
        "(?:this|that|it) (?:is like|means|does|must))",
        "you (?:have|had) (?:\\S+ )?(?:had|been through|gone through|put up with|been having) (?:\\S+ "
        ")?(?:a lot|enough|so much|such|quite|a (?:rough|hard|bad|difficult|awful|terrible|long))",
        "what an? <adv_>(?:awful|terrible|horrible|frustrating|stressful|upsetting|annoying|nightmare|mess|"
        "shock|day|week|ordeal)",
        "how <adv_>(?:awful|terrible|horrible|frustrating|stressful|upsetting|annoying|distressing|"
        "worrying|infuriating)",
        "(?:that|this|it) (?:\\S+ )?(?:is|was|sounds) (?:\\S+ )?(?:a lot|too much) (?:to|for) (?:\\S+ "
        ")?(?:deal|cope|handle|anyone|one|bear|take)",
        "(?:anyone|anybody|everyone|most people) (?:in your (?:place|position|shoes|situation)|would (?:be|"
        "feel|say|react))",
        unless="if it is|do not (?:see|understand)|password|hard to (?:say|tell|believe|hear|know|reach)|"
        "difficult to (?:say|tell|believe|hear)|hardly|not <any2_><feel>|you (?:are|re) being|i am having "
        "a|line is|hard for me|understandable that (?:i|we)|no one (?:is|can|has|will)|hard copy|normal "
        "(?:procedure|process|delivery)",
        asks=False,
        denied=True,
    ),
    *rules("empathy", 0.55, "i <adv_>(?:understand|hear you|see|get it|get that)$", "i hear (?:you|what you)"),
    # apology
    *rules(
        "apology",
        0.9,
        "(?:i|we) <any2_>(?:apologise|owe you (?:an|a) <any2_>apology)|(?:my|our|please accept (?:my|our)) "
        "<adv_>(?:sincerest |sincere |deepest |full |heartfelt |own |humble )*apolog\\w+",
        f"(?:i am|we are|i m) <adv_>sorry (?:{_OWNED})",
        "sorry (?:for|about) <any2_>(?:\\S+)",
        "(?:that|this|it) (?:is|was|one is|were) <adv_>(?:our|my) <any2_>(?:mistake|fault|error|failure|"
        "responsibility|doing)|(?:mistake|fault|error|failure) (?:is|was|lies) <any2_>(?:ours|mine|with us|"
        "on our side|at our end)",
        "(?:we|i) <adv_>(?:got (?:this|that|it) wrong|made (?:a|the|this|that|an) <any2_>(?:mistake|error)|"
        "let you down|messed <that>? ?up|failed you|dropped the ball|should have <any4_>and (?:did not|we "
        "did not))",
        "(?:i|we) (?:\\S+ )?(?:take|accept|own) (?:\\S+ )?(?:full |complete |the |that |this "
        ")*(?:responsibility|blame)",
        unless=_NO_APOLOGY,
        asks=False,
    ),
    *rules(
        "apology", 0.75, "(?:i am|we are|so|very|really|truly) <adv_>sorry", unless=_NO_APOLOGY, asks=False, across=True
    ),
    *rules("apology", 0.55, "^(?:oh )?sorry(?: (?:madam|sir|mr|mrs|ms) ?\\S*)?$", asks=False),
    # thank
    *rules(
        "thank",
        0.9,
        "(?:thank you|thanks|many thanks|thank) <any4_>(?:for|that you|again|ever so)",
        "i <adv_>appreciate (?:your (?:patience|time|help|understanding|call|calling|honesty|business|"
        "loyalty|feedback|candour|cooperation|waiting|warning|trust)|you (?:calling|telling|waiting|"
        "letting|bringing|taking|staying|sharing|being|bearing|holding|giving|raising)|it|the (?:time|call|"
        "patience|chance))",
        "(?:i am|we are) <adv_>(?:grateful|thankful|glad) (?:for|that|to you|you (?:called|told|rang|let|"
        "brought|raised))",
        unless="thanks? (?:you )?for (?:calling|ringing|phoning|contacting) (?!us|back|again|me|about|and|in|"
        "today|this|so|with|to|sir|madam|mr)\\w+|thanks? to|thanks? for nothing|no thanks?|appreciate it if|"
        "thanks? you for calming|thank (?:me|god|goodness|heavens)|can thank",
        asks=False,
    ),
    *rules(
        "thank",
        0.75,
        "^(?:(?:and|so|ok|right|well|oh|great|good|perfect|yes|lovely|sorry|all) )*(?:thank you|thanks|"
        "many thanks)(?: (?:very|so|ever so) much| a lot| again| indeed| kindly| sir| madam| (?:mr|mrs|ms) "
        "\\w+| \\w+)?$",
        unless="thanks? (?:you )?for (?:calling|ringing|phoning|contacting)|thanks? to|thanks? for nothing|no "
        "thank|instead of|you can thank|thank you (?:letter|note|card)|thanks i have (?:already|got)|thank "
        "you (?:number|later|anyway)",
    ),
    # close
    *rules(
        "close",
        0.9,
        "(?:anything|something (?=else (?:i|we|you))|any other|any more|any further) <any4_>(?:else|other|"
        "further|more|"
        "questions?|left)(?: <any8_>(?:i|we|you|help|do|assist|need|like|today|open|answer\\w*|clear|"
        "questions?))?",
        "have (?:a|an) <any2_>(?:good|nice|lovely|great|better|pleasant|wonderful|safe|calm|peaceful|quiet|"
        "fine|restful) <any2_>(?:day|evening|weekend|afternoon|rest|night|week|morning|one|time|trip|"
        "journey)",
        "(?:good ?bye|bye bye|bye for now|take care now|all the best|enjoy (?:the rest of )?(?:your|the) "
        "(?:day|evening|weekend|week|afternoon|night))",
        unless="anything else (?:is|was|would be)|somebody else|someone else|(?:do|did|try|tried) (?:\\S+ "
        ")?anything else|or (?:anything|something) else|anything else that (?:happened|went)|before (?:i|"
        "we)",
    ),
    *rules(
        "close",
        0.75,
        "(?:^bye$|^take care(?: of yourself)?(?: (?:madam|sir|mr|mrs|ms|and) ?\\S*)?$|(?:is|will) that "
        "(?:be )?(?:all|everything)|call (?:us|me|back|again) (?:any ?time|if (?:anything|you|there))|"
        "(?:always |only )?a phone call away|do not hesitate to (?:call|ring|contact|get in touch))",
        denied=True,
    ),
    *rules(
        "vent",
        0.85,
        "(?:tell|describe|say|explain) (?:to me |me )?(?:it|all of it|it all|the whole \\w+|whole \\w+|"
        "everything)(?: \\S+)* ?(?:to me|just as|"
        "as (?:it|you)|in your own|from|$)|tell me (?:what you|all of|how it was|where it|when it (?:first|"
        "began|started))|do not hold (?:anything )?back|"
        "(?:want|like|love) to hear (?:all|it|every)|(?:want|like) the whole (?:\\w+)|in your own (?:time|words|way)",
        unless="i (?:will|can|would)|number|date|account|you want (?:me|us)|what you (?:need|want|would like|see|"
        "can see)|do not tell|"
        "tell me what you (?:think|prefer)|tell it to",
    ),
    *rules(
        "empathy",
        0.85,
        "i would (?:have )?(?:be|been|feel|felt|go|gone)(?: \\S+)? (?:beside|in (?:pieces|tears|bits|"
        "despair)|livid|sick|lost|heartbroken|"
        "gutted|devastated|fuming|raging|climbing|spitting|out of my mind|at my wits|shaking|seething|"
        "boiling|crushed|shattered|beyond|up the walls)(?: \\S+)*|i would have (?:nearly |almost )(?:fallen|died|cried|"
        "screamed|fainted|had a)(?: \\S+)*",
        "(?:god (?:love|help)|bless) (?:you|your heart|him|her|them)|(?:oh )?you poor \\w+|poor (?:you|thing)",
        "(?:that|this|it) must have (?:\\S+ )?(?:cost|given|kept|ruined|spoiled|taken|put) (?:you|<your>)(?: .*)?$",
        "<it_is> (?:\\S+ )?(?:brutal|desperate|rotten|devastating|heartbreaking|grim|gutting)(?: \\S+)*|"
        "(?:anyone|anybody|"
        "everyone|who) would (?:have )?(?:be|been|go|gone) (?:\\S+ )?(?:up the walls?|mad|spare|raging|livid|furious)",
        "(?:anyone|anybody|everyone|who) would (?:have )?(?:lost|lose|despair|cry|scream|give up|given up|"
        "break|be (?:in|at|beside))(?: \\S+)*",
        "i feel sick|that hurts|i can hear what (?:it|that|this) (?:meant|means)|(?:that|it) (?:must have "
        ")?(?:stung|stings|cuts|cut deep)",
        "<it_is> (?:not|no|never)(?: \\S+)? (?:small|trivial|minor|little) (?:thing|matter)(?: .*)?$",
        "you have (?:got )?every (?:right|reason)$|do not apologise for (?:crying|being|feeling)|(?:you "
        "are )?(?:had|have) every reason to (?:be|feel)",
        "<it_is> (?:not|never) (?:about|just about|only about) (?:the )?(?:money|euros|pounds|\\w+)$",
        unless="i would be sick of|if i had to",
        asks=False,
        denied=True,
    ),
    *rules(
        "apology",
        0.85,
        "(?:i|we) (?:\\S+ )?beg your pardon (?:for|we|i|and|$)|(?:that|it) was (?:our|my) (?:\\S+ "
        ")?(?:blunder|slip|oversight|failing|carelessness|doing)",
        "(?:careless|wrong|thoughtless|sloppy|bad|unfair|poor|rude) of (?:us|me)|that was us(?: and| not|"
        "$)|i am ashamed of (?:it|that|this|how)|sorry to (?:have kept|keep|have let|let) you (?:waiting|"
        "wait|down)",
        unless="i beg your pardon what|could you",
        asks=False,
    ),
    *rules(
        "thank",
        0.85,
        "(?:it is |that is |how |very |really |so )*(?:good|kind|nice|decent|generous|patient|thoughtful) "
        "of you(?: to| for)?(?: \\S+)*",
        "cheers for|i <adv_>(?:appreciate|value) (?:you|that you|how) \\S+|i am <adv_>(?:grateful|thankful|"
        "obliged|glad) (?:that )?you (?:\\S+)",
        unless="would be|appreciate it if|frustrat\\w+|that you (?:are|feel)|glad you (?:asked|think)|how (?:you|"
        "hard|upset|difficult)",
        asks=False,
    ),
    *rules(
        "close",
        0.85,
        "(?:i |we )?wish you (?:a |an )?(?:\\S+ )?(?:day|evening|weekend|afternoon|night|journey|flight|"
        "luck)|sleep well|have (?:a |an )?(?:good|nice|lovely|pleasant|safe|warm|quiet) \\S+|(?:it was|it "
        "has been) (?:\\S+ )?(?:nice|good|a pleasure) (?:talking|speaking|to)",
        "(?:is there )?any(?: other)? (?:other )?(?:thing|question|matter) (?:\\S+ ){0,4}(?:i|we|you)(?: "
        "\\S+)*|(?:is|was) (?:that|this) (?:all|everything)(?: for| from| today| tonight| then|$)|(?:is|"
        "have we got|have we) (?:everything|all) (?:\\S+ )?(?:settled|covered|sorted|clear)|have we "
        "covered|"
        "(?:is there |or is )?(?:something|anything) (?:\\S+ )?(?:that )?(?:i (?:have )?(?:forgot|"
        "forgotten|missed)|still (?:\\S+ )?(?:worr\\w+|bother\\w+|open|unclear|on your)|bother\\w+ you|"
        "before i let you go)|if there is nothing more|anything else",
        "give (?:him|her|them) our best|everything (?:settled|sorted|covered) for",
        unless="have a good (?:reason|look|point)|anything else (?:is|was|would|that happened)|(?:do|did|try|"
        "tried) (?:\\S+ )?anything else|or (?:anything|something) else|have (?:a )?(?:good|safe) (?:idea|"
        "chance)|was that all you",
        denied=True,
    ),
)

_NAME = compiled(
    "(?:my name is|you have got (?!a|the|every|all|to|it|that|my|our|any|no)\\w+|\\w+ on the line|you "
    "are speaking (?:with|to)|speaking (?:with|to)|you are through to|you have "
    "(?:reached|got (?:through to )?)|you have come through to|welcome to|"
    "(?:thank you|thanks) for (?:calling|ringing|phoning|contacting|getting in touch with|holding) "
    "(?!us|back|again|me|about|and|in|today)|"
    "(?:this is|i am|it is) (?!not|a|an|the|very|so|our|my|your|really|just|how|what|why|where|sorry|"
    "terrible|awful|unacceptable|going|"
    "here|listening|calling|only|all|it|now|that|about|too|in|on|no|to|of|for|frustrat\\w+|someone|"
    "somebody|something|glad|happy|"
    "afraid|sure|certain|able|with|at|still|also|always|being|important|outrag\\w+)\\w+(?: \\w+)?(?: "
    "(?:from|at|in|with|speaking|of|on|here|and|how|what)|$)|\\w+ speaking$|\\w+ here$)"
)
_HELLO = compiled("(?:hello|hi|hey|hiya|howdy|good (?:morning|afternoon|evening|day)(?: to you)?|welcome)")
_HELP = compiled(
    "(?:how i can be of|what can i get \\w+|how (?:can|may|could|might) (?:i|we) (?:\\S+ )?(?:help|"
    "assist|be of)|what can (?:i|we) do for "
    "you|(?:can|may|could) i help you|"
    "how (?:can|may) i (?:\\S+ )?(?:be of|make)|what (?:is|would be) (?:it|the reason) (?:about|for)|"
    "here to help|(?:happy|glad|ready) to help|what brings you|"
    "i (?:will|am going to|want to|would like to) (?:\\S+ )?(?:help|look after|take care of)|(?:let me|"
    "i will) (?:\\S+ )?help)"
)


#: Across clauses: "it is not just a parcel, it is your daughter's birthday".
_MORE_THAN = rules(
    "empathy",
    0.8,
    "<it_is> not (?:just|only) (?:a|an|the|about|\\d+) <any8_><it_is> (?:your|you)(?: .*)?$",
    unless="not (?:just|only) (?:the|a) \\w+ it is your (?:fault|responsibility|job|problem)",
    asks=False,
    across=True,
    denied=True,
)


#: Understanding that is asked of the caller is none that is shown to her.
_ASKED_OF_HER = compiled(
    "you <adv_>(?:have (?:got )?to|must|need to|should|ought to) <adv_>(?:understand|realise|appreciate)|"
    "(?:need|want|ask) you to <adv_>(?:understand|realise|appreciate)"
)


def asks_for_empathy(clauses: Sequence[Clause]) -> bool:
    """Whether the caller is told to understand ("you have to understand"), which is the contrary of empathy."""
    return any(_ASKED_OF_HER.search(clause.norm) for clause in clauses)


def find(clauses: Sequence[Clause], context: Context) -> Iterator[Hit]:
    """Hits of the warm ids."""
    for hit in (*hits(clauses, _WARM), *hits(clauses, _MORE_THAN)):
        if hit.id != "empathy" or not asks_for_empathy(clauses[hit.first : hit.last + 1]):
            yield hit
    yield from _greeting(clauses)


def _greeting(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """Own name or company, a hello and the offer of help: two of the three within the first clauses."""
    opening = clauses[:5]
    places = {
        part: next((i for i, c in enumerate(opening) if not c.quoted and pattern.search(c.norm)), None)
        for part, pattern in (("name", _NAME), ("hello", _HELLO), ("help", _HELP))
    }
    found = [i for i in places.values() if i is not None]
    if places["name"] is not None and places["name"] > 3:
        return
    if len(found) >= 2:
        strong = places["name"] is not None and (places["help"] is not None or places["hello"] is not None)
        yield Hit(id="greeting", confidence=0.9 if strong else 0.75, first=min(found), last=max(found))
    elif found:
        weak = places["help"] is not None and "how" in opening[found[0]].norm
        yield Hit(id="greeting", confidence=0.6 if weak else 0.4, first=found[0], last=found[0])
