"""The SQL of evaluation: how much persons had done before."""

from sqlalchemy import text

DEEDS = text("""
SELECT person, count(*)::int AS deeds FROM event
WHERE person = ANY(:persons) AND kind = ANY(:kinds) AND time < to_timestamp(:until)
GROUP BY person
""")
