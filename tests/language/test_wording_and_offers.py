"""Wording counts what it says it counts; offers are keys whose phrases are said and not denied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.language import wording as room
from voicesim.language.fillers import SHORTEST_DROPPED, dropped_fillers
from voicesim.language.offers import offers
from voicesim.language.techniques import find
from voicesim.language.wording import wording
from voicesim.model import RATE_HZ, Context, Span, Transcript, Word

BRIEFING = Context(may_offer={"refund today": ("refund", "money back"), "call back": ("ring you", "call you back")})
CALLER = Context(
    caller_line="You charged my account twice on the third, and it was 89 euros!",
    caller_lines=("I ring about an invoice from April.", "You charged my account twice on the third: 89 euros!"),
    facts={"reference": "4471", "street": "12 Harbour Lane"},
    screen=("payment of 55 pounds",),
)
#: One reply as it is typed and as a recognizer writes it.
FORMS = (
    "So €89 left your account twice on May 3rd. I'll refund both charges for invoice 4471, maybe by Friday.",
    "so eighty nine euros left your account twice on may third i will refund both charges for invoice four four seven "
    "one maybe by friday",
)
NO_REMEDY = "the parcel stands in the hall of the depot"


def typed(text):
    return Transcript(words=(), text=text, engine="typed")


def spoken(text, word_s=0.5, gaps=()):
    """A transcript of words of ``word_s`` seconds one after the other; ``gaps`` are (word, seconds before it)."""
    words, at = [], 0
    for number, word in enumerate(text.split()):
        at += round(dict(gaps).get(number, 0) * RATE_HZ)
        words.append(Word(text=word, span=Span(start=at, end=at + round(word_s * RATE_HZ))))
        at = words[-1].span.end
    return Transcript(words=tuple(words), text=text, engine="fake")


def speech(*edges_s):
    """Spans from pairs of seconds."""
    edges = [round(edge * RATE_HZ) for edge in edges_s]
    return [Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("I'll refund it and ring you at four.", ("refund today", "call back")),
        ("you will have the money back on friday", ("refund today",)),
        ("I can't refund it, but I can call you back.", ("call back",)),
        ("We did not refund it.", ()),
        ("My colleague said “refund” to you.", ()),
        ("Good morning.", ()),
    ],
)
def test_offers_are_the_keys_that_are_said_and_not_denied(text, keys):
    assert offers(text, BRIEFING) == keys


@pytest.mark.parametrize(
    "text", ["I'll ring you, and we send your card to you.", "ill ring you and we send your card to you"]
)
def test_shares_are_of_all_words(text):
    found = wording(typed(text))
    assert found.words == 11
    assert found.i_share == pytest.approx(1 / 11)
    assert found.we_share == pytest.approx(1 / 11)
    assert found.you_share == pytest.approx(3 / 11)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("I checked it myself and we pay.", 2 / 3),
        ("i am on it", 1.0),
        ("Our team and us.", 0.0),
        ("Is it red?", None),
    ],
)
def test_i_against_we_is_the_share_of_i_among_both(text, share):
    assert wording(typed(text)).i_against_we_share == (None if share is None else pytest.approx(share))


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("Um, it was, you know, sort of late.", 3),
        ("um it was you know sort of late", 3),
        ("Basically, erm, I mean, uh, hm, that's actually late.", 6),
        ("Do you know the date?", 0),
        ("do you know the date", 0),
        ("As you know, it rained.", 0),
        ("So that you know what comes next.", 0),
        ("What kind of router is it? That sort of light?", 0),
        ("That is very kind of you.", 0),
        ("What I mean is the invoice.", 0),
        ("mm-hm, uh-huh", 0),
        ("The summer number errand humming.", 0),
    ],
)
def test_fillers_are_words_that_say_nothing_where_they_stand(text, fillers):
    assert wording(typed(text)).fillers_heard == fillers


def test_the_share_of_fillers_is_of_the_words_as_transcribed():
    found = wording(typed("Um, it was, you know, sort of late."))
    assert found.fillers_heard_share == pytest.approx(5 / 8)
    assert (found.fillers_dropped, found.fillers_dropped_share) == (None, None)


@pytest.mark.parametrize(("length_s", "dropped"), [(0.2, 0), (0.2999, 0), (0.3, 1), (0.6, 1)])
def test_speech_of_three_tenths_of_a_second_without_a_word_is_a_dropped_filler(length_s, dropped):
    """Two words, a pause, the sound, a pause, two words."""
    heard = spoken("i will check that", gaps=[(2, 1.2)])
    found = wording(heard, speech=speech(0, 1, 1.2, 1.2 + length_s, 2.2, 3.2))
    assert found.fillers_dropped == dropped


@pytest.mark.parametrize(
    ("edges_s", "dropped"),
    [
        ((0, 2), 0),
        ((-0.4, 2.5), 0),
        ((0, 0.9, 1.1, 2), 0),
        ((-1, -0.5, 0, 2, 3, 3.4), 2),
        ((3, 3.2, 0, 2), 0),
        ((3, 3.4, 0, 2), 1),
        ((), 0),
    ],
)
def test_dropped_fillers_stand_before_and_after_the_words(edges_s, dropped):
    """The words lie from 0 to 2 s; silence is no filler, however long, and the order of the spans means nothing."""
    assert wording(spoken("i will check that"), speech=speech(*edges_s)).fillers_dropped == dropped


@pytest.mark.parametrize(
    ("word_s", "dropped"),
    [
        ((1.0, 2.5), 1),
        ((1.0, 2.15), 1),
        ((1.0, 2.05), 0),
        ((1.2, 1.6), 0),
        ((1.75, 1.75), 0),
        ((2.0, 2.5), 1),
    ],
)
def test_a_word_that_reaches_across_a_pause_was_spoken_behind_it(word_s, dropped):
    """Speech at 0-1, 1.2-1.7 and 2-2.5 s: "on" hides the sound in the middle only if it was spoken there."""
    heard = Transcript(
        words=tuple(
            Word(text=text, span=Span(start=round(a * RATE_HZ), end=round(b * RATE_HZ)))
            for text, (a, b) in (("see", (0, 1)), ("on", word_s), ("it", (2.3, 2.5)))
        ),
        text="see on it",
        engine="fake",
    )
    assert wording(heard, speech=speech(0, 1, 1.2, 1.7, 2, 2.5)).fillers_dropped == dropped


def test_both_shares_of_fillers_may_be_added():
    """Seven words, of them two fillers, and one filler that was dropped: three of eight."""
    heard = spoken("um i will check you know today", gaps=[(3, 0.8)])
    found = wording(heard, speech=speech(0, 1.5, 1.7, 2.1, 2.3, 4.3))
    assert (found.fillers_heard, found.fillers_dropped) == (2, 1)
    assert found.fillers_heard_share == pytest.approx(3 / 8)
    assert found.fillers_dropped_share == pytest.approx(1 / 8)


@pytest.mark.parametrize("heard", [typed("I will check."), Transcript(words=(), text="", engine="fake")])
def test_without_recognized_words_no_filler_can_have_been_dropped(heard):
    found = wording(heard, speech=speech(0, 3))
    assert (found.fillers_dropped, found.fillers_dropped_share) == (None, None)


@given(st.lists(st.integers(0, 40_000), max_size=8), st.lists(st.integers(0, 40_000), max_size=8))
def test_dropped_fillers_are_stretches_of_speech_that_hold_no_word(word_edges, speech_edges):
    def spans(edges):
        pairs = sorted(edges)[: len(edges) // 2 * 2]
        return [Span(start=a, end=b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]

    words, stretches = spans(word_edges), spans(speech_edges)
    heard = Transcript(words=tuple(Word(text="so", span=s) for s in words), text="so", engine="fake")
    for span in dropped_fillers(heard, stretches):
        assert span in stretches
        assert span.length >= SHORTEST_DROPPED
        assert not any(span.start <= word.start and word.end <= span.end for word in words if word.length)


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("Maybe I think it might work; hopefully.", 4),
        ("maybe i think it might work hopefully", 4),
        ("What do you think? It works.", 0),
    ],
)
def test_hedges_are_words_that_weaken(text, hedges):
    assert wording(typed(text)).hedges == hedges


@pytest.mark.parametrize("text", FORMS, ids=["typed", "recognized"])
def test_what_is_taken_up_is_what_the_caller_has_named(text):
    """Account, twice, charge and invoice; 89, the third and 4471. Refund, both and Friday are the trainee's own."""
    found = wording(typed(text), CALLER)
    assert found.words == 21
    assert found.content_words == 6
    assert found.content_words_taken_up == 4
    assert (found.figures, found.figures_taken_up) == (4, 3)
    assert found.concreteness == pytest.approx(7 / 21)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The engineer repairs the router.", 3),
        ("the engineer repairs the router", 3),
        ("Routers, router and ROUTER.", 1),
        ("I am so sorry, thank you, I will look into that problem for you.", 0),
        ("The bus, the fee and the tax.", 0),
        ("On Friday 89 euros, in three weeks, and tomorrow 5 percent.", 0),
    ],
)
def test_content_words_are_what_not_every_reply_holds(text, content):
    assert wording(typed(text)).content_words == content


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("62 pounds on 12 March, at 4 pm.", 3),
        ("sixty two pounds on the twelfth of march at four p m", 3),
        ("12 April and 12 April again", 1),
        ("Tomorrow or on Friday, in May, since March.", 4),
        ("I may march on, one day, first or second.", 0),
        ("My birthday is a holiday every day.", 0),
        ("It is the 3rd of 20.", 2),
    ],
)
def test_figures_are_different_numbers_times_and_dates(text, figures):
    assert wording(typed(text)).figures == figures


