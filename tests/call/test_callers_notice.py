"""What reviewers missed in single callers: they hear an offer, a question and a present when it is made."""

import pytest

from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script

HEARD = {
    "billed-twice": "So 62 pounds went out on the 12th and again on the 14th, and your card was refused. I'm sorry.",
    "parcel-third-time": "Three days off work, and the bike is for her birthday on Saturday. I'm so sorry.",
    "room-gone": "You booked a family room in March, and we gave it away while your children stand in the lobby.",
    "benefit-stopped": "You handed the form in, in January, and we still wrote to Station Road.",
}


def turns(script, *replies, seed=1):
    """The turns of a typed call."""
    held = hold_typed(find_script(script), typed_replies("\n".join(replies)), understood, seed=seed, watcher=Watcher())
    return held.recorder.record(held.ending, seed=seed, engines={}).turns


def path(script, *replies):
    """The step after each reply that was given."""
    return [turn.after.step for turn in turns(script, *replies)][: len(replies)]


def test_who_doubts_says_who_she_is_when_asked():
    offer = "I'll pay the second 62 pounds back."
    asked = path(
        "billed-twice", "Okay.", "Our policy does not allow that.", "At the till.", offer, "What's your account number?"
    )
    assert asked[-2:] == ["doubt", "details"]


def test_a_refund_with_its_days_does_not_hide_the_question_who_she_is():
    offer = "I'll pay the second 62 pounds back today, it takes three working days. What's your account number?"
    said = turns("billed-twice", "Tell me what happened.", HEARD["billed-twice"], offer)
    assert said[2].after.step == "number_then_harm"
    assert "five zero eight three" in said[3].line.text.lower()


@pytest.mark.parametrize(
    "offer", ["I'll put it on the first van tomorrow.", "You can pick it up at the counter tonight."]
)
def test_nobody_asks_where_the_bike_is_once_a_van_is_offered(offer):
    for first in (("Tell me what happened.", HEARD["parcel-third-time"]), ("Tell me what happened.", "The roofer.")):
        assert path("parcel-third-time", *first, offer)[-1] in ("street", "doubt")


@pytest.mark.parametrize("present", ["Have a bottle of champagne on us.", "I'll put a voucher in for your next stay."])
def test_a_present_before_there_is_a_bed_offends(present):
    told = ("Please tell me what happened.", HEARD["room-gone"])
    assert path("room-gone", *told, present)[-1] == "offended"


def test_a_joke_in_the_lobby_offends_in_any_mood():
    rules = find_script("room-gone").steps
    for step in ("what_now", "taxi", "money"):
        assert any(
            r.go == "offended" and "risky_humour" in r.when.reply_has and not r.when.mood for r in rules[step].rules
        )


def test_facts_read_out_coldly_calm_by_one_point_and_no_more():
    facts = ("You live in Orchard Way, we wrote to Station Road.", "You handed the form in, in January. 340 pounds.")
    call = turns("benefit-stopped", "Go on.", *facts)
    assert call[0].before.anger - call[-1].after.anger <= 1


HECTOR = (
    "Please tell me what happened.",
    "You moved from Harbour Street to Kirk Wynd in March and your card was cancelled. I'm sorry.",
)


@pytest.mark.parametrize(
    "replies",
    [
        ("You can have a hundred pounds in cash at the branch today.", "The address is in now."),
        ("I'll put the address in now, and the branch in the High Street will pay you out.", "Five working days."),
        ("I'll put the address in now.", "There's some emergency money for you in the High Street."),
    ],
)
def test_nobody_asks_what_to_live_on_once_the_cash_was_offered(replies):
    said = turns("fourth-transfer", *HECTOR, *replies)
    offered = next(number for number, turn in enumerate(said) if turn.reply and "cash today" in turn.reply.offers)
    assert all(turn.before.step != "card" for turn in said[offered + 1 :])
    assert said[-1].before.step == "last"


def test_who_is_angry_doubts_the_cash_and_does_not_ask_for_it_again():
    asked = ("Please tell me what happened.", "Kirk Wynd.", "What is your date of birth?")
    # Too short to be heard as his facts said back or as an offer, which would calm him.
    cash = "The branch has a hundred pounds."
    sorry = "I've told them at the branch. I'm sorry, that was our mistake, and I know how that must feel."
    assert path("fourth-transfer", *asked, "The address is in now.", cash, cash, sorry)[-4:] == [
        "card", "wary", "wary", "last",
    ]  # fmt: skip


