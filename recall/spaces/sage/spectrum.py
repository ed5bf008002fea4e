"""Where nodes start: the smoothest patterns of the graph, so that near nodes start near."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from graph.graph import Edges, Floats
from graph.products import product
from graph.spectrum import straightened
from recall.spaces.sage.relations import row_sums

EVEN = 4.0  # mean masses that each mass gets on top, lest small islands take patterns of their own
SPARE = 16  # patterns looked for beyond those wanted
TIMES = 6


def patterns(
    edges: Mapping[str, Edges], sizes: Mapping[str, int], dim: int, seed: int, threads: int = 1
) -> dict[str, Floats]:
    """Give each node its place in the leading eigenvectors of all edges, kind by kind.

    Subspace iteration (Halko et al. 2011) with evened masses (Amini et al. 2013). Edges go both
    ways; between two kinds each pattern comes twice, once with its sign turned.
    """
    kinds = sorted({some.source for some in edges.values()})
    even = _evened(edges, sizes)
    width = min(2 * dim + SPARE, sum(sizes[kind] for kind in kinds))
    draw = np.random.default_rng(seed)
    x = {k: draw.standard_normal((sizes[k], width)).astype(np.float32) for k in kinds}
    for _ in range(TIMES):
        x = _upright(_spread(even, _spread(even, x, threads), threads))
    spread = _spread(even, x, threads)
    small = np.sum([x[kind].T @ spread[kind] for kind in kinds], 0)
    values, turns = np.linalg.eigh(small + small.T)
    best = turns[:, ::-1][:, :dim] * np.sqrt(np.maximum(values[::-1][:dim], 0))
    return {kind: _padded(x[kind] @ best, dim) for kind in kinds}


def _spread(edges: Sequence[Edges], x: Mapping[str, Floats], threads: int) -> dict[str, Floats]:
    out = {kind: np.zeros_like(some) for kind, some in x.items()}
    for some in edges:
        out[some.source] += product(some, x[some.target], threads)
    return out


def _upright(x: Mapping[str, Floats]) -> dict[str, Floats]:
    """Make columns stand upright on each other, over all kinds."""
    tall = straightened(np.concatenate(list(x.values())))
    ends = np.cumsum([len(some) for some in x.values()])[:-1]
    return dict(zip(x, np.split(tall, ends), strict=True))


def _evened(edges: Mapping[str, Edges], sizes: Mapping[str, int]) -> list[Edges]:
    """Divide weights by the roots of both ends' masses."""
    masses = {kind: np.zeros(size) for kind, size in sizes.items()}
    for some in edges.values():
        masses[some.source] += row_sums(some.starts, some.weights)
    roots = {
        k: np.sqrt(mass + EVEN * mass.mean() + 1e-9) for k, mass in masses.items() if len(mass)
    }
    return [
        replace(
            some,
            weights=np.asarray(
                some.weights
                / roots[some.source][some.sources()]
                / roots[some.target][some.targets],
                np.float32,
            ),
        )
        for some in edges.values()
    ]


def _padded(x: Floats, dim: int) -> Floats:
    return np.pad(x, ((0, 0), (0, dim - x.shape[1]))).astype(np.float32)
