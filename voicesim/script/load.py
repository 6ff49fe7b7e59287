"""Turns the text of a script file (format 1) into a :class:`Script`, or says in one line why it cannot.

Loading refuses what could not be understood; :mod:`voicesim.script.lint` says what is understood but unwise.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from voicesim.catalogue import CATALOGUE, Effect
from voicesim.model import Ending, Phase
from voicesim.reading.codes import UNKNOWN_ID, UNKNOWN_MOOD, UNKNOWN_STEP
from voicesim.reading.reader import Fields, chosen, closest, decimal, text, texts, told, whole
from voicesim.reading.tree import Node, decode, parse
from voicesim.script.load_lines import complications, lines_by_mood, silence_lines
from voicesim.script.model import (
    ASIDE,
    MOODS,
    SILENCE,
    AngerRules,
    Briefing,
    Caller,
    Leave,
    Otherwise,
    PhraseList,
    Rule,
    Script,
    Step,
    When,
)

FORMAT = 1
_LEAST_LETTERS = 3
_STEP = re.compile(r"[a-z][a-z0-9_]*")
#: The name of a list of phrases has an underscore in it, which nobody can say: so it is never taken for a phrase.
_LIST = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")


def load_script(data: bytes, file: str) -> Script:
    """The script in ``data`` (the bytes of a YAML file); ``file`` names it in messages. Raises ScriptError."""
    top = Fields(parse(decode(data, file), file), "the script")
    top.of_format(FORMAT)
    script_id = top.own_id()
    moods_node = top.need("anger")
    briefing = _briefing(Fields(top.need("briefing"), "the briefing"))
    caller = _caller(Fields(top.need("caller"), "the caller"))
    anger = _anger(Fields(moods_node, "anger"))
    lists = _phrase_lists(top, caller)
    steps = _steps(top.need("steps"), anger, briefing, _Listened(facts=caller.facts, lists=lists))
    _check_exits(anger, steps, moods_node)
    patience = top.take("patience_s")
    script = Script(
        id=script_id,
        version=top.number("version", 1, 1_000_000),
        title=top.text("title"),
        language=top.text("language", "en-GB"),
        direction=top.choice("direction", ("inbound", "outbound"), "inbound"),
        difficulty=top.number("difficulty", 0, 4, 1),
        content_note=top.maybe_text("content_note"),
        authors=top.texts("authors"),
        licence=top.text("licence", "unknown"),
        goals=_goals(top),
        briefing=briefing,
        caller=caller,
        anger=anger,
        steps=steps,
        sha256=hashlib.sha256(data).hexdigest(),
        file=file,
        patience_s=None if patience is None else decimal(patience, "patience_s", 0.6, 5.0),
        stop_word=_stop_word(top.take("stop_word")),
        interrupts_after_s=_interrupts(top.take("interrupts")),
        complications=complications(top.take("complications"), anger.moods),
        phrase_lists=lists,
    )
    top.done()
    return script


def _stop_word(node: Node | None) -> str:
    """Words that can be heard: of three letters or digits at least, like those of the trainee's own setting."""
    if node is None:
        return "stop the exercise"
    word = text(node, "stop_word")
    if sum(letter.isalnum() for letter in word) < _LEAST_LETTERS:
        node.fail(f"nobody can be heard to say the stop_word '{word}'", "Write a word of three letters or more.")
    return word


def _goals(top: Fields) -> dict[str, str]:
    goals = top.pairs("goals")
    for key, node in goals.items():
        _known_id(key, node)
    return {key: text(node, key) for key, node in goals.items()}


def _briefing(fields: Fields) -> Briefing:
    briefing = Briefing(
        you_are=fields.text("you_are"),
        you_see=fields.texts("you_see"),
        verify=fields.texts("verify"),
        may_offer={key: texts(node, key) for key, node in fields.pairs("may_offer").items()},
        may_not={key: texts(node, key) for key, node in fields.pairs("may_not").items()},
        refer_to=fields.maybe_text("refer_to"),
    )
    fields.done()
    return briefing


def _caller(fields: Fields) -> Caller:
    voice = Fields(fields.need("voice"), "the voice")
    speed = voice.take("speed")
    caller = Caller(
        name=fields.text("name"),
        about=fields.text("about"),
        facts={key: text(node, key) for key, node in fields.pairs("facts").items()},
        persona=voice.text("persona"),
        speed=1.0 if speed is None else decimal(speed, "speed", 0.6, 2.0),
        phone=fields.choice("phone", ("telephone", "clear"), "telephone"),
        when_interrupted=fields.choice("when_interrupted", ("talk_over", "stop"), "talk_over"),
        silence=silence_lines(fields.take("silence")),
    )
    voice.done()
    fields.done()
    return caller


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listened:
    """What a rule can name instead of a phrase."""

    facts: Mapping[str, str]
    lists: Mapping[str, PhraseList]


