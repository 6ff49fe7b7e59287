"""Makes a rubric of a YAML file and refuses, with file and line, what no call could be scored with. Pure."""

import re
from collections.abc import Mapping
from hashlib import sha256

from voicesim.catalogue import CATALOGUE
from voicesim.coach.rubric import Cost, Criterion, Measure, Needs, Qa, Rubric
from voicesim.errors import InputError, ScriptError
from voicesim.model import Kind, Phase
from voicesim.reading.reader import Fields, chosen, closest, flag, texts
from voicesim.reading.tree import Node, decode, parse

FORMAT = 1
#: What all criteria together are worth, without those that only abuse asks for.
WHOLE = 100
_LONGEST_TITLE = 120
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TECHNIQUES = tuple(e.id for e in CATALOGUE.values() if e.kind is Kind.TECHNIQUE)
_MISTAKES = (*(e.id for e in CATALOGUE.values() if e.kind is Kind.MISTAKE), "long_silence")
#: What a measure cannot be judged without.
_NEEDED = {Measure.HEARD_OUT: Needs.SOUND, Measure.CALM_DELIVERY: Needs.DELIVERY}


def load_rubric(data: bytes, file: str) -> Rubric:
    """The rubric of a file. Raises InputError as one line: ``file:line: what. how to mend``."""
    try:
        top = Fields(parse(decode(data, file), file), "a rubric")
        return _rubric(top, sha256(data).hexdigest())
    except ScriptError as error:
        # The codes of such errors belong to scripts and their page.
        raise InputError(error.what, where=error.where, mend=error.mend) from None


def _rubric(top: Fields, digest: str) -> Rubric:
    top.of_format(FORMAT)
    name = top.need("id")
    rubric_id = str(name.written or name.value)
    if not _ID.fullmatch(rubric_id) or len(rubric_id) > 40:
        name.fail(f"'id' is '{rubric_id}'", "Write small letters, digits and single hyphens, 40 at most.")
    version, title = top.number("version", 1, 9999), top.text("title")
    delivery = flag(top.take("delivery"), "delivery")
    naming = top.number("naming_from_anger", 0, 10, 5)
    phases = Fields(top.need("phases"), "'phases'")
    criteria = tuple(c for phase in Phase for c in _phase(phases, phase, delivery=delivery))
    phases.done()
    _sums(phases.node, criteria)
    times, goals = top.number("mistakes_counted", 1, 40, 2), top.number("goal_points", 0, 20, 3)
    mistakes = _mistakes(top.pairs("mistakes"))
    critical, held_at = _critical(top.take("critical"))
    top.done()
    return Rubric(
        id=rubric_id,
        version=version,
        title=title,
        sha256=digest,
        criteria=criteria,
        mistakes=mistakes,
        mistake_times=times,
        goal_points=goals,
        critical=critical,
        held_at=held_at,
        naming_from_anger=naming,
        delivery=delivery,
    )


def _phase(phases: Fields, phase: Phase, *, delivery: bool) -> list[Criterion]:
    found = phases.pairs(phase.value)
    criteria = [_criterion(name, node, phase, delivery=delivery) for name, node in found.items()]
    if not any(c.needs is Needs.NOTHING for c in criteria):
        what = f"the phase '{phase}' has no criterion that every call can be judged by"
        phases.node.fail(what, f"Write criteria under `{phase}:`, one of them without `needs`.")
    return criteria


