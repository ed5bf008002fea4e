"""Small worlds whose right answers are obvious."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Graph, edges_of
from recall.spaces.trained import Deeds, Lesson, Samples, Sessions


def liked_of(pairs: list[tuple[int, int]], persons: int) -> Edges:
    sources, targets = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return edges_of("person", "item", sources, targets, np.ones(len(pairs), np.float32), persons)


def world_of(
    liked: Edges,
    persons: int,
    items: int,
    words: tuple[str, str] = ("black", "white"),
    **more: Edges,
) -> Lesson:
    nodes = {
        "person": np.arange(1, persons + 1, dtype=np.int32),
        "item": np.arange(1, items + 1, dtype=np.int32),
    }
    sessions = Sessions(liked.starts, liked.targets, liked.weights)
    titles = [[f"{words[bool(side)]} thing"] for side in sides_of(items, more)]
    graph = Graph(nodes, {"liked": liked, **more})
    samples = samples_of(liked, items)
    return Lesson(graph, sessions, samples=samples, texts={"item": titles}, seed=7)


def sides_of(items: int, more: dict[str, Edges]) -> list[bool]:
    """Tell which half each item is of: in the world with ties the second, else the odd ones."""
    return [n >= items // 2 if more else n % 2 == 1 for n in range(items)]


def samples_of(liked: Edges, items: int) -> Samples:
    """Let everybody like what they like in an order of chance, one thing a minute."""
    order = np.lexsort((np.random.default_rng(3).random(len(liked)), liked.sources()))
    targets, nowhere = liked.targets[order], np.full(len(liked), -1, np.int32)
    times = np.arange(len(liked), dtype=np.float64) * 60
    deeds = Deeds(liked.starts, targets, times, np.ones(len(liked), np.float32), nowhere)
    return Samples(deeds, np.bincount(targets, minlength=items).astype(np.float32))


def checkerboard(size: int = 40) -> Lesson:
    """Persons like items of their own colour; each has one such item left out: its own number."""
    pairs = [(p, i) for p in range(size) for i in range(size) if (p + i) % 2 == 0 and p != i]
    return world_of(liked_of(pairs, size), size, size)


def two_cliques(size: int = 20) -> Lesson:
    """Two groups of items tied all to all, with one tie between the groups, and their persons."""
    groups = [range(size), range(size, 2 * size)]
    pairs = [(p, i) for group in groups for p in group for i in group if (p * 7 + i * 3) % 5]
    ties = [(a, b) for group in groups for a in group for b in group if a != b]
    ties += [(size - 1, size), (size, size - 1)]
    sources, targets = (np.array(side, np.int32) for side in zip(*ties, strict=True))
    weights = np.ones(len(ties), np.float32)
    together = edges_of("item", "item", sources, targets, weights, 2 * size)
    liked, words = liked_of(pairs, 2 * size), ("wool", "porcelain")
    return world_of(liked, 2 * size, 2 * size, words, together=together)


GROUPS, ITEMS_IN_GROUP = 4, 8


def bazaar(persons: int = 60, deeds: int = 8) -> Lesson:
    """People of the north like groups 0 and 2, of the south 1 and 3; luxury has only 2 and 3.

    Each group has a tag of its own.
    """
    draws = np.random.default_rng(5)
    owners = np.repeat(np.arange(persons, dtype=np.int32), deeds)
    cities = np.arange(persons, dtype=np.int32) % 2
    scenes = draws.integers(0, 2, len(owners)).astype(np.int32)
    groups = cities[owners] + 2 * scenes
    items = (groups * ITEMS_IN_GROUP + draws.integers(0, ITEMS_IN_GROUP, len(owners))).astype(
        np.int32
    )
    size = GROUPS * ITEMS_IN_GROUP
    starts = np.arange(persons + 1, dtype=np.int64) * deeds
    weights = draws.choice([1.0, 3.0], len(owners)).astype(np.float32)
    times = np.arange(len(owners), dtype=np.float64)
    done = Deeds(starts, items, times, weights, scenes, ("home", "luxury"))
    traits = {"person": {"city": cities}}
    words = {"person": {"city": ("north", "south")}}
    shown = np.bincount(items, minlength=size).astype(np.float32)
    pairs = np.unique(np.stack((owners, items)), axis=1)
    liked = liked_of([(int(p), int(i)) for p, i in pairs.T], persons)
    every = np.arange(size, dtype=np.int32)
    ones = np.ones(size, np.float32)
    tagged = edges_of("item", "tag", every, every // ITEMS_IN_GROUP, ones, size)
    lesson = world_of(liked, persons, size, tagged=tagged)
    nodes = {**lesson.graph.nodes, "tag": np.arange(1, GROUPS + 1, dtype=np.int32)}
    samples = Samples(done, shown, traits=traits, trait_words=words)
    graph = Graph(nodes, lesson.graph.edges)
    return replace(lesson, graph=graph, features={"item": tagged}, samples=samples)


KINDS_OF_DRESS, PIECES, WORN = 8, 6, (6, 3, 2)


def wardrobe(persons: int = 160) -> tuple[Lesson, NDArray[np.int64]]:
    """Everybody likes pieces of three kinds, mixed up: much of one, less of the others.

    With it come the kinds that each person likes, the most liked first.
    """
    draws = np.random.default_rng(0)
    mine = np.array([draws.permutation(KINDS_OF_DRESS)[: len(WORN)] for _ in range(persons)])
    kinds = draws.permuted(np.repeat(mine, WORN, axis=1), axis=1)
    items = (kinds * PIECES + draws.integers(0, PIECES, kinds.shape)).astype(np.int32).ravel()
    size, each = KINDS_OF_DRESS * PIECES, sum(WORN)
    starts = np.arange(persons + 1, dtype=np.int64) * each
    nowhere, ones = np.full(len(items), -1, np.int32), np.ones(len(items), np.float32)
    done = Deeds(starts, items, np.arange(len(items), dtype=np.float64), ones, nowhere)
    owners = np.repeat(np.arange(persons), each)
    pairs = np.unique(np.stack((owners, items)), axis=1)
    lesson = world_of(liked_of([(int(p), int(i)) for p, i in pairs.T], persons), persons, size)
    shown = np.bincount(items, minlength=size).astype(np.float32)
    return replace(lesson, samples=Samples(done, shown)), mine
