"""One normal form of words and numbers, so that typed, spoken and recognized text can be compared.

Lower case, no punctuation, contractions written out, fillers left out, British spelling, numbers as in
:mod:`voicesim.language.numbers`. Everything that compares text (facts, offers, phrases, detectors) compares this.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from voicesim.language.numbers import unify

_CURLY = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "–": " ", "—": " ", "…": " "})
_SIGN_NAMES = {"€": "euros", "£": "pounds", "$": "dollars"}
_SIGNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=\d)[,](?=\d{3}\b)"), ""),
    (re.compile(r"([€£$])\s*(\d[\d.]*)"), lambda m: f"{m[2].rstrip('.')} {_SIGN_NAMES[m[1]]} "),
    (re.compile(r"(\d)\s*([€£$])"), lambda m: f"{m[1]} {_SIGN_NAMES[m[2]]} "),
    (re.compile(r"(\d)\s*%"), r"\1 percent "),
    (re.compile(r"\b([ap])\.\s?m\b\.?"), r"\1m"),
    (re.compile(r"(\d)([ap]m)\b"), r"\1 \2"),
    (re.compile(r"\b(\d{1,2})\.(\d\d)(?=\s*(?:am|pm|o'clock)\b)"), r"\1:\2"),
    (re.compile(r"\bo'? ?clock\b"), "oclock"),
    (re.compile(r"\be-mail"), "email"),
    (re.compile(r"\bper cent\b"), "percent"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"\ball right\b"), "alright"),
    (re.compile(r"(?<=\d )([ap]) m\b"), r"\1m"),
)
_ANY_SIGN = re.compile(r"[\d€£$%]|[ap]\.|clock|e-mail|per cent|cannot|all right")
_TOKEN = re.compile(r"\d+(?:[.:]\d+)+|[^\W_]+(?:'[^\W_]+)*")

_WHOLE = {
    "can't": "can not", "cant": "can not", "won't": "will not", "wont": "will not", "shan't": "shall not",
    "ain't": "is not", "let's": "let us", "y'all": "you all", "'cause": "because", "cos": "because",
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "lemme": "let me", "gimme": "give me",
    "dunno": "do not know", "okay": "ok", "ma'am": "madam", "im": "i am", "ive": "i have",
    "youre": "you are", "youve": "you have", "youll": "you will", "theyre": "they are", "theyve": "they have",
    "weve": "we have", "thats": "that is", "whats": "what is", "heres": "here is", "theres": "there is",
    "itll": "it will", "thatll": "that will", "theyll": "they will", "hes": "he is", "shes": "she is",
    "thankyou": "thank you", "mum": "mother", "mom": "mother",
}  # fmt: skip
_NEGATED = {
    f"{verb}nt": f"{verb} not"
    for verb in "do does did is are was were have has had would could should must need might".split()
}
_IS = {"that", "what", "it", "he", "she", "there", "here", "who", "where", "how", "when", "why", "which", "this"}
_ENDINGS = {"ll": "will", "re": "are", "ve": "have", "m": "am", "d": "would"}
_FILLERS = {"um", "umm", "uh", "uhm", "er", "erm", "hm", "hmm", "mm", "mmm", "uhh", "eh"}
#: Recognizers write "ill", "id" and "lets" without the apostrophe; what follows tells them from the other words.
_AFTER_WILL = set(
    "also arrange ask be book call check chase contact do email explain file find get give go handle have help just "
    "keep let look make note now open pass phone personally put raise refund ring see send speak stay take tell talk "
    "transfer try wait waive write".split()
)
_AFTER_WOULD = set("also be have just like love prefer rather recommend suggest want".split())
_LETS_OTHERS = {"that", "which", "it", "he", "she", "this", "who", "system"}

_IZE = re.compile(r"(\w{3,}[^aeiou\W])iz(e|ed|es|er|ers|ing|ation|ations)")
_IZE_STAY = {"capsize", "capsized"}
#: What is longer is no word, and a pattern over it takes the square of its length.
_LONGEST_WORD = 40
_YZE = re.compile(r"(\w+l)yz(e|ed|es|er|ing)")
_SPELLING = {
    "color": "colour", "favor": "favour", "favorite": "favourite", "honor": "honour", "honored": "honoured",
    "behavior": "behaviour", "neighbor": "neighbour", "neighbors": "neighbours", "labor": "labour",
    "center": "centre", "centers": "centres", "canceled": "cancelled", "canceling": "cancelling",
    "traveled": "travelled", "labeled": "labelled", "program": "programme", "license": "licence",
    "cheque": "check", "cheques": "checks", "inquiry": "enquiry", "inquiries": "enquiries", "inquire": "enquire",
    "gray": "grey", "fulfill": "fulfil", "installment": "instalment", "installments": "instalments",
    "judgment": "judgement", "skeptical": "sceptical",
}  # fmt: skip
_ROUNDS = 6


@lru_cache(maxsize=2048)
def normal(text: str) -> str:
    """The text in the one normal form: its words with single spaces, the same when applied again.

    >>> normal("You’re right, I apologize: €89, on May 3rd. It won't take 1 minute!")
    'you are right i apologise 89 euros on 3 may it will not take one minute'
    """
    for _ in range(_ROUNDS):
        again = _once(text)
        if again == text:
            break
        text = again
    return text


def _once(text: str) -> str:
    text = text.translate(_CURLY).lower()
    if _ANY_SIGN.search(text):
        for sign, written in _SIGNS:
            text = sign.sub(written, text)
    return " ".join(unify(_written_out(_TOKEN.findall(text))))


def _written_out(tokens: list[str]) -> list[str]:
    out: list[str] = []
    for at, token in enumerate(tokens):
        if token in _FILLERS:
            continue
        follows = tokens[at + 1] if at + 1 < len(tokens) else ""
        out += _word(token, follows, out[-1] if out else "")
    return out


def _word(token: str, follows: str, before: str) -> list[str]:
    """One token as the words it stands for."""
    whole = _WHOLE.get(token) or _NEGATED.get(token)
    if whole:
        return whole.split()
    if token == "ill" and follows in _AFTER_WILL:
        return ["i", "will"]
    if token == "id" and follows in _AFTER_WOULD:
        return ["i", "would"]
    if token == "lets" and before not in _LETS_OTHERS:
        return ["let", "us"]
    stem, mark, ending = token.rpartition("'")
    if mark:
        return _apostrophe(stem.replace("'", ""), ending)
    return [_spelling(token)]


def _apostrophe(stem: str, ending: str) -> list[str]:
    if ending == "t" and stem.endswith("n"):
        return [stem[:-1], "not"]
    if ending == "s":
        return [stem, "is"] if stem in _IS else [_spelling(f"{stem}s")]
    return [stem, _ENDINGS[ending]] if ending in _ENDINGS else [_spelling(stem + ending)]


def _spelling(token: str) -> str:
    if "z" not in token or len(token) > _LONGEST_WORD:
        return _SPELLING.get(token) or token
    token = _IZE.sub(r"\1is\2", token) if token not in _IZE_STAY else token
    return _SPELLING.get(token) or _YZE.sub(r"\1ys\2", token)


_IRREGULAR = {
    "sent": "send", "paid": "pay", "gave": "give", "given": "give", "made": "make", "rang": "ring", "rung": "ring",
    "got": "get", "took": "take", "taken": "take", "brought": "bring", "bought": "buy", "put": "put", "wrote": "write",
    "written": "write", "came": "come", "went": "go", "gone": "go", "found": "find", "told": "tell", "spoke": "speak",
    "left": "leave", "lost": "lose", "kept": "keep", "held": "hold", "broke": "break", "broken": "break",
    "bounced": "bounce", "people": "person",
}  # fmt: skip


#: Words of their own, of which others only look like inflections ("noted").
_NO_STEMS = frozenset("not for all and but her his our out can will".split())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The word of a normal form without its inflection: ``refund`` for refunds, refunded and refunding."""
    word = _IRREGULAR.get(word, word)
    for ending in ("ing", "ied", "ies", "ed", "es", "s"):
        rest = word.removesuffix(ending)
        if (
            rest != word
            and len(rest) > 2
            and re.search(r"[aeiouy]", rest)
            and not (ending == "s" and rest[-1] in "sui")
            and rest not in _NO_STEMS
        ):
            word = f"{rest}y" if ending in ("ied", "ies") else rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


