"""Rows equal those of a plain computation over any events, however they came in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ranking.samples.spec import ShownSamples
from tests.ranking.samples.joining import DAYS, FAR, STANDS, Shop, after

HOUR, DAY = 3600, 86_400
NOON = DAY // 2  # `at` is counted from the first noon
TASKS = {
    "click": {"any": ["click", "cart"], "within": "1h"},
    "buy": {"any": ["purchase"], "within": "1d"},
}
WITHIN = {"click": HOUR, "buy": DAY}
KINDS = {"click": ("click", "cart"), "buy": ("purchase",)}
SKEW, PAUSE = 60, 60


@dataclass(frozen=True)
class Event:
    """Something that happened, in seconds from the first noon."""

    id: str
    kind: str
    person: str
    item: str
    trace: str | None
    scene: str | None
    position: int | None
    at: int

    def day(self) -> int:
        return (self.at + NOON) // DAY

    def order(self) -> tuple[int, str]:
        return self.at, self.id


@dataclass(frozen=True)
class Row:
    """What a request showed once, or more often."""

    request: tuple[Any, ...]
    shown: tuple[Event, ...]  # by time

    def first(self) -> Event:
        return min(self.shown, key=lambda e: (e.at, _last(e.position), e.id))


def _last(position: int | None) -> float:
    return float("inf") if position is None else position


def rows_of(events: Sequence[Event], skew: int, every: bool) -> dict[Row, dict[str, int]]:
    """Give every row with the time of its first answer to each task."""
    shown = sorted((e for e in events if e.kind == "expose"), key=Event.order)
    rows = list(_rows(shown))
    answers: dict[Row, dict[str, int]] = {row: {} for row in rows}
    of = {exposure.id: row for row in rows for exposure in row.shown}
    for task, within in WITHIN.items():
        for deed in sorted((e for e in events if e.kind in KINDS[task]), key=Event.order):
            for exposure in _answered(deed, shown, within, skew, every):
                answers[of[exposure.id]].setdefault(task, deed.at)
    return answers


def _answered(
    deed: Event, shown: Sequence[Event], within: int, skew: int, every: bool
) -> list[Event]:
    """Those of its trace, and if there are none the last that cannot be told by trace."""
    alike = [s for s in shown if (s.person, s.item) == (deed.person, deed.item)]
    own = [s for s in alike if s.trace == deed.trace is not None]
    own = [s for s in own if s.at - skew <= deed.at <= s.at + within]
    loose = [s for s in alike if s.trace is None or deed.trace is None]
    loose = [s for s in loose if s.at <= deed.at <= s.at + within]
    if every:
        return [*own, *loose]
    return own or loose[-1:]


def _rows(shown: Sequence[Event]) -> Iterable[Row]:
    def page(e: Event) -> tuple[Any, ...]:
        return (e.day(), e.person, e.trace or "", "" if e.trace else e.scene or "", not e.trace)

    for key, line in groupby(sorted(shown, key=lambda e: (page(e), e.order())), page):
        turn, before = 0, None
        found: dict[tuple[Any, ...], list[Event]] = {}
        for event in line:
            if event.trace is None and before is not None and event.at - before > PAUSE:
                turn += 1
            before = event.at
            found.setdefault(((*key, turn), event.item), []).append(event)
        for (request, _), same in found.items():
            yield Row(request, tuple(same))


def counting(
    rows: dict[Row, dict[str, int]], until: int, above: bool, keep: bool
) -> set[tuple[Any, ...]]:
    """Give what is learned from, as of a moment."""
    wanted = set()
    for request in {row.request for row in rows}:
        page = sorted(
            (r for r in rows if r.request == request and r.first().at <= until),
            key=lambda r: (_last(r.first().position), r.first().order()),
        )
        known = [{t for t, at in rows[row].items() if at <= until} for row in page]
        looked = [place for place, tasks in enumerate(known) if "click" in tasks]
        for place, (row, tasks) in enumerate(zip(page, known, strict=True)):
            first = row.first()
            passed = not tasks and (
                (not looked and not keep) or bool(looked and above and place > looked[-1])
            )
            if not passed and first.at <= until - HOUR:
                told = (first.id, "click" in tasks, "buy" in tasks)
                wanted.add(told)
    return wanted


def stream(seed: int) -> list[Event]:
    """So much within so little time that most events have several exposures to choose from."""
    luck = Random(seed)
    near = [0, NOON, NOON + DAY, luck.randrange(2 * DAY)]
    return [
        Event(
            id=f"{n * 7919 % 1009}-{n}",
            kind=luck.choice([*["expose"] * 5, "click", "click", "cart", "purchase"]),
            person=luck.choice(["ann", "ann", "bob"]),
            item=luck.choice(["red-dress", "blue-dress", "blue-cup"]),
            trace=luck.choice([None, None, "a", "b"]),
            scene=luck.choice(["home", "cheap", None]),
            position=luck.choice([None, 0, 1, 2]),
            at=max(0, luck.choice(near) + luck.randint(-400, 400) * luck.choice([1, 1, 9, 100])),
        )
        for n in range(luck.randint(1, 160))
    ]


EVENTS = st.integers(0, 10**6).map(stream)
ANY = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def samples(**more: Any) -> ShownSamples:
    return ShownSamples.model_validate({"tasks": TASKS, "history": "2000d", **more})


def first_ids(shop: Shop, found: Any) -> set[tuple[Any, ...]]:
    """Tell rows by the exposure that they began with."""
    shown = "SELECT id, trace, person, item, time FROM event WHERE kind = 'expose'"
    ids: dict[tuple[Any, ...], list[str]] = {}
    for key, trace, person, item, time in shop.ask(shown):
        ids.setdefault((trace, person, item, time.timestamp()), []).append(key)
    told = set()
    for row in range(len(found)):
        trace = found.traces[found.groups[row]]
        where = (trace, int(found.persons[row]), int(found.items[row]), float(found.times[row]))
        told.add((*sorted(ids[where]), *found.labels[row].astype(bool).tolist()))
    return told


def alike(shop: Shop, wanted: set[tuple[Any, ...]], rows: dict[Row, Any]) -> set[tuple[Any, ...]]:
    """Name rows by all exposures that look the same: their ids are not kept."""
    shown = [e for row in rows for e in row.shown]
    told = set()
    for key, *labels in wanted:
        e = next(e for e in shown if e.id == key)
        same = [o.id for o in shown if _looks(o) == _looks(e)]
        told.add((*sorted(same), *labels))
    return told


def _looks(event: Event) -> tuple[Any, ...]:
    return event.trace, event.person, event.item, event.at


def plain(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [dict(e.__dict__) for e in events]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"skew": None, "credit": "every", "negatives": "all"},
        {"unclicked": "drop"},
    ],
)
def test_rows_equal_a_plain_computation(shop: Shop, options: dict[str, Any]) -> None:
    @ANY
    @given(EVENTS, st.integers(0, 3 * DAY))
    def holds(events: list[Event], now: int) -> None:
        shop.clear()
        shop.come(*plain(events))
        declared = samples(**options)
        shop.keep(declared)
        every, skew = declared.credit == "every", SKEW if declared.skew else 0
        rows = rows_of(events, skew, every)
        above, keep = declared.negatives != "all", declared.unclicked == "keep"
        wanted = counting(rows, now, above, keep)
        found = shop.read(declared, after(now))
        assert len(found) == len(wanted)
        assert first_ids(shop, found) == alike(shop, wanted, rows)

    holds()


def test_rows_kept_in_pieces_equal_rows_made_whole(shop: Shop) -> None:
    @ANY
    @given(EVENTS, st.lists(st.integers(1, 60), min_size=1, max_size=4), st.booleans())
    def holds(events: list[Event], sizes: list[int], killed: bool) -> None:
        shop.clear()
        declared = samples()
        for piece in _pieces(events, sizes):
            shop.come(*plain(piece))
            if killed:
                _killed(shop, declared)
            shop.keep(declared)
        stands, days = shop.ask(STANDS), shop.ask(DAYS)
        with shop.engine.begin() as connection:
            connection.execute(text("DELETE FROM derived.labelled_way"))
        assert shop.keep(declared).metrics["renewed"] == len(days)
        assert (shop.ask(STANDS), shop.ask(DAYS)) == (stands, days)

    holds()


def _pieces(events: list[Event], sizes: list[int]) -> Iterable[list[Event]]:
    start = 0
    for size in [*sizes, len(events)]:
        if events[start : start + size]:
            yield events[start : start + size]
        start += size


def _killed(shop: Shop, declared: ShownSamples) -> None:
    """Do everything, and lose the connection before the end."""
    before = shop.ask(STANDS)
    with shop.engine.connect() as connection:
        shop.run(connection, declared, FAR)
        connection.invalidate()
    assert shop.ask(STANDS) == before


def test_every_credited_exposure_is_one_that_analysts_see_as_taken(shop: Shop) -> None:
    one = ShownSamples.model_validate(
        {"history": "2000d", "skew": None, "credit": "every", "negatives": "all"}
    )

    @ANY
    @given(EVENTS)
    def holds(events: list[Event]) -> None:
        shop.clear()
        shop.come(*plain(events))
        shop.keep(one)
        taken = shop.ask("""
            SELECT DISTINCT trace, person, item, (time AT TIME ZONE 'UTC')::date
            FROM weft.taken('{"click": 1}', '1h', 'infinity')
        """)
        kept = shop.ask("""
            SELECT DISTINCT trace, person, item, day FROM derived.labelled
            WHERE answered IS NOT NULL
        """)
        assert set(kept) == set(taken)

    holds()
