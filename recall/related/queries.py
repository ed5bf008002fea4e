"""The SQL of what has to do with tags and keywords."""

from sqlalchemy import TextClause, text

from recall.spaces.queries import vectors_of

# What the taxonomy says, whether or not edges are woven of it.
RELATIONS = text("""
SELECT other AS node, CASE kind WHEN 'broader' THEN 'broader' ELSE 'related' END AS reason
FROM tag_relation WHERE tag = :node
UNION
SELECT tag, CASE kind WHEN 'broader' THEN 'narrower' ELSE 'related' END
FROM tag_relation WHERE other = :node
""")
TAGS_IN_USE = text("""
SELECT id FROM tag WHERE id = ANY(:nodes) AND retired_at IS NULL AND redirect IS NULL
""")
KEYWORDS_IN_USE = text("SELECT id FROM live.keyword WHERE id = ANY(:nodes)")
KEYWORDS = text("SELECT id, text, titles, queries FROM live.keyword WHERE id = ANY(:nodes)")
HELD = text("SELECT to_regclass(:near) IS NOT NULL AND to_regclass(:far) IS NOT NULL")


def nearest(artifact: int, near: str, far: str) -> TextClause:
    """Give the nodes of one kind by their angle to `:node` of another, `:top` of them."""
    return text(f"""
        SELECT far.id AS node, (1 - (far.e <=> own.e))::float8 AS weight
        FROM {vectors_of(artifact, near)} AS own, {vectors_of(artifact, far)} AS far
        WHERE own.id = :node AND l2_norm(own.e) > 0 AND l2_norm(far.e) > 0
        ORDER BY far.e <=> own.e, far.id LIMIT :top
    """)
