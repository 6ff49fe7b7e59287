"""The keyboard during real calls: keys pressed at a real terminal, on the virtual headset."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")

OPENING = "You took my money twice, and nobody tells me why."


def taken(call):
    """Take the call when the phone rings, and wait for its first line."""
    call.until("Enter takes the call")
    call.press("\n")
    return call.next_line()


@pytest.fixture
def at_keyboard(practise, calibrated):
    """Begins a call at a terminal, for somebody whose headset and voice are known."""
    return lambda *options: practise(*options, terminal=True)


def test_pause_repeat_typed_reply_and_escape(virtual_headset, at_keyboard):
    """p, p, r, t and Esc do what the line of keys says; the terminal is as it was, and nothing is scored."""
    call = at_keyboard("--captions")
    call.until("Keys: p pause and go on, r repeat, g say your last reply again, t type a reply, h hang up, Esc stop")
    taken(call)
    call.until(OPENING)
    call.press("p")
    call.until("The call is paused; nothing is heard or kept. p goes on, h hangs up, Esc stops.")
    call.press("p")
    call.until("The call goes on")
    call.until(OPENING)
    call.press("r")
    call.until(OPENING)
    call.press("tThat was twenty yen\x7f\x7f\x7feuros, I see it.\n")
    call.until("type, then Enter> That was twenty euros")
    call.until("And what will you do about it?")
    call.press("\x1b")
    call.until("You stopped the exercise. Nothing was scored")
    assert call.ends() == 0
    assert call.record["ending"] == "stopped"
    assert call.record["feedback"]["score"]["total"] is None
    assert call.settings[0] == call.settings[1]
    assert [entry["by"] for entry in call.entries("paused")] == ["trainee"]
    first, second = call.record["turns"]
    assert first["reply"]["live"]["transcript"]["text"] == "That was twenty euros, I see it."
    assert second["line"]["step"] == "offer"


@pytest.mark.three_takes
def test_push_to_talk_and_hanging_up_without_captions(virtual_headset, at_keyboard, spoken):
    """Between two presses of Space the microphone is on; h hangs up. What she says is only to be heard."""
    call = at_keyboard("--push-to-talk")
    call.until("Space to talk, Space again when you are done")
    taken(call)
    call.line_over()
    call.press(" ")
    virtual_headset.speak(spoken("I am sorry. Twenty euros left your account twice."))
    call.until("left your account twice")
    call.press(" ")
    call.next_line()
    call.press("h")
    call.until("Call ended: abandoned")
    assert call.ends() == 0
    assert "left your account" in call.record["turns"][0]["reply"]["final"]["transcript"]["text"]
    assert OPENING not in call.shown
    assert call.settings[0] == call.settings[1]


def test_a_headset_that_is_gone_leaves_keys_and_terminal_to_the_trainee(virtual_headset, at_keyboard):
    """One that comes back in a pause does not end it; while it is away, h ends the call, with one line."""
    waits = "The call waits: .*Plug the headset in again and it goes on; h ends the call"
    call = at_keyboard()
    taken(call)
    call.press("p")
    call.until("The call is paused")
    virtual_headset.unplug()
    call.until(waits)
    virtual_headset.plug()
    call.until("The call is paused")
    call.press("p")
    call.until("The call goes on")
    call.next_line()
    virtual_headset.unplug()
    call.until(waits)
    call.press("h")
    call.until("Call ended: incomplete")
    call.until(r"\nvoicesim: default: the sound device .*\n")
    assert call.ends() == 3
    assert call.record["ending"] == "incomplete"
    assert call.settings[0] == call.settings[1]
