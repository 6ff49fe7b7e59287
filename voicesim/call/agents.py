"""Made-up agents who answer in words: what an excellent, an average and a poor one does, as data. Pure.

An agent sees what a trainee sees: the line, the caller's mood, the briefing. What he says goes through the detectors
that are handed in, so a call shows whether the script and the detectors together reward the better agent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicesim.call.agent_words import MISTAKES, NOTHING, TECHNIQUES, TELLS
from voicesim.call.chance import Chance
from voicesim.call.conduct import Control, End, Happened, Replied, Said, Say, Silence, conduct
from voicesim.call.context import context_of
from voicesim.call.record import Recorder
from voicesim.call.slots import filled, offer_slots, slots_of
from voicesim.call.text import typed_reply
from voicesim.call.understood import Understand
from voicesim.catalogue import CATALOGUE
from voicesim.model import CallRecord, CallState, Context, Kind, Phase
from voicesim.script.model import Script, When

#: Replies and silences after which a call is broken off.
LONGEST = 40
_MOST_PIECES = 3
#: Limits on abuse after which an agent who knows his trade ends the call.
_LIMITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How an agent works; shares are of replies, 0..1.

    ``attention``: how often he takes up what the step asks (a fact or phrase of its rules, an offer that it waits for),
    calms an angry caller first and sets a limit on abuse. ``techniques``: fewest and most beside that. ``mistakes``:
    how often each one slips in. ``silence``: how often he says nothing.
    """

    name: str
    attention: float
    techniques: tuple[int, int]
    mistakes: Mapping[str, float]
    silence: float


EXCELLENT = Profile(
    name="excellent",
    attention=0.9,
    techniques=(1, 2),
    mistakes={"policy_wall": 0.005, "jargon": 0.01, "false_promise": 0.005, "over_talk": 0.005},
    silence=0.005,
)
AVERAGE = Profile(
    name="average",
    attention=0.55,
    techniques=(0, 2),
    mistakes={
        **{"policy_wall": 0.03, "hedge_sorry": 0.03, "jargon": 0.03, "defensive": 0.02, "over_talk": 0.02},
        **{"false_promise": 0.02, "dismiss": 0.015, "command_calm": 0.015, "blame": 0.015, "disclosure": 0.03},
        **{"wrong_fact": 0.01, "risky_humour": 0.005},
    },
    silence=0.02,
)
POOR = Profile(
    name="poor",
    attention=0.2,
    techniques=(0, 1),
    mistakes={
        **{"policy_wall": 0.12, "hedge_sorry": 0.08, "jargon": 0.05, "defensive": 0.1, "over_talk": 0.05},
        **{"false_promise": 0.05, "dismiss": 0.08, "command_calm": 0.08, "blame": 0.1, "disclosure": 0.05},
        **{"wrong_fact": 0.03, "risky_humour": 0.02},
    },
    silence=0.05,
)
#: Best first: each must do better than the next one.
PROFILES = (EXCELLENT, AVERAGE, POOR)

# What fits a phase, the likelier the heavier.
_FITS: Mapping[Phase, Mapping[str, float]] = {
    Phase.CONTROL: {"vent": 3, "empathy": 3, "acknowledge": 2, "apology": 2, "thank": 1, "fact_finding": 1},
    Phase.ACKNOWLEDGE: {"acknowledge": 3, "empathy": 3, "apology": 2, "refocus": 2, "assurance": 1, "thank": 1},
    Phase.REFOCUS: {
        **{"assurance": 2, "offer_solution": 3, "verify_identity": 2, "fact_finding": 1, "closed_question": 1},
        **{"refocus": 1, "acknowledge": 1, "redirect": 0.5, "hold_asked": 0.3},
    },
    Phase.SOLVE: {
        **{"offer_solution": 3, "assurance": 3, "confirm_solution": 2, "takeaway": 3, "thank": 1, "close": 1},
        **{"dont_know": 0.5, "concession": 0.3, "refer": 0.3},
    },
}
_SOOTHING = {"empathy": 3.0, "acknowledge": 3.0, "apology": 2.0, "assurance": 2.0}
# Said once in a call: nobody greets or asks for the account number again.
_ONCE = ("greeting", "verify_identity", "hold_asked")
# The order within a reply: feeling and facts, then the fix, then what is asked, then what closes.
_ORDER = ("greeting", "thank", "set_limit", "apology", "empathy", "acknowledge", "refocus", "tell", "dont_know")
_LAST = ("vent", "fact_finding", "closed_question", "verify_identity", "confirm_solution", "takeaway", "close")
_ANGRY = 5


