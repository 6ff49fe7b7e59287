"""How a live call feels and what it costs: the real command on a virtual headset, a made trainee at the microphone.

    python tests/benchmarks/live.py [answers] [interruptions] [stopping] [load] [memory] [--quick] [--part dev]

Everything is timed where a person would be: the trainee's sound as it reaches the microphone, the caller as she comes
out of the headphones (``tests/headset.sh``), both recorded by one process. The trainee speaks the texts of
turn_taking.tsv with the personas of one part, never the caller's. All parts take about half an hour, half of it
``memory``: an hour of talk on sound files, as fast as the machine can. ``--quick`` takes a few of each.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from _live import (
    AUDIBLE,
    SCRIPT,
    Event,
    NotThere,
    Practice,
    Recorded,
    found,
    practice,
    recorded,
    voiced_in,
    voiced_s,
)
from _live_load import load, memory
from _parts import print_table
from _table import Row
from _turn_sounds import PERSONAS, Clip, in_room, spoken

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import find_persona
from voicesim.backends.replies_voice import fluent
from voicesim.backends.system_voice import SystemVoice
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import VoiceStyle
from voicesim.sound import resample
from voicesim.wiring.engines import Lines
from voicesim.wiring.library import read_script

STOP_WORDS = ("Stop the exercise.", "Sorry, stop the exercise.")
#: A call that goes on this long after the stop word has missed it.
MISSED_S = 4.0
#: Of each a quick run takes so many.
QUICK = 4
_HOP = RATE_HZ // 100
_CALLER = "woman"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals(Row):
    """A row with goals of their own for its ``median`` and its 95th percentile, ``p95`` (None: none)."""

    median: float | None = None
    p95: float | None = None

    def __str__(self) -> str:
        """One line of the table."""
        goals = {"median": (50, self.median), "p95": (95, self.p95)}
        told = [
            f"{name} < {goal:g} {'met' if np.percentile(self.values, share) < goal else 'MISSED'}"
            for name, (share, goal) in goals.items()
            if goal is not None
        ]
        # Row is a slotted dataclass: no bare super() in what was made from it.
        return f"{Row.__str__(self)}  {', '.join(told)}"


# -- answers ----------------------------------------------------------------------------------------------------------


def answers(part: str, quick: int | None, folder: Path) -> Iterator[str]:
    """How soon the caller answers, where that time goes, and how often she answers too soon."""
    clips = [clip for clip in spoken(part, "fluent", every_persona=False) if clip.speaker != _CALLER][:quick]
    with recorded() as heard, practice(folder / "answers") as call:
        _converse(call, clips)
    gaps_s, rests_s, cuts, torn = [], [], [], 0
    parts: dict[str, list[float]] = {}
    for number, said in enumerate(call.spoken):
        voiced = voiced_s(said, heard[0].trainee)
        if voiced is None:
            torn += 1
            continue
        began_s, ended_s = voiced
        until_s = call.spoken[number + 1][0] if number + 1 < len(call.spoken) else ended_s + 5
        answer = heard[0].caller.cut(began_s, until_s).audible_s()
        if not answer or answer[0] < ended_s:
            cuts += [f"{said[1].name} ({ended_s - answer[0]:.1f} s before its end)"] if answer else []
            continue
        gaps_s.append(answer[0] - ended_s)
        try:
            on_disk = dict(_where_it_goes(call, said[1], ended_s))
        except NotThere:  # torn between the monitor and the call
            continue
        rests_s.append(gaps_s[-1] - sum(on_disk.values()))
        for name, value in on_disk.items():
            parts.setdefault(name, []).append(value)
    yield str(Goals(name="last voiced sample -> caller heard", values=gaps_s, unit="s", median=0.8, p95=1.5))
    for name, values in parts.items():
        yield str(Row(name=f"  {name}", values=values, unit="s"))
    yield str(Row(name="  the call being behind", values=rests_s, unit="s"))
    taken_back = len(call.of("retracted"))
    yield f"fluent replies cut: {len(cuts)} of {len(clips) - torn} (goal 0), taken back: {taken_back}, left out: {torn}"
    yield from (f"  {cut}" for cut in cuts)


def _converse(call: Practice, clips: Sequence[Clip]) -> None:
    """Answer each line with the next clip, soon after it has sounded."""
    waiting, rng = list(clips), np.random.default_rng(3)
    for event in call.follow():
        if event.what == "sounded":
            if not waiting:
                return
            time.sleep(rng.uniform(0, 0.4))
            call.speak(waiting.pop(0))


def _where_it_goes(call: Practice, clip: Clip, ended_s: float) -> Iterator[tuple[str, float]]:
    """The parts of the gap after a clip, as far as they can be read off the call's own files, in seconds."""
    line = next(event for event in call.of("line") if event.seen_s > ended_s)
    voiced = voiced_in(clip, call.channel("trainee"), line.at)
    replies = [event.values["turn"]["reply"] for event in call.of("turn")]
    ends = [round(reply["end_s"] * RATE_HZ) for reply in replies if reply is not None]
    speech_end = min(ends, key=lambda end: abs(end - voiced.end))
    sounding = int(np.flatnonzero(np.abs(call.channel("caller")[line.at :]) > AUDIBLE)[0])
    begins = int(np.flatnonzero(np.abs(_sound(line)) > AUDIBLE)[0])
    yield "until voice activity ends", (speech_end - voiced.end) / RATE_HZ
    yield "until the line begins: the rule's wait", (line.at - speech_end) / RATE_HZ
    yield "silence at the line's own beginning", begins / RATE_HZ
    yield "the headset, in and out", (sounding - begins) / RATE_HZ


