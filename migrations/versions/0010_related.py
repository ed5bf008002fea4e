"""Tags may be related to each other."""

from alembic import op

revision = "0010"
down_revision = "0009"

KIND = "COMMENT ON COLUMN tag_relation.kind IS '{}'"
OTHER = "COMMENT ON COLUMN taxonomy_change.other IS '{}'"


def upgrade() -> None:
    """Say so."""
    op.execute(KIND.format("broader or related"))
    op.execute(OTHER.format("the tag that it was merged into, or related to"))


def downgrade() -> None:
    """Forget what is related; its history stays."""
    op.execute("DELETE FROM tag_relation WHERE kind = 'related'")
    op.execute(KIND.format("broader"))
    op.execute(OTHER.format("the tag that it was merged into"))
