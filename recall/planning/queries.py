"""The SQL of nearest neighbours under a filter. Each search is one statement.

Parameters are set by `set_config(…, true)` in the statement itself: they end with its
transaction, and no pooler hands them on. It also keeps parallel workers away, which take longer
to start than such a search takes.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Double,
    FromClause,
    Integer,
    LargeBinary,
    Select,
    TableClause,
    Text,
    TextClause,
    all_,
    and_,
    any_,
    bindparam,
    cast,
    column,
    extract,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    text,
    true,
    union_all,
)
from sqlalchemy.types import TypeEngine

from graph.catalog import Catalog
from graph.queries import Condition, clause, column_of, offered
from graph.tables import item, word
from graph.where import Where
from recall.planning.store import Store
from recall.spaces.queries import by_value, vectors_of
from weft.tables import DERIVED

MOMENT: Any = bindparam("moment", type_=DateTime(timezone=True))
SINCE: Any = bindparam("since", type_=DateTime(timezone=True))
KNOWN: Any = bindparam("known", type_=DateTime(timezone=True))
TAG_EDITS = "coalesce((SELECT changes FROM weft.watermark WHERE subject = 'tag'), 0)"
OLDEST = text("""
SELECT least(now(), min(xact_start)) - interval '2 seconds' AS since, now() AS moment
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
""")
MOST_NEW = 500  # nodes that came since memory was filled; with more it is filled anew
PARAMETERS = {
    "ef": "hnsw.ef_search",
    "going_on": "hnsw.iterative_scan",
    "most": "hnsw.max_scan_tuples",
    "memory": "hnsw.scan_mem_multiplier",
}


def copy_out(store: Store) -> str:
    """Read all vectors as PostgreSQL's own bytes."""
    name = vectors_of(store.artifact, store.kind)
    return f"COPY (SELECT id, e FROM {name}) TO STDOUT (FORMAT binary)"


def rows_in(store: Store) -> Select[Any]:
    """Tell about how many rows a store has; nothing where there is no such store."""
    name = func.to_regclass(vectors_of(store.artifact, store.kind))
    pages = table("pg_class", column("oid"), column("reltuples", Double))
    return select(pages.c.reltuples).where(pages.c.oid == name)


def vectors(store: Store, ids: Sequence[int]) -> Select[Any]:
    """Read the vectors of some nodes, each as often and in the order that it is asked for."""
    near = near_table(store)
    asked = (
        func.unnest(literal(list(ids), ARRAY(Integer)))
        .table_valued("id", with_ordinality="n", name="asked")
        .render_derived()
    )
    joined = asked.join(near, near.c.id == asked.c.id)
    return select(cast(near.c.e, Text)).select_from(joined).order_by(asked.c.n)


def words(texts: Sequence[str]) -> Select[Any]:
    """Find keywords by the form that is compared."""
    return select(word.c.id).where(word.c.normal == any_(literal(list(texts), ARRAY(Text))))


def values_of(catalog: Catalog, attribute: str, ids: Sequence[int]) -> Select[Any]:
    """Give the values that items have, in the order of the items."""
    side = column_of(attribute, catalog.item[attribute])
    asked = func.unnest(literal(list(ids), ARRAY(Integer)))
    listed = asked.table_valued("id", with_ordinality="n", name="asked").render_derived()
    joined = listed.join(item, item.c.id == listed.c.id)
    return select(side).select_from(joined).where(side.is_not(None)).order_by(listed.c.n)


def common_values(catalog: Catalog, attribute: str, most: int) -> Select[Any]:
    """Give the values of an attribute that most items have."""
    side = column_of(attribute, catalog.item[attribute])
    chosen = select(side).where(side.is_not(None), offered(catalog, MOMENT))
    return chosen.group_by(side).order_by(func.count().desc(), side).limit(most)


@lru_cache(maxsize=2000)
def matching(store: Store, where: Where) -> Select[Any]:
    """Give the ids that a filter lets through, as bytes, and what tells how long this holds."""
    packed = func.string_agg(func.int4send(item.c.id), literal_column("''::bytea", LargeBinary))
    edits = literal_column(TAG_EDITS, BigInteger).label("edits")
    chosen = select(packed.label("ids"), edits, _next(store.catalog).label("next"))
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
def measured(store: Store, where: Where, per: str | None) -> Select[Any]:
    """Measure every row that the filter lets through; `:k` of each search (and value) come."""
    near, asked = near_table(store), _asked(store, *PARAMETERS)
    distance = _distance(near.c.e, asked.c.v)
    return _nearest(store, where, per, near, asked, distance, distance + 0)


@lru_cache(maxsize=2000)
def indexed(store: Store, where: Where, per: str | None) -> Select[Any]:
    """Walk the index until enough rows match; `:k` of each search (and value) come."""
    near, asked = near_table(store), _asked(store, *PARAMETERS)
    distance = _distance(cast(near.c.e, HALFVEC(store.dim)), asked.c.v)
    return _nearest(store, where, per, near, asked, distance, distance)


@lru_cache(maxsize=2000)
def indexed_by_value(store: Store, where: Where, name: str) -> Select[Any]:
    """Walk the index of one value of the attribute that the vectors are stored by."""
    columns = column("id", Integer), column("e", HALFVEC(store.dim))
    near, asked = table(name, *columns, schema=DERIVED), _asked(store, *PARAMETERS)
    distance = _distance(near.c.e, asked.c.v)
    return _nearest(store, where, None, near, asked, distance, distance)


