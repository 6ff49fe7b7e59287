"""What made-up agents say: wordings by technique and mistake, as people on the phone put it.

Slots are filled from the script: ``{me}`` and ``{company}`` the agent's, ``{name}`` the caller's, ``{fact}`` one of
her facts or a phrase of a rule, ``{do}`` an offer as something to do ("pay it back"), ``{offer}`` an offer as a thing
("the refund"), ``{promise_do}`` and ``{promise}`` the same for what is out of reach, ``{verify}`` what to ask before
account data are told, ``{refer}`` to whom the agent may hand on, ``{screen}`` what the screen shows, ``{wrong}`` a
fact with its number changed.
Whoever writes here must not look at the detectors: these words are there to try them.
"""

from collections.abc import Mapping

TECHNIQUES: Mapping[str, tuple[str, ...]] = {
    "greeting": (
        "Hello, you're through to {company}, my name is {me}, how can I help you?",
        "Good morning, this is {me} at {company}. What can I do for you today?",
        "Hi there, {me} speaking from {company}, how may I help?",
        "Thanks for ringing {company}, you're speaking to {me}. How can I help?",
        "Good afternoon, {name}, my name's {me} and I'd like to help you with this.",
        "Hello {name}, this is {me}. I'm glad you called, let me see what I can do for you.",
        "Hello, {me} here, what can I help you with?",
    ),
    "vent": (
        "Please go on, I'm listening.",
        "Tell me what happened, right from the beginning, and take your time.",
        "I'd like to hear the whole story, so please just tell me everything.",
        "Talk me through it from the start, I won't interrupt.",
        "Go ahead, tell me all of it, I'm all ears.",
        "Please tell me in your own words what went wrong.",
        "I want to understand this properly, so tell me how it all began.",
    ),
    "empathy": (
        "I can hear how upsetting this has been for you.",
        "I'd be furious too if that had happened to me.",
        "That must have been awful, I really do understand why you're angry.",
        "I can imagine how stressful that was, {name}.",
        "You've every right to be cross about this.",
        "That sounds really frustrating, and I can see why you've had enough.",
        "Anybody would be upset after going through something like that.",
        "It must be exhausting to keep chasing something that should have just worked.",
    ),
    "acknowledge": (
        "So it was {fact}, I've got that written down.",
        "Let me make sure I've got this right: {fact}.",
        "I see, {fact}, and it should never have come to that.",
        "You've told me about {fact}, and I've noted it all down.",
        "Right, so what you're telling me is {fact}, and you had to ring us about it.",
        "I have {fact} here, just as you say, and you're right to bring it up.",
        "So, if I understand you correctly, {fact}, and nobody has sorted it out.",
        "Yes, {fact}, you're quite right about that.",
    ),
    "apology": (
        "I'm really sorry, that was our mistake.",
        "I apologise for this, we got it wrong and you've had the trouble.",
        "I'm so sorry, this should not have happened to you.",
        "Please accept my apologies, we let you down there.",
        "I am sorry about that, {name}. The fault is ours, not yours.",
        "We made a mess of that and I'm truly sorry.",
        "I want to apologise to you for what we've put you through.",
    ),
    "thank": (
        "Thank you for bearing with me.",
        "Thanks for explaining that so clearly.",
        "Thank you for being so patient, {name}.",
        "I appreciate you taking the time to ring us about it.",
        "Thanks ever so much for that.",
        "Thank you for letting us know, that helps me a great deal.",
        "I'm grateful that you stayed on the line.",
    ),
    "closed_question": (
        "Is that right?",
        "Would you rather have that by email or by post?",
        "Is this the first time you've called us about it?",
        "Are you at home at the moment, or out and about?",
        "Did anyone get back to you after your last call?",
        "Can you see that on the letter in front of you?",
        "Do you want me to ring you on this number, or on another one?",
    ),
    "fact_finding": (
        "When exactly did that happen?",
        "What does it say at the top of your letter?",
        "Which date was that, please?",
        "What's the best number to reach you on?",
        "Who did you speak to last time?",
        "Where did you see that, on the website or on the bill?",
        "How many times have you had to call us so far?",
    ),
    "refocus": (
        "Let's see what we can do about it today.",
        "Let me look at how we can put this right for you.",
        "What I'd like to do now is get this sorted out with you.",
        "Right, let's go through it together and find a way to fix it.",
        "Let's get on with sorting this out, step by step.",
        "So let me look at what I can do for you now.",
        "I want us to find a solution for you on this call.",
    ),
    "assurance": (
        "I'll take care of this myself and stay with it until it's done.",
        "I'm going to deal with it personally and I'll ring you tomorrow before noon to tell you how it stands.",
        "You have my word that I'll keep an eye on this for you.",
        "I will check it myself on Thursday morning, so you don't need to chase anyone.",
        "Leave it with me, I'll follow it through to the end.",
        "I'll do everything I can to get it sorted for you today.",
        "I'll make sure that I look at it again first thing tomorrow.",
    ),
    "offer_solution": (
        "I can {do} for you today.",
        "What I can do is {do}, and I can start that right now.",
        "I'd be happy to {do}, if that's what you'd like.",
        "I'm going to {do} straight away.",
        "We can {do}, and you don't have to do anything for it.",
        "I can arrange {offer} for you today.",
        "What I can offer you is {offer}, and I can set that up now.",
        "I'll sort out {offer} for you while we're on the phone.",
        "There's {offer}, I can put that through for you straight away.",
        "Let me set up {offer} for you now.",
        "I can get {offer} under way for you right now.",
        "I can put it right for you today, and I'll do it while you wait.",
        "There are two ways we can do this, I can fix it now or have somebody come back to you this afternoon.",
    ),
    "confirm_solution": (
        "Would that be all right with you?",
        "How does that sound?",
        "Does that work for you, {name}?",
        "Are you happy for me to go ahead with that?",
        "Would that help you?",
        "Shall we do it like that, then?",
        "Is that okay for you?",
    ),
    "takeaway": (
        "Your reference number is four two seven one, and my name is {me}.",
        "If anything goes wrong, just ask for {me}, I've put my name on your file.",
        "I'll send you an email with all of this in the next ten minutes, so you have it in writing.",
        "Have you got a pen? The case number is eight three zero five.",
        "My direct number is three one six four, you'll get straight through to me.",
        "You'll get a text message from me in a minute with the reference in it.",
        "Please make a note of my name, it's {me}, and the reference is six six one two.",
    ),
    "refer": (
        "I'm going to put you through to {refer}, they can decide on this, and I'll tell them everything first.",
        "The right people for this are {refer}, so I'd like to connect you, and I'll explain it so you don't have to.",
        "I can pass this on to {refer}, who can do more for you than I can.",
        "That is something for {refer}, let me transfer you and stay on the line until they pick up.",
        "I'll hand this over to {refer}, because they have the authority to approve it.",
        "Let me get {refer} on the phone for you, they're able to decide that and I'm not.",
        "May I put you through to {refer}? They are the ones who can sort that out.",
    ),
    "set_limit": (
        "I do want to help you, but please don't speak to me like that.",
        "I understand you're angry, but I'd ask you not to swear at me, or I'll have to end this call.",
        "I'm here to help, and I need you to stop insulting me so that I can.",
        "Please don't call me names. If it goes on, I will have to put the phone down.",
        "I'm happy to go on with this, but not while I'm being sworn at.",
        "I have to ask you to mind your language, otherwise I'll end the call.",
        "I won't be talked to that way. I'd like to sort this out with you, politely.",
    ),
    "dont_know": (
        "I don't know that yet, but I'll find out and ring you back this afternoon.",
        "To be honest, I can't tell you that right now. I'll ask my colleague and let you know by five.",
        "I don't have the answer to that, but I'll get it for you by tomorrow morning.",
        "That I can't say today, that's not my decision. You'll hear from us by Friday.",
        "I'm not sure, and I don't want to tell you something wrong, so let me check and call you at noon.",
        "I honestly don't know, and I'd rather find out than guess. I'll call you back within the hour.",
        "I can't promise you that because it isn't decided yet, but you will have an answer within five days.",
    ),
    "concession": (
        "And I'll take the fee off for this month, as a small thank you for putting up with this.",
        "I'd also like to knock ten pounds off your next bill for the trouble.",
        "As a gesture of goodwill, I'll waive the charge as well.",
        "I'll put you on the faster service for free, you've waited long enough.",
        "And I won't charge you for this month, that's the least we can do.",
        "Let me give you a little something for the bother, I'll add five pounds credit to your account.",
    ),
    "redirect": (
        "While I'm opening your file, could you find the last letter for me?",
        "Could you have a look at the back of it and read me the number, please?",
        "Have you got something to write with? Then I'll give you some details.",
        "While this loads, could you get your bill out for me?",
        "Could you just check the date on that for me while I look it up here?",
        "Would you mind grabbing a pen while I bring up your details?",
    ),
    "hold_asked": (
        "Would you mind if I put you on hold for a minute while I check that?",
        "Can I put you on hold for two minutes, so I can ask my colleague?",
        "Is it okay if I leave you with the music for a moment while I look it up? It won't take longer than a minute.",
        "I'd like to check that quickly, would you hold the line for about a minute?",
        "May I just put you on a short hold, two minutes at most?",
        "Can you bear with me for one minute on hold while I speak to the team?",
    ),
    "close": (
        "Is there anything else I can help you with today?",
        "Was that everything, or is there something else I can do for you?",
        "Anything else that I can sort out while you're on the phone?",
        "Is there anything left that's bothering you? Otherwise I wish you a good evening.",
        "If there's nothing else, thank you for calling, and have a nice day, {name}.",
        "Thanks for calling, {name}. Do get in touch if anything comes up. Take care.",
    ),
    "verify_identity": (
        "So that I only talk about this with you, could you give me your {verify}, please?",
        "Before I open your file, may I ask for the {verify}? It's just to protect your data.",
        "For security, can you tell me the {verify}?",
        "Could I have your {verify}, please, so I know I've got the right person?",
        "I just need to make sure that I'm speaking to the right person, what's your {verify}?",
        "Can I take your {verify} first, please? That way nobody else hears about your account.",
    ),
}

