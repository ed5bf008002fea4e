"""The API's SQL: keys, traces, and what the server says of itself."""

from typing import Any

from sqlalchemy import Delete, Insert, Select, Update, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql as postgres

from api.tables import api_key, persisted_query, trace

PING = text("SELECT 1")
VERSIONS = text(
    "SELECT current_setting('server_version') AS postgres,"
    " (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS pgvector"
)


def insert_key(values: dict[str, Any]) -> Insert:
    return insert(api_key).values(values)


def key_by_id(key: str) -> Select[Any]:
    columns = (api_key.c.id, api_key.c.name, api_key.c.roles, api_key.c.hash, api_key.c.rate)
    return select(*columns).where(api_key.c.id == key, api_key.c.revoked_at.is_(None))


def all_keys() -> Select[Any]:
    columns = (api_key.c.id, api_key.c.name, api_key.c.roles, api_key.c.made_at)
    return select(*columns, api_key.c.rate, api_key.c.revoked_at).order_by(
        api_key.c.made_at, api_key.c.id
    )


def revoke(key: str) -> Update:
    """Revoke a key; a revoked key stays as it was."""
    now = func.coalesce(api_key.c.revoked_at, func.now())
    return update(api_key).where(api_key.c.id == key).values(revoked_at=now)


def persist(values: dict[str, Any]) -> Any:
    """Keep a query; the same one is kept once."""
    return postgres.insert(persisted_query).values(values).on_conflict_do_nothing()


def all_persisted(most: int | None = None) -> Select[Any]:
    columns = (persisted_query.c.hash, persisted_query.c.query, persisted_query.c.name)
    order = (persisted_query.c.name, persisted_query.c.hash)
    return select(*columns, persisted_query.c.added_at).order_by(*order).limit(most)


def forget_persisted(digest: str) -> Delete:
    return delete(persisted_query).where(persisted_query.c.hash.startswith(digest))


# Each page names the page before it, and how many of that page's items were passed by.
SHOWN = text("""
WITH RECURSIVE page AS (
    SELECT (coalesce(tags, items))[1:CAST(:count AS integer)] AS items, question, 1 AS number
    FROM trace WHERE id = :trace AND time >= :since
    UNION ALL
    SELECT (coalesce(trace.tags, trace.items))[
               1:(page.question -> 'after' ->> 'count')::integer
           ], trace.question, page.number + 1
    FROM page JOIN trace ON trace.id = page.question -> 'after' ->> 'trace'
        AND trace.time >= :since
    WHERE page.number < 1000
)
SELECT items FROM page ORDER BY number DESC
""")


TRACE = text("""
SELECT trace.id, trace.time, trace.query, trace.scene, person.key AS person,
       trace.person AS number, trace.release, trace.question, trace.items, trace.tags,
       trace.channels, trace.found_by, trace.scores, trace.arms
FROM trace LEFT JOIN person ON person.id = trace.person
WHERE trace.id = :id LIMIT 1
""")


# A power cut may cost the last moments of traces, and no page waits for a disk.
INSERT_TRACE = insert(trace).returning(func.set_config("synchronous_commit", "off", True))
WAIT_FOR_TURN = text("SET LOCAL lock_timeout = '5s'")
TAKE_TURN = text("SELECT pg_advisory_xact_lock(0x7475726e)")
_BEGAN = """
SELECT CAST(build.snapshot AS pg_snapshot) AS snapshot
FROM weft.artifact JOIN weft.build ON build.id = artifact.build
WHERE artifact.id = ANY(:artifacts) ORDER BY build.id DESC LIMIT 1
"""
_SEEN = "pg_visible_in_snapshot(CAST(CAST(transaction AS text) AS xid8), snapshot)"
ARRIVE = text("""
INSERT INTO weft.arrival (item) SELECT unnest(CAST(:items AS integer[]))
ON CONFLICT (item) DO UPDATE SET transaction = DEFAULT
""")
ARRIVED_SINCE = text(f"""
WITH began AS ({_BEGAN})
SELECT item FROM weft.arrival, began WHERE NOT {_SEEN} ORDER BY transaction DESC LIMIT :most
""")
FORGET_ARRIVED = text(f"""
WITH began AS (
    SELECT CAST(build.snapshot AS pg_snapshot) AS snapshot
    FROM weft.release JOIN weft.build ON build.id = release.build
    WHERE release.id > (SELECT max(id) FROM weft.release) - :keep ORDER BY release.id LIMIT 1)
DELETE FROM weft.arrival USING began WHERE {_SEEN}
""")
# One look for each event: a trace shows some dozen items, and one of them is asked for.
TRACED = text("""
SELECT asked.n, trace.scene, person.key AS person,
       array_position(trace.items, item.id) - 1 AS position
FROM unnest(CAST(:traces AS text[]), CAST(:items AS text[])) WITH ORDINALITY
    AS asked(trace, item, n)
CROSS JOIN LATERAL (
    SELECT scene, person, items FROM trace
    WHERE id = asked.trace AND time >= :since LIMIT 1) AS trace
LEFT JOIN item ON item.key = asked.item
LEFT JOIN person ON person.id = trace.person
""")
# Somebody to show a shop with: who did most of late.
BUSIEST = text("""
SELECT person.key FROM (
    SELECT person FROM event ORDER BY time DESC LIMIT 20000
) AS late JOIN person ON person.id = late.person
GROUP BY person.key ORDER BY count(*) DESC, person.key LIMIT 1
""")