def agent_call(script: Script, profile: Profile, understand: Understand, *, seed: int) -> End:
    """How a call with an agent of that profile ends."""
    return _held(script, profile, understand, seed)[0]


def agent_record(script: Script, profile: Profile, understand: Understand, *, seed: int) -> CallRecord:
    """The record of a typed call with an agent of that profile, not judged yet."""
    end, recorder = _held(script, profile, understand, seed)
    recorder.ends(end)
    return recorder.record(end.ending, seed=seed, engines={}, trainee=profile.name)


def _held(script: Script, profile: Profile, understand: Understand, seed: int) -> tuple[End, Recorder]:
    recorder, chance, agent = Recorder(script), Chance("agent", script.id, profile.name, seed), _Agent(script, profile)
    call = conduct(script, seed)
    step, context, said = next(call), Context(), 0
    while not isinstance(step, End):
        happened: Happened = Said()
        if isinstance(step, Say):
            recorder.says(step)
            context = context_of(script, step.state, step.line, recorder.turns)
            state, abuse = step.state, step.line.abuse
        else:
            said += 1
            answer = Control.STOP if said > LONGEST else agent.answers(state, chance, abuse=abuse)
            if isinstance(answer, Control | Silence):
                happened = answer
            else:
                happened = Replied(reply=typed_reply(answer, context, understand))
        step = call.send(happened)
    return step, recorder


