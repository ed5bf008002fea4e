"""The graph, or a part of it, as a file that other programs read."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import networkx as nx
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection

from graph.arrays.kinds import chosen, read_kinds
from graph.arrays.reading import batches, ends_of, read_nodes
from graph.paths import queries
from graph.paths.subgraphs import Subgraph, whole
from graph.paths.views import as_networkx

COLUMNS = ("edges", "source_kind", "source", "target_kind", "target")
SCHEMA = pa.schema([*((name, pa.string()) for name in COLUMNS), ("weight", pa.float64())])
GROUP = 2**20


def write_part(part: Subgraph, kind: str, path: Path) -> int:
    """Write some nodes and the edges between them; give how many edges."""
    WRITE[kind](part, path)
    return len(part.ties)


def write_whole(connection: Connection, names: Collection[str], kind: str, path: Path) -> int:
    """Write all edges, or those named, and their nodes; only Parquet does not hold them all."""
    if kind != "parquet":
        return write_part(whole(connection, tuple(names)), kind, path)
    count = 0
    with pq.ParquetWriter(path, SCHEMA) as file:
        for group in _groups(_tables(connection, names)):
            file.write_table(group)
            count += len(group)
    return count


def _graphml(part: Subgraph, path: Path) -> None:
    nx.write_graphml_xml(as_networkx(part), path)


def _json(part: Subgraph, path: Path) -> None:
    path.write_bytes(orjson.dumps(nx.node_link_data(as_networkx(part), edges="links")))


def _parquet(part: Subgraph, path: Path) -> None:
    rows = [
        (t.edges, t.source.kind, t.source.key, t.target.kind, t.target.key, t.weight)
        for t in part.ties
    ]
    columns = [dict(zip(SCHEMA.names, row, strict=True)) for row in rows]
    pq.write_table(pa.Table.from_pylist(columns, SCHEMA), path)


WRITE = {"graphml": _graphml, "json": _json, "parquet": _parquet}


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