#: Words that recognition drops and people vary; they neither make nor break a phrase.
SMALL = frozenset(
    "a an the this that these those it its you your me my our us we i of to for in on at by all some any one".split()
)
#: Beside a single word they carry meaning after all: "pass you on" is no "pass", "all done" no "done".
_PARTICLES_AFTER, _PARTICLES_BEFORE = frozenset("on in by off out up over".split()), frozenset(("all",))
_NEGATION = re.compile(r"\b(?:not|never|no|nor|neither|without|unable|refuse|refused|impossible|instead of|nobody)\b")
_NOT_NEGATING = re.compile(
    r"\b(?:not only|no problem|no doubt|no worries|why not|do not worry|not just|of course not|not a problem|"
    r"(?:at )?no (?:cost|charge|extra|later|longer than)|not (?:rest|stop) until|oh no)\b|"
    # "No, it should not have happened": an answer to the caller, no denial of what follows.
    r"^(?:well )?no(?= (?:i|it|you|we|that|they|he|she|there|this)\b)"
)
#: What did not happen is still spoken of: "we never entered your move" mentions the move.
_PAST_NEGATION = re.compile(
    r"\b(?:did|was|were|had|has|have) not\b|"
    r"\bnever (?:\w+ed|came|got|sent|told|went|made|wrote|took|rang|put|did|had)\b"
)
_DENIED_AFTER = re.compile(
    r"^(?:\w+ ){0,3}(?:is|are|was|will|would|can|could|be)(?: \w+)? (?:not|no|never|impossible)\b"
)
_IF_I_COULD = re.compile(r"\bif (?:i|we) (?:could|was able|were able|was allowed|were allowed)\b")