#: A fact that the caller waits for, rather than one that she has told.
TELLS: tuple[str, ...] = (
    "It will be {fact}, just so you know where you stand.",
    "That's {fact}, I can see it here.",
    "What I can tell you is this: {fact}.",
    "As for your question, that's {fact}.",
    "You're looking at {fact}.",
    "So you can plan with it: {fact}.",
    "I've checked, and it's {fact}.",
)

#: What is said when somebody has nothing to say: no technique, no mistake.
NOTHING: tuple[str, ...] = (
    "Right.",
    "Okay, one moment.",
    "Mm, yes.",
    "Well, I see.",
    "Let me see.",
    "Okay, so.",
    "Yeah, it's loading.",
)

MISTAKES: Mapping[str, tuple[str, ...]] = {
    "blame": (
        "Well, you should have read the terms before you signed up.",
        "That's your own fault, to be honest.",
        "You must have done something wrong at your end.",
        "My colleague messed that up, it had nothing to do with me.",
        "If you'd rung us earlier, this wouldn't have happened.",
        "That's the other department, they never do their job properly.",
        "You probably gave us the wrong details, that's usually what it is.",
    ),
    "policy_wall": (
        "I'm afraid there's nothing I can do about that.",
        "That's just our policy, I can't change it.",
        "Those are the rules, and I can't make an exception for you.",
        "The system won't let me do that.",
        "We don't do that here, sorry.",
        "I'm not allowed to do anything about it.",
        "It says so in the terms and conditions, so no.",
    ),
    "command_calm": (
        "You need to calm down.",
        "Please calm down, there's no reason to get so worked up.",
        "Relax, okay?",
        "Stop shouting at me.",
        "Can you just take it easy?",
        "There is no need to raise your voice.",
        "Okay, okay, settle down now.",
    ),
    "dismiss": (
        "It's really not that big a deal.",
        "That happens to everybody, you know.",
        "Come on, it's not the end of the world.",
        "I think you're making too much of this.",
        "It's only a small thing, other people have real problems.",
        "Are you sure that it really happened like that?",
        "Well, that can't have been so bad.",
    ),
    "defensive": (
        "That's not what I said.",
        "Don't blame me, I only work here.",
        "I'm just doing my job.",
        "Well, if you'd let me finish, I could tell you.",
        "I never said that, you're twisting my words.",
        "Why are you having a go at me? I've done nothing wrong.",
        "No, you're wrong there, that's not how it was.",
    ),
    "risky_humour": (
        "Well, at least nobody died, ha ha.",
        "Oh dear, somebody got out of bed on the wrong side today.",
        "Look on the bright side, now you've got something to tell at parties.",
        "Ha, you should see what they do to my account.",
        "Well, third time lucky, as they say.",
        "I'd offer you a cup of tea, but the line's a bit thin for that.",
    ),
    "false_promise": (
        "I promise you that I'll {promise_do}, one hundred per cent.",
        "I guarantee that you'll get everything you asked for.",
        "This will never happen again, I can promise you that.",
        "Don't worry, it'll definitely be sorted out by tonight, guaranteed.",
        "You'll get {promise}, I can promise you that.",
        "You'll have it all back tomorrow without fail, you can be one hundred per cent sure of it.",
        "Sure, we'll {promise_do}, no problem at all.",
    ),
    "jargon": (
        "I'll have to raise a tier two ticket with the back office for that.",
        "The CRM says there's a dunning flag on your ledger.",
        "That's been parked in the exceptions queue pending reconciliation.",
        "It's out of SLA, so I'll need an escalation matrix approval.",
        "Your provisioning order fell over in the workflow.",
        "I'd have to push that through as a non-standard adjustment in the legacy system.",
    ),
    "hedge_sorry": (
        "I'm sorry if you feel that way.",
        "Sorry, but you should have told us sooner.",
        "I'm sorry you see it like that.",
        "If you were upset by that, then I'm sorry.",
        "I'm sorry, but that's really not our problem.",
        "Sorry if there was some kind of misunderstanding.",
    ),
    "over_talk": (
        "So the way it works here is that everything that comes in goes first to one team, and that team looks at "
        "it and then gives it to another team, and depending on what day it is that can be quick or it can be "
        "slow, and last year we changed all of that because there was a new computer system, and since then it all "
        "goes a bit differently, and people are still getting used to it, which is why it takes a while.",
        "I should explain that I've only been on this desk since the spring, and before that I was in another "
        "building, where we did things in quite another way, and we had far fewer calls there, and it was all on "
        "paper, and then they moved us over here and put everything on screens, and there was a training day for "
        "it, but half of us were off that week, so we picked it up as we went along.",
        "The thing with these cases is that there are always a lot of people involved, and each of them has their "
        "own list, and they work down that list from the top, and sometimes something gets put in between, and "
        "then the whole list moves down by one, and on Mondays it's worse because of the weekend, and on Fridays "
        "most of them go home early, so it's really hard to say anything about where in that list a thing is.",
        "What happens when a case like this is opened is that it gets a colour, green or yellow or red, and the "
        "green ones are looked at by one person and the yellow ones by two, and the red ones go upstairs, and they "
        "have a meeting about those every second week, where they talk about all of them, and then it all comes "
        "back down to us again with a note on it, and we put the note in the file and close the window.",
        "A lot of people ring about that sort of thing at the moment, it's been like that since Easter, we had "
        "eighty of them on one day alone, and everyone wants to know the same, and we've told the people upstairs "
        "about it, and they said that they'd look into it, and there was something in the newsletter as well, I "
        "think, with a picture of the new office, and it said that things would be better once that was finished.",
        "I've got your file here, and it's quite a long one, there's one page from last year and another page from "
        "the year before that, and some of it is in the old layout, where the columns are the other way round, so "
        "I have to scroll to the side to see all of it, and then there's a second window with the notes, and those "
        "are sorted by name and not by day, so I'm going up and down in that as well while I'm talking to you.",
    ),
    "wrong_fact": (
        "I've got {wrong} here.",
        "No, it was {wrong}, that's what it says.",
        "So that's {wrong}, right.",
        "According to my screen it was {wrong}.",
        "You said {wrong}, didn't you?",
        "That was {wrong}, as far as I can see.",
    ),
    "disclosure": (
        "I can see it here: {screen}.",
        "Right, your file says {screen}.",
        "It says on my screen, {screen}.",
        "I've got your account open, there's {screen}.",
        "So what I have here is {screen}.",
        "Let me read it to you: {screen}.",
    ),
}
