"""What the detectors may know about a call when a reply comes in. Pure."""

from collections.abc import Sequence

from voicesim.model import CallState, Context, Line, Turn
from voicesim.script.model import Script


def context_of(script: Script, state: CallState, line: Line, turns: Sequence[Turn]) -> Context:
    """The context of the reply to ``line``: the briefing, the caller's facts and lines, and what was said before."""
    replies = [t.reply for t in turns if t.reply is not None]
    return Context(
        turn=state.turn + 1,
        phase=state.phase,
        caller_line=line.text,
        caller_lines=(*(t.line.text for t in turns), line.text),
        caller_name=script.caller.name,
        facts=script.caller.facts,
        may_offer=script.briefing.may_offer,
        may_not=script.briefing.may_not,
        verify=script.briefing.verify,
        screen=script.briefing.you_see,
        phrases=script.phrases(),
        said=tuple(reply.live.transcript.text for reply in replies),
        asked_who=bool(state.heard.get("verify_identity", 0)),
        abuse_passed=_abuse_passed(state, line, turns),
        anger=state.anger,
    )


def _abuse_passed(state: CallState, line: Line, turns: Sequence[Turn]) -> int:
    if state.heard.get("set_limit", 0):
        return 0
    return sum(t.line.abuse for t in turns) + line.abuse
