"""Whether a microphone, its room and the headphones are fit for a call: judgements on what was heard, in plain words.

Each judgement says what was found with its figure and, where it is not good, what to do about it. Figures are dB below
full scale (dBFS) at 16 kHz; spans count from ``samples[0]``. The thresholds are our judgement unless a source is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import clipped_share, fade, level_dbfs
from voicesim.speech import level
from voicesim.speech.tension import MOST_CLIPPED

#: Speech between these two is a good level; below the last one it is lost in the steps of cheap converters.
GOOD_SPEECH_DBFS = (-38.0, -10.0)
QUIETEST_SPEECH_DBFS = -48.0
#: Noise up to here is a quiet room, up to here a usable one.
QUIET_DBFS, USABLE_DBFS = -55.0, -42.0
#: Speech over noise, in dB: from here level and pauses are told and baselines taken; from here nothing suffers.
LEAST_SNR_DB, GOOD_SNR_DB = 15.0, 22.0
#: Mains hum is told when it is this loud and makes up most of the noise.
HUM_FROM_DBFS = -55.0
_HUM_SHARE = 0.6
_HUM_LINES = 8
_HUM_HALF_WIDTH_HZ = 2.5

#: The chime that is sent to the ears: frequencies of its pips, their length and distance, and the level of each. Eight
#: pips of four frequencies, since a room may swallow one of them, and since speech seldom makes all of them in time.
PIPS_HZ = (1_000.0, 1_700.0, 1_300.0, 2_100.0, 1_300.0, 1_000.0, 2_100.0, 1_700.0)
PIP_S, PIP_EVERY_S = 0.12, 0.18
PIP_DBFS = -23.0
#: A caller who comes back louder than the first is taken for the trainee in a usual room, than the second in a very
#: quiet one (measured with spoken lines and voice activity: docs/headset.md).
ECHO_DB, FAINT_ECHO_DB = -36.0, -44.0
# A pip stands out when its frequency holds this much more power at its time than at the times of the others; the chime
# is found when all pips but two do.
_FOUND_FROM_DB = 7.0
_HIDDEN = 2
_AS_GOOD_DB = 3.0
# The two directions of a headset are aligned, save for sound in the air and what a device does not say of its delay.
_EARLIEST, _LATEST = -RATE_HZ // 10, RATE_HZ * 2 // 5
_NO_POWER = 1e-20
_QUIETER = "Close windows and doors, switch fans off, or bring the microphone closer to your mouth."
# In samples: a pip, the distance of two, and the steps in which the chime is looked for.
_PIP, _EVERY, _STEP = round(PIP_S * RATE_HZ), round(PIP_EVERY_S * RATE_HZ), RATE_HZ // 250


class Rating(StrEnum):
    """How good something is; the values are the words that a person reads."""

    GOOD = "good"
    FAIR = "could be better"
    BAD = "needs mending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One thing that was checked: ``found`` in words with its figure, ``advice`` what to do (None if it is good)."""

    about: str
    rating: Rating
    found: str
    advice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """What came back of the chime: ``gain_db`` against what was sent, ``contrast_db`` how far it stands out."""

    gain_db: float
    contrast_db: float

    @property
    def found(self) -> bool:
        """Whether it was the chime, and not noise or somebody talking."""
        return self.contrast_db >= _FOUND_FROM_DB


def judge_voice(samples: Samples, speech: Sequence[Span]) -> Judgement:
    """Whether a spoken sentence is loud enough, not clipped, and stands far enough above the noise around it."""
    spans = level.within(speech, len(samples))
    if not spans:
        return _unheard(samples)
    spoken = level.spoken(samples, spans)
    loudness_dbfs, snr_db, clipped = level_dbfs(spoken), level.snr_db(samples, spans), clipped_share(spoken)
    found = f"your voice {_dbfs(loudness_dbfs)}"
    if clipped > MOST_CLIPPED:
        advice = "Turn the microphone down, or move it a hand's width from your mouth, beside it."
        return _bad("microphone", f"too loud: {clipped:.0%} of your voice is cut off (clipped)", advice)
    if loudness_dbfs < QUIETEST_SPEECH_DBFS:
        return _bad("microphone", f"too quiet: {found}", "Turn the microphone up, or bring it closer to your mouth.")
    if snr_db is not None and snr_db < LEAST_SNR_DB:
        return _bad("microphone", f"too noisy: your voice is only {snr_db:.0f} dB above the noise", _QUIETER)
    return _usable_voice(found, loudness_dbfs, snr_db, clipped)


