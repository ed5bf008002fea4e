"""The taxonomy's SQL."""

from sqlalchemy import Integer, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

TAG = text("""
SELECT tag.id, tag.key, tag.facet, tag.revision, tag.retired_at, target.key AS redirect,
       ARRAY(SELECT jsonb_build_array(language, text, kind) FROM tag_label
             WHERE tag_label.tag = tag.id ORDER BY language, kind, text) AS labels,
       ARRAY(SELECT above.key FROM tag_relation JOIN tag AS above ON above.id = tag_relation.other
             WHERE tag_relation.tag = tag.id AND kind = 'broader' ORDER BY above.key) AS parents,
       ARRAY(SELECT beside.key
             FROM tag_relation JOIN tag AS beside ON beside.id = tag_relation.other
             WHERE tag_relation.tag = tag.id AND kind = 'related' ORDER BY beside.key) AS related
FROM tag LEFT JOIN tag AS target ON target.id = tag.redirect
WHERE tag.key = :key
""")
ADD_TAG = text("""
INSERT INTO tag (id, key, facet)
SELECT coalesce(max(id), 0) + 1, :key, :facet FROM tag RETURNING id
""")
TOUCH = text("""
UPDATE tag SET revision = revision + 1, changed_at = now() WHERE id = :tag
""")
ADD_LABEL = text("""
INSERT INTO tag_label (tag, language, kind, text, normal)
VALUES (:tag, :language, :kind, :text, :normal)
""")
DROP_LABEL = text("""
DELETE FROM tag_label
WHERE tag = :tag AND language = :language AND kind = :kind AND text = :text
""")
FREE_NAME = text("""
DELETE FROM tag_label
WHERE tag = :tag AND language = :language AND (kind = 'preferred' OR text = :text)
""")
DROP_PARENTS = text("DELETE FROM tag_relation WHERE tag = :tag AND kind = 'broader'")
ADD_PARENT = text("""
INSERT INTO tag_relation (tag, kind, other) VALUES (:tag, 'broader', :other)
ON CONFLICT DO NOTHING
""")
RELATE = text("""
INSERT INTO tag_relation (tag, kind, other)
VALUES (:tag, 'related', :other), (:other, 'related', :tag) ON CONFLICT DO NOTHING
""")
UNRELATE = text("""
DELETE FROM tag_relation
WHERE kind = 'related' AND (tag, other) IN ((:tag, :other), (:other, :tag))
""")
RELATIONS_ABOVE = text("""
WITH RECURSIVE up (tag) AS (
    SELECT id FROM tag WHERE key = :key
    UNION SELECT relation.other
    FROM up JOIN tag_relation AS relation ON relation.tag = up.tag AND relation.kind = 'broader'
)
SELECT below.key, above.key
FROM up JOIN tag_relation AS relation ON relation.tag = up.tag AND relation.kind = 'broader'
JOIN tag AS below ON below.id = relation.tag JOIN tag AS above ON above.id = relation.other
""")
CHILDREN = text("""
SELECT tag.key FROM tag_relation JOIN tag ON tag.id = tag_relation.tag
WHERE tag_relation.other = :tag AND kind = 'broader' ORDER BY tag.key
""")
CHILDREN_IN_USE = text("""
SELECT tag.key FROM tag_relation JOIN tag ON tag.id = tag_relation.tag
WHERE tag_relation.other = :tag AND kind = 'broader' AND retired_at IS NULL ORDER BY tag.key
""")
RETIRE = text("UPDATE tag SET retired_at = now() WHERE id = :tag")

