"""Experiments: what arms hold, and which arms an answer was made in."""

from alembic import op

revision = "0016"
down_revision = "0019"

TABLE = """
CREATE TABLE weft.allotment (
    release INTEGER NOT NULL,
    held JSONB NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT allotment_pkey PRIMARY KEY (release)
);
COMMENT ON TABLE weft.allotment IS
    'Which parts of all persons arms hold, since the release that changed it.';
COMMENT ON COLUMN weft.allotment.held IS 'layer → experiment/arm → parts of a thousand';
"""
COLUMNS = """
ALTER TABLE trace ADD COLUMN unit TEXT, ADD COLUMN arms JSONB;
COMMENT ON COLUMN trace.unit IS 'who was in the arms: a person or a session, by key';
COMMENT ON COLUMN trace.arms IS 'experiment → arm, or control';
"""
VIEW = """
CREATE VIEW live.experiment_page AS
SELECT arm.key AS experiment, arm.value AS arm, trace.time, trace.id AS trace, trace.unit,
       trace.person, trace.scene, trace.release, trace.items
FROM trace CROSS JOIN LATERAL jsonb_each_text(trace.arms) AS arm
WHERE trace.arms IS NOT NULL;
COMMENT ON VIEW live.experiment_page IS
    'pages by experiment and arm: who was shown which items, and by which trace';
"""
BACK = """
DROP VIEW live.experiment_page;
ALTER TABLE trace DROP COLUMN unit, DROP COLUMN arms;
DROP TABLE weft.allotment;
"""


def upgrade() -> None:
    """Make them."""
    for part in (TABLE, COLUMNS, VIEW):
        op.execute(part)


def downgrade() -> None:
    """Drop them."""
    op.execute(BACK)
