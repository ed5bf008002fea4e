"""Finding what is similar to what somebody did of late."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from recall.candidates import Candidates, Question, candidates_in, candidates_of
from recall.narrow import narrow_by_memory
from recall.narrowing import narrowed
from recall.quickly import rows_quickly
from recall.seeds import seeds_of
from recall.similar import queries


@dataclass(frozen=True)
class SimilarFinder:
    """Adds up the lists of the items of a history."""

    channel: str
    artifact: int
    catalog: Catalog
    half_life: timedelta
    recent: int

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items; nothing for somebody without a history."""
        items, weights = seeds_of(question.history, question.moment, self.half_life, self.recent)
        if not len(items):
            return candidates_of(self.channel, ())
        values: dict[str, Any] = {"items": items.tolist(), "weights": weights.tolist()}
        narrow = await narrow_by_memory(connection, self.catalog, question)
        if narrow is not None:
            statement = queries.all_like_these(self.artifact)
            (row,) = await rows_quickly(connection, statement, values)
            return candidates_in(self.channel, row).some(narrow.lets, top)
        filtered = queries.like_these(self.artifact, self.catalog, question.where)
        values |= {**narrowed(question), "top": top}
        (row,) = await rows_quickly(connection, filtered, values)
        return candidates_in(self.channel, row)
