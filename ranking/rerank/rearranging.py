"""Re-ranking a request: from the order that ranking has left to the one that pages are cut from."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from graph.catalog import Catalog
from ranking.rerank.arranging import Chosen, arrange
from ranking.rerank.moved import Moved
from ranking.rerank.reading import ANCIENT, Facts, codes_of, named_of, read_facts
from ranking.rerank.relevance import relevance_of
from ranking.rerank.spec import Rerank
from ranking.rerank.stock import Codes, Doubles, Longs, Stock
from recall.candidates import Question


@dataclass(frozen=True)
class Order:
    """Items as ranking has left them, the best first, with those that pages before have shown."""

    items: Longs  # (items,) ids
    scores: Doubles  # (items,)
    comparable: bool  # scores are of one scale, and not those of channels in turn


@dataclass(frozen=True)
class Cut:
    """Which part of an order is asked for: so many items behind those that were shown."""

    shown: tuple[int, ...]
    first: int


@dataclass(frozen=True)
class Head:
    """What can come next, and what was shown last, as far back as rules look."""

    places: Longs  # (next,) in the order; 0 is its first
    items: Longs  # (next,) ids
    behind: tuple[int, ...]

    def ids(self) -> list[int]:
        """Give all items whose facts are wanted."""
        return [*self.items.tolist(), *self.behind]


@dataclass(frozen=True)
class Arranged:
    """The items of a page and the one behind it, in their new order, and what became of each."""

    items: tuple[int, ...]
    moved: tuple[Moved, ...]


async def rearrange(
    database: AsyncEngine,
    catalog: Catalog,
    rerank: Rerank,
    question: Question,
    order: Order,
    cut: Cut,
) -> Arranged:
    """Arrange a page, and the item behind it, as the rules have it."""
    head = head_of(rerank, order, cut)
    async with asyncio.timeout(rerank.deadline.total_seconds()), database.connect() as connection:
        facts = await read_facts(connection, catalog, rerank, question, head.ids())
    return arranged(rerank, question, order, cut, head, facts)


def head_of(rerank: Rerank, order: Order, cut: Cut) -> Head:
    """Give what can come next: as much at each place, however many are asked for at once."""
    left = np.flatnonzero(~np.isin(order.items, np.array(cut.shown, np.int64)))
    places: Longs = left[: rerank.depth + len(rerank.pinned()) + cut.first + 1]
    behind = cut.shown[-rerank.reach() :] if rerank.reach() else ()
    return Head(places, order.items[places], behind)


def arranged(
    rerank: Rerank, question: Question, order: Order, cut: Cut, head: Head, facts: Facts
) -> Arranged:
    """Arrange what was read."""
    pins = _pins(rerank, question, cut, facts)
    stock = _stock(rerank, order, cut, head, facts, pins)
    chosen = arrange(rerank.rules, stock, cut.first + 1)
    before = dict(zip(head.items.tolist(), (head.places + 1).tolist(), strict=True))
    items = tuple(int(stock.items[one.row]) for one in chosen)
    moved = (_moved(one, before.get(item)) for one, item in zip(chosen, items, strict=True))
    return Arranged(items, tuple(moved))


def _moved(chosen: Chosen, before: int | None) -> Moved:
    return Moved(before, chosen.place, chosen.rules, chosen.waived)


def _pins(rerank: Rerank, question: Question, cut: Cut, facts: Facts) -> dict[int, int]:
    """Give the place of each item that is pinned behind what was shown, and may be shown."""
    if not (pinned := rerank.pinned()):
        return {}
    left_out = {*question.leave_out, *cut.shown}
    places = {row.id: pinned[row.key] for row in facts.values() if row.key in pinned}
    return {
        item: place
        for item, place in places.items()
        if place > len(cut.shown) and item not in left_out
    }


def _stock(
    rerank: Rerank,
    order: Order,
    cut: Cut,
    head: Head,
    facts: Facts,
    pins: Mapping[int, int],
) -> Stock:
    """Lay out as rows: what can come next in its order, what was shown last, what is pinned."""
    there = [item in facts and item not in pins for item in head.items.tolist()]
    rest = head.items[there]
    behind = [item for item in head.behind if item in facts]
    items = [*rest.tolist(), *behind, *pins]
    relevance = relevance_of(order.scores, order.comparable, rerank.depth)[head.places[there]]
    rows = {item: len(rest) + place for place, item in enumerate([*behind, *pins])}
    return Stock(
        items=np.array(items, np.int64),
        relevance=np.concatenate([relevance, np.zeros(len(rows))]),
        count=len(rest),
        codes=_codes(rerank, items, facts),
        ages=_ages(rerank, items, facts),
        shown=tuple(rows[item] for item in behind),
        pins={place: rows[item] for item, place in pins.items()},
        start=len(cut.shown) + 1,
        page=cut.first,
        depth=rerank.depth,
    )


def _codes(rerank: Rerank, items: list[int], facts: Facts) -> dict[str, Codes]:
    columns = named_of(rerank).columns().items()
    return {name: codes_of([getattr(facts[item], at) for item in items]) for name, at in columns}


def _ages(rerank: Rerank, items: list[int], facts: Facts) -> Doubles:
    if not any(rule.ages() for rule in rerank.rules):
        return np.zeros(len(items))
    ages = [facts[item].age for item in items]
    return np.array([ANCIENT if age is None else age for age in ages], np.float64)
