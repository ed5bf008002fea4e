"""SQL of imports: keys to ids, rows that are new or differ, counters."""

from sqlalchemy import TextClause, text

LOCKS = {"tag": 0x77650001, "item": 0x77650002, "person": 0x77650003}
EVENT = ["id", "time", "kind", "person", "item", "scene", "position", "keyword", "trace"]
EVENT_COLUMNS = ", ".join(EVENT)


def ids_of(table: str) -> TextClause:
    return text(f"SELECT key, id FROM {table} WHERE key = ANY(:keys)")


ADD_PERSONS = text("""
INSERT INTO person (id, key)
SELECT (SELECT coalesce(max(id), 0) FROM person) + row_number() OVER (ORDER BY place), key
FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY AS new(key, place)
WHERE NOT EXISTS (SELECT FROM person WHERE person.key = new.key)
""")

MAKE_INCOMING_EVENT = text("""
CREATE TEMP TABLE IF NOT EXISTS incoming_event (
    id text, time timestamptz, kind text, person integer, item integer,
    scene text, position integer, keyword text, trace text)
""")
CLEAR_INCOMING_EVENT = text("TRUNCATE incoming_event")


def _add_events(source: str) -> TextClause:
    return text(f"""
    WITH added AS (
        INSERT INTO event ({EVENT_COLUMNS}) SELECT {EVENT_COLUMNS} FROM {source}
        ON CONFLICT DO NOTHING RETURNING time)
    SELECT (time AT TIME ZONE 'UTC')::date, count(*) FROM added GROUP BY 1
    """)


ADD_INCOMING_EVENTS = _add_events("incoming_event")
ADD_FEW_EVENTS = _add_events("""json_to_recordset(CAST(:rows AS json)) AS few(
    id text, time timestamptz, kind text, person integer, item integer,
    scene text, position integer, keyword text, trace text)""")

COUNT_DAYS = text("""
INSERT INTO event_day (day, rows)
SELECT * FROM unnest(CAST(:days AS date[]), CAST(:rows AS bigint[])) AS new(day, rows) ORDER BY day
ON CONFLICT (day) DO UPDATE SET rows = event_day.rows + excluded.rows
""")
COUNT_CHANGES = text("""
INSERT INTO weft.watermark (subject, changes) VALUES (:subject, :changes)
ON CONFLICT (subject) DO UPDATE SET changes = watermark.changes + excluded.changes
""")
