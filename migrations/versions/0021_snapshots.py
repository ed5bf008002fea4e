"""What came after a build began: its release takes that in, and nothing that it has seen."""

from alembic import op

revision = "0021"
down_revision = "0020"

ARRIVAL = """
CREATE TABLE weft.arrival (
    item INTEGER NOT NULL,
    transaction BIGINT DEFAULT CAST(CAST(pg_current_xact_id() AS text) AS bigint) NOT NULL,
    CONSTRAINT arrival_pkey PRIMARY KEY (item)
);
COMMENT ON TABLE weft.arrival IS 'Items that came or changed by requests and that the live release may not hold.';
COMMENT ON COLUMN weft.arrival.transaction IS 'that stored it; a build of an older snapshot has not seen it';
"""
SNAPSHOT = """
ALTER TABLE weft.build
    ADD COLUMN snapshot TEXT DEFAULT CAST(pg_current_snapshot() AS text) NOT NULL;
COMMENT ON COLUMN weft.build.snapshot IS 'what was committed when it began';
"""


def upgrade() -> None:
    """Note both; builds so far count as if they had seen all that is there."""
    op.execute(ARRIVAL)
    op.execute(SNAPSHOT)


def downgrade() -> None:
    """Forget them."""
    op.execute("ALTER TABLE weft.build DROP COLUMN snapshot")
    op.execute("DROP TABLE weft.arrival")
