"""Suggestions are mined and kept with their evidence."""

from alembic import op

revision = "0005"
down_revision = "0004"

UP = """
CREATE TABLE suggestion (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tag INTEGER,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    first_seen TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen TIMESTAMP WITH TIME ZONE NOT NULL,
    evidence JSONB NOT NULL,
    CONSTRAINT suggestion_pkey PRIMARY KEY (id),
    CONSTRAINT suggestion_kind_tag_text_key UNIQUE NULLS NOT DISTINCT (kind, tag, text),
    CONSTRAINT suggestion_tag_fkey FOREIGN KEY(tag) REFERENCES tag (id)
);
CREATE INDEX suggestion_tag ON suggestion (tag);
COMMENT ON TABLE suggestion IS 'What the data suggests to whoever keeps the taxonomy.';
COMMENT ON COLUMN suggestion.kind IS 'synonym, misspelling, entity, ambiguous or idle';
COMMENT ON COLUMN suggestion.tag IS 'what it is about, if a tag';
COMMENT ON COLUMN suggestion.text IS 'a label''s form to compare, or a tag''s name';
COMMENT ON COLUMN suggestion.score IS '0 to 1, to sort by within a kind';
COMMENT ON COLUMN suggestion.state IS 'open until decided';
COMMENT ON COLUMN suggestion.evidence IS 'numbers, example items and queries';
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(UP)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE suggestion")
