"""The difficulty dial on every shipped script: what each level changes, and that the script stays a sound one."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from voicesim.backends.personas import PERSONAS
from voicesim.call.patience import Patience
from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.errors import InputError
from voicesim.language.stop_word import says_stop
from voicesim.model import Ending
from voicesim.script.curt import without_kind_words
from voicesim.script.dial import LEVELS, USUAL_PATIENCE_S, dialled
from voicesim.script.dial_words import OPENING, TARGETED
from voicesim.script.lint import lint
from voicesim.script.load import load_script
from voicesim.script.model import Complication, ComplicationKind
from voicesim.wiring.engines import understood

ROOT = Path(__file__).parents[2]
AGENTS = ROOT / "tests" / "agents"
SHIPPED = {path.stem: path for path in sorted((ROOT / "scripts").glob("*.yaml"))}
ACTORS = ("woman", "man")
SMALL = load_script((ROOT / "tests" / "data" / "small.yaml").read_bytes(), "small.yaml")
AIMED = {sentence for pool in (TARGETED, OPENING) for sentences in pool.values() for sentence in sentences}


@cache
def shipped(name):
    return load_script(SHIPPED[name].read_bytes(), SHIPPED[name].name)


def problems(script):
    return [(problem.code, problem.line) for problem in lint(script, personas=tuple(PERSONAS))]


def held(script, text, *, seed=1, **more):
    return hold_typed(script, typed_replies(text), understood, seed=seed, watcher=Watcher(), **more)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_script_stays_sound_at_every_level(name, level):
    """No new problem for lint, every line once, the same places and ways to end, and the record says what changed."""
    script = shipped(name)
    made = dialled(script, level, 1)
    assert problems(made.script) == problems(script)
    ids = [line.id for line in made.script.lines()]
    assert len(set(ids)) == len(ids)
    assert list(made.script.steps) == list(script.steps)
    assert (made.script.ref, made.script.file, made.level) == (script.ref, script.file, level)
    assert made.changes
    moods = [(step.name, mood, len(said)) for step in script.steps.values() for mood, said in step.say.items()]
    assert moods == [(s.name, mood, len(said)) for s in made.script.steps.values() for mood, said in s.say.items()]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_call_reaches_an_end_at_every_level(name, level):
    """By giving up at the latest, or by hanging up on somebody who is silent."""
    script = dialled(shipped(name), level, 2).script
    ends = {held(script, "Hm, I see.\n" * 120).ending, held(script, "\n" * 5).ending}
    assert not ends & {Ending.STOPPED, Ending.INCOMPLETE}


GOOD = [name for name in SHIPPED if (AGENTS / f"{name}.good.txt").is_file()]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_agent_wins_on_the_lower_levels_as_on_the_script_as_written(name):
    """Words alone move nobody: only complications and interruptions cost a call."""
    text = (AGENTS / f"{name}.good.txt").read_text(encoding="utf-8")
    written = held(shipped(name), text)
    for level in (1, 2):
        assert held(dialled(shipped(name), level, 1).script, text).ending == written.ending, f"level {level}"
    assert written.ending.good


def test_a_good_agent_hardly_wins_on_the_highest_level():
    """Over five scripts and two seeds: fewer wins at 4 than at 3, and still some."""

    def wins(level):
        calls = [(name, seed) for name in GOOD[:5] for seed in (1, 2)]
        good = 0
        for name, seed in calls:
            text = (AGENTS / f"{name}.good.txt").read_text(encoding="utf-8")
            good += bool(held(dialled(shipped(name), level, seed).script, text, seed=seed).ending.good)
        return good / len(calls)

    hardest, harder = wins(4), wins(3)
    assert 0 < hardest < harder < 1
    assert hardest <= 0.75


def test_no_level_is_the_level_above_another():
    script = shipped("billed-twice")
    made = [dialled(script, level, 1) for level in LEVELS]
    assert set(made[1].changes) < set(made[2].changes) < set(made[3].changes)
    assert [one.script.interrupts_after_s for one in made] == [None, None, None, 8.0, 5.0]
    assert [len(one.script.complications) for one in made] == [0, 0, 0, 1, 3]


def test_gentle_takes_away_what_presses_and_gives_time():
    pressing = replace(
        SMALL,
        interrupts_after_s=6.0,
        complications=(Complication(turn=2, kind=ComplicationKind.BAD_LINE),),
        patience_s=4.0,
    )
    made = dialled(pressing, 0, 1).script
    assert (made.interrupts_after_s, made.complications, made.patience_s) == (None, (), 5.0)
    assert made.anger.gives_up.at == pressing.anger.gives_up.at + 4
    assert [line.text for line in made.lines()] == [line.text for line in pressing.lines()]
    assert dialled(SMALL, 0, 1).script.patience_s == round(1.5 * USUAL_PATIENCE_S, 2)
    assert Patience().incomplete_s == USUAL_PATIENCE_S


@pytest.mark.parametrize(
    ("line", "curt"),
    [
        ("Thank you. That is all I wanted.", "That is all I wanted."),
        ("Thanks for listening. Bye.", "Bye."),
        ("Okay, thanks, that makes sense.", "Okay, that makes sense."),
        ("Please, tell me when.", "Tell me when."),
        ("Please tell me when.", "Tell me when."),
        ("Put me through, please!", "Put me through!"),
        ("Sorry, how much was it?", "How much was it?"),
        ("Sorry about the shouting. When does it come?", "When does it come?"),
        ("I really appreciate that. And when?", "And when?"),
        ("That's very kind of you. And when?", "And when?"),
        ("All right. Put me through. And thanks.", "All right. Put me through."),
        # What would be empty or broken stays.
        ("Thank you.", "Thank you."),
        ("Not even a thank you.", "Not even a thank you."),
        ("Nobody said sorry.", "Nobody said sorry."),
        ("Are you sorry?", "Are you sorry?"),
        ("Thanks to you I missed my train.", "Thanks to you I missed my train."),
        ("Do as you please.", "Do as you please."),
        ("It would please me no end.", "It would please me no end."),
        ("I am in a sorry state.", "I am in a sorry state."),
        ("Where is my money?", "Where is my money?"),
    ],
)
def test_kind_words_go_and_nothing_breaks(line, curt):
    assert without_kind_words(line) == curt


def test_lines_that_would_become_the_same_stay_apart():
    step = SMALL.first
    twins = tuple(replace(step.say["calm"][0], text=text) for text in ("So, my money, please.", "So, my money."))
    steps = {**SMALL.steps, step.name: replace(step, say={**step.say, "calm": twins})}
    made = dialled(replace(SMALL, steps=steps), 1, 1).script
    assert made.first.say["calm"] == twins


def test_angry_callers_turn_against_the_trainee_and_calm_ones_do_not():
    for name in GOOD:
        made = dialled(shipped(name), 2, 1)
        aimed = [line for line in made.script.lines() if any(sentence in line.text for sentence in AIMED)]
        assert len(aimed) >= 5, name
        assert {line.mood for line in aimed} <= {"angry", "furious"}
        assert not any(line.abuse for line in aimed), name
        assert not any(made.script.steps[line.step].end for line in aimed if line.step in made.script.steps)
        assert "turns against you" in made.script.content_note


def test_words_do_not_depend_on_the_seed_and_complications_do():
    script = shipped("billed-twice")
    made = [dialled(script, 4, seed).script for seed in range(8)]
    assert len({tuple(step.say for step in one.steps.values()).__repr__() for one in made}) == 1
    assert len({tuple((c.turn, c.kind) for c in one.complications) for one in made}) > 3
    assert dialled(script, 4, 3) == dialled(script, 4, 3)


def test_a_callers_own_interruptions_and_complications_stay():
    own = Complication(turn=3, kind=ComplicationKind.BAD_LINE)
    made = dialled(replace(SMALL, interrupts_after_s=4.0, complications=(own,)), 4, 1)
    assert made.script.interrupts_after_s == 4.0
    assert made.script.complications[0] == own
    turns = [one.turn for one in made.script.complications]
    assert (len(turns), len(set(turns))) == (4, 4)
    assert not any("cuts in" in change for change in made.changes)


def test_a_line_with_a_take_stays_as_it_was_recorded():
    line = next(line for line in SMALL.lines() if line.mood == "angry" and line.step == "opening")
    taken = replace(SMALL, takes={line.id: "1.flac"})
    changed = {one.text for one in dialled(SMALL, 2, 1).script.lines()}
    kept = {one.id for one in dialled(taken, 2, 1).script.lines()}
    assert line.text not in changed
    assert line.id in kept


def test_a_script_recorded_as_a_whole_gets_no_words_that_another_voice_would_say():
    whole = replace(SMALL, takes={line.id: "1.flac" for line in SMALL.lines()})
    made = dialled(whole, 4, 1).script
    assert [line.id for line in made.lines()] == [line.id for line in whole.lines()]
    assert {one.kind for one in made.complications} == {ComplicationKind.BAD_LINE, ComplicationKind.BABY_CRYING}


def test_a_script_in_another_language_keeps_its_words():
    german = replace(SMALL, language="de")
    made = dialled(german, 4, 1).script
    assert [line.id for line in made.lines()] == [line.id for line in german.lines()]
    assert (made.interrupts_after_s, len(made.complications)) == (5.0, 3)


@pytest.mark.parametrize("level", [-1, 5])
def test_there_are_five_levels(level):
    with pytest.raises(InputError, match=f"difficulty {level} is not there. Choose 0"):
        dialled(SMALL, level, 1)


def test_the_stop_word_ends_a_call_at_the_highest_level_at_once():
    """Also as the answer to a complication, without a further word of hers."""
    script = dialled(shipped("billed-twice"), 4, 1).script
    text = "Hello, this is Sam.\nI see.\nStop the exercise.\nNever said."
    done = held(script, text, is_stop_word=lambda said: says_stop(said, script.stop_word))
    assert (done.ending, done.wanted_out, len(done.recorder.turns)) == (Ending.STOPPED, True, 3)
