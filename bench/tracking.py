"""How many events a second are taken beside reads, over HTTP, and what the answers wait for.

`weft up` serves a demo world with two processes. One client process sends batches over a few
connections, as fast as they are acknowledged; another asks for recommendations at a steady rate.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import numpy as np
import psutil

from api.building import apply_spec
from api.keys import create_key
from bench.demo_shop import fill, with_spaces, write_shop
from bench.results import publish, table
from weft.database import address, connect, prepare
from weft.running import Quiet
from weft.settings import Settings
from world import World

TRACK = "mutation ($events: [EventInput!]!) { track(events: $events) { accepted } }"
PAGE = """query ($person: ID) { recommend(scene: "home", person: $person, first: 20) {
    traceId edges { node { item { key } } } } }"""
SPACES = {"known": {"type": "linear", "over": ["liked", "tagged"], "holdout": None}}
CHANNELS = ("popular", "fresh", "similar", "topics", "near")
SENDERS, ASKED = 4, 10.0  # connections of the writer; pages asked for in a second
UP = "import typer; from api.commands.up import up; typer.run(up)"


@dataclass(frozen=True)
class Load:
    """What a client does: over which connections, how often, with what."""

    address: str
    key: str
    seconds: float
    batch: int = 0  # events in a call; none: pages are asked for
    people: int = 1_000


@dataclass(frozen=True)
class Server:
    """What serves, and the database behind it."""

    api: psutil.Process
    database: psutil.Process

    def spent(self) -> tuple[float, float]:
        """Give the seconds of CPU that both have taken so far."""
        return _seconds(self.api), _seconds(self.database)


def main() -> None:
    """Measure batches of each size, or be a client."""
    options = _options()
    if options.client:
        print(json.dumps(asyncio.run(_client(Load(**json.loads(options.client))))))
        return
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
    spec = write_shop(home, with_spaces(SPACES, CHANNELS))
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
    common: dict[str, Any] = {"address": place, "people": options.users}
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
        "failed": sent["failed"] + asked["failed"],
    }


def _seconds(process: psutil.Process) -> float:
    """Add up a process, those under it and those that were."""
    own = process.cpu_times()
    gone = own.children_user + own.children_system
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(gone + sum(one.user + one.system for one in times))


def _start(load: Load) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.tracking", "--client", json.dumps(asdict(load))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def _client(load: Load) -> dict[str, Any]:
    """Send or ask until the time is over."""
    waits: list[float] = []
    failed = [0]
    limits = httpx.Limits(max_connections=64)
    headers = {"Authorization": f"Bearer {load.key}"}
    async with httpx.AsyncClient(headers=headers, limits=limits, timeout=30) as client:
        began = time.perf_counter()
        work = _send if load.batch else _ask
        many = SENDERS if load.batch else 1
        await asyncio.gather(*(work(client, load, waits, failed) for _ in range(many)))
        seconds = time.perf_counter() - began
    p50, p99 = np.percentile(np.array(waits) * 1e3, (50, 99)).round(1).tolist()
    return {"answers": len(waits), "seconds": seconds, "p50": p50, "p99": p99, "failed": failed[0]}


async def _send(
    client: httpx.AsyncClient, load: Load, waits: list[float], failed: list[int]
) -> None:
    until, number = time.perf_counter() + load.seconds, 0
    while time.perf_counter() < until:
        events = [_event(load, number + place) for place in range(load.batch)]
        number += load.batch
        await _post(client, load, TRACK, {"events": events}, waits, failed)


async def _ask(
    client: httpx.AsyncClient, load: Load, waits: list[float], failed: list[int]
) -> None:
    """Ask at a steady rate, whether or not the last answer is there."""
    asking = []
    for number in range(int(load.seconds * ASKED)):
        person = {"person": _key("u", number % load.people)}
        asking.append(asyncio.create_task(_post(client, load, PAGE, person, waits, failed)))
        await asyncio.sleep(1 / ASKED)
    await asyncio.gather(*asking)


async def _post(
    client: httpx.AsyncClient,
    load: Load,
    query: str,
    variables: Mapping[str, Any],
    waits: list[float],
    failed: list[int],
) -> None:
    began = time.perf_counter()
    body = {"query": query, "variables": variables}
    answer = (await client.post(f"{load.address}/graphql", json=body)).json()
    waits.append(time.perf_counter() - began)
    kept = answer.get("data", {}).get("track", {}).get("accepted", load.batch)
    failed[0] += "errors" in answer or kept != load.batch


def _key(letter: str, number: int) -> str:
    return letter + np.base_repr(number, 36).lower().zfill(5)


def _event(load: Load, number: int) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "kind": "click" if number % 5 == 0 else "expose",
        "person": _key("u", number % load.people),
        "item": _key("i", number % 500),
        "scene": "home",
        "position": number % 20,
    }


def _publish(told: Sequence[Mapping[str, Any]], options: argparse.Namespace) -> None:
    rows = [list(one.values()) for one in told]
    command = f"make bench-track ITEMS={options.items} USERS={options.users}"
    publish(command, table(list(told[0]), rows), {f"batch_{one['batch']}": one for one in told})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--batches", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--client", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
