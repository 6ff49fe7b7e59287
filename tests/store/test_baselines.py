"""What is kept of a trainee's voice and of chosen devices: read back as it was, refused in plain words if damaged."""

import json
import stat
from dataclasses import replace

import pytest

from voicesim.errors import InputError
from voicesim.model import Baseline
from voicesim.report.codec import decode, encode
from voicesim.store.baselines import SCHEMA, baseline_for, forget_baselines, save_baseline, stored_baselines
from voicesim.store.devices import Devices, devices_path, remember_devices, remembered_devices
from voicesim.store.places import baseline_path

ANNA = Baseline(
    trainee="Anna Lee",
    headset="USB Headset (2)",
    f0_median_st=92.25,
    alpha_db=-12.5,
    centroid_st=105.5,
    f0_velocity_stps=20.0,
    level_dbfs=-26.5,
    articulation_rate_sps=None,
    speech_s=9.5,
    snr_db=33.0,
    made_utc="2030-01-01T10:00:00+00:00",
)
HELPFUL = replace(ANNA, f0_median_st=94.0)
DEVICES = Devices(input="USB Headset", output="Kopfhörer", checked_utc="2030-01-01T10:00:00+00:00")


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))


def test_a_baseline_comes_back_for_its_trainee_and_headset_alone():
    """Each value is the same; another trainee or headset has none."""
    save_baseline(ANNA, HELPFUL)
    assert baseline_for("Anna Lee", "USB Headset (2)") == ANNA
    assert baseline_for("Anna", "USB Headset (2)") is None
    assert baseline_for("Anna Lee", "USB Headset") is None


def test_the_helpful_voice_is_kept_apart():
    """It is shown, and never given as the baseline."""
    save_baseline(ANNA, HELPFUL)
    (stored,) = stored_baselines("Anna Lee")
    assert (stored.neutral, stored.helpful) == (ANNA, HELPFUL)
    save_baseline(ANNA)
    assert stored_baselines("Anna Lee")[0].helpful is None


@pytest.mark.parametrize("schema", range(1, SCHEMA))
def test_figures_measured_in_an_earlier_way_count_as_none(schema):
    """They are not compared with; a call offers calibration then, and forgetting deletes them."""
    path = save_baseline(ANNA)
    earlier = path.read_text(encoding="utf-8").replace(f'"schema": {SCHEMA}', f'"schema": {schema}')
    path.write_text(earlier, encoding="utf-8")
    assert baseline_for(ANNA.trainee, ANNA.headset) is None
    assert stored_baselines(ANNA.trainee) == ()
    assert forget_baselines(ANNA.trainee) == 1


def test_a_baseline_inside_an_earlier_record_is_still_read():
    """It has no centroid; what is not known of it is None."""
    earlier = {key: value for key, value in encode(ANNA).items() if key != "centroid_st"}
    assert decode(Baseline, earlier, "baseline") == replace(ANNA, centroid_st=None)


def test_the_newest_headset_comes_first():
    later = replace(ANNA, headset="desk", made_utc="2030-02-01T10:00:00+00:00")
    save_baseline(ANNA)
    save_baseline(later)
    assert [stored.neutral.headset for stored in stored_baselines("Anna Lee")] == ["desk", "USB Headset (2)"]


def test_a_file_is_its_owners_only_and_has_a_schema():
    path = save_baseline(ANNA)
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == SCHEMA
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_forgetting_deletes_every_headset_of_one_trainee():
    """Others keep theirs, and forgetting twice is no error."""
    for baseline in (ANNA, replace(ANNA, headset="desk"), replace(ANNA, trainee="Ben")):
        save_baseline(baseline)
    assert forget_baselines("Anna Lee") == 2
    assert stored_baselines("Anna Lee") == ()
    assert len(stored_baselines("Ben")) == 1
    assert forget_baselines("Anna Lee") == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "no JSON"), ("[]", "a list"), ('{"neutral": {"trainee": 1}, "helpful": null}', "trainee")],
)
def test_a_damaged_file_is_refused_with_the_way_out(content, said):
    """It names the file and says how to make it again."""
    path = save_baseline(ANNA)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=f"{path.name}.*{said}.*voicesim calibrate"):
        baseline_for(ANNA.trainee, ANNA.headset)
    assert forget_baselines(ANNA.trainee) == 1


def test_a_baseline_that_was_never_made_is_none():
    assert baseline_for("nobody", "nothing") is None
    assert stored_baselines("nobody") == ()
    assert not baseline_path("nobody", "nothing").parent.exists()


def test_devices_are_remembered_for_the_owner_only():
    assert remembered_devices() is None
    remember_devices(DEVICES)
    assert remembered_devices() == DEVICES
    assert stat.S_IMODE(devices_path().stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"input": "a"}', '{"input": 1, "output": 2, "checked_utc": 3}'])
def test_a_damaged_memory_of_devices_is_none(content):
    """The devices are then checked and remembered again."""
    remember_devices(DEVICES)
    devices_path().write_text(content, encoding="utf-8")
    assert remembered_devices() is None
