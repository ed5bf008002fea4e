"""The SQL that memory lives by: what matches, which proposals may be found, what came since."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Double,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    extract,
    false,
    func,
    literal_column,
    null,
    select,
    text,
    true,
    union_all,
)

from graph.catalog import Catalog
from graph.meaning import Meaning
from graph.queries import Condition, clause, column_of, offered
from graph.tables import item
from graph.where import Where
from recall.offers.queries import MARK, packed_ids
from recall.planning.queries import (
    MOMENT,
    conditions,
    distance_of,
    listed,
    near_table,
    numbered,
    with_item,
)
from recall.planning.store import Store
from weft.statements import lasting

NONE: Any = literal_column("0", Integer)
SINCE: Any = bindparam("since", type_=DateTime(timezone=True))
KNOWN: Any = bindparam("known", type_=DateTime(timezone=True))
TAG_EDITS = MARK.format("tag")
TAG_VERSION = text(f"SELECT {TAG_EDITS}")
MOST_NEW = 500  # nodes that came since memory was filled; with more it is filled anew


@lru_cache(maxsize=2000)
def matching(store: Store, where: Where) -> Select[Any]:
    """Give the ids that a filter lets through, as bytes, and what tells how long this holds."""
    edits = literal_column(TAG_EDITS, BigInteger).label("edits")
    chosen = select(packed_ids(item.c.id).label("ids"), edits, _next(store.catalog).label("next"))
    return chosen.where(offered(store.catalog, MOMENT), clause(where, store.catalog))


def _next(catalog: Catalog) -> ColumnElement[Any]:
    """Tell when another item begins."""
    begins = catalog.lifetime.begins
    if not begins:
        return cast(null(), MOMENT.type)
    side = column_of(begins, catalog.item[begins])
    later = select(func.min(side)).select_from(item).where(side > MOMENT)
    return later.correlate(None).scalar_subquery()


@lru_cache(maxsize=2000)
def decided(store: Store, where: Where, meaning: Meaning, per: str | None) -> Select[Any]:
    """Let the database decide which of `:ids` may be found; memory has measured them already.

    The one row tells whether memory is out of date, too: the last node that was placed, the last
    change, and the version of the tags. One plan is good for all values, and PostgreSQL can see
    that: it would take longer to plan than to answer.
    """
    near = near_table(store)
    among, source = (item.c.id, item) if store.kind == "item" else (near.c.id, near)
    values = func.array_agg(column_of(per, store.catalog.item[per])) if per else null()
    newest = select(func.max(near.c.id)).correlate(None).scalar_subquery()
    state = (func.coalesce(newest, NONE), _changed(store), literal_column(TAG_EDITS, BigInteger))
    tests = conditions(store, where, meaning, left_out=False)
    chosen = select(packed_ids(among), values, *state).select_from(source)
    return lasting(chosen.where(among == any_(listed("ids", Integer())), *tests))


@lru_cache(maxsize=200)
def news(store: Store) -> Select[Any]:
    """Tell what may be unknown to memory: items that changed since, the last node, the tags."""
    since = select(item.c.id).where(item.c.changed_at >= SINCE).order_by(item.c.changed_at)
    some = since.limit(MOST_NEW + 1).subquery()
    changed = select(packed_ids(some.c.id)).correlate(None).scalar_subquery()
    newest = select(func.max(near_table(store).c.id)).correlate(None).scalar_subquery()
    return lasting(
        select(changed, func.coalesce(newest, NONE), literal_column(TAG_EDITS, BigInteger))
    )


def _changed(store: Store) -> ColumnElement[int]:
    """Tell when an item was changed last, in microseconds since 1970."""
    if store.kind != "item":
        return literal_column("0", BigInteger)
    last = select(func.max(item.c.changed_at)).correlate(None).scalar_subquery()
    microseconds = extract("epoch", last) * literal_column("1000000", Integer)
    return cast(func.coalesce(microseconds, NONE), BigInteger)


@lru_cache(maxsize=2000)
def fresh(store: Store, where: Where, meaning: Meaning, per: str | None) -> CompoundSelect[Any]:
    """Measure what came since memory was filled, for each search.

    The row of search 0 says how many nodes came, and how many of them were placed.
    """
    near, asked, new = near_table(store), numbered(store), _new(store).cte("new")
    found = new.join(near, near.c.id == new.c.id).join(asked, true())
    value = column_of(per, store.catalog.item[per]) if per else null()
    distance = distance_of(near.c.e, asked.c.v).label("d")
    columns = select(asked.c.n, near.c.id, distance, value.label("per"))
    came = columns.select_from(with_item(store, found, near))
    came = came.where(*conditions(store, where, meaning))
    placed = cast(func.count().filter(new.c.placed), Double)
    counts = select(literal_column("0", BigInteger), func.count(), placed, cast(null(), Text))
    return lasting(union_all(came, counts.select_from(new)))


def _new(store: Store) -> CompoundSelect[Any]:
    """Find nodes that changed, began or were placed since memory was filled; only so many."""
    begins, near = store.catalog.lifetime.begins, near_table(store)
    newest = bindparam("newest", type_=Integer)
    parts = [_first(near.c.id, near.c.id, near.c.id > newest, placed=True)]
    if store.kind == "item":
        parts.append(_first(item.c.id, item.c.changed_at, item.c.changed_at >= SINCE))
    if store.kind == "item" and begins:
        side = column_of(begins, store.catalog.item[begins])
        parts.append(_first(item.c.id, side, and_(side > KNOWN, side <= MOMENT)))
    return union_all(*parts)


def _first(
    id: ColumnElement[int], by: ColumnElement[Any], condition: Condition, placed: bool = False
) -> Select[Any]:
    most = literal_column(str(MOST_NEW), Integer)
    some = select(id.label("id")).where(condition).order_by(by).limit(most).subquery()
    return select(some.c.id, (true() if placed else false()).label("placed"))
