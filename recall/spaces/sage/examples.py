"""Links to learn, links kept back to judge by, and what they are told apart from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.graph import Edges, Floats, Numbers, edges_of
from nlp.compiled import Doubles, Longs
from recall.spaces.sage.spec import Negatives
from recall.spaces.trained import Lesson
from weft.errors import BuildError

MOST = 5000  # links of a kind that are kept back at most


@dataclass(frozen=True)
class Pairs:
    """Nodes that are linked, in two columns."""

    source: str
    target: str
    sources: Numbers
    targets: Numbers

    def __len__(self) -> int:
        return len(self.sources)

    def taken(self, places: Longs) -> "Pairs":
        """Give some of them."""
        return replace(self, sources=self.sources[places], targets=self.targets[places])


@dataclass(frozen=True)
class Pool:
    """Negatives of a batch: those that all links share, and those of each link's own."""

    shared: Numbers  # (shared,)
    excess: Floats  # (shared,) log of how much likelier they were drawn than others
    own: Numbers  # (links, own), -1 where there is none


def pairs_of(edges: Edges) -> Pairs:
    """Write edges as pairs."""
    return Pairs(edges.source, edges.target, edges.sources(), edges.targets)


def keep_back(
    edges: Mapping[str, Edges], names: Sequence[str], share: float, seed: int
) -> tuple[dict[str, Edges], dict[str, Pairs]]:
    """Take some links out of all edges that show them, to judge by."""
    rest, kept = dict(edges), {}
    for number, name in enumerate(names):
        draw = np.random.default_rng((seed, number))
        pairs = pairs_of(edges[name])
        count = min(MOST, int(share * len(pairs)))
        kept[name] = pairs.taken(np.sort(draw.choice(len(pairs), count, replace=False)))
        back = replace(kept[name], sources=kept[name].targets, targets=kept[name].sources)
        rest[name] = _without(rest[name], kept[name])
        mirror = name if pairs.source == pairs.target else f"~{name}"
        rest[mirror] = _without(rest[mirror], back)
    return rest, kept


class Drawing:
    """Draws batches of links, and negatives for them as declared."""

    def __init__(
        self,
        edges: Mapping[str, Edges],
        lesson: Lesson,
        negatives: Negatives,
    ) -> None:
        self.pairs = {name: pairs_of(some) for name, some in edges.items() if len(some)}
        self.negatives = negatives
        self.random = np.random.default_rng((lesson.seed, len(self.pairs)))
        counts = np.array([len(pairs) for pairs in self.pairs.values()], float)
        self.shares = counts / counts.sum()
        sizes = {kind: lesson.graph.size(kind) for kind in lesson.graph.nodes}
        self.chances = {n: _chances(p, sizes[p.target]) for n, p in self.pairs.items()}
        self.powers = {n: _powered(c, negatives.power) for n, c in self.chances.items()}
        self.groups = [(_grouped(_group(lesson, a)), k) for a, k in negatives.same.items()]

    def __len__(self) -> int:
        return sum(map(len, self.pairs.values()))

    def batch(self, size: int) -> tuple[Pairs, Pool]:
        """Draw links of one kind and their negatives."""
        name = list(self.pairs)[self.random.choice(len(self.shares), p=self.shares)]
        pairs = self.pairs[name]
        pairs = pairs.taken(self.random.integers(len(pairs), size=min(size, len(pairs))))
        return pairs, self._pool(name, pairs)

    def _pool(self, name: str, pairs: Pairs) -> Pool:
        wanted, chances, powers = self.negatives, self.chances[name], self.powers[name]
        drawn = np.searchsorted(np.cumsum(powers), self.random.random(wanted.random))
        drawn = np.minimum(drawn, len(powers) - 1)
        others = self.random.choice(pairs.targets, min(wanted.batch, len(pairs)), replace=False)
        shared = np.concatenate((drawn, others)).astype(np.int32)
        expected = len(drawn) * powers[shared] + len(others) * chances[shared]
        excess = np.log(np.maximum(expected, 1e-12) * len(powers) / max(len(shared), 1))
        return Pool(shared, excess.astype(np.float32), self._own(pairs))

    def _own(self, pairs: Pairs) -> Numbers:
        groups = self.groups if pairs.target == "item" else []
        drawn = [group.drawn(pairs.targets, count, self.random) for group, count in groups]
        return np.concatenate([np.zeros((len(pairs), 0), np.int32), *drawn], axis=1)


@dataclass(frozen=True)
class Groups:
    """Items ordered by what they have in common."""

    groups: Numbers  # (items,) the group of each, or -1
    members: Numbers  # (items,) ordered by group
    starts: Longs  # (groups + 1,) where each begins

    def drawn(self, items: Numbers, count: int, random: np.random.Generator) -> Numbers:
        """Draw others of each item's group; -1 where it has none. # (items, count)"""
        groups = self.groups[items]
        first, last = self.starts[groups], self.starts[groups + 1]
        steps = random.random((len(items), count)) * (last - first)[:, None]
        found = self.members[np.minimum(first[:, None] + steps.astype(np.int64), last[:, None] - 1)]
        return np.where((groups[:, None] < 0) | (found == items[:, None]), np.int32(-1), found)


def _group(lesson: Lesson, attribute: str) -> Numbers:
    if attribute not in lesson.groups:
        known = ", ".join(sorted(lesson.groups)) or "none"
        raise BuildError(
            f"negatives.same: items have no groups by '{attribute}'; there are {known}"
        )
    return lesson.groups[attribute]


def _grouped(groups: Numbers) -> Groups:
    members = np.argsort(groups, kind="stable").astype(np.int32)
    starts = np.searchsorted(groups[members], np.arange(groups.max(initial=0) + 2))
    return Groups(groups, members, starts.astype(np.int64))


def _chances(pairs: Pairs, size: int) -> Doubles:
    return np.bincount(pairs.targets, minlength=size) / len(pairs)


def _powered(chances: Doubles, power: float) -> Doubles:
    powers: Doubles = np.where(chances > 0, chances**power, 0)
    return np.asarray(powers / powers.sum())


def _without(edges: Edges, pairs: Pairs) -> Edges:
    width = int(max(edges.targets.max(initial=0), pairs.targets.max(initial=0))) + 1
    codes = edges.sources().astype(np.int64) * width + edges.targets
    stays = ~np.isin(codes, pairs.sources.astype(np.int64) * width + pairs.targets)
    some = edges.sources()[stays], edges.targets[stays], edges.weights[stays]
    return edges_of(edges.source, edges.target, *some, len(edges.starts) - 1)
