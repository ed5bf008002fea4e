"""pgvector as it comes, on one plain table: which of its settings answers a filter best."""

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.ann_cells import TOP, Cell
from bench.ann_data import DIM, World

GOOD = 0.98
MAKE = f"""
CREATE TABLE stock AS
SELECT id, category, shelf, price, styles, removed_at, e::halfvec({DIM}) AS e
FROM item JOIN derived.vector_1_item USING (id) ORDER BY id;
CREATE INDEX ON stock (category);
CREATE INDEX ON stock (shelf);
CREATE INDEX ON stock (price);
CREATE INDEX ON stock USING gin (styles);
CREATE INDEX stock_hnsw ON stock USING hnsw (e halfvec_ip_ops);
"""
EFS = (40, 100, 200, 400, 1000)
HOPELESS = 0.9
TRIED = 10  # queries that a setting is tried with


@dataclass(frozen=True)
class Setting:
    """What may be set for a session."""

    ef: int
    iterative: str
    most: int = 20_000
    memory: int = 1

    def statements(self) -> Iterator[TextClause]:
        """Give what sets it."""
        yield text(f"SET hnsw.ef_search = {self.ef}")
        yield text(f"SET hnsw.iterative_scan = {self.iterative}")
        yield text(f"SET hnsw.max_scan_tuples = {self.most}")
        yield text(f"SET hnsw.scan_mem_multiplier = {self.memory}")

    def __str__(self) -> str:
        more = f" {self.most:,}×{self.memory}" if (self.most, self.memory) != (20_000, 1) else ""
        return f"{self.iterative.removesuffix('_order')} {self.ef}{more}"


@dataclass(frozen=True)
class Tried:
    """How a setting did."""

    setting: Setting
    recall: float
    ms: float


def make_stock(engine: Engine) -> None:
    """Make the plain table, indexed after it is filled."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL maintenance_work_mem = '4GB'"))
        for statement in MAKE.split(";"):
            if statement.strip():
                connection.execute(text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE stock"))


def settings(rows: int) -> Iterator[Setting]:
    """Give the settings that are tried."""
    for ef in EFS:
        yield Setting(ef, "off")
    for ef, (most, memory) in itertools.product(EFS, ((20_000, 1), (rows, 1), (rows, 8))):
        yield Setting(ef, "relaxed_order", most, memory)
    for ef in (100, 400, 1000):
        yield Setting(ef, "strict_order", rows, 8)


def written(world: World, number: int) -> str:
    """Write a query as pgvector reads it."""
    return str(world.queries[number].tolist())


def statement_of(cell: Cell, exact: bool = False) -> TextClause:
    """Ask the plain table; exact: an order that no index has, so every match is measured."""
    return text(f"""
        SELECT id, e <#> CAST(:q AS halfvec({DIM})) AS d FROM stock
        WHERE removed_at IS NULL AND {cell.sql.replace(":", chr(92) + ":")}
        ORDER BY (e <#> CAST(:q AS halfvec({DIM}))){" + 0" if exact else ""} LIMIT {TOP}
    """)


async def ask(
    connection: AsyncConnection, statement: TextClause, query: str
) -> tuple[list[int], float]:
    """Ask once; give the ids and the milliseconds."""
    began = time.perf_counter()
    rows = (await connection.execute(statement, {"q": query})).all()
    found = [row[0] for row in sorted(rows, key=lambda row: row[1])]
    return found, (time.perf_counter() - began) * 1000


async def best_setting(
    connection: AsyncConnection, world: World, cell: Cell, right: Sequence[NDArray[np.int64]]
) -> Tried:
    """Find the fastest setting with enough recall, or the one with most recall."""
    best: Tried | None = None
    for setting in settings(len(world.vectors)):
        limit = best.ms if best is not None and best.recall >= GOOD else None
        tried = await _try(connection, world, cell, right, setting, limit)
        if best is None or _better(tried, best):
            best = tried
    assert best is not None
    return best


async def _try(
    connection: AsyncConnection,
    world: World,
    cell: Cell,
    right: Sequence[NDArray[np.int64]],
    setting: Setting,
    limit: float | None,
) -> Tried:
    """Try a setting; give up where it is hopeless, or slower than one that is good."""
    await use(connection, setting)
    statement, recalls, times = statement_of(cell), [], []
    for place, number in enumerate(cell.asked[:TRIED]):
        found, ms = await ask(connection, statement, written(world, number))
        recalls.append(recall(found, right[place]))
        times.append(ms)
        if place == 2 and (mean(recalls) < HOPELESS or (limit and min(times) > 2 * limit)):
            break
    return Tried(setting, mean(recalls), median(times))


async def use(connection: AsyncConnection, setting: Setting) -> None:
    """Set it for the session."""
    for statement in setting.statements():
        await connection.execute(statement)


def recall(found: Sequence[int], right: NDArray[np.int64]) -> float:
    """Tell how much of what is right was found; nothing is right when nothing matches."""
    if not len(right):
        return float(not found)
    return len(set(found) & set(right.tolist())) / len(right)


def _better(one: Tried, other: Tried) -> bool:
    if (one.recall >= GOOD) != (other.recall >= GOOD):
        return one.recall >= GOOD
    return one.ms < other.ms if one.recall >= GOOD else one.recall > other.recall
