"""Writes a first script and its rehearsals from a few answers, with comments for somebody who does not program. Pure.

What comes out loads, is in the layout, gives lint nothing to say and holds its rehearsals, whatever the answers are.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voicesim.errors import UsageError
from voicesim.reading.reader import closest
from voicesim.script.form import quoted

#: How angry a caller can be as the call begins: word -> anger. One slip more must not make her hang up.
ANGERS: Mapping[str, int] = MappingProxyType({"annoyed": 4, "angry": 6, "furious": 7})
#: What a voice reads in its own way, as lint sees it.
_UNSPOKEN = re.compile(r"[0-9@#%&*_=<>{}\[\]|\\^~€$£+/]")
_LONGEST_ID = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a trainer answered: ``happened`` is a sentence as the caller says it, ``offers`` what may be offered."""

    id: str
    title: str
    caller: str
    happened: str
    you_are: str
    offers: tuple[str, ...]
    persona: str
    anger: str


def id_of(title: str) -> str:
    """An id for a title: small letters, digits and hyphens.

    >>> id_of("The refund that never came!")
    'the-refund-that-never-came'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_ID].strip("-") or "my-caller"


def offers_of(text: str) -> tuple[str, ...]:
    """The offers in a list with commas, each once, without articles.

    >>> offers_of("a refund, the call back, Refund")
    ('refund', 'call back')
    """
    found: dict[str, str] = {}
    for part in text.split(","):
        offer = re.sub(r"^(a|an|the)\s+", "", " ".join(part.split()), flags=re.IGNORECASE)
        if any(letter.isalnum() for letter in offer):
            found.setdefault(offer.casefold(), offer)
    return tuple(found.values())


def spoken(sentence: str) -> str:
    """A sentence that a voice can say. Raises UsageError for digits and signs, and for no word at all."""
    text = " ".join(sentence.split())
    if match := _UNSPOKEN.search(text):
        what = f"'{match[0]}' stands in what the caller says"
        raise UsageError(what, mend="Write numbers and signs as words: 'forty-five pounds'.")
    if not any(letter.isalpha() for letter in text):
        raise UsageError("the caller says nothing", mend="Write a sentence as the caller would say it.")
    return text if text[-1] in ".!?" else f"{text}."


def script_text(answers: Answers) -> str:
    """The script file for some answers. Raises UsageError for answers that fit nowhere."""
    if answers.anger not in ANGERS:
        raise UsageError(f"nobody is '{answers.anger}' here", mend=closest(answers.anger, ANGERS))
    if not answers.offers:
        raise UsageError("nothing may be offered", mend="Name one thing at least, for example: refund")
    for what, answer in (("title", answers.title), ("caller", answers.caller), ("trainee", answers.you_are)):
        if not answer.strip():
            raise UsageError(f"the {what} is empty", mend="Write some words.")
    return _SCRIPT.format(
        id=answers.id,
        title=quoted(answers.title),
        you_are=quoted(answers.you_are),
        offers="\n".join(f"    {_key(offer)}: [{quoted(offer)}]" for offer in answers.offers),
        names=", ".join(_key(offer) for offer in answers.offers),
        caller=quoted(answers.caller),
        happened=quoted(spoken(answers.happened)),
        persona=answers.persona,
        start=ANGERS[answers.anger],
    )


def rehearsal_text(answers: Answers) -> str:
    """The rehearsals of that script: four agents, and what becomes of each."""
    return _REHEARSALS.format(id=answers.id, offer=_key(answers.offers[0]))


def _key(text: str) -> str:
    """A name without quotes where YAML needs none."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*", text)
    return text if plain and text.lower() not in ("true", "false", "null") else quoted(text)


