"""What holds for every script that loads and every reply: made-up scripts, made-up replies, no sound."""

import json
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim.call.answer import answer, open_call, wait
from voicesim.call.conduct import End, Listen, Replied, Said, Say, Silence, conduct
from voicesim.call.record import Recorder
from voicesim.call.text import typed
from voicesim.catalogue import CATALOGUE
from voicesim.model import Delivery, Ending, Finding, Heard, Kind, Phase, Reply, Span
from voicesim.script.dial import LEVELS, dialled
from voicesim.script.draw import mermaid
from voicesim.script.lint import lint
from voicesim.script.load import load_script
from voicesim.script.model import MOODS

IDS = sorted(CATALOGUE)
MISTAKES = [name for name in IDS if CATALOGUE[name].kind is Kind.MISTAKE]
OFFERS, PHRASES = ("refund", "voucher"), ("20 euros", "3 May", "the till")
LINES = ("Where is it?", "And now?", "Well?", "I am waiting.")


@st.composite
def moods(draw):
    """Some of the moods, in order, that share 0..10 without a gap."""
    names = sorted(draw(st.sets(st.sampled_from(MOODS), min_size=1)), key=MOODS.index)
    cuts = sorted(draw(st.sets(st.integers(1, 10), min_size=len(names) - 1, max_size=len(names) - 1)))
    return {name: f"{low}-{high - 1}" for name, (low, high) in zip(names, pairwise([0, *cuts, 11]), strict=True)}


@st.composite
def steps(draw, names, known_moods):
    """Steps that lead anywhere, and two that end the call."""
    some = st.lists(st.sampled_from(IDS), min_size=1, max_size=3)
    when = st.fixed_dictionaries(
        {},
        optional={
            "reply_has": some,
            "call_has": some,
            "reply_offers": st.lists(st.sampled_from(OFFERS), min_size=1),
            "reply_mentions": st.lists(st.sampled_from(PHRASES), min_size=1),
            "mood": st.lists(st.sampled_from(known_moods), min_size=1),
        },
    ).filter(bool)
    target = st.sampled_from([*names, "good", "bad"])
    otherwise = st.fixed_dictionaries({"otherwise": target})
    counted = st.fixed_dictionaries({"otherwise": target, "tries": st.integers(1, 3), "then": target})
    line = st.one_of(
        st.sampled_from(LINES),
        st.fixed_dictionaries({"text": st.sampled_from(LINES), "weight": st.integers(1, 3), "abuse": st.booleans()}),
    )
    say = st.dictionaries(st.sampled_from(known_moods), st.lists(line, min_size=1, max_size=3), min_size=1)
    made = {}
    for name in names:
        rules = draw(st.lists(st.fixed_dictionaries({"when": when, "go": target}), max_size=3))
        last = draw(st.lists(st.one_of(otherwise, counted), min_size=0 if rules else 1, max_size=1))
        made[name] = {"phase": draw(st.sampled_from(list(Phase))), "say": draw(say), "next": [*rules, *last]}
    for name, ending in (("good", Ending.RESOLVED), ("bad", Ending.ESCALATED)):
        made[name] = {"say": draw(say), "end": ending}
    return made


@st.composite
def complications(draw, known_moods):
    """Sounds and asides at any turn, of asides one at a turn."""
    sound = st.fixed_dictionaries(
        {"turn": st.integers(1, 6), "kind": st.sampled_from(["bad_line", "baby_crying"]), "lines": st.integers(1, 3)}
    )
    words = st.lists(st.sampled_from(LINES), min_size=1, max_size=2)
    say = st.dictionaries(st.sampled_from(known_moods), words, min_size=1)
    aside = st.fixed_dictionaries({"turn": st.integers(2, 6), "kind": st.just("says"), "say": say})
    asides = draw(st.lists(aside, max_size=2, unique_by=lambda one: one["turn"]))
    return [*draw(st.lists(sound, max_size=2)), *asides]


