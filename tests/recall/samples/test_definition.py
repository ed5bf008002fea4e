"""The functions that training calls give what a plain computation over any events gives."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from recall.samples.queries import Definition, passed_by
from tests.tiny import NOON, open_tiny

WORTH = {"click": 1.0, "purchase": 5.0}
MINUTE = timedelta(minutes=1)
ADD = text("""
    INSERT INTO event (id, kind, person, item, trace, time, arrival)
    VALUES (:id, :kind, :person, :item, :trace, :time, 0)
""")


class Happened(NamedTuple):
    kind: str
    person: int
    item: int | None
    trace: str | None
    minute: int

    @property
    def positive(self) -> bool:
        return self.kind in WORTH and self.item is not None

    @property
    def shown(self) -> bool:
        return self.kind == "expose" and self.item is not None

    def answers(self, shown: "Happened", within: int) -> bool:
        alike = (self.person, self.item) == (shown.person, shown.item)
        traces = {self.trace, shown.trace}
        together = len(traces) == 1 or None in traces
        return self.positive and alike and together and 0 <= self.minute - shown.minute <= within


EVENTS = st.lists(
    st.builds(
        Happened,
        st.sampled_from(["expose", "expose", "click", "purchase", "collect", "search"]),
        st.integers(1, 2),
        st.sampled_from([1, 2, None]),
        st.sampled_from(["a", "b", None]),
        st.integers(0, 40),
    ),
    max_size=25,
)
ANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def given_these(connection: Connection, events: Sequence[Happened]) -> None:
    connection.execute(text("DELETE FROM event"))
    for number, event in enumerate(events):
        row = {"id": str(number), **event._asdict(), "time": moment(event.minute)}
        connection.execute(ADD, row)


def moment(minute: int) -> datetime:
    return NOON + minute * MINUTE


def ids(connection: Connection, call: str) -> set[int]:
    return {int(i) for i in connection.execute(text(f"SELECT id FROM {call} AS s")).scalars()}


def test_functions_equal_a_plain_computation(engine: Engine, tmp_path: Path) -> None:
    open_tiny(engine, tmp_path)

    @ANY
    @given(EVENTS, st.integers(0, 40), st.integers(1, 10))
    def holds(events: list[Happened], now: int, within: int) -> None:
        with engine.connect() as connection:
            given_these(connection, events)
            defined = Definition(WORTH, within * MINUTE, moment(now))
            then = [e for e in events if e.minute <= now]
            shown = {n for n, e in enumerate(events) if e.shown and e.minute <= now}
            taken = {n for n in shown if any(e.answers(events[n], within) for e in then)}
            passed = {n for n in shown - taken if events[n].minute <= now - within}
            positive = {n for n, e in enumerate(events) if e.positive and e.minute <= now}
            assert ids(connection, defined.positive()) == positive
            assert ids(connection, defined.exposure()) == shown
            assert ids(connection, defined.passed()) == passed
            likes = {(e.person, e.item) for e in then if e.positive}
            pairs = {(events[n].person, events[n].item) for n in passed} - likes
            rows = connection.execute(text(passed_by(defined))).all()
            assert {(row[0], row[1]) for row in rows} == pairs
            assert sum(row[2] for row in rows) == sum(
                (events[n].person, events[n].item) in pairs for n in passed
            )

    holds()


def test_positives_have_the_weights_that_are_asked_for(engine: Engine, tmp_path: Path) -> None:
    open_tiny(engine, tmp_path)
    with engine.begin() as connection:
        defined = Definition({"purchase": 2.5}, MINUTE, moment(0))
        query = text(f"SELECT kind, weight FROM {defined.positive()} AS s")
        assert [tuple(row) for row in connection.execute(query)] == [("purchase", 2.5)]
