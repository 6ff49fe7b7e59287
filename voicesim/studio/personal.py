"""Hints at personal data in texts: what looks like somebody's real telephone, address or card. Pure.

Made-up numbers should come from the ranges that belong to nobody; those are not hinted at.
"""

import re
from collections.abc import Iterator

_MAIL = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_NOBODYS_MAIL = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net)|example|invalid|test|localhost)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\(?\d[\d ()/.-]{6,}\d")
#: Kept free of subscribers: Ofcom's numbers for drama, the 555-01 numbers of North America.
_NOBODYS_PHONE = re.compile(
    r"(?:0|44|440|0044)(?:7700900\d{3}|1632960\d{3}|2079460\d{3}|(?:113|114|115|116|117|118|121|131|141|151|161|191)"
    r"4960\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})|1?\d{3}55501\d\d"
)
_DATE = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}")
_DIGITS = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)) | {
    "oh": "0",
    "nought": "0",
}
_TIMES = {"double": 2, "triple": 3}
_WORD = re.compile(r"[a-z]+|[^a-z\s,-]+", re.IGNORECASE)
_SHORTEST_PHONE, _LONGEST_PHONE = 9, 15
_SHORTEST_CARD, _LONGEST_CARD = 13, 19


def personal_hints(text: str) -> tuple[str, ...]:
    """What in ``text`` looks like personal data, each in words with how to mend it; empty if nothing does.

    >>> personal_hints("Write to pat@example.com, or ring 07700 900123.")
    ()
    >>> personal_hints("Ring me on 0171 234 56789.")[0].split(":")[0]
    "'0171 234 56789' looks like a telephone number"
    """
    return tuple(dict.fromkeys((*_mail(text), *_numbers(text))))


def _mail(text: str) -> Iterator[str]:
    for found in _MAIL.finditer(text):
        if not _NOBODYS_MAIL.fullmatch(found[1]):
            yield f"'{found[0]}' looks like an e-mail address: write one that ends with example.com"


def _numbers(text: str) -> Iterator[str]:
    written = ((found[0], re.sub(r"\D", "", found[0])) for found in _NUMBER.finditer(text) if not _is_date(found[0]))
    for shown, digits in (*written, *_spoken(text)):
        if _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD and _luhn(digits):
            yield f"'{shown}' looks like a whole card number: write its last four digits only"
        elif _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE and not _NOBODYS_PHONE.fullmatch(digits):
            yield f"'{shown}' looks like a telephone number: take one that belongs to nobody, like 07700 900 123"


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text.strip()))


def _spoken(text: str) -> Iterator[tuple[str, str]]:
    """Runs of digits said as words: (as written, digits)."""
    words: list[str] = []
    digits, times = "", 1
    for word in (*(found[0] for found in _WORD.finditer(text)), ""):
        low = word.lower()
        if low in _TIMES:
            times = _TIMES[low]
            words.append(word)
        elif low in _DIGITS:
            digits += _DIGITS[low] * times
            times = 1
            words.append(word)
        else:
            if digits:
                yield " ".join(words), digits
            words, digits, times = [], "", 1


def _luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, as on every payment card (ISO/IEC 7812-1)."""
    doubled = [int(one) * 2 for one in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
