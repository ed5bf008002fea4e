"""How much a key may ask for, and the queries that may run."""

from alembic import op

revision = "0019"
down_revision = "0018"

TABLES = """
ALTER TABLE weft.api_key ADD COLUMN rate DOUBLE PRECISION;
COMMENT ON COLUMN weft.api_key.rate IS 'cost a second in each process; NULL is what WEFT_RATE says, 0 any';
CREATE TABLE weft.persisted_query (
    hash TEXT NOT NULL,
    query TEXT NOT NULL,
    name TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT persisted_query_pkey PRIMARY KEY (hash)
);
COMMENT ON TABLE weft.persisted_query IS 'Queries that may be asked for by their hash, and with WEFT_QUERIES=persisted no others.';
COMMENT ON COLUMN weft.persisted_query.hash IS 'sha256 of the text, in hexadecimal';
COMMENT ON COLUMN weft.persisted_query.name IS 'of its operations, or of its file';
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE weft.persisted_query")
    op.execute("ALTER TABLE weft.api_key DROP COLUMN rate")
