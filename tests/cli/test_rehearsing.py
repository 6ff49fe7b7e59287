"""``voicesim script rehearse --random``: random calls and made-up agents find what is wrong with a script."""

import json
from pathlib import Path

import pytest

from voicesim.call.random_calls import random_calls
from voicesim.cli import main
from voicesim.wiring.library import read_script, script_files

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
#: What anybody gets to the good end of, whoever says it.
EASY = """      - {when: {reply_has: [blame, policy_wall, dismiss, defensive, command_calm]}, go: thanks}
"""


@pytest.fixture
def changed(tmp_path):
    """Makes the small script with something replaced."""

    def write(old, new):
        text = SMALL.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "small.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return str(path)

    return write


def rehearsed(capsys, *arguments):
    code = main(["script", "rehearse", *map(str, arguments)])
    shown = capsys.readouterr()
    return code, shown.out, shown.err.splitlines()


def faults(errors):
    """The lines on stderr without those that tell how far it got."""
    return [line for line in errors if not line.startswith("Calls of ")]


def test_an_ending_that_no_call_reaches_is_a_fault(changed, capsys):
    path = changed("  passed_on: {say:", "  nowhere: {say: {calm: [Bye.]}, end: gave_up}\n  passed_on: {say:")
    code, shown, errors = rehearsed(capsys, path, "--random", "--calls", 1)
    assert code == 2
    assert "small: the ending 'gave_up' was never reached in 2000 random calls" in errors
    assert "small: never reached in 2000 random calls: step nowhere" in shown


def test_a_rule_that_never_matches_is_a_note(changed, capsys):
    rule = "      - {when: {reply_has: [refer]}, go: passed_on}\n"
    path = changed(rule, rule + rule)
    line = SMALL.read_text(encoding="utf-8").splitlines().index(rule.rstrip()) + 2
    _, shown, _ = rehearsed(capsys, path, "--random", "--calls", 1)
    assert f"small: never matched in 2000 random calls: rule in line {line}" in shown


def test_a_script_that_a_poor_agent_wins_is_a_fault(changed, capsys):
    rule = "      - {when: {reply_mentions: [amount]}, go: offer}\n"
    bad = "      - {when: {reply_mentions: [amount]}, go: gives_up}\n"
    code, _, errors = rehearsed(capsys, changed(rule, EASY + bad), "--random", "--calls", 20)
    assert code == 2
    assert any(
        line.startswith("small: the average agent does not beat the poor one: good endings in") for line in errors
    )


def test_the_same_seed_gives_the_same_numbers_and_another_one_others(capsys):
    arguments = (SMALL, "--random", "--calls", 3, "--json")
    first, again, other = (json.loads(rehearsed(capsys, *arguments, "--seed", seed)[1]) for seed in (5, 5, 6))
    assert first == again
    assert first["random"] != other["random"]


def test_the_table_holds_each_agent_with_its_share_of_good_endings(capsys):
    _, shown, _ = rehearsed(capsys, SMALL, "--random", "--calls", 3)
    title, head, *rows = shown.splitlines()
    assert title == "small"
    assert head.split()[:3] == ["agent", "calls", "resolved"]
    assert head.split()[-3:] == ["good", "turns", "anger"]
    assert [row.split()[:2] for row in rows[:4]] == [
        ["random", "2000"],
        *([n, "3"] for n in ("excellent", "average", "poor")),
    ]


def test_json_is_for_random_calls(capsys):
    code, _, errors = rehearsed(capsys, SMALL, "--json")
    assert (code, errors) == (2, ["voicesim: --json is for random calls. Add --random."])


def test_processes_for_the_calls_change_nothing(capsys, monkeypatch):
    """Many calls are held by a process for each core: their numbers are those of one process."""
    arguments = (SMALL, "--random", "--calls", 4, "--json")
    alone = rehearsed(capsys, *arguments)
    monkeypatch.setattr("voicesim.wiring.rehearsing.FEW", 0)
    assert rehearsed(capsys, *arguments)[1] == alone[1]


@pytest.mark.parametrize("path", list(script_files()), ids=lambda path: path.stem)
def test_every_ending_of_a_shipped_script_is_reached(path):
    found = random_calls(read_script(path), calls=500)
    assert found.endings == ()


def test_the_shipped_scripts_reward_the_better_agent(capsys):
    """A few calls show it where the difference is large; the whole table is made before a release."""
    scripts = ("benefit-stopped", "billed-twice", "parcel-third-time")
    _, shown, errors = rehearsed(capsys, *scripts, "--random", "--calls", 8, "--json")
    shares = [
        [row[name]["good_share"] for name in ("excellent", "average", "poor")]
        for row in map(json.loads, shown.splitlines())
    ]
    assert len(shares) == len(scripts)
    assert all(excellent >= average > poor for excellent, average, poor in shares)
    assert not [line for line in faults(errors) if "poor" in line]
