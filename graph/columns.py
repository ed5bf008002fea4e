"""Declared attributes as real columns, so that people who write SQL see columns and not JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from graph import queries
from graph.catalog import Attribute, Catalog
from weft.queries import LOCK_TRANSACTION

COLUMNS_LOCK = 0x77656373
MARK = "declared in the spec: "
TYPES = {"number": "double precision", "time": "timestamptz", "boolean": "boolean"}


@dataclass(frozen=True)
class Generated:
    """A column that follows from `attributes`; its comment says what it was declared as."""

    name: str
    comment: str
    type: str
    value: str
    filter: bool
    many: bool


def sync_columns(connection: Connection, catalog: Catalog) -> None:
    """Make the columns of items and persons follow the spec; does nothing where they do."""
    for table, attributes in (("item", catalog.item), ("person", catalog.user)):
        if _differs(connection, table, attributes):
            connection.execute(LOCK_TRANSACTION, {"key": COLUMNS_LOCK})
            for statement in _statements(connection, table, attributes):
                connection.execute(text(statement))


def generated(name: str, attribute: Attribute) -> Generated:
    """Say which column an attribute gets."""
    many = " many" if attribute.many else ""
    kind = "text[]" if attribute.many else TYPES.get(attribute.type, "text")
    comment = f"{MARK}{attribute.type}{many}"
    return Generated(name, comment, kind, _value(name, attribute), attribute.filter, attribute.many)


def _value(name: str, attribute: Attribute) -> str:
    cell, word = f"attributes -> '{name}'", f"attributes ->> '{name}'"
    if attribute.many:
        return f"CASE jsonb_typeof({cell}) WHEN 'array' THEN weft.to_words({cell}) END"
    if attribute.type == "time":
        return f"CASE WHEN {word} ~ '^[0-9-]{{10}}T[0-9:.]+Z$' THEN weft.to_moment({word}) END"
    if attribute.type in TYPES:
        read = f"({word})::{TYPES[attribute.type]}"
        return f"CASE jsonb_typeof({cell}) WHEN '{attribute.type}' THEN {read} END"
    return f"CASE jsonb_typeof({cell}) WHEN 'string' THEN {word} END"


def _differs(connection: Connection, table: str, attributes: Mapping[str, Attribute]) -> bool:
    wanted = [generated(name, attribute) for name, attribute in attributes.items()]
    filters = {_index(table, column) for column in wanted if column.filter}
    return (
        _standing(connection, table) != {column.name: column.comment for column in wanted}
        or _indexes(connection, table) != filters
    )


def _standing(connection: Connection, table: str) -> dict[str, str]:
    rows = connection.execute(queries.DECLARED_COLUMNS, {"table": table, "mark": f"{MARK}%"})
    return dict(rows.all())


def _indexes(connection: Connection, table: str) -> set[str]:
    names = {"table": table, "prefix": f"{table}\\_by\\_%"}
    return set(connection.execute(queries.INDEXES, names).scalars())


def _index(table: str, column: Generated) -> str:
    return f"{table}_by_{column.name}"


def _statements(
    connection: Connection, table: str, attributes: Mapping[str, Attribute]
) -> Iterator[str]:
    wanted = {name: generated(name, attribute) for name, attribute in attributes.items()}
    standing, indexes = _standing(connection, table), _indexes(connection, table)
    stale = [
        n for n, comment in standing.items() if n not in wanted or wanted[n].comment != comment
    ]
    new = [c for c in wanted.values() if c.name in stale or c.name not in standing]
    if stale or new:
        yield queries.alter(
            table, stale, {c.name: f"{c.type} GENERATED ALWAYS AS ({c.value}) STORED" for c in new}
        )
    yield from (queries.comment_on(table, c.name, c.comment) for c in new)
    gone = {f"{table}_by_{name}" for name in stale}
    yield from _index_statements(table, wanted, indexes - gone)
    if new:
        yield queries.analyze(table)


def _index_statements(
    table: str, wanted: Mapping[str, Generated], indexes: set[str]
) -> Iterator[str]:
    filters = {_index(table, column): column for column in wanted.values() if column.filter}
    yield from (queries.drop_index(name) for name in sorted(indexes - filters.keys()))
    for name in sorted(filters.keys() - indexes):
        column = filters[name]
        yield queries.make_index(table, name, column.name, column.many)
        yield queries.watch(table, column.name)
