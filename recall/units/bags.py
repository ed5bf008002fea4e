"""What items are known by, as bags of ids: each kind of edge has a stretch of ids of its own."""

from collections.abc import Mapping, Sequence

import numpy as np

from graph.graph import Edges, Floats, Numbers, edges_of

UNIT = "unit"


def bags_of(kinds: Mapping[str, Edges], firsts: Mapping[str, int], rows: int) -> Edges:
    """Put all kinds into one bag a row; each kind that a row has counts for 1 in all."""
    sources, targets, weights = [], [], []
    for name, edges in kinds.items():
        owners = edges.sources()
        sums = np.bincount(owners, edges.weights, rows)
        sources.append(owners)
        targets.append(edges.targets + firsts[name])
        weights.append((edges.weights / np.maximum(sums, 1e-12)[owners]).astype(np.float32))
    return edges_of("item", UNIT, *_joined(sources, targets, weights), rows)


def firsts_of(sizes: Mapping[str, int]) -> dict[str, int]:
    """Give the first id of each kind of edge."""
    ends = np.cumsum([0, *sizes.values()])
    return {name: int(first) for name, first in zip(sizes, ends[:-1], strict=True)}


def bags_of_lists(lists: Sequence[tuple[Numbers, Floats]]) -> Edges:
    """Put lists of ids and weights into bags, a row for each."""
    lengths = np.array([len(ids) for ids, _ in lists], np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    ids = np.concatenate([np.zeros(0, np.int32), *(ids for ids, _ in lists)])
    weights = np.concatenate([np.zeros(0, np.float32), *(some for _, some in lists)])
    return Edges("text", UNIT, starts, ids.astype(np.int32), weights.astype(np.float32))


def alone(first: int, size: int) -> Edges:
    """Give a bag to each id of a stretch, with nothing else in it."""
    ids = np.arange(first, first + size, dtype=np.int32)
    return Edges(UNIT, UNIT, np.arange(size + 1, dtype=np.int64), ids, np.ones(size, np.float32))


def _joined(
    sources: list[Numbers], targets: list[Numbers], weights: list[Floats]
) -> tuple[Numbers, Numbers, Floats]:
    none = np.zeros(0, np.int32)
    return (
        np.concatenate([none, *sources]).astype(np.int32),
        np.concatenate([none, *targets]).astype(np.int32),
        np.concatenate([np.zeros(0, np.float32), *weights]).astype(np.float32),
    )
