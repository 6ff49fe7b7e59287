"""What every text reader must do, the fake and the real one alike."""

from collections.abc import Callable

import numpy as np
import pytest

from voicesim.backends.fakes import FakeTextReader
from voicesim.backends.text_reader import TextReader
from voicesim.ports import Adapter
from voicesim.ports import TextReader as Reader

READERS: dict[str, Callable[[], Reader]] = {"fake": FakeTextReader, "minilm": lambda: TextReader(Adapter())}
TEXTS = ("I am sorry.", "Naïve,  well: 12.50 refunded 😀", "e\u0301te\u0301 ﬁx İ", "...", " ", "", "word " * 900)


@pytest.fixture(scope="module", params=READERS)
def reader(request) -> Reader:
    return READERS[request.param]()


@pytest.mark.parametrize("text", TEXTS)
def test_each_piece_has_a_point_and_a_place_in_the_text(reader, text):
    read = reader.read(text)
    assert len(read.points) == len(read.spans) + 2
    assert np.isfinite(read.points).all()
    ends = [0, *(end for _, end in read.spans)]
    assert all(before <= start < end <= len(text) for before, (start, end) in zip(ends, read.spans, strict=False))


@pytest.mark.parametrize("text", TEXTS[:3])
def test_the_same_text_is_read_the_same_way(reader, text):
    first = reader.read(text, before="Where is it?")
    reader.read("Something else.")
    again = reader.read(text, before="Where is it?")
    assert again.points == pytest.approx(first.points)
    assert again.spans == first.spans


@pytest.mark.parametrize("text", TEXTS[:3])
def test_what_was_said_before_changes_points_and_no_places(reader, text):
    alone, after = reader.read(text), reader.read(text, before="Where is it?")
    assert alone.spans == after.spans
    assert alone.points.shape == after.points.shape
    assert np.abs(alone.points - after.points).max() > 1e-3