@dataclass(slots=True)
class _Piece:
    """One thing to say: a technique or mistake, or ``tell``; ``slots`` hold what it must be about."""

    id: str
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _Agent:
    """One agent in one call: what he has said so far is all that he remembers."""

    def __init__(self, script: Script, profile: Profile) -> None:
        self._script, self._profile = script, profile
        self._slots = slots_of(script)
        self._forbidden = {phrase for phrases in script.briefing.may_not.values() for phrase in phrases}
        self._done: dict[str, int] = {}
        self._said: frozenset[str] = frozenset()

    def answers(self, state: CallState, chance: Chance, *, abuse: bool) -> str | Silence | Control:
        """A reply in words, a silence, or hanging up after enough limits on abuse."""
        profile = self._profile
        if chance.happens(profile.silence):
            return Silence()
        attentive = chance.happens(profile.attention)
        if abuse and attentive and self._done.get("set_limit", 0) >= _LIMITS:
            return Control.HANG_UP
        pieces = [_Piece(one) for one, share in profile.mistakes.items() if chance.happens(share)]
        if not self._done and not state.turn and chance.happens(0.5 + profile.attention / 2):
            pieces.append(_Piece("greeting"))
        if attentive:
            pieces += self._asked(state, chance, abuse=abuse)
        wanted = chance.whole(*profile.techniques)
        pieces += [_Piece(one) for one in chance.some(self._fitting(state, pieces), wanted)]
        return self._words(pieces[:_MOST_PIECES], chance) or chance.pick(NOTHING)

    def _asked(self, state: CallState, chance: Chance, *, abuse: bool) -> list[_Piece]:
        """What the moment asks: a limit, calm, and what a rule of the step waits for."""
        pieces = [_Piece("set_limit")] if abuse else []
        rules = self._script.steps[state.step].rules
        # Where a mistake leads is no aim: whoever has read the briefing knows a promise that is out of reach.
        traps = {rule.go for rule in rules if rule.when.reply_has and not _worth(rule.when)}
        aims = {
            rule.when: _worth(rule.when) / (2 + place)
            for place, rule in enumerate(rules)
            if _worth(rule.when) and rule.go not in traps and not _ends_badly(self._script, rule.go)
            if not self._forbidden & set(rule.when.reply_mentions)
        }
        if aims:
            pieces += self._for_rule(chance.weighed(aims), state, chance)
        if state.anger >= _ANGRY and not any(piece.id in _SOOTHING for piece in pieces):
            pieces += [_Piece(one) for one in chance.some(self._fresh(_SOOTHING), 1)]
        return pieces

    def _for_rule(self, when: When, state: CallState, chance: Chance) -> list[_Piece]:
        pieces = []
        if when.reply_offers:
            pieces.append(self._offer(chance.pick(when.reply_offers)))
        if when.reply_mentions:
            phrase = chance.pick(when.reply_mentions)
            told = phrase in self._script.caller.facts.values() or state.phase in (Phase.CONTROL, Phase.ACKNOWLEDGE)
            pieces.append(_Piece("acknowledge" if told else "tell", {"fact": (phrase,)}))
        has = [one for one in when.reply_has if one in TECHNIQUES]
        if has and not any(piece.id in has for piece in pieces):
            fits = _FITS[state.phase]
            pieces.append(_Piece(chance.weighed(self._fresh({one: fits.get(one, 0.5) for one in has}))))
        pieces += [_Piece(one) for one in when.call_has if one in TECHNIQUES and not state.heard.get(one)]
        return pieces

    def _offer(self, key: str) -> _Piece:
        return _Piece("offer_solution", offer_slots(self._script.briefing.may_offer[key]))

    def _fitting(self, state: CallState, pieces: list[_Piece]) -> dict[str, float]:
        taken = {piece.id for piece in pieces}
        fits = {one: weight for one, weight in _FITS[state.phase].items() if one not in taken}
        if state.anger < _ANGRY:
            fits.pop("empathy", None)
        return self._fresh(fits)

    def _fresh(self, weights: Mapping[str, float]) -> dict[str, float]:
        """The weights, smaller for what was said before; what is said once in a call is left out then."""
        left = {one: w / (1 + self._done.get(one, 0)) for one, w in weights.items()}
        return {one: w for one, w in left.items() if one not in _ONCE or one not in self._done} or left

    def _words(self, pieces: list[_Piece], chance: Chance) -> str:
        spoken = []
        for piece in sorted(pieces, key=_place):
            if piece.id == "offer_solution" and not piece.slots:
                piece.slots = self._offer(chance.pick(tuple(self._script.briefing.may_offer))).slots
            wordings = TELLS if piece.id == "tell" else (TECHNIQUES.get(piece.id) or MISTAKES[piece.id])
            about = [w for w in wordings if any(f"{{{slot}}}" in w for slot in piece.slots)]
            words = filled(about or wordings, {**self._slots, **piece.slots}, chance, said=self._said)
            if words is not None:
                self._said |= {words[0]}
                self._done[piece.id] = self._done.get(piece.id, 0) + 1
                spoken.append(words[1][0].upper() + words[1][1:])
        return " ".join(spoken)


def _worth(when: When) -> int:
    """How much a rule is worth aiming at; 0 for one that asks for mistakes alone or for a mood alone."""
    if when.reply_has and not any(CATALOGUE[one].kind is Kind.TECHNIQUE for one in when.reply_has):
        return 0
    return 3 * bool(when.reply_offers) + 2 * bool(when.reply_mentions) + bool(when.reply_has or when.call_has)


def _ends_badly(script: Script, name: str) -> bool:
    end = script.steps[name].end
    return end is not None and not end.good


def _place(piece: _Piece) -> int:
    if piece.id in _ORDER:
        return _ORDER.index(piece.id)
    return len(_ORDER) + 1 + (_LAST.index(piece.id) if piece.id in _LAST else -1)
