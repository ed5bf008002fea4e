"""kill -9 at any moment, then the same command again: as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.checksums import checksums
from weft.database import connect
from world import World, generate

CHECKOUT = Path(__file__).parents[2]
SPEC = CHECKOUT / "examples" / "bazaar" / "weft.yaml"
SEEDS = range(5)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world."""
    out = tmp_path_factory.mktemp("world")
    generate(World(items=1_500, users=400, days=8, events=30_000, seed=3), out)
    return out


def weft(url: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.commands.main", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "WEFT_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(url: str, *arguments: str) -> float:
    """Run a command to its end and say how long it took."""
    began = time.monotonic()
    process = weft(url, *arguments)
    _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said.decode()
    return time.monotonic() - began


def kill_within(seconds: float, chance: random.Random, url: str, *arguments: str) -> bool:
    """Start a command and kill it -9 at a random moment; tell whether it was still running."""
    process = weft(url, *arguments)
    try:
        process.communicate(timeout=chance.uniform(0.1, 1.0) * seconds)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        return True


def load(files: Path, subject: str, name: str) -> tuple[str, ...]:
    """Give the command line that imports one file of the world."""
    rejects = str(files / f"{subject}.rejects.jsonl")
    path = str(files / name)
    return ("import", subject, path, "--spec", str(SPEC), "--rejects", rejects)


@pytest.fixture
def catalogue(database_url: str, files: Path) -> str:
    """A database that holds the world's tags, items and users."""
    for subject, name in (("tags", "tags.jsonl"), ("items", "items.jsonl"), ("users", "users.csv")):
        finish(database_url, *load(files, subject, name))
    return database_url


@pytest.mark.timeout(900)
def test_killed_import_and_apply_end_as_if_undisturbed(
    catalogue: str, fresh_copy: Callable[[str], str], files: Path
) -> None:
    calm = fresh_copy(catalogue)
    events = load(files, "events", "events.jsonl")
    import_seconds = finish(calm, *events)
    apply_seconds = finish(calm, "apply", "--spec", str(SPEC))
    chance = random.Random(20)
    hits = [kill_within(import_seconds, chance, catalogue, *events) for _ in SEEDS]
    assert_nothing_half_visible(catalogue)
    finish(catalogue, *events)
    hits += [
        kill_within(apply_seconds, chance, catalogue, "apply", "--spec", str(SPEC)) for _ in SEEDS
    ]
    assert_nothing_half_visible(catalogue)
    finish(catalogue, "apply", "--spec", str(SPEC))
    assert sum(hits) >= 3
    assert sums(catalogue) == sums(calm)


def assert_nothing_half_visible(url: str) -> None:
    """Counters agree with rows, and the live release, if any, has all that it names."""
    engine = connect(url)
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT coalesce(sum(rows), 0) FROM event_day")).scalar()
        assert counted == connection.execute(text("SELECT count(*) FROM event")).scalar()
        missing = text("""
            SELECT count(*) FROM live.artifact AS named
            LEFT JOIN weft.artifact ON artifact.id = named.artifact WHERE artifact.id IS NULL
        """)
        assert connection.execute(missing).scalar() == 0
    engine.dispose()


def sums(url: str) -> dict[str, str]:
    """Checksum a database by its address."""
    engine: Engine = connect(url)
    try:
        return checksums(engine)
    finally:
        engine.dispose()