def table_by_value(store: Store, value: str) -> TextClause:
    """Name the table of one value, where vectors are stored by it."""
    name = by_value(store.artifact)
    query = f"SELECT relname FROM pg_class WHERE oid = (SELECT tableoid FROM {name} "
    return text(f"{query} WHERE value = :value LIMIT 1)").bindparams(value=value)


@lru_cache(maxsize=2000)
def decided(store: Store, where: Where, per: str | None) -> CompoundSelect[Any]:
    """Let the database decide which of `:ids` may be found; memory has measured them already.

    The row with id 0 tells whether memory is out of date: the last node that was placed, the last
    change, and the version of the tags. One plan is good for all
    values, and PostgreSQL can see that: it would take longer to plan than to answer.
    """
    near = near_table(store)
    among, source = (item.c.id, item) if store.kind == "item" else (near.c.id, near)
    value = column_of(per, store.catalog.item[per]) if per else null()
    proposed = among == any_(_listed("ids", Integer()))
    conditions = _conditions(store, where, left_out=False)
    allowed = select(among, value.label("told")).select_from(source).where(proposed, *conditions)
    newest = func.coalesce(select(func.max(near.c.id)).scalar_subquery(), 0)
    state = func.concat_ws(" ", newest, _changed(store), literal_column(TAG_EDITS, BigInteger))
    return union_all(allowed, select(literal_column("0", Integer), state))


def _changed(store: Store) -> ColumnElement[int]:
    """Tell when an item was changed last, in microseconds since 1970."""
    if store.kind != "item":
        return literal_column("0", BigInteger)
    last = select(func.max(item.c.changed_at)).scalar_subquery()
    return cast(func.coalesce(extract("epoch", last), 0) * 1_000_000, BigInteger)


@lru_cache(maxsize=2000)
def fresh(store: Store, where: Where, per: str | None) -> CompoundSelect[Any]:
    """Measure what came since memory was filled, for each search.

    The row of search 0 says how many nodes came, and how many of them were placed.
    """
    near, asked, new = near_table(store), _asked(store), _new(store).cte("new")
    found = new.join(near, near.c.id == new.c.id).join(asked, true())
    value = column_of(per, store.catalog.item[per]) if per else null()
    distance = _distance(near.c.e, asked.c.v).label("d")
    columns = select(asked.c.n, near.c.id, distance, value.label("per"))
    came = columns.select_from(_with_item(store, found, near)).where(*_conditions(store, where))
    placed = cast(func.count().filter(new.c.placed), Double)
    counts = select(literal_column("0", BigInteger), func.count(), placed, cast(null(), Text))
    return union_all(came, counts.select_from(new))


@lru_cache(maxsize=2000)
def near_table(store: Store) -> TableClause:
    """Name the table of a store's vectors."""
    name = vectors_of(store.artifact, store.kind).removeprefix(f"{DERIVED}.")
    return table(name, column("id", Integer), column("e", HALFVEC(store.dim)), schema=DERIVED)


def _nearest(
    store: Store,
    where: Where,
    per: str | None,
    near: TableClause,
    asked: CTE,
    distance: ColumnElement[float],
    order: ColumnElement[float],
) -> Select[Any]:
    """Find the nearest for each search, and for each of `:values` where there is a `per`."""
    conditions = _conditions(store, where)
    sides: FromClause = asked
    value: ColumnElement[Any] = null()
    if per is not None:
        wanted = func.unnest(bindparam("values", type_=ARRAY(Text)))
        values = wanted.table_valued("value", name="wanted").render_derived()
        sides = asked.join(values, true())
        value = values.c.value
        conditions.append(column_of(per, store.catalog.item[per]) == value)
    found = (
        select(near.c.id, distance.label("d"))
        .select_from(_with_item(store, near, near))
        .where(*conditions)
        .order_by(order)
        .limit(bindparam("k", type_=Integer))
        .lateral("found")
    )
    columns = (asked.c.n, found.c.id, found.c.d, value.label("per"))
    return select(*columns).select_from(sides.join(found, true()))


def _asked(store: Store, *parameters: str) -> CTE:
    """Number the searches; set parameters before anything else is done."""
    given = (
        func.unnest(_listed("searches", Text()))
        .table_valued("v", with_ordinality="n", name="given_searches")
        .render_derived()
    )
    vector = cast(given.c.v, HALFVEC(store.dim)).label("v")
    settings = [
        func.set_config(PARAMETERS[name], bindparam(name, type_=Text), true()).label(name)
        for name in parameters
    ]
    return select(vector, cast(given.c.n, BigInteger).label("n"), *settings).cte("asked")


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


def _with_item(store: Store, near: FromClause, table: TableClause) -> FromClause:
    """Join what filters look at."""
    return near.join(item, item.c.id == table.c.id) if store.kind == "item" else near


def _conditions(store: Store, where: Where, left_out: bool = True) -> list[Condition]:
    if store.kind != "item":
        return [true()]
    conditions = [offered(store.catalog, MOMENT), clause(where, store.catalog)]
    if left_out:
        conditions.append(item.c.id != all_(_listed("left_out", Integer())))
    return conditions


def _distance(side: ColumnElement[Any], search: ColumnElement[Any]) -> ColumnElement[float]:
    """Give the inner product with its sign turned, as pgvector orders by."""
    return side.op("<#>", return_type=Double())(search)


def _listed(name: str, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Take a list as one text, `{1,2}`: the driver would look at every value."""
    return cast(bindparam(name, type_=Text), ARRAY(kind))
