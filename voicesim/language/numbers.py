"""Numbers, dates, times and amounts of money in tokens, each in one form.

``eighty nine euros`` becomes ``89 euros``, ``four four seven one`` ``4471``, ``May 3rd`` ``3 may``, ``16:00``
``4:00``. The clock is one of twelve hours: callers and agents say "at four", so ``4 pm``, ``16:00`` and ``four
o'clock`` are the same. A lone ``1`` is written ``one``, since most "one"s are no numbers.
"""

import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_UNITS = {word: value for value, word in enumerate(_SMALL)}
_TENS = {
    word: 10 * (n + 2) for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
} | {"fourty": 40}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        start=1,
    )
} | {"thirtieth": 30}
_MONTHS = {
    short: name
    for name in ("january february march april may june july august september october november december".split())
    for short in (name, name[:3])
} | {"sept": "september"}
#: Months that are also verbs need a sign that a date is meant.
_VERB_MONTHS = {"may", "march"}
_BEFORE_DATE = {"on", "since", "from", "by", "until", "till", "of", "to", "and", "between", "before", "after", "dated"}
_MONEY = {
    "euro": "euros", "euros": "euros", "eur": "euros", "pound": "pounds", "pounds": "pounds", "gbp": "pounds",
    "quid": "pounds", "dollar": "dollars", "dollars": "dollars", "usd": "dollars", "bucks": "dollars",
}  # fmt: skip
_CENTS = {"cent", "cents", "pence", "penny"}
_COUNTED = set(_MONEY) | _CENTS | {"percent", "days", "weeks", "hours", "minutes", "months", "times", "years"}
#: Without one of these words and without digits there is nothing to unify.
_TELLING = (
    set(_UNITS) | set(_TENS) | set(_SCALES) | set(_ORDINALS) | set(_MONEY) | {"noon", "midday", "half", "quarter"}
) - {"one", "first", "second"}
_ORDINAL_DIGITS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_SHORT = re.compile(r"\d{1,2}")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


def unify(tokens: list[str]) -> list[str]:
    """The tokens with every number, date, time and amount in its one form."""
    if not any(t in _TELLING or t[0].isdigit() for t in tokens):
        return tokens
    tokens = _joined_digits(_cardinals(tokens))
    for rule in (_ordinals, _dates, _clock, _money):
        tokens = rule(tokens)
    return ["one" if t == "1" and not _beside_month(tokens, i) else t for i, t in enumerate(tokens)]


def is_number(token: str) -> bool:
    """Whether a token of the normal form is a number, a time or an ordinal in digits."""
    return token[:1].isdigit()


def _beside_month(tokens: list[str], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1] in _MONTHS.values()


