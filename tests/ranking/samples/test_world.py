"""Rows of a small living world equal what its frames say, and rates are those of the world."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sqlalchemy import text

from ranking.samples.spec import ShownSamples
from tests.ranking.samples.joining import FAR, LONG_AGO, Shop
from tests.world.living_shop import frame, moment
from world import World, generate

SAMPLES = ShownSamples.model_validate(
    {
        "history": "2000d",
        "tasks": {"click": {"any": ["click"]}, "buy": {"any": ["purchase"], "within": "3d"}},
    }
)
WITHIN = {"click": pl.duration(hours=1), "buy": pl.duration(days=3)}
KINDS = {"click": "click", "buy": "purchase"}
ADD = text("""
INSERT INTO event (id, time, kind, person, item, scene, position, trace, arrival)
SELECT id, time, kind, person, item, scene, position, trace, row_number() OVER (
    PARTITION BY (time AT TIME ZONE 'UTC')::date)
FROM json_to_recordset(CAST(:rows AS json)) AS new(
    id text, time timestamptz, kind text, person integer, item integer, scene text,
    position integer, trace text)
""")
PARTITION = "CREATE TABLE event_{0:%Y%m%d} PARTITION OF event FOR VALUES FROM ('{0}') TO ('{1}')"
COUNT = text("""
INSERT INTO event_day SELECT (time AT TIME ZONE 'UTC')::date, count(*) FROM event GROUP BY 1
""")


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    out = tmp_path_factory.mktemp("world")
    generate(World(items=800, users=200, days=4, events=16_000, seed=5), out)
    return whole(out)


def whole(out: Path) -> pl.DataFrame:
    """Events with numbers in the place of keys."""
    read = frame(out / "events.jsonl").with_columns(moment("time"))
    numbers = (pl.col(c).rank("dense").cast(pl.Int32) for c in ("person", "item"))
    return read.with_columns(*numbers).filter(pl.col("kind") != "search")


def fill(shop: Shop, events: pl.DataFrame) -> None:
    days = events["time"].dt.date().unique().sort().to_list()
    with shop.engine.begin() as connection:
        for day in days:
            following = np.datetime64(day) + 1
            connection.execute(text(PARTITION.format(day, following)))
        names = ["id", "time", "kind", "person", "item", "scene", "position", "trace"]
        plain = events.select(names).with_columns(pl.col("time").dt.to_string("iso:strict"))
        connection.execute(ADD, {"rows": plain.write_json()})
        connection.execute(COUNT)


def rows_of(events: pl.DataFrame) -> pl.DataFrame:
    """Join by trace and item, and leave out what lies below the last click."""
    keys = ["trace", "person", "item"]
    shown = events.filter(kind="expose").with_columns(day=pl.col("time").dt.date())
    rows = shown.sort("time", "position", "id").unique(["day", *keys], keep="first")
    for task, kind in KINDS.items():
        deeds = events.filter(kind=kind).select(*keys, at="time")
        within = pl.col("at").is_between(pl.col("time") - pl.duration(minutes=1),
                                         pl.col("time") + WITHIN[task])  # fmt: skip
        done = shown.join(deeds, on=keys).filter(within).select("day", *keys).unique()
        marked = done.with_columns(pl.lit(1).alias(task))
        rows = rows.join(marked, on=["day", *keys], how="left")
    rows = rows.with_columns(pl.col("click", "buy").fill_null(0))
    looked = pl.when(pl.col("click") == 1).then(pl.col("position"))
    rows = rows.with_columns(deepest=looked.max().over("day", "trace", "person"))
    answered = (pl.col("click") == 1) | (pl.col("buy") == 1)
    above = pl.col("deepest").is_null() | (pl.col("position") <= pl.col("deepest"))
    return rows.filter(answered | above)


def test_rows_of_a_living_world(shop: Shop, events: pl.DataFrame) -> None:
    fill(shop, events)
    shop.keep(SAMPLES)
    found = shop.read(SAMPLES, FAR, LONG_AGO)
    wanted = rows_of(events)
    columns = ["trace", "person", "item", "scene", "position", "click", "buy"]
    traces = [found.traces[group] for group in found.groups]
    scenes = [found.scene_names[scene] for scene in found.scenes]
    cells = (traces, found.persons.tolist(), found.items.tolist(), scenes,
             found.positions.tolist(), *found.labels.astype(int).T.tolist())  # fmt: skip
    assert sorted(zip(*cells, strict=True)) == sorted(wanted.select(columns).rows())
    assert bool((np.diff(found.times) >= 0).all())
    assert wanted["click"].sum() > 100
    assert wanted["buy"].sum() > 5
    order = np.unique(found.groups, return_index=True)[1]
    assert bool((np.diff(order) > 0).all())  # requests are numbered as they come
