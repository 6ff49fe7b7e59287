"""Teaches the text reader what labelled replies mean: small changes of its matrices, and where each id looks.

Needs PyTorch (``pip install torch``); voicesim itself does without. The reader keeps its own weights; beside each
matrix two small ones are learned whose product is added to it (low-rank adaptation). On top of the points each id
learns where to look, and what it makes of what it sees there (:meth:`voicesim.language.learned.Learned.meaning`).
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (everybody calls it so)
from _labelled import Flags, Floats, Labelled
from numpy.typing import NDArray
from torch import Tensor, nn

from voicesim.backends.text_reader import EPSILON, HEADS, LAYERS, SIZE, Matrix, Norm, Weights, WordPieces, sentence
from voicesim.ports import Adapter

#: How wide the small matrices are, how hard they push, and how often everything is seen.
RANK, PUSH, ROUNDS = 16, 2.0, 10
#: What is learned from at once, how fast at most, and how much of the points is forgotten meanwhile.
BATCH, SPEED, FORGOTTEN = 32, 1e-3, 0.1
#: How often what was said before is shown: single replies come without it.
_BEFORE_SHOWN = 0.7
_SORTED_TOGETHER = 50
#: How sharply an id looks before it has learned where.
_SHARP = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What was learned: changes of the reader, float32[384, k] where ids look and what they make of it, constants."""

    adapter: Adapter
    look: NDArray[np.float32]
    weights: NDArray[np.float32]
    constants: NDArray[np.float32]


class Changed(nn.Module):
    """A matrix that stays, and a small change of it."""

    def __init__(self, matrix: Matrix) -> None:
        super().__init__()
        self.register_buffer("weights", torch.tensor(matrix.weights.T.copy()))
        self.register_buffer("constants", torch.tensor(matrix.constants))
        size, out = matrix.weights.shape
        self.down = nn.Parameter(torch.randn(RANK, size) / math.sqrt(size))
        self.up = nn.Parameter(torch.zeros(out, RANK))

    def forward(self, points: Tensor) -> Tensor:
        change = F.linear(F.linear(points, self.down), self.up) * PUSH
        return F.linear(points, self.weights, self.constants) + change


class Reader(nn.Module):
    """The text reader as PyTorch sees it, with the heads of ``ids`` ids."""

    def __init__(self, ids: int) -> None:
        super().__init__()
        own = Weights()
        packed, scale = own.words()
        self.register_buffer("words", torch.tensor(packed.astype(np.float32) * scale))
        self.register_buffer("places", torch.tensor(own.places()))
        self.register_buffer("sides", torch.tensor(own.sides()))
        layers = [own.layer(number) for number in range(LAYERS)]
        self.layers = nn.ModuleList(
            [nn.ModuleDict({name: Changed(matrix) for name, matrix in layer.matrices.items()}) for layer in layers]
        )
        self.first = _norm(own.first_norm())
        self.norms = [(_norm(layer.after_looking), _norm(layer.after_thinking)) for layer in layers]
        self.forget = nn.Dropout(FORGOTTEN)
        self.look = nn.Parameter(torch.randn(SIZE, ids) * 0.02)
        self.heads = nn.Parameter(torch.randn(SIZE, ids) * 0.02)
        self.constants = nn.Parameter(torch.full((ids,), -2.0))

    def forward(self, ids: Tensor, sides: Tensor, own: Tensor) -> Tensor:
        """The odds float[n, k] of texts: ``ids`` int[n, t] (0 is nothing), ``sides``, and which are ``own``."""
        there = (ids != 0)[:, None, None, :]
        points = self.first(self.words[ids] + self.places[: ids.shape[1]] + self.sides[sides])
        for matrices, (after_looking, after_thinking) in zip(self.layers, self.norms, strict=True):
            parts = (_heads(matrices[name](points)) for name in ("query", "key", "value"))
            seen = _looked(*parts, there).transpose(1, 2).reshape(points.shape)
            points = after_looking(points + matrices["looked"](seen))
            points = after_thinking(points + matrices["narrowed"](F.gelu(matrices["widened"](points))))
        points = self.forget(points)
        share = (points @ self.look * _SHARP).masked_fill(~own[..., None], -1e4).softmax(1)
        found: Tensor = (share * (points @ self.heads)).sum(1) + self.constants
        return found

    def learned(self) -> Taught:
        """What was learned, as the package keeps it."""
        matrices = [matrix for layer in self.layers for matrix in layer.values()]
        return Taught(
            adapter=Adapter(
                down=tuple(_numbers(matrix.down.T) for matrix in matrices),
                up=tuple(_numbers(matrix.up.T * PUSH) for matrix in matrices),
            ),
            look=_numbers(self.look * _SHARP),
            weights=_numbers(self.heads),
            constants=_numbers(self.constants),
        )


