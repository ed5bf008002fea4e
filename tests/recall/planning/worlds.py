"""A shop of some hundred random items with vectors, and filters as plain Python."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.spec import Spec, open_spec
from graph.columns import sync_columns
from graph.where import All, Either, Not, Test, Where
from recall.spaces.storing import store_vectors
from recall.vectors import Near, Store
from tests.asking import ask
from tests.patience import patient
from tests.tiny import NOON, at, load

TEXT = """\
name: many
catalog:
  item:
    category: {type: tag, facet: category, filter: true}
    city: {type: keyword, filter: true}
    price: {type: number, filter: true}
    styles: {type: tag, facet: style, many: true, filter: true}
    new: {type: boolean, filter: true}
    begins: {type: time, filter: true}
    ends: {type: time, filter: true}
  lifetime: {begins: begins, ends: ends}
"""
SIZE, DIM, ARTIFACT = 300, 8, 5
CATEGORIES = ("dress", "coat", "cup", "lamp")
ABOVE = {"dress": "wear", "coat": "wear", "cup": "home", "lamp": "home"}
CITIES, STYLES = ("Paris", "Rome", "上海"), ("old", "soft", "wild")
TAGS: list[dict[str, Any]] = [
    *({"key": key, "facet": "category"} for key in ("wear", "home")),
    *({"key": key, "facet": "category", "parents": [up]} for key, up in ABOVE.items()),
    *({"key": key, "facet": "style"} for key in STYLES),
]


@dataclass(frozen=True, repr=False)
class Shop:
    """Items from id 1 on, and their vectors."""

    engine: Engine
    spec: Spec
    items: list[dict[str, Any]]
    vectors: np.ndarray[Any, np.dtype[np.float32]]  # (items, DIM); the last 20 items have none

    def __repr__(self) -> str:
        return "a shop"

    @property
    def store(self) -> Store:
        return Store(ARTIFACT, DIM, self.spec.catalog)

    def right(self, search: Any, where: Where, k: int, moment: datetime = NOON) -> list[int]:
        """Give the answer by looking at all items."""
        allowed = [
            number
            for number, item in enumerate(self.items[: len(self.vectors)])
            if offered(item, moment) and holds(where, item)
        ]
        scores = self.vectors[allowed] @ np.asarray(search, np.float32)
        return [allowed[place] + 1 for place in np.argsort(-scores, kind="stable")[:k]]

    def ask(self, question: Callable[[AsyncConnection], Awaitable[Near]]) -> list[int]:
        return [int(number) for number in ask(self.engine, question).ids]

    def change(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))


def make_shop(engine: Engine, folder: Path, by: str | None = None) -> Shop:
    path = folder / "weft.yaml"
    path.write_text(TEXT)
    spec, items = patient(open_spec(path)), rows()
    chance = np.random.default_rng(5)
    vectors = chance.normal(size=(SIZE - 20, DIM)).astype(np.float16).astype(np.float32)
    vectors[7] = 0
    ids = np.arange(1, len(vectors) + 1, dtype=np.int32)
    persons = np.array([1, 2], np.int32), vectors[:2] * -1
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        load(connection, spec, "tag", [dict(tag) for tag in TAGS])
        load(connection, spec, "item", [dict(item) for item in items])
        nodes = {"item": ids, "person": persons[0]}
        store_vectors(connection, ARTIFACT, nodes, {"item": vectors, "person": persons[1]}, by)
    long_ago(engine)
    return Shop(engine, spec, items, vectors)


def long_ago(engine: Engine) -> None:
    """Let what was imported be no news."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE item SET changed_at = now() - interval '1 day'"))
        connection.execute(text("ANALYZE item"))


def rows() -> list[dict[str, Any]]:
    chance = np.random.default_rng(3)

    def some(values: tuple[str, ...]) -> str | None:
        return None if chance.random() < 0.15 else str(chance.choice(values))

    return [
        {
            "key": f"i{number}",
            "title": f"thing {number}",
            "category": some(CATEGORIES),
            "city": some(CITIES),
            "price": None if chance.random() < 0.1 else int(chance.integers(0, 20)),
            "styles": [style for style in STYLES if chance.random() < 0.3],
            "new": bool(chance.random() < 0.5),
            "begins": at(-24) if chance.random() < 0.9 else at(24),
            "ends": at(12) if chance.random() < 0.9 else at(-1),
        }
        for number in range(1, SIZE + 1)
    ]


def offered(item: dict[str, Any], moment: datetime) -> bool:
    begins, ends = (datetime.fromisoformat(item[side]) for side in ("begins", "ends"))
    return begins <= moment < ends and not item.get("removed")


def holds(where: Where, item: dict[str, Any]) -> bool:
    match where:
        case All(parts=parts):
            return all(holds(part, item) for part in parts)
        case Either(parts=parts):
            return any(holds(part, item) for part in parts)
        case Not(part=part):
            return not holds(part, item)
        case Test():
            return _passes(where, item[where.attribute])


def _passes(test: Test, value: Any) -> bool:
    if test.verb == "exists":
        return (value not in (None, [])) == test.value
    if value in (None, []):
        return False
    values = value if isinstance(value, list) else [value]
    if test.attribute in ("begins", "ends"):
        values = [datetime.fromisoformat(one) for one in values]
    if test.verb == "under":
        return any(test.value in (one, ABOVE.get(one)) for one in values)
    return any(COMPARE[test.verb](one, test.value) for one in values)


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda side, value: side == value,
    "in": lambda side, value: side in value,
    "gt": lambda side, value: side > value,
    "gte": lambda side, value: side >= value,
    "lt": lambda side, value: side < value,
    "lte": lambda side, value: side <= value,
}