MAUREEN = (
    "Please tell me what's worrying you.",
    "I'm so sorry about Frank. And the rent of 520 pounds is due on Monday.",
    "I don't know, nobody can know before Thursday.",
)


@pytest.mark.parametrize(
    "letter",
    [
        "I could do you a letter for him today, saying the papers are all in.",
        "I can get a letter off to him today, to say your papers are in.",
        "I can write to him today, to say the papers are complete.",
        "I'll send him something in writing today.",
    ],
)
def test_a_letter_for_the_landlord_is_heard_in_any_words(letter):
    assert path("pension-date", *MAUREEN, "I won't guess, I don't know.", letter)[-2:] == ["landlord", "thanks"]


def test_who_was_offered_a_letter_does_not_ask_what_to_tell_the_landlord():
    letter = "I don't know, nobody can before Thursday. I can write a letter to your landlord today."
    said = turns("pension-date", *MAUREEN[:2], letter, "I won't guess, I don't know.")
    assert [turn.before.step for turn in said][-2:] == ["with_letter", "thanks"]
    assert "what do i tell" not in " ".join(turn.line.text.lower() for turn in said[3:])


@pytest.mark.parametrize("question", ["Is that your landlord, Mr Haddow?", "Who is Mr Haddow?"])
def test_who_is_asked_who_mr_haddow_is_says_so(question):
    said = turns("pension-date", *MAUREEN, "I won't guess, I don't know.", question)
    answered = next(turn for turn in said if turn.before.step == "the_landlord")
    assert "landlord" in answered.line.text and "Haddow" not in answered.line.text


LORRAINE = (
    "Tell me about the coat, what's happened to it?",
    "A hundred and eighty pounds in September, and the lining has torn after five months. I see why you're cross.",
    "I can't give you the cash, whoever you ask here. I can have the lining mended free of charge.",
    "I won't do half either. I can put a thirty pound credit note on top. Would that suit you?",
)


@pytest.mark.parametrize("answered", ["Oh, your mother's eighty, how lovely.", "The repair takes ten days."])
def test_who_said_what_the_coat_is_for_does_not_say_it_again(answered):
    said = turns("no-receipt", *LORRAINE, answered, "I see.", "I'll mark it urgent, then it takes three days.")
    told = [turn.line.text for turn in said if "Saturday" in turn.line.text]
    assert len(told) == 1
    assert said[-1].before.step == "thanks"


@pytest.mark.parametrize("unmoved", ["That's up to you.", "I can't comment on reviews."])
def test_a_threat_that_was_answered_is_not_made_again(unmoved):
    said = turns(
        "no-receipt", *LORRAINE[:1], "No receipt, no refund. That's the policy, there's nothing I can do.", unmoved
    )
    assert [turn.before.step for turn in said][2:4] == ["reviews", "unmoved"]
    assert not {"review", "reviews", "write", "read"} & set(said[3].line.text.lower().replace(",", "").split())


@pytest.mark.parametrize(
    "told",
    [
        "It's logged Friday at four. Engineer attended Saturday, job closed, no access.",
        "It was Saturday, the job was closed, nobody in.",
    ],
)
def test_who_is_told_that_nobody_was_in_does_not_soften(told):
    warned = ("Ashdown Homes repairs.", "Please stop swearing at me, or I'll have to end the call.")
    assert path("boiler-cold", *warned, told)[-1] == "was_in"
    mended = "You were in since Friday, and he went to the wrong flat. That was our mistake, and I'm sorry."
    assert path("boiler-cold", *warned, told, mended)[-1] == "cools"


BRENDAN = (
    "Car insurance, doubled. What's going on?",
    "From 412 to 836, with eleven years and no claim. I see why you're asking.",
    "The windscreen is down as an accident. That's our mistake, I'm sorry.",
    "With that put right it is four hundred and forty-six pounds.",
)


def test_a_straight_word_is_praised_only_if_nothing_angered_with_it():
    said = turns("cuts-in", *BRENDAN, "No, I can't match it, that is our policy.")
    told = next(turn for turn in said if turn.before.step == "in_writing")
    assert told.before.anger > said[4].before.anger and "straight" not in told.line.text.lower()
    assert path("cuts-in", *BRENDAN, "No, I can't match it. I can hold 446 till Friday.")[-1] == "last"
    praised = {s.name for s in find_script("cuts-in").steps.values() if "traight, at least" in str(s.say)}
    assert praised == {"last"}