def _criterion(name: str, node: Node, phase: Phase, *, delivery: bool) -> Criterion:
    known = (*_TECHNIQUES, *(m.value for m in Measure))
    if name not in known:
        node.fail(f"there is no technique or measure '{name}'", closest(name, known))
    fields = Fields(node, f"the criterion '{name}'")
    points = fields.number("points", 1, WHOLE)
    qa = Qa(chosen(fields.need("qa"), "qa", [q.value for q in Qa]))
    needs = Needs(fields.choice("needs", [n.value for n in Needs], Needs.NOTHING.value))
    measure = None if name in _TECHNIQUES else Measure(name)
    any_of = () if measure else _earned_by(fields.take("earned_by"), name)
    within = fields.take("within")
    at_most = fields.number("at_most", 1, 40, 0) or None
    title = fields.maybe_text("title")
    if measure and (within or at_most):
        node.fail(f"'{name}' is measured over its phase", "Remove `within` and `at_most` from it.")
    if title and len(title) > _LONGEST_TITLE:
        node.fail(f"'title' has {len(title)} characters", f"Write {_LONGEST_TITLE} at most.")
    fields.done()
    if measure is Measure.CALM_DELIVERY and not delivery:
        node.fail("this asks how replies sounded", "Write `delivery: true` at the top, and read docs/rubrics.md first.")
    if needs is Needs.DELIVERY and measure is not Measure.CALM_DELIVERY:
        node.fail(f"'{name}' does not look at delivery", "Remove `needs: delivery` from it.")
    return Criterion(
        id=name,
        phase=phase,
        points=points,
        qa=qa,
        any_of=any_of,
        measure=measure,
        within=() if within is None else _phases_of(within),
        needs=needs if measure is None else _NEEDED.get(measure, needs),
        at_most=at_most,
        title=title,
    )


def _earned_by(node: Node | None, name: str) -> tuple[str, ...]:
    if node is None:
        return (name,)
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        node.fail(f"nothing can earn the points of '{name}'", "Name a technique, or remove `earned_by`.")
    for item, one in zip(items, texts(node, "earned_by"), strict=True):
        if one not in CATALOGUE:
            item.fail(f"'earned_by' names '{one}', which nothing detects", closest(one, _TECHNIQUES))
        if (kind := CATALOGUE[one].kind) is not Kind.TECHNIQUE:
            item.fail(f"'{one}' is a {kind} and earns nothing", "Name techniques; mistakes have their own list.")
    return texts(node, "earned_by")


def _phases_of(node: Node) -> tuple[Phase, ...]:
    known = [phase.value for phase in Phase]
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(Phase(chosen(item, "within", known)) for item in items)


def _sums(node: Node, criteria: tuple[Criterion, ...]) -> None:
    points = sum(c.points for c in criteria if c.needs is not Needs.ABUSE)
    if points != WHOLE:
        parts = ", ".join(
            f"{p} {sum(c.points for c in criteria if c.phase is p and c.needs is not Needs.ABUSE)}" for p in Phase
        )
        what = f"the points of all criteria are {points}, not {WHOLE} ({parts})"
        node.fail(what, "Change `points`; criteria with `needs: abuse` come on top and are not counted here.")


def _mistakes(found: Mapping[str, Node]) -> dict[str, Cost]:
    costs = {}
    for name, node in found.items():
        if name not in _MISTAKES:
            node.fail(f"there is no mistake '{name}'", closest(name, _MISTAKES))
        fields = Fields(node, f"the mistake '{name}'")
        qa = Qa(chosen(fields.need("qa"), "qa", [q.value for q in Qa]))
        costs[name] = Cost(points=fields.number("points", 0, WHOLE), qa=qa)
        fields.done()
    return costs


def _critical(node: Node | None) -> tuple[tuple[str, ...], int]:
    """The errors that hold the total, and where; without such errors nothing is held."""
    if node is None:
        return (), WHOLE
    fields = Fields(node, "'critical'")
    held_at, errors = fields.number("held_at", 0, WHOLE - 1), fields.need("errors")
    items = errors.value if isinstance(errors.value, list) else [errors]
    for item, one in zip(items, texts(errors, "errors"), strict=True):
        if one not in _MISTAKES:
            item.fail(f"the critical error '{one}' is no mistake that is detected", closest(one, _MISTAKES))
    fields.done()
    return texts(errors, "errors"), held_at
