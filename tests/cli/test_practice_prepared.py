"""What a call at a real terminal begins with: headset check and calibration the first time, the ring the second."""

import shutil
import sys

import pytest

from voicesim.store.devices import remembered_devices

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")

ABOUT_MONEY = "I am sorry. Twenty euros left your account twice."


@pytest.mark.three_takes
def test_the_first_call_checks_the_headset_and_offers_to_calibrate(virtual_headset, practise, spoken, own_data):
    """Told once where calls lie; tones, quiet and spoken words are checked and remembered; the sentences can wait."""
    shutil.rmtree(own_data)
    call = practise(terminal=True)
    call.until("Your calls stay on this machine")
    for device in ("microphone", "headphones"):
        call.until(f"Which {device}.*\\n(.*\\n)*Number:")
        call.press("\n")
    call.until("Put the headset on. Press Enter to begin")
    call.press("\n")
    call.until("Did you hear the tones.")
    call.press("\n")
    call.until('Now say: "testing one two three"')
    virtual_headset.speak(spoken("Testing, one, two, three."))
    call.until("ok +words +good +your words were recognized")
    call.until("Fit for calls; these devices are remembered")
    call.until("Your own neutral voice is not known yet")
    call.press("s\n")
    call.until("A short call")
    call.until("The phone rings")
    call.press("\n")
    call.next_line()
    call.press("\x1b")
    assert call.ends() == 0
    assert remembered_devices().input == "default"
    assert call.record["baseline"] is None
    assert call.settings[0] == call.settings[1]


@pytest.mark.three_takes
def test_who_is_known_goes_straight_to_the_ring_and_is_compared_with_their_own_voice(
    virtual_headset, practise, spoken, calibrated
):
    """With headset and baseline known nothing is asked, and the record has the baseline; Ctrl-C mends the terminal."""
    call = practise(terminal=True)
    call.until("The phone rings")
    assert "Enter to" not in call.shown
    assert "Headset as last time" in call.shown
    call.press("\n")
    call.next_line()
    call.line_over()
    virtual_headset.speak(spoken(ABOUT_MONEY))
    call.next_line()
    call.press("\x03")
    assert call.ends() == 130
    assert call.settings[0] == call.settings[1]
    assert call.record["baseline"]["f0_median_st"] == calibrated.f0_median_st
    assert call.record["delivery_moves_caller"]
    delivery = call.record["turns"][0]["reply"]["delivery"]
    assert delivery["calibrated"]
    assert delivery["level_db_re_baseline"] is not None