def _sound(line: Event) -> Samples:
    """The whole line of an event as it was rendered, float32[n] at 16 kHz."""
    script = read_script(SCRIPT)
    return Lines(script).sound(next(one for one in script.lines() if one.id == line.values["line"]["id"]))


# -- interruptions ----------------------------------------------------------------------------------------------------


def interruptions(part: str, quick: int | None, folder: Path) -> Iterator[str]:
    """How soon the caller is quieter and silent when somebody speaks over her."""
    clips = [_short(clip) for clip in spoken(part, "interruption") if clip.speaker != _CALLER][:quick]
    waiting, rng = list(clips), np.random.default_rng(4)
    with recorded() as heard, practice(folder / "interruptions", stops=True) as call:
        for event in call.follow():
            if event.what == "line":
                if not waiting:
                    break
                time.sleep(rng.uniform(0.7, 1.1))
                call.speak(waiting.pop(0))
    down_s, silent_s, went_through, left_out = [], [], 0, 0
    for said in call.spoken:
        voiced = voiced_s(said, heard[0].trainee)
        if voiced is None:
            left_out += 1
            continue
        began_s, _ = voiced
        line = [event for event in call.of("line") if event.seen_s < said[0]][-1]
        following = next((event.seen_s for event in call.of("line") if event.seen_s > said[0]), began_s + 5)
        try:
            sounds = _Sounding(line, heard[0].caller)
        except NotThere:
            left_out += 1
            continue
        if sounds.end_s < began_s + 1:
            left_out += 1
            continue
        down_s += sounds.quieter_s(began_s)
        last_s = heard[0].caller.cut(began_s, following).audible_s()[1]
        if last_s > sounds.end_s - 0.1:
            went_through += 1
        else:
            silent_s.append(last_s - began_s)
    yield str(Goals(name="starts to talk -> caller turned down", values=down_s, unit="s", median=0.3))
    yield str(Goals(name="starts to talk -> caller silent", values=silent_s, unit="s", median=0.8))
    tried = len(clips) - left_out
    yield f"not turned down: {tried - len(down_s)} of {tried}, not silent: {went_through}, left out: {left_out}"


def _short(clip: Clip) -> Clip:
    """The same with less of the room around it."""
    first, last = clip.voiced.start - RATE_HZ // 10, clip.voiced.end + RATE_HZ
    return replace(clip, samples=clip.samples[first:last], voiced=clip.voiced.shifted(-first))


