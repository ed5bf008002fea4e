"""Ranking's SQL: what a person has seen, and the words that describe them."""

from sqlalchemy import text

SEEN = text("""
SELECT DISTINCT item FROM event
WHERE person = :person AND kind = ANY(:kinds) AND item IS NOT NULL
  AND time > :since AND time <= :until
""")
PERSON = text("SELECT attributes FROM person WHERE id = :person")
