"""``voicesim phrases`` and ``voicesim predict``, as somebody types them."""

import io
import json

import numpy as np
import pytest

from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.call.answer import answer
from voicesim.call.context import context_of
from voicesim.call.text import typed_reply
from voicesim.cli import main
from voicesim.coach.advice import ADVICE
from voicesim.files import read_sound
from voicesim.model import RATE_HZ
from voicesim.sound import resample
from voicesim.store.practice_log import practised
from voicesim.wiring import bank_check
from voicesim.wiring.bank import adviser_for, bank, left_out_told, shipped_bank, situation_in
from voicesim.wiring.bank_check import places_in
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script
from voicesim.wiring.predict_items import Ask, Move, questions, state_at

from .conftest import SHORT

OWN = 'format: 1\nlanguage: en\nadvice:\n  thank:\n    any:\n      - "Thank you very much for your patience, {name}."\n'
CALM_DOWN = '  empathy:\n    any:\n      - "Calm down, {name}."\n'


@pytest.fixture
def run(own_data, capsys, monkeypatch):
    """Runs a command in this process: exit code, stdout and stderr; ``typed`` stands on its standard input."""

    def go(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main([*map(str, arguments)])
        return (code, *capsys.readouterr())

    return go


# -- phrases -----------------------------------------------------------------------------------------------------------


def test_the_bank_lists_every_technique_mistake_and_measure(run):
    code, shown, _ = run("phrases")
    assert code == 0
    assert all(f"{one} " in shown for one in ADVICE)


def test_the_replies_of_a_technique_are_said_to_the_caller_of_a_script(run):
    code, shown, _ = run("phrases", "apology", "--script", "room-gone")
    assert code == 0
    assert "Aoife" in shown
    assert "[Lewicki and others 2016, grade B]" in shown
    assert "{" not in shown


def test_phase_and_register_choose(run):
    plain, formal = (run("phrases", "empathy", "--register", one)[1] for one in ("plain", "formal"))
    assert "plain" in plain and "formal" not in plain.replace("formal.", "")
    assert "formal" in formal
    assert run("phrases", "greeting", "--phase", "control")[0] == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("phrases", "empaty"), "Did you mean 'empathy'"),
        (("phrases", "--phase", "middle"), "no phase 'middle'"),
        (("phrases", "--register", "rude"), "no register 'rude'"),
        (("phrases", "--script", "nobody"), "no script 'nobody'"),
    ],
)
def test_a_word_that_names_nothing_is_refused_in_one_line(run, wrong, told):
    code, _, complaint = run(*wrong, "--json")
    assert code == 2
    assert told in complaint
    assert complaint.count("\n") == 1


def test_json_has_every_reply_with_places_reason_and_source(run):
    replies = json.loads(run("phrases", "--json")[1])
    assert len(replies) == sum(len(s.patterns) for s in shipped_bank().shelves.values())
    assert {"advice", "id", "text", "needs", "why", "source", "grade", "shows", "own"} <= replies[0].keys()


def test_replies_are_spoken_into_a_file(run, tmp_path):
    code, _, said = run("phrases", "close", "--register", "formal", "--out", tmp_path / "close.flac")
    sound, _ = read_sound(tmp_path / "close.flac")
    assert code == 0
    assert "close.flac" in said
    assert len(speech_spans(resample(sound.samples, sound.rate_hz, RATE_HZ), SileroVad())) >= 3


def test_own_replies_are_shown_first_as_ones_own_and_pass_the_detectors(run, own_data):
    (own_data / "phrases.yaml").write_text(OWN, encoding="utf-8")
    code, shown, _ = run("phrases", "thank")
    assert code == 0
    assert "yours" in shown
    assert bank().patterns("thank")[0].own
    code, shown, _ = run("phrases", "--check")
    assert (code, "1 replies in your phrases.yaml" in " ".join(shown.split())) == (0, True)


def test_own_replies_that_do_not_show_their_technique_or_hold_a_mistake_fail_the_check(run, own_data):
    bad = OWN + '  empathy:\n    any:\n      - "You need to calm down, {name}."\n'
    (own_data / "phrases.yaml").write_text(bad, encoding="utf-8")
    code, shown, _ = run("phrases", "--check")
    assert code == 2
    assert "phrases.yaml:9: " in shown
    assert "is heard as command_calm" in shown
    assert "not empathy" in shown


def test_each_fault_of_an_own_file_is_one_line_and_other_commands_refuse_the_file(run, own_data):
    (own_data / "phrases.yaml").write_text(OWN + '      - "Ta, [name]."\n      - "Ta, {nick}."\n', encoding="utf-8")
    code, shown, _ = run("phrases", "--check")
    assert code == 2
    assert [row.split("phrases.yaml:")[1][:2] for row in shown.splitlines() if "phrases.yaml:" in row] == ["7:", "8:"]
    code, _, complaint = run("phrases")
    assert (code, "phrases.yaml:7" in complaint) == (2, True)


def test_a_fault_in_the_own_file_costs_no_call_its_advice(own_data):
    (own_data / "phrases.yaml").write_text(OWN + '      - "Ta, [name]."\n', encoding="utf-8")
    texts = [pattern.text for pattern in adviser_for(find_script("billed-twice")).bank.patterns("thank")]
    assert "Thank you very much for your patience, {name}." in texts
    assert not any("[" in text for text in texts)


