"""A call before it begins: what was asked for, and what it is held and kept with. Terminal and page share it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from voicesim.backends.headset import HeadsetCounts
from voicesim.backends.vad import SileroVad
from voicesim.call.conduct import Control
from voicesim.call.parts import Manner, Parts, Typed
from voicesim.call.understood import Measure
from voicesim.model import RATE_HZ, Baseline, Dial, Ending
from voicesim.ports import Duplex, Recognizer, VoiceActivity
from voicesim.script.dial import dialled
from voicesim.script.model import Script
from voicesim.settings import Settings
from voicesim.wiring.engines import Lines, engines, measuring, understood, with_takes
from voicesim.wiring.keeping import Kept, keep_call
from voicesim.wiring.learned import load_learned
from voicesim.wiring.manner import manner_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a person asked for: which call, as whom, how held, where to, and how it should end.

    ``script`` is as the call is held, with what ``dial`` changed in it. In an ``official`` run delivery moves nobody
    and no reply can be said again.
    """

    script: Script
    out: Path | None
    seed: int
    trainee: str = "you"
    baseline: Baseline | None = None
    expect: tuple[Ending, ...] = ()
    recognizer: str = "auto"
    manner: Manner = field(default_factory=Manner)
    captions: bool = True
    dial: Dial | None = None
    official: bool = False


def plan_of(
    script: Script,
    settings: Settings,
    *,
    seed: int,
    level: int | None = None,
    official: bool = False,
    sound: bool = True,
    baseline: Baseline | None = None,
    expect: tuple[Ending, ...] = (),
    out: Path | None = None,
) -> Plan:
    """The plan of a call with ``script``: at ``level`` 0..4 (None: as written), with its takes if it sounds."""
    whole = with_takes(script) if sound else script
    made = None if level is None else dialled(whole, level, seed)
    held = replace(made.script if made else whole, hears_delivery=not official)
    return Plan(
        script=held,
        dial=None if level is None or made is None else Dial(level=level, changes=made.changes),
        out=out,
        seed=seed,
        trainee=settings.trainee,
        baseline=baseline,
        expect=expect,
        recognizer=settings.recognizer,
        captions=settings.captions,
        manner=replace(manner_of(held, settings), official=official),
        official=official,
    )


def kept_for(plan: Plan, used: dict[str, str] | None, names: dict[str, str] | None, *, sound: bool = True) -> Kept:
    """Begin to keep the call of a plan, held with the engines ``used`` on the devices of these ``names``."""
    return keep_call(
        plan.script,
        out=plan.out,
        seed=plan.seed,
        trainee=plan.trainee,
        baseline=plan.baseline if sound else None,
        engines=used or engines(None, None),
        headset=names,
        sound=sound,
        dial=plan.dial,
        official=plan.official,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Senses:
    """What tells speech from other sound, and what measures how a reply sounded."""

    activity: VoiceActivity
    measure: Measure


def senses_for(plan: Plan) -> Senses:
    """The senses of a call, loaded together with the detectors, before anything is kept. Raises MissingPart."""
    load_learned()
    return Senses(activity=SileroVad(), measure=measuring(plan.baseline))


def parts_for(
    kept: Kept,
    lines: Lines,
    recognizer: Recognizer,
    senses: Senses,
    *,
    controls: Callable[[], Control | Typed | None],
    reopen: Callable[[], Duplex] | None,
    waits: bool,
) -> Parts:
    """What a call is held with, everything loaded."""
    return Parts(
        recognizer=recognizer,
        activity=senses.activity,
        understand=understood,
        measure=senses.measure,
        sound_of=lines.sound,
        keep=lambda frames: kept.keeper.sound(*frames),
        trouble=lambda: kept.keeper.trouble,
        controls=controls,
        reopen=reopen,
        waits=waits,
    )


def went_through(counts: HeadsetCounts | None) -> dict[str, Any]:
    """What went through a headset, in seconds, as a record keeps it."""
    if counts is None:
        return {}
    seconds = {
        f"{name}_s": round(getattr(counts, name) / RATE_HZ, 3)
        for name in ("received", "written", "dropped", "starved", "late", "missing")
    }
    return {"headset": {**seconds, "overflows": counts.overflows}}
