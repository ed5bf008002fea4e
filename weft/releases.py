"""Releases: one consistent set of artifacts; going live and going back are one transaction each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from weft import queries
from weft.errors import NotFound
from weft.notices import post


@dataclass(frozen=True)
class Live:
    """What requests read: a release, its whole spec, and the artifact of each step."""

    release: int
    spec: Mapping[str, Any]
    artifacts: Mapping[str, int]


def read_live(connection: Connection) -> Live | None:
    """Read the release that is live, if any is."""
    row = connection.execute(queries.LIVE).one_or_none()
    return Live(row.id, row.spec, row.artifacts) if row else None


def read_release(connection: Connection, release: int) -> Live:
    """Read one release, live or not."""
    row = connection.execute(queries.RELEASE, {"id": release}).one_or_none()
    if row is None:
        raise NotFound(f"no release {release}")
    return Live(row.id, row.spec, row.artifacts)


def go_live(
    connection: Connection,
    spec: Mapping[str, Any],
    artifacts: Mapping[str, int],
    author: str,
) -> int:
    """Make a release of these artifacts and let requests read it; the caller commits."""
    connection.execute(queries.LOCK_LIVE)
    numbers = list(artifacts.values())
    values = {"spec": spec, "artifacts": artifacts, "author": author, "numbers": numbers}
    number = int(connection.execute(queries.ADD_RELEASE, values).scalar_one())
    _point(connection, number)
    return number


def go_back(connection: Connection) -> tuple[int, int]:
    """Withdraw the live release and return to the one before it; the caller commits."""
    connection.execute(queries.LOCK_LIVE)
    live = read_live(connection)
    asked = {"id": live.release if live else 0}
    before: int | None = connection.execute(queries.BEFORE, asked).scalar()
    if live is None or before is None:
        raise NotFound("there is no earlier release to go back to")
    connection.execute(queries.WITHDRAW, {"id": live.release})
    _point(connection, before)
    return live.release, before


def news(connection: Connection, spec: Mapping[str, Any], artifacts: Mapping[str, int]) -> bool:
    """Tell whether this is neither live nor something that somebody withdrew."""
    live = read_live(connection)
    if live is not None and (live.spec, live.artifacts) == (spec, artifacts):
        return False
    twin = connection.execute(queries.WITHDRAWN_TWIN, {"spec": spec, "artifacts": artifacts})
    return twin.scalar() is None


def _point(connection: Connection, release: int) -> None:
    connection.execute(queries.POINT_LIVE, {"release": release})
    post(connection, "release", release)
