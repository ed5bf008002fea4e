"""Pairs put after each other, as if they had been described together."""

import numpy as np

from ranking.examples import Codes, Columns, Inputs


def joined(one: Inputs, other: Inputs) -> Inputs:
    """Give the pairs of both; what only one of them knows of bias is nothing for the other."""
    asks, ask = _side(one.asks, other.asks)
    items, item = _side(one.items, other.items)
    wide = max(one.bias.shape[1], other.bias.shape[1])
    return Inputs(
        asks,
        items,
        stacked(one.pairs, other.pairs),
        np.concatenate([one.ask, other.ask + ask]),
        np.concatenate([one.item, other.item + item]),
        np.concatenate([_wide(one.bias, wide), _wide(other.bias, wide)]),
    )


def _side(one: Columns, other: Columns) -> tuple[Columns, int]:
    """Give the subjects of both, and where the other's begin."""
    return (one, 0) if one is other else (stacked(one, other), len(one))


def stacked(one: Columns, other: Columns) -> Columns:
    """Give the rows of both."""
    bags = zip(one.bags, other.bags, strict=True)
    pasts = zip(one.pasts, other.pasts, strict=True)
    numbers = [c.numbers for c in (one, other) if c.numbers.size]
    return Columns(
        np.concatenate([one.ones, other.ones]),
        tuple(_long(a, b) for a, b in bags),
        np.concatenate(numbers) if numbers else one.numbers,
        tuple(_long(a, b) for a, b in pasts),
    )


def _long(one: Codes, other: Codes) -> Codes:
    """Put codes after each other, filled up to the longer of both."""
    length = max(one.shape[1], other.shape[1])
    return np.concatenate([_wide(one, length), _wide(other, length)])


def _wide(codes: Codes, length: int) -> Codes:
    filling = [(0, 0)] * codes.ndim
    filling[1] = (0, length - codes.shape[1])
    return np.pad(codes, filling)
