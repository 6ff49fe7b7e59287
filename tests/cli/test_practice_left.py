"""A call on a headset that is ended with Ctrl-C in the middle of a reply: real sound, real recognition."""

import pytest

LONG = "I am sorry. I have your account here in front of me, and I see all payments of this month, one after the other."


@pytest.mark.three_takes
def test_ctrl_c_in_the_middle_of_a_reply_leaves_that_reply(virtual_headset, practise, spoken):
    """She has not begun to answer it, and never will: it stands in record, journal and report as any other."""
    # Made before the call: while it is made she would lose patience.
    reply = spoken(LONG)
    call = practise()
    call.next_line()
    call.line_over()
    over_s = call.kept_s()
    virtual_headset.speak(reply)
    call.wait_for(lambda: call.kept_s() > over_s + 4)
    call.interrupt()
    assert (call.ends(), call.complaints) == (130, [])
    assert (call.record["ending"], len(call.record["turns"])) == ("stopped", 1)
    [turn] = call.record["turns"]
    assert "sorry" in turn["reply"]["live"]["transcript"]["text"].lower()
    assert "apology" in [finding["id"] for finding in turn["reply"]["final"]["findings"]]
    assert [len(call.entries(what)) for what in ("line", "turn", "final", "ended")] == [1, 1, 1, 1]
    assert "sorry" in (call.folder / "report.html").read_text(encoding="utf-8")
