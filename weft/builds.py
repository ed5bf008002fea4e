"""Builds in the database: who is building, what is finished, what a killed build left to do."""

import getpass
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from weft import queries
from weft.errors import BuildRunning
from weft.marks import read_marks, read_moment
from weft.plan import Past

BUILD_LOCK = 0x6275696C64


@dataclass(frozen=True)
class Build:
    """A build under way: its data watermarks stay as they were when it began."""

    id: int
    marks: Mapping[str, int]
    moment: datetime
    artifacts: Mapping[str, int]
    resumed: bool


def author() -> str:
    """Name the person and the machine, for the records."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):
        return f"{os.getuid()}@{socket.gethostname()}"


@contextmanager
def build_lock(engine: Engine, wait: bool, tell: Callable[[str], None]) -> Iterator[None]:
    """Be the only one who builds; the lock ends with the process, however it ends."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"key": BUILD_LOCK}
        if not connection.execute(queries.TRY_LOCK, key).scalar_one():
            if not wait:
                raise BuildRunning(who_builds(connection))
            tell(f"{who_builds(connection)}; waiting")
            connection.execute(queries.LOCK, key)
        try:
            yield
        finally:
            connection.execute(queries.UNLOCK, key)


def who_builds(connection: Connection) -> str:
    """Say who is building, since when, in which process."""
    row = connection.execute(queries.RUNNING_BUILD).one_or_none()
    if row is None:
        return "somebody else is about to build"
    since = f"{row.started_at:%H:%M:%S} UTC"
    return f"{row.author} is building (build {row.id}, process {row.pid}, since {since})"


def read_past(connection: Connection) -> list[Past]:
    """Read what was made and not dropped, the newest first."""
    return [
        Past(r.id, r.step, r.fingerprint, r.section, r.inputs, r.marks, r.seconds)
        for r in connection.execute(queries.ARTIFACTS)
    ]


def last_marks(connection: Connection) -> Mapping[str, int] | None:
    """Give the data watermarks of the last build that was finished."""
    marks: Mapping[str, int] | None = connection.execute(queries.LAST_MARKS).scalar()
    return marks


def unfinished(connection: Connection, spec_hash: str) -> Build | None:
    """Give the build that was killed, if it was of this spec and recent; close any other."""
    row = connection.execute(queries.RUNNING_BUILD).one_or_none()
    if row is None:
        return None
    if row.spec_hash == spec_hash and row.recent:
        connection.execute(
            queries.TAKE_OVER_BUILD,
            {"id": row.id, "host": socket.gethostname(), "pid": os.getpid()},
        )
        return Build(row.id, row.marks, row.moment, row.artifacts, resumed=True)
    end(connection, row.id, "stopped", "killed, and not resumed")
    return None


def begin(connection: Connection, spec_hash: str, stale: Sequence[str]) -> Build:
    """Open a build and promise every stale step its artifact number."""
    marks, moment = read_marks(connection), read_moment(connection)
    first = int(connection.execute(queries.NEXT_ARTIFACT).scalar_one())
    promised = {name: first + place for place, name in enumerate(stale)}
    values = {
        "spec_hash": spec_hash,
        "marks": marks,
        "moment": moment,
        "artifacts": promised,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "author": author(),
    }
    number = int(connection.execute(queries.ADD_BUILD, values).scalar_one())
    return Build(number, marks, moment, promised, resumed=False)


def end(connection: Connection, build: int, state: str, error: str | None = None) -> None:
    """Close a build; nobody goes on with what it has not finished."""
    connection.execute(queries.END_BUILD, {"id": build, "state": state, "error": error})
    connection.execute(queries.DROP_PROMISED, {"id": build})


def drop_outdated(engine: Engine, keep: int) -> list[str]:
    """Drop the tables of artifacts that no kept release names, whole, one transaction each."""
    with engine.begin() as connection:
        outdated = connection.execute(queries.OUTDATED, {"keep": keep}).all()
    for row in outdated:
        with engine.begin() as connection:
            for table in row.tables:
                connection.execute(queries.drop_table(table))
            connection.execute(queries.DROP_FILES, {"id": row.id})
            connection.execute(queries.DROPPED, {"id": row.id})
    return [table for row in outdated for table in row.tables]
