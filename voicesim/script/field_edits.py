"""Writes changed fields of a form into the text of a script file. Pure.

Only fields that differ from what the text holds are written, each at its place, so that comments, order and layout of
everything else stay as a person wrote them.
"""

from collections.abc import Mapping

from voicesim.errors import UsageError
from voicesim.model import Ending
from voicesim.script.edit import composed, found, scalar, with_item, with_items, with_key, with_value, without
from voicesim.script.fields import ASKS, DROP, LINES, NEW, TEXT, WORDS, Field, form_fields
from voicesim.script.form import quoted


def with_fields(text: str, given: Mapping[str, str]) -> str:
    """The text with the fields that differ from it; names that are no fields are left out.

    Raises UsageError for a field that cannot be written so. Whether the result loads is for the caller to see.
    """
    known = {field.name: field for field in form_fields(text).every()}
    differing = [(field, _plain(given[name])) for name, field in known.items() if name in given and not field.fixed]
    differing = [(field, value) for field, value in differing if value != field.value]
    for field, value in differing:
        if field.kind not in (DROP, NEW):
            text = _written(text, field, value)
    new = {field.name: value for field, value in differing if field.kind == NEW}
    for prefix in dict.fromkeys(name.rpartition("#")[0] for name in new):
        text = _added(
            text, prefix, {name.rpartition("#")[2]: v for name, v in new.items() if name.startswith(f"{prefix}#")}
        )
    # From the last to the first, so that the numbers before stay what they were.
    dropped = [field for field, _ in differing if field.kind == DROP]
    for field in sorted(dropped, key=lambda f: int(f.path[-1]), reverse=True):
        text = without(text, field.path)
    return text


def _plain(given: str) -> str:
    return given.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _written(text: str, field: Field, value: str) -> str:
    if field.kind in (LINES, WORDS):
        parts = value.split("\n") if field.kind == LINES else value.replace("\n", ",").split(",")
        items = [part.strip() for part in parts if part.strip()]
        return with_items(text, field.path, items, prose=field.kind == LINES)
    value = value.strip()
    if value:
        return with_value(text, field.path, value, prose=field.kind == TEXT)
    return without(text, field.path) if found(composed(text), field.path) is not None else text


def _added(text: str, prefix: str, given: Mapping[str, str]) -> str:
    """The text with a new fact, goal, offer, effect, rule or step; ``prefix`` says of what kind and where."""
    what, _, step = prefix.partition(":")
    if what == "rule":
        return _with_rule(text, step, given)
    if what == "step":
        return _with_step(text, given)
    key, value = given.get("name", "").strip(), given.get("value", "").strip()
    if not key and not value:
        return text
    if not key or not value:
        raise UsageError("a new entry needs both its name and what stands behind it", mend="Fill in both fields.")
    path = tuple(step.split("."))
    if found(composed(text), (*path, key)) is not None:
        raise UsageError(f"'{key}' is there already", mend="Change that one, or take another name.")
    phrases = [part.strip() for part in value.replace("\n", ",").split(",") if part.strip()]
    if path[0] == "anger":
        return with_key(text, (*path, key), f"[{', '.join(scalar(one) for one in phrases)}]")
    if path[-1] in ("may_offer", "may_not", "phrases"):
        return with_key(text, (*path, key), f"[{', '.join(quoted(phrase) for phrase in phrases)}]")
    return with_key(text, (*path, key), quoted(value))


def _with_rule(text: str, step: str, given: Mapping[str, str]) -> str:
    asked = []
    for key in ASKS:
        parts = [part.strip() for part in given.get(key, "").replace("\n", ",").split(",") if part.strip()]
        if parts:
            asked.append(f"{key}: [{', '.join(scalar(part, quotes=key == 'reply_mentions') for part in parts)}]")
    go = given.get("go", "")
    if not asked and not go:
        return text
    if not asked or not go:
        raise UsageError(f"the new rule of step '{step}' needs something to ask for and a step to go to")
    node = found(composed(text), ("steps", step, "next"))
    written = f"{{when: {{{', '.join(asked)}}}, go: {scalar(go)}}}"
    if node is None:
        raise UsageError(f"step '{step}' ends the call and has no rules", mend="Change that in the text.")
    last = len(node.value)
    if last and found(node, (last - 1, "otherwise")) is not None:
        last -= 1
    return with_item(text, ("steps", step, "next"), last, written)


def _with_step(text: str, given: Mapping[str, str]) -> str:
    name, mood = given.get("name", "").strip(), given.get("mood", "").strip()
    lines = [line.strip() for line in given.get("lines", "").split("\n") if line.strip()]
    then = given.get("then", "").strip()
    if not name and not lines and not then:
        return text
    if not (name and lines and mood and then):
        raise UsageError("a new step needs a name, a mood, a line and what comes then", mend="Fill in all four.")
    if found(composed(text), ("steps", name)) is not None:
        raise UsageError(f"there is a step '{name}' already", mend="Take another name.")
    say = f"{{{scalar(mood)}: [{', '.join(quoted(line) for line in lines)}]}}"
    ends = then in [ending.value for ending in Ending]
    leads = f"end: {then}" if ends else f"next: [{{otherwise: {scalar(then)}}}]"
    return with_key(text, ("steps", name), f"{{say: {say}, {leads}}}")
