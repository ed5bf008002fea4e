"""All tables of all packages, for comparing the database with the code."""

import api.tables
import graph.edges.tables
import graph.tables
import ranking.dumps.tables
import ranking.experiments.tables
import ranking.samples.tables
import recall.evaluation.tables
import recall.tables
import weft.tables

PACKAGES = (
    api.tables,
    graph.edges.tables,
    graph.tables,
    ranking.dumps.tables,
    ranking.experiments.tables,
    ranking.samples.tables,
    recall.evaluation.tables,
    recall.tables,
)
everything = weft.tables.metadata
