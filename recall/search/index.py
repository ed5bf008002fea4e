"""BM25F over arrays: what is written of items becomes an inverted list (Robertson et al. 2004)."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers

ITEMS = 2**31  # a key is the number of the term times this, plus that of the item
Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Field:
    """One part of what is written of items: the terms of each, read once, and their weight."""

    terms: Iterable[Sequence[str]]  # item by item
    weight: float = 1.0


@dataclass(frozen=True)
class Shape:
    """How fast more of the same counts less, and how much long texts are held against items."""

    k1: float = 1.2
    b: float = 0.75


@dataclass(frozen=True)
class Index:
    """Postings of all terms end to end; term `n` has those of `starts[n]:starts[n + 1]`."""

    terms: Mapping[str, int]
    starts: Keys
    items: Numbers  # (postings,) numbers of items
    shares: Floats  # (postings,) how much of the term's worth each item gets, below 1
    worth: Floats  # (terms,) how telling each is (IDF)
    means: tuple[float, ...] = ()  # how many terms each field has that has any


@dataclass(frozen=True)
class Scale:
    """What items that come later are measured by: how many there were, how long fields were."""

    size: int
    means: tuple[float, ...]


def index_of(fields: Iterable[Field], size: int, shape: Shape, scale: Scale | None = None) -> Index:
    """Index so many items by all their fields, measured by themselves or by those before them."""
    known: dict[str, int] = {}
    means = scale.means if scale else ()
    measured = zip(fields, means, strict=True) if scale else ((field, None) for field in fields)
    parts = [_weighed(field, known, size, shape, mean) for field, mean in measured]
    keys = np.concatenate([np.zeros(0, np.int64), *(part[0] for part in parts)])
    masses = np.concatenate([np.zeros(0), *(part[1] for part in parts)])
    unique, places = np.unique(keys, return_inverse=True)  # by term, then by item
    mass = np.bincount(places, masses, len(unique))
    numbers, items = np.divmod(unique, ITEMS)
    starts = np.searchsorted(numbers, np.arange(len(known) + 1))
    shares = (mass / (mass + shape.k1)).astype(np.float32)
    counts, whole = np.diff(starts), scale.size if scale else size
    own = tuple(part[2] for part in parts)
    return Index(known, starts, items.astype(np.int32), shares, worth(counts, whole), own)


def worth(counts: Keys, size: int) -> Floats:
    """Tell how telling terms are that so many items hold: Lucene's IDF, never below nothing."""
    return np.asarray(np.log1p((size - counts + 0.5) / (counts + 0.5)), np.float32)


def _weighed(
    field: Field, known: dict[str, int], size: int, shape: Shape, mean: float | None
) -> tuple[Keys, NDArray[np.float64], float]:
    """Count terms; in long texts, against the mean, each counts less."""
    keys, counts = array("q"), array("q")
    lengths, sizes = np.zeros(size), np.zeros(size, np.int64)
    for item, terms in enumerate(field.terms):
        times = Counter(terms)
        keys.extend(known.setdefault(term, len(known)) * ITEMS + item for term in times)
        counts.extend(times.values())
        lengths[item], sizes[item] = len(terms), len(times)
    if mean is None:
        mean = float(lengths[lengths > 0].mean()) if lengths.any() else 1.0
    norms = np.repeat(1 - shape.b + shape.b * lengths / mean, sizes)
    return np.array(keys, np.int64), field.weight * np.array(counts, np.float64) / norms, mean
