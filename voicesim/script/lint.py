"""Says what is understood in a script but unwise, each problem with its code, line and a way to mend it. Pure.

What lint cannot know by itself is handed in: the personas there are, the ids that the detectors can find, and what was
heard in the takes. Every code has its section in docs/lint.md and a failing example in tests/script.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from voicesim.catalogue import CATALOGUE
from voicesim.model import Ending, Kind
from voicesim.script.codes import CODES, Problem
from voicesim.script.lint_rules import dead_rules, never_matching, reachable
from voicesim.script.lint_stop_word import ordinary_stop_word
from voicesim.script.lint_takes import TakeReport, lint_takes
from voicesim.script.model import Script, Step, Wording

__all__ = ["CODES", "Problem", "TakeReport", "lint"]

_SPOKEN = re.compile(r"[0-9@#%&*_=<>{}\[\]|\\^~€$£+/]")


def lint(
    script: Script,
    *,
    personas: Collection[str] = (),
    detectable: Collection[str] = tuple(CATALOGUE),
    takes: Sequence[TakeReport] = (),
) -> list[Problem]:
    """The problems of a script in the order of its lines; an empty list for a sound one.

    ``personas`` are the names of the voices there are (nothing is said about personas if it is empty), ``detectable``
    the ids that the detectors can find, ``takes`` what was found in its recordings (nothing is said if there are none).
    """
    dead = dead_rules(script, detectable)
    reached = reachable(script, dead)
    problems = [
        *_unreachable(script, reached),
        *_no_otherwise(script),
        *_endings(script, reached),
        *_goals(script, detectable),
        *_spoken(script),
        *_one_slip(script),
        *_one_reply(script),
        *_twice_running(script),
        *_for_ever(script),
        *_persona(script, personas),
        *never_matching(dead),
        *ordinary_stop_word(script),
        *_unnamed_lists(script),
        *lint_takes(script, takes),
    ]
    return sorted(problems, key=lambda p: (p.line, p.code))


def _unreachable(script: Script, reached: set[str]) -> Iterator[Problem]:
    for step in script.steps.values():
        if step.name not in reached:
            yield Problem(
                code="VS001",
                line=step.line_number,
                what=f"no reply leads to step '{step.name}'{_since(script, step)}",
                mend="Name it in a 'go' of a rule that can match, or delete it.",
            )


def _since(script: Script, step: Step) -> str:
    named = any(target == step.name for other in script.steps.values() for target, _ in other.targets())
    return ": what names it can never match or is never reached" if named else ""


def _no_otherwise(script: Script) -> Iterator[Problem]:
    for step in script.steps.values():
        if step.end is None and step.otherwise is None:
            yield Problem(
                code="VS002",
                line=step.line_number,
                what=f"step '{step.name}' has no 'otherwise': a reply that matches no rule stays there for ever",
                mend="End its rules with `- {otherwise: step, tries: 3, then: step}`.",
            )


def _endings(script: Script, reached: set[str]) -> Iterator[Problem]:
    ends = {step.end for step in script.steps.values() if step.end}
    for ending in sorted(ends):
        steps = [s for s in script.steps.values() if s.end is ending]
        if not any(s.name in reached for s in steps):
            yield Problem(
                code="VS003",
                line=steps[0].line_number,
                what=f"the ending '{ending}' cannot be reached",
                mend=f"Let a rule go to '{steps[0].name}'.",
            )
    if len(ends) < 2:
        yield _about_endings(script, "VS010", f"the call can end in {len(ends)} way", "Add a good and a bad ending.")
    if not any(ending.good for ending in ends):
        good = ", ".join(e for e in Ending if e.good)
        yield _about_endings(script, "VS011", "no ending is a good one", f"Add a step that ends as one of: {good}.")


def _about_endings(script: Script, code: str, what: str, mend: str) -> Problem:
    return Problem(code=code, line=script.first.line_number, what=what, mend=mend)


def _goals(script: Script, detectable: Collection[str]) -> Iterator[Problem]:
    for goal in script.goals:
        if goal not in detectable or CATALOGUE[goal].kind is not Kind.TECHNIQUE:
            yield Problem(
                code="VS004",
                line=1,
                what=f"the goal '{goal}' is nothing that a detector finds as a technique",
                mend="Name a technique of docs/techniques.md.",
            )


def _spoken(script: Script) -> Iterator[Problem]:
    lines = [(s.line_number, f"step '{s.name}'", w.text) for s in script.steps.values() for w in _wordings(s)]
    asides = [(c.line_number, "an aside", w.text) for c in script.complications for ws in c.say.values() for w in ws]
    for number, where, text in [*lines, *asides, *((1, "'silence'", text) for text in script.caller.silence)]:
        if match := _SPOKEN.search(text):
            yield Problem(
                code="VS005",
                line=number,
                what=f"{where} has '{match[0]}' in a spoken line",
                mend="Write numbers and signs as words: 'eighty-nine euros'.",
            )


def _wordings(step: Step) -> Iterator[Wording]:
    for wordings in step.say.values():
        yield from wordings


def _one_slip(script: Script) -> Iterator[Problem]:
    leave, start = script.anger.hangs_up, script.anger.start
    worst = max(_mistakes(script), key=lambda one: script.anger.effect(one).at(0))
    if leave and start + script.anger.effect(worst).at(0) >= leave.at:
        yield Problem(
            code="VS006",
            line=script.first.line_number,
            what=f"anger starts at {start}, and one mistake ({worst}) reaches {leave.at}, where she hangs up",
            mend="Start lower, or let mistakes count less, so that a beginner can recover.",
        )
    for target, line in _after_first_reply(script):
        if _ends_badly(script.steps[target]):
            yield Problem(
                code="VS006",
                line=line,
                what=f"the first reply can lead straight to '{target}'",
                mend="Put a step between.",
            )


def _mistakes(script: Script) -> list[str]:
    start = script.anger.start
    return [
        e.id for e in CATALOGUE.values() if e.kind is Kind.MISTAKE and script.anger.effect(e.id).from_anger <= start
    ]


def _after_first_reply(script: Script) -> Iterator[tuple[str, int]]:
    first = script.first
    yield from ((rule.go, rule.line_number) for rule in first.rules)
    if first.otherwise:
        then = first.otherwise.then if first.otherwise.tries == 1 else None
        yield then or first.otherwise.go, first.otherwise.line_number


def _ends_badly(step: Step) -> bool:
    return step.end is not None and step.end.good is False


def _one_reply(script: Script) -> Iterator[Problem]:
    for target, line in _after_first_reply(script):
        end = script.steps[target].end
        if end is not None and end.good:
            yield Problem(
                code="VS007", line=line, what=f"the first reply can end the call as '{end}'", mend="Put a step between."
            )


def _twice_running(script: Script) -> Iterator[Problem]:
    for step in script.steps.values():
        stays = step.otherwise is not None and step.otherwise.go == step.name and step.otherwise.tries != 1
        if not stays and not any(rule.go == step.name for rule in step.rules):
            continue
        for mood, wordings in step.say.items():
            if len({wording.text for wording in wordings}) < 2:
                yield Problem(
                    code="VS008",
                    line=step.line_number,
                    what=f"step '{step.name}' can follow itself but has one line only for '{mood}'",
                    mend="Write a second one.",
                )


def _for_ever(script: Script) -> Iterator[Problem]:
    if script.anger.gives_up is None:
        yield Problem(
            code="VS012",
            line=script.first.line_number,
            what="no 'gives_up' ends a call that leads nowhere",
            mend="Add under 'anger': `gives_up: {after_turns: 14, go: step}`.",
        )


def _persona(script: Script, personas: Collection[str]) -> Iterator[Problem]:
    if personas and script.caller.persona not in personas:
        yield Problem(
            code="VS009",
            line=1,
            what=f"the persona '{script.caller.persona}' is not known",
            mend=f"Use one of: {', '.join(sorted(personas))}.",
        )


def _unnamed_lists(script: Script) -> Iterator[Problem]:
    named = {one.name for step in script.steps.values() for rule in step.rules for one in rule.when.lists}
    for one in script.phrase_lists.values():
        if one.name not in named:
            yield Problem(
                code="VS015",
                line=one.line_number,
                what=f"no rule names the list '{one.name}' of 'phrases'",
                mend=f"Write `reply_mentions: [{one.name}]` in a rule, or delete the list.",
            )
