"""`weft explain`: why the items of an answer stood where they stood."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.kept_reasons import ItemWhy, TraceWhy, why_of_trace
from ranking.page import Asked
from weft.database import open_database
from weft.settings import read_settings
from weft.words import plural

out = Console(highlight=False, soft_wrap=True, markup=False)


def explain(
    trace: Annotated[str, typer.Argument(help="The id that came with an answer.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print why the items of an answer stood where they stood."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        found = why_of_trace(connection, trace)
    if json:
        out.print(orjson.dumps(asdict(found), option=orjson.OPT_INDENT_2).decode())
        return
    for line in told_page(found):
        out.print(line)
    out.print(channels_table(found.channels))
    for item in found.items:
        out.print()
        for line in told_item(item):
            out.print(line)


def told_page(found: TraceWhy) -> Iterator[str]:
    """Say what was asked, by whom, and what answered."""
    whom = f"person {found.person}" if found.person else "somebody unknown"
    yield f"{found.query} in {found.scene}, for {whom}, by release {found.release}"
    yield f"at {found.time:%Y-%m-%d %H:%M:%S} UTC, trace {found.trace}"
    where = orjson.dumps(found.where).decode()
    yield f"filter {where}, {plural(found.left_out, 'item')} left out"
    if found.arms:
        yield "arms " + ", ".join(f"{arm} of {name}" for name, arm in found.arms.items())
    yield from found.notes


def channels_table(channels: Sequence[Asked]) -> Table:
    """Lay out how each channel looked for items."""
    names = ("strategy", "estimated", "matched", "recall")
    table = Table("channel", "found", *names, box=None)
    for one in channels:
        told = (one.told.get(name, "-") for name in names)
        table.add_row(one.channel, f"{one.found:,}", *map(str, told))
    return table


def told_item(item: ItemWhy) -> Iterator[str]:
    """Say why an item stands where it stands."""
    yield f"{item.place}. {item.title} ({item.key})"
    found = ", ".join(f"{hit.channel} had it at {hit.rank}" for hit in item.channels)
    yield f"   found    {found}"
    if item.path is not None:
        yield f"   path     {item.path}"
    for stage in item.stages:
        chances = ", ".join(f"{task} {chance:.2%}" for task, chance in stage.chances.items())
        yield f"   {stage.stage:8} {stage.score:.6g} by {stage.model} ({chances})"
        for share in stage.shares:
            yield f"            {share.worth:+.3g} {share.feature}"
    if item.moved is not None and (item.moved.rules or item.moved.waived):
        rules = ", ".join((*item.moved.rules, *(f"not {one}" for one in item.moved.waived)))
        yield f"   moved    from {item.moved.before or '-'} to {item.moved.place}: {rules}"
