"""How many events a second are taken beside reads, over HTTP, and what the answers wait for.

`weft up` serves a demo world with two processes. One client process sends batches over a few
connections, as fast as they are acknowledged; another asks for recommendations at a steady rate.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil

from api.building import apply_spec
from api.keys import create_key
from bench.demo_shop import fill, with_spaces, write_shop
from bench.results import publish, table
from bench.tracking_client import Load
from weft.database import address, connect, prepare
from weft.running import Quiet
from weft.settings import Settings
from world import World

SPACES = {"known": {"type": "linear", "over": ["liked", "tagged"], "holdout": None}}
CHANNELS = ("popular", "fresh", "similar", "topics", "near")
UP = "import typer; from api.commands.up import up; typer.run(up)"


@dataclass(frozen=True)
class Server:
    """What serves, and the database behind it."""

    api: psutil.Process
    database: psutil.Process

    def spent(self) -> tuple[float, float]:
        """Give the seconds of CPU that both have taken so far."""
        return _seconds(self.api), _seconds(self.database)


def main() -> None:
    """Measure batches of each size."""
    options = _options()
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with address(Settings(home)) as url:
            reader, writer = _prepared(url, home, options.items, options.users)
            with _serving(url, home) as (place, server):
                told = [
                    _measured(place, server, (reader, writer), options, batch)
                    for batch in options.batches
                ]
    _publish(told, options)


def _prepared(url: str, home: Path, items: int, users: int) -> tuple[str, str]:
    """Make a world, build it, and give a key that reads and one that writes."""
    engine = connect(url)
    prepare(engine)
    shop = with_spaces(SPACES, CHANNELS)
    for part in ("ner", "suggestions", "keywords"):
        shop["text"].pop(part)
    for edges in ("worded", "means", "searched"):
        shop["graph"]["edges"].pop(edges)
    shop.pop("ranking")
    spec = write_shop(home, shop)
    fill(engine, spec, home, World(items=items, users=users, days=8, events=items * 20, seed=1))
    apply_spec(engine, spec, Quiet())
    with engine.begin() as connection:
        keys = [create_key(connection, "bench", [role]) for role in ("reader", "writer")]
    engine.dispose()
    return keys[0], keys[1]


@contextmanager
def _serving(url: str, home: Path) -> Iterator[tuple[str, Server]]:
    """Serve with two processes for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"WEFT_DATABASE_URL": url, "WEFT_PORT": str(port), "WEFT_WORKERS": "2"}
    settings |= {"WEFT_LOG_LEVEL": "error", "WEFT_HOME": str(home)}
    command = [sys.executable, "-c", UP, "--spec", str(home / "weft.yaml")]
    process = subprocess.Popen(command, env=os.environ | settings)
    place = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while not _ready(place):
            if time.monotonic() > deadline:
                raise RuntimeError("the shop does not get ready")
            time.sleep(0.2)
        database = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
        yield place, Server(psutil.Process(process.pid), psutil.Process(database))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _ready(place: str) -> bool:
    try:
        return httpx.get(f"{place}/ready").status_code == 200
    except httpx.TransportError:
        return False


def _measured(
    place: str, server: Server, keys: tuple[str, str], options: argparse.Namespace, batch: int
) -> dict[str, Any]:
    """Let one process send and another ask, at the same time; warm both up before."""
    common: dict[str, Any] = {"address": place, "people": options.users, "pages": options.pages}
    busy = os.getloadavg()[0]
    reader, writer = keys
    for seconds in (3.0, options.seconds):
        loads = [
            Load(key=writer, seconds=seconds, batch=batch, **common),
            Load(key=reader, seconds=seconds, **common),
        ]
        before = server.spent()
        clients = [_start(load) for load in loads]
        told = [json.loads(client.communicate()[0]) for client in clients]
    sent, asked = told
    spent = [now - then for now, then in zip(server.spent(), before, strict=True)]
    return {
        "batch": batch,
        "events_per_second": round(sent["answers"] * batch / sent["seconds"]),
        "track_p50_ms": sent["p50"],
        "track_p99_ms": sent["p99"],
        "pages_per_second": round(asked["answers"] / asked["seconds"], 1),
        "recommend_p50_ms": asked["p50"],
        "recommend_p99_ms": asked["p99"],
        "cores_of_api": round(spent[0] / sent["seconds"], 2),
        "cores_of_postgres": round(spent[1] / sent["seconds"], 2),
        "load_before": round(busy, 1),
        "failed": sent["failed"] + asked["failed"],
    }


def _seconds(process: psutil.Process) -> float:
    """Add up a process, those under it and those that were."""
    own = process.cpu_times()
    gone = own.children_user + own.children_system
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(gone + sum(one.user + one.system for one in times))


def _start(load: Load) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.tracking_client", json.dumps(asdict(load))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _publish(told: Sequence[Mapping[str, Any]], options: argparse.Namespace) -> None:
    rows = [list(one.values()) for one in told]
    command = f"make bench-track ITEMS={options.items} USERS={options.users}"
    publish(command, table(list(told[0]), rows), {f"batch_{one['batch']}": one for one in told})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pages", type=float, default=5.0, help="asked for in a second")
    parser.add_argument("--batches", type=int, nargs="+", default=[100, 500])
    return parser.parse_args()


if __name__ == "__main__":
    main()
