"""Nearest neighbours under filters: the planner beside pgvector as it comes, exact, and Faiss.

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
from bench import ann_faiss, ann_stock
from bench.ann_cells import TOP, Cell, cells_of, truth
from bench.ann_data import ARTIFACT, DIM, SPEC, World, fill, make_world
from bench.ann_faiss import by_faiss
from bench.ann_picture import draw
from bench.ann_stock import GOOD, Tried, best_setting, make_stock
from bench.ann_watch import Taken, Watch, pid_of
from bench.results import publish, table
from graph.where import read_where
from recall.vectors import Store, nearest, warm
from weft.database import connect_async, open_database
from weft.settings import Settings

QUERIES = 100
BAND = (0.05, 0.02, 0.01)
LAST = 25  # queries that stock is asked, at most: it may take a tenth of a second each
MEASURED = 5  # queries for which every row that matches is measured


@dataclass(frozen=True)
class Judged:
    """One cell, judged."""

    cell: Cell
    recall: float
    strategy: str
    first: float  # ms of the first question under this filter
    ours: Taken
    stock: Tried
    stocks: Taken
    exact: float  # ms of measuring every row that matches, in stock's table

    @property
    def good(self) -> bool:
        """Tell whether one of stock's settings has enough recall."""
        return self.stock.recall >= GOOD

    @property
    def ratio(self) -> float:
        """Compare milliseconds with stock's best setting."""
        return self.ours.ms / self.stocks.ms

    @property
    def cpu_ratio(self) -> float:
        """Compare processor time, the client's and the server's."""
        return self.ours.cpu / self.stocks.cpu


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--home", type=Path, help="keep the database here, and use what is there")
    parser.add_argument("--queries", type=int, default=QUERIES, help="of each cell")
    parser.add_argument(
        "--only", default="", help="filters, parted by ';': 'shelf;category, far'; else all"
    )
    parser.add_argument("--without-faiss", action="store_true")
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
            cells = [
                cell
                for cell in cells_of(world, chosen.queries)
                if cell.family in chosen.only.split(";") or not chosen.only
            ]
            judged = asyncio.run(judge(engine, spec, world, cells))
        faiss = [] if chosen.without_faiss else by_faiss(world, cells)
        report(chosen.rows, judged, faiss)


def prepare(engine: Engine, spec: Spec, world: World) -> None:
    """Fill the product's tables, and the plain one."""
    began = time.perf_counter()
    fill(engine, spec, world)
    say(f"filled in {time.perf_counter() - began:.0f} s")
    make_stock(engine)
    say(f"and the plain table, {time.perf_counter() - began:.0f} s")


async def judge(engine: Engine, spec: Spec, world: World, cells: Sequence[Cell]) -> list[Judged]:
    """Judge every cell."""
    pool = connect_async(engine.url.render_as_string(hide_password=False))
    pool = pool.execution_options(isolation_level="AUTOCOMMIT")
    store = Store(ARTIFACT, DIM, spec.catalog)
    judged = []
    try:
        async with pool.connect() as ours, pool.connect() as stock:
            await warm(ours, store)
            await nearest(ours, store, world.queries[0], TOP)
            for cell in cells:
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
    statement, exact = ann_stock.statement_of(cell), ann_stock.statement_of(cell, exact=True)
    where = read_where(cell.where, store.catalog)
    mine, stocks = Watch(await pid_of(ours)), Watch(await pid_of(stock))
    recalls, told, measured = [], "", []
    gc.collect()
    for place, number in enumerate(cell.asked):
        with mine.watching():
            near = await nearest(ours, store, world.queries[number], TOP, where)
        recalls.append(ann_stock.recall(near.ids.tolist(), right[place]))
        told = near.told["strategy"]
        if place < LAST:
            query = ann_stock.written(world, number)
            with stocks.watching():
                await ann_stock.ask(stock, statement, query)
        if place < MEASURED:
            measured.append((await ann_stock.ask(stock, exact, query))[1])
    recall = float(np.mean(recalls))
    taken = mine.times[0], mine.taken(), best, stocks.taken(), float(np.median(measured))
    return Judged(cell, recall, told, *taken)


def row_of(one: Judged) -> tuple[object, ...]:
    """Put a cell into a row of the table."""
    return (
        one.cell.family,
        f"{100 * one.cell.share:g} %",
        f"{one.recall:.4f}",
        one.strategy,
        f"{one.ours.ms:.2f}",
        f"{np.quantile(one.ours.times, 0.99):.1f}",
        f"{one.first:.0f}",
        f"{one.ours.cpu:.2f}",
        f"{one.stock.recall:.3f}",
        f"{one.stocks.ms:.2f}",
        f"{one.stocks.cpu:.2f}",
        str(one.stock.setting),
        f"{one.exact:.2f}",
        f"{one.ratio:.2f}" if one.good else f"({one.ratio:.2f})",
        f"{one.cpu_ratio:.2f}" if one.good else f"({one.cpu_ratio:.2f})",
    )


def report(rows: int, judged: Sequence[Judged], faiss: Sequence[str]) -> None:
    """Publish the table, the picture and the figures."""
    heads = (
        *("filter", "share", "recall", "way", "ms", "p99", "first", "CPU"),
        *("stock recall", "ms", "CPU", "its best setting", "exact ms", "ms ratio", "CPU ratio"),
        *([f"Faiss ef {ann_faiss.EFS[0]}, {ann_faiss.EFS[1]}"] if faiss else []),
    )
    band = [one for one in judged if one.cell.share in BAND]
    every = [ms for one in judged for ms in one.ours.times]
    figures = {
        "rows": rows,
        "worst_recall": round(min(one.recall for one in judged), 4),
        "worst_latency_ratio": round(max(one.ratio for one in judged if one.good), 2),
        "worst_cpu_ratio": round(max(one.cpu_ratio for one in judged if one.good), 2),
        "band_speedup": round(min(1 / one.ratio for one in band), 1),
        "band_speedup_median": round(float(np.median([1 / one.ratio for one in band])), 1),
        "p99_ms": round(float(np.quantile(every, 0.99)), 2),
        "first_ms": round(max(one.first for one in judged), 1),
    }
    draw(rows, judged)
    told = [[line] for line in faiss] or [[] for _ in judged]
    lines = [(*row_of(one), *line) for one, line in zip(judged, told, strict=True)]
    publish(f"make bench-ann ROWS={rows}", table(heads, lines), figures)


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
