"""False alarms and misses of the checks of takes: ``python tests/benchmarks/takes.py``.

Good takes are lines of shipped scripts spoken by personas in a quiet room at several levels, and, with the folder of
recorded speech (``VOICESIM_SPEECH``), LibriSpeech with its transcript as the line. A reader whose pauses are louder
than -42 dBFS, which the headset check calls a loud room, is no good take and told apart. Spoiled ones are the same
sounds, damaged at amounts that a person hears, and lines said with other words. Mood is told of acted speech (EmoDB).
``--part dev`` measures the part on which thresholds were chosen. Intervals are Wilson's, at 95 %.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from _speech_data import rows, sound_of
from _studio_sounds import PERSONAS, in_room, lines_of, said
from _table import machine
from _take_damages import DAMAGES
from alignment import wilson

from voicesim.backends.models import choose_recognizer
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples, Span, Transcript
from voicesim.ports import Recognizer
from voicesim.sound import level_dbfs
from voicesim.speech.delivery import measure_delivery
from voicesim.speech.room_check import USABLE_DBFS
from voicesim.studio.checks import TakeProblem, check_take, faults
from voicesim.studio.mood import neutral_of
from voicesim.studio.words import tokens

READERS = {"dev": ("1688", "2033"), "test": ("2609", "3080", "367")}
ACTORS = {"dev": ("03", "08", "09", "10", "11"), "test": ("12", "13", "14", "15", "16")}
GAINS_DB = (-12.0, -8.0, -4.0, -1.0)
#: Who speaks; the last is told and has no goal.
KINDS = ("personas", "people", "system voices")
WRONG = ("another line", "two other words", "a part left out", "the end left out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A good take: ``source`` persona or reader, what was heard and where speech is."""

    source: str
    text: str
    samples: Samples
    speech: tuple[Span, ...]
    heard: Transcript


class Ears:
    """Voice activity and a recognizer."""

    def __init__(self) -> None:
        self._vad = SileroVad()
        self._recognizer: Recognizer = choose_recognizer("auto", "en")

    def take(self, source: str, text: str, samples: Samples) -> Take:
        """A take with what is heard in it."""
        hearing = self._recognizer.start(RATE_HZ)
        hearing.feed(samples)
        return Take(source=source, text=text, samples=samples, speech=self.speech(samples), heard=hearing.finish())

    def speech(self, samples: Samples) -> tuple[Span, ...]:
        """Where speech is."""
        return speech_spans(samples, self._vad)


def made(part: str, count: int, ears: Ears) -> Iterator[Take]:
    """Lines by the personas of the part in turn."""
    rng = np.random.default_rng(len(part))
    every = lines_of(part)
    for number, at in enumerate(rng.choice(len(every), count, replace=False)):
        persona, line = PERSONAS[part][number % len(PERSONAS[part])], every[at]
        yield ears.take(persona, line.text, _recorded(said(line.text, persona, line.mood), number, rng))


def _recorded(speech: Samples, number: int, rng: np.random.Generator) -> Samples:
    lead_s, tail_s = rng.uniform(0.3, 0.8, 2)
    gain_db = GAINS_DB[number % len(GAINS_DB)]
    return in_room(speech, lead_s=lead_s, tail_s=tail_s, gain_db=gain_db, seed=(number,))


def read(part: str, each: int, ears: Ears) -> Iterator[Take]:
    """Recorded sentences of the part's readers, the shortest first."""
    for reader in READERS[part]:
        own = sorted((r for r in rows("librispeech") if r["speaker"] == reader), key=lambda row: float(row["seconds"]))
        for row in own[:each]:
            yield ears.take(reader, row["transcript"], sound_of(row))