def _phrase_lists(top: Fields, caller: Caller) -> dict[str, PhraseList]:
    lists: dict[str, PhraseList] = {}
    for name, node in top.pairs("phrases").items():
        if not _LIST.fullmatch(name) or name in caller.facts:
            mend = "Use small letters and digits with a _ between, as in asks_who, and no name of a fact."
            node.fail(f"'{name}' cannot name a list of phrases", mend)
        items = node.value if isinstance(node.value, list) else [node]
        if not items or node.value is None:
            node.fail(f"the list '{name}' has no phrases", 'Write for example [refund, "money back"].')
        said = tuple(_phrase(item, name, caller.facts) for item in items)
        lists[name] = PhraseList(name=name, phrases=said, line_number=node.line)
    return lists


def _phrase(item: Node, what: str, facts: Mapping[str, str], lists: Collection[str] | None = None) -> str:
    """A phrase, or the value of the fact that is named instead; a name that is not there is refused."""
    phrase = text(item, what)
    if phrase not in facts and _LIST.fullmatch(phrase):
        if lists is None:
            item.fail(
                f"the list '{what}' names '{phrase}', which is no fact", "Write its phrases out.", code=UNKNOWN_ID
            )
        known = [*lists, *facts]
        mend = closest(phrase, known) if known else "Write the words themselves, without the _."
        item.fail(f"'{phrase}' is neither a list under 'phrases' nor a fact", mend, code=UNKNOWN_ID)
    return facts.get(phrase, phrase)


def _mentioned(node: Node | None, listened: _Listened) -> tuple[tuple[str, ...], tuple[PhraseList, ...]]:
    """The phrases that a rule asks for, each list written out at its place, and the lists it names."""
    items = [] if node is None else node.value if isinstance(node.value, list) else [node]
    phrases: list[str] = []
    named: list[PhraseList] = []
    for item in items:
        listed = listened.lists.get(str(item.value))
        if listed is None:
            phrases.append(_phrase(item, "reply_mentions", listened.facts, listened.lists))
        else:
            named.append(listed)
            phrases += listed.phrases
    return tuple(phrases), tuple(named)


def _interrupts(node: Node | None) -> float | None:
    if node is None:
        return None
    fields = Fields(node, "interrupts")
    after_s = decimal(fields.need("after_s"), "after_s", 2.0, 60.0)
    fields.done()
    return after_s


def _known_id(name: str, node: Node) -> None:
    if name not in CATALOGUE:
        node.fail(f"'{name}' is not a technique, mistake or condition", closest(name, CATALOGUE), code=UNKNOWN_ID)


def _effect(name: str, node: Node, sign: int) -> Effect:
    _known_id(name, node)
    from_anger = CATALOGUE[name].effect.from_anger
    if isinstance(node.value, dict):
        fields = Fields(node, f"'{name}'")
        by, from_anger = fields.need("by"), fields.number("from_anger", 0, 10, from_anger)
        fields.done()
        node = by
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        node.fail(f"'{name}' has no numbers", "Write for example [2, 1]: the first time 2, later 1.")
    return Effect(by=tuple(sign * whole(item, name, 0, 10) for item in items), from_anger=from_anger)


def _moods(fields: Fields) -> dict[str, tuple[int, int]]:
    node = fields.need("moods")
    moods: dict[str, tuple[int, int]] = {}
    expected, calmest = 0, -1
    for name, value in Fields(node, "moods").node.value.items():
        if name not in MOODS:
            value.fail(f"'{name}' is not a mood", closest(name, MOODS), code=UNKNOWN_MOOD)
        if MOODS.index(name) < calmest:
            value.fail(f"'{name}' stands after an angrier mood", f"Their order is {', '.join(MOODS)}.")
        calmest = MOODS.index(name)
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", value.written or "")
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (-1, -1)
        if low != expected or high < low:
            what = f"the range of '{name}' is {value.written or told(value.value)}"
            value.fail(what, f'It must begin at {expected}, for example "{expected}-{min(10, expected + 2)}".')
        moods[name] = (low, high)
        expected = high + 1
    if expected != 11:
        node.fail(f"the moods end at {expected - 1}", "Together they must cover anger 0 to 10, the calmest first.")
    return moods


def _leave(fields: Fields, key: str, number: str, most: int) -> Leave | None:
    node = fields.take(key)
    if node is None:
        return None
    inner = Fields(node, f"'{key}'")
    leave = Leave(at=inner.number(number, 1, most), go=inner.text("go"))
    inner.done()
    return leave


