"""SQL for reading titles."""

from sqlalchemy import TextClause, text

from weft.tables import DERIVED

COMPANY_TITLES = text("""
SELECT item.title, ARRAY(SELECT tag FROM item_tag
                         WHERE item_tag.item = item.id AND source = 'catalog') AS hints
FROM item WHERE removed_at IS NULL ORDER BY hashint4(id) LIMIT :most
""")
LESSONS = text("""
SELECT item.title,
       ARRAY(SELECT tag FROM item_tag WHERE item_tag.item = item.id
             AND source IN ('catalog', 'human') AND NOT denied) AS hints,
       ARRAY(SELECT tag FROM item_tag WHERE item_tag.item = item.id
             AND source = 'human' AND denied) AS denied,
       EXISTS (SELECT FROM item_tag WHERE item_tag.item = item.id AND source = 'human') AS checked
FROM item WHERE removed_at IS NULL ORDER BY checked DESC, hashint4(id) LIMIT :most
""")
JUDGED = text("""
SELECT item.title,
       ARRAY(SELECT tag FROM item_tag
             WHERE item_tag.item = item.id AND source = 'catalog') AS hints,
       ARRAY(SELECT tag FROM item_tag WHERE item_tag.item = item.id
             AND source = 'human' AND denied) AS denied
FROM item
WHERE removed_at IS NULL AND id IN (SELECT item FROM item_tag WHERE source = 'human')
ORDER BY hashint4(id) LIMIT :most
""")
READING = text("SELECT way, change FROM weft.reading")
SET_READING = text("""
INSERT INTO weft.reading (way, change) VALUES (:way, :change)
ON CONFLICT (slot) DO UPDATE SET way = excluded.way, change = excluded.change
""")
FORGET_TEXTS = text("DELETE FROM item_text")

TITLE_HASH = "hashtextextended(item.title, 0)"
UNREAD = text(f"""
SELECT item.id FROM item LEFT JOIN item_text ON item_text.item = item.id
WHERE item_text.title_hash IS DISTINCT FROM {TITLE_HASH} ORDER BY item.id
""")
WITH_PIECES = text("SELECT item FROM item_text WHERE grams @> CAST(:grams AS integer[])")
WITH_TAGS = text("""
SELECT DISTINCT item FROM item_tag WHERE tag = ANY(:tags) AND source = 'lexicon'
""")
TITLES = text(f"""
SELECT item.id, item.title, {TITLE_HASH} AS hash,
       ARRAY(SELECT tag FROM item_tag
             WHERE item_tag.item = item.id AND source = 'catalog') AS hints
FROM item WHERE item.id = ANY(:items) ORDER BY item.id
""")

MAKE_READ = text("""
CREATE TEMP TABLE IF NOT EXISTS read_tag (
    item integer, tag integer, confidence double precision,
    span_start integer, span_end integer) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS read_text (
    item integer, title_hash bigint, grams integer[]) ON COMMIT DROP;
TRUNCATE read_tag, read_text;
""")
DROP_UNSAID = text("""
DELETE FROM item_tag USING read_text
WHERE item_tag.item = read_text.item AND source = 'lexicon'
  AND NOT EXISTS (SELECT FROM read_tag
                  WHERE read_tag.item = item_tag.item AND read_tag.tag = item_tag.tag)
RETURNING item_tag.item
""")
ADD_SAID = text("""
INSERT INTO item_tag AS old (item, tag, source, confidence, span_start, span_end, model)
SELECT item, tag, 'lexicon', confidence, span_start, span_end, :model FROM read_tag
ON CONFLICT (item, tag, source) DO UPDATE
SET confidence = excluded.confidence, span_start = excluded.span_start,
    span_end = excluded.span_end, model = excluded.model
WHERE (old.confidence, old.span_start, old.span_end)
      IS DISTINCT FROM (excluded.confidence, excluded.span_start, excluded.span_end)
RETURNING item
""")
SET_TEXTS = text("""
INSERT INTO item_text (item, title_hash, lexicon, grams)
SELECT item, title_hash, :model, grams FROM read_text
ON CONFLICT (item) DO UPDATE
SET title_hash = excluded.title_hash, lexicon = excluded.lexicon, grams = excluded.grams
""")
TAGS_OF = text("""
SELECT item_tag.tag FROM item_tag WHERE item = :item AND source = 'lexicon' ORDER BY tag
""")
ANALYZE = text("ANALYZE item_tag, item_text")
LABELS_CHANGED = text("""
SELECT tag, before -> 'labels' AS before, after -> 'labels' AS after
FROM taxonomy_change WHERE id > :since AND id <= :until AND item IS NULL
""")

