"""What a search asks for, and which of its wishes can be acted on."""

from dataclasses import dataclass
from datetime import datetime

from graph.catalog import Catalog
from graph.where import EVERYTHING, All, Test, Where
from nlp.asking import Order, Price
from ranking.asking import Scenes
from recall.channels.keyword import Keyword
from recall.channels.popular import Popular
from weft.errors import BadRequest

PRICE, RATING = "price", "rating"  # number attributes that words of a query are about


@dataclass(frozen=True)
class Search:
    """What was typed, and what was read in it; `shown` is what the pages before have shown."""

    keyword: str
    first: int
    moment: datetime
    price: Price | None = None
    order: Order | None = None
    person: int | None = None
    where: Where = EVERYTHING
    shown: tuple[int, ...] = ()


@dataclass(frozen=True)
class Acted:
    """What was done about what was read: which attributes narrow and sort, and what did not."""

    narrowed_by: str | None = None
    sorted_by: str | None = None
    left_out: tuple[str, ...] = ()


def keyword_channel(scenes: Scenes) -> str:
    """Name the first channel that finds by keyword; a release knows no order but that of names."""
    for name, channel in sorted(scenes.channels.items()):
        if isinstance(channel, Keyword):
            return name
    raise BadRequest("the spec declares no channel of type `keyword`, which searching needs")


def acted_on(scenes: Scenes, asked: Search) -> tuple[Acted, Where]:
    """Tell what can be done about the price and the order that were read."""
    catalog, left_out = scenes.catalog, list[str]()
    narrow, narrowed_by = _priced(catalog, asked.price)
    if asked.price is not None and narrowed_by is None:
        left_out.append(f"price: items have no number '{PRICE}'")
    sorted_by = _sorted_by(scenes, asked.order)
    if asked.order is not None and sorted_by is None:
        left_out.append(f"order: nothing in the spec says which items are {asked.order}")
    return Acted(narrowed_by, sorted_by, tuple(left_out)), narrow


def _priced(catalog: Catalog, price: Price | None) -> tuple[Where, str | None]:
    if price is None or not _is_number(catalog, PRICE):
        return EVERYTHING, None
    bounds = (("gte", price.low), ("lte", price.high))
    tests = tuple(Test(PRICE, verb, value) for verb, value in bounds if value is not None)
    return All(tests), PRICE


def _sorted_by(scenes: Scenes, order: Order | None) -> str | None:
    """Name the attribute, or the channel, that makes an order."""
    catalog = scenes.catalog
    if order == "newest":
        return catalog.lifetime.begins or "added_at"
    if order in ("cheapest", "dearest"):
        return PRICE if _is_number(catalog, PRICE) else None
    if order == "rated":
        return RATING if _is_number(catalog, RATING) else None
    if order == "popular":
        lists = (n for n, channel in scenes.channels.items() if isinstance(channel, Popular))
        return min(lists, default=None)
    return None


def _is_number(catalog: Catalog, name: str) -> bool:
    return name in catalog.item and catalog.item[name].type == "number"
