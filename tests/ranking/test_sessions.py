"""Deeds that are sent get times, in their order."""

from datetime import UTC, datetime, timedelta

from ranking.sessions import Sent, times_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def sent(*ages: float | None) -> list[float]:
    given = [None if age is None else NOW - timedelta(seconds=age) for age in ages]
    times = times_of([Sent("x", "click", time) for time in given], NOW)
    return [NOW.timestamp() - time for time in times]


def test_without_times_the_last_is_the_newest() -> None:
    assert sent(None, None, None) == [3, 2, 1]


def test_an_event_without_a_time_came_just_before_the_next() -> None:
    assert sent(None, 60, None) == [61, 60, 1]


def test_nothing_is_of_the_future_nor_of_this_very_moment() -> None:
    assert sent(-3600, 0) == [1, 1]


def test_none_is_none() -> None:
    assert sent() == []
