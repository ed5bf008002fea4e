"""`weft world`: a synthetic marketplace as files."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from weft.errors import BadRequest
from world import World, generate


class EventsFormat(StrEnum):
    """How the events are written."""

    jsonl = "jsonl"
    parquet = "parquet"


def world(
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    items: Annotated[int, typer.Option(help="How many items.")] = 20_000,
    users: Annotated[int, typer.Option(help="How many users.")] = 4_000,
    days: Annotated[int, typer.Option(help="How many days of events.")] = 21,
    seed: Annotated[int, typer.Option(help="Another seed, another world.")] = 7,
    events: Annotated[int | None, typer.Option(help="About how many events.")] = None,
    until: Annotated[str, typer.Option(help="The day or moment it ends; or `now`.")] = "2026-06-30",
    events_format: Annotated[EventsFormat, typer.Option()] = EventsFormat.jsonl,
) -> None:
    """Make a synthetic marketplace: the same numbers give the same files."""
    try:
        made = World(items, users, days, seed, moment(until), events=events)
    except ValueError as error:
        raise BadRequest(f"weft world: {error}") from None
    make_world(made, out, events_format.value)


def make_world(made: World, out: Path, events_format: str = "jsonl") -> None:
    """Write a world, with a bar for each part."""
    bars = Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    tasks: dict[str, TaskID] = {}

    def show(part: str, share: float) -> None:
        if part not in tasks:
            tasks[part] = bars.add_task(part, total=1.0)
        bars.update(tasks[part], completed=share)

    with bars:
        generate(made, out, "parquet" if events_format == "parquet" else "jsonl", show)


def moment(text: str) -> date | datetime:
    """Read `now`, a day, or a moment with its zone."""
    if text == "now":
        return datetime.now().astimezone().replace(microsecond=0)
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
