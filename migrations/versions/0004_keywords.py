"""Keywords: words of titles and searches, their items and their tags."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE derived.keyword (
    artifact INTEGER NOT NULL,
    id INTEGER NOT NULL,
    text TEXT NOT NULL,
    normal TEXT NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    titles INTEGER NOT NULL,
    queries BIGINT NOT NULL
)
 PARTITION BY LIST (artifact);
CREATE TABLE derived.item_keyword (
    artifact INTEGER NOT NULL,
    item INTEGER NOT NULL,
    keyword INTEGER NOT NULL,
    weight DOUBLE PRECISION NOT NULL
)
 PARTITION BY LIST (artifact);
CREATE TABLE derived.keyword_tag (
    artifact INTEGER NOT NULL,
    keyword INTEGER NOT NULL,
    tag INTEGER NOT NULL,
    weight DOUBLE PRECISION NOT NULL
)
 PARTITION BY LIST (artifact);
COMMENT ON TABLE derived.keyword IS 'Words of titles and searches; read `live.keyword` for the live release.';
COMMENT ON COLUMN derived.keyword.id IS '1 is the most telling one';
COMMENT ON COLUMN derived.keyword.text IS 'its most frequent form';
COMMENT ON COLUMN derived.keyword.normal IS 'the form that is compared';
COMMENT ON COLUMN derived.keyword.weight IS 'how often, times how telling (TF-IDF)';
COMMENT ON COLUMN derived.keyword.titles IS 'how many titles hold it';
COMMENT ON COLUMN derived.keyword.queries IS 'how many searches held it';
COMMENT ON TABLE derived.item_keyword IS 'Keywords of titles; read `live.item_keyword` for the live release.';
COMMENT ON COLUMN derived.item_keyword.weight IS 'how telling it is (IDF)';
COMMENT ON TABLE derived.keyword_tag IS 'What keywords mean; read `live.keyword_tag` for the live release.';
COMMENT ON COLUMN derived.keyword_tag.weight IS 'how surely the keyword means it, up to 1';
"""

VIEWS = """
CREATE VIEW live.keyword AS
SELECT keyword.id, keyword.text, keyword.normal, keyword.weight, keyword.titles, keyword.queries
FROM live.artifact
JOIN derived.keyword USING (artifact);
CREATE VIEW live.item_keyword AS
SELECT item.key AS item, keyword.text AS keyword, item_keyword.weight
FROM live.artifact
JOIN derived.item_keyword USING (artifact)
JOIN derived.keyword ON (keyword.artifact, keyword.id) = (artifact.artifact, item_keyword.keyword)
JOIN item ON item.id = item_keyword.item;
CREATE VIEW live.keyword_tag AS
SELECT keyword.text AS keyword, tag.key AS tag, keyword_tag.weight
FROM live.artifact
JOIN derived.keyword_tag USING (artifact)
JOIN derived.keyword ON (keyword.artifact, keyword.id) = (artifact.artifact, keyword_tag.keyword)
JOIN tag ON tag.id = keyword_tag.tag;
"""


def upgrade() -> None:
    """Make them."""
    for part in (TABLES, VIEWS):
        op.execute(part)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW live.keyword, live.item_keyword, live.keyword_tag")
    op.execute("DROP TABLE derived.keyword, derived.item_keyword, derived.keyword_tag")
