"""A large shop for `bench.serve`: items around tastes, and persons who have some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Engine, text

from api.spec import Spec
from graph.columns import sync_columns
from graph.copying import copy_frame
from graph.graph import Floats
from recall.spaces.trained import Lesson, Placed
from weft.days import ensure_days

DIM, SEED = 64, 11
CATEGORIES, BRANDS, STYLES, CITIES, SELLERS = 200, 2_000, 30, 40, 5_000
TASTES = 3  # categories that a person likes
DAYS, SHOWN = 10, 20
CHUNK = 100_000
FINE = "fine: {type: din, learn: 7d, batch: 2048, rate: 0.002, epochs: 1}"
OTHER_FINE = FINE.replace("0.002", "0.001")
SPEC = (
    """\
name: serve
catalog:
  item:
    category: {type: tag, facet: category, filter: true}
    brand: {type: tag, facet: brand, filter: true}
    style: {type: tag, facet: style, filter: true}
    city: {type: keyword, filter: true}
    seller: {type: keyword, filter: true}
    price: {type: number, filter: true}
    published_at: {type: time, filter: true}
  user:
    city: {type: keyword}
    device: {type: keyword}
  lifetime: {begins: published_at}
graph:
  edges:
    tagged: {type: tags}
    liked: {type: events, half_life: 30d}
    fond: {type: through, path: [liked, tagged]}
spaces:
  taste: {type: deepwalk, over: [liked], dim: 64, holdout: null}
recall:
  channels:
    near: {type: nearest, space: taste, top: 2500}
    similar: {type: itemcf, over: liked}
    tastes: {type: tags, over: fond}
    popular: {type: popular, by: [scene, person.city], half_life: 3d, window: 10d}
    fresh: {type: fresh, by: [item.category], window: 10d}
ranking:
  samples: {negatives: all}
  features:
    who: {type: word, of: person.key, least: 20}
    home_city: {type: word, of: person.city}
    device: {type: word, of: person.device}
    item: {type: word, of: item.key, least: 20}
    category: {type: word, of: item.category}
    brand: {type: word, of: item.brand}
    city: {type: word, of: item.city}
    price: {type: number, of: item.price, scale: log, buckets: 30}
    age: {type: age, of: item.published_at, scale: log}
    style: {type: tags, facets: [style]}
    taken: {type: past, by: [item, category, brand], length: 50}
    item_rate: {type: statistic, of: [item.key], events: [click], per: [expose], window: 7d}
    position: {type: position, size: 24}
  models:
    """
    + FINE
    + """
    coarse: {type: towers, learn: 7d, batch: 2048, rate: 0.002, epochs: 1}
scenes:
  home:
    recall:
      near: {quota: 2500, weight: 2}
      similar: {quota: 1000}
      tastes: {quota: 1000}
      popular: {quota: 1000}
      fresh: {quota: 500}
    fusion: {type: reciprocal}
    coarse: {model: coarse, keep: 600}
    fine: fine
