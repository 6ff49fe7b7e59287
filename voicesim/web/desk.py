"""What all requests share: whose page it is, the engines that were loaded once, and what goes on in the background."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from voicesim.ports import Recognizer
from voicesim.settings import Settings, load_settings
from voicesim.web.guard import Keys
from voicesim.web.sessions import Sessions
from voicesim.web.voices import Voices
from voicesim.wiring.engines import ready


@dataclass(slots=True, kw_only=True)
class Desk:
    """One running page. ``trainee`` None is the one of the settings, read anew for each request."""

    keys: Keys
    sessions: Sessions = field(default_factory=Sessions)
    voices: Voices = field(default_factory=Voices)
    named_trainee: str | None = None
    load: Callable[[str, str], Recognizer] = ready
    _recognizers: dict[tuple[str, str], Recognizer] = field(default_factory=dict)
    _loading: threading.Lock = field(default_factory=threading.Lock)

    @property
    def settings(self) -> Settings:
        """What was chosen, as it is now."""
        return load_settings()

    @property
    def trainee(self) -> str:
        """Whose calls these are."""
        return self.named_trainee or self.settings.trainee

    def recognizer(self, language: str = "en") -> Recognizer:
        """The recognizer for a language, in memory from its first use on; it waits for the first load."""
        wanted = (self.settings.recognizer, language.split("-", maxsplit=1)[0])
        with self._loading:
            if wanted not in self._recognizers:
                self._recognizers[wanted] = self.load(*wanted)
            return self._recognizers[wanted]


def desk_of(connection: HTTPConnection) -> Desk:
    """The desk of the page that a request or a socket came to."""
    desk = connection.app.state.desk
    assert isinstance(desk, Desk)
    return desk


OurDesk = Annotated[Desk, Depends(desk_of)]
