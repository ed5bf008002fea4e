"""Embeddings of all features: one matrix for all tables of the model's width.

Codes of a table come after those of the tables before it, so that all single features of a side
are one lookup. A table of another width is a matrix of its own, brought to the model's width.
"""

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor, nn

from ranking.examples import Field, Layout, Side
from ranking.networks.batch import Batch, Sided
from ranking.networks.lookup import Rows

SPREAD = 0.01  # standard deviation of what embeddings begin with


class Tables(nn.Module):
    """The rows of every table, `width` numbers each."""

    def __init__(self, layout: Layout, width: int, spread: float = SPREAD) -> None:
        super().__init__()
        tables = layout.tables().values()
        common = [t for t in tables if t.dim in (None, width)]
        self.firsts = dict(zip((t.table for t in common), _firsts(common), strict=True))
        self.rows = Rows(max(1, sum(t.size for t in common)), width)
        nn.init.normal_(self.rows.weight, std=spread)
        others = {t.table: t for t in tables if t.table not in self.firsts}
        self.others = nn.ModuleDict({name: _other(t, width, spread) for name, t in others.items()})

    def look(self, codes: Tensor, fields: Sequence[Field]) -> Tensor:
        """Give the embedding of each code. # (…, fields) → (…, fields, width)"""
        if all(field.table in self.firsts for field in fields):
            return self._common(codes, fields)
        places = range(len(fields))
        return torch.stack([self._one(codes[..., n], fields[n]) for n in places], -2)

    def _common(self, codes: Tensor, fields: Sequence[Field]) -> Tensor:
        firsts = torch.tensor([self.firsts[f.table] for f in fields], device=codes.device)
        found: Tensor = self.rows(codes + firsts)
        return found

    def _one(self, codes: Tensor, field: Field) -> Tensor:
        if field.table in self.firsts:
            found: Tensor = self.rows(codes + self.firsts[field.table])
        else:
            found = self.others[field.table](codes)
        return found


def _firsts(tables: Iterable[Field]) -> list[int]:
    firsts, end = [], 0
    for table in tables:
        firsts.append(end)
        end += table.size
    return firsts


def _other(table: Field, width: int, spread: float) -> nn.Module:
    rows = Rows(table.size, table.dim or width)
    nn.init.normal_(rows.weight, std=spread)
    return nn.Sequential(rows, nn.Linear(table.dim or width, width, bias=False))


class Embedding(nn.Module):
    """Features of pairs as vectors, one for each feature."""

    def __init__(self, layout: Layout, width: int, spread: float = SPREAD) -> None:
        super().__init__()
        self.layout, self.width = layout, width
        self.tables = Tables(layout, width, spread)
        counts = {name: len(side.numbers) for name, side in sides_of(layout).items()}
        self.scales = nn.ParameterDict(
            {
                _scale(name): nn.Parameter(torch.randn(n, width) * spread)
                for name, n in counts.items()
                if n
            }
        )

    def forward(self, batch: Batch) -> Tensor:
        """Give the features of each pair: of who asks, of the item, of both.

        (rows, features, width)
        """
        asks = batch.by_ask(self.side("asks", batch.asks))
        items = batch.by_item(self.side("items", batch.items))
        return torch.cat([asks, items, self.side("pairs", batch.pairs)], 1)

    def side(self, name: str, columns: Sided) -> Tensor:
        """Give the features of a side, but for pasts. # (subjects, features, width)"""
        side = sides_of(self.layout)[name]
        parts = [self.tables.look(columns.ones, side.ones)] if side.ones else []
        parts += [self.bag(b, f)[:, None] for b, f in zip(columns.bags, side.bags, strict=True)]
        if side.numbers:
            parts.append(columns.numbers[..., None] * self.scales[_scale(name)])
        if not parts:
            return torch.zeros(len(columns.ones), 0, self.width, device=columns.ones.device)
        return torch.cat(parts, 1)

    def bag(self, codes: Tensor, field: Field) -> Tensor:
        """Give the mean of what is in each bag; fillings count for nothing. # (subjects, width)"""
        real = (codes > 0)[..., None]
        found = self.tables.look(codes[..., None], (field,))[..., 0, :]  # (subjects, n, width)
        return (found * real).sum(1) / real.sum(1).clamp_min(1)

    def past(self, codes: Tensor, fields: Sequence[Field]) -> tuple[Tensor, Tensor]:
        """Give the steps of pasts, and which of them are real.

        (subjects, length, fields · width), 0 for fillings; (subjects, length)
        """
        real = codes[..., 0] > 0
        found = self.tables.look(codes, fields).flatten(2)
        return found * real[..., None], real


def _scale(side: str) -> str:
    return f"of {side}"  # torch keeps `items` and `keys` of a mapping for itself


def sides_of(layout: Layout) -> Mapping[str, Side]:
    """Give the sides by name."""
    return {"asks": layout.asks, "items": layout.items, "pairs": layout.pairs}


def features_of(layout: Layout) -> list[str]:
    """Name the features in the order of their vectors."""
    return [
        name
        for side in sides_of(layout).values()
        for name in (*(f.name for f in side.ones), *(f.name for f in side.bags), *side.numbers)
    ]