"""
)


@dataclass(frozen=True)
class World:
    """Items and persons; their ids begin with 1."""

    category: NDArray[np.int64]  # (items,)
    brand: NDArray[np.int64]  # (items,)
    style: NDArray[np.int64]  # (items,)
    vectors: Floats  # (items, DIM)
    tastes: NDArray[np.int64]  # (persons, TASTES) categories
    persons: Floats  # (persons, DIM)
    moment: datetime


def make_world(items: int, persons: int, moment: datetime) -> World:
    """Make items around the centres of categories, and persons between those that they like."""
    chance = np.random.default_rng(SEED)
    centres = chance.normal(size=(CATEGORIES, DIM)).astype(np.float32)
    category = np.minimum(chance.zipf(1.3, items) - 1, 10**6) % CATEGORIES
    tastes = chance.integers(0, CATEGORIES, (persons, TASTES))
    around = centres[category] + 0.8 * chance.normal(size=(items, DIM)).astype(np.float32)
    between = centres[tastes].mean(1) + 0.3 * chance.normal(size=(persons, DIM)).astype(np.float32)
    return World(
        category,
        category * (BRANDS // CATEGORIES) + chance.integers(0, BRANDS // CATEGORIES, items),
        chance.integers(0, STYLES, items),
        _unit(around),
        tastes,
        _unit(between),
        moment,
    )


def fill(engine: Engine, spec: Spec, world: World, clicks: int, pages: int) -> None:
    """Store a world as imports would."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        sync_columns(connection, spec.catalog)
        for table, frame in _tags():
            copy_frame(connection, table, frame)
        for start in range(0, len(world.category), CHUNK):
            copy_frame(connection, "item", _items(world, start))
        copy_frame(connection, "item_tag", _item_tags(world))
        copy_frame(connection, "person", _persons(world))
    _store_events(engine, _events(world, clicks, pages))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _tags() -> list[tuple[str, pl.DataFrame]]:
    keys = [f"c{n}" for n in range(CATEGORIES)] + [f"b{n}" for n in range(BRANDS)]
    keys += [f"s{n}" for n in range(STYLES)]
    facets = ["category"] * CATEGORIES + ["brand"] * BRANDS + ["style"] * STYLES
    ids = list(range(1, len(keys) + 1))
    tags = pl.DataFrame({"id": ids, "key": keys, "facet": facets})
    names = [f"{facet} {key}" for facet, key in zip(facets, keys, strict=True)]
    labels = pl.DataFrame(
        {"tag": ids, "language": "en", "kind": "preferred", "text": names, "normal": names}
    )
    return [("tag", tags), ("tag_label", labels)]


def _tag_ids(world: World, part: slice) -> NDArray[np.int64]:
    """Give the tags of items. # (items, 3)"""
    starts = np.array([1, 1 + CATEGORIES, 1 + CATEGORIES + BRANDS])
    columns = [world.category[part], world.brand[part], world.style[part]]
    return np.asarray(np.stack(columns, 1) + starts, np.int64)


def _items(world: World, start: int) -> pl.DataFrame:
    part = slice(start, min(start + CHUNK, len(world.category)))
    ids = np.arange(part.start + 1, part.stop + 1)
    chance = np.random.default_rng(SEED + start)
    age = chance.integers(0, 60 * 86_400, len(ids))
    begins = np.datetime64(world.moment.replace(tzinfo=None), "s") - age
    prices = np.round(np.exp(chance.normal(4.5, 1.2, len(ids))), 2)
    cities, sellers = (chance.integers(0, n, len(ids)) for n in (CITIES, SELLERS))
    rows = zip(ids, world.category[part], world.brand[part], world.style[part], strict=True)
    plain = [
        f'{{"category":"c{c}","brand":"b{b}","style":"s{s}","city":"city {cities[n]}",'
        f'"seller":"seller {sellers[n]}","price":{prices[n]},"published_at":"{begins[n]}Z"}}'
        for n, (_, c, b, s) in enumerate(rows)
    ]
    tags = ["{" + ",".join(map(str, some)) + "}" for some in _tag_ids(world, part).tolist()]
    stamps = pl.Series([f"{begin}Z" for begin in begins])
    return pl.DataFrame(
        {
            "id": ids,
            "key": [f"i{n}" for n in ids],
            "title": [f"thing number {n} with a title of usual length" for n in ids],
            "attributes": plain,
            "tag_ids": tags,
            "added_at": stamps,
            "changed_at": stamps,
        }
    )


def _item_tags(world: World) -> pl.DataFrame:
    tags = _tag_ids(world, slice(None))
    items = np.repeat(np.arange(1, len(tags) + 1), tags.shape[1])
    return pl.DataFrame({"item": items, "tag": tags.ravel(), "source": "catalog"})


def _persons(world: World) -> pl.DataFrame:
    chance = np.random.default_rng(SEED + 1)
    ids = range(1, len(world.tastes) + 1)
    cities, devices = chance.integers(0, CITIES, len(ids)), chance.integers(0, 3, len(ids))
    plain = [
        f'{{"city":"city {c}","device":"device {d}"}}' for c, d in zip(cities, devices, strict=True)
    ]
    return pl.DataFrame({"id": ids, "key": [f"p{n}" for n in ids], "attributes": plain})


