"""The turn gym: a turn of a stored call is tried again, typed, from sound files or on a headset, and kept."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from voicesim.backends.headset import Headset
from voicesim.call.record import Held
from voicesim.call.replies import RepliesDevice, ReplyFile
from voicesim.call.retry import Tried
from voicesim.call.text import AGAIN, hold_typed
from voicesim.call.watch import Watcher, Watchers
from voicesim.cli.frame import closing_in_order, note, without_chatter
from voicesim.cli.keys import Keys, keyboard
from voicesim.cli.loading import prepare, ready
from voicesim.cli.practice import typed_from
from voicesim.cli.retry_screen import show_sides, show_turn
from voicesim.cli.retry_sound import play
from voicesim.cli.screen import Screen
from voicesim.errors import InputError, VoicesimError
from voicesim.model import RATE_HZ, Baseline, Samples
from voicesim.ports import AudioDevice
from voicesim.settings import Settings
from voicesim.store.attempts import By
from voicesim.wiring.again import NO_BETTER
from voicesim.wiring.engines import Lines, understood, with_takes
from voicesim.wiring.gym import Ears, Gym, baseline_through, hold_attempt, open_gym, tones_of
from voicesim.wiring.learned import load_learned
from voicesim.wiring.reply_sound import better_sound, clip_of, reply_sound
from voicesim.wiring.sides import in_attempt, in_the_call

_MENU = (
    "Enter: say it again. o: your reply in the call. b: the better one. t: the tone of both, without words. q: leave."
)
_NOTHING_SAID = "No reply was heard, so nothing was kept."
_AGAIN_HERE = f"{AGAIN} is not needed here: each line is a new attempt at the same turn."
_NO_SOUND = "There is no sound of your reply in this call."
_ASK_S = 0.05


def shown_gym(folder: Path, number: int | None, settings: Settings, *, on: bool, console: Console) -> Gym:
    """The gym for a turn (from 1; None: the one that cost most), shown with why it moved the caller.

    Raises what :func:`voicesim.wiring.gym.open_gym` raises.
    """
    gym = open_gym(folder, number, settings, on=on)
    show_turn(console, gym)
    return gym


def _keep(gym: Gym, console: Console, made: Tried, by: By, sound: Samples | None = None) -> None:
    """Keep an attempt, and show it beside the call."""
    kept = gym.keep(made, by, sound)
    show_sides(console, in_the_call(gym.record, kept.turn), in_attempt(made, kept.n))
    console.print(f"Kept as attempt {kept.n} at turn {kept.turn}.")


# -- typed ------------------------------------------------------------------------------------------------------------


def typed_attempts(path: Path) -> Iterable[str]:
    """The typed replies of a file, one a line; where it is called ``-``, those that a person is asked for.

    Raises InputError for a file without a reply, and what reading it raises.
    """
    if str(path) == "-":
        return typed_from(path)
    replies = tuple(typed_from(path))
    if not any(text not in ("", AGAIN) for text in replies):
        raise InputError("there is no reply in this file", where=str(path), mend="Write one on a line of its own.")
    return replies


def try_text(gym: Gym, replies: Iterable[str], console: Console) -> None:
    """Each typed reply is an attempt, and how many blank lines were none is told; with ``on`` all are one call."""
    load_learned()
    if gym.on:
        screen = Screen(gym.script, console, since=gym.point)
        manner = gym.manner
        held = hold_typed(
            gym.script,
            replies,
            understood,
            seed=gym.record.seed,
            watcher=screen,
            is_stop_word=manner.is_stop_word,
            official=manner.official,
            since=gym.point,
        )
        _keep_held(gym, console, held, By.TEXT)
        return
    made = blank = 0
    for text in replies:
        if text == "q" or gym.manner.is_stop_word(text):
            break
        if text == AGAIN:
            note(_AGAIN_HERE)
        elif text:
            _keep(gym, console, gym.typed(text), By.TEXT)
            made += 1
        else:
            blank += 1
    if blank:
        left_out = "1 blank line was" if blank == 1 else f"{blank} blank lines were"
        note(f"{left_out} left out: silence alone is no attempt. With --on a blank line is silence.")
    if not made:
        console.print(_NOTHING_SAID)


def _keep_held(gym: Gym, console: Console, held: Held, by: By, sound: Samples | None = None) -> Tried | None:
    """Keep what a call that was taken up came to; what broke it off is raised after that."""
    made = gym.came_to(held)
    if made is None:
        console.print(_NOTHING_SAID)
    else:
        _keep(gym, console, made, by, sound)
    if held.broken_by is not None:
        raise held.broken_by
    return made


# -- spoken -----------------------------------------------------------------------------------------------------------


def _ears(gym: Gym, baseline: Baseline | None, *, ahead: bool) -> Ears:
    script = with_takes(gym.script)
    lines = Lines(script)
    if ahead:
        prepare(lines, list(script.sounds()))
    load_learned()
    recognizer = ready(gym.settings.recognizer, script.language)
    return Ears(script=script, recognizer=recognizer, lines=lines, baseline=baseline)


def _hold(
    gym: Gym, ears: Ears, device: AudioDevice, console: Console, read: Callable[[], str] | None
) -> tuple[Held, Samples]:
    """An attempt as it was held on a device and shown, and what the microphone heard in it, float32[n]."""
    files = isinstance(device, RepliesDevice)
    screen = Screen(ears.script, console, captions=files or gym.settings.captions, since=gym.point)
    keys = None if read is None else Keys(read, screen.typing)
    wishes = device.controls if isinstance(device, RepliesDevice) else keys.wish if keys else lambda: None
    watcher = Watchers(screen, device if isinstance(device, RepliesDevice) else Watcher())
    return hold_attempt(gym, ears, device, watcher, wishes, talks=keys is not None)


def try_files(gym: Gym, files: Sequence[ReplyFile], notes: Iterable[str], console: Console) -> None:
    """Each sound file is an attempt; with ``on`` they are one call, to its end. As fast as the machine can.

    ``files`` and the ``notes`` about them are as they were read.
    """
    for line in notes:
        note(line)
    ears = _ears(gym, gym.record.baseline, ahead=False)
    for some in [files] if gym.on else [(file,) for file in files]:
        held, heard = _hold(gym, ears, RepliesDevice(tuple(some), real_time=False), console, None)
        _keep_held(gym, console, held, By.FILES, heard)


def try_on_headset(
    gym: Gym, wanted_input: str | None, wanted_output: str | None, console: Console, *, plays: bool
) -> None:
    """Hear, read, say it again, as often as the trainee likes; once, where nobody sits at a keyboard.

    ``plays``: the reply and the better one sound before. Raises DeviceError without a headset.
    """
    from voicesim.cli.headset import choose_devices

    with without_chatter():
        chosen = choose_devices(wanted_input, wanted_output, console)
        device = chosen.headset()
        device.open(RATE_HZ).close()
        ears = _ears(gym, baseline_through(gym, chosen.input.name), ahead=True)
        with closing_in_order(), keyboard() as read:
            _Session(gym, ears, device, console, read).hold(plays=plays)


class _Session:
    """A trainee at a headset, one attempt after the other."""

    def __init__(self, gym: Gym, ears: Ears, device: Headset, console: Console, read: Callable[[], str] | None) -> None:
        self._gym, self._ears, self._device, self._console, self._read = gym, ears, device, console, read
        self._waiting = ""
        self._original = reply_sound(gym.folder, gym.record.turns[gym.point.number - 1].reply)
        self._better: Samples | None = None
        #: The reply whose tone is compared: the last attempt's, once there is one.
        self._last = self._original

    def hold(self, *, plays: bool) -> None:
        """Until the trainee leaves."""
        if plays:
            self._hear_original()
            self._hear_better()
        if self._read is None:
            self._attempt()
            return
        self._console.print(_MENU)
        for key in self._keys():
            if key in "\r\ng":
                if self._attempt():
                    return
            elif key == "o":
                self._hear_original()
            elif key == "b":
                self._hear_better()
            elif key == "t":
                self._console.print("Your tone, then that of the better reply, without the words.")
                self._play(tones_of(self._last, self._better_sound()))
            elif key in "q\x1b":
                return
            else:
                continue
            self._console.print(_MENU)

    def _keys(self) -> Iterator[str]:
        while True:
            self._waiting += self._read() if self._read else ""
            if self._waiting:
                key, self._waiting = self._waiting[0].lower(), self._waiting[1:]
                yield key
            else:
                time.sleep(_ASK_S)

    def _attempt(self) -> bool:
        """Whether the trainee wants out: the stop word was said."""
        held, heard = _hold(self._gym, self._ears, self._device, self._console, self._read)
        if held.wanted_out:
            Screen(self._ears.script, self._console, since=self._gym.point).cool_down()
            return True
        made = _keep_held(self._gym, self._console, held, By.HEADSET, heard)
        if made is not None and made.reply.span.length:
            self._last = clip_of(heard, made.reply.span)
        return False

    def _hear_original(self) -> None:
        if self._original is None:
            self._console.print(_NO_SOUND)
            return
        self._console.print("You, in the call.")
        self._play(self._original)

    def _hear_better(self) -> None:
        sound = self._better_sound()
        if sound is None:
            self._console.print(NO_BETTER)
            return
        self._console.print("A better reply.")
        self._play(sound)

    def _better_sound(self) -> Samples | None:
        moment = self._gym.better
        if self._better is None and moment is not None and moment.better is not None:
            try:
                self._better = better_sound(moment.better, self._gym.script.caller.persona)
            except VoicesimError as error:
                self._console.print(f"The better reply can only be read: {error}", markup=False)
        return self._better

    def _play(self, samples: Samples) -> None:
        def stopped() -> bool:
            self._waiting += self._read() if self._read else ""
            return bool(self._waiting)

        play(self._device, samples, stopped)
