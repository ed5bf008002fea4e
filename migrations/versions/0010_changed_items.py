"""Items are found by when they changed, so that what a process remembers can be corrected."""

from alembic import op

revision = "0010"
down_revision = "0007"


def upgrade() -> None:
    """Index the moment of the last change."""
    op.execute("CREATE INDEX item_changed_at ON item (changed_at)")


def downgrade() -> None:
    """Drop the index."""
    op.execute("DROP INDEX item_changed_at")
