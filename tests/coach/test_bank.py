"""The bank of better replies: whole, choosing by the moment, refusing bad files, and heard by the real detectors."""

from dataclasses import replace
from itertools import pairwise

import pytest

from voicesim.call.chance import Chance
from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import ADVICE
from voicesim.coach.bank import PLACES, REGISTERS, Bank, Pattern, Shelf, Situation, better_for, filling, last_given
from voicesim.coach.bank_file import load_bank, read_bank
from voicesim.errors import InputError, ScriptError
from voicesim.files import shipped
from voicesim.model import Kind, Phase
from voicesim.wiring.bank import shipped_bank, situation_in
from voicesim.wiring.bank_check import advised, places_in
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script

BANK = shipped_bank()
SCRIPTS = [read_script(path) for path in sorted(shipped("scripts").glob("*.yaml"))]
MEGAN = Situation(
    phase=Phase.ACKNOWLEDGE,
    turn=2,
    anger=7,
    caller="Megan Price",
    you="Sam",
    facts={"amount": "62 pounds", "first payment": "12 March", "harm": "card refused"},
    offers={"refund today": "pay it back", "bank charge": "cover the bank charge"},
    may_not=("free month",),
    verify=("account number",),
    refer_to="the payments desk",
    line="You've taken sixty-two pounds off me, and I paid on the twelfth of March.",
)
#: How many advices are drawn for the detectors.
SAMPLE = 300


def own(text, advice_id="thank", **more):
    pattern = Pattern(id="own", text=text, own=True, **more)
    return Bank(shelves={advice_id: Shelf(shows=("thank",), patterns=(pattern,))})


# -- what is in it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("advice_id", ADVICE)
def test_each_technique_mistake_and_measure_has_six_replies_and_two_of_each_register(advice_id):
    patterns = BANK.patterns(advice_id)
    assert len(patterns) >= 6
    assert all(sum(r in p.registers for p in patterns) >= 2 for r in REGISTERS)


@pytest.mark.parametrize("advice_id", ADVICE)
def test_each_advice_has_replies_that_name_this_call_and_some_that_need_nothing_from_it(advice_id):
    needs = [p.needs for p in BANK.patterns(advice_id)]
    assert any(n & {"echo", "Echo", "fact", "offer", "verify", "refer"} for n in needs) or advice_id == "greeting"
    from_script = {"name", "you", "offer", "verify", "refer"}
    assert sum(n <= from_script for n in needs) >= 3


@pytest.mark.parametrize("advice_id", ADVICE)
def test_each_advice_shows_techniques_and_one_for_a_technique_shows_that(advice_id):
    shows = BANK.shelves[advice_id].shows
    assert all(CATALOGUE[one].kind is Kind.TECHNIQUE for one in shows)
    if advice_id in CATALOGUE and CATALOGUE[advice_id].kind is Kind.TECHNIQUE:
        assert advice_id in shows


def test_no_reply_stands_under_one_id_twice_and_each_has_places_that_something_fills():
    for shelf in BANK.shelves.values():
        assert len({p.id for p in shelf.patterns}) == len(shelf.patterns)
        assert all(p.needs <= PLACES for p in shelf.patterns)


def test_i_is_said_more_often_than_we():
    words = " ".join(p.text for s in BANK.shelves.values() for p in s.patterns).replace("'", " ").lower().split()
    assert words.count("i") > 10 * words.count("we")


# -- heard by the real detectors ---------------------------------------------------------------------------------------