def taught(
    replies: Sequence[Sequence[Labelled]], labels: Flags, said: Callable[[str], object] = print
) -> tuple[Taught, Callable[[Sequence[Labelled]], Floats]]:
    """Learn from replies, each told in one or more ways of which one is shown at a time; ``labels`` bool[n, k].

    Returns what was learned, and what gives the odds float64[m, k] of other replies.
    """
    torch.manual_seed(0)
    torch.set_num_threads(1)
    chance, pieces, model = random.Random(0), WordPieces(), Reader(labels.shape[1])
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=SPEED, weight_decay=0.01)
    steps = ROUNDS * math.ceil(len(replies) / BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, SPEED, total_steps=steps + 1, pct_start=0.1)
    wanted = torch.tensor(labels, dtype=torch.float)
    for number in range(ROUNDS):
        cut = [_cut(pieces, chance.choice(ways), shown=chance.random() < _BEFORE_SHOWN) for ways in replies]
        total = 0.0
        for rows in _shuffled([len(ids) for ids, _ in cut], chance):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                odds = model(*_padded([cut[row] for row in rows]))
            loss = F.binary_cross_entropy_with_logits(odds.float(), wanted[rows], reduction="none").sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            pace.step()
            total += loss.item() * len(rows)
        said(f"round {number + 1} of {ROUNDS}: loss {total / len(replies):.3f}")

    def odds_of(others: Sequence[Labelled]) -> Floats:
        model.eval()
        cut = [_cut(pieces, reply, shown=True) for reply in others]
        order = sorted(range(len(cut)), key=lambda row: len(cut[row][0]))
        found = np.zeros((len(cut), labels.shape[1]))
        with torch.no_grad():
            for rows in (order[at : at + BATCH] for at in range(0, len(order), BATCH)):
                found[rows] = model(*_padded([cut[row] for row in rows])).double().numpy()
        return found

    return model.learned(), odds_of


def _cut(pieces: WordPieces, reply: Labelled, *, shown: bool) -> tuple[list[int], int]:
    return sentence(pieces.cut(reply.text)[0], pieces.before(reply.caller if shown else ""))


def _shuffled(lengths: Sequence[int], chance: random.Random) -> list[list[int]]:
    """All rows in batches of about the same length, in no order."""
    rows = list(range(len(lengths)))
    chance.shuffle(rows)
    together = BATCH * _SORTED_TOGETHER
    batches = []
    for at in range(0, len(rows), together):
        part = sorted(rows[at : at + together], key=lambda row: lengths[row])
        batches += [part[begin : begin + BATCH] for begin in range(0, len(part), BATCH)]
    chance.shuffle(batches)
    return batches


def _padded(cut: Sequence[tuple[list[int], int]]) -> tuple[Tensor, Tensor, Tensor]:
    ids = np.zeros((len(cut), max(len(own) for own, _ in cut)), np.int64)
    sides, own = np.zeros_like(ids), np.zeros(ids.shape, bool)
    for row, (text, size) in enumerate(cut):
        ids[row, : len(text)] = text
        sides[row, size:] = 1
        own[row, :size] = True
    return torch.tensor(ids), torch.tensor(sides), torch.tensor(own)


def _norm(norm: Norm) -> Callable[[Tensor], Tensor]:
    gain, shift = torch.tensor(norm.gain), torch.tensor(norm.shift)
    return lambda points: F.layer_norm(points, (SIZE,), gain, shift, EPSILON)


def _heads(points: Tensor) -> Tensor:
    return points.view(*points.shape[:2], HEADS, SIZE // HEADS).transpose(1, 2)


def _looked(query: Tensor, key: Tensor, value: Tensor, there: Tensor) -> Tensor:
    """What each point makes of the others that are ``there``, bool[n, 1, 1, t].

    In so many words: PyTorch's own (2.13, bfloat16, no graphics card) takes five times as long to learn.
    """
    share = (query @ key.transpose(-1, -2) / math.sqrt(SIZE // HEADS)).masked_fill(~there, -1e4).softmax(-1)
    return share.to(value.dtype) @ value


def _numbers(values: Tensor) -> NDArray[np.float32]:
    return values.detach().numpy().astype(np.float32)