@pytest.mark.parametrize(
    ("said", "reply", "taken_up"),
    [
        ("it was 3 May", "on the third", 1),
        ("it was the third", "on May 3rd", 1),
        ("it was 3 May", "on 3 June", 0),
        ("I paid 3 times", "on 3 May", 0),
        ("it was on Friday", "on friday", 1),
        ("it was 62 pounds", "sixty two pounds", 1),
        ("at 16:00", "at four o'clock", 1),
        ("it cost 62 pounds", "it cost 26 pounds", 0),
    ],
)
def test_a_figure_is_taken_up_in_whatever_form_it_is_said(said, reply, taken_up):
    assert wording(typed(reply), Context(caller_line=said)).figures_taken_up == taken_up


def test_what_only_the_screen_shows_is_not_taken_up_from_the_caller():
    found = wording(typed("I see the payment of 55 pounds."), CALLER)
    assert (found.content_words_taken_up, found.figures_taken_up, found.concreteness) == (0, 0, 0.0)


@pytest.mark.parametrize("context", [None, Context(), Context(screen=("55 pounds",))])
def test_without_a_caller_nothing_is_known_to_be_taken_up(context):
    found = wording(typed(FORMS[0]), context)
    assert (found.content_words_taken_up, found.figures_taken_up, found.concreteness) == (None, None, None)


