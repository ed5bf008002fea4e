"""The SQL of what is known of all items: reading it, and asking what may have changed since."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    LargeBinary,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from graph.catalog import Attribute, Catalog
from graph.queries import clause, offered
from graph.tables import item
from graph.where import Where
from weft.statements import lasting

MOST_NEW = 500  # items that changed since; with more, what is known is read anew
MOMENT: Any = bindparam("moment", type_=DateTime(timezone=True))
SINCE: Any = bindparam("since", type_=DateTime(timezone=True))
MARK = "coalesce((SELECT changes FROM weft.watermark WHERE subject = '{}'), 0)"
OLDEST = lasting(
    text("""
SELECT least(now(), min(xact_start)) - interval '2 seconds' AS since, now() AS moment
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
""")
)
ROWS = lasting(text("SELECT reltuples FROM pg_class WHERE oid = 'item'::regclass"))
ANY_CHANGED = lasting(text("SELECT EXISTS (SELECT FROM item WHERE changed_at >= :since)"))
MICROS = "(extract(epoch FROM {}) * 1000000)::bigint"


@lru_cache(maxsize=2000)
def unsure(catalog: Catalog, where: Where) -> Select[Any]:
    """Give the items that changed since, those of them that may be found, and what was edited."""
    some = select(item.c.id).where(item.c.changed_at >= SINCE)
    some = some.order_by(item.c.changed_at).limit(MOST_NEW + 1)
    changed = some.cte("changed").prefix_with("MATERIALIZED", dialect="postgresql")
    passing = offered(catalog, MOMENT) & clause(where, catalog)
    marks = [literal_column(MARK.format(one), BigInteger) for one in ("tag", "listed")]
    found = select(packed_ids(item.c.id), packed_ids(item.c.id).filter(passing), *marks)
    return lasting(found.select_from(changed.join(item, item.c.id == changed.c.id)))


def packed_ids(ids: ColumnElement[int]) -> ColumnElement[bytes]:
    """Give ids as bytes: one value instead of many rows."""
    return func.string_agg(func.int4send(ids), literal_column("''::bytea", LargeBinary))


def copy_changed(since: datetime) -> str:
    """COPY which items changed, removed ones too, and when."""
    return _copied(f"SELECT id, {MICROS.format('changed_at')} FROM item {_which(since, True)}")


def copy_rows(columns: Sequence[tuple[str, Attribute]], since: datetime | None) -> str:
    """COPY one row for each item; of lists, whether there is one."""
    parts = ["id", *(_cell(name, attribute) for name, attribute in columns)]
    return _copied(f"SELECT {', '.join(parts)} FROM item {_which(since)}")


def copy_words(name: str, since: datetime | None) -> str:
    """COPY one row for each word of a list."""
    return _copied(f'SELECT id, unnest("{name}") FROM item {_which(since)}')


def copy_tags(since: datetime | None) -> str:
    """COPY one row for each tag of each item."""
    return _copied(f"SELECT id, unnest(tag_ids) FROM item {_which(since)}")


def _cell(name: str, attribute: Attribute) -> str:
    if attribute.many:
        return f'"{name}" IS NOT NULL'
    return MICROS.format(f'"{name}"') if attribute.type == "time" else f'"{name}"'


def _which(since: datetime | None, removed: bool = False) -> str:
    parts = [] if removed else ["removed_at IS NULL"]
    parts += [f"changed_at >= '{since.isoformat()}'"] if since else []
    return f"WHERE {' AND '.join(parts)}" if parts else ""


def _copied(query: str) -> str:
    return f"COPY ({query}) TO STDOUT (FORMAT csv)"
