"""Reads what a caller says out of a script file: lines by mood, what she says into a silence, complications."""

from collections.abc import Collection

from voicesim.reading.codes import UNKNOWN_MOOD
from voicesim.reading.reader import Fields, chosen, closest, flag, text, told
from voicesim.reading.tree import Node
from voicesim.script.model import Complication, ComplicationKind, Wording

#: A turn of a complication, and for how many turns a sound lies on her lines, at most.
_LAST_TURN, _MOST_LINES = 100, 20
#: How many turns a sound lasts if the script does not say.
_USUAL_LINES = 2


def lines_by_mood(node: Node, what: str, moods: Collection[str]) -> dict[str, tuple[Wording, ...]]:
    """The wordings of each mood under a ``say``; ``what`` is named in messages. Raises ScriptError."""
    say: dict[str, tuple[Wording, ...]] = {}
    for mood, inner in Fields(node, f"'say' of {what}").node.value.items():
        if mood not in moods:
            inner.fail(f"{what} speaks in the mood '{mood}'", closest(mood, moods), code=UNKNOWN_MOOD)
        items = inner.value if isinstance(inner.value, list) else [inner]
        say[mood] = tuple(_wording(item) for item in items)
    if not any(say.values()):
        node.fail(f"{what} says nothing", "Give it one line at least.")
    return {mood: wordings for mood, wordings in say.items() if wordings}


def silence_lines(node: Node | None) -> tuple[str, ...]:
    """What she says into a silence, in turn. Raises ScriptError."""
    items = [] if node is None else node.value if isinstance(node.value, list) else [node]
    return tuple(_spoken(item, "silence") for item in items) or ("Hello? Are you still there?",)


def complications(node: Node | None, moods: Collection[str]) -> tuple[Complication, ...]:
    """What gets in the way of the call, in the order of the file. Raises ScriptError."""
    if node is None:
        return ()
    if not isinstance(node.value, list):
        node.fail("'complications' must be a list", "Begin each with `- `.")
    found: list[Complication] = []
    for item in node.value:
        one = _complication(item, moods)
        says = [c.turn for c in found if c.kind is ComplicationKind.SAYS]
        if one.kind is ComplicationKind.SAYS and one.turn in says:
            item.fail(f"two asides stand at turn {one.turn}", "Move one of them to another turn.")
        found.append(one)
    return tuple(found)


def _complication(node: Node, moods: Collection[str]) -> Complication:
    fields = Fields(node, "the complication")
    kind = ComplicationKind(chosen(fields.need("kind"), "kind", list(ComplicationKind)))
    number = node.line
    if kind is ComplicationKind.SAYS:
        # The first line is the first step's: only a reply can be left without its answer.
        turn = fields.number("turn", 2, _LAST_TURN)
        say = lines_by_mood(fields.need("say"), "an aside", moods)
        made = Complication(turn=turn, kind=kind, say=say, line_number=number)
    else:
        turn, lines = fields.number("turn", 1, _LAST_TURN), fields.number("lines", 1, _MOST_LINES, _USUAL_LINES)
        made = Complication(turn=turn, kind=kind, lines=lines, line_number=number)
    fields.done()
    return made


def _spoken(node: Node, what: str) -> str:
    spoken = text(node, what)
    if not any(character.isalnum() for character in spoken):
        node.fail(f"'{what}' is {told(spoken)}, without a word", "A voice needs a word to speak.")
    return spoken


def _wording(node: Node) -> Wording:
    if not isinstance(node.value, dict):
        return Wording(text=_spoken(node, "line"))
    fields = Fields(node, "the line")
    wording = Wording(
        text=_spoken(fields.need("text"), "text"),
        weight=fields.number("weight", 1, 100, 1),
        abuse=flag(fields.take("abuse"), "abuse"),
        coaching=fields.maybe_text("coaching"),
    )
    fields.done()
    return wording
