import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from tests.conftest import administer
from weft.aside import database_aside, drop_stale, prefix_of
from weft.database import current_revision, newest_revision

CHECKOUT = Path(__file__).parents[2]
FOUND = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
HOLDER = """
    import sys, time
    from weft.aside import database_aside
    from weft.database import connect

    with database_aside(connect(sys.argv[1])):
        print("made", flush=True)
        time.sleep(60)
"""


def asides(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(FOUND, {"prefix": prefix_of(engine)}).scalars())


def holder(url: str) -> subprocess.Popen[str]:
    """Start a process that holds a database aside."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), url],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "made\n"
    return process


def test_it_is_migrated_and_dropped(engine: Engine) -> None:
    with database_aside(engine) as aside, aside.connect() as connection:
        assert current_revision(connection) == newest_revision()
        assert asides(engine) == [aside.url.database]
    assert asides(engine) == []


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_it_is_dropped_when_the_block_fails(engine: Engine, failure: type[BaseException]) -> None:
    def fail() -> None:
        with database_aside(engine) as aside:
            aside.connect()  # somebody is still connected
            raise failure

    with pytest.raises(failure):
        fail()
    assert asides(engine) == []


def test_it_is_dropped_after_an_interrupt(engine: Engine, database_url: str) -> None:
    process = holder(database_url)
    assert len(asides(engine)) == 1
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode != 0
    assert asides(engine) == []


def test_what_a_killed_run_left_is_dropped_by_the_next(engine: Engine, database_url: str) -> None:
    process = holder(database_url)
    busy = asides(engine)
    with database_aside(engine) as second:
        assert sorted(asides(engine)) == sorted([*busy, str(second.url.database)])
    process.kill()
    process.communicate(timeout=20)
    wait_for_nobody(engine, busy[0])
    with database_aside(engine) as third:
        assert asides(engine) == [third.url.database]
    assert asides(engine) == []


def test_databases_of_another_name_are_left_alone(engine: Engine, server: str) -> None:
    name = f"{prefix_of(engine)}of_mine"
    administer(server, f'CREATE DATABASE "{name}"')
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            assert drop_stale(connection) == []
        assert asides(engine) == [name]
    finally:
        administer(server, f'DROP DATABASE "{name}"')


def test_a_name_is_never_too_long(engine: Engine) -> None:
    long = engine.url.set(database="x" * 63)
    shop = type("Shop", (), {"url": make_url(long)})
    assert len(prefix_of(shop) + "0" * 8) <= 63


def wait_for_nobody(engine: Engine, database: str) -> None:
    sessions = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name")
    for _ in range(100):
        with engine.connect() as connection:
            if not connection.execute(sessions, {"name": database}).scalar():
                return
        time.sleep(0.1)
