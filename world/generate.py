"""A world as files: the catalogue, the users, the log, and the truth behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from world.days import Setting, live_days
from world.draws import chance
from world.drift import make_drift
from world.files import EventFile, Format, codes, write_json
from world.goods import item_blocks, item_frame, item_keys, user_keys, write_tags, write_users
from world.items import make_items
from world.people import make_people
from world.shelves import make_shelves
from world.span import span_of
from world.surfaces import build_surfaces
from world.taxonomy import build_taxonomy
from world.titles import write_titles
from world.truth import item_truth, write_item_truth, write_randomised, write_truth

Progress = Callable[[str, float], None]
ITEM_LIMIT, USER_LIMIT, DAY_LIMIT = 10_000_000, 20_000_000, 3660


@dataclass(frozen=True)
class World:
    """How large a world is, how long it lasts and when it ends; the seed makes it another.

    >>> World(items=100, users=20, days=3).target
    420
    """

    items: int = 20_000
    users: int = 4_000
    days: int = 21
    seed: int = 7
    until: date | datetime = date(2026, 6, 30)
    events_per_user_day: float = 7.0
    events: int | None = None

    def __post_init__(self) -> None:
        for name, limit in (("items", ITEM_LIMIT), ("users", USER_LIMIT), ("days", DAY_LIMIT)):
            if not 1 <= getattr(self, name) <= limit:
                raise ValueError(f"{name} is {getattr(self, name)}; it has to be 1 to {limit}")
        if self.events_per_user_day <= 0:
            raise ValueError(f"events_per_user_day is {self.events_per_user_day}; it has to be > 0")
        if self.events is not None and self.events < 1:
            raise ValueError(f"events is {self.events}; it has to be 1 or more, or None")
        if isinstance(self.until, datetime) and self.until.tzinfo is None:
            raise ValueError(f"until is {self.until}; a moment needs a time zone, a date does not")

    @property
    def target(self) -> int:
        """About how many events there will be."""
        usual = round(self.users * self.days * self.events_per_user_day)
        return usual if self.events is None else self.events


def generate(
    world: World, out: Path, events_format: Format = "jsonl", progress: Progress | None = None
) -> None:
    """Write the world into a folder; the same world is the same bytes."""
    if events_format not in ("jsonl", "parquet"):
        raise ValueError(f"events_format is {events_format!r}; it has to be jsonl or parquet")
    tell = progress or silent
    (out / "truth").mkdir(parents=True, exist_ok=True)
    setting = set_up(world)
    write_tags(out / "tags.jsonl", setting.taxonomy)
    write_users(out / "users.csv", setting.people)
    write_truth(out / "truth", setting)
    write_items(out, setting, tell)
    events = write_events(out, setting, world.target, events_format, tell)
    write_json(out / "truth" / "world.json", summary(world, setting, events))


def silent(stage: str, share: float) -> None:
    """Nobody wants to know."""


def set_up(world: World) -> Setting:
    """Everything that is there before the first day."""
    span = span_of(world.days, world.until)
    taxonomy = build_taxonomy(world.seed, world.items)
    items = make_items(world.seed, world.items, span, taxonomy)
    return Setting(
        world.seed,
        span,
        taxonomy,
        build_surfaces(taxonomy.tags),
        items,
        make_people(world.seed, world.users, span, items),
        make_drift(world.seed, span.days, taxonomy),
        make_shelves(items, taxonomy),
    )


def write_items(out: Path, setting: Setting, tell: Progress) -> None:
    """The catalogue and the truth about it, a block at a time."""
    items, taxonomy = setting.items, setting.taxonomy
    with (out / "items.jsonl").open("wb") as file:
        for block in item_blocks(len(items)):
            rng = chance(setting.seed, "titles", block.start)
            tags = {facet: column[block] for facet, column in items.tags.items()}
            titles = write_titles(rng, tags, taxonomy, setting.surfaces)
            frame = item_frame(items, taxonomy, titles, block)
            frame.write_ndjson(file)
            lines = item_truth(items, taxonomy, titles, block, frame["key"])
            write_item_truth(out / "truth" / "items.jsonl", lines, append=block.start > 0)
            tell("items", block.stop / len(items))


def write_events(out: Path, setting: Setting, target: int, form: Format, tell: Progress) -> int:
    """The log, day by day."""
    people, items = user_keys(len(setting.people)), item_keys(len(setting.items))
    randomised: list[pl.Series] = []
    with EventFile(out, form, people, items) as file:
        for block in live_days(setting, target):
            file.write(block.events, block.keywords)
            randomised.append(codes("t", block.randomised, 6))
            tell("events", min(0.99, file.count / target))
    tell("events", 1.0)
    write_randomised(out / "truth" / "randomised.jsonl", randomised)
    return file.count


def summary(world: World, setting: Setting, events: int) -> dict[str, object]:
    """The arguments, the counts, and how to read the rest."""
    return {
        "items": world.items,
        "users": world.users,
        "days": world.days,
        "seed": world.seed,
        "until": world.until.isoformat(),
        "events_per_user_day": world.events_per_user_day,
        "start": setting.span.start,
        "end": setting.span.end,
        "tags": len(setting.taxonomy.tags),
        "events": events,
        "target": world.target,
        "spans": "[start, end, facet, tag], offsets in characters of the title",
        "click": "curve[scene][position] * sigmoid(attraction), see world.funnel.attraction",
    }
