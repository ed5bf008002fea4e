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
    DateTime,
    Double,
    FromClause,
    Integer,
    Select,
    TableClause,
    Text,
    TextClause,
    all_,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    null,
    select,
    table,
    text,
    true,
)
from sqlalchemy.types import TypeEngine

from graph.catalog import Catalog
from graph.meaning import Meaning
from graph.queries import Condition, clause, column_of, offered
from graph.tables import item, word
from graph.where import Where
from recall.planning.store import Store
from recall.spaces.queries import by_value, vectors_of
from weft.statements import lasting
from weft.tables import DERIVED

MOMENT: Any = bindparam("moment", type_=DateTime(timezone=True))
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


def newest_in(store: Store) -> TextClause:
    """Give the largest id of a store."""
    return text(f"SELECT coalesce(max(id), 0) FROM {vectors_of(store.artifact, store.kind)}")


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
    return lasting(select(cast(near.c.e, Text)).select_from(joined).order_by(asked.c.n))


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
def measured(store: Store, where: Where, per: str | None) -> Select[Any]:
    """Measure every row that the filter lets through; `:k` of each search (and value) come."""
    near, asked = near_table(store), numbered(store, *PARAMETERS)
    distance = distance_of(near.c.e, asked.c.v)
    return _nearest(store, where, per, near, asked, distance, distance + 0)


@lru_cache(maxsize=2000)
def indexed(store: Store, where: Where, per: str | None) -> Select[Any]:
    """Walk the index until enough rows match; `:k` of each search (and value) come."""
    near, asked = near_table(store), numbered(store, *PARAMETERS)
    distance = distance_of(cast(near.c.e, HALFVEC(store.dim)), asked.c.v)
    return _nearest(store, where, per, near, asked, distance, distance)


@lru_cache(maxsize=2000)
def indexed_by_value(store: Store, where: Where, name: str) -> Select[Any]:
    """Walk the index of one value of the attribute that the vectors are stored by."""
    columns = column("id", Integer), column("e", HALFVEC(store.dim))
    near, asked = table(name, *columns, schema=DERIVED), numbered(store, *PARAMETERS)
    distance = distance_of(near.c.e, asked.c.v)
    return _nearest(store, where, None, near, asked, distance, distance)


def table_by_value(store: Store, value: str) -> TextClause:
    """Name the table of one value, where vectors are stored by it."""
    name = by_value(store.artifact)
    query = f"SELECT relname FROM pg_class WHERE oid = (SELECT tableoid FROM {name} "
    return text(f"{query} WHERE value = :value LIMIT 1)").bindparams(value=value)


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
    tests = conditions(store, where)
    sides: FromClause = asked
    value: ColumnElement[Any] = null()
    if per is not None:
        wanted = func.unnest(bindparam("values", type_=ARRAY(Text)))
        values = wanted.table_valued("value", name="wanted").render_derived()
        sides = asked.join(values, true())
        value = values.c.value
        tests.append(column_of(per, store.catalog.item[per]) == value)
    found = (
        select(near.c.id, distance.label("d"))
        .select_from(with_item(store, near, near))
        .where(*tests)
        .order_by(order)
        .limit(bindparam("k", type_=Integer))
        .lateral("found")
    )
    columns = (asked.c.n, found.c.id, found.c.d, value.label("per"))
    return select(*columns).select_from(sides.join(found, true()))


def numbered(store: Store, *parameters: str) -> CTE:
    """Number the searches; set parameters before anything else is done."""
    given = (
        func.unnest(listed("searches", Text()))
        .table_valued("v", with_ordinality="n", name="given_searches")
        .render_derived()
    )
    vector = cast(given.c.v, HALFVEC(store.dim)).label("v")
    settings = [
        func.set_config(PARAMETERS[name], bindparam(name, type_=Text), true()).label(name)
        for name in parameters
    ]
    return select(vector, cast(given.c.n, BigInteger).label("n"), *settings).cte("asked")


def with_item(store: Store, near: FromClause, table: TableClause) -> FromClause:
    """Join what filters look at."""
    return near.join(item, item.c.id == table.c.id) if store.kind == "item" else near


def conditions(
    store: Store, where: Where, meaning: Meaning | None = None, left_out: bool = True
) -> list[Condition]:
    if store.kind != "item":
        return [true()]
    tests = [offered(store.catalog, MOMENT), clause(where, store.catalog, meaning)]
    if left_out:
        tests.append(item.c.id != all_(listed("left_out", Integer())))
    return tests


def distance_of(side: ColumnElement[Any], search: ColumnElement[Any]) -> ColumnElement[float]:
    """Give the inner product with its sign turned, as pgvector orders by."""
    return side.op("<#>", return_type=Double())(search)


def listed(name: str, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Take a list as one text, `{1,2}`: the driver would look at every value."""
    return cast(bindparam(name, type_=Text), ARRAY(kind))
