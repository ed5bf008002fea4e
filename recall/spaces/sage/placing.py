"""What was learned, as plain arrays: places of all nodes, and of new ones from their neighbours."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import orjson

from graph.graph import Edges, Floats, Numbers
from graph.products import product
from nlp.compiled import Flags
from recall.spaces.sage.relations import Relations, crowds_of, means_of, without_any
from recall.spaces.trained import Placed, unit

Arrays = Mapping[str, Floats]
Sides = Mapping[str, tuple[str, str]]  # kind of edge -> kinds of node that gather, and are gathered


@dataclass(frozen=True)
class Sage:
    """Places of nodes, and all that is needed to place new ones."""

    sides: Sides
    layers: int
    leak: float
    arrays: Arrays  # `vector.KIND`, `state.LAYER.KIND`, `mean.KIND`, `temper.EDGE` and the weights
    liked: Edges | None = None
    described: Sides = field(default_factory=dict)  # kinds of edge that lead to features

    @cached_property
    def vectors(self) -> Mapping[str, Floats]:
        """Vectors of nodes, kind by kind, of length 1. # (nodes, dim)"""
        return _part(self.arrays, "vector")

    def score(self, persons: Numbers) -> Floats:
        """Score every item by its cosine with the person. # (persons, items)"""
        return Placed(self.vectors, self.liked).score(persons)

    def embed(
        self, kind: str, neighbours: Mapping[str, Edges], features: Edges | None = None
    ) -> Floats:
        """Place new nodes by known ones: a row for each, in the edges and in the features.

        The names are those of the edges that the space is over, `~tagged` for a new tag's items.
        """
        self._check(kind, neighbours)
        given = [*neighbours.values(), *([] if features is None else [features])]
        counts = {len(edges.starts) - 1 for edges in given} or {1}
        if len(counts) > 1:
            raise ValueError(f"a row for each new {kind} is needed in all edges, not {counts}")
        rows = counts.pop()
        known = None if features is None else self._known(features)
        crowds = crowds_of(neighbours.values(), rows)
        own = entry(self.arrays, kind, crowds, known)
        means = {n: means_of(e, self.arrays[f"temper.{n}"]) for n, e in neighbours.items()}
        total = own
        for layer in range(self.layers):
            near = {
                name: product(edges, self.arrays[f"state.{layer}.{self.sides[name][1]}"])
                for name, edges in means.items()
            }
            own = step(self.arrays, layer, kind, own, near)
            total = total + (own := bent(own, self.leak, layer, self.layers))
        bare = without_any([*means.values(), *([] if known is None else [known])], rows)
        return placed(total, bare, self.arrays[f"mean.{kind}"])

    def save(self) -> dict[str, bytes]:
        """Give arrays and what they mean as two files."""
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **dict(self.arrays))
        meaning = {
            "sides": self.sides,
            "layers": self.layers,
            "leak": self.leak,
            "described": self.described,
        }
        return {"arrays.npz": file.getvalue(), "sage.json": orjson.dumps(meaning)}

    def _check(self, kind: str, neighbours: Mapping[str, Edges]) -> None:
        if kind not in self.vectors:
            raise ValueError(f"no vectors of kind '{kind}'; there are {', '.join(self.vectors)}")
        for name, edges in neighbours.items():
            names = sorted(n for n, (source, _) in self.sides.items() if source == kind)
            if name not in names:
                raise ValueError(f"a new {kind} has no edges '{name}'; it may have {names}")
            size = len(self.vectors[self.sides[name][1]])
            if len(edges) and not 0 <= edges.targets.min() <= edges.targets.max() < size:
                raise ValueError(f"edges '{name}' lead past the {size} nodes that were learned")

    def _known(self, features: Edges) -> Edges | None:
        """Leave out features that were not there when it learned."""
        table = self.arrays.get(f"feature.{features.target}")
        if table is None:
            return None
        seen = features.targets < len(table)
        starts = np.concatenate(([0], np.cumsum(seen)))[features.starts]
        source, target = features.source, features.target
        some = features.targets[seen], features.weights[seen]
        return means_of(Edges(source, target, starts, *some), np.ones(len(table), np.float32))


