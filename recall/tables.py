"""Recall's tables: lists, vectors and intervals, partitioned by artifact (schema `derived`)."""

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ARRAY, REAL, Column, Double, Index, Integer, Table, Text

from weft.tables import DERIVED, metadata

ranked = Table(
    "ranked",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column(
        "context",
        ARRAY(Text),
        nullable=False,
        comment="the values of the channel's `by`; NULL is any",
    ),
    Column("rank", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("score", Double, nullable=False),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="Items in order, by channel and context; read `live.ranked` for the live release.",
)

vector = Table(
    "vector",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("kind", Text, nullable=False, comment="item, person, tag, keyword or value"),
    Column("id", Integer, nullable=False),
    Column("e", HALFVEC, nullable=False, comment="as many numbers as its space declares"),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="Vectors of nodes, space by space; read `live.vector` for the live release.",
)

similar = Table(
    "similar",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("rank", Integer, nullable=False, comment="1 is the most similar one"),
    Column("other", Integer, nullable=False),
    Column("score", Double, nullable=False),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="Items like each item, by channel; read `live.similar` for the live release.",
)

interval = Table(
    "interval",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("days", Double, nullable=False, comment="how long it usually takes"),
    Column("chance", Double, nullable=False, comment="that somebody buys it again at all"),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="When items are bought again; read `live.interval` for the live release.",
)

posting_newer = Table(
    "posting_newer",
    metadata,
    Column("artifact", Integer, primary_key=True, autoincrement=False),
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("terms", ARRAY(Text), nullable=False),
    Column("shares", ARRAY(REAL), nullable=False, comment="of the worth of each term"),
    Column("worths", ARRAY(REAL), nullable=False, comment="of terms that the list has not"),
    Index("posting_newer_terms", "terms", postgresql_using="gin"),
    schema=DERIVED,
    comment="Terms of items that came or changed after an inverted list was made; these stand.",
)
