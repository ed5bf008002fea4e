"""Traces of every query that gives a page, of pages of tags, and what stages thought."""

from alembic import op

revision = "0017"
down_revision = "0015"

MORE = """
ALTER TABLE trace
    ADD query TEXT DEFAULT 'recommend' NOT NULL,
    ADD tags INTEGER[],
    ADD scores JSONB;
COMMENT ON COLUMN trace.query IS 'what was asked, such as similarItems';
COMMENT ON COLUMN trace.tags IS 'what was recommended where it was no items';
COMMENT ON COLUMN trace.scores IS 'score of each, and what each stage of ranking thought of it';
"""


def upgrade() -> None:
    """Add them."""
    op.execute(MORE)


def downgrade() -> None:
    """Drop them."""
    op.execute("ALTER TABLE trace DROP query, DROP tags, DROP scores")
