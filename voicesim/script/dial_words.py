"""The English words of the difficulty dial: sentences against the trainee, and asides that fit every script.

They are unfair and personal and no more: nothing here needs a content note of its own beyond the dial's, and nobody has
to set a limit on them (docs/scripts.md).
"""

import re
from collections.abc import Mapping

#: Sentences of the targeted kind (walker2017), by mood; calmer callers are spared.
TARGETED: Mapping[str, tuple[str, ...]] = {
    "angry": (
        "You people are useless.",
        "You're no help at all.",
        "You don't listen, do you?",
        "You have no idea, do you?",
        "You just don't care.",
        "You can't even do your job.",
        "You're all the same, you lot.",
    ),
    "furious": (
        "You people are useless!",
        "You're not even listening!",
        "You can't do anything right!",
        "You couldn't care less!",
        "You are wasting my time!",
        "You have no shame, do you?",
        "You're hopeless, the whole lot of you!",
    ),
}
#: Those that fit before the trainee has said much.
OPENING: Mapping[str, tuple[str, ...]] = {
    "angry": (
        "You people are useless.",
        "You're all the same, you lot.",
        "You lot never get anything right.",
        "You people think you can do as you like.",
    ),
    "furious": (
        "You people are useless!",
        "You're hopeless, the whole lot of you!",
        "You lot can't do anything right!",
    ),
}
_MANAGER: Mapping[str, tuple[str, ...]] = {
    "calm": ("Would it be better if I spoke to your manager?", "Maybe I should talk to your manager about this."),
    "annoyed": ("I think I'd rather speak to your manager.", "Is your manager there? Let me speak to your manager."),
    "angry": ("Let me speak to your manager.", "No. I want your manager, not you. Put me through."),
    "furious": ("Get me your manager! Now!", "I'm not talking to you any more! Get me your manager!"),
}
_SECOND_PROBLEM: Mapping[str, tuple[str, ...]] = {
    "calm": (
        "Hold on, there's one more thing. I've got a message here: 'Your request could not be processed.' What's that?",
        "And while I have you, this came from you as well: 'We are unable to deal with your request.' Do you know why?",
    ),
    "annoyed": (
        "Wait, here's another one from you: 'Your request could not be processed.' What is that supposed to mean?",
        "And then there's this. It says: 'We are unable to deal with your request.' Is that you as well?",
    ),
    "angry": (
        "And another thing! It says here: 'Your request could not be processed.' Which request? What is that?",
        "Oh, and look at this one: 'We are unable to deal with your request.' That's from you as well!",
    ),
    "furious": (
        "And this! 'Your request could not be processed!' What is that? What is that now?",
        "And here's the next one! 'We are unable to deal with your request!' You can't be serious!",
    ),
}

#: The asides, by what the record says of them.
ASIDES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "asks for the manager": _MANAGER,
    "reads out a second problem": _SECOND_PROBLEM,
}

#: A line that says it already, and the words of an answer, which nobody puts an insult in front of.
_TARGETED = re.compile(
    r"\byou (?:people|lot|all)\b|\buseless\b|\byou(?:'re| are) (?:all|not|no|only|just)\b", re.IGNORECASE
)
_ANSWERS = re.compile(
    r"(?:yes|yeah|yep|no|nope|okay|ok|right|exactly|fine|hm|well|good|that's|that is|it's|it is|and|but|so|because|oh|"
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


def is_targeted(text: str) -> bool:
    """Whether a line is aimed at the trainee already."""
    return _TARGETED.search(text) is not None


def joined(sentence: str, text: str) -> str:
    """Both as one line: the sentence behind a line that answers something, else in front of it.

    >>> joined("You just don't care.", "Yes. Exactly.")
    "Yes. Exactly. You just don't care."
    >>> joined("You just don't care.", "Where is my money?")
    "You just don't care. Where is my money?"
    """
    return f"{text} {sentence}" if _ANSWERS.match(text) else f"{sentence} {text}"
