"""A small world, generated once and read back, for the tests around it."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from world import World, generate

SMALL = World(items=4000, users=1200, days=12, seed=11, events=240_000)


@dataclass(frozen=True)
class Shop:
    """Frames for what is flat, rows and documents for what is nested."""

    tags: list[dict[str, Any]]
    items: pl.DataFrame
    users: pl.DataFrame
    events: pl.DataFrame
    true_items: list[dict[str, Any]]
    true_users: list[dict[str, Any]]
    scenes: dict[str, list[float]]
    words: dict[str, Any]
    drift: dict[str, Any]
    randomised: pl.DataFrame
    summary: dict[str, Any]


@cache
def shop() -> Shop:
    with TemporaryDirectory() as folder:
        generate(SMALL, Path(folder))
        return read_shop(Path(folder))


def read_shop(folder: Path) -> Shop:
    truth = folder / "truth"
    return Shop(
        rows(folder / "tags.jsonl"),
        frame(folder / "items.jsonl").with_columns(moment("published_at"), moment("expires_at")),
        pl.read_csv(folder / "users.csv").with_columns(moment("joined_at")),
        frame(folder / "events.jsonl").with_columns(moment("time")),
        rows(truth / "items.jsonl"),
        rows(truth / "users.jsonl"),
        json.loads((truth / "scenes.json").read_text(encoding="utf-8")),
        json.loads((truth / "words.json").read_text(encoding="utf-8")),
        json.loads((truth / "drift.json").read_text(encoding="utf-8")),
        frame(truth / "randomised.jsonl"),
        json.loads((truth / "world.json").read_text(encoding="utf-8")),
    )


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def frame(path: Path) -> pl.DataFrame:
    return pl.read_ndjson(path, infer_schema_length=None)


def moment(name: str) -> pl.Expr:
    return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%z")


def answered(kind: str) -> pl.DataFrame:
    """Exposures with a column that says whether the kind followed."""
    done = shop().events.filter(kind=kind).select("trace", "item", done=pl.lit(1))
    seen = shop().events.filter(kind="expose")
    return seen.join(done, on=["trace", "item"], how="left").with_columns(
        pl.col("done").fill_null(0)
    )
