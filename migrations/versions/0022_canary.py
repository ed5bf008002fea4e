"""A release that a share of persons reads beside the one that is live."""

from alembic import op

revision = "0022"
down_revision = "0021"

TABLE = """
CREATE TABLE weft.canary (
    slot INTEGER DEFAULT 1 NOT NULL,
    release INTEGER NOT NULL,
    share FLOAT8 NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT canary_pkey PRIMARY KEY (slot)
);
COMMENT ON TABLE weft.canary IS 'A release that a share of persons reads beside the one that is live; if there is one.';
COMMENT ON COLUMN weft.canary.share IS 'of persons and sessions';
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)


def downgrade() -> None:
    """Drop it; its release is as if it had never been live."""
    op.execute("DROP TABLE weft.canary")
