"""Networks once more, by plain loops over numbers."""

import numpy as np
from numpy.typing import NDArray
from torch import nn

Doubles = NDArray[np.float64]


def weight(layer: nn.Module, name: str = "weight") -> Doubles:
    """Give a layer's numbers."""
    return getattr(layer, name).detach().numpy().astype(np.float64)


def sigmoid(x: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-x))


def attention(layers: list[tuple[Doubles, Doubles]], key: Doubles, query: Doubles) -> float:
    """DIN's unit over [k, q, q∘k], one step and one item at a time."""
    x = np.concatenate([key, query, query * key[: len(query)]])
    for place, (weights, bias) in enumerate(layers):
        x = np.array([sum(w * n for w, n in zip(row, x, strict=True)) for row in weights]) + bias
        if place < len(layers) - 1:
            x = np.array([max(n, 0.0) for n in x])
    return float(x[0])


def augru(
    told: tuple[Doubles, Doubles], known: tuple[Doubles, Doubles], steps: Doubles, weights: Doubles
) -> Doubles:
    """AUGRU over one past: steps (length, size), weights (length,)."""
    width = known[0].shape[1]
    state = np.zeros(width)
    for step, attended in zip(steps, weights, strict=True):
        x, h = told[0] @ step + told[1], known[0] @ state + known[1]
        for_update, for_reset = sigmoid(x[:width] + h[:width]), sigmoid((x + h)[width : 2 * width])
        new = np.tanh(x[2 * width :] + for_reset * h[2 * width :])
        update = attended * for_update
        state = (1 - update) * state + update * new
    return state