_SCRIPT = """\
# A script is one caller. A line that begins with # is a note for you: the program does not read it.
# What belongs to a name is indented under it with two spaces. Put texts in double quotes.
# All names are explained in docs/scripts.md. Try every change at once: voicesim script check {id}

format: 1
id: {id}
version: 1  # count it up when you change the script, so that calls of the old one can be told apart
title: {title}
language: en-GB
difficulty: 1  # 0 easy to 4 brutal, for the list of scripts
content_note: "An angry caller raises the voice. No swearing."

# What your trainee shall learn here: a technique, and what the feedback says if it was not heard.
# The techniques are listed in docs/techniques.md.
goals:
  acknowledge: "Say back in your own words what happened to the caller."
  offer_solution: "Say what you can do."

# What the trainee reads before the call.
briefing:
  you_are: {you_are}
  you_see:
    - "one open complaint, no reply so far"
  # What the trainee may offer: a name, and the words that count as offering it. Add every wording you can think of.
  may_offer:
{offers}
  # What is out of reach: offering it is a mistake.
  may_not:
    compensation: ["compensation", "gift voucher"]
  refer_to: "the supervisor on duty"

# Who calls. The trainee does not see this part.
caller:
  name: {caller}
  about: {happened}
  # Facts that a good reply takes up; a rule below can ask for them by their name. Take the # away and write your own:
  # facts: {{amount: "45 pounds", day: "4 June"}}
  voice: {{persona: {persona}}}  # how the caller sounds: docs/voices.md has the list
  # What the caller says if the trainee is silent, one after the other.
  silence: ["Hello? Is anybody there?", "Are you still on the line?"]

# Anger goes from 0 (calm) to 10 (shouting). Good replies lower it, mistakes raise it.
anger:
  start: {start}
  # Each mood has a range of anger; the lines below are written for moods.
  moods: {{calm: "0-2", annoyed: "3-4", angry: "5-6", furious: "7-10"}}
  hangs_up: {{at: 10, go: hangs_up}}  # at this anger the caller hangs up
  gives_up: {{after_turns: 12, go: gives_up}}  # after so many replies the caller gives up

# The places of the call. The first one opens it. In each the caller says a line for the mood, the trainee replies, and
# the first rule under "next" that fits decides where the call goes. A step with "end" ends the call.
steps:
  # The caller tells what happened, and goes on to what_now once that was taken up.
  opening:
    phase: control
    say:
      furious:
        - {happened}
        - "I want an answer, and I want it now!"
        - "Is nobody listening to me? How often do I have to say it?"
      angry:
        - {happened}
        - "I have told you what happened. So?"
        - "Did you hear what I said?"
      annoyed:
        - {happened}
        - "I would just like somebody to listen."
      calm:
        - {happened}
        - "As I said, it is about what happened."
    next:
      # "reply_has" names techniques or mistakes; one of them must be heard. With facts, ask for one of them as well:
      # - {{when: {{reply_has: [acknowledge, empathy, apology], reply_mentions: [amount, day]}}, go: what_now}}
      - {{when: {{reply_has: [acknowledge, empathy, apology]}}, go: what_now}}
      # No rule fits: the caller stays here, and gives up at the fourth reply in this step.
      - {{otherwise: opening, tries: 4, then: gives_up}}

  # The caller was heard and wants to know what happens now.
  what_now:
    phase: solve
    say:
      furious: ["And what are you going to do about it?", "Words, words! What happens now?"]
      angry: ["Right. And what are you going to do about it?", "Fine words. What happens now?"]
      annoyed: ["And what happens now?", "So what can you do for me?"]
      calm: ["Thank you. What happens now?", "All right. What can you do for me?"]
    next:
      # Both must hold: one of these is offered, and the caller has calmed down.
      - {{when: {{reply_offers: [{names}], mood: [calm, annoyed]}}, go: agreed}}
      - {{when: {{reply_has: [refer], mood: [calm, annoyed]}}, go: passed_on}}
      - {{otherwise: what_now, tries: 4, then: gives_up}}

  # The offer suits. The caller wants something to hold on to.
  agreed:
    phase: solve
    say:
      furious: ["And who tells me that this is not just talk?", "I have heard that before!"]
      angry: ["And I am just supposed to believe that?", "Who says that it works this time?"]
      annoyed: ["And can I rely on that?", "When will that be?"]
      calm: ["That sounds good. Can I rely on it?", "Good. And when will that be?"]
    next:
      - {{when: {{reply_has: [assurance, takeaway, confirm_solution, close], mood: [calm, annoyed]}}, go: thanks}}
      - {{otherwise: agreed, tries: 3, then: gives_up}}

  # The endings. At least one must be good (resolved, referred) and one bad (escalated, hung_up, gave_up).
  thanks:
    say: {{calm: ["Thank you. That is all I wanted."]}}
    end: resolved
  passed_on:
    say: {{calm: ["Then put me through, please."]}}
    end: referred
  gives_up:
    say: {{angry: ["This leads nowhere. I will complain about you."]}}
    end: escalated
  hangs_up:
    say: {{furious: ["That is enough. Goodbye!"]}}
    end: hung_up
"""

_REHEARSALS = """\
# Made-up agents and what must become of their calls. Hold them after every change: voicesim script rehearse {id}
# "heard" is what counts as found in a reply; with "says" instead, real words are looked at. See docs/scripts.md.

script: {id}
rehearsals:
  - name: "A good agent: heard, helped, given something to hold on to"
    replies:
      - {{heard: [acknowledge, apology]}}
      - {{heard: [offer_solution], offers: [{offer}]}}
      - {{heard: [takeaway]}}
    expect: {{path: [opening, what_now, agreed, thanks], ending: resolved, anger_at_most: 3}}
  - name: "Sorry alone is not enough"
    replies:
      - {{heard: [apology], repeat: 6}}
    expect: {{ending: escalated}}
  - name: "Blame ends it"
    replies:
      - {{heard: [blame], repeat: 4}}
    expect: {{ending: hung_up}}
  - name: "A silent agent"
    replies:
      - {{silent: true, repeat: 3}}
    expect: {{ending: hung_up}}
"""
