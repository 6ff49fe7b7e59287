"""All measures of one reply together, each filled or with the reason in words why it is not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voicesim.model import Baseline, Delivery, Samples, Span, Transcript
from voicesim.ports import PitchTracker
from voicesim.sound import clipped_share
from voicesim.speech import leak, level, pace, peaks, tension
from voicesim.speech.pitch import track_voice

#: Level and pauses are told from this signal to noise on, in dB.
LEVEL_FROM_SNR_DB = 15.0

# A measure by its name in Delivery: a number, or a text with the reason why there is none.
_Told = Mapping[str, float | str]

_NO_SPEECH = "no speech"
_NO_BASELINE = "no baseline"
_COUNTED = "no transcript: the rates are counted from the sound"
_PACE = ("articulation_rate_sps", "speech_rate_sps", "words_per_minute")
_PAUSES = ("pause_share", "longest_pause_s")
_LEVEL = ("level_dbfs", "level_db_re_baseline", "level_slope_db_per_min")
_VOICE = ("f0_median_st", "centroid_st", "f0_velocity_stps", "alpha_db", "f0_spread_st", "tension")
#: Measure -> its name as a difference. The last one counts semitones a second too; its name is one others parse.
_AGAINST_BASELINE = {
    "f0_median_st": "f0_median_st_re_baseline",
    "centroid_st": "centroid_st_re_baseline",
    "f0_velocity_stps": "f0_velocity_sps_re_baseline",
    "alpha_db": "alpha_db_re_baseline",
}


def measure_delivery(
    samples: Samples,
    speech: Sequence[Span],
    *,
    pitch: PitchTracker,
    transcript: Transcript | None,
    baseline: Baseline | None,
    reply_gap_s: float | None = None,
    noise: Samples | None = None,
    ears: Samples | None = None,
) -> Delivery:
    """How a reply sounded, against the trainee's own ``baseline`` if there is one.

    ``samples`` are float32 at 16 kHz of the whole reply, ``speech`` the spans of voice activity from ``samples[0]``,
    ``noise`` the second before speech, ``reply_gap_s`` the seconds from the end of the caller's line to the reply,
    ``ears`` what sounded in the trainee's ears at the time of ``samples``, on the same clock. A baseline without a
    centroid was measured in an earlier way and counts as none.
    Each measure that is None has its reason in ``abstained`` (``"under 1.5 s of speech"``); units, definitions, sources
    and limits are in docs/delivery.md. Raises what ``pitch`` raises (MissingPart), nothing else.
    """
    baseline = baseline if baseline and baseline.centroid_st is not None else None
    speech = level.within(speech, len(samples))
    spoken = level.spoken(samples, speech)
    snr_db = level.snr_db(samples, speech, noise)
    clipped = clipped_share(spoken) if speech else None
    reason = tension.refusal(pace.speech_s(speech), snr_db, clipped or 0.0)
    if reason is None and ears is not None:
        reason = leak.refusal(leak.find_leak(samples, speech, ears))
    voice = _voice(tension.measure_voice(samples, speech, pitch, noise) if reason is None else None, baseline, reason)
    told = {
        "reply_gap_s": "the gap was not timed" if reply_gap_s is None else reply_gap_s,
        "snr_db": _NO_SPEECH if snr_db is None else snr_db,
        "clipped_share": _NO_SPEECH if clipped is None else clipped,
        **(_pace(speech, transcript) if transcript else _counted_pace(samples, speech, pitch, voice, snr_db)),
        **_pauses(speech, snr_db),
        **_level(samples, speech, snr_db, baseline),
        **voice,
    }
    return _delivery(told, speech_s=pace.speech_s(speech), calibrated=baseline is not None)


def _delivery(told: _Told, *, speech_s: float, calibrated: bool) -> Delivery:
    """The Delivery of numbers and reasons; the band follows from the tension."""
    values: dict[str, Any] = {name: value for name, value in told.items() if not isinstance(value, str)}
    abstained = {name: value for name, value in told.items() if isinstance(value, str)}
    if "tension" in values:
        values["tension_band"] = tension.band(values["tension"])
    else:
        abstained["tension_band"] = abstained["tension"]
    return Delivery(speech_s=speech_s, calibrated=calibrated, abstained=dict(sorted(abstained.items())), **values)


def _refused(names: Iterable[str], reason: str) -> _Told:
    return dict.fromkeys(names, reason)


def _pace(speech: Sequence[Span], transcript: Transcript) -> _Told:
    if not speech:
        return _refused(_PACE, _NO_SPEECH)
    if pace.word_count(transcript.text) < pace.LEAST_WORDS:
        return _refused(_PACE, f"under {pace.LEAST_WORDS} words")
    measures = (pace.articulation_rate_sps, pace.speech_rate_sps, pace.words_per_minute)
    return {
        name: value
        for name, measure in zip(_PACE, measures, strict=True)
        if (value := measure(transcript.text, speech)) is not None
    }


def _counted_pace(
    samples: Samples, speech: Sequence[Span], pitch: PitchTracker, voice: _Told, snr_db: float | None
) -> _Told:
    """The rates by the peaks of loudness, for want of a transcript; a raised voice has too many of them."""
    if isinstance(score := voice["tension"], str):
        return _refused(_PACE, f"no transcript, and tension is not known ({score})")
    reason = _level_refusal(snr_db)
    if reason is None and tension.band(score) != "calm":
        reason = "in a raised voice syllables cannot be counted from the sound"
    if reason is None and pace.speech_s(speech) < peaks.LEAST_SPEECH_S:
        reason = f"under {peaks.LEAST_SPEECH_S:.0f} s of speech"
    if reason:
        return _refused(_PACE, f"no transcript, and {reason}")
    _, voiced = track_voice(samples, speech, pitch)
    syllables = peaks.heard_syllables(samples, speech, voiced)
    return {
        "articulation_rate_sps": syllables / pace.speech_s(speech),
        "speech_rate_sps": syllables / pace.extent_s(speech),
        "words_per_minute": _COUNTED,
    }


def _pauses(speech: Sequence[Span], snr_db: float | None) -> _Told:
    reason = _level_refusal(snr_db)
    if reason:
        return _refused(_PAUSES, reason)
    pauses_s = pace.pauses_s(speech)
    return {"pause_share": sum(pauses_s) / pace.extent_s(speech), "longest_pause_s": max(pauses_s, default=0.0)}


def _level(samples: Samples, speech: Sequence[Span], snr_db: float | None, baseline: Baseline | None) -> _Told:
    reason = _level_refusal(snr_db)
    if reason:
        return _refused(_LEVEL, reason)
    level_dbfs = level.speech_level_dbfs(samples, speech)
    slope = level.slope_db_per_min(samples, speech)
    return {
        "level_dbfs": level_dbfs,
        "level_db_re_baseline": level_dbfs - baseline.level_dbfs if baseline else _NO_BASELINE,
        "level_slope_db_per_min": f"under {level.SLOPE_FROM_S:.0f} s of reply" if slope is None else slope,
    }


def _level_refusal(snr_db: float | None) -> str | None:
    if snr_db is None:
        return _NO_SPEECH
    return f"under {LEVEL_FROM_SNR_DB:.0f} dB of signal to noise" if snr_db < LEVEL_FROM_SNR_DB else None


def _voice(voice: tension.VoiceMeasures | None, baseline: Baseline | None, reason: str | None) -> _Told:
    """Pitch, brightness, movement and the tension made of them: all told or, by the one rule, none."""
    names = (*_VOICE, *_AGAINST_BASELINE.values())
    if voice is None:
        return _refused(names, reason or f"under {tension.LEAST_VOICED_S} s of voiced speech")
    if baseline and (reason := tension.another_voice(voice, baseline)):
        return _refused(names, reason)
    against = {
        difference: getattr(voice, name) - getattr(baseline, name) if baseline else _NO_BASELINE
        for name, difference in _AGAINST_BASELINE.items()
    }
    score = tension.score(voice.f0_median_st, voice.centroid_st, voice.f0_velocity_stps, baseline=baseline)
    return {**{name: getattr(voice, name) for name in _VOICE[:-1]}, **against, "tension": score}
