"""A script file as fields of a form: what a person who does not want YAML may see and change of it. Pure.

A field is named after its place in the file; :mod:`voicesim.script.field_edits` writes those that were changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from voicesim.catalogue import CATALOGUE
from voicesim.model import Ending, Kind, Phase
from voicesim.script.edit import Path, composed, found, values
from voicesim.script.model import MOODS

#: How a field is shown and written: ``text`` and ``lines`` are prose, ``word`` and ``words`` are names and numbers;
#: ``lines`` has one entry a row, ``words`` parts them by commas; ``drop`` deletes, several of ``new`` make one thing.
TEXT, LINES, WORD, WORDS, DROP, NEW = "text", "lines", "word", "words", "drop", "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``name`` tells it apart, ``choices`` are what it may hold (all if empty), ``fixed`` is read only."""

    name: str
    kind: str
    path: Path
    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together, for example those of one rule; ``line`` is where it stands in the file (from 1)."""

    title: str
    fields: tuple[Field, ...]
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFields:
    """One step: ``says`` has a field for each mood, ``rules`` a group for each rule and one for a new one."""

    name: str
    line: int
    head: tuple[Field, ...]
    says: tuple[Field, ...]
    rules: tuple[Group, ...]
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFields:
    """The whole form."""

    groups: tuple[Group, ...]
    steps: tuple[StepFields, ...]
    new_step: tuple[Field, ...]

    def every(self) -> Iterator[Field]:
        """Every field, in the order of the form."""
        for group in self.groups:
            yield from group.fields
        for step in self.steps:
            yield from (*step.head, *step.says)
            for rule in step.rules:
                yield from rule.fields
        yield from self.new_step


def form_fields(text: str) -> FormFields:
    """The fields of a script's text, which must be one that loads."""
    root = composed(text)
    moods, steps = _Fields(root).keys("anger", "moods"), _Fields(root).keys("steps")
    return FormFields(
        groups=tuple(_groups(root, steps)),
        steps=tuple(_step(root, name, steps, moods) for name in steps),
        new_step=_new_step(steps, moods),
    )


def _groups(root: Any, steps: Sequence[str]) -> Iterator[Group]:
    from_root = _Fields(root)
    ends = tuple(name for name in steps if found(root, ("steps", name, "end")) is not None)
    techniques = tuple(entry.id for entry in CATALOGUE.values() if entry.kind is Kind.TECHNIQUE)
    yield Group(
        title="The script",
        fields=(
            from_root.text("title", label="Title", hint="What a trainee reads in the list."),
            from_root.text("content_note", label="Content note", hint="What might hurt; shown before the call."),
            from_root.word(
                "difficulty", label="Difficulty", choices=("0", "1", "2", "3", "4"), hint="0 easy, 4 brutal."
            ),
        ),
    )
    goals = [from_root.text("goals", key, label=f"Goal: {_named(key)}") for key in from_root.keys("goals")]
    new_goal = _new(
        "key:goals", ("name", "Another goal", techniques), ("value", "What the feedback says if it is missing", ())
    )
    yield Group(title="What shall be learned", fields=(*goals, *new_goal), line=from_root.line("goals"))
    yield Group(title="What the trainee reads", fields=tuple(_briefing(from_root)), line=from_root.line("briefing"))
    yield Group(title="The caller", fields=tuple(_caller(from_root)), line=from_root.line("caller"))
    anger = [from_root.word("anger", "start", label="Anger as the call begins", hint="0 calm to 10 shouting.")]
    for key, number, label in (("hangs_up", "at", "anger"), ("gives_up", "after_turns", "replies")):
        if from_root.at("anger", key) is not None:
            name = "Hangs up" if key == "hangs_up" else "Gives up"
            anger.append(
                from_root.word(
                    "anger",
                    key,
                    number,
                    label=f"{name} at so much {label}" if key == "hangs_up" else f"{name} after so many {label}",
                )
            )
            anger.append(from_root.word("anger", key, "go", label=f"{name}: step", choices=ends))
    yield Group(title="Anger", fields=tuple(anger), line=from_root.line("anger"))
    yield Group(title="What moves this caller", fields=tuple(_effects(from_root)), line=from_root.line("anger"))
    yield Group(title="Lists of phrases", fields=tuple(_phrases(from_root)), line=from_root.line("phrases"))


def _named(finding_id: str) -> str:
    return finding_id.replace("_", " ")


