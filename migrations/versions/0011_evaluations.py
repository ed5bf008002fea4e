"""Evaluations of recall, and their figures."""

from alembic import op

revision = "0011"
down_revision = "0010b"

TABLES = """
CREATE TABLE weft.evaluation (
    id INTEGER NOT NULL,
    way TEXT NOT NULL,
    release INTEGER,
    split TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    tops INTEGER[] NOT NULL,
    persons INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    author TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT evaluation_pkey PRIMARY KEY (id)
);
CREATE TABLE weft.evaluation_figure (
    evaluation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    scene TEXT NOT NULL,
    who TEXT NOT NULL,
    measure TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    low DOUBLE PRECISION NOT NULL,
    high DOUBLE PRECISION NOT NULL,
    questions INTEGER NOT NULL,
    CONSTRAINT evaluation_figure_pkey
        PRIMARY KEY (evaluation, kind, source, scene, who, measure)
);
COMMENT ON TABLE weft.evaluation IS 'Runs of `weft eval`.';
COMMENT ON COLUMN weft.evaluation.way IS 'release or holdout';
COMMENT ON COLUMN weft.evaluation.release IS 'that was measured; NULL: one that was made aside';
COMMENT ON COLUMN weft.evaluation.split IS 'what counts as now; what came later is found';
COMMENT ON COLUMN weft.evaluation.until IS 'what came later still was not looked at';
COMMENT ON COLUMN weft.evaluation.tops IS 'how many were looked at, each k';
COMMENT ON COLUMN weft.evaluation.persons IS 'how many were asked for';
COMMENT ON COLUMN weft.evaluation.seed IS 'of whom was drawn, and of intervals';
COMMENT ON TABLE weft.evaluation_figure IS 'What `weft eval` measured; read `live.recall` for the last run.';
COMMENT ON COLUMN weft.evaluation_figure.kind IS 'fused, channel or floor';
COMMENT ON COLUMN weft.evaluation_figure.source IS 'its name';
COMMENT ON COLUMN weft.evaluation_figure.scene IS 'of the questions, or all';
COMMENT ON COLUMN weft.evaluation_figure.who IS 'cold, light or heavy persons, or all';
COMMENT ON COLUMN weft.evaluation_figure.measure IS 'such as recall@200';
COMMENT ON COLUMN weft.evaluation_figure.low IS '19 of 20 bootstraps lie between low and high';
COMMENT ON COLUMN weft.evaluation_figure.questions IS 'a person in a scene each';
"""

VIEW = """
CREATE VIEW live.recall AS
SELECT kind, source, scene, who, measure, value, low, high, questions
FROM weft.evaluation_figure
WHERE evaluation = (SELECT max(id) FROM weft.evaluation);
"""


def upgrade() -> None:
    """Make them."""
    for part in (TABLES, VIEW):
        op.execute(part)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW live.recall")
    op.execute("DROP TABLE weft.evaluation_figure, weft.evaluation")
