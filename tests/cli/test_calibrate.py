"""A baseline from sentences that a real voice speaks: from files, and into the microphone of a virtual headset."""

import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from voicesim.backends.headset import Headset
from voicesim.backends.replies_voice import render_replies, room_noise
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.cli import main
from voicesim.cli.calibrate import calibrate_with
from voicesim.cli.taking import Microphone
from voicesim.files import read_sound, write_flac
from voicesim.model import RATE_HZ
from voicesim.speech.baseline import Sentence
from voicesim.speech.tension import VoiceMeasures
from voicesim.store.baselines import baseline_for, stored_baselines
from voicesim.wiring.calibration import HELPFUL, NEUTRAL, alike, odd_one


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Nothing of a person's own is read or written."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "none.toml"))


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    """The three neutral sentences and the helpful one, spoken by the young man."""
    return render_replies([*NEUTRAL, HELPFUL], tmp_path_factory.mktemp("sentences"))


@pytest.fixture
def folder(sentences, tmp_path):
    """A folder of these files that a test may change: call it with functions of their samples by number."""

    def filled(count=4, **changes):
        place = tmp_path / "sentences"
        place.mkdir()
        for number, path in enumerate(sentences[:count], start=1):
            samples = read_sound(path)[0].samples
            write_flac(place / f"{number}.flac", changes.get(f"no_{number}", lambda same: same)(samples), RATE_HZ)
        return place

    return filled


def louder(gain_db):
    return lambda samples: np.clip(samples * np.float32(10 ** (gain_db / 20)), -1, 1)


def noisier(dbfs):
    return lambda samples: samples + room_noise(len(samples), (3,), dbfs)


@pytest.mark.parametrize("text", [*NEUTRAL, HELPFUL])
def test_sentences_can_be_read_in_one_breath(text):
    """Ten to fourteen words, no digits, none that a recognizer could write in two ways."""
    assert 10 <= len(text.split()) <= 14
    assert not any(sign.isdigit() for sign in text)


