"""Ranked lists: making one in a step, and finding candidates in it under a filter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from sqlalchemy import Connection, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.where import fixed
from recall import queries
from recall.candidates import Candidates, Question, candidates_in
from recall.listed.listing import Context, Listing
from recall.listed.reading import best_of_lists
from recall.narrow import narrow_by_memory
from recall.narrowing import narrowed
from recall.quickly import rows_quickly
from weft.steps import Made, Work


def make_lists(work: Work, fill: TextClause, values: Mapping[str, Any]) -> Made:
    """Fill the artifact's own table and attach it."""
    work.connection.execute(queries.make_table(work.artifact))
    work.connection.execute(fill, {"moment": work.moment, **values})
    work.progress(0.8)
    work.connection.execute(queries.attach_table(work.artifact))
    counts = work.connection.execute(queries.count_table(work.artifact)).one()
    work.say(f"{counts.rows:,} rows in {counts.lists:,} lists over {counts.items:,} items")
    metrics = {"rows": counts.rows, "lists": counts.lists, "items": counts.items}
    return Made((queries.table_of(work.artifact),), metrics)


def take_into_lists(
    connection: Connection,
    artifact: int,
    items: Sequence[int],
    leave: TextClause,
    add: TextClause,
    values: Mapping[str, Any],
) -> None:
    """Put items where their scores belong, counted as of when the lists were made."""
    numbers, made = {"items": list(items)}, {"artifact": artifact}
    moment = connection.execute(queries.MOMENT, made).scalar_one()
    connection.execute(leave, numbers)
    connection.execute(add, {"moment": moment, **values, **numbers})


@dataclass(frozen=True)
class ListFinder:
    """Reads the narrowest list that fits the question, then ever wider ones."""

    channel: str
    artifact: int
    by: tuple[str, ...]
    catalog: Catalog
    longest: int  # list

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items that the filter lets through."""
        some = tuple(contexts(self.by, self._words(question)))
        first = 1 if self.longest >= top else len(some)
        narrow = await narrow_by_memory(connection, self.catalog, question)

        async def read(which: Sequence[Context]) -> Candidates:
            if narrow is None:
                return await self._read(connection, question, which, top)
            lists = await best_of_lists(connection, self.artifact, which, narrow, top)
            return _behind_each_other(self.channel, lists)

        found = await read(some[:first])
        if len(found.items) < top and some[first:]:
            found = _one_after_the_other(found, await read(some[first:]))
        elif first > 1:
            found = _one_after_the_other(found)
        return Candidates(self.channel, found.items[:top], found.scores[:top])

    async def _read(
        self,
        connection: AsyncConnection,
        question: Question,
        some: Sequence[Context],
        top: int,
    ) -> Candidates:
        statement = queries.read_lists(self.artifact, len(some), self.catalog, question.where)
        asked = {f"context_{number}": list(context) for number, context in enumerate(some)}
        values = {**asked, **narrowed(question), "top": top}
        return candidates_in(self.channel, (await rows_quickly(connection, statement, values))[0])

    def _words(self, question: Question) -> dict[str, str]:
        """Add what the filter fixes: a page of one category reads that category's lists."""
        asked = {f"item.{name}": fixed(question.where, name) for name in self.catalog.item}
        return {k: v for k, v in {**question.words, **asked}.items() if isinstance(v, str)}


def _behind_each_other(channel: str, lists: Sequence[Listing]) -> Candidates:
    items = np.concatenate([one.items for one in lists])
    return Candidates(channel, items, np.concatenate([one.scores for one in lists]))


def _one_after_the_other(*lists: Candidates) -> Candidates:
    """Put lists behind each other; an item keeps its first place, and no score rises."""
    items = np.concatenate([one.items for one in lists])
    scores = np.concatenate([one.scores for one in lists])
    firsts = np.sort(np.unique(items, return_index=True)[1])
    lowest = np.minimum.accumulate(scores[firsts])  # a wider list counts more people
    return Candidates(lists[0].channel, items[firsts], lowest)


def contexts(by: Sequence[str], words: Mapping[str, str]) -> Iterator[tuple[str | None, ...]]:
    """Give every context that fits, the narrowest first; `None` is any."""
    known = [place for place, name in enumerate(by) if name in words]
    for size in range(len(known), -1, -1):
        for chosen in combinations(known, size):
            yield tuple(words[name] if n in chosen else None for n, name in enumerate(by))
