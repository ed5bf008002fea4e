"""Recall's tables: ranked lists, one partition for each artifact (schema `derived`)."""

from sqlalchemy import ARRAY, Column, Double, Integer, Table, Text

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
