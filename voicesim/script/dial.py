"""The difficulty dial: any script made gentler or harder, without a word of its author being asked for. Pure.

What makes callers harder is known: insults aimed at the trainee, being interrupted, and no kind word (walker2017 in the
method). docs/scripts.md says what each level does. Words are changed by the text alone, never by chance, so that lines
stay rendered from call to call; ``seed`` chooses and places complications only.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count, cycle

from voicesim.errors import InputError
from voicesim.model import Phase
from voicesim.script.curt import without_kind_words
from voicesim.script.dial_words import ASIDES, OPENING, TARGETED, is_targeted, joined
from voicesim.script.model import Complication, ComplicationKind, Script, Step, Wording, line_of

LEVELS = range(5)
#: At level 0 she waits this much longer in an unfinished reply, and gives up so many replies later.
LONGER_WAIT, MORE_TURNS = 1.5, 4
#: From level 3 on she cuts in after so many seconds, and so many complications come at these turns.
CUTS_IN_AFTER_S = {3: 8.0, 4: 5.0}
COMPLICATIONS_AT = {3: (4,), 4: (3, 5, 7)}
#: What she waits if the script does not say (docs/turn-taking.md), and the most it may say.
USUAL_PATIENCE_S, MOST_PATIENCE_S = 1.15, 5.0
_SOUND_LINES = 2
_NOTE = "At this difficulty the caller also turns against you in person."
#: The sounds by what the record says of them.
_SOUNDS = {
    f"a bad line for {_SOUND_LINES} lines": ComplicationKind.BAD_LINE,
    f"a baby cries for {_SOUND_LINES} lines": ComplicationKind.BABY_CRYING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """A script at a ``level`` of difficulty, and what that changed, in words for the record."""

    script: Script
    level: int
    changes: tuple[str, ...]


def dialled(script: Script, level: int, seed: int) -> Dialled:
    """The script at ``level`` 0..4; loads, lints and ends as before. Raises InputError for another level.

    A line with a take stays as it was recorded, and a script that is recorded as a whole gets no new words. Words are
    changed in English scripts only.
    """
    if level not in LEVELS:
        raise InputError(f"difficulty {level} is not there", mend="Choose 0 (gentle) to 4.")
    if level == 0:
        made, changes = _gentler(script)
    else:
        made, changes = _harder(script, level, seed)
    return Dialled(script=made, level=level, changes=tuple(changes) or ("as written",))


def _gentler(script: Script) -> tuple[Script, list[str]]:
    changes: list[str] = []
    if script.interrupts_after_s is not None:
        changes.append("never cuts in")
    if script.complications:
        changes.append("no complications")
    patience_s = min(MOST_PATIENCE_S, round(LONGER_WAIT * (script.patience_s or USUAL_PATIENCE_S), 2))
    changes.append(f"waits {patience_s:g} s before a reply that sounds unfinished is over")
    gives_up = script.anger.gives_up
    if gives_up is not None:
        gives_up = replace(gives_up, at=gives_up.at + MORE_TURNS)
        changes.append(f"gives up after {gives_up.at} replies")
    anger = replace(script.anger, gives_up=gives_up)
    made = replace(script, interrupts_after_s=None, complications=(), patience_s=patience_s, anger=anger)
    return made, changes


def _harder(script: Script, level: int, seed: int) -> tuple[Script, list[str]]:
    changes: list[str] = []
    english = script.language.split("-", maxsplit=1)[0].lower() == "en"
    if english:
        script, curt = _reworded(script, lambda _step, _mood, wordings: _curt(wordings))
        changes += [f"{_lines(curt)} without a kind word"] if curt else []
    new_words = english and any(line.id not in script.takes for line in script.lines())
    if level >= 2 and new_words:
        script, aimed = _reworded(script, _aiming())
        if aimed:
            changes.append(f"{_lines(aimed)} aimed at you")
            note = _NOTE if script.content_note is None else f"{script.content_note} {_NOTE}"
            script = replace(script, content_note=note)
    if level in CUTS_IN_AFTER_S:
        after_s = CUTS_IN_AFTER_S[level]
        if script.interrupts_after_s is None or script.interrupts_after_s > after_s:
            script = replace(script, interrupts_after_s=after_s)
            changes.append(f"cuts in after {after_s:g} s")
        more = _complications(script, level, seed, new_words=new_words)
        script = replace(script, complications=(*script.complications, *(one for one, _ in more)))
        changes += [told for _, told in more]
    return script, changes


_Rewording = Callable[[Step, str, tuple[Wording, ...]], tuple[Wording, ...]]


def _reworded(script: Script, reword: _Rewording) -> tuple[Script, int]:
    """The script with its lines reworded, and how many are; lines with a take stay, and none comes to stand twice."""
    changed = 0

    def kept(place: str, mood: str, old: tuple[Wording, ...], new: tuple[Wording, ...]) -> tuple[Wording, ...]:
        nonlocal changed
        texts = [wording.text for wording in old]
        for at, (was, now) in enumerate(zip(old, new, strict=True)):
            if now.text not in texts and line_of(place, mood, was).id not in script.takes:
                texts[at] = now.text
                changed += 1
        return tuple(replace(was, text=text) for was, text in zip(old, texts, strict=True))

    steps: dict[str, Step] = {}
    for step in script.steps.values():
        say = {m: kept(step.name, m, wordings, reword(step, m, wordings)) for m, wordings in step.say.items()}
        steps[step.name] = replace(step, say=say)
    return replace(script, steps=steps), changed


def _curt(wordings: tuple[Wording, ...]) -> tuple[Wording, ...]:
    return tuple(replace(wording, text=without_kind_words(wording.text)) for wording in wordings)


def _aiming() -> _Rewording:
    """Puts a sentence against the trainee to every second line of an angry mood; all sentences have their turn."""
    pools = {
        (mood, early): cycle((OPENING if early else TARGETED)[mood]) for mood in TARGETED for early in (True, False)
    }

    def aimed(step: Step, mood: str, wordings: tuple[Wording, ...]) -> tuple[Wording, ...]:
        if mood not in TARGETED or step.end is not None:
            return wordings
        # Before the trainee has said much, nobody can complain of it.
        pool = pools[mood, step.phase is Phase.CONTROL]
        return tuple(
            wording if at % 2 or wording.abuse or is_targeted(wording.text) else _joined(next(pool), wording)
            for at, wording in enumerate(wordings)
        )

    return aimed


def _joined(sentence: str, wording: Wording) -> Wording:
    return replace(wording, text=joined(sentence, wording.text))


def _complications(script: Script, level: int, seed: int, *, new_words: bool) -> list[tuple[Complication, str]]:
    """So many as the level asks for, at free turns, each in words; sounds alone where an aside would be new words."""
    names = [*_SOUNDS, *(ASIDES if new_words else ())]
    names.sort(key=lambda name: _hash(f"{seed}/{script.id}/{name}"))
    taken = {one.turn for one in script.complications}
    made: list[tuple[Complication, str]] = []
    for number, earliest in enumerate(COMPLICATIONS_AT[level]):
        turn = next(turn for turn in count(earliest) if turn not in taken)
        taken.add(turn)
        name = names[number % len(names)]
        if name in ASIDES:
            say = {mood: tuple(Wording(text=text) for text in ASIDES[name][mood]) for mood in script.anger.moods}
            one = Complication(turn=turn, kind=ComplicationKind.SAYS, say=say)
        else:
            one = Complication(turn=turn, kind=_SOUNDS[name], lines=_SOUND_LINES)
        made.append((one, f"turn {turn}: {name}"))
    return made


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
