"""Finding by a keyword: each part finds a pool under the filter, then all score all, and blend."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.graph import Numbers
from nlp.asking import bare
from nlp.normal import normal
from nlp.terms import asked_terms
from recall.candidates import Candidates, Question
from recall.search import queries
from recall.search.blending import INTENT, LEXICAL, TAGS, Scores, aligned, blended, ordered
from recall.search.naming import mentions, stretches
from recall.search.parts import Meant, Part, Written
from recall.search.reading import Reading


@dataclass(frozen=True)
class KeywordFinder:
    """Answers what was typed by words, by the tags that are named and by vectors."""

    channel: str
    postings: int
    catalog: Catalog
    weights: Mapping[str, float]
    pool: int
    reading: Reading | None = None

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items that the filter lets through; none where nothing is typed."""
        parts = await self._parts(connection, question.keyword or "")
        pool = max(top, self.pool)
        found = {n: await part.find(connection, question, pool) for n, part in parts.items()}
        items: Numbers = np.array(sorted({i for f in found.values() for i in f.scores}), np.int32)
        said: dict[str, Scores] = {}
        for name, part in parts.items():
            own = found[name].scores
            more = own if len(own) < pool else await part.score(connection, items)
            said[name] = aligned(items, more)
        scores = blended(said, self.weights)
        total = sum(scores.values(), np.zeros(len(items)))
        best = ordered(items, total, top)
        told: dict[str, Any] = {name: some[best] for name, some in scores.items()}
        if INTENT in found:
            told["nearest"] = found[INTENT].told
        return Candidates(self.channel, items[best], total[best], told)

    async def _parts(self, connection: AsyncConnection, typed: str) -> dict[str, Part]:
        """Give the parts that have something to say."""
        text = bare(typed) or normal(typed)
        terms, parts = asked_terms(text), dict[str, Part]()
        if terms:
            values = {"terms": terms}
            parts[LEXICAL] = Written(queries.by_terms(self.postings), values, self.catalog)
        if named := await _named(connection, text):
            parts[TAGS] = Written(queries.by_tags(), named, self.catalog)
        if self.reading and text:
            vector = await self.reading.read(connection, text)
            if vector is not None:
                parts[INTENT] = Meant(self.reading.store, vector)
        return {name: part for name, part in parts.items() if self.weights.get(name, 0) > 0}


async def _named(connection: AsyncConnection, text: str) -> dict[str, Any]:
    """Read which tags a query names; the tags of one mention stand for each other."""
    forms = sorted({form for several in stretches(text).values() for form in several})
    named: dict[str, list[int]] = {}
    for row in await connection.execute(queries.NAMED, {"forms": forms}):
        named.setdefault(row.form, []).append(row.tag)
    rows = [(t, n, m.share) for n, m in enumerate(mentions(text, named)) for t in m.tags]
    tags, places, weights = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
    return {"tags": tags, "mentions": places, "weights": weights} if rows else {}