def _usable_voice(found: str, loudness_dbfs: float, snr_db: float | None, clipped: float) -> Judgement:
    quiet, loud = GOOD_SPEECH_DBFS
    if snr_db is not None:
        found = f"{found}, {snr_db:.0f} dB above the noise"
    if loudness_dbfs > loud or clipped:
        return _fair("microphone", f"rather loud: {found}", "Turn the microphone down a little.")
    if loudness_dbfs < quiet:
        return _fair("microphone", f"rather quiet: {found}", "Turn the microphone up a little, or bring it closer.")
    if snr_db is not None and snr_db < GOOD_SNR_DB:
        return _fair("microphone", f"some noise: {found}", "A quieter room would make the measures surer.")
    return Judgement(about="microphone", rating=Rating.GOOD, found=found)


def _unheard(samples: Samples) -> Judgement:
    if not np.any(samples):
        advice = "It is muted or switched off: look for a button at the headset and in the system's sound settings."
        return _bad("microphone", "nothing heard: the microphone gives no sound at all", advice)
    if level_dbfs(samples) > USABLE_DBFS:
        found = f"too noisy: no voice stands out of the noise ({_dbfs(level_dbfs(samples))})"
        return _bad("microphone", found, _QUIETER)
    advice = "Check that this is the right microphone (--input NAME), that it is not muted, and speak a little louder."
    return _bad("microphone", f"nothing heard that sounds like speech ({_dbfs(level_dbfs(samples))})", advice)


def judge_noise(noise: Samples) -> Judgement:
    """How loud a quiet second is, and whether it hums; ``noise`` float32[n] at 16 kHz without speech.

    Never worse than fair: how much noise is too much depends on the voice over it, see :func:`judge_voice`.
    """
    loudness_dbfs = level_dbfs(noise - noise.mean()) if len(noise) else -inf
    hum_hz = _hum_hz(noise)
    if hum_hz and loudness_dbfs > HUM_FROM_DBFS:
        advice = "Use another USB socket or cable, and keep the cable away from chargers and mains leads."
        return _fair("noise", f"a hum of {hum_hz} Hz, {_dbfs(loudness_dbfs)}", advice)
    if loudness_dbfs <= QUIET_DBFS:
        return Judgement(about="noise", rating=Rating.GOOD, found=f"a quiet room, {_dbfs(loudness_dbfs)}")
    if loudness_dbfs <= USABLE_DBFS:
        return _fair("noise", f"some noise, {_dbfs(loudness_dbfs)}", "Close doors and windows, switch fans off.")
    return _fair(
        "noise", f"a loud room, {_dbfs(loudness_dbfs)}", "Find a quieter place, or come closer to the microphone."
    )


def chime() -> Samples:
    """The soft tones that are sent to the ears: float32[n] at 16 kHz, eight pips of -23 dBFS, 1.38 s."""
    made = np.zeros(_EVERY * (len(PIPS_HZ) - 1) + _PIP, dtype=np.float32)
    at_s = np.arange(_PIP) / RATE_HZ
    for number, frequency_hz in enumerate(PIPS_HZ):
        pip = (_amplitude() * np.sin(2 * np.pi * frequency_hz * at_s)).astype(np.float32)
        made[number * _EVERY : number * _EVERY + _PIP] = fade(pip, RATE_HZ)
    return made


def find_echo(heard: Samples, ears: Samples) -> Echo | None:
    """What came back of one :func:`chime` in ``heard`` while ``ears`` were given it, both float32[n] at 16 kHz.

    None if it did not sound in the ears, or if what was heard ends too soon. It is looked for from 0.1 s before to
    0.4 s after it sounded in the ears. Each pip's frequency is looked for by correlation with a complex tone, so that
    neither delay nor phase matters. ``contrast_db`` is that of the place where the pips stand out most, ``gain_db``
    their mean power about there.
    """
    sounding = np.flatnonzero(np.abs(ears) > 0.1 * _amplitude())
    if not len(sounding):
        return None
    first = max(0, int(sounding[0]) + _EARLIEST)
    length = _EVERY * (len(PIPS_HZ) - 1) + _PIP
    slots = _slots(heard[first : int(sounding[0]) + _LATEST + length])
    if slots is None:
        return None
    pips = range(len(PIPS_HZ))
    contrasts_db = []
    for pip in pips:
        others = np.mean([slots[pip, slot] for slot in pips if PIPS_HZ[slot] != PIPS_HZ[pip]], axis=0)
        contrasts_db.append(10 * np.log10((slots[pip, pip] + _NO_POWER) / (others + _NO_POWER)))
    contrast_db = np.sort(contrasts_db, axis=0)[_HIDDEN]
    # A long echo stands out most at its very beginning, before it has grown: the loudest of the good places counts.
    power = np.mean([slots[pip, pip] for pip in pips], axis=0)
    loudest = float(power[contrast_db >= contrast_db.max() - _AS_GOOD_DB].max())
    gain_db = 10 * np.log10(loudest / _amplitude() ** 2 + _NO_POWER)
    return Echo(gain_db=float(gain_db), contrast_db=float(contrast_db.max()))


