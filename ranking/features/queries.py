"""The SQL of features: what things are, and what happened before a moment."""

from functools import lru_cache

from sqlalchemy import TextClause, text

from weft.statements import lasting

STREAMED = {"yield_per": 20_000}
MICROS = "(extract(epoch FROM {}) * 1000000)::bigint"

TAGS = text("""
SELECT id, key, array_position(CAST(:facets AS text[]), facet) AS place FROM tag
WHERE id = ANY(:ids) AND facet = ANY(:facets)
""")


# From here on rows may have changed since: what was written by a transaction that is still open.
OLDEST = lasting(
    text("""
SELECT least(now(), min(xact_start)) - interval '2 seconds' FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
""")
)

# The same for one request and for all samples: only the latter have no limit.
DEEDS = lasting(
    text("""
SELECT deed.person, deed.item, deed.kind,
       (extract(epoch FROM deed.time) * 1000000)::bigint AS moment
FROM unnest(CAST(:persons AS integer[])) AS asked(person), LATERAL (
    SELECT event.person, event.item, event.kind, event.time, event.arrival FROM event
    WHERE event.person = asked.person AND event.kind = ANY(:kinds) AND event.item IS NOT NULL
      AND event.time >= :since AND event.time < :until
    ORDER BY event.time DESC, event.arrival DESC LIMIT CAST(:most AS bigint)
) AS deed
ORDER BY deed.person, deed.time, deed.arrival
""")
)


@lru_cache(maxsize=500)
def things(
    table: str,
    words: tuple[str, ...],
    numbers: tuple[str, ...],
    times: tuple[str, ...],
    lists: tuple[str, ...],
    which: str,
) -> TextClause:
    """Read attributes of items or persons, in order of their ids."""
    columns = [
        "id",
        MICROS.format("changed_at"),
        *(f'"{name}"::text' for name in words),
        *(f'"{name}"::float8' for name in numbers),
        *(MICROS.format(f'"{name}"') for name in times),
        *(f'"{name}"' for name in lists),
    ]
    return lasting(text(f"SELECT {', '.join(columns)} FROM {table} {which} ORDER BY id"))


NAMED, EVERY, SINCE = "WHERE id = ANY(:ids)", "", "WHERE changed_at >= :since"


@lru_cache(maxsize=500)
def tallies(of: tuple[str, ...], some: bool) -> TextClause:
    """Count events by what they are of, by the tick before them, and by kind.

    Those at a tick stand with it, so that those before a tick stand with earlier ones.
    """
    dims = [_dimension(source) for source in of]
    names = [f"d{n}" for n in range(len(dims))]
    known = "".join(f" AND {dim} IS NOT NULL" for dim in dims)
    sides = "".join(
        f" JOIN {table} ON {table}.id = event.{table}"
        for table in ("item", "person")
        if any(source.startswith(f"{table}.") and not source.endswith(".key") for source in of)
    )
    mine = " AND event.person = ANY(:persons)" if some else ""
    return text(f"""
        SELECT {", ".join(names)}, {MICROS.format("tick")}, kind, n FROM (
            SELECT {", ".join(f"{d} AS {n}" for d, n in zip(dims, names, strict=True))},
                   date_bin(:every, event.time, timestamptz '1970-01-01 00:00+00') AS tick,
                   event.kind, count(*) AS n
            FROM event{sides}
            WHERE event.kind = ANY(:kinds) AND event.time >= :since AND event.time < :until
                  {known}{mine}
            GROUP BY {", ".join(str(n + 1) for n in range(len(dims) + 2))}
        ) AS counted
    """)


def _dimension(source: str) -> str:
    table, _, attribute = source.rpartition(".")
    if not table:
        return "event.scene"
    return f"event.{table}" if attribute == "key" else f'{table}."{attribute}"::text'
