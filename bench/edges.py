"""Reading the graph into arrays by COPY, and finding paths in it, with hubs that all are tied to.

`python -m bench.edges --edges 20000000`
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, text

from bench.results import publish, table
from graph.arrays.reading import read_graph
from graph.paths.paths import top_paths
from weft.database import connect, open_database
from weft.settings import Settings

PAIRS, ROUNDS = 300, 3


@dataclass(frozen=True)
class Sort:
    """Made edges of one kind: each source has one to node 1, a hub, and others spread unevenly."""

    source: str
    target: str
    share: float
    sources: float  # of all edges
    targets: float


@dataclass(frozen=True)
class Asked:
    """How long a question took, and whether there was a path."""

    milliseconds: float
    found: bool


SORTS = {
    "liked": Sort("person", "item", 0.40, 0.05, 0.05),
    "worded": Sort("item", "keyword", 0.25, 0.05, 0.01),
    "tagged": Sort("item", "tag", 0.15, 0.05, 0.001),
    "searched": Sort("person", "keyword", 0.15, 0.05, 0.01),
    "means": Sort("keyword", "tag", 0.05, 0.01, 0.001),
}
PATTERNS = {
    "item ← tag ← keyword ← person": ("item", "person", ("tagged", "~means", "~searched")),
    "item ← item ← person": ("item", "person", ("tagged", "~tagged", "~liked")),
    "item ← keyword ← person": ("item", "person", ("worded", "~searched")),
    "item ← person ← item ← person": ("item", "person", ("~liked", "liked", "~liked")),
}
NODES = (
    "INSERT INTO item (id, key, title) SELECT n, 'i' || n, 'item ' || n",
    "INSERT INTO person (id, key) SELECT n, 'u' || n",
    "INSERT INTO tag (id, key, facet) SELECT n, 't' || n, 'kind'",
    "INSERT INTO word (id, normal, text) SELECT n, 'w' || n, 'word ' || n",
)
SIZES = (0.05, 0.05, 0.001, 0.01)
FILL = """
SELECT setseed(0.5);
CREATE TABLE derived.edge_{kind} (LIKE derived.edge);
INSERT INTO derived.edge_{kind}
SELECT '{kind}', 1 + n % {sources}, CASE WHEN n < {sources} THEN 1 ELSE
    2 + (n / {sources} - 1) * {band} + floor(power(random(), 3) * {band}) END,
    1 + floor(-ln(1 - random()) * 5), 1
FROM generate_series(0, {edges} - 1) AS n;
SET maintenance_work_mem = '512MB';
CREATE UNIQUE INDEX ON derived.edge_{kind} (source, target);
CREATE INDEX ON derived.edge_{kind} (source, mass DESC, target);
CREATE INDEX ON derived.edge_{kind} (target, mass DESC, source);
ALTER TABLE derived.edge ATTACH PARTITION derived.edge_{kind} FOR VALUES IN ('{kind}');
INSERT INTO derived.edge_node (kind, side, node, mass, degree, artifact)
SELECT '{kind}', 'source', source, sum(mass), count(*), 1
FROM derived.edge_{kind} GROUP BY source
UNION ALL SELECT '{kind}', 'target', target, sum(mass), count(*), 1
FROM derived.edge_{kind} GROUP BY target;
INSERT INTO derived.edge_kind
SELECT '{kind}', '{source}', '{target}', 'pmi', NULL, now(), now(), sum(degree),
       count(*), (SELECT count(*) FROM derived.edge_node WHERE kind = '{kind}' AND side = 'target'),
       sum(mass), '', 1, 1