@st.composite
def scripts(draw):
    """Any script with a 'gives_up' that the loader takes."""
    ranges = draw(moods())
    names = [f"step_{number}" for number in range(draw(st.integers(1, 4)))]
    numbers = st.one_of(st.integers(0, 10), st.lists(st.integers(0, 10), min_size=1, max_size=3))
    effect = st.one_of(numbers, st.fixed_dictionaries({"by": numbers, "from_anger": st.integers(0, 10)}))
    effects = draw(st.dictionaries(st.sampled_from(IDS), effect, max_size=6))
    anger = {
        "start": draw(st.integers(0, 10)),
        "moods": ranges,
        "lowered_by": {name: value for name, value in effects.items() if name not in MISTAKES},
        "raised_by": {name: value for name, value in effects.items() if name in MISTAKES},
        "gives_up": {"after_turns": draw(st.integers(1, 6)), "go": "bad"},
    }
    if draw(st.booleans()):
        anger["hangs_up"] = {"at": draw(st.integers(1, 10)), "go": "bad"}
    whole = {
        "format": 1, "id": "made", "version": 1, "title": "Made", "anger": anger,
        "briefing": {"you_are": "Kim", "may_offer": {name: [name] for name in OFFERS}},
        "caller": {"name": "Pat", "about": "Made up.", "voice": {"persona": "woman"}},
        "steps": draw(steps(names, list(ranges))),
        "complications": draw(complications(list(ranges))),
    }  # fmt: skip
    return load_script(json.dumps(whole).encode(), "made.yaml")


def findings(ids, quotes, sures):
    return tuple(
        Finding(kind=CATALOGUE[name].kind, id=name, quote=quote, sure=sure)
        for name, quote, sure in zip(ids, quotes, sures, strict=False)
    )


@st.composite
def replies(draw):
    """A reply in which anything may have been found, offered and said, in any tone."""
    ids = draw(st.lists(st.sampled_from(IDS), max_size=12))
    quotes = draw(st.lists(st.sampled_from(["so twenty euros", "I will do it", "", None]), min_size=12, max_size=12))
    sures = draw(st.lists(st.sampled_from([True, True, False]), min_size=12, max_size=12))
    heard = Heard(transcript=typed("made"), findings=findings(ids, quotes, sures))
    tension = draw(st.one_of(st.none(), st.sampled_from([-3.0, 0.0, 3.0])))
    return Reply(
        span=Span(start=0, end=0),
        live=heard,
        final=heard,
        offers=tuple(draw(st.sets(st.sampled_from(OFFERS)))),
        mentions=tuple(draw(st.sets(st.sampled_from(PHRASES)))),
        delivery=None if tension is None else Delivery(speech_s=3.0, tension=tension, calibrated=True),
    )


#: A reply, or None for a silence.
turns = st.lists(st.one_of(replies(), replies(), st.none()), max_size=12)
seeds = st.integers(0, 5)
quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def course(script, seed, happens):
    """What a call yields for these turns: every line, listening and ending until the turns are used up."""
    waiting, call = iter(happens), conduct(script, seed)
    step, seen = next(call), []
    while True:
        seen.append(step)
        if isinstance(step, End):
            return seen
        if isinstance(step, Say):
            step = call.send(Said())
            continue
        try:
            reply = next(waiting)
        except StopIteration:
            return seen
        step = call.send(Silence() if reply is None else Replied(reply=reply))


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_anger_stays_within_0_and_10_and_its_reasons_add_up(script, seed, happens):
    for step in course(script, seed, happens):
        if isinstance(step, Listen) or step.outcome is None:
            continue
        before, after = step.outcome.before, step.outcome.after
        assert 0 <= after.anger <= 10
        assert after.anger - before.anger == sum(i.delta for i in step.outcome.influences)
        assert -3 <= after.anger - before.anger <= 4
        assert all(i.rule for i in step.outcome.influences)


@quick
@given(script=scripts(), seed=seeds, happens=st.lists(replies(), min_size=6, max_size=6), quiet=st.integers(0, 2))
def test_every_call_that_gives_up_ends(script, seed, happens, quiet):
    """After so many replies at the latest, even with silences between."""
    among = [one for reply in happens for one in (*([None] * quiet), reply)]
    assert isinstance(course(script, seed, among)[-1], End)


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_the_same_seed_is_the_same_call(script, seed, happens):
    assert course(script, seed, happens) == course(script, seed, happens)


@quick
@given(script=scripts(), seed=seeds, other=seeds, happens=turns)
def test_another_seed_chooses_other_lines_and_nothing_else(script, seed, other, happens):
    def steps_of(chance):
        said = [step for step in course(script, chance, happens) if not isinstance(step, Listen)]
        return [(step.state.step, step.state.anger, step.state.tries, step.state.phase) for step in said]

    assert steps_of(seed) == steps_of(other)


