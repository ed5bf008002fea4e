"""SQL for mining and keeping suggestions."""

from sqlalchemy import text

_ROWS = """jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    kind text, tag integer, language text, text text, score double precision, evidence jsonb)"""
_SAME = """(old.kind, old.text) = (new.kind, new.text) AND old.tag IS NOT DISTINCT FROM new.tag"""
RENEW = text(f"""
UPDATE suggestion AS old
SET language = new.language, score = new.score, evidence = new.evidence, last_seen = :moment
FROM {_ROWS} WHERE {_SAME} AND old.state = 'open'
""")
ADD = text(f"""
INSERT INTO suggestion (id, kind, tag, language, text, score, evidence, first_seen, last_seen)
SELECT (SELECT coalesce(max(id), 0) FROM suggestion)
           + row_number() OVER (ORDER BY kind, score DESC, text, tag),
       kind, tag, language, text, score, evidence, :moment, :moment
FROM {_ROWS} WHERE NOT EXISTS (SELECT FROM suggestion AS old WHERE {_SAME})
""")
FORGET_LABELLED = text("""
DELETE FROM suggestion USING tag_label AS label JOIN tag ON tag.id = label.tag
WHERE state = 'open' AND suggestion.kind IN ('synonym', 'misspelling', 'entity')
  AND label.normal = suggestion.text AND tag.redirect IS NULL AND tag.retired_at IS NULL
""")
FORGET_SETTLED = text("""
DELETE FROM suggestion
WHERE state = 'open' AND kind IN ('ambiguous', 'idle') AND last_seen < :moment
""")
COUNTS = text("SELECT kind, count(*) AS open FROM suggestion WHERE state = 'open' GROUP BY kind")

