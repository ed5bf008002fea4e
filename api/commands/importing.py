"""`weft import`: a shop's files into the database."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine

from api.reading import declared_of
from api.spec import Spec, open_spec
from graph.columns import sync_columns
from graph.importing.files import Options, Summary, load_files
from weft.database import open_database
from weft.errors import ImportFailed
from weft.settings import read_settings
from weft.words import plural

PATIENCE = 2.0
out = Console(highlight=False, soft_wrap=True)


class What(StrEnum):
    """What the files hold."""

    items = "items"
    users = "users"
    events = "events"
    tags = "tags"
    item_tags = "item-tags"


class FileFormat(StrEnum):
    """The formats that can be read."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    google = "google"
    shopify = "shopify"


SUBJECTS = {
    What.items: "item",
    What.users: "person",
    What.events: "event",
    What.tags: "tag",
    What.item_tags: "item_tag",
}


def import_files(
    what: Annotated[What, typer.Argument(help="What the files hold.")],
    files: Annotated[list[Path], typer.Argument(help="JSONL, CSV, Parquet, or a taxonomy.")],
    spec: Annotated[Path, typer.Option(help="The spec of the shop.")] = Path("weft.yaml"),
    format: Annotated[FileFormat | None, typer.Option(help="If the name does not tell.")] = None,
    encoding: Annotated[str, typer.Option(help="Of JSONL and CSV; such as gb18030.")] = "utf-8",
    strict: Annotated[bool, typer.Option("--strict", help="Keep all or nothing.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where bad rows go.")] = None,
    facet: Annotated[str | None, typer.Option(help="Of a foreign taxonomy.")] = None,
) -> None:
    """Import files; bad rows go to a rejects file with line and reason."""
    shop = open_spec(spec)
    options = Options(format and format.value, encoding, strict, rejects, facet)
    with open_database(read_settings()) as engine:
        summary = import_into(engine, shop, SUBJECTS[what], files, options)
    for line in told(summary, what.value):
        out.print(line, markup=False)
    if not summary.kept:
        raise ImportFailed("--strict: there were rejects, so nothing was kept")


def import_into(
    engine: Engine, shop: Spec, subject: str, files: Sequence[Path], options: Options
) -> Summary:
    """Bring the columns up to date and load the files, with a bar where it takes long."""
    with engine.begin() as connection:
        sync_columns(connection, shop.catalog)
    declared = declared_of(shop)
    size = sum(file.stat().st_size for file in files if file.is_file())
    with bar(subject, size) as tell:
        return load_files(engine, subject, files, declared, options, tell)


@contextmanager
def bar(title: str, size: int) -> Iterator[Callable[[int], None]]:
    """Draw a bar of bytes read where somebody looks, from the third second on."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task, began = progress.add_task(title, total=size), time.monotonic()

    def tell(count: int) -> None:
        progress.advance(task, count)
        if time.monotonic() - began > PATIENCE:
            progress.start()

    try:
        yield tell
    finally:
        progress.stop()


def told(summary: Summary, noun: str) -> Iterator[str]:
    """Say what became of the rows."""
    outcome = summary.outcome
    yield (
        f"{noun}: {outcome.read:,} read, {outcome.added:,} added, {outcome.changed:,} changed, "
        f"{outcome.unchanged:,} unchanged, {summary.rejected:,} rejected"
    )
    if outcome.new_tags and noun != What.tags:
        yield f"{plural(outcome.new_tags, 'tag')} made for keys that were no tags yet"
    if outcome.new_persons:
        yield f"{plural(outcome.new_persons, 'person')} made for keys that were not known yet"
    if outcome.unknown:
        names = ", ".join(f"{name} ({count:,})" for name, count in outcome.unknown.items())
        yield f"columns that the spec does not declare were left out: {names}"
    for path in summary.rejects:
        yield f"rejects: {path}"
