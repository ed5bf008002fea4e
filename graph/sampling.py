"""Neighbours drawn layer by layer, over several kinds of edge at once (Hamilton et al. 2017)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.graph import Edges, Floats, Numbers
from nlp.compiled import Longs, compiled

ALL = 0  # the fan-out that draws nothing and takes every neighbour


@dataclass(frozen=True)
class Layer:
    """Which nodes are gathered for, which ones they gather from, and by which links."""

    nodes: Mapping[str, Numbers]  # kind -> nodes that are needed; those gathered for come first
    asked: Mapping[str, int]  # kind -> how many of them are gathered for
    links: Mapping[str, Edges]  # kind of edge -> a row for each asked; targets are places in nodes


def layers_of(
    relations: Mapping[str, Edges],
    nodes: Mapping[str, Numbers],
    fans: Sequence[int],
    seed: int,
    weighted: bool = False,
) -> list[Layer]:
    """Draw the layers that some nodes need, deepest first; `fans` begin at the nodes themselves."""
    kinds = {kind for edges in relations.values() for kind in (edges.source, edges.target)}
    needed = {kind: nodes.get(kind, np.zeros(0, np.int32)) for kind in sorted(kinds)}
    layers: list[Layer] = []
    for depth, fan in enumerate(fans):
        layers.insert(0, _layer(relations, needed, fan, seed + depth, weighted))
        needed = dict(layers[0].nodes)
    return layers


def neighbours(edges: Edges, nodes: Numbers, fan: int, seed: int, weighted: bool = False) -> Edges:
    """Draw at most `fan` different neighbours of each node, whose number is then its row.

    By weight, a neighbour's chance follows the weight of its edge and what is drawn counts alike;
    else all have the same chance and keep their weights.
    """
    counts = np.diff(edges.starts)[nodes]
    taken = counts if fan == ALL else np.minimum(counts, fan)
    starts = np.zeros(len(nodes) + 1, np.int64)
    np.cumsum(taken, out=starts[1:])
    places = np.empty(starts[-1], np.int64)
    _draw(edges.starts, edges.weights, nodes, starts, places, seed, weighted)
    weights = edges.weights[places]
    if weighted:
        weights[np.repeat(taken < counts, taken)] = 1
    return Edges(edges.source, edges.target, starts, edges.targets[places], weights)


def _layer(
    relations: Mapping[str, Edges],
    asked: Mapping[str, Numbers],
    fan: int,
    seed: int,
    weighted: bool,
) -> Layer:
    drawn = {
        name: neighbours(edges, asked[edges.source], fan, _mixed(seed, number), weighted)
        for number, (name, edges) in enumerate(relations.items())
    }
    nodes = {kind: _joined(kind, first, drawn.values()) for kind, first in asked.items()}
    links = {
        name: Edges(e.source, e.target, e.starts, _places(nodes[e.target], e.targets), e.weights)
        for name, e in drawn.items()
    }
    return Layer(nodes, {kind: len(first) for kind, first in asked.items()}, links)


def _joined(kind: str, first: Numbers, drawn: Iterable[Edges]) -> Numbers:
    found = [edges.targets for edges in drawn if edges.target == kind]
    return np.concatenate((first, np.setdiff1d(np.concatenate(found), first))) if found else first


def _places(nodes: Numbers, wanted: Numbers) -> Numbers:
    places = np.zeros(nodes.max(initial=-1) + 1, np.int32)
    places[nodes] = np.arange(len(nodes), dtype=np.int32)
    return places[wanted]


def _mixed(seed: int, number: int) -> int:
    return int(np.random.SeedSequence((seed, number)).generate_state(1)[0])


@compiled
def _draw(
    edges: Longs,
    weights: Floats,
    nodes: Numbers,
    starts: Longs,
    places: Longs,
    seed: int,
    weighted: bool,
) -> None:
    np.random.seed(seed)
    for row in range(len(nodes)):
        first, last = edges[nodes[row]], edges[nodes[row] + 1]
        out = places[starts[row] : starts[row + 1]]
        if len(out) == last - first:
            out[:] = np.arange(first, last)
        elif weighted:
            _by_weight(weights[first:last], first, out)
        else:
            _alike(last - first, first, out)


@compiled
def _alike(count: int, first: int, out: Longs) -> None:
    """Draw without putting back (Floyd, in Bentley 1987)."""
    for filled in range(len(out)):
        last = count - len(out) + filled
        place = first + np.random.randint(0, last + 1)
        out[filled] = first + last if (out[:filled] == place).any() else place


@compiled
def _by_weight(weights: Floats, first: int, out: Longs) -> None:
    """Draw without putting back, by weight (Efraimidis and Spirakis 2006): the first to ring."""
    rings = np.full(len(out), np.inf)
    for place in range(len(weights)):
        ring = -np.log(1 - np.random.random()) / max(weights[place], 1e-30)
        slot = len(out) - 1
        if ring >= rings[slot]:
            continue
        while slot > 0 and rings[slot - 1] > ring:
            rings[slot], out[slot] = rings[slot - 1], out[slot - 1]
            slot -= 1
        rings[slot], out[slot] = ring, first + place
