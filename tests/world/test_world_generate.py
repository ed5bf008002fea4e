import os
import platform
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

import world
from world import World, generate

TINY = World(items=600, users=150, days=4, seed=3, events=12_000)
SHANGHAI = timezone(timedelta(hours=8))
MEGABYTES_ALLOWED = 300

MEASURE = """
import resource, sys
from pathlib import Path
from world import World, generate
generate(World(items=300, users=100, days=2), Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
generate(World(items=50_000, users=10_000, days=14, events=1_000_000), Path(sys.argv[1]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""

ELSEWHERE = """
import sys
from pathlib import Path
from world import World, generate
generate(World(items=600, users=150, days=4, seed=3, events=12_000), Path(sys.argv[1]))
"""
OTHER_MACHINE = {
    "PYTHONHASHSEED": "5",
    "POLARS_MAX_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3" if platform.machine() == "x86_64" else "",
    "PYTHONPATH": str(Path(world.__file__).parents[1]),
}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(f.relative_to(folder)): sha256(f.read_bytes()).hexdigest() for f in files}


def made(made_of: World, folder: Path, form: str = "jsonl") -> dict[str, str]:
    generate(made_of, folder, form)
    return digests(folder)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_same_arguments_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    assert made(TINY, tmp_path / "one", form) == made(TINY, tmp_path / "two", form)


def test_another_machine_gives_the_same_bytes(tmp_path: Path) -> None:
    here = made(TINY, tmp_path / "here")
    command = [sys.executable, "-c", ELSEWHERE, str(tmp_path / "there")]
    subprocess.run(command, check=True, env=os.environ | OTHER_MACHINE)
    assert digests(tmp_path / "there") == here


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    other = World(items=600, users=150, days=4, seed=4, events=12_000)
    one, two = made(TINY, tmp_path / "one"), made(other, tmp_path / "two")
    assert one.keys() == two.keys()
    assert all(one[name] != two[name] for name in ("items.jsonl", "users.csv", "events.jsonl"))


def test_parquet_says_what_jsonl_says(tmp_path: Path) -> None:
    generate(TINY, tmp_path, "jsonl")
    lines = pl.read_ndjson(tmp_path / "events.jsonl", infer_schema_length=None)
    generate(TINY, tmp_path, "parquet")
    table = pl.read_parquet(tmp_path / "events.parquet")
    assert not (tmp_path / "events.jsonl").exists()
    assert table.schema["time"] == pl.Datetime("us", "UTC")
    time = pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us")
    assert lines.with_columns(time).equals(table.with_columns(pl.col("position").cast(pl.Int64)))


def test_the_files_are_the_promised_ones(tmp_path: Path) -> None:
    assert set(made(TINY, tmp_path)) == {
        "tags.jsonl",
        "items.jsonl",
        "users.csv",
        "events.jsonl",
        "truth/items.jsonl",
        "truth/users.jsonl",
        "truth/scenes.json",
        "truth/words.json",
        "truth/drift.json",
        "truth/randomised.jsonl",
        "truth/world.json",
    }


def test_a_moment_ends_the_world(tmp_path: Path) -> None:
    now = datetime(2026, 5, 4, 15, 20, 30, tzinfo=SHANGHAI)
    small = World(items=2000, users=300, days=3, until=now, events=20_000)
    generate(small, tmp_path)
    items = pl.read_ndjson(tmp_path / "items.jsonl", infer_schema_length=None)
    events = pl.read_ndjson(tmp_path / "events.jsonl", infer_schema_length=None)
    users = pl.read_csv(tmp_path / "users.csv")
    last = now.isoformat()
    assert events["time"].max() < last
    assert events["time"].max() > "2026-05-04T15:00"
    assert events["time"].min() >= "2026-05-02T00:00"
    assert items["published_at"].max() < last
    assert users["joined_at"].max() <= last
    auctions = items.filter(business="auction")
    assert (auctions["expires_at"] > last).sum() > 3


def test_a_moment_means_the_same_in_any_zone(tmp_path: Path) -> None:
    local = datetime(2026, 5, 4, 23, 0, tzinfo=SHANGHAI)
    worlds = [
        World(items=200, users=40, days=2, until=moment)
        for moment in (local, local.astimezone(UTC))
    ]
    one, two = (made(one, tmp_path / str(at)) for at, one in enumerate(worlds))
    assert one["events.jsonl"] == two["events.jsonl"]


@pytest.mark.parametrize("size", [(1, 1, 1), (5, 2, 2), (40, 300, 1)])
def test_very_small_worlds_hold_together(tmp_path: Path, size: tuple[int, int, int]) -> None:
    items, users, days = size
    generate(World(items=items, users=users, days=days, events=400), tmp_path)
    assert len((tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()) == items


def test_the_number_of_events_is_about_the_target(tmp_path: Path) -> None:
    small = World(items=3000, users=800, days=5, events=60_000)
    generate(small, tmp_path)
    with (tmp_path / "events.jsonl").open("rb") as file:
        assert sum(1 for _ in file) == pytest.approx(60_000, rel=0.06)


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    generate(TINY, tmp_path, progress=lambda stage, share: told.append((stage, share)))
    assert {stage for stage, _ in told} == {"items", "events"}
    assert told[-1] == ("events", 1.0)
    assert all(0 < share <= 1 for _, share in told)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"items": 0}, "items is 0"),
        ({"users": -1}, "users is -1"),
        ({"days": 0}, "days is 0"),
        ({"events": 0}, "events is 0"),
        ({"events_per_user_day": 0.0}, "events_per_user_day is 0.0"),
        ({"until": datetime(2026, 1, 1)}, "needs a time zone"),
    ],
)
def test_impossible_worlds_are_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        World(**arguments)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="jsonl or parquet"):
        generate(TINY, tmp_path, "csv")


def test_a_default_world_ends_with_june() -> None:
    assert World().until == date(2026, 6, 30)
    assert 500_000 <= World().target <= 700_000


def test_a_million_events_stream_through_little_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURE, str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | OTHER_MACHINE
    )
    assert int(done.stdout) < MEGABYTES_ALLOWED
