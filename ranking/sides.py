"""Items worked out beforehand, for models whose items no request changes."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.graph import Floats
from ranking.examples import Columns, Longs
from ranking.features.asked import asked
from ranking.features.encoding import Encoding
from ranking.features.known import Known
from ranking.features.rows import encode
from ranking.features.timeline import places_in


@dataclass(frozen=True)
class Pace:
    """How many items are worked out at once, and for how many times as long is rested then."""

    items: int
    rest: float = 0.0


AT_ONCE, GENTLY = Pace(50_000), Pace(4_000, 3.0)


@runtime_checkable
class Sided(Protocol):
    """A scorer whose items are worked out beforehand."""

    def item_side(self, items: Columns) -> Floats:
        """Give the row of each item. # (items, width)"""

    def score_among(self, ask: Columns, side: NDArray[np.float32], rows: Longs) -> Floats:
        """Score items by their rows. # (rows, tasks)"""


@dataclass(frozen=True)
class Side:
    """The rows of items, as of a moment; what was worked out later lies over it."""

    ids: Longs  # (items,) rising
    rows: NDArray[np.float32]  # (items, width)
    moment: datetime
    over: "Side | None" = None

    def missing(self, items: Longs) -> Longs:
        """Give the items that it knows nothing of."""
        rest = np.unique(items[~self._here(items)])
        return rest if self.over is None else self.over.missing(rest)

    def of(self, items: Longs) -> Floats:
        """Give the rows of items, all of which it knows. # (items, width)"""
        rows = self.rows.take(places_in(self.ids, items), 0, mode="clip")
        if self.over is not None:
            later = self.over._here(items)
            rows[later] = self.over.of(items[later])
        return np.asarray(rows, np.float32)

    def with_others(self, other: "Side") -> "Side":
        """Put items over what was worked out before."""
        return replace(self, over=other if self.over is None else self.over._joined(other))

    def _here(self, items: Longs) -> NDArray[np.bool_]:
        return places_in(self.ids, items) < len(self.ids)

    def _joined(self, other: "Side") -> "Side":
        kept = ~np.isin(self.ids, other.ids)
        ids = np.concatenate([self.ids[kept], other.ids])
        order = np.argsort(ids)
        rows = np.concatenate([self.rows[kept], other.rows])[order]
        return Side(ids[order], rows, self.moment)


def side_of(
    connection: Connection,
    encoding: Encoding,
    scorer: Sided,
    items: Longs,
    moment: datetime,
    known: Known | None = None,
    pace: Pace = AT_ONCE,
) -> Side:
    """Work items out as they are at a moment."""
    ids, rows = np.unique(items), []
    for some in _parts(ids, pace.items):
        began = time.perf_counter()
        rows.append(_rows(connection, encoding, scorer, some, moment, known))
        time.sleep(pace.rest * (time.perf_counter() - began))
    return Side(ids, np.concatenate(rows), moment)


def _rows(
    connection: Connection,
    encoding: Encoding,
    scorer: Sided,
    ids: Longs,
    moment: datetime,
    known: Known | None,
) -> Floats:
    inputs = encode(connection, encoding, asked(None, "", moment, ids), known)
    return scorer.item_side(inputs.items)[inputs.item]


def _parts(ids: Longs, size: int) -> list[Longs]:
    """Take many items apart: what is read of them is far larger than their rows."""
    return [ids[start : start + size] for start in range(0, max(1, len(ids)), size)]
