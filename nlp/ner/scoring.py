"""The trained network without its training: tables to add up, and a few products of matrices."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nlp.ner.layout import lay_out

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """One gated convolution: its normalisation, its three products, its shifts."""

    scale: Matrix  # (hidden,)
    shift: Matrix  # (hidden,)
    products: Matrix  # (3 · hidden, 2 · hidden)
    bias: Matrix  # (2 · hidden,)
    dilation: int


@dataclass(frozen=True)
class Scorer:
    """Scores of tags for slots; each slot's embedding is already multiplied by the first layer."""

    tables: Matrix  # (numbers of all slots, hidden)
    firsts: NDArray[np.int64]  # (slots,): where each slot's numbers begin in the tables
    layers: tuple[Layer, ...]
    leave: Matrix  # (hidden, tags)
    leave_bias: Matrix  # (tags,)

    def __call__(self, slots: NDArray[np.int64], bounds: NDArray[np.int64]) -> Matrix:
        """Score the tags of every character."""  # (characters, tags)
        gap = max((layer.dilation for layer in self.layers), default=0)
        _, rows, _ = lay_out(bounds, np.arange(len(bounds) - 1), gap)
        hidden = np.zeros((len(slots) + gap * len(bounds), self.tables.shape[1]), np.float32)
        _look_up(self.tables, self.firsts, slots, rows, hidden)
        for layer in self.layers:
            _convolve(layer, hidden, rows)
        return np.asarray(hidden[rows] @ self.leave + self.leave_bias)


def _convolve(layer: Layer, hidden: Matrix, rows: NDArray[np.int64]) -> None:
    """Add the layer's gated values to the rows where characters stand."""
    width = hidden.shape[1]
    far = layer.dilation
    normal = np.zeros_like(hidden)
    _normalise(hidden, rows, layer.scale, layer.shift, normal)
    both = normal @ layer.products[width : 2 * width]  # (rows, 2 · hidden)
    both[far:] += normal[:-far] @ layer.products[:width]
    both[:-far] += normal[far:] @ layer.products[2 * width :]
    _gate(both, layer.bias, rows, hidden)


@njit(cache=True, fastmath=True)
def _look_up(tables, firsts, slots, rows, hidden):  # type: ignore[no-untyped-def]
    for place in range(len(rows)):
        out = hidden[rows[place]]
        for slot in range(len(firsts)):
            out += tables[firsts[slot] + slots[place, slot]]


@njit(cache=True, fastmath=True)
def _normalise(hidden, rows, scale, shift, normal):  # type: ignore[no-untyped-def]
    """Layer normalisation (Ba et al. 2016)."""
    width = np.float32(hidden.shape[1])
    for row in rows:
        mean = hidden[row].sum() / width
        spread = np.float32(0)
        for k in range(hidden.shape[1]):
            spread += (hidden[row, k] - mean) ** 2
        factor = np.float32(1) / np.sqrt(spread / width + np.float32(1e-5))
        for k in range(hidden.shape[1]):
            normal[row, k] = (hidden[row, k] - mean) * factor * scale[k] + shift[k]


@njit(cache=True, fastmath=True)
def _gate(both, bias, rows, hidden):  # type: ignore[no-untyped-def]
    width = hidden.shape[1]
    one = np.float32(1)
    for row in rows:
        for k in range(width):
            gate = both[row, width + k] + bias[width + k]
            hidden[row, k] += (both[row, k] + bias[k]) / (one + np.exp(-gate))
