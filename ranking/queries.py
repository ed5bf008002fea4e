"""Ranking's SQL: what a person has seen or bought, and what is known of them."""

from sqlalchemy import text

SEEN = text("""
SELECT DISTINCT item FROM event
WHERE person = :person AND kind = ANY(:kinds) AND item IS NOT NULL
  AND time > :since AND time <= :until
""")
PERSON = text("SELECT key, attributes FROM person WHERE id = :person")
NAMED = text("SELECT id FROM item WHERE key = ANY(:keys)")
