"""What is sent: queries with their variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FIELDS = "key title"
PAGE = """traceId release pageInfo { hasNextPage endCursor } dropped { name }
    edges { node { score item { %s } } }"""
REJECTED = "rejected { index column reason }"


@dataclass(frozen=True)
class Call:
    """One request; `again` tells that sending it twice is as good as once."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    again: bool = True

    def body(self) -> dict[str, Any]:
        """Give what goes over the wire."""
        variables = {n: plain(v) for n, v in self.variables.items() if v is not None}
        return {"query": self.query, "variables": variables}


def recommend(fields: str, **asked: Any) -> Call:
    """Ask for items in a scene."""
    takes = "$scene: String!, $person: ID, $first: Int!, $after: String, $where: ItemFilter, "
    return _page("recommend", f"{takes}$exclude: [ID!]", fields, asked)


def similar_items(fields: str, **asked: Any) -> Call:
    """Ask for items that are like one."""
    takes = "$item: ID!, $space: String, $channel: String, $first: Int!, $after: String, "
    return _page("similarItems", f"{takes}$where: ItemFilter", fields, asked)


def search_items(fields: str, **asked: Any) -> Call:
    """Ask for items by what was typed."""
    takes = "$keyword: String!, $first: Int!, $after: String, $where: ItemFilter"
    return _page("searchItems", takes, fields, asked)


def track(events: Sequence[Mapping[str, Any]]) -> Call:
    """Tell what people did."""
    told = f"accepted known strays {REJECTED}"
    query = f"mutation ($events: [EventInput!]!) {{ track(events: $events) {{ {told} }} }}"
    return Call(query, {"events": events})


def upsert_items(items: Sequence[Mapping[str, Any]]) -> Call:
    """Add or change items."""
    told = f"added changed unchanged {REJECTED}"
    query = f"mutation ($items: [ItemInput!]!) {{ upsertItems(items: $items) {{ {told} }} }}"
    return Call(query, {"items": items})


def remove_items(keys: Sequence[str]) -> Call:
    """Remove items."""
    query = "mutation ($keys: [ID!]!) { removeItems(keys: $keys) { removed gone unknown } }"
    return Call(query, {"keys": keys})


def anything(query: str, variables: Mapping[str, Any], again: bool | None) -> Call:
    """Ask anything; a mutation is sent once, unless it is said that twice is as good."""
    usual = not query.lstrip().startswith("mutation")
    return Call(query, variables, usual if again is None else again)


def plain(value: Any) -> Any:
    """Write a value as JSON has it: moments as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _page(name: str, takes: str, fields: str, asked: Mapping[str, Any]) -> Call:
    given = ", ".join(
        f"{part.split(':')[0][1:]}: {part.split(':')[0]}" for part in takes.split(", ")
    )
    return Call(f"query ({takes}) {{ {name}({given}) {{ {PAGE % fields} }} }}", asked)