SEARCHED = text("""
SELECT keyword, count(*) AS searches FROM event
WHERE kind = 'search' AND keyword IS NOT NULL AND time > :since
GROUP BY keyword ORDER BY count(*) DESC, keyword LIMIT :most
""")
MAKE_ASKED = text("""
DROP TABLE IF EXISTS asked, asked_click, label_click;
CREATE TEMP TABLE asked (keyword text, word text, open boolean) ON COMMIT DROP
""")
ADD_ASKED = text("""
INSERT INTO asked SELECT * FROM unnest(
    CAST(:keywords AS text[]), CAST(:words AS text[]), CAST(:open AS boolean[]))
""")
_IN_USE = "tag.redirect IS NULL AND tag.retired_at IS NULL"
MAKE_CLICKS = text("""
CREATE TEMP TABLE asked_click ON COMMIT DROP AS
SELECT asked.word, asked.open, clicked.item, count(DISTINCT clicked.person) AS persons
FROM asked
JOIN event AS search ON search.keyword = asked.keyword
JOIN event AS clicked ON clicked.trace = search.trace AND clicked.person = search.person
WHERE search.kind = 'search' AND search.time > :since
  AND clicked.kind = ANY(:kinds) AND clicked.item IS NOT NULL AND clicked.time >= search.time
GROUP BY asked.word, asked.open, clicked.item
""")
MAKE_LABEL_CLICKS = text(f"""
CREATE TEMP TABLE label_click ON COMMIT DROP AS
SELECT DISTINCT tag.id AS tag, item
FROM asked_click JOIN tag_label ON tag_label.normal = asked_click.word
JOIN tag ON tag.id = tag_label.tag WHERE {_IN_USE};
ANALYZE asked; ANALYZE asked_click; ANALYZE label_click;
""")
AGREEMENTS = text(f"""
WITH says AS (
    SELECT tag, item, bool_or(believed) AS believed, bool_or(NOT believed) AS shared FROM (
        SELECT unnest(tag_ids) AS tag, id AS item, true AS believed FROM item
        WHERE id IN (SELECT item FROM asked_click)
        UNION ALL SELECT tag, item, false FROM label_click) AS either
    GROUP BY tag, item),
total AS (SELECT word, sum(persons) AS clicks FROM asked_click WHERE open GROUP BY word),
usual AS (
    SELECT tag, coalesce(sum(persons) FILTER (WHERE believed), 0) / max(every.clicks) AS believed,
           coalesce(sum(persons) FILTER (WHERE shared), 0) / max(every.clicks) AS shared
    FROM asked_click JOIN says USING (item),
         (SELECT sum(persons) AS clicks FROM asked_click) AS every
    GROUP BY tag)
SELECT word, tag, tag.facet, total.clicks, count(*) AS items,
       coalesce(sum(persons) FILTER (WHERE says.believed), 0) AS agreeing,
       coalesce(sum(persons) FILTER (WHERE says.shared), 0) AS shared,
       usual.believed AS usual, usual.shared AS usual_shared,
       (array_agg(item.key ORDER BY persons DESC, item.key))[1:5] AS examples
FROM asked_click JOIN says USING (item) JOIN total USING (word) JOIN usual USING (tag)
JOIN tag ON tag.id = tag JOIN item ON item.id = asked_click.item
WHERE asked_click.open AND {_IN_USE}
GROUP BY word, tag, tag.facet, total.clicks, usual.believed, usual.shared
HAVING 2 * sum(persons) >= total.clicks
ORDER BY word, tag
""")
TURNS = text(f"""
WITH turn AS (
    SELECT person, word, open, time,
           lead(word) OVER after AS next_word, lead(open) OVER after AS next_open,
           lead(time) OVER after AS next_time
    FROM event JOIN asked USING (keyword) WHERE kind = 'search' AND time > :since
    WINDOW after AS (PARTITION BY person ORDER BY time, id)),
near AS (
    SELECT * FROM turn WHERE next_time <= time + interval '10 minutes' AND word <> next_word),
pair AS (
    SELECT person, word, next_word AS label FROM near WHERE open AND NOT next_open
    UNION ALL SELECT person, next_word, word FROM near WHERE next_open AND NOT open),
named AS (
    SELECT DISTINCT person, pair.word, tag.id AS tag, tag.facet
    FROM pair JOIN tag_label ON tag_label.normal = pair.label JOIN tag ON tag.id = tag_label.tag
    WHERE {_IN_USE})
SELECT word, tag, facet, count(*) AS persons,
       (SELECT count(DISTINCT person) FROM pair WHERE pair.word = named.word) AS among,
       (SELECT count(DISTINCT (other.person, other.word)) FROM named AS other
        WHERE other.tag = named.tag)::float / (SELECT count(DISTINCT (person, word)) FROM pair)
           AS usual
FROM named GROUP BY word, tag, facet ORDER BY word, tag
""")
LABELS = text("""
SELECT tag, normal FROM tag_label WHERE tag = ANY(:tags) AND kind <> 'hidden'
ORDER BY tag, normal
""")
NAMES = text("""
SELECT DISTINCT normal FROM tag_label JOIN tag ON tag.id = tag
WHERE normal = ANY(:texts) AND redirect IS NULL AND retired_at IS NULL
""")
SAMPLE = text("""
SELECT item.key, item.title, ARRAY(
    SELECT tag FROM item_tag
    WHERE item_tag.item = item.id AND source = 'catalog' AND NOT denied) AS hints
FROM item WHERE removed_at IS NULL ORDER BY hashint4(id) LIMIT :most
""")
AMBIGUOUS = text(f"""
WITH shared AS (
    SELECT normal, array_agg(DISTINCT tag.id) AS tags
    FROM tag_label JOIN tag ON tag.id = tag_label.tag
    WHERE {_IN_USE} GROUP BY normal HAVING count(DISTINCT tag.id) > 1
    ORDER BY normal LIMIT :most)
SELECT normal, tag.key, tag.facet, count(item_tag.item) AS chosen,
       avg(item_tag.confidence) AS confidence,
       (array_agg(item.key ORDER BY item.key) FILTER (WHERE item.key IS NOT NULL))[1:5] AS items
FROM shared CROSS JOIN unnest(shared.tags) AS owner(tag) JOIN tag ON tag.id = owner.tag
LEFT JOIN LATERAL (
    SELECT said.item, said.confidence FROM item_tag AS said JOIN item ON item.id = said.item
    WHERE said.tag = tag.id AND said.source = 'lexicon' AND item.removed_at IS NULL
      AND EXISTS (SELECT FROM tag_label AS label WHERE label.tag = tag.id
          AND label.normal = shared.normal AND lower(substr(item.title, said.span_start + 1,
              said.span_end - said.span_start)) = label.normal)) AS item_tag ON true
LEFT JOIN item ON item.id = item_tag.item
GROUP BY normal, tag.key, tag.facet ORDER BY normal, tag.key
""")
IDLE = text(f"""
WITH RECURSIVE matched (tag) AS (
    SELECT DISTINCT tag FROM item_tag JOIN item ON item.id = item
    WHERE removed_at IS NULL AND NOT denied
    UNION SELECT other FROM matched JOIN tag_relation USING (tag) WHERE kind = 'broader')
SELECT tag.id, tag.key, tag.facet,
       coalesce((SELECT text FROM tag_label WHERE tag_label.tag = tag.id AND kind = 'preferred'
                 ORDER BY language LIMIT 1), tag.key) AS text,
       (SELECT count(*) FROM tag_label WHERE tag_label.tag = tag.id) AS labels,
       (SELECT count(*) FROM tag_relation WHERE other = tag.id AND kind = 'broader') AS below,
       extract(epoch FROM CAST(:moment AS timestamptz) - tag.added_at) / 86400 AS days
FROM tag WHERE {_IN_USE} AND id NOT IN (SELECT tag FROM matched) ORDER BY tag.key
""")

TITLES = text("""
SELECT item.key, item.title,
       ARRAY(SELECT tag FROM item_tag WHERE item_tag.item = item.id
             AND source = 'catalog' AND NOT denied) AS hints
FROM item WHERE removed_at IS NULL ORDER BY hashint4(id) LIMIT :most
""")
