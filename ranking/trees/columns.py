"""Inputs as one matrix: what trees can read.

A single feature is its code. A number is itself. A bag is how much is in it and, where few codes
are possible, a 0 or 1 for each. A past is how long it is and, for each field that items have too,
how many of its steps are like the item, and how many steps ago the last one was.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph.graph import Floats
from ranking.examples import Codes, Columns, Field, Inputs, Layout, Longs, Past, Side


@dataclass(frozen=True)
class Heads:
    """Names of a matrix's columns, and which are categories."""

    names: list[str]
    categories: list[int]


def heads_of(layout: Layout, marks: int) -> Heads:
    """Name the columns."""
    sides = (layout.asks, layout.items, layout.pairs)
    categories = [field.name for side in sides for field in side.ones]
    names = categories + [name for side in sides for name in _rest(side, marks)]
    names += [name for past in layout.asks.pasts for name in _likeness(layout, past)]
    return Heads(names, list(range(len(categories))))


def _rest(side: Side, marks: int) -> Iterator[str]:
    yield from side.numbers
    for bag in side.bags:
        yield f"{bag.name}: how many"
        if bag.size <= marks:
            yield from (f"{bag.name}: {code}" for code in range(1, bag.size))
    yield from (f"{past.name}: how many" for past in side.pasts)


def _likeness(layout: Layout, past: Past) -> Iterator[str]:
    for field, _, _ in _compared(layout, past):
        yield from (f"{past.name}: like its {field}", f"{past.name}: steps since its {field}")


def matrix_of(inputs: Inputs, layout: Layout, marks: int) -> Floats:
    """Give a row for each pair. # (rows, columns)"""
    everything = np.arange(len(inputs))
    sides = (
        (layout.asks, inputs.asks, inputs.ask),
        (layout.items, inputs.items, inputs.item),
        (layout.pairs, inputs.pairs, everything),
    )
    parts: list[Floats | Codes] = [columns.ones[rows] for _, columns, rows in sides]
    parts += [_described(side, columns, marks)[rows] for side, columns, rows in sides]
    for past, steps in zip(layout.asks.pasts, inputs.asks.pasts, strict=True):
        parts += [
            _alike(steps[:, :, at], inputs.items.ones[:, place], inputs.ask, inputs.item)
            for _, at, place in _compared(layout, past)
        ]
    return np.concatenate([part.astype(np.float32) for part in parts], 1)


def _described(side: Side, columns: Columns, marks: int) -> Floats:
    """Describe subjects by all but single features. # (subjects, columns)"""
    parts: list[Floats] = []
    if side.numbers:
        parts.append(columns.numbers)
    for field, bag in zip(side.bags, columns.bags, strict=True):
        parts += _unpacked(field, bag, marks)
    parts += [(past[..., 0] > 0).sum(1, keepdims=True) for past in columns.pasts]
    empty = np.zeros((len(columns), 0), np.float32)
    return np.concatenate([empty, *parts], 1)


def _unpacked(field: Field, bag: Codes, marks: int) -> Iterator[Floats]:
    yield (bag > 0).sum(1, keepdims=True).astype(np.float32)
    if field.size <= marks:
        found = np.zeros((len(bag), field.size), np.float32)
        np.put_along_axis(found, bag.astype(np.int64), 1, 1)
        yield found[:, 1:]


def _compared(layout: Layout, past: Past) -> Iterator[tuple[str, int, int]]:
    """Give the fields that items have too: the item's name, place in a step, place in an item."""
    named = {field.name: place for place, field in enumerate(layout.items.ones)}
    for at, target in enumerate(past.targets):
        if target in named:
            yield str(target), at, named[target]


def _alike(steps: Codes, items: Codes, ask: Longs, item: Longs) -> Floats:
    """Compare each pair's item with the steps of its past.

    steps: (asks, length); items: (items,) → (rows, 2), the second missing where none is alike
    """
    past, wanted = steps[ask], items[item][:, None]
    like = (past == wanted) & (past > 0)  # (rows, length)
    length = (past > 0).sum(1)
    last = past.shape[1] - 1 - like[:, ::-1].argmax(1)
    since = np.where(like.any(1), length - 1 - last, np.nan)
    return np.stack([like.sum(1), since], 1).astype(np.float32)
