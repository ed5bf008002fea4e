"""Ranked lists: making one in a step, and finding candidates in it under a filter."""

import math
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
from recall.candidates import Candidates, Question
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

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items that the filter lets through."""
        items: list[int] = []
        scores: list[float] = []
        for context in contexts(self.by, self._words(question)):
            statement = queries.read_list(
                self.artifact, context, self.catalog, question.where, question.moment
            )
            values = {"left_out": [*question.leave_out, *items], "top": top - len(items)}
            rows = (await connection.execute(statement, values)).all()
            items += [row.item for row in rows]
            lowest = scores[-1] if scores else math.inf  # a wider list counts more people
            scores += [min(row.score, lowest) for row in rows]
            if len(items) >= top:
                break
        return Candidates(self.channel, np.array(items, np.int32), np.array(scores, np.float64))

    def _words(self, question: Question) -> dict[str, str]:
        """Add what the filter fixes: a page of one category reads that category's lists."""
        asked = {f"item.{name}": fixed(question.where, name) for name in self.catalog.item}
        return {k: v for k, v in {**question.words, **asked}.items() if isinstance(v, str)}


def contexts(by: Sequence[str], words: Mapping[str, str]) -> Iterator[tuple[str | None, ...]]:
    """Give every context that fits, the narrowest first; `None` is any."""
    known = [place for place, name in enumerate(by) if name in words]
    for size in range(len(known), -1, -1):
        for chosen in combinations(known, size):
            yield tuple(words[name] if n in chosen else None for n, name in enumerate(by))
