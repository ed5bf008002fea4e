"""Edges of items that came or changed: brought up to date in the transaction that changes them.

Only what is known of an item itself, such as its tags; what persons did comes with the builds.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from graph.edges import queries
from graph.edges.attributes import Attributes
from graph.edges.kind import KEYWORDS, Kind
from graph.edges.tags import Tags
from graph.edges.words import Words
from graph.locks import lock
from weft.queries import NEXT_ARTIFACT

Query = tuple[str, Mapping[str, object]]


def follow_items(
    connection: Connection,
    edges: Mapping[str, Kind],
    artifacts: Mapping[str, int],
    items: Sequence[int],
) -> int:
    """Bring the edges from some items up to date; tells how many were another.

    The nodes are marked by a number that no run has yet: kinds that lead through them see that
    something has changed.
    """
    standing = _standing(connection, edges)
    if not items or not standing:
        return 0
    connection.execute(queries.MAKE)
    mark = connection.execute(NEXT_ARTIFACT).scalar_one()
    changed = 0
    for name in standing:
        wanted = _wanted(connection, edges[name], artifacts, items)
        if wanted is not None:
            changed += _write(connection, name, wanted, items, mark)
    return changed


def _standing(connection: Connection, edges: Mapping[str, Kind]) -> list[str]:
    rows = connection.execute(queries.LEGS, {"kinds": list(edges)})
    known = {row.kind for row in rows}
    return [name for name in edges if name in known]


def _wanted(
    connection: Connection, kind: Kind, artifacts: Mapping[str, int], items: Sequence[int]
) -> Query | None:
    """Say what a kind should hold, if it comes from what is known of items."""
    match kind:
        case Tags():
            return queries.believed_tags(kind.facets is not None), {"facets": kind.facets}
        case Words() if KEYWORDS in artifacts:
            return queries.title_words(artifacts[KEYWORDS]), {}
        case Attributes():
            lock(connection, "value")
            values = {"names": sorted(set(kind.of))}
            connection.execute(queries.ADD_VALUES_OF, {**values, "items": list(items)})
            return queries.ITEM_VALUES, values
    return None


def _write(
    connection: Connection, name: str, wanted: Query, items: Sequence[int], mark: int
) -> int:
    query, values = wanted
    given = {key: value for key, value in values.items() if value is not None}
    numbers = {"items": list(items)}
    connection.execute(queries.CLEAR)
    connection.execute(queries.MARK_ITEMS, numbers)
    connection.execute(queries.want_of_due(query), {**given, **numbers})
    connection.execute(queries.compare_whole(name, scoped=True))
    connection.execute(queries.write_changes(name))
    connection.execute(queries.WRITE_NODES, {"kind": name, "artifact": mark})
    return int(connection.execute(queries.COUNT_CHANGES).scalar_one())
