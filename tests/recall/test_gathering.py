import asyncio
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import InternalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from recall.candidates import Candidates, Question
from recall.gathering import Call, Dropped, Gathered, gather
from tests.tiny import NOON
from weft.database import connect_async
from weft.errors import ChannelFailed

QUESTION = Question("home", None, NOON)
QUICK, PATIENT = timedelta(milliseconds=200), timedelta(seconds=30)


@dataclass
class Asks:
    """A channel that runs one statement and finds what it gives."""

    statement: str

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        found = (await connection.execute(text(self.statement))).scalar_one()
        return Candidates("asks", np.array([found], np.int32), np.ones(1))


@dataclass
class Meets:
    """A channel that answers only while another one is being asked."""

    barrier: asyncio.Barrier

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        await connection.execute(text("SELECT 1"))
        await self.barrier.wait()
        return Candidates("meets", np.array([2], np.int32), np.ones(1))


@dataclass
class Dreams:
    """A channel that is slow by itself, not in the database."""

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        await asyncio.sleep(3600)
        raise AssertionError


@dataclass
class Fails:
    """A channel that says that it cannot."""

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        raise ChannelFailed("its view is gone")


def call(finder, deadline: timedelta = PATIENT, name: str = "asks") -> Call:
    return Call(name, finder, QUESTION, 10, deadline)


def gathered(engine: Engine, *rounds: list[Call]) -> list[Gathered]:
    """Ask several times on one pool of two connections."""

    async def run() -> list[Gathered]:
        url = engine.url.render_as_string(hide_password=False)
        pool: AsyncEngine = connect_async(url, pool_size=2)
        try:
            return [await gather(pool, calls) for calls in rounds]
        finally:
            await pool.dispose()

    return asyncio.run(run())


def items(answer: Gathered) -> list[list[int]]:
    return [candidates.items.tolist() for candidates in answer.candidates]


def test_channels_are_asked_side_by_side(engine: Engine) -> None:
    barrier = asyncio.Barrier(2)
    [answer] = gathered(engine, [call(Meets(barrier)), call(Meets(barrier))])
    assert items(answer) == [[2], [2]]


def test_the_server_ends_what_is_late_and_the_rest_goes_on(engine: Engine) -> None:
    late = call(Asks("SELECT 1 FROM pg_sleep(3600)"), QUICK, "late")
    first, second = gathered(engine, [late, call(Asks("SELECT 7"))], [call(Asks("SELECT 8"))] * 2)
    assert first.dropped == (Dropped("late", "late"),)
    assert items(first) == [[7]]
    assert items(second) == [[8], [8]]


def test_what_is_slow_outside_the_database_is_left_as_well(engine: Engine) -> None:
    first, second = gathered(engine, [call(Dreams(), QUICK, "dreams")], [call(Asks("SELECT 8"))])
    assert first.dropped == (Dropped("dreams", "late"),)
    assert items(second) == [[8]]


def test_what_says_that_it_cannot_is_named(engine: Engine) -> None:
    [answer] = gathered(engine, [call(Fails(), name="mine"), call(Asks("SELECT 7"))])
    assert answer.dropped == (Dropped("mine", "failed"),)
    assert items(answer) == [[7]]


def test_channels_may_only_read(engine: Engine) -> None:
    with pytest.raises(InternalError, match="read-only transaction"):
        gathered(engine, [call(Asks("DELETE FROM person RETURNING 1"))])


def test_limits_end_with_the_answer(engine: Engine) -> None:
    told = "SELECT (current_setting('statement_timeout') = '0')::integer"

    async def run() -> int:
        pool = connect_async(engine.url.render_as_string(hide_password=False), pool_size=1)
        await gather(pool, [call(Asks("SELECT 7"))])
        async with pool.connect() as connection:
            found = (await connection.execute(text(told))).scalar_one()
        await pool.dispose()
        return int(found)

    assert asyncio.run(run()) == 1


def test_many_more_requests_than_connections_all_get_an_answer(engine: Engine) -> None:
    async def run() -> list[Gathered]:
        pool = connect_async(engine.url.render_as_string(hide_password=False), pool_size=1)
        calls = [call(Asks("SELECT 7"))] * 4
        answers = await asyncio.gather(*(gather(pool, calls) for _ in range(20)))
        await pool.dispose()
        return list(answers)

    assert all(items(answer) == [[7]] * 4 for answer in asyncio.run(run()))
