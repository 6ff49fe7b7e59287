"""The same words by many voices, at many gains: tension and pace say the same of all of them.

Real voices: every persona of the neural voice and of the system's. Each speaks three neutral sentences, which make its
baseline, and then the same replies as all others, unmoved. What then differs is who speaks and how loud the microphone
is set, and neither may move a score far.
"""

from dataclasses import replace

import numpy as np
import pytest

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import PERSONAS
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ
from voicesim.ports import VoiceStyle
from voicesim.sound import level_dbfs, resample
from voicesim.speech.baseline import make_baseline
from voicesim.speech.delivery import measure_delivery

NEUTRAL = (
    "The meeting is on Tuesday at ten and everybody will be there.",
    "The red folder lies on the second shelf next to the window.",
    "We will take the early train and come back in the evening.",
)
REPLIES = (
    "I can see both payments here, and the second one was our mistake.",
    "The money goes back to your card today and arrives within three days.",
    "I will write that down and call you on Friday before noon.",
)
GAINS_DB = (-20.0, -10.0, 0.0, 12.0)
#: Speech is set to this level before the gain, in dBFS, so that no gain clips it.
LEVEL_DBFS = -28.0
#: How far natural voices may lie apart on the same words, and all of them: points of tension, and pace as a ratio to
#: the own baseline. The robotic ones move from their baselines with what the sentence is, all in the same direction.
MOST_APART, MOST_APART_OF_ALL = 3.0, 4.5
MOST_APART_PACE = 0.17
#: How far gain may move one voice's tension, in points, and its pace, as a share, from hearing where speech is to the
#: score.
MOST_BY_GAIN = 0.01


def recorded(voice, persona, text):
    """What a microphone would hear: half a second of a quiet room, the text, a quarter of a second of the room."""
    sound = voice.render(text, VoiceStyle(persona=persona))
    samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
    samples = samples * 10 ** ((LEVEL_DBFS - level_dbfs(samples)) / 20)
    room = np.random.default_rng(len(text)).standard_normal(len(samples) + RATE_HZ * 3 // 4)
    room *= 10 ** ((LEVEL_DBFS - 45) / 20)
    room[RATE_HZ // 2 : RATE_HZ // 2 + len(samples)] += samples
    return room.astype(np.float32)


@pytest.fixture(scope="module")
def deliveries(typed):
    """For each persona and gain the deliveries of the replies, against the persona's own baseline at no gain.

    The gain ``None`` is -20 dB with the speech where it was at no gain.
    """
    voices, vad, pitch = {"hibari": HibariVoice(), "system": SystemVoice(tries=8)}, SileroVad(), SwiftF0()
    found = {}
    for name, persona in PERSONAS.items():
        takes = {text: recorded(voices[persona.engine], name, text) for text in (*NEUTRAL, *REPLIES)}
        own = [(takes[text], speech_spans(takes[text], vad), typed(text)) for text in NEUTRAL]
        baseline = make_baseline(own, pitch=pitch, trainee=name, headset="made", made_utc="2030-01-01T00:00:00Z")
        for gain_db in (*GAINS_DB, None):
            found[name, gain_db] = []
            for text in REPLIES:
                sound = (takes[text] * 10 ** ((-20.0 if gain_db is None else gain_db) / 20)).astype(np.float32)
                speech = speech_spans(takes[text] if gain_db is None else sound, vad)
                got = measure_delivery(sound, speech, pitch=pitch, transcript=typed(text), baseline=baseline)
                # Pace is judged against the own baseline: each persona has its own speed.
                pace = got.articulation_rate_sps / baseline.articulation_rate_sps
                found[name, gain_db].append(replace(got, articulation_rate_sps=pace))
    return found


def of(deliveries, measure, gains_db=GAINS_DB):
    """Values as an array of [persona, gain, reply]."""
    return np.array([[[getattr(d, measure) for d in deliveries[name, g]] for g in gains_db] for name in PERSONAS])


def test_every_voice_is_measured_at_every_gain(deliveries):
    """Nobody is left out: no abstention in any measure of the voice."""
    assert {name: d.abstained.get("tension") for (name, _), some in deliveries.items() for d in some} == dict.fromkeys(
        PERSONAS
    )


def test_unmoved_voices_are_all_called_calm(deliveries):
    bands = {(name, gain_db): [d.tension_band for d in some] for (name, gain_db), some in deliveries.items()}
    assert {key: some for key, some in bands.items() if set(some) != {"calm"}} == {}


NATURAL = [persona.engine == "hibari" for persona in PERSONAS.values()]
EVERYBODY = [True] * len(PERSONAS)


@pytest.mark.parametrize(
    ("measure", "voices", "bound"),
    [
        ("tension", NATURAL, MOST_APART),
        ("tension", EVERYBODY, MOST_APART_OF_ALL),
        ("articulation_rate_sps", EVERYBODY, MOST_APART_PACE),
    ],
    ids=["tension of natural voices", "tension of all", "pace of all"],
)
def test_voices_that_say_the_same_words_lie_within_the_bound(deliveries, measure, voices, bound):
    values = of(deliveries, measure)[voices, GAINS_DB.index(0.0)]
    assert np.ptp(values, axis=0).max() < bound


@pytest.mark.parametrize("measure", ["tension", "articulation_rate_sps"])
def test_gain_moves_nothing_where_the_speech_is_known(deliveries, measure):
    plain, soft = of(deliveries, measure, (0.0, None)).swapaxes(0, 1)
    assert np.abs(soft - plain).max() < 0.01


@pytest.mark.parametrize("measure", ["tension", "articulation_rate_sps"])
def test_gain_moves_nothing_from_hearing_to_score(deliveries, measure):
    values = of(deliveries, measure)
    assert np.abs(values - values[:, [GAINS_DB.index(0.0)]]).max() < MOST_BY_GAIN
