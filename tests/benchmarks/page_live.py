"""A call in the browser against the terminal's, how many a machine holds at once, and the server's memory.

    python tests/benchmarks/page_live.py [gap] [load-whisper] [load-vosk] [memory] [killed] [--quick] [--part dev]

``gap``: the same replies to the same script on the virtual headset, once through `voicesim practice`, once through a
real browser; both ends are recorded by one process (``_live.py``). ``load-..``: 1, 2, 3 .. clients that send and play
sound over real sockets in real time, with Whisper and with Vosk, until one runs dry. ``memory``: the server after each
of ten typed and ten spoken calls. ``killed``: the server is killed (kill -9) in mid-call, what is on the disk compared
with what was sent. Best on a machine that does nothing else. ``--quick`` takes a few of each.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from _live import Heard, Practice, practice, recorded, voiced_s
from _live_load import _resident_mb, _spent
from _page import Client, Page, page, together
from _parts import print_table
from _table import Row
from _turn_sounds import Clip, spoken
from websockets.exceptions import ConnectionClosed

from voicesim.model import FRAME, RATE_HZ

#: The browser may be so much slower than the terminal, in the median.
GOAL_S = 0.15
_CALLER = "woman"
_REPLIES, _QUICK = 20, 4
_MOST_CALLS = 8
_LOAD_S, _QUICK_LOAD_S = 60.0, 20.0
_CALLS, _QUICK_CALLS = 10, 2
_SPOKEN_S = 15.0
#: Servers that are killed; the first after so many frames of a call, each further one so many later.
_KILLS, _KILLED_FROM, _KILLED_STEP = 20, 200, 17
_PREPARES_S = 300.0


def clips_of(part: str, count: int) -> list[Clip]:
    """Fluent replies by voices that are not the caller's."""
    return list(islice((c for c in spoken(part, "fluent", every_persona=False) if c.speaker != _CALLER), count))


# -- the reply gap ----------------------------------------------------------------------------------------------------


def gap(part: str, quick: bool, folder: Path) -> Iterator[str]:
    """The gap between a reply's last voiced sample and the caller, in the terminal and in the browser."""
    clips = clips_of(part, _QUICK if quick else _REPLIES)
    with recorded() as heard, practice(folder / "terminal") as call:
        _converse(call, clips)
    terminal_s = _gaps_s(call, heard[0])
    yield str(Row(name="terminal: last voiced sample -> caller", values=terminal_s, unit="s"))
    with page(Path(os.environ["VOICESIM_DATA"])) as served, recorded() as heard:
        call = _in_browser(served, clips)
    browser_s = _gaps_s(call, heard[0])
    yield str(Row(name="browser: last voiced sample -> caller", values=browser_s, unit="s"))
    more_s = float(np.median(browser_s) - np.median(terminal_s))
    yield f"browser slower by {more_s:+.3f} s in the median (goal {GOAL_S}): {'met' if more_s < GOAL_S else 'MISSED'}"
    left_out = 2 * len(clips) - len(terminal_s) - len(browser_s)
    yield f"left out, torn by the machine or answered too soon: {left_out} of {2 * len(clips)}"


def _converse(call: Practice, clips: Sequence[Clip]) -> None:
    """Answer each line with the next clip, soon after it has sounded."""
    waiting, rng = list(clips), np.random.default_rng(3)
    for event in call.follow():
        if event.what == "sounded":
            if not waiting:
                return
            time.sleep(rng.uniform(0, 0.4))
            call.speak(waiting.pop(0))


