"""Vectors of nodes, space by space."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
CREATE TABLE derived.vector (
    artifact INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    e HALFVEC NOT NULL
)
 PARTITION BY LIST (artifact);
COMMENT ON TABLE derived.vector IS 'Vectors of nodes, space by space; read `live.vector` for the live release.';
COMMENT ON COLUMN derived.vector.kind IS 'item, person, tag, keyword or value';
COMMENT ON COLUMN derived.vector.e IS 'as many numbers as its space declares';
"""

VIEW = """
CREATE VIEW live.vector AS
SELECT substr(artifact.step, 7) AS space, vector.kind, vector.id, vector.e
FROM live.artifact
JOIN derived.vector USING (artifact)
WHERE artifact.step LIKE 'space.%';
"""


def upgrade() -> None:
    """Make them."""
    for part in (TABLES, VIEW):
        op.execute(part)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW live.vector")
    op.execute("DROP TABLE derived.vector")
