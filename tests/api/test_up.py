"""`weft up` with real processes: it finishes what is in flight, heals, and leaves nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.shop import fill, new_key, release, tiny

UP = "import typer; from api.commands.up import up; typer.run(up)"
CHECKOUT = Path(__file__).parent.parent.parent
SPEC = CHECKOUT / "examples" / "bazaar" / "weft.yaml"
QUERY = {"query": "{ items { totalCount } }"}


class Running:
    """A `weft up` in a process of its own."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self.key = new_key(engine, "reader")
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        environment = os.environ | {
            "WEFT_DATABASE_URL": url,
            "WEFT_HOME": str(home),
            "WEFT_PORT": self.address.split(":")[2],
            "WEFT_WORKERS": "2",
        }
        self.output = (home / "output").open("wb")
        spec = str(unscheduled(home))
        command = [sys.executable, "-c", UP, "--spec", spec, "--demo"]
        self.process = subprocess.Popen(
            command, env=environment, cwd=CHECKOUT, stdout=self.output, stderr=self.output
        )

    def children(self) -> list[psutil.Process]:
        """List its child processes."""
        return psutil.Process(self.process.pid).children()

    def ask(self) -> httpx.Response:
        """Ask a small question."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.post(f"{self.address}/graphql", json=QUERY, headers=headers, timeout=30)

    def ready(self) -> bool:
        """Tell whether it serves."""
        try:
            return httpx.get(f"{self.address}/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def running(engine: Engine, bazaar: Spec, home: Path) -> Iterator[Running]:
    """Run it for the length of the block."""
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    up = Running(engine, home)
    try:
        wait(up.ready)
        yield up
    finally:
        for child in up.children() if up.process.poll() is None else []:
            child.kill()
        up.process.kill()
        up.process.wait()
        up.output.close()


def test_it_finishes_what_is_in_flight_and_stops(
    engine: Engine, bazaar: Spec, tmp_path: Path
) -> None:
    with running(engine, bazaar, tmp_path) as up:
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(up.ask()))
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE item IN ACCESS EXCLUSIVE MODE"))
            asking.start()
            wait(lambda: waits_for_lock(engine))
            up.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert up.process.poll() is None
        asking.join(10)
        assert [a.status_code for a in answers] == [200]
        assert answers[0].json()["data"]["items"]["totalCount"] == 5
        assert up.process.wait(15) == 0


def test_a_killed_child_comes_back_and_measures_are_of_all(
    engine: Engine, bazaar: Spec, tmp_path: Path
) -> None:
    with running(engine, bazaar, tmp_path) as up:
        before = {child.pid for child in up.children()}
        assert len(before) == 3
        for child in up.children():
            child.kill()
        wait(lambda: len(up.children()) == 3 and not before & {c.pid for c in up.children()})
        wait(up.ready)
        for _ in range(10):
            assert up.ask().status_code == 200
        measures = httpx.get(f"{up.address}/metrics").text
        assert 'weft_fields_total{code="OK",field="items"} 10.0' in measures
        assert "weft_release 1.0" in measures


def test_children_do_not_outlive_a_killed_parent(
    engine: Engine, bazaar: Spec, tmp_path: Path
) -> None:
    with running(engine, bazaar, tmp_path) as up:
        children = up.children()
        up.process.kill()
        up.process.wait()
        assert psutil.wait_procs(children, timeout=60)[1] == []


def unscheduled(home: Path) -> Path:
    """Write the spec of the demo shop so that no quarter of an hour makes a release of its own."""
    path = home / "weft.yaml"
    whole = SPEC.read_text()
    (schedule,) = (line for line in whole.splitlines() if line.startswith("refresh:"))
    path.write_text(whole.replace(schedule, ""))
    return path


def wait(done: Callable[[], Any], seconds: float = 90) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def waits_for_lock(engine: Engine) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'item'::regclass"
    with engine.connect() as connection:
        return bool(connection.execute(text(query)).scalar_one())


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
