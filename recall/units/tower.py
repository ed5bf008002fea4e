"""A bag of ids as a vector: the sum of theirs, bent through one hidden layer, of length 1."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph.graph import Edges, Floats
from graph.products import product
from recall.spaces.trained import unit


@dataclass(frozen=True)
class Tower:
    """x = sum of the bag + W other; unit(x + relu(x A + a) B)."""

    table: Floats  # (ids, dim)
    inner: Floats  # (dim, hidden)
    bias: Floats  # (hidden,)
    outer: Floats  # (hidden, dim)
    other: Floats | None = None  # (their dim, dim) how vectors of another space come in

    def embed(self, bags: Edges, others: Floats | None = None, threads: int = 1) -> Floats:
        """Give the vectors of bags; of one that holds nothing, nought. # (rows, dim)"""
        x = product(bags, self.table, threads)
        if others is not None and self.other is not None:
            x = x + others @ self.other
        bent = np.maximum(x @ self.inner + self.bias, 0) @ self.outer
        bare = ~x.any(axis=1, keepdims=True)
        return unit(np.where(bare, 0, x + bent).astype(np.float32))

    def arrays(self, name: str) -> dict[str, Floats]:
        """Give what it consists of, by names that begin with its own."""
        parts = {k: v for k, v in vars(self).items() if v is not None}
        return {f"{name}.{part}": array for part, array in parts.items()}


def tower_of(name: str, arrays: Mapping[str, Floats]) -> Tower:
    """Read what `arrays` gave, whatever else there is."""
    own = {k.removeprefix(f"{name}."): v for k, v in arrays.items() if k.startswith(f"{name}.")}
    return Tower(**{part: np.asarray(array, np.float32) for part, array in own.items()})