def test_advices_of_all_shipped_scripts_show_their_technique_and_no_mistake():
    """A seeded draw over scripts, lines, ids, registers and turns; the full sweep is tests/benchmarks/advice.py."""
    places = {script.id: tuple(places_in(script, situation_in(script))) for script in SCRIPTS}
    chance, checked = Chance("advices"), []
    ids = [one for one in ADVICE for _ in range(SAMPLE // len(ADVICE) + 1)]
    for advice_id in ids:
        place = chance.pick(places[chance.pick(sorted(places))])
        turn, register = chance.whole(1, 12), chance.pick((None, *REGISTERS))
        checked.append(advised(BANK, advice_id, place, understood, register=register, turn=turn))
    given = [one for one in checked if one is not None]
    failing = [(one.advice, one.text, one.faults) for one in given if one.faults]
    assert len(given) >= SAMPLE * 0.9
    # The full sweep has had 2 in 1,000; a new script may bring a line that nobody has seen yet.
    assert len(failing) <= len(given) // 200, failing


def test_no_advice_has_an_open_place_or_one_to_be_filled_by_hand():
    places = [place for script in SCRIPTS for place in places_in(script, situation_in(script))][::25]
    for place in places:
        for advice_id in ADVICE:
            better = better_for(BANK, advice_id, place.situation)
            assert better is None or not set("{}[]") & set(better.text)


# -- choosing ----------------------------------------------------------------------------------------------------------


def test_a_reply_says_back_what_the_caller_said_or_names_her_facts():
    better = better_for(BANK, "acknowledge", MEGAN)
    assert "62 pounds" in better.text or "you paid on the twelfth of March" in better.text or "12 March" in better.text


def all_given(advice_id, moment):
    """Every reply that the moment can be given, by taking each that was given before."""
    texts = []
    while (better := better_for(BANK, advice_id, replace(moment, taken=tuple(texts)))) and better.text not in texts:
        texts.append(better.text)
    return texts


def test_what_went_well_is_owned_as_no_mistake():
    own_life = replace(MEGAN, line="I've got a two-year-old in here and I'm on my own.")
    assert not any("two-year-old" in text for text in all_given("apology", own_life))
    ours = replace(MEGAN, line="You took sixty-two pounds on the twelfth and the same on the fourteenth.")
    assert any("We took sixty-two pounds" in text for text in all_given("apology", ours))


@pytest.mark.parametrize(
    "line",
    [
        "It's five zero eight three. Can I have my money?",
        "I'm Megan Price and my address is number nine, Kirk Wynd.",
        "It's the fourteenth of July, nineteen forty-six, and I'm waiting.",
    ],
)
def test_what_she_is_verified_by_is_not_said_back(line):
    assert "echo" not in filling(replace(MEGAN, line=line))


def test_a_name_keeps_its_capital_when_it_is_said_back():
    told = replace(MEGAN, facts={"husband": "Frank"}, line="Frank's dead, and my rent is due on Monday.")
    assert filling(told)["echo"].startswith("Frank's dead")


@pytest.mark.parametrize("advice_id", ["greeting", "acknowledge", "apology"])
def test_who_is_rung_is_not_told_that_she_rang(advice_id):
    given = all_given(advice_id, replace(MEGAN, rings=False))
    assert given
    for text in given:
        assert not any(sign in text for sign in ("right to call", "right to ring", "you rang", "ringing", "can I help"))


def test_nobody_is_praised_for_a_story_that_was_not_told():
    silent = replace(MEGAN, line="Hello? Who is it?", facts={"day": "Monday"}, heard=("It was on Monday.",))
    assert "explained" not in better_for(BANK, "acknowledge", silent).text


def test_the_same_moment_gets_the_same_reply():
    assert better_for(BANK, "vent", MEGAN) == better_for(BANK, "vent", MEGAN)


@pytest.mark.parametrize("advice_id", ADVICE)
def test_no_reply_is_given_twice_while_others_are_left_and_never_twice_in_a_row(advice_id):
    taken = ()
    fitting = {better_for(BANK, advice_id, replace(MEGAN, turn=n)).pattern for n in range(30)}
    seen = []
    for turn in range(20):
        better = better_for(BANK, advice_id, replace(MEGAN, turn=turn, taken=taken))
        taken, seen = (*taken, better.text), [*seen, better.pattern]
    first = seen[: len(set(seen))]
    assert len(set(first)) == len(first) >= len(fitting)
    assert all(one != other for one, other in pairwise(seen))


def test_a_reply_given_with_other_facts_counts_as_given():
    pattern = Pattern(id="x", text="You told me about {fact}.")
    assert last_given(pattern, ("Hello.", "You told me about the 3 days.")) == 2
    assert last_given(pattern, ("Hello.",)) == 0


@pytest.mark.parametrize("advice_id", ADVICE)
@pytest.mark.parametrize("turn", range(0, 12, 3))
def test_nobody_who_apologised_is_told_to_apologise_again(advice_id, turn):
    better = better_for(BANK, advice_id, replace(MEGAN, turn=turn, already=frozenset(("apology",))))
    assert not {"sorry", "apologise", "apology", "mistake"} & set(better.text.lower().replace(",", "").split())


@pytest.mark.parametrize("advice_id", [one for one in ADVICE if one != "empathy"])
def test_no_feeling_is_named_where_anger_is_low(advice_id):
    for turn in range(12):
        text = better_for(BANK, advice_id, replace(MEGAN, turn=turn, anger=3)).text.lower()
        assert not any(word in text for word in ("upset", "angry", "frustrat", "awful"))


def test_nothing_that_the_briefing_rules_out_is_offered():
    situation = replace(MEGAN, offers={"month": "give you a free month", "charge": "cover the bank charge"})
    texts = [better_for(BANK, "offer_solution", replace(situation, turn=n)).text for n in range(12)]
    assert all("cover the bank charge" in text and "free month" not in text for text in texts)


def test_an_offer_already_made_goes_behind_one_that_was_not():
    situation = replace(MEGAN, offered=frozenset(("refund today",)))
    assert filling(situation)["offer"] == "cover the bank charge"
    assert filling(replace(MEGAN, offered=frozenset(MEGAN.offers)))["offer"] == "pay it back"


def test_a_mistake_that_the_briefing_does_not_own_is_owned_by_no_reply():
    for advice_id in ADVICE:
        for turn in range(12):
            better = better_for(BANK, advice_id, replace(MEGAN, ours=False, turn=turn))
            assert better is None or "our mistake" not in better.text


def test_facts_that_the_caller_has_not_named_are_not_told():
    silent = replace(MEGAN, line="Well? What now?")
    assert not {"fact", "amount", "date", "echo"} & filling(silent).keys()
    assert "62" not in better_for(BANK, "acknowledge", silent).text


def test_what_she_said_earlier_counts():
    later = replace(MEGAN, line="Well? What now?", heard=(MEGAN.line,))
    assert filling(later)["amount"] == "62 pounds"


def test_nobody_is_handed_on_where_the_briefing_names_no_one():
    assert better_for(BANK, "refer", replace(MEGAN, refer_to=None)) is None
    assert better_for(BANK, "verify_identity", replace(MEGAN, verify=())) is None


def test_the_register_of_the_phase_holds_unless_another_is_asked_for():
    greeting = replace(MEGAN, phase=Phase.CONTROL, line=None)
    ids = {p.id: p.registers for p in BANK.patterns("thank")}
    assert ids[better_for(BANK, "thank", greeting).pattern] == ("warm",)
    assert ids[better_for(BANK, "thank", replace(greeting, register="formal")).pattern] == ("formal",)


def test_a_reply_for_another_phase_comes_last():
    bank = own("In the middle.", phases=(Phase.REFOCUS,))
    other = Pattern(id="other", text="At any time.")
    shelf = bank.shelves["thank"]
    bank = Bank(shelves={"thank": replace(shelf, patterns=(*shelf.patterns, other))})
    assert better_for(bank, "thank", MEGAN).text == "At any time."
    assert better_for(bank, "thank", replace(MEGAN, phase=Phase.REFOCUS)).text == "In the middle."


def test_a_fix_comes_after_the_caller_was_heard():
    early = replace(MEGAN, phase=Phase.CONTROL, line=None)
    assert not any("pay it back" in better_for(BANK, "command_calm", replace(early, turn=n)).text for n in range(9))
    late = replace(early, phase=Phase.SOLVE)
    assert any("pay it back" in better_for(BANK, "command_calm", replace(late, turn=n)).text for n in range(9))


def test_a_trainers_own_replies_come_first_and_the_shipped_ones_stay():
    joined = BANK.with_own(own("Ta very much."))
    assert better_for(joined, "thank", MEGAN).own
    assert len(joined.patterns("thank")) == len(BANK.patterns("thank")) + 1
    assert joined.shelves["thank"].shows == BANK.shelves["thank"].shows


def test_an_unknown_id_is_refused():
    with pytest.raises(InputError, match="no advice on 'shouting'"):
        better_for(BANK, "shouting", MEGAN)


# -- files -------------------------------------------------------------------------------------------------------------

GOOD = 'format: 1\nlanguage: en\nadvice:\n  thank:\n    warm: ["Thank you, {name}."]\n'


def test_a_file_is_read_with_registers_phases_and_places():
    data = GOOD + '    any:\n      - say: "Thanks for {fact}."\n        phases: [solve]\n'
    first, second = load_bank(data.encode(), "my.yaml", own=True).patterns("thank")
    assert (first.registers, first.phases, first.own) == (("warm",), (), True)
    assert (second.registers, second.phases, second.needs) == ((), (Phase.SOLVE,), {"fact"})
    assert second.where == "my.yaml:7"


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ('"Thank you, [your name]."', "would be read aloud"),
        ('"Thank you, {nickname}."', "nothing fills the place {nickname}"),
        ('"Thank you, {name."', "stands alone"),
        ('"Thank you, {name.first}."', "nothing fills the place"),
        ('"Thank you, {name!r}."', "more than its name"),
        ('"Thank you."\n      - "Thank you."', "stands there twice"),
        (f'"{"Thank you. " * 40}"', "characters"),
        ('{say: "Thank you.", phases: [middle]}', "is no phase"),
        ('{say: "Thank you.", tone: warm}', "does not know the key 'tone'"),
    ],
)
def test_a_reply_with_a_fault_is_left_out_and_its_line_told(bad, told):
    data = f'format: 1\nlanguage: en\nadvice:\n  thank:\n    any:\n      - "Cheers."\n      - {bad}\n'
    bank, faults = read_bank(data.encode(), "my.yaml")
    assert [told in str(fault) for fault in faults] == [True]
    assert str(faults[0]).startswith(("my.yaml:7: ", "my.yaml:8: "))
    assert "Cheers." in [p.text for p in bank.patterns("thank")]


