"""`weft samples`: what retrieval models learn from, and what the sampler draws for a space."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from api.commands.shown import told_shown
from api.spec import Spec, open_spec
from graph.arrays.reading import read_nodes
from graph.graph import Graph
from ranking.samples.survey import survey as shown
from recall.samples import queries
from recall.samples.queries import Definition
from recall.samples.reading import Source, read_samples
from recall.samples.survey import GROUPS, Survey, survey
from recall.spaces.spec import Space
from weft.database import open_database
from weft.errors import NotFound
from weft.marks import read_moment
from weft.settings import read_settings
from weft.spec import unknown
from weft.words import plural

out = Console(highlight=False, soft_wrap=True)


def samples(
    space: Annotated[
        str | None, typer.Argument(help="A space that learns from them; default: all of these.")
    ] = None,
    spec: Annotated[Path, typer.Option("--spec", help="The spec of the shop.")] = Path("weft.yaml"),
) -> None:
    """Print positives, exposures, and what the sampler of a space draws."""
    shop = open_spec(spec)
    spaces = _spaces(shop, space)
    with open_database(read_settings()) as engine, engine.begin() as connection:
        source = _source(connection, shop)
        for table in counted(source):
            out.print(table)
        for part in _shown(connection, shop):
            out.print(part)
        graph = Graph(read_nodes(connection, ("item", "person")), {})
        read = read_samples(source, graph) if spaces else None
        for name, one in spaces.items():
            assert read is not None
            out.print(f"\n{name}", style="bold")
            for part in told(survey(read, *one.sampling(), one.seed)):
                out.print(part)


def _shown(connection: Connection, shop: Spec) -> Iterator[Table | str]:
    """Count the rows that rankers learn from, if there are rankers."""
    if shop.ranking.models:
        until = read_moment(connection)
        samples = shop.ranking.samples
        since = until - samples.history
        yield from told_shown(shown(connection, samples, shop.events, since, until))


def counted(source: Source) -> Iterator[Table | str]:
    """Count positives by kind and scene, and exposures by what came of them."""
    table = Table("positives", "scene", "count", "weight", "persons", "items", box=None)
    for row in source.connection.execute(text(queries.counted(source.defined))):
        numbers = (f"{row.count:,}", f"{row.weight:,.0f}", f"{row.persons:,}", f"{row.items:,}")
        table.add_row(row.kind or "all", row.scene or "", *numbers)
    yield table
    shown = source.connection.execute(text(queries.shown(source.defined))).one()
    still = shown.exposures - shown.taken - shown.passed
    yield (
        f"{plural(shown.exposures, 'exposure')}: {shown.taken:,} taken, "
        f"{shown.passed:,} passed by, {still:,} still open"
    )


def told(found: Survey) -> Iterator[Table | str]:
    """Lay out what was drawn: scenes, sources, and how popular it is."""
    scenes = Table("scene", "of positives", "drawn", box=None)
    for name, shares in found.scenes.items():
        scenes.add_row(name, *(f"{share:.1%}" for share in shares))
    yield scenes
    whole = sum(source.count for source in found.sources.values())
    sources = Table("negatives", "share", "liked", "items", box=None)
    for name, source in found.sources.items():
        share, liked = source.count / whole, source.liked / source.count
        drawn = f"{int((source.items > 0).sum()):,}"
        sources.add_row(name, f"{share:.1%}", f"{liked:.2%}", drawn)
    yield sources
    yield by_popularity(found)
    yield (
        f"{found.liked():.2%} of the negatives are liked by their person, and left out; "
        f"{found.never():.1%} of the items were never drawn"
    )


def by_popularity(found: Survey) -> Table:
    """Lay out which tenth of the items, the most shown first, positives and negatives are from."""
    table = Table("items, most shown first", "positives", *found.sources, box=None)
    columns = [found.positives, *(source.items for source in found.sources.values())]
    shares = [found.by_group(column) for column in columns]
    for group in range(GROUPS):
        name = f"{group * 100 // GROUPS}–{(group + 1) * 100 // GROUPS}%"
        table.add_row(name, *(f"{share[group]:.1%}" for share in shares))
    return table


def _spaces(shop: Spec, name: str | None) -> dict[str, Space]:
    able: dict[str, Space] = {n: space for n, space in shop.spaces.items() if space.samples()}
    if name is None:
        return able
    if name not in able:
        raise NotFound(unknown("sampled space", name, able))
    return {name: able[name]}


def _source(connection: Connection, shop: Spec) -> Source:
    events = shop.events
    defined = Definition(events.positive, events.passed_after, datetime.now(UTC))
    return Source(connection, defined, shop.catalog)
