"""The tables of labelled rows: kept current, one partition for each day (schema `derived`)."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Integer, Interval, Table, Text
from sqlalchemy.dialects.postgresql import DATE

from weft.tables import DERIVED, metadata, moment

labelled = Table(
    "labelled",
    metadata,
    Column("day", DATE, nullable=False, comment="on which it was shown (UTC)"),
    Column("request", Integer, nullable=False, comment="its number within the day"),
    Column("place", Integer, nullable=False, comment="1 is the topmost item of the request"),
    Column("time", moment, nullable=False, comment="when it was first shown"),
    Column("person", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("scene", Text),
    Column("position", Integer, comment="as the event says it"),
    Column("trace", Text),
    Column("answers", ARRAY(moment), nullable=False, comment="the first one of each task"),
    Column("answered", moment, comment="the first one of all"),
    schema=DERIVED,
    postgresql_partition_by="LIST (day)",
    comment="What was shown, and when it was answered; read `live.labelled`.",
)

labelled_day = Table(
    "labelled_day",
    metadata,
    Column("day", DATE, primary_key=True),
    Column("version", BigInteger, nullable=False, comment="events around the day, as it was made"),
    Column("shown", BigInteger, nullable=False, comment="exposures, or clicks where they count"),
    Column("rows", BigInteger, nullable=False),
    Column("requests", BigInteger, nullable=False),
    Column("deeds", BigInteger, nullable=False, comment="events that can be answers"),
    Column("stray", BigInteger, nullable=False, comment="of these, what answers nothing"),
    Column("artifact", Integer, nullable=False, comment="the run that made the day"),
    schema=DERIVED,
    comment="Days of labelled rows, as they stand.",
)

labelled_way = Table(
    "labelled_way",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False, server_default="1"),
    Column("way", Text, nullable=False, comment="hash of what shapes the rows"),
    Column("tasks", ARRAY(Text), nullable=False, comment="in the order of `answers`"),
    Column("looked", Integer, nullable=False, comment="the task that tells how far one looked"),
    Column("above", Boolean, nullable=False, comment="only rows above the last click count"),
    Column("unclicked", Boolean, nullable=False, comment="requests without any click count"),
    Column("settled", Interval, nullable=False, comment="how old a row has to be to count"),
    Column("moment", moment, nullable=False, comment="what counted as now"),
    Column("artifact", Integer, nullable=False, comment="the run that brought rows up to date"),
    schema=DERIVED,
    comment="How labelled rows are made: a single row.",
)
