"""Lists of similar items; how long until something is bought again; who found what in a trace."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE derived.similar (
    artifact INTEGER NOT NULL,
    item INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    other INTEGER NOT NULL,
    score DOUBLE PRECISION NOT NULL
)
 PARTITION BY LIST (artifact);
CREATE TABLE derived.interval (
    artifact INTEGER NOT NULL,
    item INTEGER NOT NULL,
    days DOUBLE PRECISION NOT NULL,
    chance DOUBLE PRECISION NOT NULL
)
 PARTITION BY LIST (artifact);
ALTER TABLE trace ADD COLUMN found_by JSONB;
COMMENT ON TABLE derived.similar IS 'Items like each item, by channel; read `live.similar` for the live release.';
COMMENT ON COLUMN derived.similar.rank IS '1 is the most similar one';
COMMENT ON TABLE derived.interval IS 'When items are bought again; read `live.interval` for the live release.';
COMMENT ON COLUMN derived.interval.days IS 'how long it usually takes';
COMMENT ON COLUMN derived.interval.chance IS 'that somebody buys it again at all';
COMMENT ON COLUMN trace.found_by IS 'channel, rank and score of all that found each item';
"""

VIEWS = """
CREATE VIEW live.similar AS
SELECT artifact.step, item.key AS item, similar_.rank, other.key AS other, similar_.score
FROM live.artifact
JOIN derived.similar AS similar_ USING (artifact)
JOIN item ON item.id = similar_.item
JOIN item AS other ON other.id = similar_.other;
CREATE VIEW live.interval AS
SELECT artifact.step, item.key AS item, again.days, again.chance
FROM live.artifact
JOIN derived.interval AS again USING (artifact)
JOIN item ON item.id = again.item;
"""


def upgrade() -> None:
    """Make them."""
    for part in (TABLES, VIEWS):
        op.execute(part)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW live.similar, live.interval")
    op.execute("DROP TABLE derived.similar, derived.interval")
    op.execute("ALTER TABLE trace DROP COLUMN found_by")
