"""The tables of evaluations: one row a run, and its figures (schema `weft`)."""

from sqlalchemy import ARRAY, Column, Double, Integer, Table, Text, func

from weft.tables import MACHINERY, metadata, moment

evaluation = Table(
    "evaluation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("way", Text, nullable=False, comment="release, holdout or ranking"),
    Column("release", Integer, comment="that was measured; NULL: one that was made aside"),
    Column("split", moment, nullable=False, comment="what counts as now; what came later is found"),
    Column("until", moment, nullable=False, comment="what came later still was not looked at"),
    Column("tops", ARRAY(Integer), nullable=False, comment="how many were looked at, each k"),
    Column("persons", Integer, nullable=False, comment="how many were asked for"),
    Column("seed", Integer, nullable=False, comment="of whom was drawn, and of intervals"),
    Column("author", Text, nullable=False),
    Column("made_at", moment, nullable=False, server_default=func.now()),
    schema=MACHINERY,
    comment="Runs of `weft eval`.",
)

evaluation_figure = Table(
    "evaluation_figure",
    metadata,
    Column("evaluation", Integer, primary_key=True, autoincrement=False),
    Column(
        "kind",
        Text,
        primary_key=True,
        comment="fused, channel or floor; of models ranker, or pair for two of them",
    ),
    Column("source", Text, primary_key=True, comment="its name"),
    Column("scene", Text, primary_key=True, comment="of the questions, or all"),
    Column("who", Text, primary_key=True, comment="cold, light or heavy persons, or all"),
    Column("measure", Text, primary_key=True, comment="such as recall@200 or click.gauc"),
    Column("value", Double, nullable=False),
    Column("low", Double, nullable=False, comment="19 of 20 bootstraps lie between low and high"),
    Column("high", Double, nullable=False),
    Column(
        "questions", Integer, nullable=False, comment="a person in a scene each; of models, rows"
    ),
    schema=MACHINERY,
    comment="What `weft eval` measured; read `live.recall` and `live.ranking` for the last runs.",
)
