"""Settings: two files, one table of what may stand in them, and the command that shows and writes them."""

import json
import os
import tomllib

import pytest

from voicesim.backends import models
from voicesim.cli import main
from voicesim.errors import InputError, StorageError, UsageError
from voicesim.settings import DEFAULTS, RULES, Settings, allowed, choose, forget_choice, load_settings, own_file

# A value other than the default, as it is typed, and a value that is refused, for every setting.
VALUES = {
    "trainee": ("Ann Lee", "Ann Lee", ""),
    "patience": ("2", 2.0, "4"),
    "captions": ("yes", True, "perhaps"),
    "push_to_talk": ("on", True, "2"),
    "stop_word": ("that is enough", "that is enough", "?!?"),
    "recognizer": ("whisper", "whisper", "whispers"),
    "keep_sound_days": ("0", 0, "-1"),
    "keep_numbers_days": ("30", 30, "1.5"),
    "wait_for_headset_s": ("5", 5, "an hour"),
}


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "machine.toml"))


@pytest.fixture
def machine(tmp_path):
    return (tmp_path / "machine.toml").write_text


def own(text):
    own_file().parent.mkdir(exist_ok=True)
    own_file().write_text(text)


def test_without_files_all_defaults_hold():
    assert load_settings() == Settings()


@pytest.mark.parametrize("key", RULES)
def test_every_setting_can_be_set_is_read_again_and_taken_back(key):
    typed, value, _ = VALUES[key]
    assert choose(key, typed) == value
    assert load_settings() == Settings(**{key: value})
    assert forget_choice(key)
    assert load_settings() == Settings()


@pytest.mark.parametrize("key", RULES)
def test_every_setting_refuses_what_does_not_fit_and_says_what_would(key):
    with pytest.raises(UsageError) as refused:
        choose(key, VALUES[key][2])
    assert key in str(refused.value)
    assert allowed(key) in str(refused.value)
    assert not own_file().exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "patience = 9",
            "patience cannot be 9. It is a number of 0.5 to 3. To take it back: voicesim settings patience --default",
        ),
        ("patience = nan", "patience cannot be nan"),
        ("patience = true", "patience cannot be True"),
        ("captions = 1", "captions cannot be 1. It is true or false."),
        ("keep_sound_days = 30.5", "a whole number of 0 to 36500"),
        ('stop_word = "a\\nb"', "stop_word cannot be"),
        ("patiense = 1", "there is no setting 'patiense'. Did you mean patience?"),
        ('locked = ["patience"]', "locked can only stand in"),
        ("patience 1", "this is not TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason_in_one_line(text, told, capsys):
    own(text)
    with pytest.raises(InputError) as refused:
        load_settings()
    assert told in str(refused.value)
    assert str(own_file()) in str(refused.value)
    assert main(["settings"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_bad_value_in_the_file_can_be_mended_by_the_command():
    own("patience = 9\npatiense = 1\n")
    assert main(["settings", "patiense", "--default"]) == 0
    assert main(["settings", "patience", "1.5"]) == 0
    assert load_settings() == Settings(patience=1.5)


def test_text_in_another_encoding_and_a_folder_in_its_place_are_told():
    own("")
    own_file().write_bytes(b'trainee = "\xff"')
    with pytest.raises(InputError, match="UTF-8"):
        load_settings()
    own_file().unlink()
    own_file().mkdir()
    with pytest.raises(StorageError, match="cannot be read"):
        load_settings()


def test_the_users_own_file_stands_over_the_machines(machine):
    machine("patience = 2\ncaptions = true\n")
    own("patience = 0.5\n")
    assert load_settings() == Settings(patience=0.5, captions=True)


def test_a_locked_key_is_the_machines_alone(machine, capsys):
    machine('keep_sound_days = 7\nlocked = ["keep_sound_days", "captions"]\n')
    own("keep_sound_days = 400\ncaptions = true\n")
    assert load_settings() == Settings(keep_sound_days=7)
    assert main(["settings", "keep_sound_days", "400"]) == 2
    assert "set for everybody on this machine" in capsys.readouterr().err
    assert main(["settings"]) == 0
    assert "Your own keep_sound_days = 400 is not used" in capsys.readouterr().err


@pytest.mark.parametrize("text", ['locked = "patience"', "locked = [1]", 'locked = ["patiense"]'])
def test_a_wrong_list_of_locked_keys_is_refused_as_it_would_lock_nothing(machine, text):
    machine(text)
    with pytest.raises(InputError, match="locked"):
        load_settings()


def test_setting_keeps_comments_and_order_of_the_file():
    own('# mine\nstop_word = "enough now"  # short\n\n# slow\npatience = 2.0\n')
    choose("patience", "1.5")
    choose("captions", "true")
    text = own_file().read_text()
    assert text.startswith('# mine\nstop_word = "enough now"  # short\n\n# slow\npatience = 1.5\n')
    assert tomllib.loads(text)["captions"] is True


@pytest.mark.skipif(os.name == "nt", reason="file modes are of POSIX")
def test_the_file_is_for_the_owner_only():
    choose("trainee", "Ann")
    assert own_file().stat().st_mode & 0o777 == 0o600
    assert own_file().parent.stat().st_mode & 0o777 == 0o700


def test_the_command_shows_every_setting_with_value_source_and_meaning(machine, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    machine("captions = true\n")
    own("patience = 2\n")
    assert main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(RULES)
    for line, (key, rule) in zip(lines, RULES.items(), strict=True):
        assert {"captions": "set on this machine", "patience": "yours"}.get(key, "default") in line
        assert line.rstrip().endswith(rule.meaning)


def test_json_has_every_setting(capsys):
    assert main(["settings", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["key"]: one["value"] for one in told["settings"]} == DEFAULTS
    assert all({"source", "locked", "default", "allowed", "meaning"} <= set(one) for one in told["settings"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["patiense", "2"], "Did you mean patience?"),
        (["patiense"], "Did you mean patience?"),
        (["keep-sound-days", "2"], "Did you mean keep_sound_days?"),
        (["xyzzy"], "Settings are: trainee, patience"),
        (["--default"], "voicesim settings KEY --default"),
        (["captions", "true", "--default"], "voicesim settings KEY --default"),
    ],
)
def test_wrong_use_is_told_in_one_line(words, told, capsys):
    assert main(["settings", *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_the_recognizers_that_can_be_set_are_those_that_there_are():
    assert RULES["recognizer"].choices == models.NAMES
