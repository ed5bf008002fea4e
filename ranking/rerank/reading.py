"""Reading what rules want to know of items, and coding it as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from ranking.rerank import queries
from ranking.rerank.rule import FACET
from ranking.rerank.spec import Rerank
from ranking.rerank.stock import NOBODY, Codes
from recall.candidates import Question

Facts = Mapping[int, Row]  # type: ignore[type-arg]
ANCIENT = np.inf


@dataclass(frozen=True)
class Named:
    """The attributes and facets that rules want to know."""

    attributes: tuple[str, ...]
    facets: tuple[str, ...]

    def columns(self) -> dict[str, str]:
        """Give the column that holds what a rule calls by name."""
        own = {name: f"a{place}" for place, name in enumerate(self.attributes)}
        return own | {FACET + name: f"f{place}" for place, name in enumerate(self.facets)}


def named_of(rerank: Rerank) -> Named:
    """Sort what rules want to know."""
    names = rerank.reads()
    facets = tuple(name.removeprefix(FACET) for name in names if name.startswith(FACET))
    return Named(tuple(name for name in names if not name.startswith(FACET)), facets)


async def read_facts(
    connection: AsyncConnection,
    catalog: Catalog,
    rerank: Rerank,
    question: Question,
    ids: Sequence[int],
) -> Facts:
    """Read items by their ids, and those that are pinned and may be shown to who asks."""
    named = named_of(rerank)
    ages = any(rule.ages() for rule in rerank.rules)
    pinned = tuple(rerank.pinned())
    wanted = queries.Wanted(
        ids, named.attributes, named.facets, ages, pinned, question.where, question.moment
    )
    rows = (await connection.execute(queries.facts(catalog, wanted))).all()
    return {row.id: row for row in rows}


def codes_of(values: Sequence[object]) -> Codes:
    """Number the values of rows: each row has one value, or a list of them, or none."""
    if any(isinstance(value, list) for value in values):
        return _codes_of_lists([value if isinstance(value, list) else [value] for value in values])
    numbers: dict[object, int] = {None: NOBODY}
    codes = [numbers.setdefault(value, len(numbers) - 1) for value in values]
    own: list[tuple[int, ...]] = [(code,) if code != NOBODY else () for code in codes]
    return Codes(own, np.array(codes, np.int32).reshape(-1, 1), len(numbers) - 1)


def _codes_of_lists(lists: Sequence[Sequence[object]]) -> Codes:
    numbers: dict[object, int] = {}
    own = [
        tuple([numbers.setdefault(one, len(numbers)) for one in values if one is not None])
        for values in lists
    ]
    most = max(map(len, own)) or 1
    coded = [(*codes, *(NOBODY,) * (most - len(codes))) for codes in own]
    return Codes(own, np.array(coded, np.int32), len(numbers))
