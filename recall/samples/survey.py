"""What the sampler draws for a space: a look at one epoch, by the sampler that training uses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from nlp.compiled import Doubles, Flags
from recall.samples.kernels import mark_liked
from recall.samples.negatives import Drawn, Negatives, negatives_of
from recall.samples.positives import Positives, positives_of
from recall.samples.spec import Balance, Mixture
from recall.spaces.trained import Samples

BATCH = 1024
MOST = 50_000  # positives that are looked at
GROUPS = 10  # of items, by how often they were shown
OTHERS = "batch"


@dataclass(frozen=True)
class Source:
    """What one source of negatives gave: how often each item, and how many are liked."""

    items: Doubles  # (items,) how often a positive was held against it
    liked: float

    @property
    def count(self) -> float:
        """Tell how many were drawn."""
        return float(self.items.sum())


@dataclass(frozen=True)
class Survey:
    """What was drawn for some positives."""

    positives: Doubles  # (items,) how often each was drawn as a positive
    scenes: Mapping[str, tuple[float, float]]  # share of positives there are, and that are drawn
    sources: Mapping[str, Source]
    listed: Flags  # (items,)
    groups: Numbers  # (items,) 0: among the most shown

    def never(self) -> float:
        """Tell which share of the items was never drawn as a negative."""
        drawn = np.zeros(len(self.listed), bool)
        for source in self.sources.values():
            drawn |= source.items > 0
        return float(1 - drawn[self.listed].mean()) if self.listed.any() else 0.0

    def liked(self) -> float:
        """Tell which share of the negatives is liked by the person: these are left out."""
        count = sum(source.count for source in self.sources.values())
        return sum(source.liked for source in self.sources.values()) / max(count, 1.0)

    def by_group(self, items: Doubles) -> Doubles:
        """Give the share of what was drawn that comes from each group of items. # (GROUPS,)"""
        found = np.bincount(self.groups, items, minlength=GROUPS)
        shares: Doubles = found / max(found.sum(), 1.0)
        return shares

    def metrics(self) -> dict[str, float]:
        """Give figures for a step to keep."""
        count = max(sum(source.count for source in self.sources.values()), 1.0)
        shares = {_metric(name): source.count / count for name, source in self.sources.items()}
        return shares | {"samples.liked": self.liked(), "samples.never": self.never()}


def _metric(name: str) -> str:
    return "samples." + name.replace(", ", "-").replace(" ", "-")


def survey(samples: Samples, mixture: Mixture, balance: Balance, seed: int) -> Survey:
    """Draw negatives for one epoch of positives, or for as many as are enough."""
    items, draws = len(samples.exposures), np.random.default_rng(seed)
    negatives = negatives_of(samples, mixture)
    positives = positives_of(samples.deeds, items, balance)
    names = (*negatives.names, *([OTHERS] if mixture.batch else []))
    counts, liked, drawn = np.zeros((len(names), items)), np.zeros(len(names)), []
    for part in _batches(positives, draws):
        held = _held(samples, negatives, part, draws)
        drawn.append(samples.deeds.items[part])
        for place, (where, likes) in enumerate(held):
            counts[place] += where
            liked[place] += likes
    found = {n: Source(counts[at], float(liked[at])) for at, n in enumerate(names)}
    first = np.bincount(np.concatenate([*drawn, np.zeros(0, np.int32)]), minlength=items)
    listed = np.ones(items, bool) if samples.listed is None else samples.listed
    return Survey(
        first.astype(np.float64),
        _scenes(samples, positives),
        {name: source for name, source in found.items() if source.count},
        listed,
        _groups(samples.exposures, first),
    )


def _batches(positives: Positives, draws: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for number, part in enumerate(positives.batches(BATCH, draws)):
        if number * BATCH >= MOST:
            return
        yield part


def _held(
    samples: Samples, negatives: Negatives, part: NDArray[np.int64], draws: np.random.Generator
) -> list[tuple[Doubles, float]]:
    """Give what a batch is held against, source by source, and how much of it is liked."""
    persons = (np.searchsorted(samples.deeds.starts, part, side="right") - 1).astype(np.int32)
    items, size = samples.deeds.items[part], len(samples.exposures)
    drawn = negatives.draw(persons, items, draws)
    found = [_of_source(drawn, place, size) for place in range(len(negatives.names))]
    if negatives.mixture.batch:
        marks = mark_liked(negatives.liked, persons, items, items[None])
        others = np.bincount(items, minlength=size).astype(np.float64) * (len(items) - 1)
        found.append((others, float(marks.sum() - len(items))))
    return found


def _of_source(drawn: Drawn, place: int, size: int) -> tuple[Doubles, float]:
    here = drawn.sources == place
    counts = np.bincount(drawn.own[here], minlength=size).astype(np.float64)
    liked = float(drawn.own_liked[here].sum())
    if place:
        return counts, liked
    shared = np.bincount(drawn.shared, minlength=size) * float(len(drawn.own))
    return counts + shared, liked + float(drawn.shared_liked.sum())


def _scenes(samples: Samples, positives: Positives) -> dict[str, tuple[float, float]]:
    scenes, names = samples.deeds.scenes + 1, ("(none)", *samples.deeds.scene_names)
    there = np.bincount(scenes, minlength=len(names)) / max(len(scenes), 1)
    drawn = np.bincount(scenes, positives.times, minlength=len(names))
    drawn = drawn / max(drawn.sum(), 1e-300)
    return {n: (float(there[at]), float(drawn[at])) for at, n in enumerate(names) if there[at]}


def _groups(exposures: NDArray[np.float32], positives: NDArray[np.int64]) -> Numbers:
    """Part items into groups of one size, by exposures, or positives where nothing was shown."""
    order = np.lexsort((positives, exposures))[::-1]
    groups = np.empty(len(order), np.int32)
    groups[order] = np.arange(len(order)) * GROUPS // max(len(order), 1)
    return groups
