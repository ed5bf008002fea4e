"""The table of dumps: what models read of the items of an answer (schema `public`)."""

from sqlalchemy import ARRAY, Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from weft.tables import metadata, moment

trace_dump = Table(
    "trace_dump",
    metadata,
    Column("trace", Text, primary_key=True),
    Column("time", moment, primary_key=True),
    Column("release", Integer, nullable=False),
    Column("encodings", ARRAY(Text), nullable=False, comment="of each stage, by their names"),
    Column("told", JSONB, nullable=False, comment="filter, channels, deeds, what re-ranking did"),
    Column("content", LargeBinary, nullable=False, comment="what each stage read, packed"),
    postgresql_partition_by="RANGE (time)",
    comment="What models read of the items of an answer; one partition a day (UTC).",
)
