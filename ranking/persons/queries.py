"""The SQL of what is known of persons."""

from sqlalchemy import TextClause, text

from recall.spaces.queries import vectors_of

ATTRIBUTES = text("SELECT key, attributes FROM person WHERE id = :person")
ITEM_KEYS = text("SELECT id, key FROM item WHERE id = ANY(:items)")
HELD = text("SELECT to_regclass(:table) IS NOT NULL")


def has_vector(artifact: int) -> TextClause:
    """Tell whether a space has a vector of `:person`."""
    rows = vectors_of(artifact, "person")
    return text(f"SELECT EXISTS (SELECT FROM {rows} WHERE id = :person AND l2_norm(e) > 0)")
