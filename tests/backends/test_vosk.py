"""Vosk, really: the library and its Korean model on Korean speech; and what must never reach the library."""

from itertools import pairwise

import numpy as np
import pytest

from voicesim.backends import vosk_model
from voicesim.backends.vosk_recognizer import VoskRecognizer
from voicesim.errors import MissingPart, UsageError
from voicesim.model import RATE_HZ, Samples

GREETING = "안녕하세요. 오늘 날씨가 좋습니다."
LONG = "안녕하세요. 오늘 날씨가 좋습니다. 저는 학교에 갑니다. 내일 다시 전화하겠습니다. 감사합니다."


@pytest.fixture(scope="module")
def vosk(korean_model) -> VoskRecognizer:
    return VoskRecognizer(korean_model)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A memory of checks that is empty."""
    monkeypatch.setenv("VOICESIM_CACHE", str(tmp_path / "cache"))


def fed(hearing, sound: Samples) -> list[str]:
    return [hearing.feed(sound[at : at + 320]) for at in range(0, len(sound), 320)]


def test_partial_text_grows_while_somebody_speaks(vosk, korean):
    """It has words before the end, and never has fewer than half of what it had."""
    partials = fed(vosk.start(RATE_HZ), korean(GREETING))
    counts = [len(text.split()) for text in partials]
    assert 0 < counts[len(counts) // 2] < counts[-1]
    assert counts[-1] >= max(counts) / 2


def test_words_lie_where_they_were_said(vosk, korean, silence):
    """To 0.3 s, counted from the first sample fed."""
    speech = korean(GREETING)
    hearing = vosk.start(RATE_HZ)
    fed(hearing, np.concatenate([silence, silence, speech, silence]))
    words = hearing.finish().words
    assert words[0].span.start_s == pytest.approx(2.05, abs=0.3)
    assert words[-1].span.end_s == pytest.approx(2 + len(speech) / RATE_HZ - 0.15, abs=0.4)


def test_live_and_final_are_one_at_the_end(vosk, korean):
    hearing = vosk.start(RATE_HZ)
    fed(hearing, korean(GREETING))
    assert hearing.so_far() == hearing.finish()


def test_what_was_heard_before_the_live_transcript_stays(vosk, korean, silence):
    hearing = vosk.start(RATE_HZ)
    fed(hearing, np.concatenate([korean(GREETING), silence[:4_000]]))
    live = hearing.so_far()
    fed(hearing, np.concatenate([silence, korean(GREETING)]))
    assert hearing.finish().words[: len(live.words)] == live.words


def test_a_minute_of_speech_is_heard_to_the_end(vosk, korean):
    """With hardly a pause: words all over it, in order, at their times."""
    once = korean(LONG)
    sound = np.concatenate([once] * (1 + 60 * RATE_HZ // len(once)))
    hearing = vosk.start(RATE_HZ)
    for at in range(0, len(sound), 8_000):
        hearing.feed(sound[at : at + 8_000])
    starts = [word.span.start_s for word in hearing.finish().words]
    assert starts == sorted(starts)
    assert starts[0] < 1.0
    assert starts[-1] > len(sound) / RATE_HZ - 2
    assert max(b - a for a, b in pairwise(starts)) < 3.0


def test_speech_without_a_pause_is_concluded_all_the_same(vosk, korean):
    """After 22 s at the latest, so that memory and waiting do not grow with the reply."""
    speech = korean(LONG)
    gapless = speech[np.abs(speech) > 0.01]
    hearing = vosk.start(RATE_HZ)
    concluded = []
    for at in range(0, 30 * RATE_HZ, 1_600):
        hearing.feed(np.take(gapless, range(at, at + 1_600), mode="wrap"))
        concluded.append(hearing._unconcluded)
    assert max(concluded) <= 22 * RATE_HZ


def test_many_hearings_share_one_model(vosk, korean_model, korean, monkeypatch):
    """The model is loaded once in a process, also for a second recognizer, and hearings do not disturb each other."""
    vosk.start(RATE_HZ)
    monkeypatch.setattr(vosk_model, "library", _no_second_model(vosk_model.library()))
    hearings = [VoskRecognizer(korean_model).start(RATE_HZ) for _ in range(4)]
    sound = korean(GREETING)
    for at in range(0, len(sound), 8_000):
        for hearing in hearings:
            hearing.feed(sound[at : at + 8_000])
    assert len({hearing.finish().text for hearing in hearings}) == 1


def _no_second_model(library):
    """The library, unable to load a model."""

    class Library:
        KaldiRecognizer = library.KaldiRecognizer

    return Library


@pytest.mark.parametrize("rate_hz", [0, 1, -1, -16_000, 0.5, 16_000.5, 8_000, 44_100, float("nan")])
def test_a_rate_that_would_hang_or_abort_the_library_is_refused(vosk, monkeypatch, rate_hz):
    monkeypatch.setattr(vosk_model, "load", None)
    with pytest.raises(UsageError, match="at 16000 Hz"):
        vosk.start(rate_hz)


def test_the_engine_names_version_and_model(vosk):
    assert vosk.capabilities.engine == "vosk 0.3.45 model"


def test_the_language_comes_from_the_model(vosk):
    assert vosk.capabilities.languages == ("ko",)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vosk-model-small-en-us-0.15", "en"),
        ("vosk-model-en-us-0.22-lgraph", "en"),
        ("vosk-model-small-ko-0.22", "ko"),
        ("vosk-model-de-0.21", "de"),
        ("vosk-model-small-cn-0.22", "zh"),
        ("vosk-model-spk-0.4", None),
        ("model", None),
        ("vosk-model-english", None),
    ],
)
def test_a_models_language_is_read_from_its_name(tmp_path, name, language):
    assert vosk_model.language_of(tmp_path / name) == language


@pytest.mark.parametrize(
    ("readme", "language"),
    [("Small Korean for Vosk", "ko"), ("English and German", None), ("A model", None), ("US English model", "en")],
)
def test_a_models_language_is_read_from_its_readme(tmp_path, readme, language):
    """When the name does not tell; two languages tell nothing."""
    (tmp_path / "README").write_text(readme, encoding="utf-8")
    assert vosk_model.language_of(tmp_path) == language


def test_a_copy_elsewhere_is_a_model_as_well(linked_model, own_cache):
    assert VoskRecognizer(linked_model).capabilities.languages == ("ko",)


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/model.conf", "ivector/final.ie", "graph/Gr.fst"])
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_folder_that_lacks_a_file_is_refused(linked_model, own_cache, name, how):
    (linked_model / name).unlink()
    if how == "empty":
        (linked_model / name).touch()
    with pytest.raises(MissingPart, match=f"no Vosk model: .*{name}.* is not there or empty") as refusal:
        VoskRecognizer(linked_model)
    assert "voicesim models install" in str(refusal.value)


@pytest.mark.parametrize("path", ["", "no/such/folder", "a-file"])
def test_what_is_no_folder_of_a_model_is_refused(tmp_path, path):
    (tmp_path / "a-file").touch()
    with pytest.raises(MissingPart, match="no Vosk model"):
        VoskRecognizer(tmp_path / path)


@pytest.mark.parametrize("name", ["graph/HCLr.fst", "graph/Gr.fst", "am/final.mdl", "ivector/final.ie"])
def test_a_truncated_model_is_refused_and_this_process_lives(linked_model, own_cache, korean_model, name):
    """Some of these abort or crash the process that loads them."""
    file = linked_model / name
    file.unlink()
    with (korean_model / name).open("rb") as whole:
        file.write_bytes(whole.read(1_000_000 if "fst" in name else 20_000))
    with pytest.raises(MissingPart, match="damaged"):
        VoskRecognizer(linked_model)


def test_a_model_that_hangs_is_refused(linked_model, own_cache, monkeypatch):
    monkeypatch.setattr(vosk_model, "_SELF_TEST_S", 0.01)
    with pytest.raises(MissingPart, match="damaged"):
        VoskRecognizer(linked_model)


def test_a_model_is_tried_out_once_until_it_changes(linked_model, own_cache, monkeypatch):
    tried = []
    monkeypatch.setattr(vosk_model, "_self_test", tried.append)
    for _ in range(3):
        VoskRecognizer(linked_model)
    assert len(tried) == 1
    (linked_model / "conf/model.conf").unlink()
    (linked_model / "conf/model.conf").write_text("--beam=9.0\n", encoding="utf-8")
    VoskRecognizer(linked_model)
    assert len(tried) == 2


def test_without_the_library_the_command_that_brings_it_is_named(hidden):
    hidden("vosk")
    with pytest.raises(MissingPart, match="pip install 'vosk"):
        vosk_model.library()
