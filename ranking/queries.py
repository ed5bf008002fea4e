"""Ranking's SQL: what a person has seen or bought, what is known of them, what there is."""

from sqlalchemy import text

SEEN = text("""
SELECT DISTINCT item FROM event
WHERE person = :person AND kind = ANY(:kinds) AND item IS NOT NULL
  AND time > :since AND time <= :until
""")
PERSON = text("SELECT key, attributes FROM person WHERE id = :person")
NAMED = text("SELECT id FROM item WHERE key = ANY(:keys)")
OFFERED = text("SELECT id FROM item WHERE removed_at IS NULL AND added_at <= :moment")
