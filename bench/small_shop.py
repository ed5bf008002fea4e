"""A small demo shop with an embedded database, served by `weft up` in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from api.building import apply_spec
from api.keys import create_key
from api.roles import GRANTS
from bench.demo_shop import fill, with_spaces, write_shop
from weft.database import open_database
from weft.running import Quiet
from weft.settings import Settings
from world import World

SPACES = {"known": {"type": "linear", "over": ["liked", "tagged"], "holdout": None}}
CHANNELS = ("popular", "fresh", "similar", "topics", "near")
UP = "import typer; from api.commands.up import up; typer.run(up)"


@dataclass(frozen=True)
class Served:
    """Where it is served, the process that does, and the folder of its database."""

    address: str
    process: psutil.Process
    home: Path

    def children(self, what: str) -> list[psutil.Process]:
        """Give its children of a kind: `serve` or `work`."""
        return [child for child in self.process.children() if what in child.cmdline()]

    def database(self) -> psutil.Process:
        """Give the process of the database."""
        text = (self.home / "postgres" / "postmaster.pid").read_text()
        return psutil.Process(int(text.split("\n")[0]))


def prepare_shop(home: Path, items: int, users: int) -> dict[str, str]:
    """Make a world, build it, and give a key for each role."""
    shop = with_spaces(SPACES, CHANNELS)
    shop["text"].pop("ner", None)  # what takes minutes to learn, and shows nothing here
    shop.pop("ranking", None)
    shop.pop("monitors", None)
    spec = write_shop(home, shop)
    with open_database(Settings(home)) as engine:
        fill(engine, spec, home, World(items=items, users=users, days=8, events=items * 20, seed=1))
        apply_spec(engine, spec, Quiet())
        with engine.begin() as connection:
            return {role: create_key(connection, "bench", [role]) for role in GRANTS}


@contextmanager
def serve_shop(home: Path, workers: int = 2) -> Iterator[Served]:
    """Serve for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {n: v for n, v in os.environ.items() if n != "WEFT_DATABASE_URL"}
    environment |= {"WEFT_PORT": str(port), "WEFT_WORKERS": str(workers), "WEFT_HOME": str(home)}
    command = [sys.executable, "-W", "ignore", "-c", UP, "--spec", str(home / "weft.yaml")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            place = f"http://127.0.0.1:{port}"
            _wait(place)
            yield Served(place, psutil.Process(process.pid), home)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _wait(place: str, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if httpx.get(f"{place}/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the shop does not get ready; see its log")
