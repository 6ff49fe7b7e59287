"""How often somebody else than the person of the baseline is noticed, and how often the person is taken for another.

    python tests/benchmarks/another_voice.py

EmoDB (``VOICESIM_SPEECH``; without it, made voices): the first two neutral clips of each speaker are the baseline; all
other clips of the speaker, whatever the emotion, must pass, and neutral and angry clips of others should not. The lines
were drawn on every other speaker; the rest judge them.
"""

from _statistics import interval
from collections.abc import Sequence

import numpy as np
from _speech_data import Clip, clips

from voicesim.speech.baseline import mean_of
from voicesim.speech.tension import another_voice


def flagged(measured: Sequence[Clip], own: str, others: Sequence[Clip]) -> list[bool]:
    """Whether each clip of ``others`` is taken for another voice than that of ``own``'s first two neutral clips."""
    neutral = [c for c in measured if c.speaker == own and c.emotion == "neutral" and c.sentence.voice][:2]
    baseline = mean_of([clip.sentence for clip in neutral], trainee=own, headset="", made_utc="")
    voices = [c.sentence.voice for c in others if c.name not in {n.name for n in neutral} and c.sentence.voice]
    return [another_voice(voice, baseline) is not None for voice in voices]


def main() -> None:
    """Print both halves."""
    measured = clips("emodb")
    names = sorted({clip.speaker for clip in measured})
    woman = {clip.speaker: clip.woman for clip in measured}
    for title, half in (("chosen on", names[::2]), ("judged on", names[1::2])):
        print(f"{title} {len(half)} speakers")
        for emotions in (("neutral",), ("angry",), ("neutral", "bored", "sad"), ("happy", "fear", "disgust")):
            some = [clip for clip in measured if clip.emotion in emotions and clip.speaker in half]
            for kind in ("the same person", "another of the same sex", "another of the other sex"):
                by_speaker = {}
                for own in half:
                    others = [
                        clip
                        for clip in some
                        if (clip.speaker == own) == (kind == "the same person")
                        and (woman[clip.speaker] == woman[own]) == (kind != "another of the other sex")
                    ]
                    by_speaker[own] = flagged(measured, own, others)
                by_speaker = {own: found for own, found in by_speaker.items() if found}
                if by_speaker:
                    print(_line(f"{kind}, {' '.join(emotions)}", by_speaker))


def _line(name: str, by_speaker: dict[str, list[bool]]) -> str:
    def share(speakers: Sequence[str]) -> float:
        return float(np.mean([flag for speaker in speakers for flag in by_speaker[speaker]]))

    low, high = interval(by_speaker, share)
    n = sum(map(len, by_speaker.values()))
    return f"  {name}: {share(sorted(by_speaker)):.1%} ({low:.1%}-{high:.1%}), n {n}"


if __name__ == "__main__":
    main()
