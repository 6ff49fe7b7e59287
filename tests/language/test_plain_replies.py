"""Plain, correct replies with the words that mistakes are made of."""

import pytest

from voicesim.language.techniques import find
from voicesim.model import Context, Kind, Transcript
from voicesim.wiring.learned import load_learned

CALL = Context(verify=("date of birth",), screen=("note of 14 March: our payment run was started twice",))


def sure(text, context=None):
    found = find(Transcript(words=(), text=text, engine="typed"), context or Context(), load_learned())
    return [finding for finding in found if finding.sure]


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry.",
        "I'm really sorry, that was our mistake.",
        "That's our mistake and I'm sorry.",
        "I am sorry about that, Megan. The fault is ours, not yours.",
        "Sorry about the wait.",
        "I can't promise you that because it isn't decided yet",
        "It won't cost you anything.",
        "Please accept my apologies, we let you down there.",
        "Well, I see.",
    ],
)
def test_an_obvious_word_alone_accuses_nobody(reply):
    assert [finding.id for finding in sure(reply) if finding.kind is Kind.MISTAKE] == []


@pytest.mark.parametrize("reply", ["I'm sorry if you feel that way.", "Sorry, but you should have read it."])
def test_a_sorry_that_is_turned_against_the_caller_is_still_none(reply):
    assert "hedge_sorry" in {finding.id for finding in sure(reply)}


def test_a_bare_date_said_back_is_no_disclosure():
    assert "disclosure" not in {f.id for f in sure("Let me make sure I've got this right: 14 March.", CALL)}
    assert "disclosure" in {f.id for f in sure("Our payment run was started twice on 14 March.", CALL)}
