"""Releases and rollbacks while pages are asked for."""

import time

from sqlalchemy import Connection, Engine

from weft.queries import RELEASES
from weft.releases import Live, go_back, go_live, read_live, read_release


def go_on_releasing(engine: Engine, releases: int, rollbacks: int, seconds: float) -> list[int]:
    """Release so often within so many seconds, and go back now and then; give all that were live.

    Two releases take turns whose fine rankers differ: an answer that mixed them would show it.
    """
    pause = seconds / (releases + rollbacks + 1)
    with engine.begin() as connection:
        turns = _turns(connection)
    known = [turns[1].release]  # that is live now
    for number in range(releases):
        time.sleep(pause)
        with engine.begin() as connection:
            other = turns[number % 2]
            known.append(go_live(connection, other.spec, other.artifacts, "bench"))
        if number % (releases // rollbacks) == 1:
            time.sleep(pause)
            with engine.begin() as connection:
                known.extend(go_back(connection))
    return known


def _turns(connection: Connection) -> tuple[Live, Live]:
    """Give the last release that is not as the live one, and the live one."""
    live = read_live(connection)
    assert live is not None
    numbers = [row.id for row in connection.execute(RELEASES, {"count": 100})]
    others = (read_release(connection, number) for number in numbers)
    return next(one for one in others if one.artifacts != live.artifacts), live
