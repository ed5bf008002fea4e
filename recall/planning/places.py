"""From what is searched by to vectors: of items, persons, keywords, or given as they are."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Floats
from recall.planning import queries
from recall.planning.loading import rows_in
from recall.planning.memory import memory_of
from recall.planning.store import Store


@dataclass(frozen=True)
class Of:
    """The vectors of nodes in the same space: their mean; or each, and the best score counts."""

    kind: str
    ids: tuple[int, ...]
    how: Literal["mean", "max"] = "mean"


@dataclass(frozen=True)
class Typed:
    """Keywords as they are compared: those that have a vector."""

    words: tuple[str, ...]
    how: Literal["mean", "max"] = "mean"


Query = Floats | Of | Typed


async def places(connection: AsyncConnection, store: Store, query: Query) -> Floats:
    """Give the vectors to search by. # (searches, dim)"""
    if isinstance(query, np.ndarray):
        return np.ascontiguousarray(np.atleast_2d(query), np.float32)
    if isinstance(query, Typed):
        ids = (await connection.execute(queries.words(query.words))).scalars().all()
        query = Of("keyword", tuple(ids), query.how)
    vectors = await vectors_of(connection, replace(store, kind=query.kind), query.ids)
    if query.how == "mean" and len(vectors):
        return np.ascontiguousarray(vectors.mean(0, keepdims=True))
    return vectors


async def vectors_of(connection: AsyncConnection, store: Store, ids: tuple[int, ...]) -> Floats:
    """Read the vectors of those nodes that have one, in the order that they are asked for."""
    if not ids or not await rows_in(connection, memory_of(connection), store):
        return np.zeros((0, store.dim), np.float32)
    found = (await connection.execute(queries.vectors(store, ids))).scalars().all()
    rows = [np.fromstring(text[1:-1], np.float32, sep=",") for text in found]
    return np.array(rows, np.float32).reshape(len(rows), store.dim)
