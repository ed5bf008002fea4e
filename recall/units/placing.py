"""A space of units that has learned: vectors, and places for new items by their attributes."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Numbers
from graph.products import product
from recall.spaces.trained import Placed, unit
from recall.units.bags import bags_of
from recall.units.tower import Tower, tower_of

Sides = Mapping[str, tuple[str, str]]
ARRAYS, MEANING = "arrays.npz", "units.json"


@dataclass(frozen=True)
class Units:
    """Vectors of nodes, and the tower that makes a vector of what an item is known by."""

    vectors: Mapping[str, Floats]
    tower: Tower
    firsts: Mapping[str, int]  # kind of edge -> the first id of its stretch
    sides: Sides
    mean: Floats  # where items are of which nothing is known # (dim,)
    liked: Edges | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)  # what else there is to save

    @property
    def described(self) -> Sides:
        """Nothing is described by features: attributes are neighbours."""
        return {}

    def score(self, persons: Numbers) -> Floats:
        """Score every item by its product with the person's place."""
        return Placed(self.vectors, self.liked).score(persons)

    def embed(
        self, kind: str, neighbours: Mapping[str, Edges], features: Edges | None = None
    ) -> Floats:
        """Place new items by their attributes, and new attributes among their items."""
        rows = max((len(edges.starts) - 1 for edges in neighbours.values()), default=1)
        if kind == "item":
            kinds = {name: edges for name, edges in neighbours.items() if name in self.firsts}
            return settled(self.tower.embed(bags_of(kinds, self.firsts, rows)), self.mean)
        places = np.zeros((rows, len(self.mean)), np.float32)
        for edges in neighbours.values():
            places += product(edges, self.vectors["item"])
        return settled(unit(places), self.mean)

    def save(self) -> dict[str, bytes]:
        """Give the tower, the vectors of items and what they mean as files."""
        vectors = {f"vector.{k}": v.astype(np.float16) for k, v in self.vectors.items()}
        arrays: dict[str, Any] = {**self.tower.arrays("item"), **vectors, "mean": self.mean}
        meaning = {"firsts": self.firsts, "sides": self.sides}
        return {ARRAYS: packed(arrays), MEANING: orjson.dumps(meaning), **self.files}


def load(files: Mapping[str, bytes]) -> Units:
    """Read what `save` gave."""
    meaning, arrays = orjson.loads(files[MEANING]), unpacked(files[ARRAYS])
    vectors = {k.partition(".")[2]: v for k, v in arrays.items() if k.startswith("vector.")}
    sides = {name: (source, target) for name, (source, target) in meaning["sides"].items()}
    tower = tower_of("item", arrays)
    return Units(vectors, tower, meaning["firsts"], sides, arrays["mean"])


def settled(places: Floats, mean: Floats) -> Floats:
    """Put what nothing is known of where its kind is."""
    return np.where(places.any(axis=1, keepdims=True), places, mean).astype(np.float32)


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write arrays as one file."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **dict(arrays))
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, Floats]:
    """Read what `packed` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: np.asarray(array, np.float32) for name, array in arrays.items()}
