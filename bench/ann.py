"""Nearest neighbours under filters: the planner beside pgvector as it comes, and Faiss.

`python -m bench.ann --rows 200000`
"""

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from api.spec import Spec, open_spec
from bench import ann_stock
from bench.ann_cells import TOP, Cell, cells_of, truth
from bench.ann_data import ARTIFACT, DIM, SPEC, World, fill, make_world
from bench.ann_picture import draw
from bench.ann_stock import GOOD, Tried, best_setting, make_stock
from bench.results import publish, table
from graph.where import read_where
from recall.vectors import Store, nearest
from weft.database import connect_async, open_database
from weft.settings import Settings

QUERIES = 100
BAND = (0.05, 0.02, 0.01)
LAST = 30  # queries that stock is asked, at most: it may take a tenth of a second each


@dataclass(frozen=True)
class Judged:
    """One cell, judged."""

    cell: Cell
    recall: float
    strategy: str
    first: float  # ms of the first question under this filter
    times: Sequence[float]  # ms of the others
    stock: Tried
    stock_ms: float
    faiss: Sequence[tuple[float, float]] = ()  # recall and ms, for each ef

    @property
    def ms(self) -> float:
        """Give the median."""
        return float(np.median(self.times))

    @property
    def ratio(self) -> float | None:
        """Compare with stock's best setting, where one has enough recall."""
        return self.ms / self.stock_ms if self.stock.recall >= GOOD else None


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--home", type=Path, help="keep the database here, and use what is there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as name:
        home = chosen.home or Path(name) / "home"
        home.mkdir(parents=True, exist_ok=True)
        (home / "weft.yaml").write_text(SPEC)
        spec, world = open_spec(home / "weft.yaml"), make_world(chosen.rows, 10 * QUERIES)
        with open_database(Settings(home=home)) as engine:
            if not (home / "filled").exists():
                prepare(engine, spec, world)
                (home / "filled").touch()
            report(chosen.rows, asyncio.run(judge(engine, spec, world)))


def prepare(engine: Engine, spec: Spec, world: World) -> None:
    """Fill the product's tables, and the plain one."""
    began = time.perf_counter()
    fill(engine, spec, world)
    say(f"filled in {time.perf_counter() - began:.0f} s")
    make_stock(engine)
    say(f"and the plain table, {time.perf_counter() - began:.0f} s")


async def judge(engine: Engine, spec: Spec, world: World) -> list[Judged]:
    """Judge every cell."""
    pool = connect_async(engine.url.render_as_string(hide_password=False))
    pool = pool.execution_options(isolation_level="AUTOCOMMIT")
    store = Store(ARTIFACT, DIM, spec.catalog)
    judged = []
    try:
        async with pool.connect() as ours, pool.connect() as stock:
            await nearest(ours, store, world.queries[0], TOP)
            for cell in cells_of(world, QUERIES):
                judged.append(await _judge(ours, stock, store, world, cell))
                say(" ".join(map(str, row_of(judged[-1]))))
    finally:
        await pool.dispose()
    return judged


async def _judge(
    ours: AsyncConnection, stock: AsyncConnection, store: Store, world: World, cell: Cell
) -> Judged:
    """Find stock's best setting, then ask both in turns."""
    right = truth(world, cell)
    best = await best_setting(stock, world, cell, right)
    await ann_stock.use(stock, best.setting)
    statement = ann_stock.statement_of(cell)
    where = read_where(cell.where, store.catalog)
    times, stock_times, recalls, told = [], [], [], ""
    gc.collect()
    for place, number in enumerate(cell.asked):
        began = time.perf_counter()
        near = await nearest(ours, store, world.queries[number], TOP, where)
        times.append((time.perf_counter() - began) * 1000)
        recalls.append(ann_stock.recall(near.ids.tolist(), right[place]))
        told = near.told["strategy"]
        if place < LAST:
            query = ann_stock.written(world, number)
            stock_times.append((await ann_stock.ask(stock, statement, query))[1])
    stock_ms = float(np.median(stock_times))
    return Judged(cell, float(np.mean(recalls)), told, times[0], times[1:], best, stock_ms)


def row_of(one: Judged) -> tuple[object, ...]:
    """Put a cell into a row of the table."""
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    return (
        one.cell.family,
        f"{100 * one.cell.share:g} %",
        f"{one.recall:.4f}",
        one.strategy,
        f"{one.ms:.2f}",
        f"{np.quantile(one.times, 0.99):.1f}",
        f"{one.first:.0f}",
        f"{one.stock.recall:.3f}",
        f"{one.stock_ms:.2f}",
        str(one.stock.setting),
        ratio,
        *(f"{recall:.3f} · {ms:.2f}" for recall, ms in one.faiss),
    )


def report(rows: int, judged: Sequence[Judged]) -> None:
    """Publish the table, the picture and the figures."""
    heads = (
        *("filter", "share", "recall", "way", "ms", "p99", "first"),
        *("stock recall", "ms", "its best setting", "ratio"),
    )
    ratios = [one.ratio for one in judged if one.ratio is not None]
    band = [one.stock_ms / one.ms for one in judged if one.cell.share in BAND]
    every = [ms for one in judged for ms in one.times]
    figures = {
        "rows": rows,
        "worst_recall": round(min(one.recall for one in judged), 4),
        "worst_latency_ratio": round(max(ratios), 2),
        "band_speedup": round(min(band), 1),
        "band_speedup_median": round(float(np.median(band)), 1),
        "p99_ms": round(float(np.quantile(every, 0.99)), 2),
        "first_ms": round(max(one.first for one in judged), 1),
    }
    draw(rows, judged)
    publish(f"make bench-ann ROWS={rows}", table(heads, [row_of(one) for one in judged]), figures)


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
