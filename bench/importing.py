"""Import of events against a bare binary COPY of the same rows into the same table.

`python -m bench.importing --events 1000000`
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import psutil
from sqlalchemy import Engine, text

from bench.results import publish, table
from graph.importing.queries import EVENT_COLUMNS
from weft.database import open_database
from weft.settings import Settings

ITEMS, PERSONS, DAYS, BLOCK = 100_000, 50_000, 20, 500_000
KINDS = np.array(["expose"] * 16 + ["click"] * 2 + ["collect", "purchase", "search"])
SCENES = np.array(["home", "category", "auctions", "luxury"])
SPEC = "name: bench\n"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
EMPTY = "TRUNCATE event, event_day"
FILL = f"""
INSERT INTO item (id, key, title)
SELECT n, 'i' || n, 'item ' || n FROM generate_series(1, {ITEMS}) n;
INSERT INTO person (id, key) SELECT n, 'u' || n FROM generate_series(1, {PERSONS}) n;
ANALYZE item, person
"""
COPY_OUT = f"COPY (SELECT {EVENT_COLUMNS} FROM event ORDER BY time, id) TO STDOUT (FORMAT binary)"
COPY_IN = f"COPY event ({EVENT_COLUMNS}) FROM STDIN (FORMAT binary)"


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as name:
        folder = Path(name)
        write_events(folder, chosen.events)
        with open_database(Settings(home=folder / "home")) as engine:
            times, peak = measure(engine, folder, chosen.rounds)
    report(chosen.events, times, peak)


def write_events(folder: Path, count: int) -> None:
    """Write the same events as JSONL and as Parquet, the same ones every time."""
    chance = np.random.default_rng(7)
    frames = [
        events(chance, start, min(BLOCK, count - start), count) for start in range(0, count, BLOCK)
    ]
    whole = pl.concat(frames)
    whole.write_parquet(folder / "events.parquet")
    iso = pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
    whole.with_columns(iso).write_ndjson(folder / "events.jsonl")
    (folder / "weft.yaml").write_text(SPEC)


def events(chance: np.random.Generator, start: int, count: int, whole: int) -> pl.DataFrame:
    """Make events in the order of their time, twenty to a trace."""
    numbers = np.arange(start, start + count)
    kinds = KINDS[chance.integers(0, len(KINDS), count)]
    searched = pl.Series(kinds == "search")
    frame = pl.DataFrame(
        {
            "id": pl.Series(numbers).cast(pl.String).str.zfill(9).str.replace("^", "e"),
            "time": pl.Series(
                numbers * (timedelta(days=DAYS) // whole // timedelta(milliseconds=1))
            ),
            "kind": kinds,
            "person": pl.Series(chance.integers(1, PERSONS + 1, count)).cast(pl.String),
            "item": pl.Series(chance.zipf(1.2, count) % ITEMS + 1).cast(pl.String),
            "scene": SCENES[chance.integers(0, len(SCENES), count)],
            "position": numbers % 20,
            "keyword": pl.select(pl.when(searched).then(pl.lit("连衣裙 dress"))).to_series(),
            "trace": pl.Series(numbers // 20).cast(pl.String).str.zfill(9),
        }
    )
    return frame.with_columns(
        (pl.lit(BEGIN) + pl.duration(milliseconds="time")).alias("time"),
        pl.format("u{}", "person").alias("person"),
        pl.when(~searched).then(pl.format("i{}", "item")).alias("item"),
    )


def measure(engine: Engine, folder: Path, rounds: int) -> tuple[dict[str, list[float]], float]:
    """Take turns: COPY, JSONL, Parquet; give the seconds of each and the importer's peak in MiB."""
    execute(engine, FILL)
    run(engine, folder, "events.parquet")
    payload = folder / "events.copy"
    copy_out(engine, payload)
    times: dict[str, list[float]] = {"copy": [], "jsonl": [], "parquet": []}
    peaks = []
    for _ in range(rounds):
        times["copy"].append(timed(engine, lambda: copy_in(engine, payload)))
        for name in ("jsonl", "parquet"):
            execute(engine, EMPTY)
            seconds, peak = run(engine, folder, f"events.{name}")
            times[name].append(seconds)
            peaks.append(peak)
    return times, max(peaks)


def timed(engine: Engine, load: Callable[[], None]) -> float:
    """Time a load into the emptied table."""
    execute(engine, EMPTY)
    began = time.perf_counter()
    load()
    return time.perf_counter() - began


def run(engine: Engine, folder: Path, name: str) -> tuple[float, float]:
    """Run the real command on a file: wall seconds from its start, and its peak in MiB."""
    command = [sys.executable, "-m", "api.commands.main", "import", "events", str(folder / name)]
    options = ["--spec", str(folder / "weft.yaml"), "--rejects", str(folder / "rejects.jsonl")]
    url = engine.url.render_as_string(hide_password=False)
    began = time.perf_counter()
    process = psutil.Popen(
        [*command, *options],
        env={**os.environ, "WEFT_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, resident(process))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"the import of {name} failed")
    return time.perf_counter() - began, peak


def resident(process: psutil.Process) -> float:
    """Give the most memory that a process has held so far, in MiB."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
        high = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(high.split()[1]) / 1024
    except (OSError, StopIteration):
        return 0.0


def execute(engine: Engine, statements: str) -> None:
    """Run statements in one transaction."""
    with engine.begin() as connection:
        connection.execute(text(statements))


def copy_out(engine: Engine, path: Path) -> None:
    """Write the rows of the table as a binary COPY would send them."""
    with engine.begin() as connection, path.open("wb") as file:
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor().copy(COPY_OUT) as copy:
            for part in copy:
                file.write(part)


def copy_in(engine: Engine, path: Path) -> None:
    """Send what `copy_out` wrote."""
    with engine.begin() as connection, path.open("rb") as file:
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor().copy(COPY_IN) as copy:
            while part := file.read(2**20):
                copy.write(part)


def report(count: int, times: dict[str, list[float]], peak: float) -> None:
    """Publish ratios of medians."""
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    rows = [
        (name, f"{median:.2f}", f"{count / median:,.0f}", f"{median / medians['copy']:.2f}",
         " ".join(f"{second:.2f}" for second in times[name]))
        for name, median in medians.items()
    ]  # fmt: skip
    heads = ("load", "median s", "rows/s", "over COPY", "runs")
    figures = {
        "jsonl_over_copy": round(medians["jsonl"] / medians["copy"], 2),
        "parquet_over_copy": round(medians["parquet"] / medians["copy"], 2),
        "peak_mib": round(peak, 1),
    }
    publish(f"make bench-import EVENTS={count}", table(heads, rows), figures)


if __name__ == "__main__":
    main()
