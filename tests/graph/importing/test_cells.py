from datetime import UTC, datetime
from typing import Any

import pytest

from graph.formats.chunks import Chunk, Source
from graph.formats.objects import columns_of
from graph.importing.batches import Batch, read_batch
from graph.importing.expected import expected_items
from tests.graph.reading import DECLARED, SHANGHAI, cell, only_reject

EXPECTED = expected_items(DECLARED)


def typed(**cells: Any) -> Batch:
    rows = [{"key": "a", "title": "A", **cells}]
    frame, unknown = columns_of(rows, Source(None, lambda n: EXPECTED.find(n) is not None))
    return read_batch(Chunk(frame, [1], rows.__getitem__, (), unknown), EXPECTED, SHANGHAI)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (5, 5.0),
        (5.5, 5.5),
        ("5", 5.0),
        (" 5.50 ", 5.5),
        ("1,299.00", 1299.0),
        ("12,345,678", 12345678.0),
        ("-3", -3.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_numbers_are_read(given: Any, number: float | None) -> None:
    assert cell(typed(price=given), "price") == number


@pytest.mark.parametrize(
    "given",
    ["1.299,00", "12,99", "1,2345", "¥1299", "NaN", "inf", "-Infinity", "1e999", "５", "5 000", "x",
     True, [5], {"a": 1}, float("nan"), float("inf"), "0x10", "1_000"],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_name(given: Any) -> None:
    reject = only_reject(typed(price=given))
    assert reject.column == "price"
    assert "number" in reject.reason or "list" in reject.reason


NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [
        "2026-05-01T12:00:00+08:00",
        "2026-05-01T04:00:00Z",
        "2026-05-01T04:00Z",
        "2026-05-01T12:00:00+0800",
        "2026-05-01T12:00:00.000000000+08",
        "2026-05-01 12:00:00 +08:00",
        "2026-05-01 12:00:00",
        "2026-05-01 12:00",
        "2026-05-01T12:00:00.0",
        int(NOON.timestamp()),
        NOON.timestamp(),
        int(NOON.timestamp() * 1000),
        str(int(NOON.timestamp())),
        str(int(NOON.timestamp() * 1000)),
        NOON,
        NOON.replace(tzinfo=None).replace(hour=12),
    ],
)
def test_times_are_read_and_those_without_zone_are_the_shop_s(given: Any) -> None:
    assert cell(typed(seen_at=given), "seen_at") == NOON


def test_a_day_begins_at_the_shop_s_midnight() -> None:
    assert cell(typed(seen_at="2026-05-01"), "seen_at") == datetime(2026, 4, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    ["2026-02-30", "01/05/2026", "2026-5-1", "12:00", "2026-05-01T25:00:00", "2026-05-01T12:00:60",
     "now", "0000-01-01", "20260501", -5, 1e300, True, ["2026-05-01"], "2026-05-01T12:00 Asia"],
)  # fmt: skip
def test_what_is_no_time_is_refused(given: Any) -> None:
    assert only_reject(typed(seen_at=given)).column == "seen_at"


@pytest.mark.parametrize(
    ("given", "word"),
    [(" 上海 ", "上海"), (7, "7"), ("", None), ("x" * 256, "x" * 256), (10**18, str(10**18))],
)
def test_words_are_read(given: Any, word: str | None) -> None:
    assert cell(typed(city=given), "city") == word


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (True, "a word is needed"),
        (1.5, "a word is needed"),
        (["x"], "not a list"),
        ({"x": 1}, "a word is needed"),
        ("x" * 257, "longer than 256"),
        ("a\0b", "NUL"),
        ("\ud800", "surrogate"),
    ],
)
def test_what_is_no_word_is_refused(given: Any, reason: str) -> None:
    assert reason in only_reject(typed(city=given)).reason


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["red", " blue ", "red", ""], ["red", "blue"]),
        ("red|blue", ["red", "blue"]),
        ([1, "2"], ["1", "2"]),
        ([1, 2], ["1", "2"]),
        ([], None),
        ([""], None),
        ([None, "red"], ["red"]),
        (7, ["7"]),
    ],
)
def test_lists_are_read(given: Any, words: list[str] | None) -> None:
    assert cell(typed(styles=given), "styles") == words


@pytest.mark.parametrize(
    "given", [[["x"]], [True], ["x" * 257], [1.5, "x"], {"a": 1}, ["\0"], True]
)
def test_what_is_no_list_of_words_is_refused(given: Any) -> None:
    assert only_reject(typed(styles=given)).column == "styles"


@pytest.mark.parametrize(
    ("given", "value"),
    [(True, True), ("false", False), ("Yes", True), ("0", False), (1, True), ("", None)],
)
def test_yes_and_no_are_read(given: Any, value: bool | None) -> None:
    assert cell(typed(used=given), "used") is value


@pytest.mark.parametrize("given", ["maybe", 2, 0.5, [True]])
def test_what_is_neither_yes_nor_no_is_refused(given: Any) -> None:
    assert only_reject(typed(used=given)).column == "used"


def test_a_row_tells_everything_that_is_wrong_with_it() -> None:
    reject = only_reject(typed(price="x", used="maybe", title=" "))
    assert reject.column == "title"
    assert reject.reason.startswith("is missing; price: not a number")
    assert "used: neither" in reject.reason


def test_long_titles_and_keys_are_refused() -> None:
    assert "2,000" in only_reject(typed(title="x" * 2_001)).reason
    assert "256" in only_reject(typed(key="x" * 257)).reason
    assert typed(title="x" * 2_000, key="k" * 256).rejects == ()


def test_columns_of_mixed_types_are_read_cell_by_cell() -> None:
    cells = [5, "6", 7.5, None, "1,000", True, "x"]
    rows = [{"key": f"k{n}", "title": "T", "price": price} for n, price in enumerate(cells)]
    frame, _ = columns_of(rows, Source(None, lambda n: EXPECTED.find(n) is not None))
    batch = read_batch(Chunk(frame, range(7), rows.__getitem__), EXPECTED, SHANGHAI)
    assert batch.frame["price"].to_list() == [5.0, 6.0, 7.5, None, 1000.0]
    assert [reject.line for reject in batch.rejects] == [5, 6]
