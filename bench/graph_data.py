"""Graphs of published tables, read from their files; the format is known by the files alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers, edges_of

Pairs = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Likes:
    """Who liked what, and what of it was held back; perhaps with knowledge of the items."""

    graph: Graph
    wanted: Edges  # person -> item, the test
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True)
class Links:
    """Items tied by several kinds of edge, and pairs to judge of each kind."""

    graph: Graph
    judged: Mapping[str, tuple[Numbers, Numbers, Floats]]  # kind -> sources, targets, linked


def read(folder: Path) -> Likes | Links:
    """Read a folder: lines of `person item item …`, or of `kind a b`, with 0 or 1 in the test."""
    lines = (folder / "test.txt").read_text(encoding="utf-8").splitlines()
    typed = [line.split() for line in lines if line.strip()]
    if all(len(words) == 4 and words[3] in "01" for words in typed):
        return read_links(folder)
    return read_likes(folder)


def read_likes(folder: Path) -> Likes:
    """Read `person item item …` of train and test, and item × value matrices beside them."""
    train, test = (_pairs(folder / f"{part}.txt") for part in ("train", "test"))
    known = {path.stem: _matrix(path) for path in sorted(folder.glob("*.npz"))}
    persons, items = (_size(train[side], test[side]) for side in (0, 1))
    items = max([items, *(int(shape[0]) for *_, shape in known.values())])
    nodes = {"person": _numbers(persons), "item": _numbers(items)}
    edges = {"liked": _edges("person", "item", train, persons)}
    for name, (sources, targets, weights, shape) in known.items():
        nodes[name] = _numbers(int(shape[1]))
        edges[f"knows_{name}"] = edges_of("item", name, sources, targets, weights, items)
    wanted = _edges("person", "item", test, persons)
    return Likes(Graph(nodes, edges), wanted, tuple(edges)[1:])


def read_links(folder: Path) -> Links:
    """Read `kind a b` of train, and `kind a b label` of test; ties go both ways."""
    train, test = (_words(folder / f"{part}.txt") for part in ("train", "test"))
    names = sorted({word for words in (*train, *test) for word in words[1:3]})
    places = {name: place for place, name in enumerate(names)}
    edges, judged = {}, {}
    for kind in sorted({words[0] for words in train}):
        a, b = _ends([words for words in train if words[0] == kind], places)
        both = np.concatenate((a, b)), np.concatenate((b, a))
        edges[f"tied_{kind}"] = _edges("item", "item", both, len(names))
        asked = [words for words in test if words[0] == kind]
        linked = np.array([float(words[3]) for words in asked], np.float32)
        judged[f"tied_{kind}"] = (*_ends(asked, places), linked)
    return Links(Graph({"item": _numbers(len(names))}, edges), judged)


def _pairs(path: Path) -> Pairs:
    rows = [np.array(line.split(), np.int32) for line in _lines(path)]
    counts = [len(row) - 1 for row in rows]
    persons = np.repeat(np.array([row[0] for row in rows], np.int32), counts)
    return persons, np.concatenate([row[1:] for row in rows])


def _words(path: Path) -> list[list[str]]:
    return [line.split() for line in _lines(path)]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


def _matrix(path: Path) -> tuple[Numbers, Numbers, Floats, NDArray[np.int64]]:
    with np.load(path, allow_pickle=False) as parts:
        starts, targets, values = parts["indptr"], parts["indices"], parts["data"]
        shape = parts["shape"]
    sources = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    return sources, targets.astype(np.int32), values.astype(np.float32), shape


def _edges(source: str, target: str, pairs: Pairs, size: int) -> Edges:
    once = np.unique(np.stack(pairs), axis=1)
    return edges_of(source, target, once[0], once[1], np.ones(once.shape[1], np.float32), size)


def _ends(rows: list[list[str]], places: Mapping[str, int]) -> Pairs:
    a, b = (np.array([places[row[side]] for row in rows], np.int32) for side in (1, 2))
    return a, b


def _size(*numbers: Numbers) -> int:
    return max(int(some.max(initial=-1)) for some in numbers) + 1


def _numbers(size: int) -> Numbers:
    return np.arange(size, dtype=np.int32)
