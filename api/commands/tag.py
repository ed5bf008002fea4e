"""`weft tag`: what is read out of a title or a query, and why."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.reading import Texts
from api.spec import open_spec
from graph.texts.asked import Query, read_query
from graph.texts.tagging import Reader
from nlp.annotation import Annotation, Span
from nlp.asking import Asked, Place, Price
from weft.database import open_database
from weft.settings import read_settings

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red", "bright_cyan", "bright_magenta")
out = Console(highlight=False, soft_wrap=True)


def tag(
    titles: Annotated[list[str], typer.Argument(help="One or more titles or queries.")],
    query: Annotated[
        bool, typer.Option("--query", help="Read them as queries: with price and order.")
    ] = False,
    spec: Annotated[Path, typer.Option("--spec", help="The spec of the shop.")] = Path("weft.yaml"),
) -> None:
    """Print the tags of titles or queries, where they stand, how sure they are and why."""
    shop = open_spec(spec)
    with open_database(read_settings()) as engine, engine.begin() as connection:
        reader = Texts().reader(connection, shop)
        queries = [read_query(connection, reader, text) for text in titles] if query else []
    for read in () if query else reader.read(titles, [() for _ in titles]):
        out.print(coloured(read.text, read.spans))
        out.print(explained(reader, read, ", ".join(read.keywords)))
    for one in queries:
        out.print(coloured(one.asked.text, one.asked.spans, *wishes_at(one.asked)))
        out.print(query_explained(reader, one))


def coloured(text: str, spans: Iterable[Span], *underlined: Place) -> Text:
    """Give the text with each mention in the colour of its facet."""
    shown = Text(text)
    for span in spans:
        shown.stylize(f"bold {colour(span.facet)}", span.start, span.end)
    for start, end in underlined:
        shown.stylize("underline", start, end)
    return shown


def explained(reader: Reader, read: Annotation, keywords: str) -> Table:
    """List mentions, measures and keywords."""
    table = Table(box=None, show_header=False, pad_edge=True)
    for span in read.spans:
        facet = Text(span.facet, style=colour(span.facet))
        words = Text(read.text[span.start : span.end])
        table.add_row(
            words, facet, Text(_key(reader, span)), f"{span.confidence:.2f}", Text(span.why)
        )
    for measure in read.measures:
        words = Text(read.text[measure.start : measure.end])
        table.add_row(words, "measure", measure.unit, "", "")
    if keywords:
        table.add_row("", "keywords", Text(keywords), "", "")
    return table


def query_explained(reader: Reader, query: Query) -> Table:
    """List the same, then price and order; a known keyword has its number."""
    asked = query.asked
    words = ", ".join(f"{word} #{known.id}" if known else word for word, known in query.words)
    table = explained(reader, asked.read, words)
    if asked.price and asked.price_at:
        table.add_row(Text(asked.text[slice(*asked.price_at)]), "price", bounds(asked.price))
    if asked.order and asked.order_at:
        table.add_row(Text(asked.text[slice(*asked.order_at)]), "order", asked.order)
    return table


def wishes_at(asked: Asked) -> list[Place]:
    """Give where price and order stand."""
    return [place for place in (asked.price_at, asked.order_at) if place]


def bounds(price: Price) -> str:
    """Say a price in short, such as `≥ 100 and ≤ 200 usd`."""
    low = f"≥ {price.low:g}" if price.low is not None else ""
    high = f"≤ {price.high:g}" if price.high is not None else ""
    return " ".join(filter(None, (" and ".join(filter(None, (low, high))), price.currency)))


def colour(facet: str) -> str:
    """Give each facet the same colour every time."""
    return COLOURS[sum(facet.encode()) % len(COLOURS)]


def _key(reader: Reader, span: Span) -> str:
    return "" if span.tag is None else reader.lexicon.entries[span.tag].tag.key
