"""Made-up agents: what they say, how their calls are counted, and when one is better than another."""

from collections import Counter
from dataclasses import replace

import pytest

from voicesim.call.agent_words import MISTAKES, NOTHING, TECHNIQUES, TELLS
from voicesim.call.agents import AVERAGE, EXCELLENT, LONGEST, POOR, PROFILES, Profile, agent_call
from voicesim.call.chance import Chance
from voicesim.call.random_calls import random_calls
from voicesim.call.slots import filled, offer_slots, slots_of
from voicesim.call.tally import Tally, beats
from voicesim.call.understood import Understood
from voicesim.catalogue import CATALOGUE
from voicesim.model import Ending, Heard, Kind

#: Mistakes that no words of one reply can make.
WORDLESS = {"accept_abuse", "hang_up_unannounced", "interrupt"}


@pytest.fixture
def replies():
    """Calls of a script with an agent whom nobody understands: gives the end and what he said."""

    def hold(script, profile, seed=1):
        said = []

        def understand(transcript, context):
            said.append(transcript.text)
            return Understood(heard=Heard(transcript=transcript))

        return agent_call(script, profile, understand, seed=seed), said

    return hold


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.id)
def test_every_technique_and_mistake_has_six_wordings_or_more(entry):
    wordings = {**TECHNIQUES, **MISTAKES}.get(entry.id, ())
    wordless = entry.kind is Kind.CONDITION or entry.id in WORDLESS
    assert len(set(wordings)) >= (0 if wordless else 6)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_profile_makes_only_mistakes_that_it_has_words_for(profile):
    assert profile.mistakes.keys() <= MISTAKES.keys()


def test_every_slot_can_be_filled_from_a_script(script):
    held = {
        **slots_of(script),
        **offer_slots(["hardship payment", "pay it back"]),
        "verify": ("name",),
        "refer": ("the boss",),
    }
    held |= offer_slots(["a free holiday", "pay your rent"], thing="promise", doing="promise_do")
    wordings = [w for words in (*TECHNIQUES.values(), *MISTAKES.values(), NOTHING, TELLS) for w in words]
    assert all(filled([wording], held, Chance(1)) for wording in wordings)


def test_a_wording_is_left_out_if_the_script_has_nothing_for_its_slot():
    assert filled(["Your {verify}, please."], {}, Chance(1)) is None


def test_a_wording_comes_twice_only_if_there_is_no_other():
    assert {filled(["a", "b"], {}, Chance(n), said=frozenset("a")) for n in range(20)} == {("b", "b")}
    assert filled(["a"], {}, Chance(1), said=frozenset("a")) == ("a", "a")


def test_the_same_seed_makes_an_agent_say_the_same(script, replies):
    assert replies(script, AVERAGE) == replies(script, AVERAGE)
    assert len({tuple(replies(script, AVERAGE, seed)[1]) for seed in range(5)}) == 5


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_whoever_is_not_silent_says_something(script, replies, profile):
    assert all(text.strip() for seed in range(20) for text in replies(script, profile, seed)[1])


def test_a_better_agent_does_more_of_what_is_asked_and_makes_fewer_mistakes():
    for better, worse in ((EXCELLENT, AVERAGE), (AVERAGE, POOR)):
        assert better.attention > worse.attention
        assert sum(better.mistakes.values()) < sum(worse.mistakes.values())
        assert better.silence < worse.silence


def test_an_attentive_agent_takes_up_what_the_step_asks(script, replies):
    """The opening waits for the amount or for a referral; who pays no attention seldom says either."""

    def first_replies(attention):
        profile = Profile(name="one", attention=attention, techniques=(0, 1), mistakes={}, silence=0)
        return [replies(script, profile, seed)[1][0] for seed in range(20)]

    def taken_up(texts):
        asked = [w.split("{")[0] for w in TECHNIQUES["refer"]]
        return sum("20 euros" in text or any(words in text for words in asked) for text in texts)

    assert taken_up(first_replies(0)) < 10 < taken_up(first_replies(1))


def test_a_silent_agent_is_left_by_the_caller(script, replies):
    silent = Profile(name="silent", attention=0, techniques=(0, 0), mistakes={}, silence=1)
    end, said = replies(script, silent)
    assert (end.ending, said) == (Ending.HUNG_UP, [])


def test_a_call_without_end_is_broken_off(script, replies):
    patient = replace(script, anger=replace(script.anger, gives_up=None, hangs_up=None))
    lonely = {name: replace(step, rules=(), otherwise=None) for name, step in patient.steps.items()}
    end, said = replies(replace(patient, steps=lonely), replace(AVERAGE, silence=0))
    assert (end.ending, len(said)) == (Ending.STOPPED, LONGEST)


def test_random_calls_reach_every_step_and_rule_of_a_sound_script(script):
    found = random_calls(script, calls=300)
    assert (found.endings, found.steps, found.rules) == ((), (), ())
    assert found.visited == script.steps.keys()
    assert sum(found.tally.endings.values()) == found.tally.calls == 300
    assert found.longest <= script.anger.gives_up.at


def test_random_calls_are_those_of_their_seed(script):
    assert random_calls(script, calls=50, seed=2) == random_calls(script, calls=50, seed=2)
    assert random_calls(script, calls=50, seed=2) != random_calls(script, calls=50, seed=3)


@pytest.mark.parametrize(
    ("better", "worse", "calls", "surely"),
    [
        (200, 190, 200, True),
        (200, 198, 200, False),
        (110, 90, 200, True),
        (105, 95, 200, False),
        (10, 9, 10, False),
        (10, 5, 10, True),
        (0, 0, 200, False),
        (200, 200, 200, False),
        (90, 110, 200, False),
    ],
)
def test_one_share_beats_another_only_beyond_doubt(better, worse, calls, surely):
    def counted(good):
        endings = {Ending.RESOLVED: good, Ending.HUNG_UP: calls - good}
        return Tally(calls=calls, endings=endings, mean_turns=1, mean_anger=1)

    assert beats(counted(better), counted(worse)) is surely


def test_what_is_not_judged_is_no_good_ending():
    assert (
        Tally(calls=4, endings={Ending.STOPPED: 3, Ending.REFERRED: 1}, mean_turns=1, mean_anger=1).good_share == 0.25
    )


def test_draws_follow_their_weights():
    chance = Chance("weights")
    drawn = Counter(chance.weighed({"often": 9.0, "seldom": 1.0}) for _ in range(1_000))
    assert 850 < drawn["often"] < 950
    assert {chance.whole(1, 3) for _ in range(100)} == {1, 2, 3}
    assert sorted(chance.some({"a": 1, "b": 1}, 5)) == ["a", "b"]
