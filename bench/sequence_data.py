"""Sequences of published tables, read from their files; the format is known by the files alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph.graph import Edges, Graph, Numbers, edges_of
from recall.spaces.trained import Deeds, Lesson, Samples, Sessions


@dataclass(frozen=True)
class Journey:
    """What everybody did in order, and what they did last, which is to be found."""

    known: list[Numbers]
    wanted: Numbers  # (persons,)
    tagged: Edges | None  # item -> attribute
    items: int
    attributes: int = 0

    def edges(self) -> Edges:
        """Give what was done as edges from persons to items, each once."""
        persons = np.repeat(np.arange(len(self.known), dtype=np.int32), list(map(len, self.known)))
        pairs = np.unique(np.stack((persons, np.concatenate(self.known))), axis=1)
        ones = np.ones(pairs.shape[1], np.float32)
        return edges_of("person", "item", pairs[0], pairs[1], ones, len(self.known))

    def each(self) -> float:
        """Tell how many deeds of a person there are to learn from, on the average."""
        return len(np.concatenate(self.known)) / len(self.known)

    def last(self) -> Edges:
        """Give what is to be found as edges."""
        persons = np.arange(len(self.wanted), dtype=np.int32)
        ones = np.ones(len(persons), np.float32)
        return edges_of("person", "item", persons, self.wanted, ones, len(persons))


def read(folder: Path) -> Journey:
    """Read lines of `person item item …`: all in one file, or the last apart in `*.test.txt`."""
    apart = sorted(folder.glob("*.test.txt"))
    if apart:
        train = apart[0].with_name(apart[0].name.replace(".test.", ".train."))
        return journey_of(_lines(train), [line[0] for line in _lines(apart[0])], {})
    files = [file for file in sorted(folder.glob("*.txt")) if file.stem.lower() != "readme"]
    lines = _lines(files[0])
    known = folder / f"{files[0].stem}_item2attributes.json"
    told = json.loads(known.read_text("utf-8")) if known.exists() else {}
    return journey_of([line[:-1] for line in lines], [line[-1] for line in lines], told)


def journey_of(
    known: list[list[int]], wanted: Sequence[int], told: dict[str, list[int]]
) -> Journey:
    """Make arrays of lists."""
    size = max(*map(max, known), *wanted) + 1
    pairs = [(int(item), value) for item, values in told.items() for value in set(values)]
    pairs = [(item, value) for item, value in pairs if item < size]
    arrays = [np.array(line, np.int32) for line in known]
    if not pairs:
        return Journey(arrays, np.array(wanted, np.int32), None, size)
    items, values = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    tagged = edges_of("item", "tag", items, values, np.ones(len(items), np.float32), size)
    return Journey(arrays, np.array(wanted, np.int32), tagged, size, int(values.max()) + 1)


def lesson_of(data: Journey, seed: int, threads: int, device: str) -> Lesson:
    """Give what there is to learn from: the order is known, times are not."""
    persons = len(data.known)
    counts = np.array([len(line) for line in data.known])
    starts = np.concatenate(([0], np.cumsum(counts)))
    items = np.concatenate(data.known)
    ones = np.ones(len(items), np.float32)
    times = np.arange(len(items), dtype=np.float64)
    deeds = Deeds(starts, items, times, ones, np.full(len(items), -1, np.int32))
    shown = np.bincount(items, minlength=data.items).astype(np.float32)
    nodes = {"person": _numbers(persons), "item": _numbers(data.items)}
    edges, features = {"liked": data.edges()}, {}
    if data.tagged is not None:
        nodes["tag"] = _numbers(data.attributes)
        edges["tagged"] = features["item"] = data.tagged
    return Lesson(
        Graph(nodes, edges),
        Sessions(starts, items, ones),
        features,
        samples=Samples(deeds, shown),
        seed=seed,
        threads=threads,
        device=device,
    )


def _lines(path: Path) -> list[list[int]]:
    lines = path.read_text("utf-8").splitlines()
    return [[int(word) for word in line.split()[1:]] for line in lines if line.strip()]


def _numbers(size: int) -> Numbers:
    return np.arange(size, dtype=np.int32)
