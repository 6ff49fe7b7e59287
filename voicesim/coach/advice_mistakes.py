"""Advice on what to leave out: one row a mistake or condition, with what to do in its place.

A row: id, short name, what to do instead, why (for the trainee to read), source key.
"""

#: id, name, do, why, source.
Row = tuple[str, str, str, str, str]

MISTAKES: tuple[Row, ...] = (
    (
        "blame",
        "blaming",
        "Leave out whose fault it was; own the next step",
        "Taking responsibility is the strongest part of making up; blame takes it away again.",
        "lewicki2016",
    ),
    (
        "policy_wall",
        "rules instead of help",
        "Lead with what you can do, not with the rule",
        "Talk about the problem lowers anger; a rule with no way out ends the talk about the problem.",
        "little2013",
    ),
    (
        "command_calm",
        "telling the caller to calm down",
        "Leave out “calm down”; say what you will do",
        "Talk that tries to steer the caller's emotion raised anger in real calls; talk about the problem lowered it.",
        "little2013",
    ),
    (
        "dismiss",
        "making it small",
        "Take it as seriously as the caller does",
        "With a very upset customer, listening and empathy have to come before the fix.",
        "herhausen2023",
    ),
    (
        "defensive",
        "arguing back",
        "Say back the caller's view before you give yours",
        "Taking the other side's view protects your own memory and attention while somebody is shouting.",
        "rafaeli2012",
    ),
    (
        "risky_humour",
        "a joke",
        "Save the joke for when the caller laughs first",
        "A joke toward an angry caller is easily heard as not being taken seriously.",
        "ours",
    ),
    (
        "false_promise",
        "promising too much",
        "Promise only what is yours to keep",
        "Your own effort, honestly limited, is credited; a promise that breaks makes the next call worse.",
        "marinova2018",
    ),
    (
        "jargon",
        "company words",
        "Use the caller's words for things",
        "Concrete words that callers know tell them that somebody listens.",
        "packard2021",
    ),
    (
        "hedge_sorry",
        "a half apology",
        "Apologise without “if” or “but”",
        "Taking responsibility is the strongest part of an apology; “if” and “but” take it back.",
        "lewicki2016",
    ),
    (
        "over_talk",
        "a long speech",
        "Keep it to two sentences, then ask or offer",
        "A long reply without a question or a remedy leaves the caller nothing to answer.",
        "ours",
    ),
    (
        "wrong_fact",
        "a wrong fact",
        "Check the fact against what the caller said",
        "A fact that is wrong tells the caller that nobody listened.",
        "ours",
    ),
    (
        "disclosure",
        "account data too early",
        "Verify first, with the reason; then speak about the account",
        "What is on the screen belongs to the customer, and until it is verified the caller might be somebody else.",
        "industry",
    ),
    (
        "accept_abuse",
        "letting abuse pass",
        "Set a limit when abuse comes a second time",
        "Abuse is met by a limit, a second one, and then an announced end; nobody has to sit through it.",
        "industry",
    ),
    (
        "hang_up_unannounced",
        "ending without a word",
        "Announce the end before you end a call",
        "Abuse is met by a limit, a second one, and then an announced end.",
        "industry",
    ),
    (
        "interrupt",
        "speaking over the caller",
        "Wait for the end of the sentence, then answer",
        "A caller who is heard to the end does not have to say it again. A short “mm-hm” is not an interruption.",
        "ours",
    ),
    (
        "long_silence",
        "a long silence",
        "Say what you are doing while you look",
        "More than five seconds without a word sounds like nobody is there; an announced pause does not.",
        "industry",
    ),
    (
        "tense_delivery",
        "a pressing delivery",
        "Breathe out, and speak a little slower and lower in volume",
        "What one side's voice does, the other side's voice takes up.",
        "rueff2015",
    ),
    (
        "calm_delivery",
        "a steady delivery",
        "Keep the steady voice, also when the caller shouts",
        "What one side's voice does, the other side's voice takes up.",
        "rueff2015",
    ),
)
