"""The trained network without its training: tables to add up, and a few products of matrices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np

from nlp.compiled import Floats, Longs
from nlp.ner.layout import lay_out

P = ParamSpec("P")
R = TypeVar("R")


def loosely_compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at the first call; sums may be taken in any order, and so many at a time."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True, fastmath=True)(function))


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
        _, rows, _ = lay_out(bounds, np.arange(len(bounds) - 1), gap)
        hidden = np.zeros((len(slots) + gap * len(bounds), self.tables.shape[1]), np.float32)
        _look_up(self.tables, self.firsts, slots, rows, hidden)
        for layer in self.layers:
            _convolve(layer, hidden, rows)
        return np.asarray(hidden[rows] @ self.leave + self.leave_bias, np.float32)


def _convolve(layer: Layer, hidden: Floats, rows: Longs) -> None:
    """Add the layer's gated values to the rows where characters stand."""
    length, width = hidden.shape
    far = layer.dilation
    wide = np.zeros((length, 3 * width), np.float32)  # before, here, after
    _normalise(hidden, rows, layer.scale, layer.shift, far, wide)
    _gate(wide @ layer.products, layer.bias, rows, hidden)


@loosely_compiled
def _look_up(tables: Floats, firsts: Longs, slots: Longs, rows: Longs, hidden: Floats) -> None:
    for place in range(len(rows)):
        for slot in range(len(firsts)):
            number = firsts[slot] + slots[place, slot]
            for k in range(hidden.shape[1]):
                hidden[rows[place], k] += tables[number, k]


@loosely_compiled
def _normalise(
    hidden: Floats, rows: Longs, scale: Floats, shift: Floats, far: int, wide: Floats
) -> None:
    """Normalise rows (Ba et al. 2016) into the middle, and into the sides of those `far` away."""
    width = hidden.shape[1]
    for row in rows:
        mean = np.float32(0)
        square = np.float32(0)
        for k in range(width):
            mean += hidden[row, k]
        mean /= np.float32(width)
        for k in range(width):
            square += (hidden[row, k] - mean) * (hidden[row, k] - mean)
        factor = np.float32(1) / np.sqrt(square / np.float32(width) + np.float32(1e-5))
        for k in range(width):
            value = (hidden[row, k] - mean) * factor * scale[k] + shift[k]
            wide[row, width + k] = value
            wide[row + far, k] = value
            wide[row - far, 2 * width + k] = value


@loosely_compiled
def _gate(both: Floats, bias: Floats, rows: Longs, hidden: Floats) -> None:
    """Add values times the sigmoid of gates."""
    width = hidden.shape[1]
    half = np.float32(0.5)
    for row in rows:
        for k in range(width):
            gate = _tanh(half * (both[row, width + k] + bias[width + k]))
            hidden[row, k] += (both[row, k] + bias[k]) * (half + half * gate)


@loosely_compiled
def _tanh(x: np.float32) -> np.float32:
    """A quotient of polynomials, exact to single precision; the coefficients are Eigen's."""
    x = max(np.float32(-7.9), min(np.float32(7.9), x))
    s = x * x
    above = np.float32(-2.76076847742355e-16) * s + np.float32(2.00018790482477e-13)
    above = above * s + np.float32(-8.60467152213735e-11)
    above = above * s + np.float32(5.12229709037114e-08)
    above = above * s + np.float32(1.48572235717979e-05)
    above = above * s + np.float32(6.37261928875436e-04)
    above = above * s + np.float32(4.89352455891786e-03)
    below = np.float32(1.19825839466702e-06) * s + np.float32(1.18534705686654e-04)
    below = below * s + np.float32(2.26843463243900e-03)
    below = below * s + np.float32(4.89352518554385e-03)
    return x * above / below
