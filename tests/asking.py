"""Calling coroutines of the product from a test."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from weft.database import connect_async

T = TypeVar("T")


def ask(engine: Engine, question: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run one question on a connection to the same database."""

    async def run() -> T:
        pool = connect_async(engine.url.render_as_string(hide_password=False))
        try:
            async with pool.connect() as connection:
                return await question(connection)
        finally:
            await pool.dispose()

    return asyncio.run(run())
