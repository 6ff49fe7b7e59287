"""``voicesim practice --official``: the run is marked wherever it is shown, and how a reply sounds moves nobody."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from voicesim.call.answer import answer, open_call
from voicesim.call.text import typed_reply
from voicesim.cli import main
from voicesim.model import Context, Delivery
from voicesim.store.closing import read_record
from voicesim.store.places import JOURNAL, RECORD, call_folders
from voicesim.store.recovery import recover
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script
from voicesim.wiring.stored_calls import script_of

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
REPLIES = "Twenty euros left your account twice.\n/again\nI will give you a refund today.\n"


@pytest.fixture
def hold(own_data, tmp_path):
    """Holds a typed call of the short script among Ann's calls; gives its folder."""

    def held(*options):
        path = tmp_path / "replies.txt"
        path.write_text(REPLIES, encoding="utf-8")
        assert main(["practice", str(SHORT), "--text", str(path), "--trainee", "Ann", *options]) == 0
        return call_folders("Ann")[-1]

    return held


@pytest.fixture
def shown(capsys):
    """Runs a command; gives what it says on stdout."""

    def run(*arguments):
        capsys.readouterr()
        assert main([*map(str, arguments)]) == 0
        return capsys.readouterr().out

    return run


def test_an_official_run_says_so_wherever_it_is_shown(hold, shown, capsys):
    folder = hold("--official")
    assert "Official run." in capsys.readouterr().out
    assert read_record(folder).official
    assert "official" in shown("calls", "--trainee", "Ann")
    assert "Official run" in shown("show", "last", "--trainee", "Ann")
    assert json.loads(shown("show", "last", "--trainee", "Ann", "--json"))["official"] is True
    [listed] = json.loads(shown("calls", "--trainee", "Ann", "--json"))["calls"]
    assert listed["official"] is True


def test_every_other_call_is_private_practice(hold, shown, capsys):
    folder = hold()
    assert "Official run" not in capsys.readouterr().out
    assert not read_record(folder).official
    assert "official" not in shown("calls", "--trainee", "Ann")
    hold("--official")
    assert {"private", "official"} <= set(shown("calls", "--trainee", "Ann").split())


def test_an_official_run_that_was_cut_off_stays_official(hold):
    folder = hold("--official")
    (folder / RECORD).unlink()
    assert recover(folder).official
    assert '"official": true' in (folder / JOURNAL).read_text().splitlines()[0].replace('":true', '": true')


def test_nothing_can_be_said_again_in_an_official_run(hold):
    private, official = read_record(hold()), read_record(hold("--official"))
    assert private.turns[0].reply.final.transcript.text == "I will give you a refund today."
    assert official.turns[0].reply.final.transcript.text == "Twenty euros left your account twice."


def test_how_a_reply_sounds_moves_nobody_in_an_official_run(hold):
    """The same three tense replies move the caller of a private call; a stored official one is replayed as it was."""
    private = read_script(SHORT)
    official = script_of(hold("--official"), read_record(call_folders("Ann")[-1]))

    def causes(script):
        state, _ = open_call(script, seed=1)
        reply = typed_reply("One moment.", Context(), understood)
        tense = replace(reply, delivery=Delivery(speech_s=3.0, calibrated=True, tension=2.5, tension_band="tense"))
        for _ in range(3):
            state, _, influences = answer(script, state, tense)
        return state.tension, [i.cause for i in influences if i.cause == "tense_delivery"]

    assert causes(private) == ((2.5, 2.5, 2.5), ["tense_delivery"])
    assert causes(official) == ((2.5, 2.5, 2.5), [])
