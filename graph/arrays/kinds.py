"""The kinds of edge that the database holds, and what an edge of each weighs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays import queries
from weft.errors import NotFound

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """Edges of one kind as they stand: what they join, and the sums that weights need."""

    name: str
    source: str
    target: str
    weight: str
    half_life: float | None
    landmark: datetime
    moment: datetime
    edges: int
    sources: int
    targets: int
    mass: float

    def ends(self) -> tuple[str, str]:
        """Give the kinds of node that are joined."""
        return self.source, self.target


@dataclass(frozen=True)
class Sides:
    """What both ends of each edge have in all, edge by edge."""

    source_mass: Doubles
    target_mass: Doubles
    target_degree: Doubles


def read_kinds(connection: Connection) -> Mapping[str, Kind]:
    """Read which kinds of edge there are."""
    rows = connection.execute(queries.KINDS).mappings()
    return {row["name"]: Kind(**row) for row in rows}


def chosen(kinds: Mapping[str, Kind], names: Iterable[str]) -> tuple[Kind, ...]:
    """Choose kinds by name; no name at all chooses every kind."""
    wanted = tuple(dict.fromkeys(names)) or tuple(kinds)
    for name in wanted:
        if name not in kinds:
            raise NotFound(f"no edges called {name!r}; there are {', '.join(kinds) or 'none'}")
    return tuple(kinds[name] for name in wanted)


def weights_of(kind: Kind, mass: Doubles, sides: Sides) -> Doubles:
    """Weigh edges by their mass and what their ends have in all."""
    match kind.weight:
        case "tfidf":
            rare: Doubles = np.log1p(kind.sources / sides.target_degree)
            return mass / sides.source_mass * rare
        case "pmi":
            usual = np.log(sides.source_mass) + np.log(sides.target_mass)
            more: Doubles = np.log(mass) + np.log(kind.mass) - usual
            return np.maximum(more, 0.0)
        case "jaccard":
            return mass / (sides.source_mass + sides.target_mass - mass)
        case _:
            return mass * faded(kind)


def faded(kind: Kind) -> float:
    """Tell what a mass of 1 is worth now: masses count from the landmark on (forward decay)."""
    if kind.half_life is None:
        return 1.0
    return float(2.0 ** (-(kind.moment - kind.landmark).total_seconds() / kind.half_life))
