"""What is known of nodes, as bags of words: the values of their attributes, and their tags.

A person's scene, device and city are words; so are an item's brand, its city and each of its tags.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.graph import Edges, Floats, Numbers, edges_of
from recall.spaces.trained import Lesson, Samples

Words = Mapping[str, Sequence[str]]  # attribute -> its words
NO_WORDS: Words = {}


@dataclass(frozen=True)
class Bags:
    """The words of each node, and where the words of each attribute begin."""

    edges: Edges  # node -> word
    firsts: Mapping[str, int]  # attribute or `tag` -> number of its first word
    words: Words = field(default_factory=dict)  # of attributes; tags go by their numbers
    size: int = 0  # words in all

    def number(self, attribute: str, word: str) -> int | None:
        """Give the number of a word, if it was there when the towers learned."""
        if word not in self.words.get(attribute, ()):
            return None
        return self.firsts[attribute] + list(self.words[attribute]).index(word)


def items_of(lesson: Lesson, samples: Samples) -> Bags:
    """Give the words of items: values of attributes, and tags or the like."""
    return bags_of(
        lesson.graph.size("item"),
        samples.traits.get("item", {}),
        samples.trait_words.get("item", NO_WORDS),
        lesson.features.get("item"),
        tags_in(lesson),
    )


def persons_of(lesson: Lesson, samples: Samples) -> Bags:
    """Give the words of persons: values of attributes."""
    return bags_of(
        len(samples.deeds.starts) - 1,
        samples.traits.get("person", {}),
        samples.trait_words.get("person", NO_WORDS),
    )


def tags_in(lesson: Lesson) -> int:
    """Tell how many nodes there are of the kind that describes items."""
    features = lesson.features.get("item")
    return 0 if features is None else lesson.graph.size(features.target)


def bags_of(
    nodes: int,
    traits: Mapping[str, Numbers],
    words: Words,
    tags: Edges | None = None,
    most: int = 0,
) -> Bags:
    """Number all words through, attribute after attribute, tags last."""
    sizes = {name: len(words[name]) for name in traits}
    firsts = dict(zip(sizes, np.cumsum([0, *sizes.values()])[:-1].tolist(), strict=True))
    total = sum(sizes.values())
    parts = [_traits(values, firsts[name]) for name, values in traits.items()]
    if tags is not None:
        firsts["tag"] = total
        parts.append((tags.sources(), tags.targets + np.int32(total), shares_of(tags)))
        total += most
    return Bags(joined(parts, nodes), firsts, {name: tuple(words[name]) for name in traits}, total)


def shares_of(edges: Edges) -> Floats:
    """Give weights such that the squares of each row sum to one, so that no bag is the louder."""
    squares = np.bincount(edges.sources(), edges.weights**2, len(edges.starts) - 1)
    return np.asarray(edges.weights / np.sqrt(squares)[edges.sources()], np.float32)


def joined(parts: Iterable[tuple[Numbers, Numbers, Floats]], nodes: int) -> Edges:
    """Put the words of several kinds into one bag a node."""
    none = (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    sources, targets, weights = (np.concatenate(s) for s in zip(none, *parts, strict=True))
    return edges_of("node", "word", sources, targets, weights, nodes)


def _traits(values: Numbers, first: int) -> tuple[Numbers, Numbers, Floats]:
    known = np.flatnonzero(values >= 0).astype(np.int32)
    return known, values[known] + np.int32(first), np.ones(len(known), np.float32)
