"""Searching a shop as its pages do, and plain BM25 to be measured beside."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Engine, text

from api.spec import Spec, channels_around
from graph.graph import Floats
from recall.candidates import Question
from recall.channels.keyword import Keyword
from recall.channels.spec import Ready
from recall.search.index import Field, Index, Shape, index_of
from weft.database import connect_async
from weft.releases import read_live

Ranked = dict[str, list[str]]  # query -> keys of items, the best first
Cut = Callable[[str], list[str]]


def answers(
    engine: Engine, spec: Spec, queries: Iterable[str], blend: Mapping[str, float], top: int
) -> Ranked:
    """Ask the channel `keyword` of the live release, with parts weighed anew."""
    with engine.connect() as connection:
        live = read_live(connection)
        keys = {row.id: row.key for row in connection.execute(text("SELECT id, key FROM item"))}
    assert live is not None
    section = spec.recall.channels["keyword"]
    assert isinstance(section, Keyword)
    section = section.model_copy(update={"blend": section.blend.model_copy(update=dict(blend))})
    finder = section.finder("keyword", Ready(live.artifacts, channels_around(spec)))

    async def run() -> Ranked:
        pool, found = connect_async(engine.url.render_as_string(hide_password=False)), Ranked()
        async with pool.connect() as connection:
            for query in queries:
                question = Question("search", None, datetime.now(UTC), keyword=query)
                candidates = await finder.find(connection, question, top)
                found[query] = [keys[item] for item in candidates.items.tolist()]
        await pool.dispose()
        return found

    return asyncio.run(run())


def plain_words(text: str) -> list[str]:
    """Give runs of letters and digits as they are, in lower case."""
    return re.findall(r"[a-z0-9]+", text.lower())


@dataclass(frozen=True)
class Plain:
    """BM25 over all text as one field, Lucene's formula, k1 1.2 and b 0.75."""

    keys: Sequence[str]
    index: Index
    cut: Cut

    def answers(self, queries: Iterable[str], top: int) -> Ranked:
        """Rank all items for each query."""
        return {query: self._answer(query, top) for query in queries}

    def _answer(self, query: str, top: int) -> list[str]:
        scores = self._scores(self.cut(query))
        best = np.lexsort((np.arange(len(scores)), -scores))[:top]
        return [self.keys[place] for place in best[scores[best] > 0].tolist()]

    def _scores(self, asked: Sequence[str]) -> Floats:
        index, scores = self.index, np.zeros(len(self.keys), np.float32)
        for number in (index.terms[term] for term in asked if term in index.terms):
            part = slice(index.starts[number], index.starts[number + 1])
            scores[index.items[part]] += index.worth[number] * index.shares[part]
        return scores


def plain(keys: Sequence[str], texts: Sequence[str], cut: Cut = plain_words) -> Plain:
    """Index texts."""
    return Plain(keys, index_of([Field([cut(text) for text in texts])], len(texts), Shape()), cut)
