"""Nodes that came after a space was learned: placed by their neighbours, into the same table.

Ids have no gaps and rise, so whatever has an id past those that were learned is new.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays.rows import row_of, stream
from graph.graph import Edges, Floats, Numbers, edges_of
from recall.spaces import queries
from recall.spaces.storing import copy_vectors
from recall.spaces.trained import Placer
from weft.steps import Work

ANY = 2**31 - 1
TIE = row_of(source=">i4", target=">i4", weight=">f4")


def place_newcomers(
    work: Work, artifact: int, placer: Placer, by: str | None = None
) -> dict[str, float]:
    """Place, or place again, every node that came since; tell how many there are of each kind."""
    placed = {}
    for kind, learned in placer.vectors.items():
        since = {"learned": len(learned)}
        ids = work.connection.execute(queries.newcomers(kind), since).scalars().all()
        placed[kind] = float(place_some(work.connection, artifact, placer, kind, ids, by))
    return placed


def place_some(
    connection: Connection,
    artifact: int,
    placer: Placer,
    kind: str,
    ids: Sequence[int],
    by: str | None = None,
) -> int:
    """Place nodes of one kind, or place them again; those that were learned stay where they are."""
    new: Numbers = np.array(sorted(i for i in ids if i > len(placer.vectors[kind])), np.int32)
    if not len(new):
        return 0
    vectors = _placed(connection, placer, kind, new)
    store_some(connection, artifact, kind, new, vectors, by)
    return len(new)


def store_some(
    connection: Connection,
    artifact: int,
    kind: str,
    ids: Numbers,
    vectors: Floats,
    by: str | None = None,
) -> None:
    """Store the vectors of nodes that came since, in place of what they may have."""
    numbers = {"ids": ids.tolist()}
    connection.execute(queries.forget_newcomers(artifact, kind), numbers)
    copy_vectors(connection, artifact, kind, ids, vectors)
    if by is not None and kind == "item":
        connection.execute(queries.forget_newcomers_by_value(artifact), numbers)
        connection.execute(queries.add_newcomers_by_value(artifact, by), numbers)


def _placed(connection: Connection, placer: Placer, kind: str, new: Numbers) -> Floats:
    near = {
        name: _ties(connection, name, sides, new, len(placer.vectors[sides[1]]))
        for name, sides in placer.sides.items()
        if sides[0] == kind
    }
    features = [
        _ties(connection, name, sides, new, ANY)
        for name, sides in placer.described.items()
        if sides[0] == kind
    ]
    return placer.embed(kind, near, features[0] if features else None)


def _ties(
    connection: Connection, name: str, sides: tuple[str, str], new: Numbers, known: int
) -> Edges:
    """Read what ties new nodes to learned ones. # a row for each new node"""
    query = queries.ties_of(name, sides[0] == sides[1], new.tolist(), known)
    rows = _rows(connection, query)
    places = np.searchsorted(new, rows["source"]).astype(np.int32)
    targets = (rows["target"] - 1).astype(np.int32)
    return edges_of(*sides, places, targets, rows["weight"].astype(np.float32), len(new))


def _rows(connection: Connection, query: str) -> NDArray[Any]:
    return np.concatenate(list(stream(connection, query, TIE)))
