"""Hearing: findings carry the doubt about recognition, typed text carries none."""

import pytest

from voicesim.hearing import CURVES, heard_right, understand
from voicesim.model import Context, Kind, Span, Transcript, Word


def spoken(text, confidence, engine="whisper tiny.en"):
    words = tuple(
        Word(text=w, span=Span(start=i * 4000, end=i * 4000 + 3000), confidence=confidence)
        for i, w in enumerate(text.split())
    )
    return Transcript(words=words, text=text, engine=engine)


def test_typed_text_counts_as_heard():
    heard, _ = understand(Transcript(words=(), text="Calm down!", engine="typed"), Context())
    assert heard.findings[0].confidence == 0.9
    assert heard.has("command_calm")


def test_clear_recognition_keeps_a_finding_sure_and_a_guess_makes_it_unsure():
    clear, _ = understand(spoken("calm down", 0.95), Context())
    guess, _ = understand(spoken("calm down", 0.4), Context())
    assert clear.has("command_calm")
    assert not guess.has("command_calm")
    assert [f.id for f in guess.findings] == ["command_calm"]


def test_only_the_words_of_the_quote_count():
    good, bad = spoken("thank you for waiting", 0.98), spoken("mumble mumble", 0.05)
    words = (*good.words, *bad.words)
    late = tuple(
        Word(text=w.text, span=Span(start=i * 4000, end=i * 4000 + 3000), confidence=w.confidence)
        for i, w in enumerate(words)
    )
    both = Transcript(words=late, text="thank you for waiting. mumble mumble.", engine="whisper")
    assert understand(both, Context())[0].has("thank")


def test_a_recognizer_without_confidence_leaves_strong_findings_sure():
    heard, _ = understand(spoken("calm down", None, engine="fake"), Context())
    assert heard.has("command_calm")


@pytest.mark.parametrize("kind", [Kind.TECHNIQUE, Kind.MISTAKE])
@pytest.mark.parametrize("engine", CURVES)
def test_a_surer_recognition_is_never_believed_less(engine, kind):
    values = [heard_right(engine, n / 50, kind) for n in range(51)]
    assert values == sorted(values)
    assert values[-1] == 1.0
    assert 0.0 <= values[0] < 0.2


@pytest.mark.parametrize("engine", CURVES)
def test_a_mistake_is_doubted_at_least_as_much_as_a_technique(engine):
    confidences = [n / 50 for n in range(51)]
    accused = [heard_right(engine, at, Kind.MISTAKE) for at in confidences]
    assert all(
        factor <= heard_right(engine, at, Kind.TECHNIQUE) for at, factor in zip(confidences, accused, strict=True)
    )


def test_of_the_same_words_half_heard_the_praise_stays_and_the_accusation_does_not():
    thanks, _ = understand(spoken("thank you for waiting", 0.55), Context())
    calm, _ = understand(spoken("calm down", 0.55), Context())
    assert thanks.has("thank")
    assert not calm.has("command_calm")


def test_offers_come_with_the_findings():
    context = Context(may_offer={"refund today": ("refund",)})
    assert understand(spoken("i will refund that", 0.9), context)[1] == ("refund today",)
