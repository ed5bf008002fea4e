"""What every space has to beat: what most people like, and items that the same people like."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from graph.graph import Edges, Floats, Numbers, turned
from graph.products import rows_of, two_hops


@dataclass(frozen=True)
class Popular:
    """Everybody gets what most people like."""

    masses: Floats  # (items,)

    @property
    def vectors(self) -> Mapping[str, Floats]:
        """Give no vectors: popularity has no places."""
        return {}

    def score(self, persons: Numbers) -> Floats:
        """Score every item by its popularity. # (persons, items)"""
        return np.broadcast_to(self.masses, (len(persons), len(self.masses))).copy()

    def save(self) -> dict[str, bytes]:
        """Give no files: there is nothing to embed new nodes by."""
        return {}


@dataclass(frozen=True)
class ItemCF:
    """Items are near when the same persons like them, and those persons like little else."""

    liked: Edges  # person -> item, as it is
    back: Edges  # item -> person, weighted
    forth: Edges  # person -> item, weighted
    items: int
    threads: int = 1

    @property
    def vectors(self) -> Mapping[str, Floats]:
        """Give no vectors: nearness is counted pair by pair."""
        return {}

    def score(self, persons: Numbers) -> Floats:
        """Score every item by its nearness to what the person likes. # (persons, items)"""
        rows = rows_of(self.liked, persons)
        return two_hops(rows, self.back, self.forth, self.items, self.threads)

    def save(self) -> dict[str, bytes]:
        """Give no files: there is nothing to embed new nodes by."""
        return {}


def popular(liked: Edges, items: int) -> Popular:
    """Count how much each item is liked."""
    return Popular(np.bincount(liked.targets, liked.weights, items).astype(np.float32))


def item_cf(liked: Edges, items: int, threads: int = 1) -> ItemCF:
    """Prepare nearness: cosine of items, each person's share shrinking with what they like."""
    forth = balanced(liked, items, 0.5, 0.5)
    return ItemCF(liked, turned(forth, items), forth, items, threads)


def balanced(edges: Edges, targets: int, by_source: float, by_target: float) -> Edges:
    """Divide weights by powers of the masses of both ends."""
    masses = np.bincount(edges.targets, edges.weights, targets)
    sources = edges.sources()
    own = np.bincount(sources, edges.weights, len(edges.starts) - 1)
    both = own[sources] ** by_source * masses[edges.targets] ** by_target
    return replace(edges, weights=(edges.weights / both).astype(np.float32))
