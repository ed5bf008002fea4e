"""What an exam is made of, read from the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select

from graph.arrays.rows import row_of, stream
from graph.catalog import Catalog
from graph.graph import Edges, edges_of
from graph.where import Where
from recall.evaluation import queries
from recall.evaluation.exam import Flags
from recall.histories import WINDOW

YOUNG = timedelta(hours=3)
PAIR = row_of(person=">i4", item=">i4")


@dataclass(frozen=True)
class Later:
    """Something that a person did with an item after the moment, in a scene if one is known."""

    person: int
    item: int
    scene: str | None


@dataclass(frozen=True)
class Past:
    """What was known at a moment."""

    liked: Edges  # person id -> item id
    young: Flags  # (ids,) items that had begun in the last hours
    known: NDArray[np.int64]  # (ids,) how many persons liked each item
    crowd: int  # how many persons liked anything


def read_later(
    connection: Connection, positive: Mapping[str, float], since: datetime, until: datetime
) -> list[Later]:
    """Read what persons did between two moments, each thing once."""
    values = {"kinds": list(positive), "since": since, "until": until}
    return [Later(*row) for row in connection.execute(queries.LATER, values)]


def read_past(
    connection: Connection, catalog: Catalog, positive: Mapping[str, float], moment: datetime
) -> Past:
    """Read what was known at a moment."""
    largest = connection.execute(queries.LARGEST).one()
    select = queries.liked_until(positive, moment - WINDOW, moment)
    rows = np.concatenate(list(stream(connection, select, PAIR)))
    persons, items = (rows[name].astype(np.int32) for name in ("person", "item"))
    ones = np.ones(len(rows), np.float32)
    liked = edges_of("person", "item", persons, items, ones, largest.person + 1)
    young = queries.begun_between(catalog, moment - YOUNG, moment)
    known = np.bincount(items, minlength=largest.item + 1)
    return Past(liked, _flags(connection, young, largest.item), known, len(np.unique(persons)))


def read_offered(connection: Connection, catalog: Catalog, where: Where, moment: datetime) -> Flags:
    """Mark the items that may be found at a moment under a filter. # (ids,)"""
    largest = connection.execute(queries.LARGEST).one().item
    return _flags(connection, queries.offered_at(catalog, where, moment), largest)


def _flags(connection: Connection, select: Select[tuple[int]], largest: int) -> Flags:
    flags = np.zeros(largest + 1, np.bool_)
    flags[list(connection.execute(select).scalars())] = True
    return flags