def _cardinals(tokens: list[str]) -> list[str]:
    """Number words as digits; a lone ``one`` stays until it is known whether it belongs to a longer number."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        value, after = _cardinal(tokens, at)
        if value is None:
            out.append(tokens[at])
            at += 1
        else:
            out.append(str(value))
            at = after
    return out


def _cardinal(tokens: list[str], at: int) -> tuple[int | None, int]:
    """The value of the number words that begin at ``at``, and where they end."""
    total: int | None = None
    part: int | None = None
    i = at
    if tokens[i] == "a" and i + 1 < len(tokens) and tokens[i + 1] in _SCALES:
        part, i = 1, i + 1
    while i < len(tokens):
        word = tokens[i]
        if word in ("thousand", "million"):
            total, part = (total or 0) + (part or 1) * _SCALES[word], None
        elif (grown := _grown(part, word, alone=total is None)) is not None:
            part = grown
        elif not (word == "and" and part and part % 100 == 0 and _number_follows(tokens, i + 1)):
            break
        i += 1
    if total is None and part is None:
        return None, at
    return (total or 0) + (part or 0), i


def _grown(part: int | None, word: str, *, alone: bool) -> int | None:
    """The number below a thousand with one more word, None if the word begins another number."""
    if word == "hundred" and (part is None or 0 < part < 100):
        return (part or 1) * 100
    value = _UNITS.get(word, _TENS.get(word))
    if value is None or (value == 0 and not (alone and part is None)):
        return None
    if part is None or (part and part % 100 == 0):
        return (part or 0) + value
    return part + value if part % 10 == 0 and part % 100 >= 20 and value < 10 else None


def _number_follows(tokens: list[str], at: int) -> bool:
    return at < len(tokens) and (tokens[at] in _UNITS or tokens[at] in _TENS) and tokens[at] != "zero"


def _joined_digits(tokens: list[str]) -> list[str]:
    """``4 4 7 1``, ``double 4 7 1`` and ``44 71`` as one number, likewise ``20 16`` as ``2016``."""
    tokens = _doubled(tokens)
    out: list[str] = []
    at = 0
    while at < len(tokens):
        after = at
        while after < len(tokens) and _SHORT.fullmatch(tokens[after]):
            after += 1
        if _is_code(tokens[at:after], tokens[after] if after < len(tokens) else ""):
            out.append("".join(tokens[at:after]))
        else:
            out += tokens[at : after + 1]
            after += 1
        at = after
    return out


def _doubled(tokens: list[str]) -> list[str]:
    """``double 4`` as ``4 4``, and a spoken "oh" between digits as ``0``."""
    out: list[str] = []
    for i, token in enumerate(tokens):
        before = out[-1] if out else ""
        if before in ("double", "triple") and re.fullmatch(r"\d", token):
            out[-1:] = [token] * (2 if before == "double" else 3)
        elif token == "oh" and _SHORT.fullmatch(before) and _SHORT.fullmatch((tokens[i + 1 : i + 2] or [""])[0]):
            out.append("0")
        else:
            out.append(token)
    return out


def _is_code(run: list[str], follows: str) -> bool:
    """Whether short numbers one after the other are one long number."""
    if len(run) < 2:
        return False
    if len(run) > 2:
        return True
    alike = len(run[0]) == len(run[1])
    return alike and "1" not in run and follows not in _COUNTED and follows not in _MONTHS


def _ordinals(tokens: list[str]) -> list[str]:
    """``third`` as ``3rd`` and ``twenty first`` as ``21st``; first and second stay words."""
    out: list[str] = []
    for token in tokens:
        digits = _ORDINAL_DIGITS.fullmatch(token)
        value = int(digits[1]) if digits else _ORDINALS.get(token)
        if value is None:
            out.append(token)
        elif value < 10 and out and out[-1] in ("20", "30"):
            out.append(_ordinal(int(out.pop()) + value))
        else:
            out.append(_ordinal(value))
    return out


def _ordinal(value: int) -> str:
    if value in (1, 2):
        return ("first", "second")[value - 1]
    suffix = "th" if value in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


def _day(token: str) -> int | None:
    """The day of the month a token can mean."""
    digits = _ORDINAL_DIGITS.fullmatch(token)
    value = int(digits[1]) if digits else {"first": 1, "second": 2}.get(token)
    if value is None and token.isdecimal() and len(token) <= 2:
        value = int(token)
    return value if value and 1 <= value <= 31 else None


def _dates(tokens: list[str]) -> list[str]:
    """Day and month as ``3 may``, whichever came first."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        found = _day_first(tokens, at) or _month_first(tokens, at)
        if found:
            day, month, at = found
            if out and out[-1] == "the":
                out.pop()
            out += [str(day), month]
        else:
            out.append(tokens[at])
            at += 1
    return out


def _day_first(tokens: list[str], at: int) -> tuple[int, str, int] | None:
    day = _day(tokens[at])
    rest = tokens[at + 1 : at + 4]
    of = bool(rest) and rest[0] == "of"
    if day is None or len(rest) <= of or rest[of] not in _MONTHS:
        return None
    after = rest[of + 1] if len(rest) > of + 1 else ""
    if (
        not of
        and rest[0] in _VERB_MONTHS
        and (tokens[at] in ("first", "second") or after in ("be", "have", "not", "also", "take", "need"))
    ):
        return None
    return day, _MONTHS[rest[of]], at + of + 2


