"""What a search query asks for."""

import asyncio
from enum import Enum

import strawberry

from api.graphql.access import entry
from api.graphql.annotate import (
    Measure,
    Mention,
    check_length,
    measure_of,
    mention_of,
    opened_texts,
)
from api.graphql.context import Info
from graph.texts.asked import Keyword as Known
from graph.texts.asked import Query, read_query
from graph.texts.tagging import Reader
from nlp.asking import Asked


@strawberry.enum
class Order(Enum):
    """In which order the answers are wanted."""

    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    POPULAR = "popular"
    RATED = "rated"


@strawberry.type
class QueryOrder:
    """The order that is asked for, and the words that do it."""

    by: Order
    start: int
    end: int
    text: str


@strawberry.type
class PriceFilter:
    """Bounds of the price, both included, and the words that name them."""

    gte: float | None
    lte: float | None
    currency: str | None = strawberry.field(description="Three letters, where one is named.")
    start: int
    end: int
    text: str


@strawberry.type
class QueryFilters:
    """What narrows the answer beside tags."""

    price: PriceFilter | None


@strawberry.type
class Keyword:
    """A keyword of the live release."""

    id: int = strawberry.field(description="1 is the most telling one; new in every release.")
    text: str = strawberry.field(description="Its most frequent form.")
    titles: int = strawberry.field(description="How many titles hold it.")
    queries: float = strawberry.field(description="How many searches held it.")


@strawberry.type
class QueryWord:
    """A word or phrase of the query, in the form that is compared."""

    text: str
    keyword: Keyword | None = strawberry.field(description="None where the release knows none.")


@strawberry.type
class QueryReading:
    """A query in parts; places are in characters of `text`."""

    text: str = strawberry.field(description="The query; only its first thousand characters.")
    rest: str = strawberry.field(description="What price and order leave.")
    lexicon: str = strawberry.field(description="The version of the lexicon that read it.")
    keywords: list[QueryWord]
    mentions: list[Mention]
    measures: list[Measure]
    filters: QueryFilters
    order: QueryOrder | None


@strawberry.field(
    name="readQuery",
    extensions=entry("reader"),
    description="Read a search query: keywords, tags, price and order.",
)
async def query_reading(info: Info, text: str) -> QueryReading:
    """Read a query with the taxonomy as it stands now."""
    check_length(text)
    await opened_texts(info)
    return await asyncio.to_thread(reading_of, info, text)


def reading_of(info: Info, text: str) -> QueryReading:
    """Read a query, in a thread."""
    context = info.context
    with context.databases.loading.begin() as connection:
        reader = context.texts.reader(connection, context.spec)
        query = read_query(connection, reader, text)
    return _reading(reader, query)


def _reading(reader: Reader, query: Query) -> QueryReading:
    asked = query.asked
    return QueryReading(
        text=asked.text,
        rest=asked.rest,
        lexicon=asked.read.lexicon,
        keywords=[QueryWord(text=word, keyword=_keyword(known)) for word, known in query.words],
        mentions=[mention_of(reader, asked.text, span) for span in asked.spans],
        measures=[measure_of(measure) for measure in asked.read.measures],
        filters=QueryFilters(price=_price(asked)),
        order=_order(asked),
    )


def _keyword(known: Known | None) -> Keyword | None:
    if known is None:
        return None
    return Keyword(id=known.id, text=known.text, titles=known.titles, queries=known.queries)


def _price(asked: Asked) -> PriceFilter | None:
    if asked.price is None or asked.price_at is None:
        return None
    (gte, lte, currency), (start, end) = asked.price, asked.price_at
    return PriceFilter(
        gte=gte, lte=lte, currency=currency, start=start, end=end, text=asked.text[start:end]
    )


def _order(asked: Asked) -> QueryOrder | None:
    if asked.order is None or asked.order_at is None:
        return None
    start, end = asked.order_at
    return QueryOrder(by=Order(asked.order), start=start, end=end, text=asked.text[start:end])
