"""A part of what a keyword says: it finds items under the filter, and scores items of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import TextualSelect
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.graph import Floats, Numbers
from recall.candidates import Question
from recall.narrowing import allowed
from recall.search import queries
from recall.vectors import Store, nearest


@dataclass(frozen=True)
class Found:
    """Scores of items, and how they were found, if there is something to tell."""

    scores: Mapping[int, float]
    told: Mapping[str, Any] = field(default_factory=dict)


class Part(Protocol):
    """A way to score items by what was typed."""

    async def find(self, connection: AsyncConnection, question: Question, pool: int) -> Found:
        """Find the best items that the filter lets through."""

    async def score(self, connection: AsyncConnection, items: Numbers) -> Mapping[int, float]:
        """Score items that others have found."""


@dataclass(frozen=True)
class Written:
    """Scores by what is written of items: terms or tags."""

    scored: TextualSelect
    values: Mapping[str, Any]
    catalog: Catalog

    async def find(self, connection: AsyncConnection, question: Question, pool: int) -> Found:
        """Find the best items that the filter lets through."""
        statement = queries.found(self.scored, allowed(self.catalog, question))
        values = {**self.values, "left_out": list(question.leave_out), "top": pool}
        rows = await connection.execute(statement, values)
        return Found({row.item: row.score for row in rows})

    async def score(self, connection: AsyncConnection, items: Numbers) -> Mapping[int, float]:
        """Score items that others have found."""
        values = {**self.values, "only": items.tolist()}
        rows = await connection.execute(queries.among(self.scored), values)
        return {row.item: row.score for row in rows}


@dataclass(frozen=True)
class Meant:
    """Scores by the cosine with a vector; vectors of spaces that read have the length of 1."""

    store: Store
    vector: Floats  # (dim,)

    async def find(self, connection: AsyncConnection, question: Question, pool: int) -> Found:
        """Find the nearest items that the filter lets through, as the planner thinks best."""
        near = await nearest(
            connection,
            self.store,
            self.vector,
            pool,
            question.where,
            moment=question.moment,
            leave_out=question.leave_out,
        )
        return Found(dict(zip(near.ids.tolist(), near.scores.tolist(), strict=True)), near.told)

    async def score(self, connection: AsyncConnection, items: Numbers) -> Mapping[int, float]:
        """Score items that others have found."""
        values = {"vector": str(self.vector.tolist()), "only": items.tolist()}
        rows = await connection.execute(queries.near_to(self.store.artifact), values)
        return {row.item: row.score for row in rows}