def _briefing(fields: "_Fields") -> Iterator[Field]:
    yield fields.text("briefing", "you_are", label="You are", hint="Name, desk and company of the trainee.")
    yield fields.lines("briefing", "you_see", label="The screen shows", hint="One entry a row.")
    yield fields.lines(
        "briefing", "verify", label="To verify", hint="What to ask before account data are told; one a row."
    )
    for part, label, other in (("may_offer", "May offer", "offer"), ("may_not", "Out of reach", "thing out of reach")):
        for key in fields.keys("briefing", part):
            yield fields.lines(
                "briefing", part, key, label=f"{label}: {key}", hint="Words that say it, one wording a row."
            )
        yield from _new(
            f"key:briefing.{part}",
            ("name", f"Another {other}", ()),
            ("value", "Words that say it, parted by commas", ()),
        )
    yield fields.text("briefing", "refer_to", label="May hand over to")


def _caller(fields: "_Fields") -> Iterator[Field]:
    yield fields.text("caller", "name", label="Name")
    yield fields.text("caller", "about", label="About", hint="A sentence or two for trainers.")
    yield fields.word("caller", "voice", "persona", label="Voice")
    yield fields.word("caller", "voice", "speed", label="Speed of speech", hint="1 is the voice's own; 0.6 to 2.")
    yield fields.word("caller", "when_interrupted", label="When interrupted", choices=("talk_over", "stop"))
    for key in fields.keys("caller", "facts"):
        yield fields.text("caller", "facts", key, label=f"Fact: {key}")
    yield from _new("key:caller.facts", ("name", "Another fact", ()), ("value", "What it is", ()))
    yield fields.lines(
        "caller", "silence", label="Says into a silence", hint="One line a row, said one after the other."
    )


def _effects(fields: "_Fields") -> Iterator[Field]:
    for part, kind, verb in (("lowered_by", Kind.TECHNIQUE, "calms"), ("raised_by", Kind.MISTAKE, "angers")):
        for key in fields.keys("anger", part):
            numbers = ("anger", part, key, "by") if fields.at("anger", part, key, "by") else ("anger", part, key)
            yield fields.words(
                *numbers, label=f"{_named(key)} {verb} by", hint="Points the first time, later ones behind commas."
            )
        ids = tuple(entry.id for entry in CATALOGUE.values() if entry.kind is kind)
        yield from _new(
            f"key:anger.{part}", ("name", f"What else {verb}", ids), ("value", "Points, for example 2, 1", ())
        )


def _phrases(fields: "_Fields") -> Iterator[Field]:
    for key in fields.keys("phrases"):
        hint = "One phrase a row, or the name of a fact; rules name the list."
        yield fields.lines("phrases", key, label=f"Phrases: {key}", hint=hint)
    yield from _new("key:phrases", ("name", "Another list", ()), ("value", "Its phrases, parted by commas", ()))


def _step(root: Any, name: str, steps: Sequence[str], moods: Sequence[str]) -> StepFields:
    fields, at = _Fields(root), ("steps", name)
    ends = fields.at(*at, "end") is not None
    head = (
        fields.word(*at, "end", label="The call ends as", choices=tuple(ending.value for ending in Ending))
        if ends
        else fields.word(*at, "phase", label="Phase of the call", choices=tuple(phase.value for phase in Phase))
    )
    says = tuple(
        fields.lines(*at, "say", mood, label=f"{mood.capitalize()}", hint="") for mood in sorted(moods, key=MOODS.index)
    )
    rules = () if ends else tuple(_rules(fields, name, steps, moods))
    return StepFields(name=name, line=_line(root, at), head=(head,), says=says, rules=rules, ends=ends)


ASKS = {
    "reply_has": "The reply has one of",
    "call_has": "The call had all of",
    "reply_mentions": "The reply mentions one of",
    "reply_offers": "The reply offers one of",
    "mood": "Afterwards the mood is one of",
}


