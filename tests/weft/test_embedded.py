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
from weft.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from weft.database import open_database
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


def test_the_last_one_out_stops_the_server(tmp_path: Path) -> None:
    other = hold(tmp_path, 2)
    with open_database(Settings(home=tmp_path)) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
        pid = server_pid(tmp_path)
    assert psutil.pid_exists(pid)
    assert other.wait(20) == 0
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_a_killed_process_leaves_no_server_behind_for_ever(tmp_path: Path) -> None:
    other = hold(tmp_path, 60)
    other.kill()
    other.wait(20)
    assert psutil.pid_exists(server_pid(tmp_path))
    with open_database(Settings(home=tmp_path)):
        pass
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_recovers(tmp_path: Path) -> None:
    with open_database(Settings(home=tmp_path)) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 1 AS one"))
    other = hold(tmp_path, 60)
    os.kill(server_pid(tmp_path), signal.SIGKILL)
    other.kill()
    other.wait(20)
    time.sleep(0.5)
    with open_database(Settings(home=tmp_path)) as engine, engine.begin() as connection:
        assert connection.execute(text("SELECT one FROM kept")).scalar() == 1


@pytest.mark.parametrize("url", ["mysql://x@127.0.0.1/y", "postgresql://x@127.0.0.1:1/y"])
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    from weft.errors import WeftError

    with (
        pytest.raises(WeftError, match=r"postgresql://… is needed|no database answers at"),
        open_database(Settings(database_url=url)),
    ):
        pass
