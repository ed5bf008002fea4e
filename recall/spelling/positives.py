"""Texts and the items that they are right for: relations, and stretches of titles."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers, turned
from nlp.compiled import Flags
from nlp.normal import normal
from nlp.terms import unspaced
from weft.errors import BuildError

_WORD = re.compile(r"[^\W_]+(?:[-.'][^\W_]+)*")
LONGEST = 3  # words of a stretch
DAMPED = 0.5  # a text that is right for many items is drawn by this power of how many


@dataclass(frozen=True)
class Relations:
    """Texts and items that belong together, with the chance of each pair."""

    texts: Sequence[str]
    items: Numbers
    chances: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Drawn:
    """Some texts, each with an item."""

    texts: Sequence[str]
    items: Numbers


class Positives:
    """Draws texts with items that they are right for."""

    def __init__(
        self, relations: Relations, titles: Sequence[str], share: float, seed: int
    ) -> None:
        self.relations, self.share = relations, share
        self.titles = [normal(title) for title in titles]
        self.random = np.random.default_rng(seed)
        self.titled = np.array([n for n, t in enumerate(self.titles) if _WORD.search(t)], np.int32)

    def __bool__(self) -> bool:
        return bool(len(self.relations) or (self.share and len(self.titled)))

    @cached_property
    def chances(self) -> Floats:
        """Give the share of items among what is right for relations' texts. # (items,)"""
        relations = self.relations
        counts = np.bincount(relations.items, relations.chances, len(self.titles))
        return np.asarray(counts, np.float32)

    def draw(self, size: int) -> tuple[Drawn, Floats]:
        """Draw pairs, and tell how often each item was to be expected. # (items,)"""
        told = self.share if len(self.relations) else 1.0
        stretches = round(size * told) if len(self.titled) else 0
        items = self.random.choice(self.titled, stretches) if stretches else self.titled[:0]
        texts = [self._stretch(self.titles[item]) for item in items.tolist()]
        cumulated = self._cumulated
        places = np.searchsorted(cumulated, self.random.random(size - stretches) * cumulated[-1:])
        places = np.minimum(places, len(self.relations) - 1)
        texts += [self.relations.texts[place] for place in places.tolist()]
        expected = (size - stretches) * self.chances + stretches / max(len(self.titled), 1)
        whole = np.concatenate((items, self.relations.items[places]))
        return Drawn(texts, whole.astype(np.int32)), expected.astype(np.float32)

    def right(self, drawn: Drawn, items: Numbers) -> Flags:
        """Mark items that a text is written in the title of. # (texts, items)"""
        titles = [self.titles[item] for item in items.tolist()]
        forms = [normal(text) for text in drawn.texts]
        return np.array([[form in title for title in titles] for form in forms], np.bool_)

    @cached_property
    def _cumulated(self) -> NDArray[np.float64]:
        return np.cumsum(self.relations.chances)

    def _stretch(self, title: str) -> str:
        """Draw words that stand side by side, or characters of a script without blanks."""
        words = [match.span() for match in _WORD.finditer(title)]
        first = int(self.random.integers(len(words)))
        start, end = words[first]
        if unspaced(title[start]):
            begin = int(self.random.integers(start, max(start + 1, end - 1)))
            return title[begin : begin + int(self.random.integers(2, 5))].strip()
        last = min(len(words) - 1, first + int(self.random.integers(LONGEST)))
        return title[start : words[last][1]]


def relations_of(
    graph: Graph, over: Sequence[str], texts: Mapping[str, Sequence[Sequence[str]]]
) -> Relations:
    """Give the texts of nodes that edges tie to items; each kind of edge counts for as much."""
    names: list[str] = []
    items, chances = [np.zeros(0, np.int32)], [np.zeros(0)]
    for name in over:
        edges = _to_items(name, graph.walked(name), graph)
        called = texts.get(edges.source, ())
        sources = edges.sources()
        counts = np.array([len(several) for several in called], np.int64)[sources]
        owners = np.repeat(np.arange(len(edges)), counts)
        mass = np.bincount(sources, edges.weights, len(called))[sources]
        chance = (edges.weights / np.maximum(mass, 1e-9) ** DAMPED / np.maximum(counts, 1))[owners]
        names += [text for source in sources.tolist() for text in called[source]]
        items.append(edges.targets[owners])
        chances.append(chance / max(chance.sum(), 1e-9))
    whole = np.concatenate(chances)
    return Relations(names, np.concatenate(items), whole / max(whole.sum(), 1e-9))


def _to_items(name: str, edges: Edges, graph: Graph) -> Edges:
    if edges.source == "item":
        edges = turned(edges, graph.size(edges.target))
    if edges.target != "item" or edges.source not in ("keyword", "tag"):
        wrong = f"{edges.source}s and {edges.target}s"
        raise BuildError(f"fits: '{name}' ties {wrong}; keywords or tags and items are needed")
    return edges
