"""`weft graph`: what the graph looks like, what ties two nodes, and the graph as a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine

from graph.paths.closeness import closest
from graph.paths.exports import write_part, write_whole
from graph.paths.neighbours import common, neighbours
from graph.paths.nodes import find_nodes
from graph.paths.paths import top_paths
from graph.paths.subgraphs import subgraph
from graph.stats.stats import QUANTILES, EdgeStats, GraphStats, SideStats, read_stats
from weft.database import open_database
from weft.settings import read_settings
from weft.words import plural

app = typer.Typer(help="Look at the graph, ask it, and export it.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)

NodeName = Annotated[str, typer.Argument(metavar="NODE", help="Such as item:KEY or tag:KEY.")]
EdgeNames = Annotated[list[str] | None, typer.Option("--edges", help="Only edges of this name.")]
StepNames = Annotated[list[str] | None, typer.Option("--step", help="Such as tagged or ~liked.")]
Top = Annotated[int, typer.Option(min=1, help="How many.")]


class GraphFormat(StrEnum):
    """What other programs read."""

    graphml = "graphml"
    json = "json"
    parquet = "parquet"


@app.command()
def stats(edges: EdgeNames = None) -> None:
    """Print degrees, parts, coverage and orphans."""
    with open_database(read_settings()) as engine, one_snapshot(engine) as connection:
        found = read_stats(connection, edges or ())
    out.print(told_edges(found.edges))
    for line in told_nodes(found):
        out.print(line)


@app.command("neighbours")
def show_neighbours(node: NodeName, step: StepNames = None, top: Top = 10) -> None:
    """List what a node is tied to most by each step."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        [begin] = find_nodes(connection, [node])
        found = neighbours(connection, begin.place, step or (), top)
    table = Table("step", "node", "label", "weight", box=None)
    for one in found:
        table.add_row(one.step, str(one.node), one.node.label, f"{one.weight:.4g}")
    out.print(table)


@app.command()
def paths(
    near: NodeName,
    far: Annotated[str, typer.Argument(metavar="OTHER", help="Such as person:KEY.")],
    step: StepNames = None,
    edges: EdgeNames = None,
    top: Top = 5,
) -> None:
    """List the best paths between two nodes, of the given steps or of up to three."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        begin, end = (node.place for node in find_nodes(connection, [near, far]))
        for path in top_paths(connection, begin, end, step or (), edges or (), top):
            out.print(f"{path.weight:.3g}  {path}", markup=False)


@app.command("closest")
def show_closest(
    node: NodeName,
    kind: Annotated[str | None, typer.Option(help="Only nodes of this kind.")] = None,
    edges: EdgeNames = None,
    top: Top = 10,
) -> None:
    """List the nodes that walks from a node come to most often."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        [begin] = find_nodes(connection, [node])
        found = closest(connection, begin.place, kind, edges or (), top)
    table = Table("node", "label", "score", box=None)
    for one in found:
        table.add_row(str(one.node), one.node.label, f"{one.score:.4g}")
    out.print(table)


@app.command("common")
def show_common(
    nodes: Annotated[list[str], typer.Argument(metavar="NODE…", help="Two nodes or more.")],
    step: Annotated[str, typer.Option(help="How they are tied to it.")] = "tagged",
    top: Top = 10,
) -> None:
    """List what several nodes have in common, such as the tags of items."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        places = [node.place for node in find_nodes(connection, nodes)]
        found = common(connection, places, step, top)
    table = Table("node", "label", "by", "of all", box=None)
    for one in found:
        table.add_row(str(one.node), one.node.label, f"{one.by:,}", f"{one.degree:,}")
    out.print(table)


@app.command()
def export(
    file: Annotated[Path, typer.Option("--out", help="The file to write.")],
    format: Annotated[GraphFormat, typer.Option(help="What it is to be.")] = GraphFormat.graphml,
    around: Annotated[str | None, typer.Option(help="Only what is near this node.")] = None,
    radius: Annotated[int, typer.Option(min=1, help="So many steps from it.")] = 2,
    most: Annotated[int, typer.Option(min=1, help="At most so many nodes near it.")] = 300,
    edges: EdgeNames = None,
) -> None:
    """Write the graph, or the surroundings of a node, to a file."""
    names, kind = edges or (), format.value
    with open_database(read_settings()) as engine, one_snapshot(engine) as connection:
        if around is not None:
            [node] = find_nodes(connection, [around])
            part = subgraph(connection, node.place, names, radius, most)
            count = write_part(part, kind, file)
        else:
            count = write_whole(connection, names, kind, file)
    out.print(f"{file}: {plural(count, 'edge')}", markup=False)


@contextmanager
def one_snapshot(engine: Engine) -> Iterator[Connection]:
    """Read all tables as they are at one moment."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def told_edges(found: Sequence[EdgeStats]) -> Table:
    """Lay out two lines for each kind of edge, one for each side."""
    quantiles = [f"{share:.0%}" for share in QUANTILES[:-1]]
    heads = ("edges", "count", "side", "nodes", "covered", *quantiles, "most", "parts", "largest")
    table = Table(*heads, box=None)
    for one in found:
        whole = (one.kind.name, f"{one.kind.edges:,}")
        parts = (f"{one.parts.count:,}", f"{one.parts.largest:,}")
        table.add_row(*whole, "source", *_side(one.source), *parts)
        table.add_row("", "", "target", *_side(one.target), "", "")
    return table


def told_nodes(found: GraphStats) -> Iterator[str]:
    """Say how many nodes have no edge, and into how many parts the rest falls."""
    for one in found.nodes:
        yield f"{plural(one.count, one.kind)}, {one.orphans:,} without any edge"
    parts = found.parts
    yield f"{plural(parts.count, 'part')}, the largest of {plural(parts.largest, 'node')}"


def _side(side: SideStats) -> list[str]:
    return [side.node, f"{side.covered:.1%}", *(f"{degree:,}" for degree in side.degrees)]
