"""What models read of the items of an answer, kept under its trace."""

from alembic import op

revision = "0020"
down_revision = "0016"

TABLE = """
CREATE TABLE trace_dump (
    trace TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    release INTEGER NOT NULL,
    encodings TEXT[] NOT NULL,
    told JSONB NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT trace_dump_pkey PRIMARY KEY (trace, time)
)
 PARTITION BY RANGE (time);
COMMENT ON TABLE trace_dump IS 'What models read of the items of an answer; one partition a day (UTC).';
COMMENT ON COLUMN trace_dump.encodings IS 'of each stage, by their names';
COMMENT ON COLUMN trace_dump.told IS 'filter, channels, deeds, what re-ranking did';
COMMENT ON COLUMN trace_dump.content IS 'what each stage read, packed';
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE trace_dump")
