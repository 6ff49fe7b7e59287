"""A dialogue between a person at a page and something that leads them: headset check, calibration, recordings."""

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Mapping

from pydantic import BaseModel

from voicesim.errors import VoicesimError
from voicesim.model import Samples
from voicesim.web.desk import Desk
from voicesim.web.link import SoundLink
from voicesim.web.messages import Answer, Asked, Choice, DialogueOver, FromPage, Hello, Listening, Told, ToPage
from voicesim.wiring.guide import Left

#: The answer of who leaves, where no choice has this key.
LEAVE = "q"
#: So long it is waited for a page that was asked to open its sound.
COMES_WITHIN_S = 120.0
#: So long a page may send nothing at all while it is asked something; then it is gone for good.
GONE_AFTER_S = 20.0
_LOOK_EVERY_S = 0.5
_LINES_KEPT = 60


class Begun(BaseModel):
    """A dialogue has begun: the page opens its sound under this key."""

    key: str


class PageGuide:
    """A guide on a page: what is told, asked and listened to is sent, and sent again to a page that comes back."""

    def __init__(self, link: SoundLink) -> None:
        self._link = link
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._told: list[Told] = []
        self._asked = Asked()
        self._listening = False
        self._left = False

    def tell(self, text: str, *, say: str = "") -> None:
        """Show a line, and large what is to be said."""
        told = Told(text=text.strip(), say=say)
        with self._lock:
            self._told = [*self._told, told][-_LINES_KEPT:]
        self._link.send(told)

    def level(self, heard: Samples | None) -> None:
        """Say when it is listened and when no more; the page measures its own level. Raises Left."""
        on = heard is not None
        if on != self._listening:
            self._listening = on
            self._link.send(Listening(on=on))
        if on and self._left:
            raise Left

    def key(self, question: str, choices: Mapping[str, str]) -> str:
        """The key of the button that was pressed. Raises Left, also for a page that is gone for good."""
        self._ask(Asked(question=question, choices=tuple(Choice(key=key, does=does) for key, does in choices.items())))
        try:
            while True:
                answer = self._next_answer()
                if answer in choices:
                    return answer
                if answer == LEAVE:
                    raise Left
        finally:
            self._ask(Asked())

    def _ask(self, asked: Asked) -> None:
        with self._lock:
            self._asked = asked
            # What was pressed before the question does not answer it.
            while not self._answers.empty():
                self._answers.get()
        self._link.send(asked)

    def _next_answer(self) -> str:
        quiet_s, before = 0.0, -1
        while quiet_s < GONE_AFTER_S and not self._left:
            try:
                return self._answers.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                now = self._link.counts.received
                quiet_s = quiet_s + _LOOK_EVERY_S if now == before else 0.0
                before = now
        return LEAVE

    # -- the page's side --------------------------------------------------------------------------------------------

    def answered(self, answer: str) -> None:
        """Take in a pressed button."""
        with self._lock:
            if answer == LEAVE and LEAVE not in [choice.key for choice in self._asked.choices]:
                self._left = True
            self._answers.put(answer)

    def leave(self) -> None:
        """The person has left: the next question or sentence raises Left."""
        self._left = True

    def state(self) -> tuple[ToPage, ...]:
        """What a page that comes or comes back shows."""
        with self._lock:
            return (*self._told, Listening(on=self._listening), self._asked)


class Dialogue:
    """A session that runs ``run(guide, link)`` on a thread once the page is there; ``run`` gives the next address."""

    def __init__(self, run: Callable[[PageGuide, SoundLink], str]) -> None:
        self.link = SoundLink()
        self.guide = PageGuide(self.link)
        #: The id of this session, once it has one.
        self.key = ""
        self._run = run
        self._there = threading.Event()
        self._ended: DialogueOver | None = None
        self._thread = threading.Thread(target=self._hold, name="dialogue", daemon=True)

    def begin(self, desk: Desk) -> Begun:
        """What the page needs to take part. Raises TooMany."""
        self.key = desk.sessions.add(self)
        self._thread.start()
        return Begun(key=self.key)

    def _hold(self) -> None:
        try:
            self._ended = self._outcome()
        except Exception:
            logging.getLogger(__name__).exception("a dialogue broke off")
            self._ended = DialogueOver(what="something went wrong here", mend="Begin again.")
        finally:
            self.link.send(self._ended or DialogueOver())
            self.link.close()

    def _outcome(self) -> DialogueOver:
        if not self._there.wait(COMES_WITHIN_S):
            return DialogueOver(what="the page did not open its sound", mend="Begin again, and allow the microphone.")
        try:
            return DialogueOver(next=self._run(self.guide, self.link))
        except Left as left:
            return DialogueOver(what=left.what, mend=left.mend or "")
        except VoicesimError as error:
            return DialogueOver(what=error.what, mend=error.mend or "Begin again.")

    @property
    def over(self) -> bool:
        """Whether its thread has ended."""
        return self._ended is not None

    def end(self) -> None:
        """Ask it to end."""
        self.guide.leave()
        self._there.set()
        self.link.close()

    def join(self, timeout_s: float) -> None:
        """Wait until it is over."""
        self._thread.join(timeout_s)

    def told(self, message: FromPage) -> None:
        """Take in an answer, and that the page is there."""
        if isinstance(message, Hello):
            self._there.set()
        elif isinstance(message, Answer):
            self.guide.answered(message.answer)

    def greeting(self) -> Iterable[ToPage]:
        """What was told and asked so far."""
        return (*self.guide.state(), *([self._ended] if self._ended else []))