_FIRST_SAYS = """
SELECT DISTINCT ON (item, tag) item, tag, denied FROM item_tag WHERE {among}
ORDER BY item, tag, array_position(CAST(:precedence AS text[]), source), source
"""
RECONCILE = text(f"""
WITH first AS ({_FIRST_SAYS.format(among="tag IN (:tag, :into)")})
DELETE FROM item_tag USING first
WHERE item_tag.denied AND item_tag.tag IN (:tag, :into)
    AND first.item = item_tag.item AND first.tag <> item_tag.tag AND NOT first.denied
""")
MERGE = (
    text("""
    INSERT INTO tag_label (tag, language, kind, text, normal)
    SELECT :into, language, CASE kind WHEN 'preferred' THEN 'synonym' ELSE kind END, text, normal
    FROM tag_label AS old WHERE old.tag = :tag AND NOT EXISTS (
        SELECT FROM tag_label AS has
        WHERE has.tag = :into AND has.language = old.language AND has.text = old.text)
    ON CONFLICT DO NOTHING
    """),
    text("""
    INSERT INTO tag_relation (tag, kind, other)
    SELECT :into, above.kind, above.other
    FROM tag_relation AS above
    JOIN tag_relation AS below ON below.other = above.tag AND below.kind = above.kind
    WHERE above.tag = :tag AND below.tag = :into AND above.kind = 'broader'
    ON CONFLICT DO NOTHING
    """),
    text("""
    INSERT INTO tag_relation (tag, kind, other)
    SELECT tag, kind, :into FROM tag_relation WHERE other = :tag AND tag <> :into
    UNION ALL
    SELECT :into, kind, other FROM tag_relation
    WHERE tag = :tag AND kind = 'related' AND other <> :into
    ON CONFLICT DO NOTHING
    """),
    text("""
    INSERT INTO item_tag AS has
        (item, tag, source, confidence, denied, span_start, span_end, model)
    SELECT item, :into, source, confidence, denied, span_start, span_end, model
    FROM item_tag WHERE tag = :tag
    ON CONFLICT (item, tag, source) DO UPDATE SET
        denied = has.denied AND excluded.denied,
        confidence = greatest(has.confidence, excluded.confidence)
    """),
    text("UPDATE tag SET redirect = :into WHERE id = :tag OR redirect = :tag"),
)
LEAVE = (
    text("DELETE FROM item_tag WHERE tag = :tag"),
    text("DELETE FROM tag_relation WHERE tag = :tag OR other = :tag"),
    text("DELETE FROM tag_label WHERE tag = :tag"),
)

ITEMS_UNDER = text("""
WITH RECURSIVE down (tag) AS (
    SELECT tag FROM unnest(CAST(:tags AS integer[])) AS asked(tag)
    UNION SELECT relation.tag
    FROM down JOIN tag_relation AS relation
        ON relation.other = down.tag AND relation.kind = 'broader'
)
SELECT DISTINCT item FROM item_tag JOIN down USING (tag) ORDER BY item
""")
REFRESH_ITEMS = text(f"""
WITH RECURSIVE own AS (
    SELECT first.item, first.tag
    FROM ({_FIRST_SAYS.format(among="item = ANY(:items)")}) AS first
    JOIN tag ON tag.id = first.tag
    WHERE NOT first.denied AND tag.retired_at IS NULL
), up (tag, above) AS (
    SELECT DISTINCT tag, tag FROM own
    UNION SELECT up.tag, relation.other
    FROM up JOIN tag_relation AS relation ON relation.tag = up.above AND relation.kind = 'broader'
), fresh AS (
    SELECT asked.id, coalesce(
        array_agg(DISTINCT up.above ORDER BY up.above) FILTER (WHERE up.above IS NOT NULL), '{{}}'
    ) AS tag_ids
    FROM unnest(CAST(:items AS integer[])) AS asked(id)
    LEFT JOIN own ON own.item = asked.id LEFT JOIN up USING (tag) GROUP BY asked.id
)
UPDATE item SET tag_ids = fresh.tag_ids, changed_at = now()
FROM fresh WHERE item.id = fresh.id AND item.tag_ids <> fresh.tag_ids
""")
ITEM = text("SELECT id FROM item WHERE key = :key")
SAY = text("""
INSERT INTO item_tag (item, tag, source, denied) VALUES (:item, :tag, 'human', :denied)
ON CONFLICT (item, tag, source) DO UPDATE SET denied = excluded.denied
""")
SAID = text("""
SELECT source, denied, confidence FROM item_tag WHERE item = :item AND tag = :tag ORDER BY source
""")

ADD_CHANGE = text("""
INSERT INTO taxonomy_change
    (id, author, reason, verb, tag, other, item, revision, before, after)
SELECT coalesce(max(id), 0) + 1,
       :author, :reason, :verb, :tag, :other, :item, :revision, :before, :after
FROM taxonomy_change RETURNING id
""").bindparams(
    bindparam("before", type_=JSONB(none_as_null=True)), bindparam("after", type_=JSONB)
)
CHANGES_SINCE = text("""
SELECT id, at, author, reason, verb, revision, before, after FROM taxonomy_change
WHERE item IS NULL AND (tag = :tag AND revision > :revision
    OR other = :tag
        AND (coalesce(after -> 'into', after -> 'other') ->> 'revision')::integer > :revision)
ORDER BY id
""")
CHANGES = text("""
SELECT change.id, at, author, reason, verb, tag.key AS tag, other.key AS other, item.key AS item,
       change.revision, before, after
FROM taxonomy_change AS change
JOIN tag ON tag.id = change.tag
LEFT JOIN tag AS other ON other.id = change.other
LEFT JOIN item ON item.id = change.item
WHERE (CAST(:before_id AS integer) IS NULL OR change.id < :before_id)
    AND (CAST(:key AS text) IS NULL
         OR change.tag = (SELECT id FROM tag WHERE key = :key)
         OR change.other = (SELECT id FROM tag WHERE key = :key))
ORDER BY change.id DESC LIMIT :count
""")
COUNT_CHANGES = text("""
SELECT count(*) FROM taxonomy_change
WHERE CAST(:key AS text) IS NULL
    OR tag = (SELECT id FROM tag WHERE key = :key) OR other = (SELECT id FROM tag WHERE key = :key)
""")

