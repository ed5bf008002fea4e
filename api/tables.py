"""The API's tables: keys (schema `weft`) and the traces of answers (schema `public`)."""

from sqlalchemy import ARRAY, Column, Double, Index, Integer, LargeBinary, Table, Text, func, text
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
    Column(
        "rate",
        Double,
        comment="cost a second in each process; NULL is what WEFT_RATE says, 0 any",
    ),
    schema=MACHINERY,
)

persisted_query = Table(
    "persisted_query",
    metadata,
    Column("hash", Text, primary_key=True, comment="sha256 of the text, in hexadecimal"),
    Column("query", Text, nullable=False),
    Column("name", Text, nullable=False, comment="of its operations, or of its file"),
    Column("added_at", moment, nullable=False, server_default=func.now()),
    schema=MACHINERY,
    comment="Queries that may be asked for by their hash, "
    "and with WEFT_QUERIES=persisted no others.",
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
    Column("arms", JSONB(none_as_null=True), comment="experiment → arm, or control"),
    Column(
        "query",
        Text,
        nullable=False,
        server_default="recommend",
        comment="what was asked, such as similarItems",
    ),
    Column("tags", ARRAY(Integer), comment="what was recommended where it was no items"),
    Column("scores", JSONB, comment="score of each, and what each stage of ranking thought of it"),
    Index("trace_person_time", "person", text("time DESC")),
    postgresql_partition_by="RANGE (time)",
    comment="What was answered to whom; one partition a day (UTC).",
)
