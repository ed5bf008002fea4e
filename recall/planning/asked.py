"""A search as it is asked, and what comes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from graph.where import Test, Where, both
from recall.planning.store import Store


@dataclass(frozen=True)
class Per:
    """At most a quota for each value of an attribute."""

    attribute: str
    quota: int
    values: tuple[str, ...] = ()  # the ones that are wanted; none: those that are most common


@dataclass(frozen=True)
class Asked:
    """Vectors to search by, and what limits the answer."""

    store: Store
    searches: Floats  # (searches, dim)
    k: int
    where: Where
    moment: datetime
    per: Per | None = None
    leave_out: tuple[int, ...] = ()

    @property
    def each(self) -> int:
        """Tell how many are wanted of each value, or in all."""
        return self.per.quota if self.per else self.k

    @property
    def attribute(self) -> str | None:
        """Name the attribute that has quotas."""
        return self.per.attribute if self.per else None

    def numbers(self) -> range:
        """Number the searches from 1, as PostgreSQL does."""
        return range(1, len(self.searches) + 1)

    def parts(self) -> list[Where]:
        """Give the filter, once for each value."""
        if self.per is None:
            return [self.where]
        per = self.per
        return [both(self.where, Test(per.attribute, "eq", value)) for value in per.values]

    def values(self) -> dict[str, Any]:
        """Give what every statement needs."""
        searches = ",".join(f'"{vector}"' for vector in self.searches.tolist())
        left_out = listed(self.leave_out)
        return {"searches": f"{{{searches}}}", "moment": self.moment, "left_out": left_out}


@dataclass(frozen=True)
class Rows:
    """What the database decided and measured."""

    searches: NDArray[np.int64]  # (rows,) number of the search, from 1
    ids: Numbers  # (rows,)
    scores: NDArray[np.float64]  # (rows,)
    values: Sequence[str | None] = ()  # (rows,) of the attribute that has quotas, if one has

    def __len__(self) -> int:
        return len(self.ids)

    def without(self, ids: Numbers) -> "Rows":
        """Leave some ids out."""
        if not len(ids):
            return self
        kept = ~np.isin(self.ids, ids)
        return Rows(self.searches[kept], self.ids[kept], self.scores[kept])


@dataclass(frozen=True)
class Near:
    """The nearest, the best first, and how they were found."""

    ids: Numbers  # (found,)
    scores: NDArray[np.float64]  # (found,) inner products
    told: Mapping[str, Any] = field(default_factory=dict)


def rows_of(found: Sequence[Any]) -> Rows:
    """Put rows of the database into arrays."""
    if not found:
        return Rows(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0))
    searches, ids, distances, values = zip(*found, strict=True)
    scores = -np.array(distances, np.float64)
    return Rows(np.array(searches), np.array(ids, np.int32), scores, values)


def joined(*parts: Rows) -> Rows:
    """Put rows one behind the other."""
    if len(parts) == 1:
        return parts[0]
    values = tuple(value for part in parts for value in part.values)
    return Rows(
        np.concatenate([part.searches for part in parts]),
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.scores for part in parts]),
        values,
    )


def best_of(rows: Rows, asked: Asked, told: Mapping[str, Any]) -> Near:
    """Keep the best score of each node, then the best nodes within the quotas."""
    if not len(rows):
        return Near(rows.ids, rows.scores, {**told, "matched": 0})
    order = np.lexsort((rows.ids, -rows.scores))
    order = order[_firsts(rows.ids[order])]  # what has changed may come from memory, too
    if asked.per is not None:
        order = order[_within(np.array(rows.values, object)[order], asked.per)]
    order = order[: asked.k]
    return Near(rows.ids[order], rows.scores[order], {**told, "matched": len(order)})


def _firsts(ids: Numbers) -> NDArray[np.int64]:
    """Give the places where ids come first."""
    return np.sort(np.unique(ids, return_index=True)[1])


def listed(numbers: Iterable[int]) -> str:
    """Write a list of numbers as PostgreSQL reads it."""
    return f"{{{','.join(map(str, numbers))}}}"


def _within(values: NDArray[np.object_], per: Per) -> NDArray[np.bool_]:
    """Mark the first rows of each value."""
    kept, counts = np.zeros(len(values), bool), dict.fromkeys(per.values, 0)
    for place, value in enumerate(values):
        if value in counts and counts[value] < per.quota:
            counts[value] += 1
            kept[place] = True
    return kept
