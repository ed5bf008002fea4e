"""Going one step from many nodes at once: the edges that were found, as arrays."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection, TextClause

from graph.arrays.kinds import Doubles, Kind, Sides, weights_of
from graph.graph import Numbers
from graph.paths import queries
from graph.paths.nodes import Place
from graph.paths.steps import Step


@dataclass(frozen=True)
class Hop:
    """Edges that were gone by one step, each from a near end to a far one."""

    step: Step
    near: Numbers
    far: Numbers
    mass: Doubles
    weights: Doubles
    ties: Doubles  # the share in what both ends have, mass / √(mass of one · mass of other)

    def ends(self) -> Iterator[tuple[Place, Place]]:
        """Give the places that each edge joins."""
        for near, far in zip(self.near.tolist(), self.far.tolist(), strict=True):
            yield (self.step.near, near), (self.step.far, far)

    def shares(self) -> Doubles:
        """Give each edge's part of the mass of all edges here from the same near end."""
        _, places = np.unique(self.near, return_inverse=True)
        return self.mass / np.bincount(places, self.mass)[places]


def hop_from(
    connection: Connection,
    kinds: Mapping[str, Kind],
    steps: Sequence[Step],
    places: Collection[Place],
    breadth: int,
) -> tuple[Hop, ...]:
    """List the heaviest neighbours of nodes, at most `breadth` by each step from each."""
    usable = tuple(step for step in steps if any(kind == step.near for kind, _ in places))
    if not usable:
        return ()
    return _hops(connection, kinds, usable, queries.hop(usable, breadth), places)


def hops_among(
    connection: Connection,
    kinds: Mapping[str, Kind],
    steps: Sequence[Step],
    places: Collection[Place],
) -> tuple[Hop, ...]:
    """List all edges that join two of these nodes."""
    here = {kind for kind, _ in places}
    usable = tuple(step for step in steps if {step.near, step.far} <= here)
    if not usable:
        return ()
    return _hops(connection, kinds, usable, queries.among(usable), places)


def _hops(
    connection: Connection,
    kinds: Mapping[str, Kind],
    steps: tuple[Step, ...],
    statement: TextClause,
    places: Collection[Place],
) -> tuple[Hop, ...]:
    ids = {end: [number for kind, number in places if kind == end] for end in _ends(steps)}
    rows = sorted(connection.execute(statement, ids), key=itemgetter(0))
    found = groupby(rows, key=itemgetter(0))
    return tuple(_hop(kinds, steps[number], list(part)) for number, part in found)


def _hop(kinds: Mapping[str, Kind], step: Step, rows: Sequence[Sequence[Any]]) -> Hop:
    _, near, far, mass, *sums = (np.array(column) for column in zip(*rows, strict=True))
    source, target = (sums[2:], sums[:2]) if step.back else (sums[:2], sums[2:])
    weights = weights_of(kinds[step.edges], mass, Sides(source[0], target[0], target[1]))
    ties = mass / np.sqrt(sums[0]) / np.sqrt(sums[2])
    return Hop(step, near.astype(np.int32), far.astype(np.int32), mass, weights, ties)


def _ends(steps: Sequence[Step]) -> set[str]:
    return {end for step in steps for end in (step.near, step.far)}