def _events(world: World, clicks: int, pages: int) -> pl.DataFrame:
    """Make clicks of what persons like, and pages of which they take what they like."""
    chance = np.random.default_rng(SEED + 2)
    by_category = np.argsort(world.category, kind="stable")
    bounds = np.searchsorted(world.category[by_category], np.arange(CATEGORIES + 1))

    def liked(persons: NDArray[np.int64]) -> NDArray[np.int64]:
        """Draw an item that each person likes; some items are liked far more than others."""
        taste = world.tastes[persons, chance.integers(0, TASTES, len(persons))]
        sizes = np.maximum(bounds[taste + 1] - bounds[taste], 1)
        place = (sizes * chance.random(len(persons)) ** 3).astype(np.int64)
        found: NDArray[np.int64] = by_category[
            np.minimum(bounds[taste] + place, len(by_category) - 1)
        ]
        return found

    who = chance.integers(0, len(world.tastes), clicks)
    free = _frame(world, who, liked(who), "click", chance.random(clicks))
    page = np.repeat(np.arange(pages), SHOWN)
    persons = chance.integers(0, len(world.tastes), pages)[page]
    fit = chance.random(len(page)) < 0.5
    shown = np.where(fit, liked(persons), chance.integers(0, len(world.category), len(page)))
    position = np.tile(np.arange(SHOWN), pages)
    taken = chance.random(len(page)) < np.where(fit, 0.3, 0.03) / (1 + 0.1 * position)
    at = chance.random(pages)[page]
    more: dict[str, Any] = {"trace": [f"t{n}" for n in page], "position": position}
    shows = _frame(world, persons, shown, "expose", at, **more)
    clicked = _frame(
        world,
        persons[taken],
        shown[taken],
        "click",
        at[taken] + 1e-5,
        trace=[f"t{n}" for n in page[taken]],
        position=position[taken],
    )
    every = pl.concat([free, shows, clicked]).sort("time")
    day = pl.col("time").dt.truncate("1d")
    return every.with_columns(
        id=pl.format("e{}", pl.int_range(pl.len())), arrival=pl.int_range(1, pl.len() + 1).over(day)
    )


def _frame(
    world: World,
    persons: NDArray[np.int64],
    items: NDArray[np.int64],
    kind: str,
    at: NDArray[np.float64],
    **more: Any,
) -> pl.DataFrame:
    begin = world.moment - timedelta(days=DAYS)
    micros = (np.minimum(at, 1) * DAYS * 86_400e6).astype(np.int64)
    usual: Mapping[str, Any] = {"trace": None, "position": None}
    return pl.DataFrame(
        {"person": persons + 1, "item": items + 1, "kind": kind, "scene": "home", **usual, **more}
        | {"micros": micros},
        schema_overrides={"trace": pl.Utf8, "position": pl.Int64},
    ).select(
        (pl.lit(begin) + pl.duration(microseconds="micros")).alias("time"),
        *("kind", "person", "item", "scene", "position", "trace"),
    )


def _store_events(engine: Engine, events: pl.DataFrame) -> None:
    days = events["time"].dt.date().unique().sort().to_list()
    with engine.begin() as connection:
        ensure_days(connection, "event", days)
        copy_frame(connection, "event", events)
        connection.execute(
            text("INSERT INTO event_day SELECT time::date, count(*) FROM event GROUP BY 1")
        )
        connection.execute(
            text("INSERT INTO weft.watermark VALUES ('event', :events), ('item', 1), ('tag', 1)"),
            {"events": len(events)},
        )


def placed(world: World, lesson: Lesson) -> Placed:
    """Give the vectors that the world was made with, in place of learning them."""
    items, persons = lesson.graph.nodes["item"], lesson.graph.nodes["person"]
    return Placed({"item": world.vectors[items - 1], "person": world.persons[persons - 1]})


def now() -> datetime:
    """Give the moment of a new world."""
    return datetime.now(UTC).replace(microsecond=0)
