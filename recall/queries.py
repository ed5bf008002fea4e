"""Recall's SQL: making ranked lists, and reading them under a filter."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Double,
    Integer,
    LargeBinary,
    Select,
    SelectBase,
    Text,
    TextClause,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
    union_all,
)

from graph.catalog import Catalog, Lifetime
from graph.tables import item
from graph.where import Where
from recall.narrowing import may_be_found
from weft.statements import lasting
from weft.tables import DERIVED


def table_of(artifact: int) -> str:
    """Name the table that holds an artifact's lists."""
    return f"{DERIVED}.ranked_{artifact}"


def make_table(artifact: int) -> TextClause:
    """Make the empty table of an artifact."""
    return text(f"CREATE TABLE {table_of(artifact)} (LIKE {DERIVED}.ranked INCLUDING ALL)")


def attach_table(artifact: int) -> TextClause:
    """Index a filled table and make it part of `derived.ranked`."""
    name = table_of(artifact)
    return text(f"""
        ALTER TABLE {name} ADD CHECK (artifact = {artifact});
        CREATE INDEX ON {name} (context, rank);
        CREATE INDEX ON {name} (item, context);
        ANALYZE {name};
        ALTER TABLE {DERIVED}.ranked ATTACH PARTITION {name} FOR VALUES IN ({artifact});
    """)


def count_table(artifact: int) -> TextClause:
    """Count rows, lists and items."""
    return text(f"""
        SELECT count(*) AS rows, count(DISTINCT context) AS lists, count(DISTINCT item) AS items
        FROM {table_of(artifact)}
    """)


def fill_popular(artifact: int, by: Sequence[str]) -> TextClause:
    """Rank items by decayed weight of events, for each context.

    Weights are summed as decimals: the sum is the same in whichever order the rows come.
    """
    return _fill(
        artifact,
        by,
        f"""
        SELECT {_sides(by)} e.item,
               sum(round((w.weight * exp(greatest(
                   -100, -ln(2) * extract(epoch FROM :moment - e.time) / :half_life
               )))::numeric, 9)) AS score
        FROM event AS e
        JOIN unnest(CAST(:kinds AS text[]), CAST(:weights AS float8[])) AS w(kind, weight)
             USING (kind)
        JOIN item AS i ON i.id = e.item
        JOIN person AS p ON p.id = e.person
        WHERE e.time > :moment - :window AND e.time <= :moment AND i.removed_at IS NULL
        GROUP BY {_names(by)} e.item
        """,
    )


def fill_fresh(artifact: int, by: Sequence[str], begins: str) -> TextClause:
    """Rank items by when they began to be offered, for each context."""
    return _fill(artifact, by, _fresh(by, begins))


def _fresh(by: Sequence[str], begins: str) -> str:
    return f"""
        SELECT {_sides(by)} i.id AS item,
               1 - extract(epoch FROM :moment - i.{begins}) / extract(epoch FROM :window)
                   AS score
        FROM item AS i
        WHERE i.{begins} > :moment - :window AND i.removed_at IS NULL
    """


@lru_cache(maxsize=2000)
def read_lists(artifact: int, count: int, catalog: Catalog, where: Where) -> Select[Any]:
    """Read lists one after the other, each in order.

    `:context_0` and so on, `:moment`, `:left_out` and `:top` come later.
    """
    rows = table(
        f"ranked_{artifact}", *map(column, ("context", "rank", "item", "score")), schema=DERIVED
    )
    found = may_be_found(catalog, where)

    def one(number: int) -> Any:
        context = bindparam(f"context_{number}", type_=ARRAY(Text))
        return (
            select(rows.c.item, rows.c.score, rows.c.rank, literal_column(str(number)).label("n"))
            .join(item, item.c.id == rows.c.item)
            .where(rows.c.context == context, found)
            .order_by(rows.c.rank, rows.c.score.desc(), rows.c.item)
            .limit(bindparam("top", type_=Integer))
            .subquery()
        )

    lists = [select(one(number)) for number in range(count)]
    if len(lists) == 1:
        return packed(lists[0])
    every = union_all(*lists).subquery()
    return packed(
        select(every).order_by(every.c.n, every.c.rank, every.c.score.desc(), every.c.item)
    )


@lru_cache(maxsize=500)
def whole_list(artifact: int, of_items: bool) -> TextClause:
    """Read the list of `:context`, or what it has of `:items`, as strings of bytes."""
    some = "AND item = ANY(:items)" if of_items else ""
    return lasting(
        text(f"""
        SELECT string_agg(int4send(item), ''), string_agg(int4send(rank), ''),
               string_agg(float8send(score::float8), '')
        FROM (SELECT item, rank, score FROM {table_of(artifact)}
              WHERE context = CAST(:context AS text[]) {some}
              ORDER BY rank, score DESC, item) AS listed
    """)
    )


def packed(found: SelectBase) -> Select[Any]:
    """Give all rows of `item` and `score` as two strings of bytes: thousands at a time."""
    rows = found.subquery("found")
    nothing = literal_column("''::bytea", LargeBinary)
    return select(
        func.string_agg(func.int4send(rows.c.item), nothing),
        func.string_agg(func.float8send(cast(rows.c.score, Double)), nothing),
    )


MOMENT = text("""
SELECT build.moment FROM weft.artifact JOIN weft.build ON build.id = artifact.build
WHERE artifact.id = :artifact
""")


