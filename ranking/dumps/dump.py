"""A dump: what a page was made of, as it is kept under its trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ranking.dumps import queries
from ranking.dumps.grounds import Told, read_told, told_of, write_told
from ranking.dumps.packing import pack, unpack
from ranking.page import Ground


@dataclass(frozen=True)
class Dump:
    """What a page was made of, and under which trace it is kept."""

    trace: str
    time: datetime
    release: int
    ground: Ground


@dataclass(frozen=True)
class Kept:
    """What was read of a dump."""

    release: int
    told: Told


def write_dumps(connection: Connection, dumps: Sequence[Dump]) -> None:
    """Keep dumps in one statement."""
    connection.execute(queries.RELAX)
    connection.execute(queries.keep([_row(dump) for dump in dumps]))


def read_dump(connection: Connection, trace: str) -> Kept | None:
    """Read what is kept under a trace, if anything is."""
    row = connection.execute(queries.DUMP, {"trace": trace}).one_or_none()
    return None if row is None else Kept(row.release, read_told(row.told, unpack(row.content)))


def _row(dump: Dump) -> dict[str, Any]:
    seen = dump.ground.seen
    return {
        "trace": dump.trace,
        "time": dump.time,
        "release": dump.release,
        "encodings": sorted({one.encoding for one in seen}),
        "told": write_told(told_of(dump.ground)),
        "content": pack(seen),
    }
