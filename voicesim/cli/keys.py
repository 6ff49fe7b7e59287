"""The keyboard during a live call: what each key means, and how keys are read without waiting."""

import codecs
import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterator
from typing import Any

from voicesim.call.conduct import Control
from voicesim.call.parts import Typed

#: What each key does; the first of its names is what a person is told.
KEYS = {
    "p": Control.PAUSE,
    "r": Control.REPEAT,
    "g": Control.AGAIN,
    "t": Control.TYPE,
    "h": Control.HANG_UP,
    "\x1b": Control.STOP,
}
_ENTER, _ERASE, _ESCAPE = "\r\n", "\x08\x7f", "\x1b"
_HELP = "Keys: p pause and go on, r repeat, {again}t type a reply, h hang up, Esc stop"
_HELP_AGAIN = "g say your last reply again, "
_HELP_TALK = "Space to talk, Space again when you are done"


def help_line(*, push_to_talk: bool, again: bool = True) -> str:
    """The keys in one line; without ``again`` no reply can be taken back."""
    keys = _HELP.format(again=_HELP_AGAIN if again else "")
    return f"{keys}. {_HELP_TALK}." if push_to_talk else f"{keys}."


class Keys:
    """Turns what is typed into wishes: keys while the call goes on, letters while a reply is being typed.

    ``read`` gives the characters typed since it was asked last. ``echo`` shows a typed reply as it grows, None once it
    is over.
    """

    def __init__(self, read: Callable[[], str], echo: Callable[[str | None], None]) -> None:
        self._read, self._echo = read, echo
        self._waiting = ""
        self._typed: str | None = None

    def wish(self) -> Control | Typed | None:
        """The next wish of the trainee, None if there is none just now."""
        self._waiting += self._read()
        while self._waiting:
            key, self._waiting = _first_key(self._waiting)
            if wish := self._pressed(key) if self._typed is None else self._written(key):
                return wish
        return None

    def _pressed(self, key: str) -> Control | None:
        if key == " ":
            return Control.TALK
        if key in _ENTER:
            return Control.ACCEPT
        wish = KEYS.get(key.lower())
        if wish is Control.TYPE:
            self._typed = ""
            self._echo("")
        return wish

    def _written(self, key: str) -> Typed | None:
        text = self._typed or ""
        if key in _ENTER or key == _ESCAPE:
            self._typed = None
            self._echo(None)
            return Typed(text=text.strip() if key in _ENTER else "")
        if key in _ERASE:
            text = text[:-1]
        elif len(key) == 1 and key.isprintable():
            text += key
        self._typed = text
        self._echo(text)
        return None


def _first_key(text: str) -> tuple[str, str]:
    """The first key in what came from a terminal, and the rest; an arrow or function key is one of several letters."""
    if len(text) > 1 and text[0] == _ESCAPE and text[1] in "[O":
        end = next((i for i, sign in enumerate(text[2:], 2) if "@" <= sign <= "~"), len(text) - 1)
        return text[: end + 1], text[end + 1 :]
    return text[0], text[1:]


@contextlib.contextmanager
def keyboard() -> Iterator[Callable[[], str] | None]:
    """Give what reads the keys typed since the last time, None where nobody sits at a terminal.

    Until the end keys come one by one, and are not shown by the terminal itself.
    """
    if not (sys.stdin and sys.stdin.isatty()):
        yield None
    elif sys.platform == "win32":
        yield _windows_keys
    else:
        with _one_by_one(sys.stdin.fileno()) as read:
            yield read


@contextlib.contextmanager
def _one_by_one(terminal: int) -> Iterator[Callable[[], str]]:
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    letters = codecs.getincrementaldecoder("utf-8")("ignore")

    def read() -> str:
        ready = select.select([terminal], [], [], 0)[0]
        try:
            return letters.decode(os.read(terminal, 1024)) if ready else ""
        except OSError:
            return ""

    tty.setcbreak(terminal)
    try:
        yield read
    finally:
        # A terminal that was closed takes nothing any more, and the call is still to be kept.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _windows_keys() -> str:
    import msvcrt

    keys: Any = msvcrt
    typed = ""
    while keys.kbhit():
        letter = keys.getwch()
        # Arrow and function keys come as two.
        if letter in "\x00\xe0":
            keys.getwch()
        else:
            typed += letter
    return typed