def _rules(fields: "_Fields", step: str, steps: Sequence[str], moods: Sequence[str]) -> Iterator[Group]:
    at: Path = ("steps", step, "next")
    for number in range(len(node.value) if (node := fields.at(*at)) is not None else 0):
        here = (*at, number)
        line = _line(fields.root, here)
        if fields.at(*here, "otherwise") is not None:
            found_fields = [fields.word(*here, "otherwise", label="If nothing fits, go to", choices=tuple(steps))]
            if fields.at(*here, "tries") is not None:
                found_fields.append(
                    fields.word(*here, "tries", label="But at reply number", hint="Counted in this step.")
                )
                found_fields.append(fields.word(*here, "then", label="go to", choices=tuple(steps)))
            yield Group(title="Otherwise", fields=tuple(found_fields), line=line)
            continue
        asked = [fields.asked(*here, "when", key, label=label) for key, label in ASKS.items()]
        go = fields.word(*here, "go", label="Then go to", choices=tuple(steps))
        drop = Field(name=f"drop:{_name(here)}", kind=DROP, path=here, label="Delete this rule")
        yield Group(title=f"Rule {number + 1}", fields=(*asked, go, drop), line=line)
    new = [(key, label, tuple(moods) if key == "mood" else ()) for key, label in ASKS.items()]
    yield Group(
        title="New rule",
        fields=_new(f"rule:{step}", *new, ("go", "Then go to", tuple(steps))),
        line=_line(fields.root, at),
    )


def _new_step(steps: Sequence[str], moods: Sequence[str]) -> tuple[Field, ...]:
    """The fields of a step that is not there yet."""
    leads = (*steps, *(ending.value for ending in Ending))
    return _new(
        "step:",
        ("name", "Name of the step", ()),
        ("mood", "Mood", tuple(moods)),
        ("lines", "Lines", ()),
        ("then", "Then", leads),
    )


def _new(prefix: str, *parts: tuple[str, str, tuple[str, ...]]) -> tuple[Field, ...]:
    return tuple(
        Field(name=f"{prefix}#{key}", kind=NEW, path=(), label=label, choices=choices) for key, label, choices in parts
    )


def _name(path: Path) -> str:
    return "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _line(root: Any, path: Path) -> int:
    """The line of a key: a list or mapping begins on a line of its own, and a person looks for it at its key."""
    *above, last = path
    holder = found(root, tuple(above))
    if holder is not None and holder.id == "mapping":
        return next((key.start_mark.line + 1 for key, _ in holder.value if key.value == last), 1)
    node = found(root, path)
    return 1 if node is None else int(node.start_mark.line) + 1


@dataclass(frozen=True, slots=True)
class _Fields:
    """Makes fields that hold what the file has at their places."""

    root: Any

    def at(self, *path: str | int) -> Any:
        return found(self.root, path)

    def keys(self, *path: str | int) -> tuple[str, ...]:
        node = self.at(*path)
        return tuple(key.value for key, _ in node.value) if node is not None and node.id == "mapping" else ()

    def line(self, key: str) -> int:
        return _line(self.root, (key,))

    def text(self, *path: str | int, label: str, hint: str = "") -> Field:
        return self._one(TEXT, path, label, hint, ())

    def word(self, *path: str | int, label: str, hint: str = "", choices: tuple[str, ...] = ()) -> Field:
        return self._one(WORD, path, label, hint, choices)

    def _one(self, kind: str, path: Path, label: str, hint: str, choices: tuple[str, ...]) -> Field:
        node = self.at(*path)
        value = "" if node is None or node.id != "scalar" else node.value.strip("\n")
        name = f"{kind}:{_name(path)}"
        return Field(name=name, kind=kind, path=path, label=label, value=value, choices=choices, hint=hint)

    def lines(self, *path: str | int, label: str, hint: str = "") -> Field:
        return self._many(LINES, path, label, hint)

    def words(self, *path: str | int, label: str, hint: str = "") -> Field:
        return self._many(WORDS, path, label, hint)

    def asked(self, *path: str | int, label: str) -> Field:
        return self._many(LINES if path[-1] == "reply_mentions" else WORDS, path, label, "")

    def _many(self, kind: str, path: Path, label: str, hint: str) -> Field:
        node = self.at(*path)
        parts = [_of_item(item) for item in node.value] if node is not None and node.id == "sequence" else values(node)
        parting = "\n" if kind == LINES else ", "
        # What would be read back as something else can only be changed in the text.
        fixed = any(
            "\n" in part or part != part.strip() or (kind == WORDS and "," in part) or not part for part in parts
        )
        name = f"{kind}:{_name(path)}"
        return Field(name=name, kind=kind, path=path, label=label, value=parting.join(parts), hint=hint, fixed=fixed)


def _of_item(item: Any) -> str:
    if item.id != "mapping":
        return str(item.value)
    return str(next((value.value for key, value in item.value if key.value == "text"), ""))