_PLAIN = """
SELECT tag.id, tag.revision, jsonb_build_object(
    'key', tag.key, 'facet', tag.facet, 'revision', tag.revision,
    'labels', coalesce(named.labels, '[]'), 'parents', coalesce(placed.parents, '[]'),
    'related', coalesce(placed.related, '[]'), 'redirect', NULL, 'retired', false) AS plain
FROM tag
LEFT JOIN (
    SELECT label.tag, jsonb_agg(
        jsonb_build_object('language', language, 'text', text, 'kind', kind)
        ORDER BY language, kind, text) AS labels
    FROM tag_label AS label WHERE label.tag = ANY(:tags) GROUP BY label.tag
) AS named ON named.tag = tag.id
LEFT JOIN (
    SELECT relation.tag,
           jsonb_agg(other.key ORDER BY other.key) FILTER (WHERE kind = 'broader') AS parents,
           jsonb_agg(other.key ORDER BY other.key) FILTER (WHERE kind = 'related') AS related
    FROM tag_relation AS relation JOIN tag AS other ON other.id = relation.other
    WHERE relation.tag = ANY(:tags) GROUP BY relation.tag
) AS placed ON placed.tag = tag.id
WHERE tag.id = ANY(:tags)
"""
MAKE_INCOMING_BEFORE = text("""
CREATE TEMP TABLE IF NOT EXISTS incoming_before (tag integer PRIMARY KEY, plain jsonb)
""")
CLEAR_INCOMING_BEFORE = text("TRUNCATE incoming_before")
KEEP_BEFORE = text(f"INSERT INTO incoming_before SELECT id, plain FROM ({_PLAIN}) AS old")
ADD_IMPORTED = text(f"""
WITH last AS (SELECT coalesce(max(id), 0) AS id FROM taxonomy_change), added AS (
    INSERT INTO taxonomy_change (id, author, reason, verb, tag, revision, before, after)
    SELECT last.id + row_number() OVER (ORDER BY new.id),
           :author, :reason, :verb, new.id, new.revision, old.plain, new.plain
    FROM last CROSS JOIN ({_PLAIN}) AS new LEFT JOIN incoming_before AS old ON old.tag = new.id
    RETURNING id
)
SELECT max(id) FROM added
""")

NEWEST_CHANGE = text("SELECT coalesce(max(id), 0) FROM taxonomy_change")
TOUCHED_SINCE = text("""
WITH since AS (
    SELECT tag, other FROM taxonomy_change WHERE id > :since AND item IS NULL
), named AS (
    SELECT tag FROM since UNION SELECT other FROM since WHERE other IS NOT NULL
)
SELECT tag FROM named
UNION SELECT relation.tag FROM since JOIN tag_relation AS relation ON relation.other = since.other
UNION SELECT tag.id FROM since JOIN tag ON tag.redirect = since.other
ORDER BY tag
""")
LEXICON_TAGS = text("""
SELECT tag.id, tag.key, tag.facet,
       ARRAY(SELECT other FROM tag_relation AS relation
             WHERE relation.tag = tag.id AND kind = 'broader' ORDER BY other),
       tag.redirect
FROM tag WHERE retired_at IS NULL AND (CAST(:only AS integer[]) IS NULL OR id = ANY(:only))
ORDER BY tag.id
""").bindparams(bindparam("only", type_=ARRAY(Integer)))
LEXICON_LABELS = text("""
SELECT label.tag, language, kind, text
FROM tag_label AS label JOIN tag ON tag.id = label.tag
WHERE retired_at IS NULL AND (CAST(:only AS integer[]) IS NULL OR label.tag = ANY(:only))
ORDER BY label.tag, language, kind, text
""").bindparams(bindparam("only", type_=ARRAY(Integer)))
