"""Releases and rollbacks while pages are asked for."""

import time

from sqlalchemy import Engine

from weft.releases import go_back, go_live, read_live


def go_on_releasing(engine: Engine, releases: int, rollbacks: int, seconds: float) -> list[int]:
    """Release so often within so many seconds, and go back now and then; give all that were live.

    Each is a release of its own, of the same artifacts: what changes is all that a process holds.
    """
    known: list[int] = []
    pause = seconds / (releases + rollbacks + 1)
    for number in range(releases):
        time.sleep(pause)
        with engine.begin() as connection:
            live = read_live(connection)
            assert live is not None
            known.append(live.release)
            known.append(go_live(connection, live.spec, live.artifacts, "bench"))
        if number % (releases // rollbacks) == 1:
            time.sleep(pause)
            with engine.begin() as connection:
                known.extend(go_back(connection))
    return known
