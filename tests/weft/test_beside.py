"""Work in threads that nobody waits for."""

import asyncio
import threading

import pytest

from weft.beside import beside


def test_what_comes_of_it_is_given() -> None:
    assert asyncio.run(beside(lambda: 7)) == 7


def test_what_goes_wrong_is_raised() -> None:
    def fail() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        asyncio.run(beside(fail))


def test_a_loop_ends_before_it() -> None:
    go, ended = threading.Event(), threading.Event()

    def work() -> None:
        assert go.wait(60)
        ended.set()

    async def leave() -> None:
        task = asyncio.create_task(beside(work))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    assert not ended.is_set()
    go.set()
    assert ended.wait(60)
