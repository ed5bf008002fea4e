import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from weft.database import open_database
from weft.embedded import revive
from weft.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from weft.database import open_database
from weft.embedded import revive
from weft.settings import Settings
with open_database(Settings(home=Path(sys.argv[1]))) as engine:
    print("open", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(home: Path, seconds: float) -> subprocess.Popen[str]:
    here = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home), str(seconds)],
        cwd=here,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == "open\n"
    return process


def server_pid(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def test_the_last_one_out_stops_the_server(home: Path) -> None:
    other = hold(home, 2)
    with open_database(Settings(home=home)) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
        pid = server_pid(home)
    assert psutil.pid_exists(pid)
    assert other.wait(20) == 0
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_a_killed_process_leaves_no_server_behind_for_ever(home: Path) -> None:
    other = hold(home, 60)
    other.kill()
    other.wait(20)
    assert psutil.pid_exists(server_pid(home))
    with open_database(Settings(home=home)):
        pass
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_recovers(home: Path) -> None:
    with open_database(Settings(home=home)) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 1 AS one"))
    other = hold(home, 60)
    os.kill(server_pid(home), signal.SIGKILL)
    other.kill()
    other.wait(20)
    time.sleep(0.5)
    with open_database(Settings(home=home)) as engine, engine.begin() as connection:
        assert connection.execute(text("SELECT one FROM kept")).scalar() == 1


@pytest.mark.parametrize("url", ["mysql://x@127.0.0.1/y", "postgresql://x@127.0.0.1:1/y"])
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    from weft.errors import WeftError

    with (
        pytest.raises(WeftError, match=r"postgresql://… is needed|no database answers at"),
        open_database(Settings(database_url=url)),
    ):
        pass


def test_a_killed_server_is_started_again_with_what_was_committed(home: Path) -> None:
    with open_database(Settings(home=home)) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 7 AS number"))
        assert not revive()
        os.kill(server_pid(home), signal.SIGKILL)
        while not revive():
            time.sleep(0.02)
        engine.dispose()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT number FROM kept")).scalar() == 7
        other = hold(home, 0.1)
        assert other.wait(20) == 0
        assert psutil.pid_exists(server_pid(home)), "who leaves sees that others are there"
    assert not (home / "postgres" / "postmaster.pid").exists()
