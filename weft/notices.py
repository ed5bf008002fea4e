"""Notices between processes over LISTEN and NOTIFY: who posts, commits; who listens, reacts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection

from weft.logs import log
from weft.queries import LISTEN, NOTIFY

PAUSE = 1.0


@dataclass(frozen=True)
class Notice:
    """Something that happened: `release 12`, `keys`; `lost` with the connection, then `again`."""

    subject: str
    detail: str = ""


def post(connection: Connection, subject: str, detail: object = "") -> None:
    """Tell every listener, once the caller's transaction commits."""
    connection.execute(NOTIFY, {"payload": f"{subject} {detail}".strip()})


async def listen(url: str) -> AsyncIterator[Notice]:
    """Yield notices for ever; a lost connection is one, and the first on the next is `again`."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(LISTEN)
                yield Notice("again")
                async for notify in connection.notifies():
                    yield _read(notify)
        except psycopg.OperationalError as error:
            log("notices").warning("listening again in a moment", error=str(error).strip())
            yield Notice("lost")
            await asyncio.sleep(PAUSE)


def _read(notify: psycopg.Notify) -> Notice:
    subject, _, detail = notify.payload.partition(" ")
    return Notice(subject, detail)
