"""The page about voices tells the personas and amounts that the code has."""

import re
from inspect import signature
from pathlib import Path

import pytest

from voicesim.backends import anger_rendering, voicebank
from voicesim.backends.personas import PERSONAS
from voicesim.backends.system_voice import SystemVoice
from voicesim.sound import PEAK_DBFS, telephone
from voicesim.wiring.engines import ANGER_OF_MOOD

PAGE = (Path(__file__).parents[2] / "docs" / "voices.md").read_text(encoding="utf-8")


def rows(columns):
    line = r"^\| `(\w+)` \|" + r" ([^|\n]+) \|" * columns + "$"
    return {name: tuple(cells) for name, *cells in re.findall(line, PAGE, re.MULTILINE)}


def test_the_table_holds_every_persona_as_it_is():
    assert rows(5) == {
        p.name: (p.sentence, p.engine, f"{p.f0_ratio:g}", f"{p.envelope_warp:g}", f"{p.speed:g}")
        for p in PERSONAS.values()
    }


def test_the_table_holds_the_level_of_every_mood():
    assert {name: float(cells[0]) for name, cells in rows(1).items() if name in ANGER_OF_MOOD} == ANGER_OF_MOOD


@pytest.mark.parametrize(
    "words",
    [
        f"| pitch goes up | {anger_rendering.RAISE_ST:g} semitones |",
        f"from its mean grow | {100 * anger_rendering.WIDEN_SHARE:g} % |",
        f"| speech is faster | {100 * anger_rendering.FASTER_SHARE:g} % |",
        f"gains | {anger_rendering.TILT_DB:g} dB |",
        f"| the whole is louder | {anger_rendering.LOUDER_DB:g} dB",
        f"brought to {voicebank.CALM_LUFS:g} LUFS",
        f"up to {voicebank.ANGER_LOUDER_DB:g} dB",
        f"beyond {PEAK_DBFS:g} dBFS",
        f"noise of {signature(telephone).parameters['noise_dbfs'].default:g} dBFS",
        f"time limit of {signature(SystemVoice).parameters['timeout_s'].default:g} s",
        {3: "tried three times"}[signature(SystemVoice).parameters["tries"].default],
    ],
)
def test_the_text_gives_the_numbers_of_the_code(words):
    assert words in PAGE
