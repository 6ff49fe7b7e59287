"""Which offers of the briefing a reply makes."""

import re

from voicesim.language.clauses import split
from voicesim.language.normal import says
from voicesim.model import Context

_NOT_OFFERED = re.compile(r"\b(?:you|she|he|they) (?:already )?(?:asked for|wanted|were promised|were offered)\b")


def offers(text: str, context: Context) -> tuple[str, ...]:
    """The keys of ``context.may_offer`` of which a phrase stands in the text, in a clause that does not deny it."""
    clauses = [c.norm for c in split(text) if not c.quoted and not _NOT_OFFERED.search(c.norm)]
    return tuple(
        key
        for key, phrases in context.may_offer.items()
        if any(says(clause, phrase) for clause in clauses for phrase in phrases)
    )
