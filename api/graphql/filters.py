"""Filters on items: one input for each kind of attribute, and one field for each attribute."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from api.graphql.dynamic import graphql_name, list_of, make_class, optional, python_name
from graph.catalog import Catalog
from graph.where import EVERYTHING, Where, read_where
from weft.errors import BadRequest


def _renamed(name: str) -> Any:
    return strawberry.field(name=name, default=UNSET)


@strawberry.input
class NumberFilter:
    """A test of a number; what is given must all hold."""

    eq: float | None = UNSET
    in_: list[float] | None = _renamed("in")
    gt: float | None = UNSET
    gte: float | None = UNSET
    lt: float | None = UNSET
    lte: float | None = UNSET
    exists: bool | None = UNSET


@strawberry.input
class TimeFilter:
    """A test of a time; what is given must all hold."""

    eq: datetime | None = UNSET
    in_: list[datetime] | None = _renamed("in")
    gt: datetime | None = UNSET
    gte: datetime | None = UNSET
    lt: datetime | None = UNSET
    lte: datetime | None = UNSET
    exists: bool | None = UNSET


@strawberry.input
class KeywordFilter:
    """A test of a word; what is given must all hold."""

    eq: str | None = UNSET
    in_: list[str] | None = _renamed("in")
    exists: bool | None = UNSET


@strawberry.input
class TagFilter:
    """A test of a tag, by its key; what is given must all hold."""

    eq: str | None = UNSET
    in_: list[str] | None = _renamed("in")
    under: str | None = strawberry.field(
        default=UNSET, description="this tag or any below it in the hierarchy"
    )
    exists: bool | None = UNSET


@strawberry.input
class BooleanFilter:
    """A test of a yes and no."""

    eq: bool | None = UNSET
    exists: bool | None = UNSET


FILTERS: dict[str, type] = {
    "tag": TagFilter,
    "keyword": KeywordFilter,
    "number": NumberFilter,
    "time": TimeFilter,
    "boolean": BooleanFilter,
}


def filter_type(catalog: Catalog) -> type:
    """Make the input `ItemFilter`: a field for each declared filter, and `and`, `or`, `not`."""
    declared = {python_name(n): optional(FILTERS[a.type]) for n, a in catalog.filters().items()}
    names = {python_name(n): graphql_name(n) for n in (*catalog.filters(), "and", "or", "not")}
    made = make_class("ItemFilter", object, declared, {p: _renamed(g) for p, g in names.items()})
    several = optional(list_of(made))
    made.__annotations__ |= {"and_": several, "or_": several, "not_": optional(made)}
    return strawberry.input(made, description="Which items; what is given must all hold.")


def where_of(given: object, catalog: Catalog) -> Where:
    """Check a filter that a caller gave."""
    return read_where(mapping_of(given), catalog) if given else EVERYTHING


def mapping_of(given: object, path: str = "where") -> Mapping[str, Any]:
    """Write a filter as `read_where` takes it, under the names of the spec."""
    values = {f.name.removesuffix("_"): getattr(given, f.name) for f in fields(given)}  # type: ignore[arg-type]
    return {n: _plain(v, f"{path}.{n}") for n, v in values.items() if v is not UNSET}


def _plain(value: Any, path: str) -> Any:
    if value is None:
        raise BadRequest(f"{path}: null is no test; leave it out, or ask `exists: false`")
    if isinstance(value, list):
        return [_plain(v, path) for v in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return mapping_of(value, path) if strawberry.types.has_object_definition(value) else value
