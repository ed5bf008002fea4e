"""Items that come, change and go, told by whoever keeps the catalogue."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from api import metrics
from api.arriving import drop_items, keep_items
from api.graphql.access import entry
from api.graphql.context import Info
from api.graphql.dynamic import (
    SCALARS,
    graphql_name,
    list_of,
    make_class,
    optional,
    python_name,
    typed,
)
from graph.catalog import Attribute, Catalog
from graph.importing.declared import Outcome
from weft.errors import BadRequest

MOST_ITEMS = 500
KEY, TITLE = "key", "title"


@strawberry.type
class RejectedItem:
    """An item that was not kept, and why."""

    index: int
    column: str | None
    reason: str


@strawberry.type
class UpsertResult:
    """What became of the items."""

    added: int
    changed: int
    unchanged: int
    rejected: list[RejectedItem]


@strawberry.type
class RemoveResult:
    """What became of the keys."""

    removed: int
    gone: int = strawberry.field(description="Items that were removed already.")
    unknown: list[strawberry.ID] = strawberry.field(description="Keys that no item has.")


def input_type(catalog: Catalog) -> type:
    """Make the input `ItemInput`: key, title, and a field for each declared attribute."""
    needed_first = sorted(catalog.item.items(), key=lambda one: not one[1].required)
    declared = {python_name(n): _kind(a) for n, a in needed_first}
    options = {python_name(n): _option(n, a) for n, a in needed_first}
    annotations = {KEY: strawberry.ID, TITLE: str, **declared}
    made = make_class("ItemInput", object, annotations, options)
    return strawberry.input(
        made, description="An item as a whole: an attribute that is left out is not known."
    )


def upsert_field(catalog: Catalog) -> Any:
    """Make the mutation `upsertItems`."""

    async def upsert_items(info: Info, items: Any) -> UpsertResult:
        rows = [_row(item, catalog) for item in _few(items, "items")]
        context = info.context
        outcome = await asyncio.to_thread(
            keep_items,
            context.databases.loading,
            context.texts,
            context.spec,
            context.released,
            rows,
        )
        return _told(outcome)

    resolver = typed(upsert_items, UpsertResult, items=list_of(input_type(catalog)))
    return strawberry.mutation(
        resolver,
        extensions=entry("writer"),
        description="Add or change items, at most 500; whoever asks after the answer finds them. "
        "Needs the role `writer`.",
    )


@strawberry.mutation(
    extensions=entry("writer"),
    description="Remove items, at most 500; no answer that is begun later has them. "
    "Needs the role `writer`.",
)
async def remove_items(info: Info, keys: list[strawberry.ID]) -> RemoveResult:
    """Remove items by their keys."""
    asked = [str(key) for key in _few(keys, "keys")]
    done = await asyncio.to_thread(drop_items, info.context.databases.loading, asked)
    metrics.ITEMS.labels("removed").inc(done.removed)
    unknown = [strawberry.ID(key) for key in done.unknown]
    return RemoveResult(removed=done.removed, gone=done.gone, unknown=unknown)


def _kind(attribute: Attribute) -> Any:
    one = SCALARS[attribute.type]
    kind = list_of(one) if attribute.many else one
    return kind if attribute.required else optional(kind)


def _option(name: str, attribute: Attribute) -> Any:
    default = {} if attribute.required else {"default": UNSET}
    return strawberry.field(name=graphql_name(name), **default)


def _few(things: Sequence[Any], name: str) -> Sequence[Any]:
    if len(things) > MOST_ITEMS:
        raise BadRequest(f"{name}: {len(things):,} at once; at most {MOST_ITEMS:,}")
    return things


def _row(item: object, catalog: Catalog) -> dict[str, Any]:
    """Write an item as a row, under the names of the spec."""
    names = {python_name(name): name for name in catalog.item} | {KEY: KEY, TITLE: TITLE}
    given = {names[f.name]: getattr(item, f.name) for f in fields(item)}  # type: ignore[arg-type]
    return {name: _plain(v) for name, v in given.items() if v is not UNSET and v is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _told(outcome: Outcome) -> UpsertResult:
    counts = {"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged}
    for name, count in {**counts, "rejected": len(outcome.rejects)}.items():
        metrics.ITEMS.labels(name).inc(count)
    rejected = [
        RejectedItem(index=r.line, column=r.column, reason=r.reason) for r in outcome.rejects
    ]
    return UpsertResult(**counts, rejected=rejected)
