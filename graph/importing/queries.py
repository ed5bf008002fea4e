"""SQL of imports: keys to ids, rows that are new or differ, counters."""

from sqlalchemy import TextClause, text

EVENT = ["id", "time", "kind", "person", "item", "scene", "position", "keyword", "trace"]
EVENT_COLUMNS = ", ".join([*EVENT, "arrival"])


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

HOLD_DAYS = text("""
INSERT INTO event_day AS old (day, rows)
SELECT day, 0 FROM unnest(CAST(:days AS date[])) AS new(day) ORDER BY day
ON CONFLICT (day) DO UPDATE SET rows = old.rows
RETURNING day, rows
""")
COUNT_DAYS = text("""
UPDATE event_day SET rows = event_day.rows + new.rows
FROM unnest(CAST(:days AS date[]), CAST(:rows AS bigint[])) AS new(day, rows)
WHERE event_day.day = new.day
""")

_INCOMING = """
    id text, time timestamptz, kind text, person integer, item integer,
    scene text, position integer, keyword text, trace text, arrival integer"""
MAKE_INCOMING_EVENT = text(f"CREATE TEMP TABLE IF NOT EXISTS incoming_event ({_INCOMING})")
CLEAR_INCOMING_EVENT = text("TRUNCATE incoming_event")


def _add_events(source: str, tell: bool = False) -> TextClause:
    """Add the events that are not there; their days are held, so nobody else can add them."""
    ids = ", array_agg(id) AS ids" if tell else ""
    return text(f"""
    WITH added AS (
        INSERT INTO event ({EVENT_COLUMNS})
        SELECT {", ".join(f"new.{name}" for name in EVENT)},
               day.rows + row_number() OVER (PARTITION BY day.day ORDER BY new.arrival)
        FROM {source} JOIN event_day AS day ON day.day = (new.time AT TIME ZONE 'UTC')::date
        WHERE (SELECT true FROM event WHERE event.id = new.id AND event.time = new.time) IS NULL
        RETURNING id, time)
    SELECT (time AT TIME ZONE 'UTC')::date AS day, count(*) AS rows{ids} FROM added GROUP BY 1
    """)


ADD_INCOMING_EVENTS = _add_events("incoming_event AS new")
ADD_FEW_EVENTS = _add_events(
    f"json_to_recordset(CAST(:rows AS json)) AS new({_INCOMING})", tell=True
)

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
            OR NOT item.tag_ids @> new.tags AND NOT new.own <@ ARRAY(
                SELECT tag FROM item_tag
                WHERE item_tag.item = item.id AND item_tag.source = 'catalog'))
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


REMOVE_ITEMS = text("""
UPDATE item SET removed_at = now(), changed_at = now()
WHERE key = ANY(:keys) AND removed_at IS NULL
""")


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
ABOVE = text("""
WITH RECURSIVE up (tag, above) AS (
    SELECT id, id FROM tag WHERE id = ANY(:tags) AND retired_at IS NULL
    UNION SELECT up.tag, relation.other
    FROM up JOIN tag_relation relation ON relation.tag = up.above AND relation.kind = 'broader'
)
SELECT tag, above FROM up
""")
TAGS = text("SELECT key, coalesce(redirect, id), facet FROM tag WHERE key = ANY(:keys)")
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

MEANT_TAGS = text("""
SELECT named.key, tag.id, tag.key AS meant
FROM tag named JOIN tag ON tag.id = coalesce(named.redirect, named.id)
WHERE named.key = ANY(:keys)
""")

