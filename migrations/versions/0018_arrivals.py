"""Items that come between builds: beside inverted lists, and among the ranks of lists."""

from alembic import op

revision = "0018"
down_revision = "0017"

NEWER = """
CREATE TABLE derived.posting_newer (
    artifact INTEGER NOT NULL,
    item INTEGER NOT NULL,
    terms TEXT[] NOT NULL,
    shares REAL[] NOT NULL,
    worths REAL[] NOT NULL,
    CONSTRAINT posting_newer_pkey PRIMARY KEY (artifact, item)
);
CREATE INDEX posting_newer_terms ON derived.posting_newer USING gin (terms);
COMMENT ON TABLE derived.posting_newer IS 'Terms of items that came or changed after an inverted list was made; these stand.';
COMMENT ON COLUMN derived.posting_newer.shares IS 'of the worth of each term';
COMMENT ON COLUMN derived.posting_newer.worths IS 'of terms that the list has not';
"""
# Who comes later shares the rank of who was there: (context, rank) names several rows then.
SHARED = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT part.indexrelid::regclass::text AS index, part.indrelid::regclass::text AS name
        FROM pg_inherits AS tree JOIN pg_index AS part ON part.indrelid = tree.inhrelid
        WHERE tree.inhparent = 'derived.ranked'::regclass AND part.indisunique
    LOOP
        EXECUTE format('DROP INDEX %s', found.index);
        EXECUTE format('CREATE INDEX ON %s (context, rank)', found.name);
    END LOOP;
END $$;
"""


def upgrade() -> None:
    """Make room for them."""
    op.execute(NEWER)
    op.execute(SHARED)


def downgrade() -> None:
    """Let them wait for the next build again; lists stay as they are."""
    op.execute("DROP TABLE derived.posting_newer")
