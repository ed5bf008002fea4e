"""The taxonomy's SQL."""

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

TAXONOMY_LOCK = 0x77657478

TAG = text("""
SELECT tag.id, tag.key, tag.facet, tag.revision, tag.retired_at, target.key AS redirect,
       ARRAY(SELECT jsonb_build_array(language, text, kind) FROM tag_label
             WHERE tag_label.tag = tag.id ORDER BY language, kind, text) AS labels,
       ARRAY(SELECT above.key FROM tag_relation JOIN tag AS above ON above.id = tag_relation.other
             WHERE tag_relation.tag = tag.id AND kind = 'broader' ORDER BY above.key) AS parents
FROM tag LEFT JOIN tag AS target ON target.id = tag.redirect
WHERE tag.key = :key
""")
ADD_TAG = text("""
INSERT INTO tag (id, key, facet)
SELECT coalesce(max(id), 0) + 1, :key, :facet FROM tag RETURNING id
""")
TOUCH = text("""
UPDATE tag SET revision = revision + 1, changed_at = now() WHERE id = :tag RETURNING revision
""")
ADD_LABEL = text("""
INSERT INTO tag_label (tag, language, kind, text, normal)
VALUES (:tag, :language, :kind, :text, :normal) ON CONFLICT DO NOTHING
""")
DROP_LABEL = text("""
DELETE FROM tag_label
WHERE tag = :tag AND language = :language AND kind = :kind AND text = :text
""")
DROP_PREFERRED = text("""
DELETE FROM tag_label WHERE tag = :tag AND language = :language AND kind = 'preferred'
""")
DROP_PARENTS = text("DELETE FROM tag_relation WHERE tag = :tag AND kind = 'broader'")
ADD_PARENT = text("""
INSERT INTO tag_relation (tag, kind, other) VALUES (:tag, 'broader', :other)
ON CONFLICT DO NOTHING
""")
RELATIONS_ABOVE = text("""
WITH RECURSIVE up (tag) AS (
    SELECT id FROM tag WHERE key = ANY(:keys)
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

MERGE_LABELS = text("""
INSERT INTO tag_label (tag, language, kind, text, normal)
SELECT :into, language, CASE kind WHEN 'preferred' THEN 'synonym' ELSE kind END, text, normal
FROM tag_label AS old WHERE old.tag = :tag
  AND NOT EXISTS (SELECT FROM tag_label AS has
                  WHERE has.tag = :into AND has.language = old.language AND has.text = old.text)
ON CONFLICT DO NOTHING
""")
MERGE_CHILDREN = text("""
INSERT INTO tag_relation (tag, kind, other)
SELECT tag, kind, :into FROM tag_relation WHERE other = :tag AND tag <> :into
ON CONFLICT DO NOTHING
""")
MERGE_ITEMS = text("""
INSERT INTO item_tag (item, tag, source, confidence, denied, span_start, span_end, model)
SELECT item, :into, source, confidence, denied, span_start, span_end, model
FROM item_tag WHERE tag = :tag
ON CONFLICT DO NOTHING
""")
LEAVE_ITEMS = text("DELETE FROM item_tag WHERE tag = :tag")
LEAVE_RELATIONS = text("DELETE FROM tag_relation WHERE tag = :tag OR other = :tag")
LEAVE_LABELS = text("DELETE FROM tag_label WHERE tag = :tag")
REDIRECT = text("UPDATE tag SET redirect = :into WHERE id = :tag OR redirect = :tag")
RETIRE = text("UPDATE tag SET retired_at = now() WHERE id = :tag")

ITEMS_UNDER = text("""
WITH RECURSIVE down (tag) AS (
    SELECT CAST(:tag AS integer)
    UNION SELECT relation.tag
    FROM down JOIN tag_relation AS relation
        ON relation.other = down.tag AND relation.kind = 'broader'
)
SELECT DISTINCT item FROM item_tag JOIN down USING (tag) ORDER BY item
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
INSERT INTO taxonomy_change (id, author, reason, verb, tag, item, revision, before, after)
SELECT coalesce(max(id), 0) + 1, :author, :reason, :verb, :tag, :item, :revision, :before, :after
FROM taxonomy_change RETURNING id
""").bindparams(
    bindparam("before", type_=JSONB(none_as_null=True)), bindparam("after", type_=JSONB)
)
CHANGES_SINCE = text("""
SELECT id, at, author, reason, verb, revision, before, after FROM taxonomy_change
WHERE tag = :tag AND item IS NULL AND revision > :revision ORDER BY id
""")
CHANGES = text("""
SELECT change.id, at, author, reason, verb, tag.key AS tag, item.key AS item,
       change.revision, before, after
FROM taxonomy_change AS change JOIN tag ON tag.id = change.tag LEFT JOIN item ON item.id = change.item
WHERE (CAST(:key AS text) IS NULL OR tag.key = :key) AND change.id < :before_id
ORDER BY change.id DESC LIMIT :count
""")