class _Sounding:
    """A line as it came out of the headphones, beside the line as it was rendered."""

    def __init__(self, line: Event, caller: Recorded) -> None:
        self._whole = _sound(line)
        begins = int(np.flatnonzero(np.abs(self._whole) > AUDIBLE)[0])
        around = caller.cut(line.seen_s - 0.2, line.seen_s + 3)
        place = found(self._whole[begins : begins + 6 * RATE_HZ // 10], around.samples)
        start_s = around.start_s + (place - begins) / RATE_HZ
        self.end_s = start_s + len(self._whole) / RATE_HZ
        self._heard = caller.cut(start_s, self.end_s)

    def quieter_s(self, after_s: float) -> list[float]:
        """Seconds after ``after_s`` until the line is at under half of its own level; empty if it never is."""
        whole, heard = (_levels(sound) for sound in (self._whole, self._heard.samples))
        count = min(len(whole), len(heard))
        at_s = self._heard.start_s + np.arange(count) * _HOP / RATE_HZ
        sounding = whole[:count] > 0.1 * whole.max()
        quieter = np.flatnonzero((heard[:count] < 0.5 * whole[:count]) & sounding & (at_s > after_s))
        return [float(at_s[quieter[0]]) - after_s] if len(quieter) else []


def _levels(sound: Samples) -> np.ndarray:
    return np.sqrt(np.square(sound[: len(sound) // _HOP * _HOP]).reshape(-1, _HOP).mean(axis=1))


# -- the stop word ----------------------------------------------------------------------------------------------------


def stopping(part: str, quick: int | None, folder: Path) -> Iterator[str]:
    """How soon the stop word ends a call, after a line and over a line."""
    clips = [_says(text, persona) for text in STOP_WORDS for persona in PERSONAS[part] if persona != _CALLER]
    for place, cue in (("after", "sounded"), ("over", "line")):
        over_s, decided_s, silent_s, missed, torn = [], [], [], [], 0
        for number, clip in enumerate(clips[: quick and quick // 2]):
            with recorded() as heard, practice(folder / f"stopping-{place}-{number}") as call:
                _stop(call, cue, clip)
            voiced = voiced_s(call.spoken[0], heard[0].trainee)
            if voiced is None:
                torn += 1
                continue
            said_s = voiced[1]
            ended = call.of("ended")[0]
            if ended.seen_s - said_s > MISSED_S:
                missed.append(clip.speaker)
                continue
            over_s.append(ended.seen_s - said_s)
            decided_s.append((ended.at - voiced_in(clip, call.channel("trainee"), ended.at).end) / RATE_HZ)
            audible = heard[0].caller.cut(said_s, said_s + MISSED_S).audible_s()
            silent_s += [audible[1] - said_s] if audible else []
        if over_s:
            behind_s = [over - decided for over, decided in zip(over_s, decided_s, strict=True)]
            yield str(Goals(name=f"stop word {place} a line -> call over", values=over_s, unit="s", median=1, p95=1))
            yield str(Row(name="  by the microphone's clock", values=decided_s, unit="s"))
            yield str(Row(name="  microphone, and the call being behind", values=behind_s, unit="s"))
        if silent_s:
            yield str(Row(name="  caller silent", values=silent_s, unit="s"))
        tried = len(over_s) + len(missed)
        yield f"missed {place} a line: {len(missed)} of {tried} {' '.join(missed)}, left out: {torn}"


def _stop(call: Practice, cue: str, clip: Clip) -> None:
    """Say the stop word once at the first ``cue``, and wait for the end or until it was missed."""
    until_s = None
    for event in call.follow(MISSED_S + 20):
        if event.what == cue and until_s is None:
            time.sleep(0.4)
            call.speak(clip)
            until_s = time.monotonic() + len(clip.samples) / RATE_HZ + MISSED_S
        if until_s is not None and time.monotonic() > until_s:
            return


def _says(text: str, persona: str) -> Clip:
    voice = {"hibari": HibariVoice, "system": SystemVoice}[find_persona(persona).engine]()
    sound = voice.render(text, VoiceStyle(persona=persona))
    speech = fluent(resample(sound.samples, sound.rate_hz, RATE_HZ))
    return _short(in_room(speech, name=text, kind="stop", speaker=persona, seed=(5,)))


# -- all --------------------------------------------------------------------------------------------------------------

PARTS = {"answers": answers, "interruptions": interruptions, "stopping": stopping, "load": load, "memory": memory}


if __name__ == "__main__":
    print_table(__doc__, PARTS, whole=None, quick=QUICK)
