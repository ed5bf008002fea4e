"""A graph filter in closed form: nothing is trained, and most trained models fail to beat it.

Items are near when the same nodes touch both: persons who like them, tags and values they share.
The filter is that nearness plus its truncated spectrum (Shen et al. 2021, "How Powerful is Graph
Convolution for Recommendation?"), with powers of its own for the masses of nodes (Peng et al.
2024, "How Powerful is Graph Filtering for Recommendation").
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from graph.graph import Edges, Floats, Numbers, edges_of, turned
from graph.products import product, rows_of, two_hops
from graph.spectrum import spectrum
from nlp.compiled import Flags
from recall.floors import balanced
from recall.measures import first_of
from recall.similar.counting import Count, Lists
from recall.spaces.spec import SpaceOverEdges
from recall.spaces.touching import masses_of, stacked, themselves, touching_of
from recall.spaces.trained import Lesson, Trained

BATCH = 512
TINY = 1e-12


class Linear(SpaceOverEdges):
    """A normalised item-item filter and its truncated spectrum; seconds on a CPU."""

    tags_near_by: ClassVar[None] = None

    type: Literal["linear"]
    spectrum: int = Field(default=512, ge=1, description="waves of the spectrum that are kept")
    smooth: float = Field(default=0.12, ge=0, description="weight of the spectrum; nearness has 1")
    knowledge: float = Field(
        default=0.2, ge=0, description="weight of edges other than persons' likes; these have 1"
    )
    sharing: float = Field(
        default=0.75, ge=0, le=1, description="power of a node's mass that divides what it ties"
    )
    liked_power: float = Field(
        default=0.5, ge=0, le=1, description="power of an item's mass that divides what it gives"
    )
    scored_power: float = Field(
        default=0.4, ge=0, le=1, description="power of an item's mass that divides what it gets"
    )

    neighbours: int | None = Field(
        default=None, ge=1, le=10_000, description="nearest items that each item's list keeps"
    )

    def fit(self, lesson: Lesson) -> "Filter":
        """Make the filter."""
        return filter_of(self, lesson)

    def lists(self) -> bool:
        """Tell whether lists of the nearest items are kept."""
        return self.neighbours is not None

    def lister(self, trained: Trained, usable: Flags) -> Count:
        """Give what lists the nearest items of items."""
        assert isinstance(trained, Filter)
        assert self.neighbours
        return partial(trained.nearest, top=self.neighbours, usable=usable)


@dataclass(frozen=True)
class Filter:
    """Nearness as edges from items to what touches them and back, and waves that smooth it."""

    vectors: Mapping[str, Floats]
    liked: Edges | None  # person -> item
    back: Edges  # item -> whatever touches it
    forth: Edges  # whatever touches items -> item
    before: Floats  # (items, waves) of what is liked
    after: Floats  # (items, waves) of what is scored
    threads: int = 1

    def score(self, persons: Numbers) -> Floats:
        """Pass what persons like through the filter. # (persons, items)"""
        if self.liked is None:
            raise ValueError("no edges go from persons to items, so persons have no scores")
        return self.near(rows_of(self.liked, persons))

    def near(self, rows: Edges) -> Floats:
        """Pass rows of items through the filter. # (rows, items)"""
        scores = two_hops(rows, self.back, self.forth, len(self.before), self.threads)
        scores += product(rows, self.before, self.threads) @ self.after.T
        return scores

    def neighbours(self, top: int) -> Edges:
        """Give the nearest items of every item, and how near they are."""
        items = np.arange(len(self.before), dtype=np.int32)
        found, scores = self.nearest(items, top)
        rows, places = np.nonzero(found >= 0)
        sides = rows.astype(np.int32), found[rows, places], scores[rows, places]
        return edges_of("item", "item", *sides, len(items))

    def nearest(self, rows: Numbers, top: int, usable: Flags | None = None) -> Lists:
        """Find the nearest of some items, -1 where there are no more. # (rows, top)"""
        parts = [
            self._nearest(rows[n : n + BATCH], top, usable) for n in range(0, len(rows), BATCH)
        ]
        found, scores = (np.concatenate(side) for side in zip(*parts, strict=True))
        return found, scores

    def save(self) -> dict[str, bytes]:
        """Give what places a new person: the sum over what is liked."""
        file = io.BytesIO()
        np.save(file, self.before, allow_pickle=False)
        return {"before.npy": file.getvalue()}

    def _nearest(self, rows: Numbers, top: int, usable: Flags | None) -> Lists:
        """Find the nearest that may be listed; an item is no neighbour of itself."""
        own = rows_of(themselves(len(self.before)), rows)
        scores = self.near(own)
        if usable is not None:
            scores[:, ~usable] = 0
        places = np.arange(len(rows), dtype=np.int32)
        ranking = first_of(scores, own, places, top, self.threads)
        kept = np.take_along_axis(scores, ranking, 1)
        return np.where((ranking >= 0) & (kept > 0), ranking, -1).astype(np.int32), kept


