"""The graph, or a part of it, as a file that other programs read."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import networkx as nx
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection

from graph.arrays.kinds import chosen, read_kinds
from graph.arrays.reading import batches, ends_of, read_nodes
from graph.paths import queries
from graph.paths.subgraphs import Subgraph
from graph.paths.views import as_networkx

COLUMNS = ("edges", "source_kind", "source", "target_kind", "target")
SCHEMA = pa.schema([*((name, pa.string()) for name in COLUMNS), ("weight", pa.float64())])
GROUP = 2**20


def write_graphml(part: Subgraph, path: Path) -> None:
    """Write GraphML."""
    nx.write_graphml_xml(as_networkx(part), path)


def write_json(part: Subgraph, path: Path) -> None:
    """Write nodes and links as JSON."""
    path.write_bytes(orjson.dumps(nx.node_link_data(as_networkx(part), edges="links")))


def write_parquet(part: Subgraph, path: Path) -> None:
    """Write a table of edges."""
    ties = part.ties
    pq.write_table(
        pa.table(
            [
                [tie.edges for tie in ties],
                [tie.source.kind for tie in ties],
                [tie.source.key for tie in ties],
                [tie.target.kind for tie in ties],
                [tie.target.key for tie in ties],
                [tie.weight for tie in ties],
            ],
            schema=SCHEMA,
        ),
        path,
    )


FORMATS: Mapping[str, Callable[[Subgraph, Path], None]] = {
    "graphml": write_graphml,
    "json": write_json,
    "parquet": write_parquet,
}


def stream_parquet(connection: Connection, names: Collection[str], path: Path) -> int:
    """Write a table of all edges while they come; give how many."""
    count = 0
    with pq.ParquetWriter(path, SCHEMA) as file:
        for group in _groups(_tables(connection, names)):
            file.write_table(group)
            count += len(group)
    return count


def _tables(connection: Connection, names: Collection[str]) -> Iterator[pa.Table]:
    kinds = chosen(read_kinds(connection), names)
    nodes = read_nodes(connection, {end for kind in kinds for end in kind.ends()})
    keys = {end: _keys(connection, end) for end in nodes}
    for kind in kinds:
        for batch in batches(connection, kind, ends_of(connection, kind, nodes)):
            words = (kind.name, kind.source, batch.sources, kind.target, batch.targets)
            name, source, sources, target, targets = words
            count = len(batch.weights)
            columns = [
                pa.repeat(name, count),
                pa.repeat(source, count),
                keys[source].take(pa.array(sources)),
                pa.repeat(target, count),
                keys[target].take(pa.array(targets)),
                pa.array(batch.weights),
            ]
            yield pa.table(columns, schema=SCHEMA)


def _keys(connection: Connection, kind: str) -> pa.Array:
    """Give the keys of all nodes of a kind, in the order of their ids."""
    rows = connection.execute(queries.keys(kind), execution_options={"yield_per": 10_000})
    return pa.chunked_array(
        [pa.array(part, pa.string()) for part in rows.scalars().partitions()], pa.string()
    ).combine_chunks()


def _groups(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Gather tables until a group of rows is full."""
    held: Sequence[pa.Table] = ()
    for table in tables:
        held = (*held, table)
        if sum(map(len, held)) >= GROUP:
            yield pa.concat_tables(held)
            held = ()
    if held:
        yield pa.concat_tables(held)