def _month_first(tokens: list[str], at: int) -> tuple[int, str, int] | None:
    if tokens[at] not in _MONTHS or at + 1 >= len(tokens):
        return None
    the = tokens[at + 1] == "the"
    if at + 1 + the >= len(tokens):
        return None
    number = tokens[at + 1 + the]
    day = _day(number)
    if day is None or (number in ("first", "second") and not the):
        return None
    if tokens[at] in _VERB_MONTHS and at and tokens[at - 1] not in _BEFORE_DATE:
        return None
    return day, _MONTHS[tokens[at]], at + 2 + the


def _clock(tokens: list[str]) -> list[str]:
    """Times of day on a clock of twelve hours, ``4:00``."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        found = _past_or_to(tokens, at) or _hour_and_half(tokens, at)
        if found:
            hour, minute, at = found
            out.append(f"{(hour - 1) % 12 + 1}:{minute:02d}")
        else:
            out.append("12:00" if tokens[at] in ("noon", "midday") else tokens[at])
            at += 1
    return out


def _hour(tokens: list[str], at: int) -> int | None:
    token = tokens[at] if at < len(tokens) else ""
    return int(token) if re.fullmatch(r"\d{1,2}", token) and int(token) <= 24 else None


def _past_or_to(tokens: list[str], at: int) -> tuple[int, int, int] | None:
    part = {"half": 30, "quarter": 15}.get(tokens[at])
    hour = _hour(tokens, at + 2)
    if part is None or hour is None or tokens[at + 1] not in ("past", "to"):
        return None
    after = at + 3 + (tokens[at + 3 : at + 4] in (["am"], ["pm"]))
    return (hour, part, after) if tokens[at + 1] == "past" else (hour + 11, 60 - part, after)


def _hour_and_half(tokens: list[str], at: int) -> tuple[int, int, int] | None:
    marks = ("am", "pm", "oclock")
    written = _CLOCK.fullmatch(tokens[at])
    if written and int(written[1]) <= 24 and int(written[2]) < 60:
        return int(written[1]), int(written[2]), at + 1 + (tokens[at + 1 : at + 2] != [] and tokens[at + 1] in marks)
    hour = _hour(tokens, at)
    if hour is None:
        return None
    if at + 1 < len(tokens) and tokens[at + 1] in marks:
        return hour, 0, at + 2
    minute = _hour_minutes(tokens, at + 1)
    if minute is not None and at + 2 < len(tokens) and tokens[at + 2] in marks:
        return hour, minute, at + 3
    return None


def _hour_minutes(tokens: list[str], at: int) -> int | None:
    token = tokens[at] if at < len(tokens) else ""
    return int(token) if re.fullmatch(r"[0-5]\d", token) else None


def _money(tokens: list[str]) -> list[str]:
    """Amounts as ``89 euros`` or ``89.5 euros``."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token in ("eur", "gbp", "usd") and at + 1 < len(tokens) and _plain(tokens[at + 1]):
            out += [tokens[at + 1], _MONEY[token]]
            at += 2
        elif token in _MONEY and out and _plain(out[-1]):
            cents, at = _cents(tokens, at + 1)
            whole = out.pop()
            out += [whole if cents is None or "." in whole else _decimal(f"{whole}.{cents:02d}"), _MONEY[token]]
        else:
            out.append(_decimal(token))
            at += 1
    return out


def _plain(token: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?|one", token) is not None


def _cents(tokens: list[str], at: int) -> tuple[int | None, int]:
    """The cents after the word for the money, and where to go on."""
    i = at + (tokens[at : at + 1] == ["and"])
    if not re.fullmatch(r"\d{1,2}", tokens[i] if i < len(tokens) else ""):
        return None, at
    follows = tokens[i + 1] if i + 1 < len(tokens) else ""
    if follows in _CENTS:
        return int(tokens[i]), i + 2
    bare = i == at and len(tokens[i]) == 2 and follows not in _COUNTED and follows not in _MONTHS
    return (int(tokens[i]), i + 1) if bare else (None, at)


def _decimal(token: str) -> str:
    """A decimal number without zeros at its end."""
    if not re.fullmatch(r"\d+\.\d+", token):
        return token
    return token.rstrip("0").rstrip(".")
