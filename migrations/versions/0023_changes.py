"""Whoever changes an item by SQL is seen: what is remembered of items asks when they changed."""

from alembic import op

revision = "0023"
down_revision = "0022"

NOTE = """
CREATE FUNCTION weft.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER item_changes BEFORE UPDATE ON item FOR EACH ROW
WHEN (OLD.changed_at = NEW.changed_at AND (OLD.key, OLD.title, OLD.attributes, OLD.tag_ids,
      OLD.added_at, OLD.removed_at) IS DISTINCT FROM (NEW.key, NEW.title, NEW.attributes,
      NEW.tag_ids, NEW.added_at, NEW.removed_at))
EXECUTE FUNCTION weft.note_change();
"""


def upgrade() -> None:
    """Note the moment of every change."""
    op.execute(NOTE)


def downgrade() -> None:
    """Leave it to those who change items."""
    op.execute("DROP TRIGGER item_changes ON item; DROP FUNCTION weft.note_change()")