def test_three_sentences_and_a_helpful_one_are_kept(folder, capsys):
    """The numbers of both voices are read back, a summary is shown, and what they are for."""
    assert main(["calibrate", "--replies", str(folder()), "--trainee", "Anna"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    (stored,) = stored_baselines("Anna")
    assert baseline_for("Anna", "files") == stored.neutral
    assert stored.neutral.speech_s > 6.0
    assert 95 < 2 ** (stored.neutral.f0_median_st / 12) < 165
    assert 3.0 < stored.neutral.articulation_rate_sps < 7.0
    assert stored.helpful is not None and stored.helpful != stored.neutral
    assert "syllables a second" in told and " Hz " in told
    assert "never against others" in told and "nobody sees them unless you share them" in told


def test_without_a_fourth_file_there_is_no_helpful_voice(folder):
    assert main(["calibrate", "--replies", str(folder(3))]) == 0
    assert stored_baselines("you")[0].helpful is None


def test_what_is_kept_is_shown_and_forgotten(folder, capsys):
    """--show prints the figures, --forget deletes them, and both say so when there is nothing."""
    main(["calibrate", "--replies", str(folder(3)), "--trainee", "Anna"])
    capsys.readouterr()
    assert main(["calibrate", "--show", "--trainee", "Anna"]) == 0
    assert "Anna, files" in capsys.readouterr().out
    assert main(["calibrate", "--forget", "--trainee", "Anna"]) == 0
    assert stored_baselines("Anna") == ()
    main(["calibrate", "--show", "--trainee", "Anna"])
    assert "Nothing is kept of Anna yet" in capsys.readouterr().out


def test_show_and_forget_exclude_each_other(capsys):
    assert main(["calibrate", "--show", "--forget"]) == 2
    assert "exclude each other" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (louder(30.0), "clipped"),
        (louder(-30.0), "too quiet"),
        (noisier(-34.0), "too noisy"),
        (lambda samples: samples[: RATE_HZ + 3200], "of speech were heard"),
        (lambda samples: room_noise(len(samples), (1,)), "nothing heard"),
    ],
)
def test_a_sentence_that_is_not_good_enough_is_asked_for_again_alone(folder, sentences, capsys, change, said):
    """The reason is told with what to do; the next file takes its place, and the others stay."""
    place = folder(3, no_2=change)
    (place / "3.flac").rename(place / "4.flac")
    write_flac(place / "3.flac", read_sound(sentences[1])[0].samples, RATE_HZ)
    assert main(["calibrate", "--replies", str(place)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("Not yet:") == 1
    assert said in told
    assert told.count("2 of 3:") == 2


def test_other_words_are_told_apart(folder, capsys):
    """Sentences in another order are not those that were asked for; nothing is kept."""
    place = folder(3)
    (place / "1.flac").rename(place / "9.flac")
    assert main(["calibrate", "--replies", str(place)]) == 2
    told = capsys.readouterr()
    assert "other words were heard" in told.out
    assert "there is no further sound file" in told.err
    assert stored_baselines("you") == ()


def test_sentences_that_disagree_are_refused(folder, capsys):
    """Three sentences of which one is 10 dB louder are no neutral voice."""
    assert main(["calibrate", "--replies", str(folder(3, no_3=louder(10.0)))]) == 2
    assert "dB apart" in capsys.readouterr().err
    assert stored_baselines("you") == ()


def test_only_the_odd_sentence_is_read_once_more(folder, sentences, capsys):
    """Where there is another file, it takes the place of the one that does not agree."""
    place = folder(3, no_2=louder(10.0))
    write_flac(place / "4.flac", read_sound(sentences[1])[0].samples, RATE_HZ)
    assert main(["calibrate", "--replies", str(place)]) == 0
    assert "Please read sentence 2 once more" in " ".join(capsys.readouterr().out.split())


VOICE = VoiceMeasures(
    f0_median_st=84.0, centroid_st=107.0, f0_velocity_stps=20.0, alpha_db=-12.0, f0_spread_st=6.0, voiced_s=2.0
)
CALM = Sentence(speech_s=3.0, level_dbfs=-26.0, snr_db=40.0, clipped_share=0.0, voice=VOICE, syllables=14)


@pytest.mark.parametrize("odd", [0, 1, 2])
def test_the_odd_one_is_the_farthest_in_pitch_or_level(odd):
    sentences = [CALM] * 3
    sentences[odd] = replace(CALM, level_dbfs=-18.0)
    assert odd_one(sentences) == odd
    sentences[odd] = replace(CALM, voice=replace(VOICE, f0_median_st=90.0))
    assert odd_one(sentences) == odd


@pytest.mark.parametrize(
    ("heard", "enough"),
    [
        (NEUTRAL[1].upper(), True),
        ("please choose a folder and put your name on the drawer", True),
        (NEUTRAL[2], False),
        ("", False),
    ],
)
def test_words_need_to_be_roughly_those_that_were_asked_for(heard, enough):
    assert (alike(heard, NEUTRAL[1]) >= 0.5) is enough


class Prompter(io.StringIO):
    """A console's file that speaks the next file whenever it was told to."""

    def __init__(self, headset, paths):
        super().__init__()
        self._headset, self._paths = headset, list(paths)

    def write(self, text):
        if "Speak now" in text:
            self._headset.speak(self._paths.pop(0))
        return super().write(text)


@pytest.mark.three_takes
def test_a_voice_at_the_microphone_is_calibrated(virtual_headset, sentences):
    """Each sentence is taken until its speaker stops; the numbers are those of the files but for the device."""
    told = Prompter(virtual_headset, sentences)
    console = Console(file=told, width=100)
    taker = Microphone(Headset(), "virtual headset", console, moving=False)
    calibrate_with(taker, WhisperRecognizer(), console, trainee="Anna")
    neutral = baseline_for("Anna", "virtual headset")
    assert neutral is not None and neutral.speech_s > 6.0
    assert 2 ** (neutral.f0_median_st / 12) == pytest.approx(129, abs=8)
    assert neutral.level_dbfs == pytest.approx(-28.3, abs=1.5)
    assert stored_baselines("Anna")[0].helpful is not None
    assert told.getvalue().count("Speak now.") == 4
    assert "level [" in told.getvalue()
