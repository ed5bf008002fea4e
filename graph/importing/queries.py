"""SQL of imports: keys to ids, rows that are new or differ, counters."""

from sqlalchemy import TextClause, text

LOCKS = {"tag": 0x77650001, "item": 0x77650002, "person": 0x77650003}
EVENT = ["id", "time", "kind", "person", "item", "scene", "position", "keyword", "trace"]
EVENT_COLUMNS = ", ".join(EVENT)


def ids_of(table: str) -> TextClause:
    return text(f"SELECT key, id FROM {table} WHERE key = ANY(:keys)")


def some_ids(table: str) -> TextClause:
    return text(f"SELECT key, id FROM {table} LIMIT :most")


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

MAKE_INCOMING = text("""
CREATE TEMP TABLE IF NOT EXISTS incoming (
    row integer, line bigint, key text, digest bigint, title text, raw jsonb,
    attributes jsonb GENERATED ALWAYS AS (jsonb_strip_nulls(raw)) STORED,
    own integer[], tags integer[])
""")
CLEAR_INCOMING = text("TRUNCATE incoming")
MAKE_SEEN = text("""
CREATE TEMP TABLE IF NOT EXISTS seen (key text PRIMARY KEY, line bigint, digest bigint)
""")
CLEAR_SEEN = text("TRUNCATE seen")
SEEN = text("SELECT key, line, digest FROM seen WHERE key = ANY(:keys)")


def remember(incoming: str) -> TextClause:
    return text(f"INSERT INTO seen SELECT key, line, digest FROM {incoming} ON CONFLICT DO NOTHING")


CHANGE = {
    "item": text("""
        UPDATE item SET title = new.title, attributes = new.attributes,
            changed_at = now(), removed_at = NULL
        FROM incoming new
        WHERE item.key = new.key AND (item.removed_at IS NOT NULL
            OR (item.title, item.attributes) IS DISTINCT FROM (new.title, new.attributes)
            OR NOT item.tag_ids @> new.tags)
        RETURNING item.id
        """),
    "person": text("""
        UPDATE person SET attributes = new.attributes, changed_at = now()
        FROM incoming new
        WHERE person.key = new.key AND person.attributes IS DISTINCT FROM new.attributes
        RETURNING person.id
        """),
}
ADD = {
    "item": text("""
        INSERT INTO item (id, key, title, attributes, tag_ids)
        SELECT :last + row_number() OVER (ORDER BY row), key, title, attributes, tags
        FROM incoming new WHERE NOT EXISTS (SELECT FROM item WHERE item.key = new.key)
        """),
    "person": text("""
        INSERT INTO person (id, key, attributes)
        SELECT :last + row_number() OVER (ORDER BY row), key, attributes
        FROM incoming new WHERE NOT EXISTS (SELECT FROM person WHERE person.key = new.key)
        """),
}


def last_id(table: str) -> TextClause:
    return text(f"SELECT coalesce(max(id), 0) FROM {table}")


TAG_NEW_ITEMS = text("""
INSERT INTO item_tag (item, tag, source)
SELECT item.id, unnest(new.own), 'catalog'
FROM incoming new JOIN item USING (key) WHERE item.id > :last
""")
UNTAG_CHANGED_ITEMS = text("""
DELETE FROM item_tag USING incoming new JOIN item USING (key)
WHERE item.id = ANY(:items) AND item_tag.item = item.id AND item_tag.source = 'catalog'
    AND item_tag.tag <> ALL(new.own)
""")
TAG_CHANGED_ITEMS = text("""
INSERT INTO item_tag (item, tag, source)
SELECT item.id, unnest(new.own), 'catalog' FROM incoming new JOIN item USING (key)
WHERE item.id = ANY(:items) ON CONFLICT DO NOTHING
""")
REFRESH_ITEMS = text("""
WITH RECURSIVE own AS (
    SELECT DISTINCT item, tag FROM item_tag WHERE item = ANY(:items)
), up (tag, above) AS (
    SELECT DISTINCT tag, tag FROM own
    UNION SELECT up.tag, relation.other
    FROM up JOIN tag_relation relation ON relation.tag = up.above AND relation.kind = 'broader'
), fresh AS (
    SELECT asked.id, coalesce(
        array_agg(DISTINCT up.above ORDER BY up.above) FILTER (WHERE up.above IS NOT NULL), '{}'
    ) AS tag_ids
    FROM unnest(CAST(:items AS integer[])) AS asked(id)
    LEFT JOIN own ON own.item = asked.id LEFT JOIN up USING (tag) GROUP BY asked.id
)
UPDATE item SET tag_ids = fresh.tag_ids, changed_at = now()
FROM fresh WHERE item.id = fresh.id AND item.tag_ids <> fresh.tag_ids
""")
ABOVE = text("""
WITH RECURSIVE up (tag, above) AS (
    SELECT tag, tag FROM unnest(CAST(:tags AS integer[])) AS asked(tag)
    UNION SELECT up.tag, relation.other
    FROM up JOIN tag_relation relation ON relation.tag = up.above AND relation.kind = 'broader'
)
SELECT tag, above FROM up
""")
TAGS = text("SELECT key, id, facet FROM tag WHERE key = ANY(:keys)")
ADD_TAGS = text("""
INSERT INTO tag (id, key, facet)
SELECT (SELECT coalesce(max(id), 0) FROM tag) + row_number() OVER (ORDER BY place), key, facet
FROM unnest(CAST(:keys AS text[]), CAST(:facets AS text[]))
    WITH ORDINALITY AS new(key, facet, place)
WHERE NOT EXISTS (SELECT FROM tag WHERE tag.key = new.key)
RETURNING id, key
""")
NAME_TAGS = text("""
INSERT INTO tag_label (tag, language, kind, text, normal)
SELECT tag, 'und', 'preferred', text, normal
FROM unnest(CAST(:tags AS integer[]), CAST(:texts AS text[]), CAST(:normals AS text[]))
    AS new(tag, text, normal)
""")

