"""All that is known at each deed of each person, before the deed."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Numbers, edges_of
from graph.products import rows_of
from nlp.compiled import Flags
from recall.spaces.trained import Deeds, Lesson, Samples
from recall.towers.interests import interests
from recall.towers.knowledge import Bags, persons_of, tags_in
from recall.towers.windows import Longs, Windows, again

TAGS = 8  # long-term interests that are kept of a person
FACTS = 3  # numbers that sum a history up
LEAST = 0.01  # of a weight, so that it has a logarithm


@dataclass(frozen=True)
class Asked:
    """Places in windows that vectors are wanted of, and what is known at each."""

    rows: Longs  # (asked,) of the window
    places: Longs  # (asked,) in the window: so many of its deeds are known
    facts: Floats  # (asked, facts)
    tags: Numbers  # (asked, tags) the strongest interests, -1 for none
    shares: Floats  # (asked, tags)
    words: Edges  # (asked) -> words of the person and the scene


@dataclass(frozen=True)
class Journeys:
    """Deeds, and what they add up to."""

    deeds: Deeds
    persons: Bags
    tags: Numbers  # (deeds, tags) the strongest interests after each deed
    shares: Floats  # (deeds, tags)
    repeated: Flags  # (deeds,) the person has done something to the same item before
    sums: NDArray[np.float64]  # (deeds + 1, 2) weights, and new items, summed up over all deeds

    def asked(
        self, windows: Windows, rows: Longs, places: Longs, scenes: Numbers, known: Flags
    ) -> Asked:
        """Tell what is known after the first `places` deeds of each row; of persons, if `known`."""
        firsts, persons = windows.firsts[rows], windows.persons[rows]
        last = firsts + places - 1
        any_before = last >= self.deeds.starts[persons]
        totals = self.sums[firsts + places] - self.sums[firsts]
        at = np.where(any_before, last, 0)
        return Asked(
            rows,
            places,
            facts_of(places, totals),
            np.where(any_before[:, None], self.tags[at], -1),
            np.where(any_before[:, None], self.shares[at], 0),
            self._words(persons, scenes, known),
        )

    def _words(self, persons: Numbers, scenes: Numbers, known: Flags) -> Edges:
        """Give the words of persons, and of the scenes where there are any."""
        bags = rows_of(self.persons.edges, persons)
        sources, asked = bags.sources(), np.arange(len(persons), dtype=np.int32)
        kept, placed = known[sources], known & (scenes >= 0)
        scene = scenes[placed] + np.int32(self.persons.firsts["scene"])
        ends = np.append(sources[kept], asked[placed]), np.append(bags.targets[kept], scene)
        ones = np.ones(len(ends[0]), np.float32)
        return edges_of("asked", "word", *ends, ones, len(persons))


def journeys_of(lesson: Lesson, samples: Samples) -> Journeys:
    """Work out what deeds add up to."""
    deeds = samples.deeds
    tags, shares = interests_of(lesson, deeds)
    repeated = again(deeds, lesson.graph.size("item"))
    sums = np.zeros((len(deeds.items) + 1, 2))
    np.cumsum(np.stack((deeds.weights, ~repeated), 1), 0, out=sums[1:])
    return Journeys(
        deeds, with_scenes(persons_of(lesson, samples), deeds), tags, shares, repeated, sums
    )


def interests_of(lesson: Lesson, deeds: Deeds) -> tuple[Numbers, Floats]:
    """Give the strongest tags after each deed; no columns where items have no tags."""
    tags = lesson.features.get("item")
    if tags is None:
        return np.full((len(deeds.items), 0), -1, np.int32), np.zeros(
            (len(deeds.items), 0), np.float32
        )
    return interests(deeds.starts, deeds.items, deeds.weights, tags, tags_in(lesson), TAGS)


def with_scenes(bags: Bags, deeds: Deeds) -> Bags:
    """Number the scenes after all other words."""
    firsts, words = {**bags.firsts, "scene": bags.size}, {**bags.words, "scene": deeds.scene_names}
    return replace(bags, firsts=firsts, words=words, size=bags.size + len(deeds.scene_names))


def shortened(samples: Samples, ends: Longs) -> Samples:
    """Leave out what each person did from `ends` on."""
    deeds = samples.deeds
    counts = ends - deeds.starts[:-1]
    owners = np.repeat(np.arange(len(counts)), np.diff(deeds.starts))
    kept = np.arange(len(deeds.items)) < ends[owners]
    starts = np.concatenate(([0], np.cumsum(counts)))
    rest = Deeds(
        starts,
        deeds.items[kept],
        deeds.times[kept],
        deeds.weights[kept],
        deeds.scenes[kept],
        deeds.scene_names,
    )
    return replace(samples, deeds=rest)


def shuffled(samples: Samples, draws: np.random.Generator) -> Samples:
    """Put what each person did in an order of chance; the times stay where they are."""
    deeds = samples.deeds
    owners = np.repeat(np.arange(len(deeds.starts) - 1), np.diff(deeds.starts))
    order = np.lexsort((draws.random(len(owners)), owners))
    items, weights, scenes = deeds.items[order], deeds.weights[order], deeds.scenes[order]
    mixed = Deeds(deeds.starts, items, deeds.times, weights, scenes, deeds.scene_names)
    return replace(samples, deeds=mixed)


def facts_of(counts: Longs, totals: NDArray[np.float64]) -> Floats:
    """Sum histories up: how many deeds, how heavy, how many of them something new."""
    counted = np.maximum(counts, 1)
    heavy, new = totals[:, 0] / counted, totals[:, 1] / counted
    return np.stack((np.log1p(counts) / 4, np.log1p(heavy), new), 1).astype(np.float32)


def strengths_of(weights: Floats) -> Floats:
    """Tell how strong deeds are: nought for a click."""
    return np.asarray(np.log(np.maximum(weights, LEAST)), np.float32)
