"""The turn gym: a turn of a stored call is tried again, typed, from sound files or on a headset, and kept."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console

from voicesim.backends.headset import Headset
from voicesim.backends.vad import SileroVad
from voicesim.call.live import LiveCall
from voicesim.call.parts import Manner, Parts
from voicesim.call.record import Held
from voicesim.call.replies import RepliesDevice, read_replies
from voicesim.call.retry import Since, Tried, attempted, context_at, since, tried, worst_turn
from voicesim.call.text import hold_typed, typed_reply
from voicesim.call.watch import Watcher, Watchers
from voicesim.cli.again import NO_BETTER, better_at
from voicesim.cli.frame import closing_in_order, note, without_chatter
from voicesim.cli.keys import Keys, keyboard
from voicesim.cli.loading import prepare, ready
from voicesim.cli.retry_screen import in_attempt, in_the_call, show_sides, show_turn
from voicesim.cli.retry_sound import play, tones_of
from voicesim.cli.screen import Screen
from voicesim.errors import UsageError, VoicesimError
from voicesim.model import RATE_HZ, Baseline, CallRecord, Moment, Samples
from voicesim.ports import AudioDevice, Frames, Recognizer
from voicesim.script.model import Script
from voicesim.settings import Settings
from voicesim.store.attempts import Attempt, By, add_attempt
from voicesim.store.baselines import baseline_for
from voicesim.store.closing import read_record
from voicesim.store.recovery import state_of
from voicesim.wiring.engines import Lines, measuring, understood, with_takes
from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.learned import load_learned
from voicesim.wiring.manner import manner_of
from voicesim.wiring.reply_sound import better_sound, clip_of, reply_sound
from voicesim.wiring.stored_calls import script_of

_MENU = (
    "Enter: say it again. o: your reply in the call. b: the better one. t: the tone of both, without words. q: leave."
)
_NOTHING_SAID = "No reply was heard, so nothing was kept."
_NO_SOUND = "There is no sound of your reply in this call."
_ASK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Gym:
    """One turn of a stored call that is to be tried again; with ``on`` the call goes on after it."""

    folder: Path
    record: CallRecord
    script: Script
    point: Since
    better: Moment | None
    settings: Settings
    on: bool
    console: Console

    @property
    def manner(self) -> Manner:
        """How attempts are held; nothing is taken back in them: each is kept, and there can be a next one."""
        return replace(manner_of(self.script, self.settings), official=True)

    def keep(self, made: Tried, by: By, sound: Samples | None = None) -> None:
        """Keep an attempt, and show it beside the call."""
        attempt = Attempt(
            turn=self.point.number,
            at_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            by=by,
            reply=made.reply,
            before=made.before,
            after=made.after,
            influences=made.influences,
            line=made.line,
            ending=made.ending,
            on=made.on,
        )
        kept = add_attempt(self.folder, attempt, sound)
        show_sides(self.console, in_the_call(self.record, kept.turn), in_attempt(made, kept.n))
        self.console.print(f"Kept as attempt {kept.n} at turn {kept.turn}.")


def open_gym(folder: Path, number: int | None, settings: Settings, *, on: bool) -> Gym:
    """The gym for a turn (from 1; None: the one that cost most), shown with why it moved the caller.

    Raises UsageError for a call that is not finished or has no such turn, and what reading its files raises.
    """
    if state_of(folder) != "finished":
        raise UsageError("this call is not finished", where=str(folder), mend="Put it together with: voicesim report")
    record = read_record(folder)
    script = script_of(folder, record)
    judged = record if record.feedback is not None else with_feedback(record, script)
    console = Console(highlight=False)
    wanted, why = (number, "") if number is not None else worst_turn(judged)
    point = since(script, record, wanted)
    title = record.script.title or record.script.id
    console.print(f"Turn {wanted} of {title}. {why}".rstrip(), markup=False)
    better = better_at(judged.feedback, wanted)
    show_turn(console, script, record, point, better)
    return Gym(
        folder=folder,
        record=record,
        script=script,
        point=point,
        better=better,
        settings=settings,
        on=on,
        console=console,
    )


# -- typed ------------------------------------------------------------------------------------------------------------


def try_text(gym: Gym, replies: Iterable[str]) -> None:
    """Each typed reply is an attempt; with ``on`` they are one call, to its end."""
    load_learned()
    if gym.on:
        screen = Screen(gym.script, gym.console, since=gym.point)
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
        _keep_held(gym, held, By.TEXT)
        return
    for text in replies:
        if text == "q" or gym.manner.is_stop_word(text):
            return
        if text:
            reply = typed_reply(text, context_at(gym.script, gym.point), understood)
            gym.keep(attempted(gym.script, gym.point, reply), By.TEXT)


def _keep_held(gym: Gym, held: Held, by: By, sound: Samples | None = None) -> Tried | None:
    """Keep what a call that was taken up came to; what broke it off is raised after that."""
    turns = held.recorder.record(held.ending, seed=gym.record.seed, engines={}).turns
    made = tried(gym.script, gym.point, turns, held.ending if gym.on else None)
    if made is None:
        gym.console.print(_NOTHING_SAID)
    else:
        gym.keep(made, by, sound)
    if held.broken_by is not None:
        raise held.broken_by
    return made


# -- spoken -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ears:
    """What attempts are heard with, made once."""

    script: Script
    recognizer: Recognizer
    lines: Lines
    baseline: Baseline | None


def _ears(gym: Gym, baseline: Baseline | None, *, ahead: bool) -> _Ears:
    script = with_takes(gym.script)
    lines = Lines(script)
    if ahead:
        prepare(lines, list(script.sounds()))
    load_learned()
    recognizer = ready(gym.settings.recognizer, script.language)
    return _Ears(script=script, recognizer=recognizer, lines=lines, baseline=baseline)


def _hold(gym: Gym, ears: _Ears, device: AudioDevice, read: Callable[[], str] | None) -> tuple[Held, Samples]:
    """An attempt as it was held on a device, and what the microphone heard in it, float32[n]."""
    heard: list[Samples] = []
    files = isinstance(device, RepliesDevice)
    screen = Screen(ears.script, gym.console, captions=files or gym.settings.captions, since=gym.point)
    keys = None if read is None else Keys(read, screen.typing)
    controls = device.controls if isinstance(device, RepliesDevice) else keys.wish if keys else lambda: None

    def keep(frames: Frames) -> None:
        heard.append(frames.microphone)

    parts = Parts(
        recognizer=ears.recognizer,
        activity=SileroVad(),
        understand=understood,
        measure=measuring(ears.baseline),
        sound_of=ears.lines.sound,
        keep=keep,
        controls=controls,
        reopen=None if files else (lambda: device.open(RATE_HZ)),
        waits=files,
    )
    # Nobody presses a talk key without a keyboard.
    manner = replace(gym.manner, push_to_talk=gym.manner.push_to_talk and keys is not None)
    watcher = Watchers(screen, device if isinstance(device, RepliesDevice) else Watcher())
    held = LiveCall(
        ears.script,
        device.open(RATE_HZ),
        parts,
        seed=gym.record.seed,
        watcher=watcher,
        manner=manner,
        since=gym.point,
        one_turn=not gym.on,
    ).hold()
    return held, np.concatenate(heard) if heard else np.zeros(0, np.float32)


def try_files(gym: Gym, folder: Path) -> None:
    """Each sound file is an attempt; with ``on`` they are one call, to its end. As fast as the machine can."""
    files, notes = read_replies(folder)
    for line in notes:
        note(line)
    ears = _ears(gym, gym.record.baseline, ahead=False)
    for some in [files] if gym.on else [(file,) for file in files]:
        held, heard = _hold(gym, ears, RepliesDevice(some, real_time=False), None)
        _keep_held(gym, held, By.FILES, heard)


def try_on_headset(gym: Gym, wanted_input: str | None, wanted_output: str | None, *, plays: bool) -> None:
    """Hear, read, say it again, as often as the trainee likes; once, where nobody sits at a keyboard.

    ``plays``: the reply and the better one sound before. Raises DeviceError without a headset.
    """
    from voicesim.cli.headset import choose_devices

    with without_chatter():
        chosen = choose_devices(wanted_input, wanted_output, gym.console)
        device = chosen.headset()
        device.open(RATE_HZ).close()
        known = gym.record.baseline
        same = known is not None and known.headset == chosen.input.name
        ears = _ears(gym, known if same else baseline_for(gym.settings.trainee, chosen.input.name), ahead=True)
        with closing_in_order(), keyboard() as read:
            _Session(gym, ears, device, read).hold(plays=plays)


class _Session:
    """A trainee at a headset, one attempt after the other."""

    def __init__(self, gym: Gym, ears: _Ears, device: Headset, read: Callable[[], str] | None) -> None:
        self._gym, self._ears, self._device, self._read = gym, ears, device, read
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
        self._gym.console.print(_MENU)
        for key in self._keys():
            if key in "\r\ng":
                if self._attempt():
                    return
            elif key == "o":
                self._hear_original()
            elif key == "b":
                self._hear_better()
            elif key == "t":
                self._gym.console.print("Your tone, then that of the better reply, without the words.")
                self._play(tones_of(self._last, self._better_sound()))
            elif key in "q\x1b":
                return
            else:
                continue
            self._gym.console.print(_MENU)

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
        held, heard = _hold(self._gym, self._ears, self._device, self._read)
        if held.wanted_out:
            Screen(self._ears.script, self._gym.console, since=self._gym.point).cool_down()
            return True
        made = _keep_held(self._gym, held, By.HEADSET, heard)
        if made is not None and made.reply.span.length:
            self._last = clip_of(heard, made.reply.span)
        return False

    def _hear_original(self) -> None:
        if self._original is None:
            self._gym.console.print(_NO_SOUND)
            return
        self._gym.console.print("You, in the call.")
        self._play(self._original)

    def _hear_better(self) -> None:
        sound = self._better_sound()
        if sound is None:
            self._gym.console.print(NO_BETTER)
            return
        self._gym.console.print("A better reply.")
        self._play(sound)

    def _better_sound(self) -> Samples | None:
        moment = self._gym.better
        if self._better is None and moment is not None and moment.better is not None:
            try:
                self._better = better_sound(moment.better, self._gym.script.caller.persona)
            except VoicesimError as error:
                self._gym.console.print(f"The better reply can only be read: {error}", markup=False)
        return self._better

    def _play(self, samples: Samples) -> None:
        def stopped() -> bool:
            self._waiting += self._read() if self._read else ""
            return bool(self._waiting)

        play(self._device, samples, stopped)
