"""Who spoke takes, what they agreed to, and when: pure.

A speaker is asked once for each script. The words that were agreed to are kept as they were shown, so that a later
change of :data:`TERMS` changes nothing for those who agreed before.
"""

from dataclasses import dataclass

from voicesim.errors import InputError

#: What a speaker agrees to, in plain words; a ``{title}`` stands for the title of the script.
TERMS = (
    'My voice is recorded for the caller of "{title}". '
    "The takes are used in training calls, on this machine and on the machines of those who are given the pack. "
    "My name, these words and the day I agreed to them go with the takes. "
    "I can take this back at any time: my takes are then deleted here. "
    "Packs that were handed out before, and calls that were held with my voice, have to be deleted by those who have "
    "them."
)
#: What the takes may be used for, unless the speaker names another licence.
LICENCE = "training calls only"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who agreed: ``terms`` are the words they saw, ``licence`` what their takes may be used for."""

    name: str
    agreed_utc: str
    terms: str
    licence: str


def terms_for(title: str) -> str:
    """The words to show to a speaker of the script with that title."""
    return TERMS.format(title=title)


def agreed(name: str, *, title: str, agreed_utc: str, licence: str = LICENCE) -> Speaker:
    """A speaker who was shown :func:`terms_for` that title and said yes. Raises InputError for a name that is none."""
    if not licence.strip() or not licence.isprintable():
        raise InputError("the licence has no words", mend=f"Name one, like '{LICENCE}'.")
    return Speaker(
        name=speaker_name(name), agreed_utc=agreed_utc, terms=terms_for(title), licence=" ".join(licence.split())
    )


def speaker_name(name: str) -> str:
    """``name`` with single spaces, as it stands in takes.json. Raises InputError for one that is empty or too long."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > _LONGEST_NAME or not tidy.isprintable():
        raise InputError(f"'{tidy[:_LONGEST_NAME]}' is no name of a speaker", mend="Write a name of 1 to 80 letters.")
    return tidy
