"""The SQL of experiments: what arms hold, and what came of their pages."""

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

LOCK = text("SELECT pg_advisory_xact_lock(0x61726d73)")
HELD = text("""
SELECT allotment.release, allotment.held FROM weft.allotment
JOIN weft.release ON release.id = allotment.release
WHERE allotment.release = :release
   OR allotment.release < :release AND release.withdrawn_at IS NULL
ORDER BY allotment.release DESC LIMIT 1
""")
KEEP = text("""
INSERT INTO weft.allotment (release, held) VALUES (:release, :held)
""").bindparams(bindparam("held", type_=JSONB))
ALLOTMENTS = text("SELECT release, held, made_at FROM weft.allotment ORDER BY release DESC")
BEGAN = text("SELECT min(time) FROM trace WHERE arms ? :name")

# What somebody did counts once for each item of a page: by the page's trace or, where a deed names
# no page, for the last page before it that showed the item.
OUTCOMES = text("""
WITH page AS (
    SELECT id, time, unit, items, arms ->> :name AS arm FROM trace
    WHERE arms ? :name AND time >= :since AND time < :until
),
traced AS (
    SELECT page.id, event.item, event.kind = ANY(:converts) AS converts
    FROM event JOIN page ON page.id = event.trace AND event.item = ANY(page.items)
    WHERE event.time >= :since AND event.kind = ANY(CAST(:clicks AS text[]) || :converts)
),
untraced AS (
    SELECT DISTINCT ON (event.id, event.time) page.id, event.item, true
    FROM event JOIN person ON person.id = event.person
    JOIN page ON page.unit = 'person ' || person.key AND event.item = ANY(page.items)
         AND page.time <= event.time AND page.time > event.time - CAST(:within AS interval)
    WHERE event.time >= :since AND event.kind = ANY(:converts) AND event.trace IS NULL
    ORDER BY event.id, event.time, page.time DESC
),
deed AS (
    SELECT id, count(DISTINCT item) FILTER (WHERE NOT converts) AS clicks,
           count(DISTINCT item) FILTER (WHERE converts) AS conversions
    FROM (SELECT * FROM traced UNION ALL SELECT * FROM untraced) AS done(id, item, converts)
    GROUP BY id
),
somebody AS (
    SELECT arm, unit, count(*) AS pages, sum(cardinality(items)) AS shown,
           coalesce(sum(clicks), 0) AS clicks, coalesce(sum(conversions), 0) AS conversions
    FROM page LEFT JOIN deed USING (id) GROUP BY arm, unit
)
SELECT arm, count(*) AS persons, sum(pages) AS pages, sum(shown) AS shown, sum(clicks) AS clicks,
       sum(conversions) AS conversions, sum(shown * shown) AS shown_shown,
       sum(shown * clicks) AS shown_clicks, sum(clicks * clicks) AS clicks_clicks,
       sum(clicks * conversions) AS clicks_conversions,
       sum(conversions * conversions) AS conversions_conversions
FROM somebody GROUP BY arm ORDER BY arm
""")
PERSONS = text("""
SELECT arms ->> :name AS arm, count(DISTINCT unit) AS persons FROM trace
WHERE arms ? :name AND time >= :since AND time < :until GROUP BY 1
""")