MAKE_INCOMING_TAGS = text("""
CREATE TEMP TABLE IF NOT EXISTS incoming_tag (
    place bigint GENERATED ALWAYS AS IDENTITY, line bigint, key text, digest bigint,
    facet text, parents text[], id integer);
CREATE TEMP TABLE IF NOT EXISTS incoming_label (
    key text, language text, kind text, text text, normal text);
""")
CLEAR_INCOMING_TAGS = text("TRUNCATE incoming_tag, incoming_label RESTART IDENTITY")
COUNT_INCOMING_TAGS = text("SELECT count(*) FROM incoming_tag")
DROP_INCOMING_TAGS = text("DELETE FROM incoming_tag WHERE key = ANY(:keys)")
FOREIGN_FACETS = text("""
SELECT new.line, new.key, new.facet, tag.facet FROM incoming_tag new JOIN tag USING (key)
WHERE tag.facet <> new.facet ORDER BY new.place
""")
ADD_INCOMING_TAGS = text("""
INSERT INTO tag (id, key, facet)
SELECT (SELECT coalesce(max(id), 0) FROM tag) + row_number() OVER (ORDER BY place), key, facet
FROM incoming_tag new WHERE NOT EXISTS (SELECT FROM tag WHERE tag.key = new.key)
RETURNING id
""")
KNOW_INCOMING_TAGS = text(
    "UPDATE incoming_tag SET id = tag.id FROM tag WHERE tag.key = incoming_tag.key"
)
UNKNOWN_PARENTS = text("""
SELECT new.line, new.key, new.parents, array_agg(parent.key ORDER BY parent.key)
FROM incoming_tag new CROSS JOIN unnest(new.parents) AS parent(key)
WHERE NOT EXISTS (SELECT FROM tag WHERE tag.key = parent.key)
GROUP BY new.place, new.line, new.key, new.parents ORDER BY new.place
""")
FORGET_PARENTS = text("UPDATE incoming_tag SET parents = NULL WHERE key = ANY(:keys)")
PROPOSED_RELATIONS = text("""
SELECT new.key, parent.key, new.line
FROM incoming_tag new CROSS JOIN unnest(new.parents) AS parent(key) ORDER BY new.place
""")
STANDING_RELATIONS = text("""
SELECT tag.key, above.key, 0
FROM tag_relation relation
JOIN tag ON tag.id = relation.tag JOIN tag above ON above.id = relation.other
WHERE relation.kind = 'broader' AND NOT EXISTS (
    SELECT FROM incoming_tag new WHERE new.id = relation.tag AND new.parents IS NOT NULL)
""")
_WANTED_LABELS = """
WITH wanted AS (
    SELECT DISTINCT new.id AS tag, label.language, label.kind, label.text, label.normal
    FROM incoming_label label JOIN incoming_tag new USING (key))
"""
DROP_LABELS = text(f"""{_WANTED_LABELS}
DELETE FROM tag_label old USING incoming_tag new WHERE old.tag = new.id AND NOT EXISTS (
    SELECT FROM wanted WHERE (wanted.tag, wanted.language, wanted.kind, wanted.text)
        = (old.tag, old.language, old.kind, old.text))
RETURNING old.tag
""")
ADD_LABELS = text(f"""{_WANTED_LABELS}
INSERT INTO tag_label (tag, language, kind, text, normal) SELECT * FROM wanted
ON CONFLICT DO NOTHING RETURNING tag
""")
_WANTED_RELATIONS = """
WITH wanted AS (
    SELECT new.id AS tag, above.id AS other
    FROM incoming_tag new CROSS JOIN unnest(new.parents) AS parent(key)
    JOIN tag above ON above.key = parent.key)
"""
DROP_RELATIONS = text(f"""{_WANTED_RELATIONS}
DELETE FROM tag_relation old USING incoming_tag new
WHERE old.tag = new.id AND old.kind = 'broader' AND new.parents IS NOT NULL AND NOT EXISTS (
    SELECT FROM wanted WHERE (wanted.tag, wanted.other) = (old.tag, old.other))
RETURNING old.tag
""")
ADD_RELATIONS = text(f"""{_WANTED_RELATIONS}
INSERT INTO tag_relation (tag, kind, other) SELECT tag, 'broader', other FROM wanted
ON CONFLICT DO NOTHING RETURNING tag
""")
TOUCH_TAGS = text("UPDATE tag SET changed_at = now() WHERE id = ANY(:tags)")
ITEMS_UNDER = text("""
WITH RECURSIVE down (tag) AS (
    SELECT tag FROM unnest(CAST(:tags AS integer[])) AS asked(tag)
    UNION SELECT relation.tag
    FROM down JOIN tag_relation relation ON relation.other = down.tag AND relation.kind = 'broader'
)
SELECT DISTINCT item FROM item_tag JOIN down USING (tag) ORDER BY item
""")
TAG_IDS = text("SELECT id FROM tag WHERE key = ANY(:keys)")