def _in_browser(served: Page, clips: Sequence[Clip]) -> Practice:
    """Hold the same call on the page."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web"))
    from browsing import browser_page

    with browser_page(served.link) as shown:
        key = served.begin("long-call", "browser")
        _until(served, key, "ringing")
        # The browser has a cookie of its own; a call belongs to the page, not to a cookie.
        shown.goto(f"{served.address}/call/{key}")
        shown.locator('body[data-call="ringing"]').wait_for(state="attached")
        shown.keyboard.press("Enter")
        _until(served, key, "speaking")
        data = Path(os.environ["VOICESIM_DATA"])
        call = Practice(served.process, max((data / "trainees").glob("*/calls/*")))  # type: ignore[arg-type]
        _converse(call, clips)
        shown.keyboard.press("Escape")
        _until(served, key, "over")
    return call


def _until(served: Page, key: str, state: str) -> None:
    """Wait until a call stands so. Raises RuntimeError if it never does."""
    given_up_s = time.monotonic() + _PREPARES_S
    while (now := served.state(key)) != state:
        if time.monotonic() > given_up_s or now == "over":
            raise RuntimeError(f"the call is {now}, not {state}")
        time.sleep(0.05)


def _gaps_s(call: Practice, heard: Heard) -> list[float]:
    gaps_s = []
    for number, said in enumerate(call.spoken):
        voiced = voiced_s(said, heard.trainee)
        if voiced is None:
            continue
        began_s, ended_s = voiced
        until_s = call.spoken[number + 1][0] if number + 1 < len(call.spoken) else ended_s + 5
        answer = heard.caller.cut(began_s, until_s).audible_s()
        if answer and answer[0] >= ended_s:
            gaps_s.append(answer[0] - ended_s)
    return gaps_s


# -- how many calls at once -------------------------------------------------------------------------------------------


def load(part: str, quick: bool, folder: Path, hears: str) -> Iterator[str]:
    """More and more calls at once with a recognizer, until frames come too late to be played."""
    clips = clips_of(part, _QUICK)
    for_s = _QUICK_LOAD_S if quick else _LOAD_S
    held = 0
    for count in range(1, _MOST_CALLS + 1):
        with page(Path(os.environ["VOICESIM_DATA"]), hears, count) as served:
            _warm(served)
            rows, whole = _at_once(served, count, clips, for_s)
        yield from (f"  {hears}: {row}" for row in rows)
        if not whole or (quick and count == 2):
            break
        held = count
    yield f"{hears}: {held} calls at once without a lost frame, {for_s:.0f} s each"


def _warm(served: Page) -> None:
    """Let the server load its models, so that no call under way waits for them."""
    key = served.begin("long-call", "browser")
    asyncio.run(Client(served, key, (), 1.0).run())
    _until_over(served, key)


def _until_over(served: Page, key: str) -> None:
    while served.state(key) != "over":
        time.sleep(0.05)


def _at_once(served: Page, count: int, clips: Sequence[Clip], for_s: float) -> tuple[list[str], bool]:
    """Rows of what became of so many calls at once, and whether nothing was lost."""
    keys = [served.begin("long-call", "browser") for _ in range(count)]
    shifted = [[*clips[n % len(clips) :], *clips[: n % len(clips)]] for n in range(count)]
    before = _spent(served.process.pid)
    went = asyncio.run(together([Client(served, key, said, for_s) for key, said in zip(keys, shifted, strict=True)]))
    after = _spent(served.process.pid)
    for key in keys:
        _until_over(served, key)
    share = 100 * (after.processor_s - before.processor_s) / (after.at_s - before.at_s)
    dry, lost_s = sum(one.dry for one in went), sum(one.lost_s for one in went)
    late_s = [late for one in went for late in one.late_s]
    rows = [
        f"{count} at once: ran dry {dry} times, lost {lost_s:.2f} s, replies {sum(one.said for one in went)}, "
        f"frames {sum(one.sent for one in went)} sent {sum(one.came for one in went)} came, {share:.0f} % of one core",
        str(Row(name=f"{count} at once: frames for the ears late", values=late_s or [0.0], unit="s")),
        str(Row(name="  the clients themselves", values=[s for one in went for s in one.own_late_s], unit="s")),
    ]
    return rows, dry == 0 and lost_s == 0


# -- memory -----------------------------------------------------------------------------------------------------------


def memory(part: str, quick: bool, folder: Path) -> Iterator[str]:
    """Resident memory of the server after each call, one after the other."""
    clips, calls = clips_of(part, _QUICK), _QUICK_CALLS if quick else _CALLS
    with page(Path(os.environ["VOICESIM_DATA"])) as served:
        for kind, hold in (("typed", _typed), ("spoken", _spoken)):
            looks = []
            for _ in range(calls):
                hold(served, clips)
                looks.append(_resident_mb(served.process.pid))
            yield f"{kind}: {', '.join(f'{mb:.0f}' for mb in looks)} MB"
            slope = float(np.polyfit(range(len(looks)), looks, 1)[0])
            later = float(np.polyfit(range(len(looks[1:])), looks[1:], 1)[0]) if len(looks) > 2 else slope
            yield f"  {slope:+.1f} MB a call, {later:+.1f} from the second on"


def _typed(served: Page, clips: Sequence[Clip]) -> None:
    key = served.begin("long-call", "typed")
    served.client.get(f"/call/{key}")
    for number in range(10):
        served.client.post(f"/call/{key}/reply", data={"text": f"I am sorry, that is {number} pounds too many."})
    served.client.post(f"/call/{key}/wish", data={"wish": "hang_up"})
    _until_over(served, key)


def _spoken(served: Page, clips: Sequence[Clip]) -> None:
    key = served.begin("long-call", "browser")
    asyncio.run(Client(served, key, clips, _SPOKEN_S).run())
    _until_over(served, key)


# -- kill -9 ----------------------------------------------------------------------------------------------------------


def killed(part: str, quick: bool, folder: Path) -> Iterator[str]:
    """The sound that a server loses that is killed in mid-call, at another moment each time, in the worse channel."""
    clips, lost_s = clips_of(part, _QUICK), []
    data = Path(os.environ["VOICESIM_DATA"])
    for number in range(_QUICK if quick else _KILLS):
        with page(data) as served:
            client = Client(served, served.begin("long-call", "browser"), clips, _LOAD_S)
            talking = threading.Thread(target=_until_cut, args=(client,))
            talking.start()
            while client.went.sent < _KILLED_FROM + number * _KILLED_STEP:
                time.sleep(0.005)
            served.process.kill()
            sent = client.went.sent
            served.process.wait()
            talking.join()
        call = max((data / "trainees").glob("*/calls/*"))
        kept = min(path.stat().st_size for path in call.glob("*.pcm.part")) // 2
        lost_s.append((sent * FRAME - kept) / RATE_HZ)
    yield str(Row(name="kill -9 in mid-call: sound sent and not kept", values=lost_s, unit="s", below=1.0))


def _until_cut(client: Client) -> None:
    with contextlib.suppress(OSError, ConnectionClosed):
        asyncio.run(client.run())


# -- all --------------------------------------------------------------------------------------------------------------

PARTS: Mapping[str, Callable[[str, bool, Path], Iterator[str]]] = {
    "gap": gap,
    "load-whisper": partial(load, hears="whisper"),
    "load-vosk": partial(load, hears="vosk"),
    "memory": memory,
    "killed": killed,
}


if __name__ == "__main__":
    print_table(__doc__, PARTS, whole=False, quick=True)
