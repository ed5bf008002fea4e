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


@dataclass(frozen=True)
class Canary:
    """A release that a share of persons reads beside the live one."""

    release: Live
    share: float


@dataclass(frozen=True)
class Standing:
    """What requests read now: nothing, a release, or a release and its canary."""

    live: Live | None
    canary: Canary | None

    @property
    def releases(self) -> tuple[Live, ...]:
        """Give all that is read."""
        canary = () if self.canary is None else (self.canary.release,)
        return canary if self.live is None else (self.live, *canary)


def read_standing(connection: Connection) -> Standing:
    """Read the live release and its canary."""
    return Standing(read_live(connection), read_canary(connection))


def read_canary(connection: Connection) -> Canary | None:
    """Read the release that some read, if there is one."""
    row = connection.execute(queries.CANARY).one_or_none()
    return Canary(Live(row.id, row.spec, row.artifacts), row.share) if row else None


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
    number = _add(connection, spec, artifacts, author)
    _point(connection, number)
    return number


def go_aside(
    connection: Connection,
    spec: Mapping[str, Any],
    artifacts: Mapping[str, int],
    author: str,
    share: float,
) -> int:
    """Make a release of these artifacts and let a share of persons read it; the caller commits."""
    number = _add(connection, spec, artifacts, author)
    _share(connection, number, share)
    return number


def share_canary(connection: Connection, share: float) -> Canary:
    """Let more or fewer persons read the canary; the caller commits."""
    canary = _canary(connection)
    _share(connection, canary.release.release, share)
    return canary


def promote_canary(connection: Connection) -> Live:
    """Let everybody read what the canary is; the caller commits."""
    release = _canary(connection).release
    connection.execute(queries.END_CANARY)
    _point(connection, release.release)
    return release


def end_canary(connection: Connection) -> Live:
    """Withdraw the canary; the caller commits."""
    release = _canary(connection).release
    connection.execute(queries.END_CANARY)
    connection.execute(queries.WITHDRAW, {"id": release.release})
    post(connection, "release", release.release)
    return release


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
    """Tell whether this is neither live nor a canary nor something that somebody withdrew."""
    standing = read_standing(connection).releases
    if any((one.spec, one.artifacts) == (spec, artifacts) for one in standing):
        return False
    twin = connection.execute(queries.WITHDRAWN_TWIN, {"spec": spec, "artifacts": artifacts})
    return twin.scalar() is None


def _add(
    connection: Connection, spec: Mapping[str, Any], artifacts: Mapping[str, int], author: str
) -> int:
    connection.execute(queries.LOCK_LIVE)
    numbers = list(artifacts.values())
    values = {"spec": spec, "artifacts": artifacts, "author": author, "numbers": numbers}
    return int(connection.execute(queries.ADD_RELEASE, values).scalar_one())


def _canary(connection: Connection) -> Canary:
    connection.execute(queries.LOCK_LIVE)
    canary = read_canary(connection)
    if canary is None:
        raise NotFound("there is no canary; begin one with `weft canary start 5%`")
    return canary


def _share(connection: Connection, release: int, share: float) -> None:
    connection.execute(queries.SET_CANARY, {"release": release, "share": share})
    post(connection, "release", release)


def _point(connection: Connection, release: int) -> None:
    connection.execute(queries.POINT_LIVE, {"release": release})
    post(connection, "release", release)