MAKE_INCOMING_ITEM_TAG = text("""
CREATE TEMP TABLE IF NOT EXISTS incoming_item_tag (
    line bigint, key text, digest bigint, item integer, tag integer, source text,
    confidence double precision, model text, denied boolean)
""")
CLEAR_INCOMING_ITEM_TAG = text("TRUNCATE incoming_item_tag")
CHANGE_ITEM_TAGS = text("""
UPDATE item_tag old
SET confidence = new.confidence, model = new.model, denied = new.denied,
    span_start = NULL, span_end = NULL
FROM incoming_item_tag new
WHERE (old.item, old.tag, old.source) = (new.item, new.tag, new.source)
    AND (old.confidence, old.model, old.denied)
        IS DISTINCT FROM (new.confidence, new.model, new.denied)
RETURNING old.item
""")
ADD_ITEM_TAGS = text("""
INSERT INTO item_tag (item, tag, source, confidence, model, denied)
SELECT item, tag, source, confidence, model, denied FROM incoming_item_tag
ON CONFLICT DO NOTHING RETURNING item
""")

MAKE_INCOMING_TAGS = text("""
CREATE TEMP TABLE IF NOT EXISTS incoming_tag (
    place bigint GENERATED ALWAYS AS IDENTITY, line bigint, key text, digest bigint,
    facet text, parents text[], related text[], id integer, stands boolean);
CREATE TEMP TABLE IF NOT EXISTS incoming_label (
    key text, language text, kind text, text text, normal text);
CREATE TEMP TABLE IF NOT EXISTS wanted_label (
    tag integer, language text, kind text, text text, normal text);
""")
CLEAR_INCOMING_TAGS = text("TRUNCATE incoming_tag, incoming_label, wanted_label RESTART IDENTITY")
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
KNOW_INCOMING_TAGS = text("""
UPDATE incoming_tag SET id = coalesce(tag.redirect, tag.id),
    stands = tag.redirect IS NULL AND tag.retired_at IS NULL
FROM tag WHERE tag.key = incoming_tag.key
""")
STANDING_TAGS = text("SELECT id FROM incoming_tag WHERE stands")
UNKNOWN_PARENTS = text("""
SELECT new.line, new.key, new.parents, array_agg(parent.key ORDER BY parent.key)
FROM incoming_tag new CROSS JOIN unnest(new.parents) AS parent(key)
WHERE NOT EXISTS (SELECT FROM tag WHERE tag.key = parent.key)
GROUP BY new.place, new.line, new.key, new.parents ORDER BY new.place
""")
FORGET_PARENTS = text("UPDATE incoming_tag SET parents = NULL WHERE key = ANY(:keys)")
_NAMED_PARENTS = """
SELECT new.id AS tag, new.key, new.line, new.place, above.id AS other, above.key AS above
FROM incoming_tag new CROSS JOIN unnest(new.parents) AS parent(key)
JOIN tag named ON named.key = parent.key
JOIN tag above ON above.id = coalesce(named.redirect, named.id)
WHERE new.stands AND above.retired_at IS NULL AND (above.id <> new.id OR parent.key = new.key)
"""
PROPOSED_RELATIONS = text(f"SELECT key, above, line FROM ({_NAMED_PARENTS}) new ORDER BY place")
STANDING_RELATIONS = text("""
SELECT tag.key, above.key, 0
FROM tag_relation relation
JOIN tag ON tag.id = relation.tag JOIN tag above ON above.id = relation.other
WHERE relation.kind = 'broader' AND NOT EXISTS (
    SELECT FROM incoming_tag new
    WHERE new.id = relation.tag AND new.stands AND new.parents IS NOT NULL)
""")
WANT_LABELS = text("""
INSERT INTO wanted_label
SELECT DISTINCT new.id, label.language, label.kind, label.text, label.normal
FROM incoming_label label JOIN incoming_tag new USING (key) WHERE new.stands
""")
WANT_MERGED_LABELS = text("""
WITH merged AS (
    SELECT key, id FROM incoming_tag
    WHERE NOT stands AND id IN (SELECT id FROM incoming_tag WHERE stands))
INSERT INTO wanted_label
SELECT DISTINCT new.id, label.language,
       CASE label.kind WHEN 'preferred' THEN 'synonym' ELSE label.kind END,
       label.text, label.normal
FROM incoming_label label JOIN merged new USING (key)
WHERE NOT EXISTS (
    SELECT FROM wanted_label has
    WHERE (has.tag, has.language, has.text) = (new.id, label.language, label.text))
""")
DROP_LABELS = text("""
DELETE FROM tag_label old USING incoming_tag new
WHERE old.tag = new.id AND new.stands AND NOT EXISTS (
    SELECT FROM wanted_label wanted WHERE (wanted.tag, wanted.language, wanted.kind, wanted.text)
        = (old.tag, old.language, old.kind, old.text))
RETURNING old.tag
""")
ADD_LABELS = text("""
INSERT INTO tag_label (tag, language, kind, text, normal) SELECT * FROM wanted_label
ON CONFLICT DO NOTHING RETURNING tag
""")
DROP_RELATIONS = text(f"""
WITH wanted AS ({_NAMED_PARENTS})
DELETE FROM tag_relation old USING incoming_tag new
WHERE old.tag = new.id AND new.stands AND old.kind = 'broader' AND new.parents IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM wanted WHERE (wanted.tag, wanted.other) = (old.tag, old.other))
RETURNING old.tag
""")
ADD_RELATIONS = text(f"""
INSERT INTO tag_relation (tag, kind, other)
SELECT DISTINCT tag, 'broader', other FROM ({_NAMED_PARENTS}) wanted
ON CONFLICT DO NOTHING RETURNING tag
""")
UNKNOWN_RELATED = text("""
SELECT new.line, new.key, new.related, array_agg(other.key ORDER BY other.key)
FROM incoming_tag new CROSS JOIN unnest(new.related) AS other(key)
WHERE NOT EXISTS (SELECT FROM tag WHERE tag.key = other.key)
GROUP BY new.place, new.line, new.key, new.related ORDER BY new.place
""")
FORGET_RELATED = text("UPDATE incoming_tag SET related = NULL WHERE key = ANY(:keys)")
_NAMED_RELATED = """
SELECT side.tag, side.other
FROM incoming_tag new CROSS JOIN unnest(new.related) AS said(key)
JOIN tag named ON named.key = said.key
JOIN tag beside ON beside.id = coalesce(named.redirect, named.id)
CROSS JOIN LATERAL (VALUES (new.id, beside.id), (beside.id, new.id)) AS side(tag, other)
WHERE new.stands AND beside.retired_at IS NULL AND beside.id <> new.id
"""
_OLD_RELATED = """
SELECT side.tag, side.other
FROM incoming_tag new JOIN tag_relation old ON old.tag = new.id AND old.kind = 'related'
CROSS JOIN LATERAL (VALUES (old.tag, old.other), (old.other, old.tag)) AS side(tag, other)
WHERE new.stands AND new.related IS NOT NULL
"""
CONCERNED_TAGS = text(f"SELECT tag FROM ({_NAMED_RELATED} UNION {_OLD_RELATED}) AS pair")
DROP_RELATED = text(f"""
DELETE FROM tag_relation old USING (SELECT * FROM ({_OLD_RELATED}) AS has
                                    EXCEPT SELECT * FROM ({_NAMED_RELATED}) AS wanted) AS gone
WHERE (old.tag, old.other) = (gone.tag, gone.other) AND old.kind = 'related'
RETURNING old.tag
""")
ADD_RELATED = text(f"""
INSERT INTO tag_relation (tag, kind, other)
SELECT DISTINCT tag, 'related', other FROM ({_NAMED_RELATED}) AS wanted
ON CONFLICT DO NOTHING RETURNING tag
""")
TOUCH_TAGS = text("""
UPDATE tag SET revision = revision + 1, changed_at = now() WHERE id = ANY(:tags)
""")
TAG_IDS = text("SELECT id FROM tag WHERE key = ANY(:keys)")