FROM derived.edge_node WHERE kind = '{kind}' AND side = 'source'
"""


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=20_000_000)
    parser.add_argument("--reader", help="read the graph of this address, and say what it took")
    chosen = parser.parse_args()
    if chosen.reader:
        sys.stdout.write(json.dumps(reading(chosen.reader)))
        return
    with (
        tempfile.TemporaryDirectory(prefix="weft-bench-") as name,
        open_database(Settings(home=Path(name) / "home")) as engine,
    ):
        fill(engine, chosen.edges)
        reads = [read_apart(engine) for _ in range(ROUNDS)]
        report(chosen.edges, reads, walked(engine, chosen.edges))


def fill(engine: Engine, edges: int) -> None:
    """Make nodes and edges, the same ones every time."""
    for insert, size in zip(NODES, SIZES, strict=True):
        with engine.begin() as connection:
            connection.execute(text(f"{insert} FROM generate_series(1, {int(edges * size)}) n"))
    for kind, sort in SORTS.items():
        with engine.begin() as connection:
            for statement in FILL.format(kind=kind, **sizes(sort, edges)).split(";"):
                connection.execute(text(statement))
        sys.stderr.write(f"{kind} is made\n")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def sizes(sort: Sort, edges: int) -> Mapping[str, int | str]:
    """Give how many nodes and edges; each edge of a source falls into a band of its own."""
    sources, targets = int(edges * sort.sources), int(edges * sort.targets)
    made = int(edges * sort.share)
    band = (targets - 1) // max(1, -(-made // sources) - 1)
    names: dict[str, int | str] = {"source": sort.source, "target": sort.target}
    return {**names, "sources": sources, "band": band, "edges": made}


def reading(url: str) -> Mapping[str, float]:
    """Read the whole graph in this process: seconds, and bytes beyond what was held before."""
    engine = connect(url)
    with engine.begin() as connection:
        read_graph(connection, ["means"])  # compiles
        before = held("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
        began, worked = time.perf_counter(), time.process_time()
        graph = read_graph(connection)
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    edges = sum(map(len, graph.edges.values()))
    kept = sum(e.targets.nbytes + e.weights.nbytes for e in graph.edges.values())
    index = sum(e.starts.nbytes for e in graph.edges.values())
    index += sum(ids.nbytes for ids in graph.nodes.values())
    peak = held("VmHWM") - before
    memory = {"kept": kept, "index": index, "peak": peak}
    return {"edges": edges, "seconds": seconds, "cpu": cpu, **memory}


def held(what: str) -> int:
    """Give this process's memory in bytes: VmRSS, or VmHWM for the most so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def read_apart(engine: Engine) -> Mapping[str, float]:
    """Read the graph in a process of its own."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bench.edges", "--reader", url]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def walked(engine: Engine, edges: int) -> Mapping[str, Sequence[Asked]]:
    """Ask for paths between the same pairs twice; give what the second time took.

    Every tenth pair begins at item 1, which everybody likes; most paths lead over other hubs.
    """
    times = {}
    with engine.connect() as connection:
        for name, (near, far, path) in PATTERNS.items():
            pairs = chance_pairs(edges)
            for pair in pairs:
                asked(connection, near, far, pair, path)
            times[name] = [asked(connection, near, far, pair, path) for pair in pairs]
    return times


def chance_pairs(edges: int) -> Sequence[tuple[int, int]]:
    """Choose pairs of items or persons."""
    chance = np.random.default_rng(7)
    pairs = chance.integers(2, int(edges * SIZES[0]), (PAIRS, 2))
    pairs[::10, 0] = 1
    return [(int(near), int(far)) for near, far in pairs]


def asked(
    connection: Connection, near: str, far: str, pair: tuple[int, int], path: Sequence[str]
) -> Asked:
    """Time one question, names of nodes and all."""
    began = time.perf_counter()
    found = top_paths(connection, (near, pair[0]), (far, pair[1]), path)
    return Asked((time.perf_counter() - began) * 1000, bool(found))


def quantile(asked: Sequence[Asked], share: float) -> float:
    """Give a quantile of the milliseconds."""
    return float(np.quantile([one.milliseconds for one in asked], share))


def report(
    edges: int, reads: Sequence[Mapping[str, float]], times: Mapping[str, Sequence[Asked]]
) -> None:
    """Publish seconds, bytes and milliseconds."""
    seconds = statistics.median(read["seconds"] for read in reads)
    peak = max((read["peak"] - read["index"]) / read["edges"] for read in reads)
    kept = reads[0]["kept"] / reads[0]["edges"]
    made = int(reads[0]["edges"])
    rows = [
        (f"reading {made:,} edges, s", f"{seconds:.1f}",
         " ".join(f"{read['seconds']:.1f}" for read in reads)),
        ("of which the reader worked, s", f"{min(read['cpu'] for read in reads):.1f}",
         " ".join(f"{read['cpu']:.1f}" for read in reads)),
        ("bytes an edge, kept", f"{kept:.1f}", ""),
        ("bytes an edge, peak without the index", f"{peak:.1f}", ""),
        ("index of nodes, MiB", f"{reads[0]['index'] / 2**20:.0f}", ""),
        *((f"paths {name}, ms", f"{quantile(part, 0.5):.2f}",
           f"p99 {quantile(part, 0.99):.2f}, found {np.mean([one.found for one in part]):.0%}")
          for name, part in times.items()),
    ]  # fmt: skip
    every = [one for part in times.values() for one in part]
    figures = {
        "edges": made,
        "copy_seconds": round(seconds, 1),
        "bytes_per_edge": round(peak, 1),
        "paths_ms": round(quantile(every, 0.5), 2),
        "paths_p99_ms": round(quantile(every, 0.99), 2),
    }
    heads = ("what", "figure", "runs")
    publish(f"make bench-edges EDGES={edges}", table(heads, rows), figures)


if __name__ == "__main__":
    main()
