"""Products of edges, as sparse matrices, with dense ones; rows are independent, threads too."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Numbers
from nlp.compiled import compiled

Starts = NDArray[np.int64]
BLOCKS = 8  # blocks of rows that each thread is given


def product(edges: Edges, dense: Floats, threads: int = 1) -> Floats:
    """Multiply: each source is given the weighted sum of its targets. # (sources, dim)"""
    dense = np.ascontiguousarray(dense)
    out = np.zeros((len(edges.starts) - 1, dense.shape[1]), np.float32)

    def block(first: int, last: int) -> None:
        _product(edges.starts, edges.targets, edges.weights, dense, out, first, last)

    in_blocks(block, len(out), threads)
    return out


def two_hops(rows: Edges, back: Edges, forth: Edges, width: int, threads: int = 1) -> Floats:
    """Multiply three: `rows` times `back` times `forth`, whose targets are `width` many."""
    out = np.zeros((len(rows.starts) - 1, width), np.float32)
    parts = [(e.starts, e.targets, e.weights) for e in (rows, back, forth)]

    def block(first: int, last: int) -> None:
        _two_hops(*parts[0], *parts[1], *parts[2], out, first, last)

    in_blocks(block, len(out), threads)
    return out


def rows_of(edges: Edges, nodes: Numbers) -> Edges:
    """Take the edges of some sources, which are then numbered by their place."""
    counts = np.diff(edges.starts)[nodes]
    starts = np.zeros(len(nodes) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    shift = np.repeat(edges.starts[nodes] - starts[:-1], counts)
    places = shift + np.arange(starts[-1])
    return replace(
        edges, starts=starts, targets=edges.targets[places], weights=edges.weights[places]
    )


def in_blocks(work: Callable[[int, int], None], rows: int, threads: int) -> None:
    """Do some work on blocks of rows, on several threads; the blocks do not touch each other."""
    if threads == 1 or rows < threads * BLOCKS:
        work(0, rows)
        return
    bounds = np.linspace(0, rows, threads * BLOCKS + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, bounds[:-1], bounds[1:]))


@compiled
def _product(
    starts: Starts,
    targets: Numbers,
    weights: Floats,
    dense: Floats,
    out: Floats,
    first: int,
    last: int,
) -> None:
    for row in range(first, last):
        for place in range(starts[row], starts[row + 1]):
            target, weight = targets[place], weights[place]
            for column in range(dense.shape[1]):
                out[row, column] += weight * dense[target, column]


@compiled
def _two_hops(
    row_starts: Starts,
    row_targets: Numbers,
    row_weights: Floats,
    back_starts: Starts,
    back_targets: Numbers,
    back_weights: Floats,
    starts: Starts,
    targets: Numbers,
    weights: Floats,
    out: Floats,
    first: int,
    last: int,
) -> None:
    middle = np.zeros(len(starts) - 1, np.float32)
    for row in range(first, last):
        middle[:] = 0
        for place in range(row_starts[row], row_starts[row + 1]):
            node, weight = row_targets[place], row_weights[place]
            for step in range(back_starts[node], back_starts[node + 1]):
                middle[back_targets[step]] += weight * back_weights[step]
        for node in range(len(middle)):
            if middle[node] != 0:
                for step in range(starts[node], starts[node + 1]):
                    out[row, targets[step]] += middle[node] * weights[step]