STREAMED = {"stream_results": True, "yield_per": 5_000}
SOME_TITLES = text("""
SELECT title FROM item WHERE removed_at IS NULL ORDER BY hashint4(id) LIMIT :most
""")
ALL_TITLES = text("SELECT id, title FROM item WHERE removed_at IS NULL ORDER BY id")
SEARCHES = text("""
SELECT keyword, count(*) AS times FROM event
WHERE keyword IS NOT NULL AND time <= :moment
GROUP BY keyword ORDER BY times DESC, keyword
""")

KNOWN_KEYWORDS = text("""
SELECT id, text, normal, titles, queries FROM live.keyword WHERE normal = ANY(:forms)
""")
ADD_WORDS = text("""
INSERT INTO word (id, normal, text)
SELECT (SELECT coalesce(max(id), 0) FROM word) + row_number() OVER (ORDER BY place), normal, text
FROM unnest(CAST(:normals AS text[]), CAST(:texts AS text[])) WITH ORDINALITY
    AS new(normal, text, place)
WHERE NOT EXISTS (SELECT FROM word WHERE word.normal = new.normal)
""")
WORD_IDS = text("SELECT normal, id FROM word WHERE normal = ANY(:normals)")


def keyword_tables(artifact: int) -> tuple[str, str, str]:
    """Name the tables of an artifact: keywords, their items, their tags."""
    keyword, item, tag = (f"{DERIVED}.{name}_{artifact}" for name in KEYWORD_TABLES)
    return keyword, item, tag


def known_words(artifact: int) -> TextClause:
    """Find keywords of an artifact by `:forms`, and how telling each is; `0` where unknown."""
    keyword, held, _ = keyword_tables(artifact)
    return text(f"""
    SELECT id, normal, coalesce(
        (SELECT weight FROM {held} AS held WHERE held.keyword = known.id LIMIT 1), 0) AS weight
    FROM {keyword} AS known WHERE normal = ANY(:forms)
    """)


def forget_held(artifact: int) -> TextClause:
    """Drop the keywords of `:items`."""
    return text(f"DELETE FROM {keyword_tables(artifact)[1]} WHERE item = ANY(:items)")


def hold(artifact: int) -> TextClause:
    """Add the keywords of items, as rows of `:items`, `:keywords` and `:weights`."""
    return text(f"""
    INSERT INTO {keyword_tables(artifact)[1]} (artifact, item, keyword, weight)
    SELECT {artifact}, * FROM unnest(
        CAST(:items AS integer[]), CAST(:keywords AS integer[]), CAST(:weights AS float8[]))
    """)


KEYWORD_TABLES = ("keyword", "item_keyword", "keyword_tag")
ALL_TABLES = (*KEYWORD_TABLES, "query_keyword")
KEYWORD_INDEXES = {
    "keyword": ("UNIQUE INDEX ON {table} (id)", "UNIQUE INDEX ON {table} (normal)"),
    "item_keyword": (
        "UNIQUE INDEX ON {table} (item, keyword)",
        "INDEX ON {table} (keyword, weight DESC)",
    ),
    "keyword_tag": ("UNIQUE INDEX ON {table} (keyword, tag)", "INDEX ON {table} (tag)"),
    "query_keyword": ("INDEX ON {table} (hashtext(query))",),
}


def query_table(artifact: int) -> str:
    """Name the table of an artifact's search texts and their keywords."""
    return f"{DERIVED}.query_keyword_{artifact}"


def make_keyword_tables(artifact: int) -> TextClause:
    """Make the empty tables of an artifact."""
    pairs = zip(ALL_TABLES, (*keyword_tables(artifact), query_table(artifact)), strict=True)
    return text(
        "".join(
            f"CREATE TABLE {table} (LIKE {DERIVED}.{name} INCLUDING ALL);" for name, table in pairs
        )
    )


def attach_keyword_tables(artifact: int) -> TextClause:
    """Index filled tables and make them part of `derived`."""
    pairs = zip(ALL_TABLES, (*keyword_tables(artifact), query_table(artifact)), strict=True)
    return text("".join(_attach(name, table, artifact) for name, table in pairs))


def _attach(name: str, table: str, artifact: int) -> str:
    indexes = "".join(f"CREATE {index.format(table=table)};" for index in KEYWORD_INDEXES[name])
    return f"""
        ALTER TABLE {table} ADD CHECK (artifact = {artifact});
        {indexes}
        ANALYZE {table};
        ALTER TABLE {DERIVED}.{name} ATTACH PARTITION {table} FOR VALUES IN ({artifact});
    """
