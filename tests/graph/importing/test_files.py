import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from graph.importing.files import Options, load_files
from graph.importing.rejects import rejects_path
from tests.graph.shop import Shop, click, counts, item
from weft.errors import ImportFailed

CHECKOUT = Path(__file__).parents[3]
BAD = item("bad", price="x")


def test_without_strict_good_rows_stay_and_bad_ones_are_told(shop: Shop) -> None:
    summary = shop.load("item", [item("a"), BAD, item("b")])
    assert summary.kept
    assert counts(summary) == (3, 2, 0, 0, 1)
    assert shop.rejects() == [
        {
            "file": str(shop.folder / "rows.jsonl"),
            "line": 2,
            "column": "price",
            "reason": "not a number; 1299.00 or 1,299.00 is: 'x'",
            "row": BAD,
        }
    ]


def test_strict_keeps_all_or_nothing(shop: Shop) -> None:
    summary = shop.load("item", [item("a", category="new"), BAD, item("a", city="y")], strict=True)
    assert not summary.kept
    assert [reject["line"] for reject in shop.rejects()] == [2, 3]
    for table in ("item", "tag", "item_tag", "weft.watermark"):
        assert shop.ask(f"SELECT count(*) FROM {table}") == [0]
    assert shop.load("item", [item("a"), item("b")], strict=True).kept
    assert shop.ask("SELECT count(*) FROM item") == [2]


def test_strict_holds_over_all_files(shop: Shop) -> None:
    shop.rows("item", item("a"))
    good = shop.write("good.jsonl", [click(n) for n in range(2_000)])
    bad = shop.write("bad.jsonl", [click(9_000), click(9_001, kind="?")])
    options = Options(strict=True, rejects=shop.folder / "rejects.jsonl")
    summary = load_files(shop.engine, "event", [good, bad], shop.declared, options)
    assert not summary.kept
    for table in ("event", "event_day", "person"):
        assert shop.ask(f"SELECT count(*) FROM {table}") == [0]


def test_strict_takes_an_unknown_column_for_an_error(shop: Shop) -> None:
    summary = shop.load("item", [item("a", colour="red"), item("b", colour="x")], strict=True)
    assert not summary.kept
    (reject,) = shop.rejects()
    assert reject["column"] == "colour"
    assert "no column called 'colour'" in reject["reason"]


def test_unknown_columns_are_left_out_and_counted(shop: Shop) -> None:
    summary = shop.load("item", [item("a", colour="red"), item("b")])
    assert summary.kept
    assert summary.outcome.unknown == {"colour": 1}


def test_a_failing_database_is_told_in_one_line_and_strict_keeps_nothing(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE item ADD CONSTRAINT no_b CHECK (key <> 'k50001')")
    rows = [item("x", price="bad"), *(item(f"k{n}") for n in range(50_002))]
    with pytest.raises(ImportFailed, match=r"no_b.*run the same import again"):
        shop.load("item", rows, strict=True)
    assert shop.ask("SELECT count(*) FROM item") == [0]
    assert len(shop.rejects()) == 1
    with pytest.raises(ImportFailed):
        shop.load("item", rows)
    assert shop.ask("SELECT count(*) FROM item") == [49_999]


def test_rejects_lie_in_the_working_directory_and_go_when_there_are_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.folder)
    path = shop.write("items.jsonl", [BAD])
    place = rejects_path(path)
    assert place == shop.folder / "items.jsonl.rejects.jsonl"
    for rows, there in (([BAD], True), ([item("a")], False)):
        shop.write("items.jsonl", rows)
        load_files(shop.engine, "item", [path], shop.declared, Options())
        assert place.exists() is there
    assert not list(shop.folder.glob("*.part"))


def test_formats_go_by_ending_or_by_name(shop: Shop) -> None:
    with pytest.raises(ImportFailed, match="--format is one of jsonl, csv, parquet"):
        shop.load("item", [item("a")], "items.txt")
    assert counts(shop.load("item", [item("a")], "items.txt", format="jsonl")) == (1, 1, 0, 0, 0)
    assert counts(shop.load("item", "key,title\na,A\n", "items.csv")) == (1, 0, 0, 1, 0)


def test_a_missing_file_is_told_before_anything_is_loaded(shop: Shop) -> None:
    good = shop.write("a.jsonl", [item("a")])
    with pytest.raises(ImportFailed, match=r"none\.jsonl: no such file"):
        load_files(
            shop.engine, "item", [good, shop.folder / "none.jsonl"], shop.declared, Options()
        )
    assert shop.ask("SELECT count(*) FROM item") == [0]


def test_an_empty_file_is_a_load_of_nothing(shop: Shop) -> None:
    for name in ("a.jsonl", "a.csv"):
        assert counts(shop.load("item", b"", name)) == (0, 0, 0, 0, 0)


def test_bytes_read_are_told(shop: Shop) -> None:
    path = shop.write("a.jsonl", [item(f"k{n}") for n in range(1_000)])
    told: list[int] = []
    options = Options(rejects=shop.folder / "rejects.jsonl")
    load_files(shop.engine, "item", [path], shop.declared, options, told.append)
    assert sum(told) == path.stat().st_size


def test_memory_is_bounded(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO item (id, key, title) "
            "SELECT n, 'i' || n, 'T' FROM generate_series(0, 999) AS numbers(n)"
        )
    count = 300_000
    path = shop.folder / "events.jsonl"
    numbers = pl.DataFrame({"n": range(count)})
    numbers.select(
        pl.format("e{}", "n").alias("id"),
        pl.lit("2026-05-01T00:00:00Z").alias("time"),
        pl.lit("click").alias("kind"),
        pl.format("p{}", pl.col("n") % 30_000).alias("person"),
        pl.format("i{}", pl.col("n") % 1_000).alias("item"),
    ).write_ndjson(path)
    (shop.folder / "weft.yaml").write_text("name: tiny\n")
    url = shop.engine.url.render_as_string(hide_password=False)
    script = (
        "import sys; from pathlib import Path; from api.commands.main import app; "
        "app(sys.argv[1:], standalone_mode=False); "
        "lines = Path('/proc/self/status').read_text().splitlines(); "  # rusage counts the parent
        "print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "import", "events", str(path), "--spec", "weft.yaml"],
        cwd=shop.folder,
        env={**os.environ, "WEFT_DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    summary, *_, peak = done.stdout.splitlines()
    assert summary == "events: 300,000 read, 300,000 added, 0 changed, 0 unchanged, 0 rejected"
    assert int(peak) < 1024
