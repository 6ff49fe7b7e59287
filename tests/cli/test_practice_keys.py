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


def test_a_reply_is_taken_back_and_said_again(virtual_headset, at_keyboard):
    """g shows why it moved her and a better one, and waits; Enter takes it back, and she says her line again."""
    call = at_keyboard()
    assert taken(call) == 6
    call.press("tPlease calm down now.\n")
    call.until("6 .* 8")
    call.next_line()
    call.press("g")
    call.until("Turn 1 again: anger 6 to 8. Why:")
    call.until("you told the caller to calm down: “Please calm down now.” .command_calm")
    call.until("Try: “")
    call.until("The call waits. Enter or g: you say it again")
    call.press("\n")
    call.until("your last reply is taken back")
    assert call.next_line() == 6
    call.press("tSo twenty euros left your account twice.\n")
    call.next_line()
    call.press("\x1b")
    assert call.ends() == 0
    assert [entry["turn"] for entry in call.entries("again")] == [1]
    texts = [turn["reply"]["live"]["transcript"]["text"] for turn in call.record["turns"] if turn["reply"]]
    assert texts == ["So twenty euros left your account twice."]
    [attempt] = (call.folder / "attempts" / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    assert '"by": "in_call"' in attempt


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
