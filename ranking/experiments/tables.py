"""The table of allotments (schema `weft`)."""

from sqlalchemy import Column, Integer, Table, func
from sqlalchemy.dialects.postgresql import JSONB

from weft.tables import MACHINERY, metadata, moment

allotment = Table(
    "allotment",
    metadata,
    Column("release", Integer, primary_key=True, autoincrement=False),
    Column("held", JSONB, nullable=False, comment="layer → experiment/arm → parts of a thousand"),
    Column("made_at", moment, nullable=False, server_default=func.now()),
    schema=MACHINERY,
    comment="Which parts of all persons arms hold, since the release that changed it.",
)
