"""Vectors in memory: a byte a number to look through, in cells of what lies together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from recall.planning.kernels import best_of_cells, best_of_rows

SAMPLE, ROUNDS = 40, 6  # of k-means: points for each cell, and how often centres move
MOST = 2_048  # cells
PART = 0.02  # of all rows: the nearest ones, that are looked through at least
BLOCK = 16_384
FEWEST = 4_096  # rows that are worth cells
_serials = count()


@dataclass(frozen=True)
class Codes:
    """Rows in the order of their cells."""

    ids: Numbers  # (rows,) of nodes
    places: Numbers  # (rows,) rows in the order of their ids
    codes: NDArray[np.int8]  # (rows, dim)
    scales: Floats  # (rows,) what a code has to be multiplied by
    vectors: NDArray[np.float16]  # (rows, dim) as the database has them
    centres: Floats  # (cells, dim)
    starts: NDArray[np.int64]  # (cells + 1,)
    every: "Some"
    nobody: NDArray[np.uint8]  # (rows,) zeros
    newest: int  # the largest id; 0 where there are no rows
    serial: int  # another one for each filling

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def size(self) -> int:
        """Tell how many bytes it takes."""
        arrays = (self.codes, self.vectors, self.ids, self.places, self.scales, self.nobody)
        return self.every.size + sum(array.nbytes for array in arrays)

    def rows_of(self, ids: Numbers) -> Numbers:
        """Give the rows of nodes, in rising order; those without a vector have none."""
        if not len(self) or not len(ids):
            return np.zeros(0, np.int32)
        at = np.searchsorted(self.ids, ids, sorter=self.places)
        rows = self.places[np.minimum(at, len(self) - 1)]
        return np.unique(rows[self.ids[rows] == ids])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give the arrays that it is made of."""
        names = ("ids", "places", "codes", "scales", "vectors", "centres", "starts")
        return {name: getattr(self, name) for name in names}

    def some(self, rows: Numbers) -> "Some":
        """Tell where in the cells rows lie, which rise."""
        return Some(rows, np.searchsorted(rows, self.starts).astype(np.int64))

    def marked(self, rows: Numbers) -> NDArray[np.uint8]:
        """Mark rows among all."""
        if not len(rows):
            return self.nobody
        marks = np.zeros(len(self), np.uint8)
        marks[rows] = 1
        return marks

    def among(self, search: Floats, rows: Numbers, top: int) -> Numbers:
        """Give the best of some rows, in no order."""
        return best_of_rows(self.codes, self.scales, search, rows, top)[1]

    def near(
        self,
        search: Floats,
        allowed: "Some",
        skipped: NDArray[np.uint8],
        enough: int,
        share: float,
        top: int,
    ) -> Numbers:
        """Give the best rows of what is allowed in the nearest cells, in no order."""
        cells = np.argsort(-(self.centres @ search))
        ordered = (self.codes, self.scales, search, self.starts, cells)
        least = int(PART * len(self))
        enough = max(enough, int(least * math.sqrt(share)))
        some = (allowed.rows, allowed.bounds, skipped)
        return best_of_cells(*ordered, *some, enough, least, share, top)[1]

    def scores(self, search: Floats, rows: Numbers) -> Floats:
        """Measure some rows as the database would."""
        scores: Floats = self.vectors[rows].astype(np.float32) @ search
        return scores


@dataclass(frozen=True)
class Some:
    """Some of the rows, in rising order, and where each cell's begin among them."""

    rows: Numbers
    bounds: NDArray[np.int64]  # (cells + 1,)

    @property
    def size(self) -> int:
        """Tell how many bytes it takes."""
        return self.rows.nbytes + self.bounds.nbytes


def codes_in(arrays: Mapping[str, NDArray[Any]]) -> Codes:
    """Give codes of the arrays that they were made of, such as mapped ones."""
    rows, starts = len(arrays["ids"]), arrays["starts"]
    every, nobody = Some(np.arange(rows, dtype=np.int32), starts), np.zeros(rows, np.uint8)
    newest = int(arrays["ids"].max(initial=0))
    return Codes(**arrays, every=every, nobody=nobody, newest=newest, serial=next(_serials))


def make_codes(ids: Numbers, vectors: NDArray[np.float16], seed: int = 0) -> Codes:
    """Round vectors to bytes and sort them into cells."""
    centres = _centres(vectors, seed)
    cells = _nearest(vectors, centres)
    order = np.argsort(cells, kind="stable")
    starts = np.zeros(len(centres) + 1, np.int64)
    np.cumsum(np.bincount(cells, minlength=len(centres)), out=starts[1:])
    ids, vectors = ids[order], vectors[order]
    codes, scales = _rounded(vectors)
    return codes_in(
        {
            "ids": ids,
            "places": np.argsort(ids, kind="stable").astype(np.int32),
            "codes": codes,
            "scales": scales,
            "vectors": vectors,
            "centres": centres,
            "starts": starts,
        }
    )


def _rounded(vectors: NDArray[np.float16]) -> tuple[NDArray[np.int8], Floats]:
    codes, scales = np.empty(vectors.shape, np.int8), np.empty(len(vectors), np.float32)
    for part in _blocks(len(vectors)):
        some = vectors[part].astype(np.float32)
        scales[part] = np.abs(some).max(1, initial=0) / 127
        codes[part] = np.rint(some / np.maximum(scales[part], 1e-12)[:, None])
    return codes, scales


def _centres(vectors: NDArray[np.float16], seed: int) -> Floats:
    """Find centres by k-means on a sample (Lloyd 1982)."""
    if len(vectors) < FEWEST:
        return np.zeros((1, vectors.shape[1]), np.float32)
    cells = min(MOST, int(np.sqrt(len(vectors))))
    chance = np.random.default_rng(seed)
    sample = chance.choice(len(vectors), min(len(vectors), SAMPLE * cells), replace=False)
    points = vectors[np.sort(sample)].astype(np.float32)
    centres = points[chance.choice(len(points), cells, replace=False)]
    for _ in range(ROUNDS):
        of = _nearest(points, centres)
        kept, first = np.unique(np.sort(of), return_index=True)
        sums = np.add.reduceat(points[np.argsort(of, kind="stable")], first)
        centres[kept] = sums / np.bincount(of)[kept, None]
    return centres


def _nearest(vectors: NDArray[np.floating], centres: Floats) -> NDArray[np.int64]:
    """Give the nearest centre of each vector, by distance."""
    cells = np.zeros(len(vectors), np.int64)
    halves = (centres**2).sum(1) / 2
    for part in _blocks(len(vectors)):
        cells[part] = np.argmax(vectors[part].astype(np.float32) @ centres.T - halves, 1)
    return cells


def _blocks(rows: int) -> Sequence[slice]:
    return [slice(start, start + BLOCK) for start in range(0, rows, BLOCK)]
