"""Several kinds of edge as one net, in which every node has one number and every tie two ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers
from nlp.compiled import compiled


@dataclass(frozen=True)
class Net:
    """Nodes of all kinds under one numbering; neighbours in rising order, each once."""

    spans: Mapping[str, slice]  # kind -> its nodes' numbers
    starts: NDArray[np.int64]  # (nodes + 1,)
    targets: Numbers  # (ties,)
    weights: Floats  # (ties,)

    @property
    def size(self) -> int:
        """Tell how many nodes there are."""
        return len(self.starts) - 1

    @property
    def even(self) -> bool:
        """Tell whether all ties weigh the same."""
        return not len(self.weights) or bool((self.weights == self.weights[0]).all())


def net_of(graph: Graph, names: Sequence[str]) -> Net:
    """Tie together what the edges of these names join, both ways."""
    chosen = [graph.edges[name.removeprefix("~")] for name in names]
    spans = spans_of(graph, chosen)
    ends = [(spans[e.source].start, spans[e.target].start) for e in chosen]
    counts = np.zeros(max((span.stop for span in spans.values()), default=0) + 1, np.int64)
    for edges, (source, target) in zip(chosen, ends, strict=True):
        _count(edges.starts, edges.targets, source, target, counts)
    starts = np.cumsum(counts)
    targets, weights = np.zeros(starts[-1], np.int32), np.zeros(starts[-1], np.float32)
    filled = starts[:-1].copy()
    for edges, (source, target) in zip(chosen, ends, strict=True):
        _fill(edges.starts, edges.targets, edges.weights, source, target, filled, targets, weights)
    return Net(spans, *_merged(starts, *_ordered(starts, targets, weights)))


def spans_of(graph: Graph, chosen: Sequence[Edges]) -> dict[str, slice]:
    """Number the nodes of the kinds that edges join, kind after kind."""
    spans: dict[str, slice] = {}
    end = 0
    for kind in dict.fromkeys(kind for edges in chosen for kind in (edges.source, edges.target)):
        spans[kind] = slice(end, end + graph.size(kind))
        end += graph.size(kind)
    return spans


@compiled
def _count(
    starts: NDArray[np.int64], targets: Numbers, source: int, target: int, counts: NDArray[np.int64]
) -> None:
    for node in range(len(starts) - 1):
        counts[source + node + 1] += starts[node + 1] - starts[node]
        for at in range(starts[node], starts[node + 1]):
            counts[target + targets[at] + 1] += 1


@compiled
def _fill(
    starts: NDArray[np.int64],
    targets: Numbers,
    weights: Floats,
    source: int,
    target: int,
    filled: NDArray[np.int64],
    out: Numbers,
    out_weights: Floats,
) -> None:
    for node in range(len(starts) - 1):
        one = source + node
        for at in range(starts[node], starts[node + 1]):
            other = target + targets[at]
            out[filled[one]], out_weights[filled[one]] = other, weights[at]
            filled[one] += 1
            out[filled[other]], out_weights[filled[other]] = one, weights[at]
            filled[other] += 1


@compiled
def _ordered(
    starts: NDArray[np.int64], targets: Numbers, weights: Floats
) -> tuple[Numbers, Floats]:
    """Turn the net round, which changes nothing but the order: rows come out rising."""
    filled = starts[:-1].copy()
    out, out_weights = np.empty_like(targets), np.empty_like(weights)
    for node in range(len(starts) - 1):
        for at in range(starts[node], starts[node + 1]):
            place = filled[targets[at]]
            out[place], out_weights[place] = node, weights[at]
            filled[targets[at]] += 1
    return out, out_weights


@compiled
def _merged(
    starts: NDArray[np.int64], targets: Numbers, weights: Floats
) -> tuple[NDArray[np.int64], Numbers, Floats]:
    """Add up what stands twice in a row."""
    begins = np.zeros_like(starts)
    end = 0
    for node in range(len(starts) - 1):
        begin = end
        for at in range(starts[node], starts[node + 1]):
            if end > begin and targets[end - 1] == targets[at]:
                weights[end - 1] += weights[at]
            else:
                targets[end], weights[end] = targets[at], weights[at]
                end += 1
        begins[node + 1] = end
    return begins, targets[:end].copy(), weights[:end].copy()