def load(files: Mapping[str, bytes]) -> Sage:
    """Read what `save` gave."""
    meaning = orjson.loads(files["sage.json"])
    with np.load(io.BytesIO(files["arrays.npz"]), allow_pickle=False) as arrays:
        sides, described = (
            {name: (source, target) for name, (source, target) in meaning[part].items()}
            for part in ("sides", "described")
        )
        shape = meaning["layers"], meaning["leak"]
        return Sage(sides, *shape, dict(arrays), described=described)


def place(
    weights: Arrays,
    relations: Relations,
    features: Mapping[str, Edges],
    sizes: Mapping[str, int],
    layers: int,
    leak: float,
    threads: int = 1,
) -> dict[str, Floats]:
    """Give vectors, the states that new nodes gather from, and the means, of the whole graph."""
    kinds = relations.kinds()
    linked = {kind: relations.linked(kind) for kind in kinds}
    bare = {
        k: ~linked[k] & without_any([e for kind, e in features.items() if kind == k], sizes[k])
        for k in kinds
    }
    now = {k: entry(weights, k, relations.crowds[k], features.get(k), linked[k]) for k in kinds}
    total, out = dict(now), {f"state.0.{kind}": now[kind] for kind in kinds}
    for layer in range(layers):
        near = {n: product(e, now[e.target], threads) for n, e in relations.edges.items()}
        now = {
            kind: bent(
                step(weights, layer, kind, now[kind], _of(kind, near, relations)),
                leak,
                layer,
                layers,
            )
            for kind in kinds
        }
        total = {kind: total[kind] + now[kind] for kind in kinds}
        if layer < layers - 1:
            out |= {f"state.{layer + 1}.{kind}": now[kind] for kind in kinds}
    for kind in kinds:
        mean = unit(unit(total[kind])[~bare[kind]].sum(0, keepdims=True))[0]
        out |= {f"vector.{kind}": placed(total[kind], bare[kind], mean), f"mean.{kind}": mean}
    return out


def entry(
    weights: Arrays,
    kind: str,
    crowds: Floats,
    features: Edges | None,
    linked: Flags | None = None,
) -> Floats:
    """Give what nodes enter with: crowd, features, and vectors of their own if they were linked."""
    own = crowds @ weights[f"crowd.{kind}"]  # (rows, dim)
    if linked is not None and f"id.{kind}" in weights:
        own += np.where(linked[:, None], weights[f"id.{kind}"], 0)
    if features is not None:
        bags = product(features, weights[f"feature.{features.target}"])
        own += bags @ weights[f"enter.{kind}"]
    return np.asarray(own, np.float32)


def step(weights: Arrays, layer: int, kind: str, own: Floats, near: Mapping[str, Floats]) -> Floats:
    """Take in what was gathered: x W + sum of mean(neighbours) V, kind of edge by kind of edge."""
    out = own @ weights[f"own.{layer}.{kind}"] + weights[f"bias.{layer}.{kind}"]
    for name, mean in near.items():
        out += mean @ weights[f"near.{layer}.{name}"]
    return np.asarray(out, np.float32)


def bent(values: Floats, leak: float, layer: int, layers: int) -> Floats:
    """Let only a share of what is negative through, between layers."""
    if leak == 1 or layer == layers - 1:
        return values
    return np.where(values < 0, values * np.float32(leak), values)


def placed(total: Floats, bare: Flags, mean: Floats) -> Floats:
    """Bring vectors to length 1; nodes that nothing is known of are where their kind is."""
    return np.where(bare[:, None], mean, unit(total)).astype(np.float32)


def _of(kind: str, near: Mapping[str, Floats], relations: Relations) -> dict[str, Floats]:
    return {name: mean for name, mean in near.items() if relations.edges[name].source == kind}


def _part(arrays: Arrays, name: str) -> dict[str, Floats]:
    return {k.partition(".")[2]: v for k, v in arrays.items() if k.startswith(f"{name}.")}
