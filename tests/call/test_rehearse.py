"""Rehearsals: a script against stated replies, and what is said where it does not hold."""

import pytest

from voicesim.call.rehearse import load_rehearsals, rehearse
from voicesim.call.understood import Understood
from voicesim.errors import ScriptError
from voicesim.model import Ending, Heard


def understand(transcript, context):
    return Understood(
        heard=Heard(transcript=transcript), mentions=("20 euros",) if "twenty" in transcript.text else (), offers=()
    )


def load(body):
    return load_rehearsals(f"script: small\nrehearsals:\n{body}".encode(), "small.rehearsal.yaml")[1]


def outcome(script, body):
    return rehearse(script, load(body)[0], understand)


@pytest.mark.parametrize(
    ("body", "path", "ending"),
    [
        (
            "- {name: a, replies: [{heard: [acknowledge], mentions: [amount]}, {offers: [refund]}], expect: {}}",
            ("opening", "offer", "thanks"),
            Ending.RESOLVED,
        ),
        ("- {name: a, replies: [{says: 'it is twenty'}], expect: {}}", ("opening", "offer"), None),
        ("- {name: a, replies: [{silent: true, repeat: 3}], expect: {}}", ("opening",), Ending.HUNG_UP),
        ("- {name: a, replies: [{heard: [refer]}], expect: {}}", ("opening", "passed_on"), Ending.REFERRED),
    ],
)
def test_a_rehearsal_walks_the_script(script, body, path, ending):
    result = outcome(script, body)
    assert (result.path, result.ending, result.faults) == (path, ending, ())


@pytest.mark.parametrize(
    ("expect", "fault"),
    [
        ("path: [opening]", "the path was opening > passed_on, not opening"),
        ("ending: resolved", "the ending was referred, not resolved"),
        ("ending: null", "the call ended referred, but should go on"),
        ("anger_at_most: 2", "anger was 6, not 2 or less"),
        ("anger_at_least: 9", "anger was 6, not 9 or more"),
    ],
)
def test_what_does_not_hold_is_said(script, expect, fault):
    assert outcome(script, f"- {{name: a, replies: [{{heard: [refer]}}], expect: {{{expect}}}}}").faults == (fault,)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("{mentions: [amuont]}", "reply 1 mentions 'amuont', which no rule hears"),
        ("{offers: [refnd]}", "reply 1 offers 'refnd', no offer here"),
    ],
)
def test_a_misspelt_name_in_a_rehearsal_is_said(script, reply, fault):
    assert outcome(script, f"- {{name: a, replies: [{reply}], expect: {{}}}}").faults == (fault,)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("- {replies: [], expect: {}}", "the rehearsal has no 'name'"),
        ("- {name: a, replies: [{herd: [vent]}], expect: {}}", r":3: .*the reply does not know the key 'herd'"),
        ("- {name: a, replies: [{heard: [vnt]}], expect: {}}", "'heard' is 'vnt'"),
        ("- {name: a, replies: [{silent: yes}], expect: {}}", "'silent' is 'yes'. Write true or false"),
        ("- {name: a, replies: [], expect: {ending: happy}}", "'ending' is 'happy'"),
    ],
)
def test_a_rehearsal_file_that_does_not_fit_is_refused(body, message):
    with pytest.raises(ScriptError, match=message):
        load(body)
