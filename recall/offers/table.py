"""Items as rows of columns: whole filters, not only single tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from graph.catalog import Attribute, Catalog
from graph.graph import Numbers
from graph.meaning import Meaning
from graph.where import All, Either, Not, Test, Where, tests_in
from recall.offers.columns import (
    EVERY,
    Arrays,
    Column,
    Flags,
    Lists,
    Rows,
    Several,
    Values,
    Vocabulary,
    Words,
    marked_ids,
)

SPARSE = 4  # ids for each row; with more, rows are searched for


@dataclass(frozen=True)
class Table:
    """Items that are not removed, by their ids, and what may be asked of them."""

    catalog: Catalog
    ids: Numbers  # (rows,) rising
    columns: Mapping[str, Column]
    tags: Lists  # of each row: its tags and all that is broader
    places: Numbers | None = None  # (largest id + 2,) the row of each id, -1 at others and last

    def __len__(self) -> int:
        return len(self.ids)

    def knows(self, where: Where) -> bool:
        """Tell whether there is a column for each test."""
        return all(test.attribute in self.columns for test in tests_in(where))

    def rows_of(self, ids: Numbers) -> Numbers:
        """Give the rows of ids; -1 where there is none."""
        if not len(self):
            return np.full(len(ids), -1, np.int32)
        if self.places is not None:
            found: Numbers = self.places[np.minimum(ids, len(self.places) - 1)]
            return found
        at = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        return np.where(self.ids[at] == ids, at, -1).astype(np.int32)

    def holding(self, where: Where, meaning: Meaning, rows: Rows = EVERY) -> Flags:
        """Tell which rows a filter lets through; a test of what is missing does not hold."""
        match where:
            case Test():
                return self._holding(where, meaning, rows)
            case All(parts=parts):
                every = np.ones(len(self.ids[rows]), bool)
                return reduce(np.logical_and, self._all(parts, meaning, rows), every)
            case Either(parts=parts):
                none = np.zeros(len(self.ids[rows]), bool)
                return reduce(np.logical_or, self._all(parts, meaning, rows), none)
            case Not(part=part):
                return ~self.holding(part, meaning, rows)

    def _all(self, parts: tuple[Where, ...], meaning: Meaning, rows: Rows) -> list[Flags]:
        return [self.holding(part, meaning, rows) for part in parts]

    def _holding(self, test: Test, meaning: Meaning, rows: Rows) -> Flags:
        attribute = self.catalog.item[test.attribute]
        if test.verb == "under":
            ids = meaning.ids(test.value, getattr(attribute, "facet", None))
            return self.tags.holding(marked_ids(ids), rows)
        words: list[str] = []
        if attribute.type in ("tag", "keyword") and test.verb != "exists":
            words = [test.value] if test.verb == "eq" else list(test.value)
            words = meaning.words(words) if attribute.type == "tag" else words
        return self.columns[test.attribute].holding(test, rows, words)


def wanted(catalog: Catalog) -> dict[str, Attribute]:
    """Give the attributes that filters and the lifetime of items ask for."""
    lifetime = (catalog.lifetime.begins, catalog.lifetime.ends)
    return catalog.filters() | {name: catalog.item[name] for name in lifetime if name}


def table_in(catalog: Catalog, arrays: Arrays) -> Table:
    """Make a table of the arrays that reading gave."""
    columns = {name: _column(name, one, arrays) for name, one in wanted(catalog).items()}
    tags = Lists(arrays["weft.tags"], arrays["weft.starts"])
    ids = arrays["weft.ids"]
    return Table(catalog, ids, columns, tags, _places(ids))


def _places(ids: Numbers) -> Numbers | None:
    """Put rows where their ids are, unless most of that would be empty."""
    largest = int(ids.max(initial=0))
    if largest > SPARSE * len(ids):
        return None
    places = np.full(largest + 2, -1, np.int32)
    places[ids] = np.arange(len(ids), dtype=np.int32)
    return places


def _column(name: str, attribute: Attribute, arrays: Arrays) -> Column:
    def part(of: str) -> Any:
        return arrays[f"{name}.{of}"]

    if attribute.type not in ("tag", "keyword"):
        return Values(part("values"), part("there"))
    vocabulary = Vocabulary(part("text"), part("ends"))
    if attribute.many:
        return Several(vocabulary, Lists(part("codes"), part("starts")), part("there"))
    return Words(vocabulary, part("codes"))
