"""Nodes that came after a space was learned: placed by their neighbours, into the same table.

Ids have no gaps and rise, so whatever has an id past those that were learned is new.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays.rows import row_of, stream
from graph.graph import Edges, Numbers, edges_of
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
    placed = {kind: _place(work.connection, artifact, placer, kind) for kind in placer.vectors}
    if by is not None and "item" in placed:
        since = {"learned": len(placer.vectors["item"])}
        work.connection.execute(queries.forget_newcomers_by_value(artifact), since)
        work.connection.execute(queries.add_newcomers_by_value(artifact, by), since)
    return placed


def _place(connection: Connection, artifact: int, placer: Placer, kind: str) -> float:
    learned = len(placer.vectors[kind])
    ids = connection.execute(queries.newcomers(kind), {"learned": learned}).scalars().all()
    connection.execute(queries.forget_newcomers(artifact, kind), {"learned": learned})
    if not ids:
        return 0.0
    new: Numbers = np.array(ids, np.int32)
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
    vectors = placer.embed(kind, near, features[0] if features else None)
    copy_vectors(connection, artifact, kind, new, vectors)
    return float(len(new))


def _ties(
    connection: Connection, name: str, sides: tuple[str, str], new: Numbers, known: int
) -> Edges:
    """Read what ties new nodes to learned ones. # a row for each new node"""
    query = queries.ties_of(name, sides[0] == sides[1], int(new[0]), known)
    rows = _rows(connection, query)
    places = np.searchsorted(new, rows["source"]).astype(np.int32)
    targets = (rows["target"] - 1).astype(np.int32)
    return edges_of(*sides, places, targets, rows["weight"].astype(np.float32), len(new))


def _rows(connection: Connection, query: str) -> NDArray[Any]:
    return np.concatenate(list(stream(connection, query, TIE)))
