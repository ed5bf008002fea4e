"""How fast whole pages are served, and at which rate two cores hold that.

`python -m bench.serve --items 1000000 --users 200000`. A shop with made vectors and a real release
is built once and kept in `--home`; `weft up` serves it with two processes, and locust asks from a
process of its own: five channels, 5,000 candidates for the coarse stage, 600 for the fine one, 50
items with eight fields and their tags, for mixed persons under mixed filters.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import psutil

from api.keys import create_key
from bench.flames import watched
from bench.results import publish, table
from bench.serve_check import check
from bench.serve_load import Answers, Load, ask
from bench.serve_releases import go_on_releasing
from bench.serve_shares import shares
from bench.serve_shop import Size, build, spec_of
from bench.serving import Server, serving
from weft.database import address, connect, prepare
from weft.settings import Settings

RATES = (1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)
GOOD_P50, GOOD_P99 = 40.0, 100.0
FLAMES = Path(__file__).parent / "serve.svg"
WARMING = 5  # rounds of 20 seconds
DUMPED = 3.0  # seconds until what models read is written
HEADS = (
    "rate",
    "answered/s",
    "p50 ms",
    "p99 ms",
    "failed",
    "with something dropped",
    "MiB",
    "CPU ms",
)


def main() -> None:
    """Build, serve, ask, and publish."""
    options = _options()
    home: Path = options.home
    spec_of(home)
    os.environ["WEFT_THREADS"] = "1"
    size = Size(options.items, options.users, options.clicks, options.pages)
    with address(Settings(home=home)) as url:
        engine = connect(url)
        prepare(engine)
        build(engine, home, size)
        with engine.begin() as connection:
            key = create_key(connection, "bench", ["reader"])
        with serving(url, home) as server:
            _warm(server, key, options.users)
            load = Load(server.place, key, options.users, 0.0, options.seconds)
            rows = list(_climb(server, load))
            best = _best(rows)
            with watched(server.workers()[0].pid, options.seconds, FLAMES):
                ask(load.at(best["rate"]))
            released = _released(engine, load, best["rate"], options.seconds)
        parts = asyncio.run(shares(url, home, options.users, best["cpu_ms"]))
        engine.dispose()
    _publish(options, rows, best, released, parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=200_000)
    parser.add_argument("--clicks", type=int, default=1_500_000)
    parser.add_argument("--pages", type=int, default=30_000)
    parser.add_argument("--seconds", type=float, default=30.0, help="at each rate")
    parser.add_argument("--home", type=Path, default=Path(".weft-serve"))
    return parser.parse_args()


def _warm(server: Server, key: str, users: int) -> None:
    """Ask for some minutes, and until all is answered: items and models are in memory then.

    A filter that nobody asked for before is new to them however long that goes on, so what pages
    have to do without is told in the table, and nothing to wait for.
    """
    for number in range(60):
        answers = ask(Load(server.place, key, users, 1.0, 20.0))
        if number >= WARMING and answers.rows and not answers.failed():
            return
    raise RuntimeError("the shop does not get warm")


def _climb(server: Server, load: Load) -> Iterator[dict[str, Any]]:
    """Ask at ever higher rates, until answers come too late."""
    for rate in RATES:
        before = server.cpu()
        answers = ask(load.at(rate))
        cpu = (server.cpu() - before) / max(1, len(answers.rows)) * 1e3
        row = {**_row(rate, answers, server), "cpu_ms": round(cpu, 1)}
        yield row
        if row["p50_ms"] > 4 * GOOD_P50 or row["failed"]:
            return


def _row(rate: float, answers: Answers, server: Server) -> dict[str, Any]:
    return {
        "rate": rate,
        "rps": round(answers.rate(), 1),
        "p50_ms": round(answers.p(50), 1),
        "p99_ms": round(answers.p(99), 1),
        "failed": answers.failed(),
        "dropped": answers.dropped(),
        "worker_mib": round(max(map(_mib, server.workers()))),
    }


def _mib(process: psutil.Process) -> float:
    """Give the memory of a worker; what it shares with others is counted once for all of them."""
    return float(process.memory_full_info().pss / 2**20)


def _best(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the highest rate that was held well, else the lowest one."""
    held = [r for r in rows if r["p50_ms"] <= GOOD_P50 and r["p99_ms"] <= GOOD_P99]
    return held[-1] if held else rows[0]


def _released(engine: Any, load: Load, rate: float, seconds: float) -> dict[str, Any]:
    """Release and roll back under load, and see what answers say."""
    with _aside(lambda: go_on_releasing(engine, 20, 5, seconds)) as told:
        answers = ask(load.at(rate))
    time.sleep(DUMPED)
    answered, known = answers.answered(), set(told)
    found = check(engine, [one for one in answered if one.release in known])
    return {
        "failed": answers.failed(),
        "p99_ms": round(answers.p(99), 1),
        "releases": len({one.release for one in answered}),
        "mixed": found.mixed + sum(one.release not in known for one in answered),
        "checked": found.checked,
        "lost": found.lost,
        "apart": found.apart,
    }


@contextmanager
def _aside(work: Any) -> Iterator[list[int]]:
    """Do something in a thread for the length of the block; what it gives is there afterwards."""
    told: list[int] = []
    thread = Thread(target=lambda: told.extend(work()))
    thread.start()
    yield told
    thread.join()


def _publish(
    options: argparse.Namespace,
    rows: list[dict[str, Any]],
    best: dict[str, Any],
    released: dict[str, Any],
    parts: dict[str, float],
) -> None:
    shown = table(HEADS, [list(row.values()) for row in rows])
    share = {name: round(value, 3) for name, value in parts.items() if name != "ms"}
    text = (
        f"{shown}\n\nUnder 20 releases and 5 rollbacks, at {best['rate']:g} pages a second: "
        f"{released['failed']} failed, p99 {released['p99_ms']} ms (before: {best['p99_ms']}), "
        f"{released['releases']} releases seen. The scores of {released['checked']} answers were "
        f"worked out again from what was kept of them: {released['mixed']} were not those of the "
        f"release they named ({released['apart']} have others in another release; of "
        f"{released['lost']} nothing was kept).\n\n"
        f"In one process, without HTTP: {parts['ms']:.1f} ms of CPU a page, Postgres included. "
        "What one of the two processes did under load: `bench/serve.svg`."
    )
    figures = {
        **{name: best[name] for name in ("rps", "p50_ms", "p99_ms", "failed", "worker_mib")},
        "mixed": released["mixed"],
        "released_failed": released["failed"],
        "released_p99_ratio": round(released["p99_ms"] / max(best["p99_ms"], 0.1), 2),
        "load_before": round(float(np.mean(os.getloadavg()[:1])), 1),
        "share": share,
    }
    command = f"make bench-serve ITEMS={options.items} USERS={options.users}"
    publish(f"{command} SECONDS={options.seconds:g}", text, figures)


if __name__ == "__main__":
    main()