def _anger(fields: Fields) -> AngerRules:
    lowered = {key: _effect(key, node, -1) for key, node in fields.pairs("lowered_by").items()}
    raising = fields.pairs("raised_by")
    raised = {key: _effect(key, node, +1) for key, node in raising.items()}
    for key in sorted(lowered.keys() & raised.keys()):
        raising[key].fail(f"'{key}' stands under 'lowered_by' too", "Keep one of them.")
    anger = AngerRules(
        start=fields.number("start", 0, 10),
        moods=_moods(fields),
        effects={**lowered, **raised},
        hangs_up=_leave(fields, "hangs_up", "at", 10),
        gives_up=_leave(fields, "gives_up", "after_turns", 100),
    )
    fields.done()
    return anger


def _steps(node: Node, anger: AngerRules, briefing: Briefing, listened: _Listened) -> dict[str, Step]:
    named = Fields(node, "steps").node.value
    if not named:
        node.fail("there are no steps", "The first step opens the call.")
    steps: dict[str, Step] = {}
    for name, inner in named.items():
        if not _STEP.fullmatch(name) or name in (SILENCE, ASIDE):
            mend = f"Use small letters, digits and _ (not '{SILENCE}', not '{ASIDE}')."
            inner.fail(f"'{name}' cannot name a step", mend)
        steps[name] = _step(name, Fields(inner, f"step '{name}'"), anger, briefing, listened)
    for step in steps.values():
        for target, line in step.targets():
            if target not in steps:
                Node(value=target, file=node.file, line=line).fail(
                    f"step '{step.name}' goes to '{target}', which is not there",
                    closest(target, steps),
                    code=UNKNOWN_STEP,
                )
    return steps


def _step(name: str, fields: Fields, anger: AngerRules, briefing: Briefing, listened: _Listened) -> Step:
    say = lines_by_mood(fields.need("say"), f"step '{name}'", anger.moods)
    end = fields.take("end")
    rules, otherwise = _next(name, fields, briefing, listened, anger)
    if (end is None) == (not rules and otherwise is None):
        fields.node.fail(f"step '{name}' needs either 'next' or 'end'", "A step leads on, or it ends the call.")
    step = Step(
        name=name,
        say=say,
        phase=Phase(fields.choice("phase", list(Phase), Phase.SOLVE)),
        rules=rules,
        otherwise=otherwise,
        end=None if end is None else Ending(chosen(end, "end", [e.value for e in Ending])),
        line_number=fields.node.line,
    )
    fields.done()
    return step


def _next(
    name: str, fields: Fields, briefing: Briefing, listened: _Listened, anger: AngerRules
) -> tuple[tuple[Rule, ...], Otherwise | None]:
    node = fields.take("next")
    if node is None:
        return (), None
    if not isinstance(node.value, list):
        node.fail(f"'next' of step '{name}' must be a list", "Begin each rule with `- `.")
    rules: list[Rule] = []
    otherwise: Otherwise | None = None
    for item in node.value:
        inner = Fields(item, f"a rule of step '{name}'")
        if otherwise is not None:
            item.fail("stands after 'otherwise' and can never match", "Move it above.")
        if "when" in item.value:
            when = _when(Fields(inner.need("when"), "'when'"), briefing, listened, anger)
            rules.append(Rule(when=when, go=inner.text("go"), line_number=item.line))
        else:
            otherwise = _otherwise(inner, item.line)
        inner.done()
    return tuple(rules), otherwise


def _otherwise(fields: Fields, line: int) -> Otherwise:
    go, tries = fields.text("otherwise"), fields.take("tries")
    then = fields.maybe_text("then")
    if (tries is None) != (then is None):
        fields.node.fail("'tries' and 'then' belong together", "Write `tries: 3, then: step`.")
    return Otherwise(go=go, tries=None if tries is None else whole(tries, "tries", 1, 100), then=then, line_number=line)


def _when(fields: Fields, briefing: Briefing, listened: _Listened, anger: AngerRules) -> When:
    asked: dict[str, tuple[str, ...]] = {}
    for key, known in (
        ("reply_has", CATALOGUE),
        ("call_has", CATALOGUE),
        ("reply_offers", briefing.may_offer),
        ("mood", anger.moods),
    ):
        node = fields.take(key)
        if node is None:
            continue
        items = node.value if isinstance(node.value, list) else [node]
        asked[key] = tuple(chosen(item, key, known) for item in items)
    asked["reply_mentions"], lists = _mentioned(fields.take("reply_mentions"), listened)
    fields.done()
    if not any(asked.values()):
        fields.node.fail("'when' asks for nothing", "Name what the reply must have, mention or offer.")
    return When(**asked, lists=lists)


def _check_exits(anger: AngerRules, steps: dict[str, Step], node: Node) -> None:
    for leave in (anger.hangs_up, anger.gives_up):
        if leave and leave.go not in steps:
            what = f"anger sends the call to '{leave.go}', which is not a step"
            node.fail(what, closest(leave.go, steps), code=UNKNOWN_STEP)
        if leave and steps[leave.go].end is None:
            node.fail(f"anger sends the call to '{leave.go}', which does not end it", "Give that step an `end`.")
