"""Items worked out beforehand, for models whose items no request changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.graph import Floats
from ranking.examples import Columns, Longs
from ranking.features.asked import asked
from ranking.features.encoding import Encoding
from ranking.features.rows import encode


@runtime_checkable
class Sided(Protocol):
    """A scorer whose items are worked out beforehand."""

    def item_side(self, items: Columns) -> Floats:
        """Give the row of each item. # (items, width)"""

    def score_among(self, ask: Columns, side: NDArray[np.float32], rows: Longs) -> Floats:
        """Score items by their rows. # (rows, tasks)"""


@dataclass(frozen=True)
class Side:
    """The rows of items, as of a moment."""

    ids: Longs  # (items,) rising
    rows: Floats  # (items, width)
    moment: datetime

    def missing(self, items: Longs) -> Longs:
        """Give the items that it knows nothing of."""
        return np.setdiff1d(items, self.ids)

    def places(self, items: Longs) -> Longs:
        """Give the rows of items, all of which it knows."""
        return np.searchsorted(self.ids, items).astype(np.int64)

    def with_others(self, other: "Side") -> "Side":
        """Add items."""
        ids = np.concatenate([self.ids, other.ids])
        order = np.argsort(ids)
        return Side(ids[order], np.concatenate([self.rows, other.rows])[order], self.moment)


def side_of(
    connection: Connection, encoding: Encoding, scorer: Sided, items: Longs, moment: datetime
) -> Side:
    """Work items out as they are at a moment."""
    ids = np.unique(items)
    inputs = encode(connection, encoding, asked(None, "", moment, ids))
    return Side(ids, scorer.item_side(inputs.items)[inputs.item], moment)
