"""What positives are held against: drawn from all items, from what was passed by, and hard ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from nlp.compiled import Bytes, Doubles, Flags
from recall.samples.kernels import Liked, Sources, chances_of, draw_own, mark_liked, with_nought
from recall.samples.spec import Hard, Mixture
from recall.spaces.trained import Deeds, Samples
from weft.errors import BuildError

RANDOM, EXPOSED = "random", "exposed"


@dataclass(frozen=True)
class Drawn:
    """Negatives of a batch of positives: some shared by all of them, some of their own.

    Chances are logarithms, to be taken off a negative's score; what is `liked`, be it the positive
    itself or another item that the person likes, is to be left out of the loss.
    """

    shared: Numbers  # (shared,)
    shared_log_chances: Floats  # (1 or batch, shared)
    shared_liked: Flags  # (batch, shared)
    own: Numbers  # (batch, own)
    own_log_chances: Floats  # (batch, own)
    own_liked: Flags  # (batch, own)
    sources: Bytes  # (batch, own) places in `Negatives.names`


@dataclass(frozen=True)
class Negatives:
    """A mixture over the items of a graph, ready to be drawn from."""

    mixture: Mixture
    names: tuple[str, ...]  # of the sources, random first
    log_chances: Floats  # (items,) of being drawn at random
    sources: Sources
    liked: Liked

    def draw(self, persons: Numbers, items: Numbers, draws: np.random.Generator) -> Drawn:
        """Draw for positives: which person likes which item."""
        shared = self._shared(draws)
        own, sources = self._own(persons, items, draws)
        return Drawn(
            shared,
            self._log_chances(persons, items, shared[None]),
            mark_liked(self.liked, persons, items, shared[None]),
            own,
            self._log_chances(persons, items, own),
            mark_liked(self.liked, persons, items, own),
            sources,
        )

    def _shared(self, draws: np.random.Generator) -> Numbers:
        bars = self.sources.masses
        luck = draws.random(self.mixture.shared()) * bars[-1]
        places: Numbers = (np.searchsorted(bars, luck, side="right") - 1).astype(np.int32)
        return places

    def _own(
        self, persons: Numbers, items: Numbers, draws: np.random.Generator
    ) -> tuple[Numbers, Bytes]:
        count = self.mixture.count - self.mixture.shared()
        own = np.empty((len(items), count), np.int32)
        sources = np.zeros(own.shape, np.uint8)
        draw_own(int(draws.integers(2**62)), persons, items, self.sources, own, sources)
        return own, sources

    def _log_chances(self, persons: Numbers, items: Numbers, drawn: Numbers) -> Floats:
        if self.mixture.corrected == "none":
            return np.zeros(drawn.shape, np.float32)
        if self.mixture.corrected == "popularity":
            logs: Floats = self.log_chances[drawn]
            return logs
        share = self.mixture.shared() / self.mixture.count
        return chances_of(persons, items, drawn, self.sources, share)


def negatives_of(samples: Samples, mixture: Mixture) -> Negatives:
    """Weigh items by their exposures, and order them by the attributes of hard negatives."""
    masses = _masses(samples, mixture)
    bars = with_nought(np.cumsum(masses))
    with np.errstate(divide="ignore"):
        logs = np.log(masses / max(bars[-1], 1e-300)).astype(np.float32)
    return Negatives(
        mixture,
        (RANDOM, EXPOSED, *map(_name, mixture.hard)),
        logs,
        _sources(samples, mixture, masses, bars),
        _liked(samples.deeds, len(masses)),
    )


def _masses(samples: Samples, mixture: Mixture) -> Doubles:
    """Give what was never shown the mass of one exposure; without exposures, positives count."""
    shown = samples.exposures.astype(np.float64)
    if not shown.any():
        shown = np.bincount(samples.deeds.items, minlength=len(shown)).astype(np.float64)
    masses: Doubles = np.maximum(shown, 1.0) ** mixture.power
    if samples.listed is not None:
        masses = masses * samples.listed
    return masses if mixture.by is None else _by(samples, mixture.by, masses)


def _by(samples: Samples, attribute: str, masses: Doubles) -> Doubles:
    """Let each value have as much mass as it has positives; one that has none counts as if one."""
    values = _values(samples, attribute) + 1
    size = values.max(initial=0) + 1
    wanted = np.maximum(np.bincount(values[samples.deeds.items], minlength=size), 1.0)
    has = np.bincount(values, masses, minlength=size)
    factors: Doubles = wanted / np.where(has > 0, has, 1.0)
    return masses * factors[values]


def _sources(samples: Samples, mixture: Mixture, masses: Doubles, bars: Doubles) -> Sources:
    size = len(masses)
    shares = np.array([mixture.exposed, *(hard.share for hard in mixture.hard)], np.float64)
    passed = samples.passed
    starts = passed.starts if passed is not None else np.zeros(len(samples.deeds.starts), np.int64)
    targets = passed.targets if passed is not None else np.zeros(0, np.int32)
    weights = passed.weights if passed is not None else np.zeros(0, np.float32)
    order = np.zeros((len(mixture.hard), size), np.int32)
    mass = np.zeros((len(mixture.hard), size + 1))
    bounds = np.zeros((len(mixture.hard), size, 4), np.int32)
    for row, hard in enumerate(mixture.hard):
        order[row], mass[row], bounds[row] = _ordered(samples, hard, masses)
    return Sources(
        np.cumsum(shares / max(shares.sum(), 1e-300)),
        bars,
        starts,
        targets,
        with_nought(np.cumsum(weights, dtype=np.float64)),
        order,
        mass,
        bounds,
    )


def _ordered(
    samples: Samples, hard: Hard, masses: Doubles
) -> tuple[Numbers, Doubles, NDArray[np.int32]]:
    """Order items so that those to draw from lie on both sides of those to pass over."""
    same = _values(samples, hard.same)
    own = np.arange(len(masses), dtype=np.int32)
    other = own if hard.other is None else _values(samples, hard.other)
    order = np.lexsort((own, other, same)).astype(np.int32)
    known = (same >= 0) & (other >= 0)
    bounds = np.zeros((len(masses), 4), np.int32)
    bounds[order, :2] = _runs(same[order])
    bounds[order, 2:] = _runs(same[order], other[order])
    bounds[~known] = 0
    return order, with_nought(np.cumsum((masses * known)[order])), bounds


def _runs(*values: Numbers) -> NDArray[np.int32]:
    """Give where the run of equal values begins and ends that each place is in."""
    size = len(values[0])
    begins = np.ones(size, bool)
    begins[1:] = np.any([v[1:] != v[:-1] for v in values], axis=0)
    firsts = np.append(np.flatnonzero(begins), size)
    run = np.cumsum(begins) - 1
    return np.stack([firsts[run], firsts[run + 1]], axis=1).astype(np.int32)


def _values(samples: Samples, attribute: str) -> Numbers:
    traits: Mapping[str, Numbers] = samples.traits.get("item", {})
    if attribute not in traits:
        known = ", ".join(sorted(traits)) or "none"
        raise BuildError(f"negatives: no item attribute '{attribute}' was read; there are {known}")
    return traits[attribute]


def _name(hard: Hard) -> str:
    return f"same {hard.same}" + (f", other {hard.other}" if hard.other else "")


def _liked(deeds: Deeds, items: int) -> Liked:
    """Order what each person likes, each item once."""
    persons = np.repeat(np.arange(len(deeds.starts) - 1), np.diff(deeds.starts))
    pairs = np.unique(persons * items + deeds.items)
    starts = np.searchsorted(pairs, np.arange(len(deeds.starts)) * items).astype(np.int64)
    return Liked(starts, (pairs % max(items, 1)).astype(np.int32))
