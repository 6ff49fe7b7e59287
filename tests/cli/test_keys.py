"""What the keys of a call mean: wishes while it goes on, letters while a reply is typed."""

import os
import sys

import pytest

from voicesim.call.conduct import Control
from voicesim.call.parts import Typed
from voicesim.cli.keys import Keys, help_line, keyboard

WISHES = [
    ("p", [Control.PAUSE]),
    ("P", [Control.PAUSE]),
    ("r", [Control.REPEAT]),
    ("g", [Control.AGAIN]),
    ("h", [Control.HANG_UP]),
    ("\x1b", [Control.STOP]),
    (" ", [Control.TALK]),
    ("\n", [Control.ACCEPT]),
    ("rp", [Control.REPEAT, Control.PAUSE]),
    ("x\t\x1b[A\x1bOP\x1b[15~", []),
    ("\x1b[Ap", [Control.PAUSE]),
    ("thello\n", [Control.TYPE, Typed(text="hello")]),
    ("thph\x7fi there \r", [Control.TYPE, Typed(text="hpi there")]),
    ("tüber\n", [Control.TYPE, Typed(text="über")]),
    ("tno\x1bp", [Control.TYPE, Typed(text=""), Control.PAUSE]),
    ("t\n", [Control.TYPE, Typed(text="")]),
]


def pressed(*chunks):
    """All wishes from what was typed, in pieces as a terminal gives them, and what was shown of a typed reply."""
    waiting, shown = list(chunks), []
    keys = Keys(lambda: waiting.pop(0) if waiting else "", shown.append)
    asked = [keys.wish() for _ in range(100)]
    return [wish for wish in asked if wish], shown


@pytest.mark.parametrize(("typed", "wishes"), WISHES)
def test_keys_mean(typed, wishes):
    assert pressed(typed)[0] == wishes


@pytest.mark.parametrize(("typed", "wishes"), [row for row in WISHES if "\x1b" not in row[0]])
def test_it_does_not_matter_in_which_pieces_they_come(typed, wishes):
    assert pressed(*typed)[0] == wishes


def test_a_typed_reply_is_shown_as_it_grows_and_then_goes():
    assert pressed("tab\x7f\n")[1] == ["", "a", "ab", "a", None]


def test_the_help_names_the_talk_key_only_where_there_is_one():
    assert "Space" in help_line(push_to_talk=True)
    assert "Space" not in help_line(push_to_talk=False)


def test_the_help_names_the_key_for_again_only_where_it_works():
    assert "g say your last reply again" in help_line(push_to_talk=False)
    assert "again" not in help_line(push_to_talk=False, again=False)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs Linux or macOS")
def test_a_terminal_that_is_closed_is_no_error(monkeypatch):
    import pty

    window, terminal = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(terminal))
    with keyboard() as read:
        os.write(window, b"p")
        assert read() == "p"
        os.close(window)
        assert read() == ""
