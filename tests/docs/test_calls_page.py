"""The pages about stored calls name every command, part, state and key that there is."""

import re
from pathlib import Path

import pytest

from voicesim.cli import COMMANDS
from voicesim.cli.calls import to_json
from voicesim.cli.settings import to_json as setting_to_json
from voicesim.settings import DEFAULTS, Chosen
from voicesim.store.sharing import Part
from voicesim.store.stored import State, StoredCall

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "calls.md").read_text(encoding="utf-8")
COMMAND_LINE = (DOCS / "command-line.md").read_text(encoding="utf-8")
OURS = ("voicesim.cli.calls", "voicesim.cli.handing_on")
CALL = StoredCall(id="a", state=State.FINISHED, began_utc="2026-03-01T10:00:00+00:00", script_id="a")


def section(heading):
    return re.split(r"^### ", COMMAND_LINE.partition(f"### `{heading}`")[2], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", [name for name, (module, _) in COMMANDS.items() if module in OURS])
def test_every_command_is_on_the_page(name):
    assert f"voicesim {name} " in PAGE


@pytest.mark.parametrize("name", [*Part, *(state for state in State if state is not State.FINISHED)])
def test_every_part_and_state_is_explained(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("key", ["keep_sound_days", "keep_numbers_days"])
def test_the_days_are_those_of_the_settings(key):
    assert f"| {DEFAULTS[key]} | `{key}` |" in PAGE


@pytest.mark.parametrize("key", to_json(CALL, Path("a")))
def test_every_key_of_a_listed_call_is_told(key):
    assert f"`{key}`" in section("voicesim calls --json")


@pytest.mark.parametrize("key", setting_to_json(Chosen(key="patience", value=1.0, source="own")))
def test_every_key_of_a_setting_is_told(key):
    assert f"`{key}`" in section("voicesim settings --json")
