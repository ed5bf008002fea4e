"""API keys: `weft_<id>_<secret>`, of which only the id and a hash are stored."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping
from sqlalchemy.ext.asyncio import AsyncEngine

from api import queries
from api.pulse import Pulse
from api.roles import GRANTS
from weft import notices
from weft.errors import BadRequest, NotFound, Unauthenticated
from weft.spec import unknown

NOTICE = "keys"
SHAPE = re.compile(r"weft_([0-9a-f]{12})_([0-9a-f]{48})")
MOST_CACHED = 10_000
TRUST = 30.0  # seconds; for the case that a notice is lost with its connection


@dataclass(frozen=True)
class Key:
    """A key that is good."""

    id: str
    name: str
    roles: tuple[str, ...]
    hash: bytes
    rate: float | None = None  # cost a second; none: what the setting says


def create_key(
    connection: Connection, name: str, roles: Sequence[str], rate: float | None = None
) -> str:
    """Make a key and give the only copy of it."""
    for role in roles:
        if role not in GRANTS:
            raise BadRequest(unknown("role", role, GRANTS))
    identity, secret = secrets.token_hex(6), secrets.token_hex(24)
    values = {
        "id": identity,
        "name": name,
        "roles": list(roles),
        "hash": _hash(secret),
        "rate": rate,
    }
    connection.execute(queries.insert_key(values))
    return f"weft_{identity}_{secret}"


def list_keys(connection: Connection) -> Sequence[RowMapping]:
    """List all keys, revoked ones too."""
    return connection.execute(queries.all_keys()).mappings().all()


def revoke_key(connection: Connection, identity: str) -> None:
    """Revoke a key and tell every process."""
    if connection.execute(queries.revoke(identity)).rowcount == 0:
        raise NotFound(f"no key has the id '{identity}'; `weft keys list` shows them")
    notices.post(connection, NOTICE, identity)


class KeyRing:
    """The keys that this process has seen, forgotten when a notice says that keys changed."""

    def __init__(self, database: AsyncEngine, pulse: Pulse) -> None:
        self._database, self._pulse = database, pulse
        self._found: dict[str, tuple[float, Key | None]] = {}

    async def check(self, header: str | None) -> Key:
        """Give the key of an `Authorization` header, or raise `Unauthenticated`."""
        match = SHAPE.fullmatch((header or "").removeprefix("Bearer ").strip())
        if match is None:
            raise Unauthenticated
        key = await self._find(match[1])
        if key is None or not hmac.compare_digest(key.hash, _hash(match[2])):
            raise Unauthenticated("this key is unknown or revoked")
        return key

    def forget(self) -> None:
        """Forget everything; what is being read just now is not remembered either."""
        self._found = {}

    async def _find(self, identity: str) -> Key | None:
        found = self._found
        until, key = found.get(identity, (0.0, None))
        if until < time.monotonic():
            if self._pulse.gone.is_set() and identity in found:
                return key  # it was good when the database was last asked
            key = await self._pulse.unless_gone(self._read(identity))
            if len(found) >= MOST_CACHED:
                found.clear()
            found[identity] = (time.monotonic() + TRUST, key)
        return key

    async def _read(self, identity: str) -> Key | None:
        async with self._database.connect() as connection:
            row = (await connection.execute(queries.key_by_id(identity))).one_or_none()
        return (
            None
            if row is None
            else Key(row.id, row.name, tuple(row.roles), bytes(row.hash), row.rate)
        )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
