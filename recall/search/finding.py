"""Finding by a keyword: each part finds a pool under the filter, then all score all, and blend."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import TextualSelect
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.graph import Numbers
from nlp.asking import bare
from nlp.normal import normal
from nlp.terms import asked_terms
from recall.candidates import Candidates, Question
from recall.search import queries
from recall.search.blending import Scores, aligned, blended, ordered
from recall.search.naming import mentions, stretches
from recall.search.reading import Loaded

Found = dict[int, float]


@dataclass(frozen=True)
class Part:
    """A way to score items, and what it asks with."""

    scored: TextualSelect
    values: Mapping[str, Any]


@dataclass(frozen=True)
class KeywordFinder:
    """Answers what was typed by words, by the tags that are named and by vectors."""

    channel: str
    postings: int
    catalog: Catalog
    weights: Mapping[str, float]
    pool: int
    reader: Loaded | None = None

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items that the filter lets through; none where nothing is typed."""
        parts = await self._parts(connection, question.keyword or "")
        pool = max(top, self.pool)
        found = {n: await _find(connection, p, self, question, pool) for n, p in parts.items()}
        items: Numbers = np.array(sorted({i for some in found.values() for i in some}), np.int32)
        scores: dict[str, Scores] = {}
        for name, part in parts.items():
            whole = len(found[name]) < pool
            more = found[name] if whole else await _score(connection, part, items)
            scores[name] = aligned(items, more)
        total = blended(scores, self.weights, len(items))
        best = ordered(items, total, top)
        told = {name: some[best] for name, some in scores.items()}
        return Candidates(self.channel, items[best], total[best], told)

    async def _parts(self, connection: AsyncConnection, typed: str) -> dict[str, Part]:
        """Give the parts that have something to say."""
        text = bare(typed) or normal(typed)
        terms, parts = asked_terms(text), dict[str, Part]()
        if terms:
            parts["lexical"] = Part(queries.by_terms(self.postings), {"terms": terms})
        if named := await _named(connection, text):
            parts["tags"] = Part(queries.by_tags(), named)
        if self.reader and text:
            vector = await self.reader.read(connection, text)
            if vector is not None:
                written = str(vector.round(5).tolist())
                parts["intent"] = Part(queries.by_vector(self.reader.artifact), {"vector": written})
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


async def _find(
    connection: AsyncConnection, part: Part, finder: KeywordFinder, question: Question, pool: int
) -> Found:
    statement = queries.found(part.scored, finder.catalog, question.where, question.moment)
    values = {**part.values, "left_out": list(question.leave_out), "top": pool}
    return {row.item: row.score for row in await connection.execute(statement, values)}


async def _score(connection: AsyncConnection, part: Part, items: Numbers) -> Found:
    values = {**part.values, "only": items.tolist()}
    rows = await connection.execute(queries.among(part.scored), values)
    return {row.item: row.score for row in rows}
