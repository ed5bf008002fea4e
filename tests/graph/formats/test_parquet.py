from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.graph.reading import batches, keys
from weft.errors import ImportFailed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "items.parquet"


def test_typed_columns_are_taken_as_they_are(path: Path) -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    pl.DataFrame(
        {
            "key": [1, 2],
            "title": ["A", "B"],
            "price": [Decimal("12.50"), None],
            "seen_at": [moment, None],
            "styles": [["red", "red"], []],
            "used": [True, False],
            "junk": [1, 2],
        }
    ).write_parquet(path)
    (batch,) = batches(path)
    assert keys(batch) == ["1", "2"]
    assert batch.frame["price"].to_list() == [12.5, None]
    assert batch.frame["seen_at"].to_list() == [moment, None]
    assert batch.frame["styles"].to_list() == [["red"], None]
    assert batch.unknown == {"junk": 2}


def test_times_without_zone_and_dates_are_in_the_shop_s_zone(path: Path) -> None:
    base = {"key": ["a"], "title": ["A"]}
    for value in (datetime(2026, 5, 1), date(2026, 5, 1)):
        pl.DataFrame({**base, "seen_at": [value]}).write_parquet(path)
        (batch,) = batches(path)
        assert batch.frame["seen_at"].to_list() == [datetime(2026, 4, 30, 16, tzinfo=UTC)]


def test_a_column_of_the_wrong_type_refuses_its_rows(path: Path) -> None:
    frame = {"key": ["a", "b"], "title": ["A", "B"], "price": [b"x", None]}
    pl.DataFrame(frame).write_parquet(path)
    (batch,) = batches(path)
    assert keys(batch) == ["b"]
    assert batch.rejects[0].column == "price"


def test_a_file_that_is_no_parquet_stops_the_load(path: Path) -> None:
    for content in (b"", b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1", b'{"key":"a"}'):
        path.write_bytes(content)
        with pytest.raises(ImportFailed, match="Parquet"):
            batches(path)


def test_a_missing_column_stops_the_load(path: Path) -> None:
    pl.DataFrame({"name": ["a"], "title": ["A"]}).write_parquet(path)
    with pytest.raises(ImportFailed, match="no column key"):
        batches(path)


def test_a_damaged_row_group_hides_no_other(path: Path) -> None:
    frame = pl.DataFrame({"key": [f"k{n}" for n in range(3_000)], "title": ["T"] * 3_000})
    frame.write_parquet(path, row_group_size=1_000, compression="zstd", use_pyarrow=True)
    middle = pq.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    start = middle.data_page_offset
    content[start : start + 400] = b"\xff" * 400
    path.write_bytes(content)
    found = batches(path)
    good = [key for batch in found for key in keys(batch)]
    assert good == [f"k{n}" for n in (*range(1_000), *range(2_000, 3_000))]
    (reject,) = [reject for batch in found for reject in batch.rejects]
    assert (reject.line, reject.rows) == (1_001, 1_000)
    assert "row group 1" in reject.reason
