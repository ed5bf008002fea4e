"""Searching inside one category that may be far away: offsets, partial and partitioned indexes.

`python -m bench.ann_categories --rows 200000`

The offsets follow Weipaitang: a code of ±1 for each category, scaled, on extra dimensions of one
index by distance, so that items of other categories are far. Vectors have the length of one, so
their order by distance is that by inner product.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, text

from api.spec import open_spec
from bench.ann import say
from bench.ann_cells import TOP
from bench.ann_data import DIM, SHARES, SPEC, World, fill, make_world, name_of
from bench.ann_stock import recall
from bench.results import publish, table
from weft.database import open_database
from weft.settings import Settings

EXTRA, LENGTH = 16, 3.0  # dimensions of a code, and its length
EFS = (100, 200, 400)
QUERIES = 40
ALL = DIM + EXTRA
CODE = "(SELECT code FROM by_code WHERE category = '{category}')"
MAKE = {
    "offsets": f"""
        CREATE TABLE by_offset AS SELECT id, category, (e::real[] || code)::halfvec({ALL}) AS e
        FROM item JOIN derived.vector_1_item USING (id) JOIN by_code USING (category) ORDER BY id;
        CREATE INDEX ON by_offset USING hnsw (e halfvec_l2_ops)
    """,
    "partial": """
        CREATE TABLE by_partial AS SELECT id, category, e::halfvec({dim}) AS e
        FROM item JOIN derived.vector_1_item USING (id) ORDER BY id;
        {indexes}
    """,
    "partitioned": """
        CREATE TABLE by_partition (id int, category text, e halfvec({dim}))
            PARTITION BY LIST (category);
        {partitions};
        INSERT INTO by_partition SELECT id, category, e
        FROM item JOIN derived.vector_1_item USING (id)
        WHERE category IN (SELECT category FROM by_code) ORDER BY id;
        CREATE INDEX ON by_partition USING hnsw (e halfvec_ip_ops)
    """,
}
ASK = {
    "offsets": f"""
        SELECT id, category FROM by_offset
        ORDER BY e <-> (CAST(:q AS real[]) || {CODE})::halfvec({ALL}) LIMIT {TOP}
    """,
    "partial": f"""
        SELECT id, category FROM by_partial WHERE category = '{{category}}'
        ORDER BY e <#> (CAST(:q AS real[]))::halfvec({DIM}) LIMIT {TOP}
    """,
    "partitioned": f"""
        SELECT id, category FROM by_partition WHERE category = '{{category}}'
        ORDER BY e <#> (CAST(:q AS real[]))::halfvec({DIM}) LIMIT {TOP}
    """,
}
TABLES = {"offsets": "by_offset", "partial": "by_partial", "partitioned": "by_partition"}


@dataclass(frozen=True)
class Did:
    """How one way did in one category."""

    recall: float
    inside: float  # share of the answer that is in the category
    ms: float


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
        spec, world = open_spec(home / "weft.yaml"), make_world(chosen.rows, 1000)
        with open_database(Settings(home=home)) as engine:
            if not (home / "filled").exists():
                fill(engine, spec, world)
                (home / "filled").touch()
            report(chosen.rows, list(measured(engine, world)))


def measured(engine: Engine, world: World) -> Iterator[tuple[str, ...]]:
    """Make each kind of index and ask it."""
    with engine.begin() as connection:
        codes(connection)
    for way in MAKE:
        with engine.begin() as connection:
            seconds = make(connection, way)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM ANALYZE {TABLES[way]}"))
            size = connection.execute(text(SIZE), {"name": f"{TABLES[way]}%"}).scalar_one()
            say(f"{way}: indexed in {seconds:.0f} s, {size} MiB")
            for share in SHARES[:7]:
                for ef in EFS:
                    did = ask(connection, world, way, name_of("c", share), ef)
                    figures = f"{did.recall:.3f}", f"{did.inside:.3f}", f"{did.ms:.2f}"
                    yield way, f"{seconds:.0f}", f"{size}", f"{100 * share:g} %", str(ef), *figures


SIZE = """
SELECT (sum(pg_relation_size(indexrelid)) / 1048576)::int FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid WHERE relname LIKE :name
"""


def codes(connection: Connection) -> None:
    """Draw a code for each category."""
    chance = np.random.default_rng(3)
    connection.execute(text("CREATE TABLE by_code (category text PRIMARY KEY, code real[])"))
    for name in [name_of("c", share) for share in SHARES] + ["c-rest"]:
        code = chance.choice([-1.0, 1.0], EXTRA) * LENGTH / np.sqrt(EXTRA)
        values = {"category": name, "code": code.tolist()}
        connection.execute(text("INSERT INTO by_code VALUES (:category, :code)"), values)


def make(connection: Connection, way: str) -> float:
    """Fill and index; give the seconds."""
    began = time.perf_counter()
    names = [name_of("c", share) for share in SHARES] + ["c-rest"]
    indexes = ";".join(
        f"CREATE INDEX ON by_partial USING hnsw (e halfvec_ip_ops) WHERE category = '{name}'"
        for name in names
    )
    partitions = ";".join(
        f"CREATE TABLE by_partition_{n} PARTITION OF by_partition FOR VALUES IN ('{name}')"
        for n, name in enumerate(names)
    )
    parts = {"dim": DIM, "indexes": indexes, "partitions": partitions}
    sql = MAKE[way] if way == "offsets" else MAKE[way].format(**parts)
    connection.execute(text("SET LOCAL maintenance_work_mem = '2GB'"))
    for statement in sql.split(";"):
        connection.execute(text(statement))
    return time.perf_counter() - began


def ask(connection: Connection, world: World, way: str, category: str, ef: int) -> Did:
    """Ask for the nearest in a category, from places outside of it."""
    connection.execute(text(f"SET hnsw.ef_search = {ef}"))
    connection.execute(text("SET enable_seqscan = off"))
    inside = np.flatnonzero(world.categories == category)
    away = np.flatnonzero(world.origins != category)[:QUERIES]
    statement = text(ASK[way].format(category=category))
    recalls, shares, times = [], [], []
    for number in away:
        right = inside[np.argsort(-(world.vectors[inside] @ world.queries[number]))[:TOP]] + 1
        values = {"q": world.queries[number].tolist()}
        began = time.perf_counter()
        rows = connection.execute(statement, values).all()
        times.append((time.perf_counter() - began) * 1000)
        good = [row[0] for row in rows if row[1] == category]
        recalls.append(recall(good, right))
        shares.append(len(good) / max(1, len(rows)))
    return Did(float(np.mean(recalls)), float(np.mean(shares)), float(np.median(times)))


def report(rows: int, told: Sequence[tuple[str, ...]]) -> None:
    """Publish the table."""
    heads = ("way", "indexed in s", "MiB", "category", "ef", "recall", "inside", "ms")
    figures: Mapping[str, object] = {
        "rows": rows,
        **{f"{way}_worst_recall_ef400": worst(told, way) for way in MAKE},
    }
    publish(f"python -m bench.ann_categories --rows {rows}", table(heads, told), figures)


def worst(told: Sequence[tuple[str, ...]], way: str) -> float:
    """Give the least recall of a way with the largest ef."""
    return min(float(row[5]) for row in told if row[0] == way and row[4] == str(EFS[-1]))


if __name__ == "__main__":
    main()