def filter_of(options: Linear, lesson: Lesson) -> Filter:
    """Make the filter of some edges."""
    items = lesson.graph.size("item")
    touching = touching_of(lesson.graph, options.over)
    liked = next((edges for edges in touching if edges.source == "person"), None)
    back, forth = nearness(options, touching, liked or themselves(items), items)
    strengths, waves = waves_of(options, touching, lesson)
    root: Floats = np.sqrt(masses_of([liked] if liked else touching, items))[:, None]
    before, after = waves / root, waves * root
    strong = np.sqrt(strengths + np.float32(options.smooth))
    given, taken = (first_columns(side * strong, options.dim) for side in (before, after))
    vectors = {edges.source: product(edges, given) for edges in touching} | {"item": taken}
    smooth = np.float32(options.smooth)
    return Filter(vectors, liked, back, forth, smooth * before, after, lesson.threads)


def first_columns(vectors: Floats, dim: int) -> Floats:
    """Keep the first numbers; a graph with fewer waves than that is filled up with zeros."""
    kept = vectors[:, :dim]
    return np.pad(kept, ((0, 0), (0, dim - kept.shape[1])))


def nearness(
    options: Linear, touching: Sequence[Edges], asked: Edges, items: int
) -> tuple[Edges, Edges]:
    """Make edges from items to what touches them and on to items: as much comes out as goes in."""
    ups, downs, scales = [], [], []
    for edges in touching:
        share, powers = weighed(options, edges)
        up = balanced(edges, items, 0, powers[0])
        down = balanced(edges, items, *powers[1:])
        ups.append(up)
        downs.append(down)
        scales.append(share / handed_out(asked, turned(up, items), down, items))
    ones = [1.0] * len(ups)
    return turned(stacked(ups, ones, items), items), stacked(downs, scales, items)


def weighed(options: Linear, edges: Edges) -> tuple[float, tuple[float, float, float]]:
    """Give the weight of a kind and its powers: of items asked, of what ties, of items scored."""
    if edges.source == "person":
        return 1.0, (options.liked_power, options.sharing, options.scored_power)
    return options.knowledge, (0.5, 1.0, 0.5)


def handed_out(asked: Edges, back: Edges, forth: Edges, items: int) -> float:
    """Tell how much score comes out of two hops for each unit that goes in."""
    ones = np.ones((items, 1), np.float32)
    out = product(asked, product(back, product(forth, ones)))
    return max(float(out.sum() / max(asked.weights.sum(), TINY)), TINY)


def waves_of(options: Linear, touching: Sequence[Edges], lesson: Lesson) -> tuple[Floats, Floats]:
    """Give the strongest waves of all that is shared."""
    items = lesson.graph.size("item")
    even = [balanced(edges, items, 0.5, 0.5) for edges in touching]
    roots = [weighed(options, edges)[0] ** 0.5 for edges in touching]
    forth = stacked(even, roots, items)
    back = turned(forth, items)
    return spectrum(forth, back, options.spectrum, lesson.seed, lesson.threads)
