"""The tables of the graph's edges: kept current, one partition for each kind (schema `derived`)."""

from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text
from sqlalchemy.dialects.postgresql import DATE

from weft.tables import DERIVED, metadata, moment

edge = Table(
    "edge",
    metadata,
    Column("kind", Text, nullable=False, comment="its name in the section `graph`"),
    Column("source", Integer, nullable=False),
    Column("target", Integer, nullable=False),
    Column("mass", Double, nullable=False, comment="what was counted, as of the kind's landmark"),
    Column("n", Integer, nullable=False, comment="how many facts or events are behind it"),
    schema=DERIVED,
    postgresql_partition_by="LIST (kind)",
    comment="What ties two nodes; read `live.edge` for weights.",
)

edge_node = Table(
    "edge_node",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("side", Text, primary_key=True, comment="source or target"),
    Column("node", Integer, primary_key=True),
    Column("mass", Double, nullable=False, comment="of all its edges on this side"),
    Column("degree", Integer, nullable=False, comment="how many edges; 0 when all are gone"),
    Column("artifact", Integer, nullable=False, comment="the run that last changed one of them"),
    schema=DERIVED,
    comment="Nodes by kind of edge, with what their edges sum up to.",
)

edge_kind = Table(
    "edge_kind",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("source", Text, nullable=False, comment="item, person, tag, keyword or value"),
    Column("target", Text, nullable=False),
    Column("weight", Text, nullable=False, comment="count, confidence, tfidf, pmi or jaccard"),
    Column("half_life", Double, comment="in seconds; NULL: mass does not fade"),
    Column("landmark", moment, nullable=False, comment="an event at this time adds its own weight"),
    Column("moment", moment, nullable=False, comment="the time that counts as now for weights"),
    Column("edges", BigInteger, nullable=False),
    Column("sources", BigInteger, nullable=False, comment="nodes that have an edge from them"),
    Column("targets", BigInteger, nullable=False, comment="nodes that have an edge to them"),
    Column("mass", Double, nullable=False, comment="of all edges"),
    Column("way", Text, nullable=False, comment="hash of what defines it"),
    Column("artifact", Integer, nullable=False, comment="the run that brought it up to date"),
    Column("rebuilt", Integer, nullable=False, comment="the run that last made it from nothing"),
    schema=DERIVED,
    comment="Kinds of edge, as they stand.",
)

edge_seen = Table(
    "edge_seen",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("day", DATE, primary_key=True),
    Column("rows", BigInteger, nullable=False, comment="events with an arrival up to this"),
    schema=DERIVED,
    comment="Which events of a day are in the edges of a kind.",
)
