"""Reading ahead: the next chunk is read while the database takes this one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(things: Iterator[T]) -> Iterator[T]:
    """Make the next thing in another thread while this one is in use."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, things, None)
        while (thing := coming.result()) is not None:
            coming = pool.submit(next, things, None)
            yield thing
