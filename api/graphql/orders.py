"""The orders in which items are listed."""

from enum import Enum
from typing import Any

import strawberry

from api.graphql.dynamic import make_class
from graph.catalog import Catalog
from graph.queries import Order

ORDERED = ("number", "time")
MAKE_ENUM: Any = Enum  # whose members are only known now, which no type checker believes


@strawberry.enum
class Direction(Enum):
    """Which end comes first; items without the value come last either way."""

    ASC = "asc"
    DESC = "desc"


def order_type(catalog: Catalog) -> type:
    """Make the input `ItemOrder`, with an enum of what items can be ordered by."""
    declared = [n for n, a in catalog.filters().items() if a.type in ORDERED]
    members = {"KEY": "key", "ADDED": "id", **{name.upper(): name for name in declared}}
    made = MAKE_ENUM("ItemOrderField", members)
    by = strawberry.enum(made, description="What items are ordered by.")
    annotations = {"field": by, "direction": Direction}
    order = make_class("ItemOrder", object, annotations, {"direction": Direction.ASC})
    return strawberry.input(order, description="In which order items are listed.")


def order_of(given: Any) -> Order:
    """Read an order that a caller gave; without one, items come by key."""
    if given is None:
        return Order("key")
    return Order(given.field.value, given.direction is Direction.DESC)
