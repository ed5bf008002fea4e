"""Asking for pages by locust, from a process of its own, and what came of it."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.serve_check import Answered

PEERS = Path(__file__).parent / "peers"
USERS = 16  # connections
QUERY = """query ($person: ID, $where: ItemFilter) {
    recommend(scene: "home", person: $person, first: 50, where: $where) {
        traceId release dropped { name reason }
        edges { cursor node { score channel item {
            key title price city seller publishedAt category { key } brand { key }
            tags { key facet } } } } } }"""


@dataclass(frozen=True)
class Load:
    """How many pages a second are asked for, of which shop, for how long."""

    place: str
    key: str
    persons: int
    rate: float
    seconds: float

    def at(self, rate: float) -> "Load":
        """Give the same at another rate."""
        return replace(self, rate=rate)


@dataclass(frozen=True)
class Answers:
    """What was answered: when, in how many seconds, of which release, whole or not."""

    rows: Sequence[tuple[float, float, int, bool, list[str], str, list[float]]]
    seconds: float

    def p(self, percentile: float) -> float:
        """Give a percentile of milliseconds."""
        return float(np.percentile([row[1] for row in self.rows], percentile) * 1e3)

    def rate(self) -> float:
        """Give answers a second."""
        return len(self.rows) / self.seconds

    def failed(self) -> int:
        """Count what was not answered."""
        return sum(not row[3] for row in self.rows)

    def dropped(self) -> int:
        """Count answers that had to do without something."""
        return sum(bool(row[4]) for row in self.rows)

    def answered(self) -> list[Answered]:
        """Give the trace, the release and the scores of each answer."""
        return [Answered(row[5], row[2], row[6]) for row in self.rows if row[3]]


def ask(load: Load) -> Answers:
    """Ask at a steady rate."""
    with TemporaryDirectory(prefix="weft-load-") as folder:
        out = Path(folder) / "told.json"
        told = {
            "LOAD_KEY": load.key,
            "LOAD_OUT": str(out),
            "LOAD_PERSONS": str(load.persons),
            "LOAD_USERS": str(USERS),
            "LOAD_RATE": str(load.rate),
            "LOAD_QUERY": QUERY,
        }
        command = [str(_locust()), "-f", str(PEERS / "locust_runs.py"), "--headless"]
        command += ["--host", load.place, "-u", str(USERS), "-r", str(USERS), "--only-summary"]
        command += ["-t", f"{load.seconds:g}s", "--stop-timeout", "20", "-L", "ERROR"]
        subprocess.run(command, env=os.environ | told, check=False, capture_output=True)
        return Answers([tuple(row) for row in json.loads(out.read_text())], load.seconds)


def _locust() -> Path:
    """Give the load generator, installed in a venv of its own when there is none."""
    home = PEERS / ".locust"
    if not (home / "bin" / "locust").exists():
        venv.create(home, with_pip=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r"]
        subprocess.run([*install, str(PEERS / "locust.txt")], check=True, stdout=sys.stderr)
    return home / "bin" / "locust"
