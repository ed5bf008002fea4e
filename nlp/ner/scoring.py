"""The trained network without its training: tables to add up, and a few products of matrices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.compiled import Floats, Longs, loosely_compiled
from nlp.ner.layout import lay_out

Rows = NDArray[np.uint64]  # without a sign: that alone doubles the speed of compiled loops


@dataclass(frozen=True)
class Layer:
    """One gated convolution: its normalisation, its three products, its shifts."""

    scale: Floats  # (hidden,)
    shift: Floats  # (hidden,)
    products: Floats  # (3 · hidden, 2 · hidden)
    bias: Floats  # (2 · hidden,)
    dilation: int


@dataclass(frozen=True)
class Scorer:
    """Scores of tags for slots; each slot's embedding is already multiplied by the first layer."""

    tables: Floats  # (numbers of all slots, hidden)
    firsts: Longs  # (slots,): where each slot's numbers begin in the tables
    layers: tuple[Layer, ...]
    leave: Floats  # (hidden, tags)
    leave_bias: Floats  # (tags,)

    def __call__(self, slots: Longs, bounds: Longs) -> Floats:
        """Score the tags of every character."""  # (characters, tags)
        gap = max((layer.dilation for layer in self.layers), default=0)
        _, places, _ = lay_out(bounds, np.arange(len(bounds) - 1), gap)
        rows = places.astype(np.uint64)
        hidden = np.zeros((len(slots) + gap * len(bounds), self.tables.shape[1]), np.float32)
        _look_up(self.tables, self.firsts, slots, rows, hidden)
        for layer in self.layers:
            _convolve(layer, hidden, rows)
        return np.asarray(hidden[places] @ self.leave + self.leave_bias, np.float32)


def _convolve(layer: Layer, hidden: Floats, rows: Rows) -> None:
    """Add the layer's gated values to the rows where characters stand."""
    length, width = hidden.shape
    far = np.uint64(layer.dilation)
    wide = np.zeros((length, 3 * width), np.float32)  # before, here, after
    _normalise(hidden, rows, layer.scale, layer.shift, far, wide)
    _gate(wide @ layer.products, layer.bias, rows, hidden)


@loosely_compiled
def _look_up(tables: Floats, firsts: Longs, slots: Longs, rows: Rows, hidden: Floats) -> None:
    for place in range(len(rows)):
        out = hidden[rows[place]]
        for slot in range(len(firsts)):
            entry = tables[firsts[slot] + slots[place, slot]]
            for k in range(len(out)):
                out[k] += entry[k]


@loosely_compiled
def _normalise(
    hidden: Floats, rows: Rows, scale: Floats, shift: Floats, far: np.uint64, wide: Floats
) -> None:
    """Normalise rows (Ba et al. 2016) into the middle, and into the sides of those `far` away."""
    width = np.uint64(hidden.shape[1])
    share = np.float32(1) / np.float32(width)
    for row in rows:
        mean, square = np.float32(0), np.float32(0)
        for k in range(width):
            mean += hidden[row, k] * share
        for k in range(width):
            square += (hidden[row, k] - mean) ** 2
        factor = np.float32(1) / np.sqrt(square * share + np.float32(1e-5))
        for k in range(width):
            wide[row, width + k] = (hidden[row, k] - mean) * factor * scale[k] + shift[k]
        for k in range(width):
            wide[row - far, width + width + k] = wide[row, width + k]
        for k in range(width):
            wide[row + far, k] = wide[row, width + k]


@loosely_compiled
def _gate(both: Floats, bias: Floats, rows: Rows, hidden: Floats) -> None:
    """Add values times their gates."""
    width = np.uint64(hidden.shape[1])
    half, one = np.float32(0.5), np.float32(1)
    for row in rows:
        for k in range(width):
            x = both[row, width + k] + bias[width + k]
            hidden[row, k] += (both[row, k] + bias[k]) * (half + half * x / (one + abs(x)))
