"""The online side of a tower: a history becomes vectors to search by, without torch."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import orjson

from graph.graph import Edges, Floats, Numbers
from recall.candidates import History
from recall.spaces.trained import unit
from recall.towers.forward import ENCODERS, finished, tags_of, tokens_of
from recall.towers.interests import interests
from recall.towers.journeys import TAGS, facts_of
from recall.towers.knowledge import Bags
from recall.towers.placed import ARRAYS, MEANING, Arrays

SCENE, PERSON = "scene", "person."


@dataclass(frozen=True)
class TowerAsker:
    """A person tower that has learned; words are those of a question: `scene`, `person.city`."""

    arrays: Arrays
    ids: Numbers  # (items,) in rising order
    items: Floats  # (items, dim)
    tags: Edges | None  # item -> tag
    persons: Bags
    encoder: str
    heads: int
    length: int
    unit: bool

    def ask(self, history: History, words: Mapping[str, str]) -> Floats:
        """Give the vectors to search by; none where nothing is known. # (searches, dim)"""
        numbers, weights = self._deeds(history)
        told = self._words(words)
        if not len(numbers) and not told:
            return np.zeros((0, self.items.shape[1]), np.float32)
        last = numbers[-self.length :], weights[-self.length :]
        tokens = tokens_of(self.arrays, self.items[last[0]], last[1])
        x = ENCODERS[self.encoder](self.arrays, tokens, self.heads)
        x = x + self._interests(x, numbers, weights)
        x = finished(self.arrays, x, self._known(last, len(np.unique(numbers)), told))
        return unit(x) if self.unit else x

    def _deeds(self, history: History) -> tuple[Numbers, Floats]:
        """Give known items and their weights, the oldest first."""
        ids = history.items[::-1]
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1).astype(np.int32)
        known = self.ids[places] == ids
        return places[known], history.weights[::-1][known]

    def _words(self, words: Mapping[str, str]) -> list[int]:
        known = {name.removeprefix(PERSON): word for name, word in words.items() if _named(name)}
        found = (self.persons.number(attribute, word) for attribute, word in known.items())
        return [number for number in found if number is not None]

    def _interests(self, x: Floats, numbers: Numbers, weights: Floats) -> Floats:
        if self.tags is None or not len(numbers):
            return np.zeros_like(x)
        starts, most = np.array([0, len(numbers)]), len(self.arrays["tags"])
        found, shares = interests(starts, numbers, weights, self.tags, most, TAGS)
        some = found[-1] >= 0
        if not some.any():
            return np.zeros_like(x)
        return tags_of(self.arrays, x, self.arrays["tags"][found[-1][some]], shares[-1][some])

    def _known(self, last: tuple[Numbers, Floats], distinct: int, told: list[int]) -> Floats:
        counts = np.array([len(last[0])])
        totals = np.array([[last[1].sum(), min(distinct, len(last[0]))]], np.float64)
        facts = facts_of(counts, totals) @ self.arrays["facts.weight"].T
        return np.asarray(facts + self.arrays["persons"][told].sum(0), np.float32)


def _named(name: str) -> bool:
    """Tell whether a dimension is the scene's or a person's."""
    return name == SCENE or name.startswith(PERSON)


def load_asker(files: Mapping[str, bytes]) -> TowerAsker:
    """Read what `save` gave."""
    meaning = orjson.loads(files[MEANING])
    with np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False) as stored:
        arrays = dict(stored)
    tags = None
    if "tags" in arrays:
        parts = (arrays.pop(f"tagged.{part}") for part in ("starts", "targets", "weights"))
        tags = Edges("item", "tag", *parts)
    ids, items = arrays.pop("ids"), arrays.pop("items").astype(np.float32)
    words = {name: tuple(some) for name, some in meaning["words"].items()}
    none = Edges(
        "person", "word", np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)
    )
    bags = Bags(none, meaning["firsts"], words, len(arrays["persons"]))
    told = {name: meaning[name] for name in ("encoder", "heads", "length", "unit")}
    return TowerAsker(arrays, ids, items, tags, bags, **told)