CATHAL = (
    "Robin speaking, tell me what's wrong.",
    "Four days, since Monday, and you lost the museum job. Can I take your line number?",
)


@pytest.mark.parametrize("asked", ["Can I put you on hold for one minute?", "Bear with me a moment, please."])
def test_who_is_asked_to_hold_answers_that_once(asked):
    found = "Thank you for holding. Roadworks cut the cable at the cabinet."
    said = turns("line-dead", *CATHAL, asked, found)
    assert [turn.before.step for turn in said][2:5] == ["details", "on_hold", "bridge"]
    assert "?" not in said[3].line.text
    assert path("line-dead", *CATHAL, asked, asked)[-1] == "known"
    assert path("line-dead", CATHAL[0], asked)[-1] == "on_hold_first"


LEONARD = (
    "Good morning, you're through to Chris. Tell me what's happened.",
    "You handed the form in, in January, and we wrote to Station Road.",
)


def test_an_offer_of_the_hardship_payment_moves_who_is_offended_too():
    rude = "You should have read the letter, that's your own fault."
    offer = "There's a hardship payment of two hundred pounds, within two working days."
    assert path("benefit-stopped", *LEONARD, rude, offer)[-2:] == ["offended", "missed_months"]
    promised = offer + " And April will get backdated, I promise you that."
    assert path("benefit-stopped", *LEONARD, rude, promised)[-2:] == ["offended", "burnt"]


def test_a_bare_number_of_days_does_not_settle_who_decides():
    offer = "There's a hardship payment of two hundred pounds, within two working days."
    assert path("benefit-stopped", *LEONARD, offer, "You're looking at five days.")[-1] == "missed_months"
    assert path("benefit-stopped", *LEONARD, offer, "The decision team decides that.")[-1] == "thanks"


DEIRDRE = (
    "Please tell me what happened.",
    "You booked a family room in March, and we gave it away while your children stand in the lobby. I'm sorry.",
    "I have a family room for you at the Old Mill.",
    "A taxi is at the door, on us.",
    "I'll refund tonight's 168 pounds.",
    "That's gone, I can't give you your evening back.",
)


@pytest.mark.parametrize(
    ("script", "replies"),
    [
        ("room-gone", (*DEIRDRE, "Hm.", "Right.")),
        ("rude-branch", ("Good morning, this is Sam.", "Yes.", "Yes.", "Yes.")),
    ],
)
def test_nobody_says_a_line_twice_in_a_step_where_nothing_gets_on(script, replies):
    for seed in range(1, 6):
        texts = [turn.line.text for turn in turns(script, *replies, seed=seed)]
        assert len(texts) == len(set(texts))


TIERNEY = (
    "Take your time, and tell me what Thursday is about.",
    "I'm so sorry about your mother. The funeral is on Thursday at eleven, and the new flight lands at two.",
    "There's a seat on Wednesday evening at twenty past seven, I can put you on that, at no charge.",
    "There's nothing to pay, not a penny.",
)


def test_nobody_takes_up_a_promise_that_was_not_made():
    unanswered = "One thing at a time, I'll come to that."
    said = turns("funeral-flight", *TIERNEY, unanswered, "Sunday's fine, that's not moving.")
    steps = [turn.before.step for turn in said]
    assert steps[steps.index("home") :][:3] == ["home", "home", "sworn"]
    homes = str(find_script("funeral-flight").steps["home"].say)
    assert "promise" not in homes and "swear" not in homes and "know that" not in homes


def test_nobody_is_thanked_for_a_promise():
    told = (
        "Please tell me what happened.",
        "Three days off work, and the bike is for her birthday on Saturday. I'm sorry.",
    )
    found = ("It's at the depot, and I'll put it on the first van tomorrow.", "Mill Road, he went to Mill Lane.")
    promise = "It won't go wrong again, I can promise you that, a hundred per cent."
    assert path("parcel-third-time", *told, *found, promise)[-2:] == ["agreed", "will_see"]


def test_a_boiler_that_will_surely_be_mended_tonight_is_doubted():
    warned = (
        "Ashdown Homes repairs.",
        "Since Friday, with a child. Please stop swearing, or I'll have to end the call.",
    )
    # Too short to be heard as an offer, for which she would thank.
    mended = ("It says between five and seven.",)
    promise = "It'll be fixed tonight, I promise you."
    said = turns("boiler-cold", *warned, *mended, promise)
    assert path("boiler-cold", *warned, *mended, promise)[-2:] == ["tonight", "no_promises"]
    assert all("great" not in turn.line.text for turn in said)
