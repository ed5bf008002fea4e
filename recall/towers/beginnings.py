"""Where towers begin: rows drawn by chance, or items where another space has them."""

from collections.abc import Mapping

import numpy as np
import torch

from graph.graph import Floats, Numbers
from recall.spaces.trained import unit
from recall.towers.spec import TowerSpace
from recall.towers.tables import Table
from weft.errors import BuildError

OF_ITEMS = ("own", "words")
NOISE = 0.01  # length of an item that the other space does not know, until it learns


def tables_of(space: TowerSpace, sizes: Mapping[str, int], device: str) -> dict[str, Table]:
    """Draw the rows of all tables at about length one; those of items that start elsewhere at 0."""
    tables = {}
    for name, size in sizes.items():
        loud = 0.0 if space.starts() and name in OF_ITEMS else space.dim**-0.5
        tables[name] = Table((torch.randn(size, space.dim) * loud).to(device), space.shrink)
    return tables


def known_before(space: TowerSpace, pretrained: Floats | None, seed: int) -> Floats | None:
    """Give what another space knows of items; as a start, in vectors of length one."""
    if pretrained is None or not space.starts():
        return pretrained
    if pretrained.shape[1] != space.dim:
        raise BuildError(
            f"items cannot start from '{space.pretrained}': its vectors have "
            f"{pretrained.shape[1]} numbers and `dim` is {space.dim}; give both the same `dim`, "
            "or let it be an input (`pretrained_as: input`)"
        )
    start = unit(pretrained)
    empty = ~start.any(1)
    drawn = np.random.default_rng(seed).standard_normal((empty.sum(), space.dim), np.float32)
    start[empty] = unit(drawn) * np.float32(NOISE)
    return start


def lengths_of(space: TowerSpace, done: Numbers, items: int) -> Floats:
    """Give the lengths of items for those who search: a power of their deeds. # (items, 1)"""
    counts = 1 + np.bincount(done, minlength=items)
    return np.asarray(counts[:, None] ** space.popularity, np.float32)
