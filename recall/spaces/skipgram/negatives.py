"""What is drawn as a negative: anything, or something of the same group."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from graph.walks.alias import Tables, drawn, tables_of
from graph.walks.chance import fraction, stepped
from nlp.compiled import compiled


class Negatives(NamedTuple):
    """Rows of nodes to draw from: row 0 has all of them, every other one a group."""

    rows: NDArray[np.int32]  # (attributes, nodes) the row of each node's own group
    shares: Floats  # (attributes,) rising: which share is drawn in the groups so far
    starts: NDArray[np.int64]  # (rows + 1,)
    members: Numbers  # (entries,)
    tables: Tables


def negatives_of(
    counts: NDArray[np.int64], power: float, groups: Mapping[str, Numbers], shares: dict[str, float]
) -> Negatives:
    """Weigh nodes by how often they occur, to a power, in all and in each group."""
    masses = counts.astype(np.float64) ** power * (counts > 0)
    rows, sizes, members = [], [len(counts)], [np.arange(len(counts), dtype=np.int32)]
    for name in shares:
        own, row, size = _grouped(groups[name], len(counts), len(sizes))
        rows.append(row)
        sizes += size
        members.append(own)
    order = np.concatenate(members)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    table = np.array(rows, np.int32).reshape(len(rows), len(counts))
    bars = np.cumsum(list(shares.values())).astype(np.float32)
    return Negatives(
        table, bars, starts, order, tables_of(starts, masses[order].astype(np.float32))
    )


def _grouped(group: Numbers, size: int, first: int) -> tuple[Numbers, Numbers, list[int]]:
    """Order nodes by their group; who has none belongs to row 0."""
    whole = np.full(size, -1, np.int32)
    whole[: len(group)] = group
    order = np.argsort(whole, kind="stable").astype(np.int32)
    order = order[whole[order] >= 0]
    _, inverse, sizes = np.unique(whole[order], return_inverse=True, return_counts=True)
    rows = np.zeros(size, np.int32)
    rows[order] = first + inverse
    return order, rows, sizes.tolist()


@compiled
def draw(
    state: np.uint64, node: int, negatives: Negatives, out: Numbers, count: int
) -> tuple[np.uint64, int]:
    """Fill `out` from its second place with negatives for a node; say how many stand there."""
    out[0] = node
    size = 1
    for _ in range(count):
        row = 0
        if len(negatives.shares):
            state = stepped(state)
            luck = fraction(state)
            for attribute in range(len(negatives.shares)):
                if luck < negatives.shares[attribute]:
                    row = negatives.rows[attribute, node]
                    break
        state = stepped(state)
        start, end = negatives.starts[row], negatives.starts[row + 1]
        other = negatives.members[drawn(state, start, end, negatives.tables)]
        if other != node:
            out[size] = other
            size += 1
    return state, size