def test_an_own_reply_that_holds_a_mistake_is_given_to_nobody(own_data, monkeypatch):
    """The detectors run once for a file, however often advice is asked for, and again when it has changed."""
    checks = []
    real = bank_check.without_mistakes
    monkeypatch.setattr(bank_check, "without_mistakes", lambda *given: checks.append(1) or real(*given))
    (own_data / "phrases.yaml").write_text(OWN + CALM_DOWN, encoding="utf-8")
    for _ in range(2):
        given = adviser_for(find_script("billed-twice")).bank
        assert [pattern.text for pattern in given.patterns("empathy") if pattern.own] == []
        assert [pattern.own for pattern in given.patterns("thank")][:1] == [True]
    assert len(checks) == 1
    (own_data / "phrases.yaml").write_text(OWN, encoding="utf-8")
    assert (left_out_told(), len(checks)) == (None, 2)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (OWN, None),
        (OWN + CALM_DOWN, "1 entry is not used"),
        (OWN + CALM_DOWN + "  empaty:\n    any:\n      - Oh dear.\n", "2 entries are not used"),
        (OWN.replace("thank:", "thanks:"), "nothing in it is used"),
    ],
)
def test_what_is_left_out_of_an_own_file_is_told_once_after_a_call_and_a_retry(run, own_data, tmp_path, file, told):
    (own_data / "phrases.yaml").write_text(file, encoding="utf-8")
    (tmp_path / "replies.txt").write_text("Please calm down now.\n", encoding="utf-8")
    for command in ("practice", SHORT), ("retry", "last"):
        code, shown, err = run(*command, "--text", tmp_path / "replies.txt")
        assert (code, "Calm down, " in shown) == (0, False)
        line = f"{own_data / 'phrases.yaml'}: {told}. To see why: voicesim phrases --check\n"
        assert (err.count("phrases.yaml"), line in err) == ((0, False) if told is None else (1, True))


# -- predict -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked():
    """Six questions about one caller."""
    script = find_script("parcel-third-time")
    found = questions([(script, situation_in(script))], shipped_bank(), understood, seed=5)
    return [next(found) for _ in range(6)]


def test_each_question_has_a_reply_that_helps_one_that_does_little_and_one_that_hurts(asked):
    assert all({o.move for o in q.options} == set(Move) for q in asked)
    assert {q.ask for q in asked} == set(Ask)


def test_the_replies_stand_in_no_fixed_order_and_no_line_is_asked_about_twice(asked):
    assert len({tuple(o.move for o in q.options) for q in asked}) > 1
    assert len({q.line.id for q in asked}) == len(asked)


def test_what_is_told_is_what_the_caller_really_does(asked):
    for question in asked:
        script = question.script
        [place] = [p for p in places_in(script, situation_in(script)) if p.line.id == question.line.id]
        state = state_at(script, place)
        for option in question.options:
            reply = typed_reply(option.text, context_of(script, state, question.line, turns=()), understood)
            after, line, influences = answer(script, state, reply)
            assert (after.anger, line, influences) == (option.after, option.line, option.influences)


def test_the_same_seed_asks_the_same_questions(asked):
    script = find_script("parcel-third-time")
    again = questions([(script, situation_in(script))], shipped_bank(), understood, seed=5)
    assert [next(again) for _ in range(2)] == asked[:2]


def test_questions_end_when_every_line_was_asked_about():
    script = find_script("rude-branch")
    found = list(questions([(script, situation_in(script))], shipped_bank(), understood, seed=1))
    assert 10 <= len(found) <= len(list(places_in(script, situation_in(script))))


def test_right_answers_count_and_go_into_the_practice_log(run, asked):
    typed = "".join(f"{q.right}\n" for q in asked[:2]) + "nonsense\n" + "q\n"
    code, shown, _ = run("predict", "parcel-third-time", "--items", 3, "--seed", 5, "--trainee", "Ann", typed=typed)
    assert code == 0
    assert "'nonsense' is no answer here" in shown
    assert "2 of 2 right." in shown
    [run_kept] = practised("Ann")
    assert (run_kept.drill, run_kept.items, run_kept.right) == ("predict", 2, 2)


def test_the_reasons_are_shown_with_their_sources(run):
    _, shown, _ = run("predict", "billed-twice", "--items", 1, typed="f\n")
    assert "anger" in shown
    assert ", grade A]" in shown or ", grade B]" in shown
    assert " says" in shown


def test_nothing_answered_is_nothing_kept(run):
    code, _, said = run("predict", "billed-twice", "--items", 1)
    assert (code, "nothing is kept" in said, practised("you")) == (0, True, ())


# -- aloud -------------------------------------------------------------------------------------------------------------


def spoken_in(path):
    """Seconds of speech among what the ears got."""
    heard = np.frombuffer(path.read_bytes(), np.int16).astype(np.float32) / 32768
    return sum(span.duration_s for span in speech_spans(heard, SileroVad()))


@pytest.mark.three_takes
def test_the_caller_of_a_question_is_heard(run, virtual_headset):
    ears = virtual_headset.listen()
    assert run("predict", "billed-twice", "--items", 1, "--sound", typed="f\n")[0] == 0
    virtual_headset.hush()
    assert spoken_in(ears) > 2
