"""The turn gym: a turn of a stored call that is tried again, typed or on a device, and what is kept of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from voicesim.backends.vad import SileroVad
from voicesim.call.conduct import Control
from voicesim.call.live import LiveCall
from voicesim.call.parts import Manner, Parts, Typed
from voicesim.call.record import Held
from voicesim.call.replies import RepliesDevice
from voicesim.call.retry import Since, Tried, attempted, context_at, since, tried, worst_turn
from voicesim.call.text import typed_reply
from voicesim.call.watch import Watcher
from voicesim.errors import UsageError
from voicesim.files import read_sound
from voicesim.model import RATE_HZ, Baseline, CallRecord, Moment, Samples
from voicesim.ports import AudioDevice, Frames, Recognizer
from voicesim.script.model import Script
from voicesim.settings import Settings
from voicesim.sound import without_words
from voicesim.store.attempts import Attempt, By, add_attempt
from voicesim.store.baselines import baseline_for
from voicesim.store.closing import read_record
from voicesim.store.recovery import state_of
from voicesim.wiring.again import better_at
from voicesim.wiring.engines import Lines, measuring, understood
from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.manner import manner_of
from voicesim.wiring.replaying import reply_for_more
from voicesim.wiring.reply_sound import clip_of
from voicesim.wiring.stored_calls import script_of

_BETWEEN_S = 0.6
_LONGEST_ATTEMPT_S = 7_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gym:
    """One turn of a stored call that is to be tried again; with ``on`` the call goes on after it.

    ``why`` says why that turn, where nobody named one; ``better`` is a better reply to it.
    """

    folder: Path
    record: CallRecord
    script: Script
    point: Since
    better: Moment | None
    settings: Settings
    on: bool
    why: str = ""

    @property
    def manner(self) -> Manner:
        """How attempts are held; nothing is taken back in them: each is kept, and there can be a next one."""
        return replace(manner_of(self.script, self.settings), official=True)

    def keep(self, made: Tried, by: By, sound: Samples | None = None) -> Attempt:
        """The attempt, as it is kept with the call. Raises StorageError."""
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
        return add_attempt(self.folder, attempt, sound)

    def typed(self, text: str) -> Tried:
        """What the typed reply would have done."""
        return attempted(self.script, self.point, typed_reply(text, context_at(self.script, self.point), understood))

    def came_to(self, held: Held) -> Tried | None:
        """What a call that was taken up at the turn came to; None if nobody replied."""
        turns = held.recorder.record(held.ending, seed=self.record.seed, engines={}).turns
        return tried(self.script, self.point, turns, held.ending if self.on else None)


def open_gym(folder: Path, number: int | None, settings: Settings, *, on: bool = False) -> Gym:
    """The gym for a turn (from 1; None: the one that cost most) of the call in a folder.

    Raises UsageError for a call that is not finished or has no such turn, and what reading its files raises.
    """
    if state_of(folder) != "finished":
        raise UsageError("this call is not finished", where=str(folder), mend="Put it together with: voicesim report")
    record = read_record(folder)
    script = script_of(folder, record)
    judged = record if record.feedback is not None else with_feedback(record, script)
    wanted, why = (number, "") if number is not None else worst_turn(judged)
    return Gym(
        folder=folder,
        record=record,
        script=script,
        point=since(script, record, wanted),
        better=better_at(judged.feedback, wanted) or reply_for_more(script, record, wanted),
        settings=settings,
        on=on,
        why=why,
    )


# -- spoken -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What attempts are heard with, made once; ``script`` is the gym's with its takes."""

    script: Script
    recognizer: Recognizer
    lines: Lines
    baseline: Baseline | None


def baseline_through(gym: Gym, headset: str) -> Baseline | None:
    """The baseline to measure attempts against: the call's own through the same headset, else the stored one."""
    known = gym.record.baseline
    if known is not None and known.headset == headset:
        return known
    return baseline_for(gym.settings.trainee, headset)


def hold_attempt(
    gym: Gym,
    ears: Ears,
    device: AudioDevice,
    watcher: Watcher,
    wishes: Callable[[], Control | Typed | None],
    *,
    talks: bool,
) -> tuple[Held, Samples]:
    """An attempt as it was held on a device, and what the microphone heard in it, float32[n].

    ``wishes`` gives what the trainee wants beside, ``talks`` whether it can give the wish to
    talk. Raises DeviceError for a device that cannot be opened.
    """
    heard: list[Samples] = []
    files = isinstance(device, RepliesDevice)

    def keep(frames: Frames) -> None:
        heard.append(frames.microphone)

    parts = Parts(
        recognizer=ears.recognizer,
        activity=SileroVad(),
        understand=understood,
        measure=measuring(ears.baseline),
        sound_of=ears.lines.sound,
        keep=keep,
        controls=wishes,
        reopen=None if files else (lambda: device.open(RATE_HZ)),
        waits=files,
    )
    # Nobody presses a talk key without a keyboard.
    manner = replace(gym.manner, push_to_talk=gym.manner.push_to_talk and talks)
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


# -- heard again ------------------------------------------------------------------------------------------------------


def attempt_clip(folder: Path, attempt: Attempt) -> Samples | None:
    """The reply of an attempt as it was spoken, as loud as a line; None if there is no sound of it."""
    path = folder / attempt.sound if attempt.sound is not None else None
    if path is None or not path.is_file() or not attempt.reply.span.length:
        return None
    return clip_of(read_sound(path, longest_s=_LONGEST_ATTEMPT_S)[0].samples, attempt.reply.span)


def tones_of(*clips: Samples | None) -> Samples:
    """The clips one after the other, without their words, a pause between them: float32[n] at 16 kHz."""
    return np.concatenate([*_toned(clips), np.zeros(0, np.float32)])


def _toned(clips: tuple[Samples | None, ...]) -> Iterator[Samples]:
    for clip in clips:
        if clip is not None:
            yield without_words(clip, RATE_HZ)
            yield np.zeros(round(_BETWEEN_S * RATE_HZ), np.float32)
