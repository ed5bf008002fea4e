"""Titles are read: how far reading is, and files of artifacts."""

from alembic import op

revision = "0003"
down_revision = "0002"

UP = """
CREATE TABLE weft.artifact_file (
    artifact INTEGER NOT NULL,
    name TEXT NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT artifact_file_pkey PRIMARY KEY (artifact, name)
);
ALTER TABLE weft.artifact_file ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE weft.artifact_file IS 'Models and what else an artifact keeps as a file.';
CREATE TABLE weft.reading (
    slot INTEGER DEFAULT '1' NOT NULL,
    way TEXT NOT NULL,
    change INTEGER NOT NULL,
    CONSTRAINT reading_pkey PRIMARY KEY (slot)
);
COMMENT ON TABLE weft.reading IS 'How titles were last read.';
COMMENT ON COLUMN weft.reading.way IS 'hash of everything but the taxonomy that shapes reading';
COMMENT ON COLUMN weft.reading.change IS 'the last taxonomy change that all titles were read with';
"""


def upgrade() -> None:
    """Make them."""
    op.execute(UP)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE weft.artifact_file, weft.reading")
