"""Checkpoints of steps that learn for long, and a schema for tuning's own tables."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE weft.checkpoint (
    artifact INTEGER NOT NULL,
    part INTEGER NOT NULL,
    content BYTEA NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT checkpoint_pkey PRIMARY KEY (artifact, part)
);
ALTER TABLE weft.checkpoint ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE weft.checkpoint IS 'How far a step came that learns for long; it goes when its artifact is there.';
COMMENT ON COLUMN weft.checkpoint.artifact IS 'that is promised';
CREATE SCHEMA tuning;
COMMENT ON SCHEMA tuning IS 'What `weft tune` has tried: the tables are those of Optuna.';
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE weft.checkpoint")
    op.execute("DROP SCHEMA tuning CASCADE")
