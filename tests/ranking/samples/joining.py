"""A tiny shop whose labelled rows are kept without the engine of builds around."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from api.spec import Spec
from ranking.labelled import Labelled
from ranking.samples.reading import read_labelled
from ranking.samples.spec import ShownSamples
from ranking.samples.steps import samples_step
from tests.tiny import load, open_tiny
from weft.events import Events
from weft.steps import Made, Work

FIRST = datetime(2026, 5, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR = datetime(2030, 1, 1, tzinfo=UTC)
EVENTS = Events()
CLEAR = """
TRUNCATE event, event_day, derived.labelled, derived.labelled_day, derived.labelled_way
"""
STANDS = """
SELECT day, request, place, time, person, item, scene, position, trace, answers, answered
FROM derived.labelled ORDER BY day, request, place
"""
DAYS = """
SELECT day, version, shown, rows, requests, deeds, stray FROM derived.labelled_day ORDER BY day
"""


def after(seconds: float) -> datetime:
    """Give a moment, counted in seconds from the first noon."""
    return FIRST + timedelta(seconds=seconds)


class Shop:
    """Events come, rows are joined, rows are read."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.spec: Spec = open_tiny(engine, folder)
        self.numbers = count(1)
        self.ids = count(1)
        self.clear()
        with engine.connect() as connection:
            self.items = self._keys(connection, "item")
            self.persons = self._keys(connection, "person")

    def _keys(self, connection: Connection, table: str) -> dict[int, str]:
        return {row[0]: row[1] for row in connection.execute(text(f"SELECT id, key FROM {table}"))}

    def clear(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(CLEAR))

    def come(self, *rows: Mapping[str, Any]) -> None:
        """Add events; `at` is in seconds."""
        given = [
            {
                "id": f"n{next(self.ids)}",
                "person": "ann",
                **row,
                "time": after(row["at"]).isoformat(),
            }
            for row in rows
        ]
        for row in given:
            del row["at"]
        with self.engine.begin() as connection:
            load(connection, self.spec, "event", given)

    def keep(self, samples: ShownSamples, moment: datetime = FAR) -> Made:
        with self.engine.begin() as connection:
            return self.run(connection, samples, moment)

    def run(self, connection: Connection, samples: ShownSamples, moment: datetime) -> Made:
        number = next(self.numbers)
        work = Work(connection, number, {}, moment, lambda _: None, lambda _: None)
        return samples_step(samples, EVENTS).run(work)

    def read(
        self, samples: ShownSamples, until: datetime = FAR, since: datetime = LONG_AGO
    ) -> Labelled:
        with self.engine.connect() as connection:
            return read_labelled(connection, samples, EVENTS, since, until)

    def told(self, labelled: Labelled) -> list[tuple[Any, ...]]:
        """Give rows in words: person, item, then the label of each task."""
        return [
            (self.persons[person], self.items[item], *labels.astype(int).tolist())
            for person, item, labels in zip(
                labelled.persons.tolist(), labelled.items.tolist(), labelled.labels, strict=True
            )
        ]

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]


def page(
    items: Sequence[str], at: float, trace: str | None = "t1", **more: Any
) -> list[dict[str, Any]]:
    """Show items from the top down, a second after each other."""
    return [
        {"kind": "expose", "item": item, "at": at + place, "trace": trace, "position": place,
         "scene": "home", **more}
        for place, item in enumerate(items)
    ]  # fmt: skip


def did(kind: str, item: str, at: float, trace: str | None = "t1", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "item": item, "at": at, "trace": trace, **more}
