"""An encoding: features, and what was learned to make codes of them. The same for any use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from ranking.examples import Field, Layout, Past, Side
from ranking.features.coding import Coder, Listed, Spread
from ranking.features.deeds import AGES
from ranking.features.scaling import Buckets, Normal, Scaling
from ranking.features.sides import is_one, side_of, table_of
from ranking.features.spec import (
    AnyFeature,
    Features,
    Position,
    Scaled,
    Tags,
    Words,
)
from ranking.features.spec import Past as PastFeature
from ranking.training.packing import Arrays, pack, unpack

FEATURES: TypeAdapter[dict[str, AnyFeature]] = TypeAdapter(Features)
SIDES = ("asks", "items", "pairs")


@dataclass(frozen=True)
class Encoding:
    """How features become what rankers read."""

    features: Mapping[str, AnyFeature]
    zone: str
    tasks: tuple[str, ...]
    coders: Mapping[str, Coder]  # by table
    scalings: Mapping[str, Scaling]  # by feature
    rates: Mapping[str, float]  # by statistic: that of all events, which few events are drawn to

    @property
    def layout(self) -> Layout:
        """Tell rankers what they will read."""
        sides = {side: self._side(side) for side in SIDES}
        bias = tuple(self.field(name) for name in self.named("bias"))
        return Layout(**sides, bias=bias, tasks=self.tasks)

    def _side(self, side: str) -> Side:
        pasts = (self.features[name] for name in self.pasts(side))
        return Side(
            tuple(self.field(name) for name in self.ones(side)),
            tuple(self.field(name) for name in self.bags(side)),
            tuple(self.numbers(side)),
            tuple(self._past(n, p) for n, p in zip(self.pasts(side), pasts, strict=True)),
        )

    @cached_property
    def sides(self) -> Mapping[str, str]:
        """Tell the side of each feature."""
        return {name: side_of(name, self.features) for name in self.features}

    def named(self, side: str) -> list[str]:
        """Name the features of a side."""
        return [name for name, of in self.sides.items() if of == side]

    def ones(self, side: str) -> list[str]:
        """Name those that are one code."""
        return [name for name in self.named(side) if is_one(self.features[name])]

    def bags(self, side: str) -> list[str]:
        """Name those that are many codes."""
        return [name for name in self.named(side) if isinstance(self.features[name], Tags | Words)]

    def numbers(self, side: str) -> list[str]:
        """Name those that are numbers on a scale."""
        scaled = (name for name in self.named(side) if isinstance(self.features[name], Scaled))
        return [name for name in scaled if not is_one(self.features[name])]

    def pasts(self, side: str) -> list[str]:
        """Name those that are steps of a past."""
        return [name for name in self.named(side) if isinstance(self.features[name], PastFeature)]

    def field(self, name: str) -> Field:
        """Describe a feature that is codes of one table."""
        table, feature = table_of(name, self.features), self.features[name]
        return Field(name, self._size(table), table, self.features[table].dim or feature.dim)

    def _size(self, table: str) -> int:
        feature = self.features[table]
        if isinstance(feature, Position):
            return feature.size + 1
        if table in self.coders:
            return self.coders[table].size
        buckets = self.scalings[table]
        assert isinstance(buckets, Buckets)
        return buckets.size

    def _past(self, name: str, past: AnyFeature) -> Past:
        assert isinstance(past, PastFeature)
        by = [replace(self.field(one), name=f"{name}.{one}") for one in past.by]
        sizes = {"kind": len(past.kinds) + 1, "age": len(AGES) + 2}
        also = [Field(f"{name}.{o}", sizes[o], f"{name}.{o}", past.dim) for o in past.also]
        targets = (*past.by, *(None for _ in also))
        return Past(name, (*by, *also), targets, past.length)

    def only(self, names: list[str]) -> "Encoding":
        """Give an encoding of some features, and of what they are made of."""
        kept = _needed(names, self.features)
        return replace(self, features={n: f for n, f in self.features.items() if n in kept})

    def save(self) -> bytes:
        """Give everything as one file."""
        arrays: Arrays = {}
        spread: dict[str, Any] = {}
        for table, coder in self.coders.items():
            if isinstance(coder, Listed):
                arrays[f"list/{table}"] = coder.tokens
            else:
                spread[table] = [coder.seed, coder.places]
        for name, scaling in self.scalings.items():
            if isinstance(scaling, Buckets):
                arrays[f"edges/{name}"] = scaling.edges
        normal = {n: vars(s) for n, s in self.scalings.items() if isinstance(s, Normal)}
        words = {
            "features": FEATURES.dump_python(dict(self.features), mode="json"),
            "zone": self.zone,
            "tasks": self.tasks,
            "spread": spread,
            "normal": normal,
            "rates": dict(self.rates),
        }
        return pack(arrays, words)


def load_encoding(content: bytes) -> Encoding:
    """Read what was saved."""
    arrays, words = unpack(content)
    listed = {n.removeprefix("list/"): Listed(a) for n, a in arrays.items() if n[:5] == "list/"}
    spread = {table: Spread(*numbers) for table, numbers in words["spread"].items()}
    edges = {n.removeprefix("edges/"): a for n, a in arrays.items() if n[:6] == "edges/"}
    normal = {name: Normal(**given) for name, given in words["normal"].items()}
    return Encoding(
        FEATURES.validate_python(words["features"]),
        words["zone"],
        tuple(words["tasks"]),
        {**listed, **spread},
        {**{name: Buckets(np.asarray(some)) for name, some in edges.items()}, **normal},
        words["rates"],
    )


def _needed(names: list[str], features: Mapping[str, AnyFeature]) -> set[str]:
    found = set(names)
    for name in names:
        feature = features[name]
        parts = {"cross": "of", "past": "by"}.get(feature.type)
        found |= set(getattr(feature, parts)) if parts else {table_of(name, features)}
    return found | {table_of(name, features) for name in found}
