"""Whether a caller has told who she is. Pure."""

from voicesim.language.normal import content, mentions, normal, stem
from voicesim.model import Context

#: Nouns that anything may be asked for by: they tell no fact from another.
ANY_NOUN = frozenset(stem(word) for word in ("number", "date", "reference", "code", "word"))
#: A briefing says "date of birth", a caller's fact is called "born".
_ALSO = {stem("birth"): stem("born")}


def has_told_who(context: Context) -> bool:
    """Whether a line of hers holds her last name or a fact that the briefing wants asked for.

    Where none of her facts is what is asked for nothing is known of it, and she counts as having told.

    >>> asked = Context(verify=("claim number or date of birth",), facts={"claim": "6158"}, caller_name="Leonard Marsh")
    >>> from dataclasses import replace
    >>> [has_told_who(replace(asked, caller_lines=(line,))) for line in ("Why?", "Six one five eight.", "Marsh!")]
    [False, True, True]
    """
    asked_for = {word for way in context.verify for word in content(normal(way))} - ANY_NOUN
    names = asked_for | {_ALSO[word] for word in asked_for & _ALSO.keys()}
    facts = [value for name, value in context.facts.items() if names & {stem(word) for word in normal(name).split()}]
    telling = [*(context.caller_name or "").split()[-1:], *facts]
    return not facts or any(mentions(normal(line), one) for line in context.caller_lines for one in telling)