@given(st.text("aceiloruntv 389", max_size=60), st.text("aceiloruntv 389", max_size=60))
def test_concreteness_stays_between_0_and_1(text, line):
    found = wording(typed(text), Context(caller_line=line), findings=())
    assert found.concreteness is None or 0 <= found.concreteness <= 1


def test_to_repeat_the_callers_words_earns_nothing():
    once, often = (wording(typed(text), CALLER) for text in ("Your invoice.", "Your invoice, invoice, invoice."))
    assert once.content_words_taken_up == often.content_words_taken_up == 1
    assert often.concreteness < once.concreteness


def test_an_empty_reply_has_no_shares():
    found = wording(typed(""), CALLER, speech=())
    assert (found.words, found.fillers_heard, found.longest_run_words) == (0, 0, 0)
    assert {getattr(found, name) for name in found.__slots__ if name.endswith("share")} == {None}
    assert (found.concreteness, found.apology_s) == (None, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("i am very sorry for that let me check", 3.0),
        ("I am very sorry for that. Let me check.", 3.0),
        ("i am very sorry for that let me check the invoice and i do apologise for the delay", 6.5),
        (f"I am very sorry for that. {NO_REMEDY.capitalize()}. I do apologise for the delay.", 6.0),
        ("I am sorry, but you should have called earlier.", 1.5),
        ("i am sorry but you should have called earlier", 1.5),
        ("let me check the invoice", None),
        ("there is no need to apologise", None),
    ],
)
def test_the_length_of_an_apology_is_that_of_all_its_words(text, seconds):
    assert wording(spoken(text)).apology_s == (None if seconds is None else pytest.approx(seconds))


def test_a_typed_apology_has_no_length():
    assert wording(typed("I am very sorry for that.")).apology_s is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("That is how it goes here. Is it red?", 6),
        (f"{NO_REMEDY} could you look for the letter", 9),
        (f"{NO_REMEDY}. I will refund it today. {NO_REMEDY}. {NO_REMEDY}.", 18),
        (f"I will refund it today. {NO_REMEDY}. I will refund it today. {NO_REMEDY}.", 9),
        (f"{NO_REMEDY}. I will ring you at four. {NO_REMEDY}. I can refund it today. It is late.", 9),
    ],
)
def test_a_question_or_a_remedy_ends_a_run_of_words(text, words):
    assert wording(typed(text)).longest_run_words == words


@pytest.mark.parametrize("text", [*FORMS, f"I am sorry. {NO_REMEDY}. I do apologise. I will ring you."])
def test_findings_that_are_handed_in_change_nothing(text):
    heard = spoken(text)
    assert wording(heard, CALLER, findings=find(heard, CALLER)) == wording(heard, CALLER)


def test_a_text_without_apology_and_remedy_is_searched_no_further(monkeypatch):
    """Its findings say already that there is nothing to place."""
    heard = spoken(f"{NO_REMEDY} and that is all that i can see here")
    findings = find(heard, Context())
    monkeypatch.setattr(room, "find", lambda *_: pytest.fail("searched again"))
    assert wording(heard, findings=findings).apology_s is None