def forget_listed(artifact: int) -> TextClause:
    """Take `:items` out of all lists."""
    return text(f"DELETE FROM {table_of(artifact)} WHERE item = ANY(:items)")


def add_listed(artifact: int, scored: str) -> TextClause:
    """Add rows of context, item and score where their scores belong.

    Who comes later shares the rank of who was there, and stands before it by the score.
    """
    name = table_of(artifact)
    return text(f"""
        INSERT INTO {name} (artifact, context, rank, item, score)
        SELECT {artifact}, new.context, coalesce(
            (SELECT rank FROM {name} AS old
             WHERE old.context = new.context AND old.score <= new.score
             ORDER BY rank LIMIT 1),
            (SELECT rank + 1 FROM {name} AS old WHERE old.context = new.context
             ORDER BY rank DESC LIMIT 1), 1), new.item, new.score
        FROM ({scored}) AS new
    """)


def add_fresh(artifact: int, by: Sequence[str], begins: str) -> TextClause:
    """Add `:items` to the lists of what is new."""
    dims = [f"d{n}" for n in range(len(by))]
    sides = ", ".join(f"CASE WHEN bits & {1 << n} > 0 THEN {d} END" for n, d in enumerate(dims))
    known = " AND ".join(f"(bits & {1 << n} = 0 OR {d} IS NOT NULL)" for n, d in enumerate(dims))
    return add_listed(
        artifact,
        f"""
        SELECT ARRAY[{sides}]::text[] AS context, item, score
        FROM ({_fresh(by, begins)} AND i.id = ANY(:items)) AS scored
        CROSS JOIN generate_series(0, {2 ** len(dims) - 1}) AS subset(bits)
        WHERE {known or "true"}
        """,
    )


HISTORY = lasting(
    text("""
SELECT item, kind, extract(epoch FROM time)::float8 AS time FROM event
WHERE person = :person AND kind = ANY(:kinds) AND item IS NOT NULL
  AND time > :since AND time <= :until
ORDER BY time DESC, arrival DESC LIMIT :most
""")
)

# A plan for any filter suits none, and compiling one takes longer than what it is for.
ONLY_READ = text("""
SELECT set_config('transaction_read_only', 'on', true),
       set_config('statement_timeout', :limit, true),
       set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('jit', 'off', true)
""")
LIMIT = lasting(text("SELECT set_config('statement_timeout', :limit, false)"))
ANSWERS = text("""
WITH liked AS (
    SELECT DISTINCT trace, item FROM event
    WHERE trace IS NOT NULL AND kind = ANY(:kinds)
      AND time > CAST(:moment AS timestamptz) - :window AND time <= :moment
)
SELECT hit.value ->> 0 AS channel,
       least(:last, floor(log(2.0, (hit.value ->> 1)::numeric)))::integer AS bucket,
       count(*) AS shown, count(liked.item) AS liked
FROM trace
CROSS JOIN LATERAL jsonb_array_elements(found_by) WITH ORDINALITY AS place(hits, number)
CROSS JOIN LATERAL jsonb_array_elements(place.hits) AS hit(value)
LEFT JOIN liked ON liked.trace = trace.id AND liked.item = trace.items[place.number]
WHERE trace.time > CAST(:moment AS timestamptz) - :window AND trace.time <= :moment
  AND trace.query = 'recommend'
GROUP BY 1, 2
""")


def begin_column(lifetime: Lifetime) -> str:
    """Name the column that says when an item began to be offered."""
    return f'"{lifetime.begins}"' if lifetime.begins else "added_at"


def _fill(artifact: int, by: Sequence[str], scored: str) -> TextClause:
    """Sum scores for every subset of the dimensions; the list for anybody keeps every item."""
    dims = [f"d{n}" for n in range(len(by))]
    whole = f"grouping({', '.join(dims)})" if dims else "0"
    known = " AND ".join(f"(grouping({d}) = 1 OR {d} IS NOT NULL)" for d in dims) or "true"
    groups = f"CUBE ({', '.join(dims)})," if dims else ""
    apart = ", ".join(["depth", *dims])
    return text(f"""
        INSERT INTO {table_of(artifact)} (artifact, context, rank, item, score)
        WITH scored AS ({scored}),
        summed AS (
            SELECT {"".join(f"{d}, " for d in dims)} item, sum(score) AS score, {whole} AS depth
            FROM scored GROUP BY {groups} item HAVING {known}
        ),
        placed AS (
            SELECT ARRAY[{", ".join(dims)}]::text[] AS context, depth, item, score,
                   row_number() OVER (PARTITION BY {apart} ORDER BY score DESC, item) AS rank
            FROM summed
        )
        SELECT {artifact}, context, rank, item, score FROM placed
        WHERE rank <= :top OR depth = {2 ** len(dims) - 1}
        ORDER BY context, rank
    """)


def _sides(by: Sequence[str]) -> str:
    return "".join(f"{_side(name)} AS d{n}, " for n, name in enumerate(by))


def _names(by: Sequence[str]) -> str:
    return "".join(f"{_side(name)}, " for name in by)


def _side(name: str) -> str:
    side, _, attribute = name.partition(".")
    return {"person": f'p."{attribute}"', "item": f'i."{attribute}"'}.get(side, "e.scene")
