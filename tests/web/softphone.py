"""A call in a real browser on the virtual headset: what its page shows, what is pressed and said, what it leaves."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browsing import BUILD

from voicesim.backends.replies_voice import render_replies

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
#: Lines that were rendered once are there for all files of tests.
RENDERED = BUILD / "lines"
ABOUT_MONEY = "I am sorry. Twenty euros left your account twice."
REFUND = "I will refund the money today."
BLAME = "Please calm down. That is your own fault."
LIMIT_S = 120
#: An answer that sounds this long is taken back no more.
ANSWER_STANDS_MS = 1000


def said_aloud(folder, *sentences):
    """Sentence -> sound file, in the voice that stands in for a trainee."""
    return dict(zip(sentences, render_replies(sentences, folder), strict=True))


@dataclass(kw_only=True)
class Softphone:
    """A call in a browser: what its page shows, and what it leaves."""

    page: Any
    served: Any
    headset: Any
    key: str = ""

    def begin(self, script="", **choices):
        """Post the form of a call, as a briefing does, and wait until it rings."""
        folder = self.served.data / "scripts"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "short.yaml").write_text(script or SHORT.read_text(encoding="utf-8"), encoding="utf-8")
        self.page.goto(f"{self.served.address}/")
        csrf = self.page.locator("meta[name=csrf]").get_attribute("content")
        begun = self.page.request.post(
            f"{self.served.address}/calls",
            form={"script": "short", **choices},
            headers={"x-voicesim-csrf": csrf, "origin": self.served.address},
            max_redirects=0,
        )
        assert begun.status == 303, begun.text()
        self.key = begun.headers["location"].rsplit("/", maxsplit=1)[1]
        self.page.goto(f"{self.served.address}/call/{self.key}")
        self.until("ringing")
        return self

    def until(self, *states):
        """Wait until the page says that the call stands so."""
        names = ", ".join(f'body[data-call="{state}"]' for state in states)
        self.page.locator(names).wait_for(state="attached", timeout=LIMIT_S * 1000)

    def press(self, key):
        self.page.keyboard.press(key)

    def click(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def say(self, path):
        """Say a reply once she has finished, and wait until she answers or the call is over."""
        # The page may still show that she listens to the reply before; the call itself knows better.
        self.wait_for(lambda: self.state["state"] == "listening")
        self.until("listening")
        self.answered(path)

    def answered(self, path):
        """Speak at once, and wait until she answers: until then the reply may still go on."""
        before = len(self.state["rows"])
        self.headset.speak(path)

        def has_answered():
            now = self.state
            return now["state"] == "over" or (len(now["rows"]) > before and not now["rows"][-1]["you"])

        def stays_so():
            if not has_answered():
                return False
            # An answer to a pause within the reply is taken back in its first moment, when the reply goes on.
            self.page.wait_for_timeout(ANSWER_STANDS_MS)
            return has_answered()

        self.wait_for(stays_so)

    @property
    def state(self):
        # The server may close a connection that idled just as it is used again; browsers try once more, as this does.
        address = f"{self.served.address}/call/{self.key}/state"
        return self.page.request.get(address, max_retries=2).json()

    def wait_for(self, true):
        """Wait until something outside this process is so."""
        given_up_s = time.monotonic() + LIMIT_S
        while not true():
            assert time.monotonic() < given_up_s, self.state
            # Playwright takes in what the page complains about only while it is asked for something.
            self.page.wait_for_timeout(50)

    @property
    def folder(self):
        return max((self.served.data / "trainees").glob("*/calls/*"))

    def record(self):
        """The record of the call, once it is kept."""
        self.until("over")
        return json.loads((self.folder / "call.json").read_text(encoding="utf-8"))

    def entries(self, what):
        lines = (self.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        return [entry for entry in map(json.loads, lines) if entry["what"] == what]
