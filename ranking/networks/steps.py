"""The real steps of pasts, one beneath the other: fillings are left out and never looked up."""

from dataclasses import dataclass

from torch import Tensor

from ranking.examples import Field, Layout, Past
from ranking.networks.batch import Batch
from ranking.networks.embedding import Tables


@dataclass(frozen=True)
class Comparing:
    """Which fields of a step and of an item tell of the same; in keys they come first."""

    order: list[int]  # of a step's fields
    fields: list[Field]  # in that order
    places: list[int]  # among the item's fields
    targets: list[Field]

    def keys(self, tables: Tables, codes: Tensor) -> Tensor:
        """Give steps as vectors. # (…, fields) → (…, fields · width)"""
        return tables.look(codes[..., self.order], self.fields).flatten(-2)

    def queries(self, tables: Tables, batch: Batch) -> Tensor:
        """Give each pair's item as a vector. # (rows, targets · width)"""
        codes = batch.items.ones[:, self.places]
        return batch.by_item(tables.look(codes, self.targets).flatten(-2))


def comparing(layout: Layout, past: Past) -> Comparing:
    """Tell what steps of a past can be compared with."""
    ones = layout.items.ones
    named = {field.name: place for place, field in enumerate(ones)}
    known = [n for n, target in enumerate(past.targets) if target in named]
    order = known + [n for n in range(len(past.fields)) if n not in known]
    places = [named[target] for target in past.targets if target in named]
    return Comparing(order, [past.fields[n] for n in order], places, [ones[p] for p in places])


def steps_of(codes: Tensor) -> tuple[Tensor, Tensor]:
    """Give the real steps of pasts, and whose they are.

    (rows, length, fields) → (steps, fields), (steps,)
    """
    row, place = (codes[..., 0] > 0).nonzero(as_tuple=True)
    return codes[row, place], row


def own(codes: Tensor, batch: Batch) -> Tensor:
    """Give each pair the past of its ask. # (asks, length, fields) → (rows, length, fields)"""
    return codes if batch.own_asks else codes.index_select(0, batch.ask)