def judge_echo(echo: Echo | None) -> Judgement:
    """Whether the caller will be heard in the microphone, and taken for the trainee."""
    if echo is None:
        found = "the tones could not be played, so nothing is known about the headphones"
        return _fair("headphones", found, "Close other programs, then run: voicesim headset")
    if not echo.found:
        return Judgement(about="headphones", rating=Rating.GOOD, found="the caller stays in your ears")
    gain_db = round(echo.gain_db)
    below = f"{abs(gain_db)} dB {'above' if gain_db > 0 else 'below'} what was played"
    if echo.gain_db <= FAINT_ECHO_DB:
        return Judgement(about="headphones", rating=Rating.GOOD, found=f"the caller stays in your ears (echo {below})")
    if echo.gain_db <= ECHO_DB:
        found = f"the tone comes back faintly through the microphone, {below}"
        return _fair("headphones", found, "Turn the sound in your ears down a little.")
    advice = "Headphones, please: without them the caller hears herself. With a headset, turn the sound in it down."
    return _bad("headphones", f"the tone comes back through the microphone, {below}", advice)


def _slots(heard: Samples) -> NDArray[np.float64] | None:
    """Power of each pip's frequency at the time of each pip, for each time the chime may begin; [pip, slot, begin].

    None if ``heard`` is shorter than the chime.
    """
    pips = range(len(PIPS_HZ))
    begins = len(heard) - _EVERY * (len(PIPS_HZ) - 1) - _PIP
    if begins < 0:
        return None
    window = fade(np.ones(_PIP, dtype=np.float32), RATE_HZ)
    at_s = np.arange(_PIP) / RATE_HZ
    pieces = np.lib.stride_tricks.sliding_window_view(heard, _PIP)[::_STEP]
    powers = {
        frequency_hz: np.square(np.abs(pieces @ (window * np.exp(-2j * np.pi * frequency_hz * at_s))))
        for frequency_hz in set(PIPS_HZ)
    }
    scale = (2 / np.square(window).sum()) ** 2
    count, every = begins // _STEP + 1, _EVERY // _STEP
    found = [[powers[PIPS_HZ[pip]][slot * every : slot * every + count] for slot in pips] for pip in pips]
    powers_there: NDArray[np.float64] = np.asarray(found, dtype=np.float64) * scale
    return powers_there


def _amplitude() -> float:
    """Peak of a pip: a sine of amplitude 1 has -3 dBFS."""
    return float(10 ** ((PIP_DBFS + 3.0103) / 20))


def _hum_hz(noise: Samples) -> int | None:
    """50 or 60 if the lines of that mains frequency make up most of the power under 1 kHz, else None."""
    if len(noise) < RATE_HZ // 2:
        return None
    power = np.square(np.abs(np.fft.rfft((noise - noise.mean()) * np.hanning(len(noise)))))
    frequency_hz = np.fft.rfftfreq(len(noise), 1 / RATE_HZ)
    whole = power[frequency_hz > _HUM_HALF_WIDTH_HZ].sum()
    shares = {}
    for mains_hz in (50, 60):
        lines_hz = mains_hz * np.arange(1, _HUM_LINES + 1)
        near = np.abs(frequency_hz[:, np.newaxis] - lines_hz).min(axis=1) <= _HUM_HALF_WIDTH_HZ
        shares[mains_hz] = power[near].sum() / (whole + _NO_POWER)
    strongest = max(shares, key=lambda mains_hz: shares[mains_hz])
    return strongest if shares[strongest] >= _HUM_SHARE else None


def _fair(about: str, found: str, advice: str) -> Judgement:
    return Judgement(about=about, rating=Rating.FAIR, found=found, advice=advice)


def _bad(about: str, found: str, advice: str) -> Judgement:
    return Judgement(about=about, rating=Rating.BAD, found=found, advice=advice)


def _dbfs(value: float) -> str:
    """A level as a person reads it."""
    return "complete silence" if value <= level.FLOOR_DBFS else f"{value:.0f} dBFS"