@quick
@given(script=scripts(), seed=seeds, reply=replies(), order=st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(script, seed, reply, order):
    once = tuple({f.id: f for f in reply.live.findings}.values())
    shuffled = list(once)
    order.shuffle(shuffled)
    state, _ = open_call(script, seed)

    def after(found):
        heard = Heard(transcript=reply.live.transcript, findings=tuple(found))
        moved, line, _ = answer(script, state, Reply(span=reply.span, live=heard, final=heard, mentions=reply.mentions))
        return moved.anger, moved.step, dict(moved.heard), line

    assert after(once) == after(shuffled)


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_a_call_resumed_from_any_state_goes_on_as_it_would_have(script, seed, happens):
    """Also right after a silence, and a repeated line can be recorded."""
    seen = course(script, seed, happens)
    said = [step for step in seen if isinstance(step, Say)]
    for number, say in enumerate(said[1:], start=1):
        again = conduct(script, seed, say.state)
        first = next(again)
        if isinstance(first, End):
            continue
        if number < len(said) - 1 or isinstance(seen[-1], End):
            reply = happens[number]
            following = again.send(Silence() if reply is None else Replied(reply=reply))
            assert following == (said[number + 1] if number < len(said) - 1 else following)


@quick
@given(script=scripts(), seed=seeds, wrong=replies(), right=replies())
def test_an_answer_that_is_taken_back_leaves_no_trace(script, seed, wrong, right):
    call = conduct(script, seed)
    next(call)
    if isinstance(call.send(Said()), End):
        return
    call.send(Replied(reply=wrong))
    call.send(Said(went_on=True))
    joined = call.send(Replied(reply=right))
    [_, _, direct, *_] = course(script, seed, [right])
    assert joined == direct


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_no_line_comes_twice_running_where_the_mood_has_two(script, seed, happens):
    said = [step for step in course(script, seed, happens) if isinstance(step, Say)]
    for one, next_one in pairwise(said):
        spoken_in = script.steps[next_one.line.step].say
        if one.line.id == next_one.line.id and not next_one.line.id.startswith(("silence-", "aside-")):
            assert len({wording.text for wording in spoken_in[next_one.line.mood]}) == 1


@quick
@given(script=scripts(), seed=seeds)
def test_a_trainee_who_says_nothing_meets_three_silences_at_most(script, seed):
    state, _ = open_call(script, seed)
    lines = []
    for _ in range(3):
        state, line, _ = wait(script, state)
        lines.append(line)
    ended = any(line is not None and script.steps[line.step].end for line in lines)
    assert lines[2] is None or ended


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_every_turn_is_recorded_once(script, seed, happens):
    recorder, seen = Recorder(script), course(script, seed, happens)
    for step in seen:
        if isinstance(step, Say):
            recorder.says(step)
        elif isinstance(step, End):
            recorder.ends(step)
    lines = [step.line for step in seen if isinstance(step, Say)]
    record = recorder.record(Ending.STOPPED, seed=seed, engines={})
    assert [turn.line for turn in record.turns] == lines
    assert all(one.after.anger == next_one.before.anger for one, next_one in pairwise(record.turns))


@quick
@given(script=scripts())
def test_every_script_that_loads_can_be_drawn_and_linted(script):
    assert all(problem.mend for problem in lint(script, personas=("man",)))
    assert all(f"    {name}" in mermaid(script) for name in script.steps)


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_an_aside_only_delays_the_line_of_the_step_it_stands_in(script, seed, happens):
    """The reply to it leads to that step or, by anger or patience, to the end; no aside stands where a call ends."""
    said = [step for step in course(script, seed, happens) if isinstance(step, Say)]
    exits = {leave.go for leave in (script.anger.hangs_up, script.anger.gives_up) if leave}
    for one, next_one in pairwise(said):
        if one.state.aside is not None:
            assert script.steps[one.state.step].end is None
            assert next_one.state.step in {one.state.step, *exits}


@quick
@given(
    script=scripts(), level=st.sampled_from(LEVELS), seed=seeds, happens=st.lists(replies(), min_size=12, max_size=12)
)
def test_a_dialled_script_is_a_script_whose_calls_end(script, level, seed, happens):
    """At every level: no new problem for lint, no line that was not there ahead, and an end after so many replies."""
    made = dialled(script, level, seed).script
    assert [(p.code, p.line) for p in lint(made)] == [(p.code, p.line) for p in lint(script)]
    seen = course(made, seed, happens)
    assert isinstance(seen[-1], End)
    ahead = set(made.sounds())
    assert all(replace(step.line, step=place_of(step.line)) in ahead for step in seen if isinstance(step, Say))


def place_of(line):
    """Where the script has a line that is said in a step: its silences and asides belong to none."""
    return next((name for name in ("silence", "aside") if line.id.startswith(f"{name}-")), line.step)
