"""Rehearsals: a script against stated replies, with stated expectations. Pure.

A rehearsal file names a script and lists made-up agents. A reply is ``heard`` (ids of findings: the detectors are
skipped, so the script alone is tested), ``says`` (text for the real detectors), both, or ``silent``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from voicesim.call.conduct import End, Happened, Replied, Said, Say, Silence, conduct
from voicesim.call.context import context_of
from voicesim.call.record import Recorder
from voicesim.call.text import typed, typed_reply
from voicesim.call.understood import Understand
from voicesim.catalogue import CATALOGUE
from voicesim.model import Context, Ending, Finding, Heard, Reply, Span
from voicesim.reading.reader import Fields, chosen, flag, texts, whole
from voicesim.reading.tree import Node, decode, parse
from voicesim.script.model import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedReply:
    """One reply of a rehearsal; ``heard`` None means that the detectors decide."""

    says: str = ""
    heard: tuple[str, ...] | None = None
    offers: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must hold at the end of a rehearsal; None asks for nothing, ``going_on`` that the call has not ended."""

    path: tuple[str, ...] | None = None
    endings: tuple[Ending, ...] | None = None
    going_on: bool = False
    anger_at_most: int | None = None
    anger_at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One made-up agent and what must become of the call."""

    name: str
    replies: tuple[StatedReply, ...]
    expected: Expected
    line_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What became of a rehearsal; ``faults`` is empty if everything held."""

    name: str
    path: tuple[str, ...]
    ending: Ending | None
    anger: int
    faults: tuple[str, ...]


def load_rehearsals(data: bytes, file: str) -> tuple[str, tuple[Rehearsal, ...]]:
    """The script id and the rehearsals of a file. Raises ScriptError with ``file:line``."""
    top = Fields(parse(decode(data, file), file), "the rehearsal file")
    script_id, items = top.text("script"), top.need("rehearsals")
    top.done()
    if not isinstance(items.value, list):
        items.fail("'rehearsals' must be a list", "Begin each with `- `.")
    return script_id, tuple(_rehearsal(item) for item in items.value)


def _rehearsal(node: Node) -> Rehearsal:
    fields = Fields(node, "the rehearsal")
    replies_node = fields.need("replies")
    if not isinstance(replies_node.value, list):
        replies_node.fail("'replies' must be a list", "Begin each with `- `.")
    rehearsal = Rehearsal(
        name=fields.text("name"),
        replies=tuple(reply for item in replies_node.value for reply in _stated(item)),
        expected=_expected(Fields(fields.need("expect"), "'expect'")),
        line_number=node.line,
    )
    fields.done()
    return rehearsal


def _stated(node: Node) -> tuple[StatedReply, ...]:
    fields = Fields(node, "the reply")
    heard = fields.take("heard")
    reply = StatedReply(
        says=fields.text("says", ""),
        heard=None if heard is None else _ids(heard),
        offers=fields.texts("offers"),
        mentions=fields.texts("mentions"),
        silent=flag(fields.take("silent"), "silent"),
    )
    times = fields.number("repeat", 1, 100, 1)
    fields.done()
    return (reply,) * times


def _ids(node: Node) -> tuple[str, ...]:
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(chosen(item, "heard", CATALOGUE) for item in items)


def _expected(fields: Fields) -> Expected:
    path, most, least = fields.take("path"), fields.take("anger_at_most"), fields.take("anger_at_least")
    going_on = "ending" in fields.node.value and fields.node.value["ending"].value is None
    ending = fields.take("ending")
    known = [e.value for e in Ending]
    endings = None if ending is None else (ending.value if isinstance(ending.value, list) else [ending])
    expected = Expected(
        path=None if path is None else texts(path, "path"),
        endings=None if endings is None else tuple(Ending(chosen(one, "ending", known)) for one in endings),
        going_on=going_on,
        anger_at_most=None if most is None else whole(most, "anger_at_most", 0, 10),
        anger_at_least=None if least is None else whole(least, "anger_at_least", 0, 10),
    )
    fields.done()
    return expected


def rehearse(script: Script, rehearsal: Rehearsal, understand: Understand, *, seed: int = 1) -> Rehearsed:
    """What becomes of the call when the rehearsal's replies are given one after the other.

    ``path`` lists the step of each line, but for what she says into a silence.
    """
    recorder, waiting = Recorder(script), iter(rehearsal.replies)
    call = conduct(script, seed)
    step = next(call)
    context = Context()
    path: list[str] = []
    anger = script.anger.start
    while not isinstance(step, End):
        happened: Happened = Said()
        if isinstance(step, Say):
            recorder.says(step)
            context = context_of(script, step.state, step.line, recorder.turns)
            anger = step.state.anger
            if step.outcome is None or step.outcome.reply is not None:
                path.append(step.line.step)
        else:
            stated = next(waiting, None)
            if stated is None:
                break
            happened = Silence() if stated.silent else Replied(reply=_reply(stated, context, script, understand))
        step = call.send(happened)
    ending = step.ending if isinstance(step, End) else None
    anger = step.state.anger if isinstance(step, End) else anger
    faults = (*_unknown(rehearsal, script), *_faults(rehearsal.expected, tuple(path), ending, anger))
    return Rehearsed(name=rehearsal.name, path=tuple(path), ending=ending, anger=anger, faults=faults)


def _reply(stated: StatedReply, context: Context, script: Script, understand: Understand) -> Reply:
    if stated.heard is None and stated.says:
        reply = typed_reply(stated.says, context, understand)
    else:
        found = tuple(Finding(kind=CATALOGUE[one].kind, id=one, turn=context.turn) for one in stated.heard or ())
        heard = Heard(transcript=typed(stated.says), findings=found)
        understood = understand(heard.transcript, context)
        span = Span(start=0, end=0)
        reply = Reply(span=span, live=heard, final=heard, offers=understood.offers, mentions=understood.mentions)
    mentions = tuple(script.caller.facts.get(one, one) for one in stated.mentions)
    return Reply(
        span=reply.span,
        live=reply.live,
        final=reply.final,
        offers=(*reply.offers, *stated.offers),
        mentions=(*reply.mentions, *mentions),
    )


def _unknown(rehearsal: Rehearsal, script: Script) -> Iterator[str]:
    listened_for = {*script.caller.facts, *script.phrases()}
    for number, reply in enumerate(rehearsal.replies, start=1):
        yield from (
            f"reply {number} offers '{o}', no offer here" for o in reply.offers if o not in script.briefing.may_offer
        )
        yield from (
            f"reply {number} mentions '{m}', which no rule hears" for m in reply.mentions if m not in listened_for
        )


def _faults(expected: Expected, path: tuple[str, ...], ending: Ending | None, anger: int) -> tuple[str, ...]:
    faults = []
    if expected.path is not None and expected.path != path:
        faults.append(f"the path was {' > '.join(path)}, not {' > '.join(expected.path)}")
    if expected.going_on and ending is not None:
        faults.append(f"the call ended {ending}, but should go on")
    if expected.endings is not None and ending not in expected.endings:
        faults.append(f"the ending was {ending or 'none yet'}, not {' or '.join(expected.endings)}")
    if expected.anger_at_most is not None and anger > expected.anger_at_most:
        faults.append(f"anger was {anger}, not {expected.anger_at_most} or less")
    if expected.anger_at_least is not None and anger < expected.anger_at_least:
        faults.append(f"anger was {anger}, not {expected.anger_at_least} or more")
    return tuple(faults)