def in_loud_room(take: Take) -> bool:
    """Whether the first 0.2 s, before anybody speaks, are louder than what the headset check calls usable."""
    return level_dbfs(take.samples[: RATE_HZ // 5]) > USABLE_DBFS


def wrong_lines(part: str, count: int, ears: Ears) -> Iterator[tuple[str, Take]]:
    """Takes that say something else than their line, each with how."""
    rng = np.random.default_rng(100 + len(part))
    every = [line for line in lines_of(part) if _content(line.text) >= 4]
    for number, at in enumerate(rng.choice(len(every), count, replace=False)):
        kind, line, other = WRONG[number % len(WRONG)], every[at], every[(at + 7) % len(every)]
        persona = PERSONAS[part][number % len(PERSONAS[part])]
        text = {
            "another line": other.text,
            "two other words": _exchanged(line.text, other.text, rng),
            "a part left out": _shortened(line.text),
            "the end left out": _unfinished(line.text),
        }[kind]
        yield kind, ears.take(persona, line.text, _recorded(said(text, persona, line.mood), number, rng))


def _content(text: str) -> int:
    return sum(not token.small for token in tokens(text.split()))


def _weighty(words: Sequence[str]) -> list[int]:
    """Places of the words of weight."""
    return [at for at, word in enumerate(words) if _content(word)]


def _exchanged(text: str, other: str, rng: np.random.Generator) -> str:
    """Two words of weight exchanged for two of another line."""
    words, others = text.split(), other.split()
    places = rng.choice(_weighty(words), 2, replace=False)
    for at, from_at in zip(places, rng.choice(_weighty(others), 2, replace=False), strict=True):
        words[at] = others[from_at].strip(".,!?")
    return " ".join(words)


def _shortened(text: str) -> str:
    """The line without a middle part that holds about half of its words of weight."""
    words = text.split()
    places = _weighty(words)
    quarter = len(places) // 4
    first, last = places[quarter], places[min(len(places) - 1, quarter + max(2, len(places) // 2) - 1)]
    return " ".join(words[:first] + words[last + 1 :])


def _unfinished(text: str) -> str:
    """The line without its last two words of weight and all that follows the first of them."""
    words = text.split()
    return " ".join(words[: _weighty(words)[-2]])


def judged(take: Take, samples: Samples, speech: Sequence[Span], heard: Transcript | None) -> tuple[TakeProblem, ...]:
    """The faults of a take, its mood left aside."""
    return faults(check_take(samples, speech, text=take.text, mood="annoyed", heard=heard))


def told(name: str, hits: int, of: int, goal: str = "") -> None:
    """A row of the table."""
    low, high = wilson(hits, of)
    print(f"{name:44} {hits:4} of {of:4}  {hits / max(1, of):6.1%}  [{low:.1%}, {high:.1%}]  {goal}")


def kind_of(take: Take) -> str:
    """Who speaks: a neural persona, a person, or a voice of the system, which recognizers hardly understand."""
    if take.source.isdigit():
        return KINDS[1]
    return KINDS[2] if take.source.startswith("system") else KINDS[0]


def false_alarms(takes: Sequence[Take], *, verbose: bool) -> None:
    """What is said of good takes."""
    for kind in KINDS:
        group = [take for take in takes if kind_of(take) == kind]
        wrong = Counter[str]()
        alarms = 0
        for take in group:
            problems = judged(take, take.samples, take.speech, take.heard)
            alarms += bool(problems)
            wrong.update(problem.code for problem in problems)
            for problem in problems if verbose else ():
                print(f"    {take.source}: {problem.what} | {take.text}")
        told(
            f"false alarms, good takes by {kind}",
            alarms,
            len(group),
            f"{'' if kind == KINDS[-1] else 'goal < 5 %'}  {dict(wrong)}",
        )


def misses(takes: Sequence[Take], ears: Ears, *, verbose: bool) -> None:
    """What is not said of damaged takes, without looking at words."""
    for name, (codes, spoils) in DAMAGES.items():
        missed = Counter[int]()
        count = Counter[int]()
        for number, take in enumerate(takes):
            which = number % len(spoils)
            samples = spoils[which](take.samples, take.speech, number)
            found = {problem.code for problem in judged(take, samples, ears.speech(samples), None)}
            count[which] += 1
            missed[which] += not found & set(codes)
            if verbose and not found & set(codes):
                print(f"    {name} {which} {take.source} {sorted(found)}: {take.text}")
        told(f"misses, {name}", missed.total(), count.total(), "goal < 10 %" if name != "echo" else "")


def mood(part: str) -> None:
    """How often acted speech of five actors gets advice for an angry line: neutral (should) and angry (should not)."""
    pitch, vad = SwiftF0(), SileroVad()
    got: dict[str, list[bool]] = {"neutral": [], "angry": []}
    for actor in ACTORS[part]:
        clips = {
            kind: [sound_of(r) for r in rows("emodb") if (r["speaker"], r["emotion"]) == (actor, kind)] for kind in got
        }
        own, judged_too = clips["neutral"][:2], {**clips, "neutral": clips["neutral"][2:]}
        if len(own) < 2:
            continue
        sounds = [(samples, speech_spans(samples, vad), None) for samples in own]
        neutral = neutral_of(sounds, pitch=pitch, speaker=actor, made_utc="")
        for kind, sounds_of_kind in judged_too.items():
            for samples in sounds_of_kind[:6]:
                speech = speech_spans(samples, vad)
                delivery = measure_delivery(samples, speech, pitch=pitch, transcript=None, baseline=neutral)
                found = check_take(
                    samples, speech, text="", mood="angry", heard=None, delivery=delivery, neutral=neutral
                )
                got[kind].append(any(problem.code == "mood" for problem in found))
    told("neutral speech told as too neutral for angry", sum(got["neutral"]), len(got["neutral"]))
    told("angry speech told so", sum(got["angry"]), len(got["angry"]))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--made", type=int, default=36, help="good takes by personas, and half as many wrong ones")
    parser.add_argument("--each", type=int, default=10, help="recorded sentences of each reader")
    parser.add_argument("--verbose", action="store_true", help="every false alarm and miss")
    options = parser.parse_args()
    ears = Ears()
    every = [*made(options.part, options.made, ears), *read(options.part, options.each, ears)]
    loud = [take for take in every if in_loud_room(take)]
    good = [take for take in every if not in_loud_room(take)]
    print(f"{machine()}\n{options.part}: {len(good)} good takes")
    false_alarms(good, verbose=options.verbose)
    if loud:
        noisy = sum("noisy" in {p.code for p in judged(t, t.samples, t.speech, None)} for t in loud)
        told(f"read in a loud room ({', '.join(sorted({t.source for t in loud}))}): told", noisy, len(loud))
    misses(good, ears, verbose=options.verbose)
    missed = Counter[str]()
    count = Counter[str]()
    for kind, take in wrong_lines(options.part, options.made // 2, ears):
        codes = {problem.code for problem in judged(take, take.samples, take.speech, take.heard)}
        count[kind] += 1
        missed[kind] += not codes & {"wrong_words", "cut_start", "cut_end"}
        if options.verbose and not codes & {"wrong_words", "cut_start", "cut_end"}:
            print(f"    {kind}: {take.text} | heard: {take.heard.text}")
    told("misses, wrong words", missed.total(), count.total(), f"goal < 10 %  {dict(missed)}")
    mood(options.part)
    return 0


if __name__ == "__main__":
    sys.exit(main())
