"""`weft tag`: what is read out of a title, and why."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.reading import Texts
from api.spec import open_spec
from graph.texts.tagging import Reader
from nlp.annotation import Annotation, Span
from weft.database import open_database
from weft.settings import read_settings

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red", "bright_cyan", "bright_magenta")
out = Console(highlight=False, soft_wrap=True)


def tag(
    titles: Annotated[list[str], typer.Argument(help="One or more titles or queries.")],
    spec: Annotated[Path, typer.Option("--spec", help="The spec of the shop.")] = Path("weft.yaml"),
) -> None:
    """Print the tags of titles, where they stand, how sure they are and why."""
    shop = open_spec(spec)
    with open_database(read_settings()) as engine, engine.begin() as connection:
        reader = Texts().reader(connection, shop)
    for read in reader.read(titles, [() for _ in titles]):
        out.print(coloured(read))
        out.print(explained(reader, read))


def coloured(read: Annotation) -> Text:
    """Give the title with each mention in the colour of its facet."""
    shown = Text(read.text)
    for span in read.spans:
        shown.stylize(f"bold {colour(span.facet)}", span.start, span.end)
    return shown


def explained(reader: Reader, read: Annotation) -> Table:
    """List mentions, measures and keywords."""
    table = Table(box=None, show_header=False, pad_edge=True)
    for span in read.spans:
        facet = Text(span.facet, style=colour(span.facet))
        words = read.text[span.start : span.end]
        table.add_row(words, facet, _key(reader, span), f"{span.confidence:.2f}", span.why)
    for measure in read.measures:
        table.add_row(read.text[measure.start : measure.end], "measure", measure.unit, "", "")
    if read.keywords:
        table.add_row("", "keywords", ", ".join(read.keywords), "", "")
    return table


def colour(facet: str) -> str:
    """Give each facet the same colour every time."""
    return COLOURS[sum(facet.encode()) % len(COLOURS)]


def _key(reader: Reader, span: Span) -> str:
    return "" if span.tag is None else reader.lexicon.entries[span.tag].tag.key
