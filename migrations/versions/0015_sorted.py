"""Figures of models beside those of recall: each view shows the last run of its own kind."""

from alembic import op

revision = "0015"
down_revision = "0014"

RECALL = """
CREATE OR REPLACE VIEW live.recall AS
SELECT kind, source, scene, who, measure, value, low, high, questions
FROM weft.evaluation_figure
WHERE evaluation = (SELECT max(id) FROM weft.evaluation WHERE way <> 'ranking');
"""
RANKING = """
CREATE VIEW live.ranking AS
SELECT kind, source, scene, who, measure, value, low, high, questions AS rows
FROM weft.evaluation_figure
WHERE evaluation = (SELECT max(id) FROM weft.evaluation WHERE way = 'ranking');
"""
COMMENTS = """
COMMENT ON COLUMN weft.evaluation.way IS 'release, holdout or ranking';
COMMENT ON TABLE weft.evaluation_figure IS 'What `weft eval` measured; read `live.recall` and `live.ranking` for the last runs.';
COMMENT ON COLUMN weft.evaluation_figure.kind IS 'fused, channel or floor; of models ranker, or pair for two of them';
COMMENT ON COLUMN weft.evaluation_figure.measure IS 'such as recall@200 or click.gauc';
COMMENT ON COLUMN weft.evaluation_figure.questions IS 'a person in a scene each; of models, rows';
"""
BEFORE = """
CREATE OR REPLACE VIEW live.recall AS
SELECT kind, source, scene, who, measure, value, low, high, questions
FROM weft.evaluation_figure
WHERE evaluation = (SELECT max(id) FROM weft.evaluation);
COMMENT ON COLUMN weft.evaluation.way IS 'release or holdout';
COMMENT ON TABLE weft.evaluation_figure IS 'What `weft eval` measured; read `live.recall` for the last run.';
COMMENT ON COLUMN weft.evaluation_figure.kind IS 'fused, channel or floor';
COMMENT ON COLUMN weft.evaluation_figure.measure IS 'such as recall@200';
COMMENT ON COLUMN weft.evaluation_figure.questions IS 'a person in a scene each';
"""


def upgrade() -> None:
    """Part them."""
    for part in (RECALL, RANKING, COMMENTS):
        op.execute(part)


def downgrade() -> None:
    """Show all in one again."""
    op.execute("DROP VIEW live.ranking")
    op.execute(BEFORE)
