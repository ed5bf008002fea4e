"""What is searched, and how a search may be done."""

from dataclasses import dataclass, field
from enum import StrEnum

from graph.catalog import Catalog


@dataclass(frozen=True)
class Store:
    """The vectors that one space has of one kind of node."""

    artifact: int
    dim: int
    catalog: Catalog = field(hash=False)
    kind: str = "item"
    by: str | None = None  # the attribute whose values have an index each


class Strategy(StrEnum):
    """Ways to the nearest."""

    EXACT = "exact"  # the database measures every row that matches
    SHORTLIST = "shortlist"  # every matching row is scored in memory, the best in the database
    CELLS = "cells"  # so are matching rows of the nearest cells
    HNSW = "hnsw"  # the index, going on until enough rows match
    CATEGORY = "category"  # the index of one category