def test_every_fault_of_a_file_is_told_at_once():
    data = GOOD + '  shouting:\n    any: ["Oi."]\n  close:\n    loud: ["Bye."]\n  vent:\n    any: ["[x]"]\n'
    bank, faults = read_bank(data.encode(), "my.yaml")
    assert [str(fault).split(":")[1] for fault in faults] == ["6", "9", "11"]
    assert bank.patterns("thank")
    with pytest.raises(ScriptError, match="no technique, mistake or measure 'shouting'"):
        load_bank(data.encode(), "my.yaml")


def test_a_file_that_is_no_yaml_is_told_in_one_fault():
    assert len(read_bank(b"advice: [", "my.yaml")[1]) == 1


def test_what_an_advice_has_said_back_already_comes_after_what_none_has():
    situation = Situation(
        facts={"sum": "62 pounds", "charge": "15 pounds"},
        line="I paid it on Monday, 62 pounds.",
        heard=("My bank charged me 15 pounds.",),
    )
    fresh = filling(situation)
    again = filling(replace(situation, taken=(f"I can see that {fresh['echo']}.", "The 62 pounds, yes.")))
    assert (fresh["echo"], again["echo"]) == ("you paid it on Monday, 62 pounds", "your bank charged you 15 pounds")
    assert (fresh["amount"], again["amount"]) == ("62 pounds", "15 pounds")
