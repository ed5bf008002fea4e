"""The API's tables: keys (schema `weft`) and the traces of answers (schema `public`)."""

from sqlalchemy import ARRAY, Column, Index, Integer, LargeBinary, Table, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB

from weft.tables import MACHINERY, metadata, moment

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True, comment="the public first part of the key"),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("made_at", moment, nullable=False, server_default=func.now()),
    Column("revoked_at", moment),
    schema=MACHINERY,
)

trace = Table(
    "trace",
    metadata,
    Column("id", Text, primary_key=True),
    Column("time", moment, primary_key=True),
    Column("scene", Text, nullable=False),
    Column("person", Integer),
    Column("release", Integer, nullable=False),
    Column("question", JSONB, nullable=False),
    Column("items", ARRAY(Integer), nullable=False),
    Column("channels", ARRAY(Text), nullable=False, comment="which channel found each item"),
    Column("found_by", JSONB, comment="channel, rank and score of all that found each item"),
    Column("unit", Text, comment="who was in the arms: a person or a session, by key"),
    Column("arms", JSONB, comment="experiment → arm, or control"),
    Index("trace_person_time", "person", text("time DESC")),
    postgresql_partition_by="RANGE (time)",
    comment="What was answered to whom; one partition a day (UTC).",
)
