"""The kernel's tables: events by day, and the machinery of builds and releases (schema `weft`)."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATE, JSONB

MACHINERY = "weft"
DERIVED = "derived"
LIVE = "live"

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

moment = DateTime(timezone=True)

event = Table(
    "event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("time", moment, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("person", Integer, nullable=False),
    Column("item", Integer),
    Column("scene", Text),
    Column("position", Integer),
    Column("keyword", Text),
    Column("trace", Text),
    Column("arrival", Integer, nullable=False, comment="its number within its day, as it came"),
    Index("event_person_time", "person", text("time DESC")),
    postgresql_partition_by="RANGE (time)",
    comment="What people did; one partition a day (UTC).",
)

event_day = Table(
    "event_day",
    metadata,
    Column("day", DATE, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    comment="How many events each day holds; events are only ever added, so this is their version.",
)

watermark = Table(
    "watermark",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("changes", BigInteger, nullable=False),
    schema=MACHINERY,
    comment="How many rows of a subject were added or changed since the beginning.",
)

build = Table(
    "build",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False, comment="running, done, failed or stopped"),
    Column("spec_hash", Text, nullable=False),
    Column("marks", JSONB, nullable=False, comment="the data watermarks this build works from"),
    Column("moment", moment, nullable=False, comment="the time that counts as now for its steps"),
    Column("artifacts", JSONB, nullable=False, comment="the artifact id promised to each step"),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("started_at", moment, nullable=False, server_default=func.now()),
    Column("finished_at", moment),
    Column("error", Text),
    Column(
        "snapshot",
        Text,
        nullable=False,
        server_default=text("CAST(pg_current_snapshot() AS text)"),
        comment="what was committed when it began",
    ),
    schema=MACHINERY,
)

artifact = Table(
    "artifact",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("build", Integer, nullable=False),
    Column("section", JSONB, nullable=False, comment="the filled-in section that made it"),
    Column(
        "inputs", JSONB, nullable=False, comment="fingerprints of the artifacts it was made from"
    ),
    Column("marks", JSONB, nullable=False, comment="the data watermarks it was made from"),
    Column("tables", ARRAY(Text), nullable=False, comment="the tables that hold its rows"),
    Column("seconds", Double, nullable=False),
    Column("made_at", moment, nullable=False, server_default=func.now()),
    Column("dropped_at", moment),
    Index("artifact_step_fingerprint", "step", "fingerprint"),
    schema=MACHINERY,
)

artifact_file = Table(
    "artifact_file",
    metadata,
    Column("artifact", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    schema=MACHINERY,
    comment="Models and what else an artifact keeps as a file.",
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("artifact", Integer, primary_key=True, autoincrement=False, comment="that is promised"),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", moment, nullable=False, server_default=func.now()),
    schema=MACHINERY,
    comment="How far a step came that learns for long; it goes when its artifact is there.",
)

log_line = Table(
    "log_line",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("build", Integer, nullable=False, index=True),
    Column("step", Text),
    Column("at", moment, nullable=False, server_default=func.clock_timestamp()),
    Column("message", Text, nullable=False),
    schema=MACHINERY,
)

metric = Table(
    "metric",
    metadata,
    Column("artifact", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Double, nullable=False),
    schema=MACHINERY,
)

release = Table(
    "release",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("build", Integer),
    Column("spec", JSONB, nullable=False, comment="the whole spec, every default filled in"),
    Column("artifacts", JSONB, nullable=False, comment="step name to artifact id"),
    Column("author", Text, nullable=False),
    Column("released_at", moment, nullable=False, server_default=func.now()),
    Column("withdrawn_at", moment),
    schema=MACHINERY,
)

live = Table(
    "live",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False, server_default="1"),
    Column("release", Integer, nullable=False),
    Column("since", moment, nullable=False, server_default=func.now()),
    schema=MACHINERY,
    comment="The one release that requests read.",
)

canary = Table(
    "canary",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False, server_default="1"),
    Column("release", Integer, nullable=False),
    Column("share", Double, nullable=False, comment="of persons and sessions"),
    Column("since", moment, nullable=False, server_default=func.now()),
    schema=MACHINERY,
    comment="A release that a share of persons reads beside the one that is live; if there is one.",
)
