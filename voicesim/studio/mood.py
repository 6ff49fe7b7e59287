"""Whether a take sounds like its mood, against the trainer's own neutral line: advice, never a fault.

Tension tells raised activation and not a feeling (docs/delivery.md), and a quiet, cold anger is anger as well. So all
that is said is where a line for an angry mood has the tension, loudness and pace of the neutral one, and where a calm
line is tense.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voicesim.model import Baseline, Delivery, Samples, Span, Transcript
from voicesim.ports import PitchTracker
from voicesim.speech.baseline import mean_of, measure_sentence
from voicesim.speech.tension import CALM_TO, LEAST_SPEECH_S, TENSE_FROM

#: Moods whose lines should stand out from the neutral line.
RAISED = ("angry", "furious")
#: A line this much louder (dB) or faster (as a factor) than the neutral one does not sound like it. Ours.
LOUDER_DB = 4.0
FASTER = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodHeard:
    """Why a take does not sound like its mood: ``what`` in words, ``value`` its tension, ``advice`` what to try."""

    what: str
    value: float
    advice: str


def neutral_of(
    sounds: Sequence[tuple[Samples, Sequence[Span], Transcript | None]],
    *,
    pitch: PitchTracker,
    speaker: str,
    made_utc: str,
) -> Baseline | None:
    """The neutral delivery of a trainer from neutral lines, each 16 kHz samples, speech and words; None under 1.5 s.

    A trainee's baseline is refused if it is short; a trainer reads one or two lines, and advice is all that rests on
    it. What a few seconds say badly is moved towards the middle of neutral speakers
    (:func:`voicesim.speech.tension.believed`).
    """
    sentences = [measure_sentence(samples, speech, transcript, pitch) for samples, speech, transcript in sounds]
    voiced = [sentence for sentence in sentences if sentence.voice is not None]
    if sum(sentence.speech_s for sentence in voiced) < LEAST_SPEECH_S:
        return None
    return mean_of(voiced, trainee=speaker, headset="studio", made_utc=made_utc)


def mood_heard(mood: str, delivery: Delivery | None, neutral: Baseline | None) -> MoodHeard | None:
    """What to say of how a take for ``mood`` sounds against ``neutral``; None if it fits or cannot be told.

    ``delivery`` must have been measured against ``neutral``. A line for ``angry`` or ``furious`` is told if its tension
    is calm, it is under 4 dB louder and under 1.2 times as fast as the neutral one; one for ``calm`` if it is tense.
    """
    if delivery is None or neutral is None or delivery.tension is None:
        return None
    if mood in RAISED and delivery.tension <= CALM_TO and not _stands_out(delivery, neutral):
        advice = "Louder, faster and brighter, as if you had waited an hour; then listen to both."
        if (slow := _factor(delivery, neutral)) is not None and slow >= 1.05:
            advice = "Louder and brighter, with more up and down; then listen to both."
        return MoodHeard(
            what=f"sounds much like your neutral line, for a line that is {mood}: {_figures(delivery, neutral)}",
            value=delivery.tension,
            advice=advice,
        )
    if mood == "calm" and delivery.tension > TENSE_FROM:
        return MoodHeard(
            what=f"sounds tense for a line that is calm: {_figures(delivery, neutral)}",
            value=delivery.tension,
            advice="Softer, slower and lower: she has been helped by now.",
        )
    return None


def _stands_out(delivery: Delivery, neutral: Baseline) -> bool:
    """Whether loudness or pace alone tell a take from the neutral line."""
    factor = _factor(delivery, neutral)
    louder = delivery.level_db_re_baseline
    return (louder is not None and louder >= LOUDER_DB) or (factor is not None and factor >= FASTER)


def _factor(delivery: Delivery, neutral: Baseline) -> float | None:
    """How many times as fast as the neutral line a take is."""
    own, now = neutral.articulation_rate_sps, delivery.articulation_rate_sps
    return now / own if own and now is not None else None


def _figures(delivery: Delivery, neutral: Baseline) -> str:
    """Tension, loudness and pace in words, as far as they are known."""
    told = [f"tension {delivery.tension:.1f} ({delivery.tension_band})"]
    if delivery.level_db_re_baseline is not None:
        told.append(f"{delivery.level_db_re_baseline:+.0f} dB")
    if (factor := _factor(delivery, neutral)) is not None:
        told.append(f"{factor:.2f} times as fast")
    return ", ".join(told)