def content(norm: str) -> set[str]:
    """The stems of the words of a normal form that carry its meaning.

    >>> sorted(content("it refunds you the claims"))
    ['claim', 'refund']
    """
    return {stem(word) for word in norm.split() if word not in SMALL}


def negated(before: str) -> bool:
    """Whether the words of a clause that stand before something (normal form) deny it."""
    return _NEGATION.search(_NOT_NEGATING.sub(" ", before)) is not None


def mentions(text: str, phrase: str) -> bool:
    """Whether the text says the phrase and does not deny it.

    Both in normal form, on word boundaries, with or without small words (a, the, it, you ..) and inflection; "I will
    not refund" and "a refund is not possible" do not mention ``refund``. What did not happen in the past is
    mentioned: "we never entered your move" speaks of ``your move``.
    """
    from voicesim.language.clauses import split

    return any(_said(_PAST_NEGATION.sub(" ", clause.norm), phrase) for clause in split(text))


def says(clause: str, phrase: str) -> bool:
    """Whether a clause in normal form says the phrase, as :func:`mentions`, and denies it in no tense."""
    return _said(clause, phrase)


def _said(clause: str, phrase: str) -> bool:
    wanted = _wanted(phrase)
    words = clause.split()
    kept = [i for i, w in enumerate(words) if w not in SMALL or w in wanted]
    stems = [words[i] if words[i] in SMALL else stem(words[i]) for i in kept]
    for at in range(len(stems) - len(wanted) + 1):
        if wanted and tuple(stems[at : at + len(wanted)]) == wanted:
            before = " ".join(words[: kept[at]])
            after = " ".join(words[kept[at + len(wanted) - 1] + 1 :])
            if not (negated(before) or _DENIED_AFTER.search(after) or _IF_I_COULD.search(after)):
                return True
    return False


@lru_cache(maxsize=4096)
def _wanted(phrase: str) -> tuple[str, ...]:
    """The stems of the words that carry a phrase; all its words if they are all small."""
    words = normal(phrase).split()
    carrying = [at for at, word in enumerate(words) if word not in SMALL]
    if len(carrying) == 1:
        [place] = carrying
        before = [word for word in words[:place] if word in _PARTICLES_BEFORE]
        after = [word for word in words[place + 1 :] if word in _PARTICLES_AFTER]
        return (*before, stem(words[place]), *after)
    return tuple(stem(words[at]) for at in carrying) or tuple(words)
