"""What is read of one who asks, and kept until a notice says that more is stored of them."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy import Connection

from ranking.examples import Longs
from recall.planning.memory import memory_of

T = TypeVar("T")


def remembered(connection: Connection, persons: Longs, what: Hashable, read: Callable[[], T]) -> T:
    """Give what is remembered of a single person, or read it; of several, read it."""
    memory = memory_of(connection).persons
    if not memory.listening or len(persons) != 1 or persons[0] < 0:
        return read()
    person = int(persons[0])
    found: T | None = memory.find(person, what)
    if found is None:
        asked = memory.notices
        found = read()
        memory.keep(person, what, found, asked)
    return found
