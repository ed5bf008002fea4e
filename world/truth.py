"""What only tests and benches may know, written to a folder of its own."""

from pathlib import Path

import polars as pl

from world.days import Setting
from world.domains import FACETS
from world.draws import Floats
from world.drift import PERIOD, SWING
from world.files import names, nullable, write_json, write_lines
from world.funnel import CURVES
from world.goods import user_keys
from world.items import Items
from world.people import INTERESTS, People
from world.taxonomy import Tag, Taxonomy, ambiguous_words
from world.titles import LANGUAGES, Titles


def write_truth(out: Path, setting: Setting) -> None:
    """Everything hidden but the items, which are written with their titles."""
    taxonomy, people = setting.taxonomy, setting.people
    write_json(out / "scenes.json", {scene: rounded(curve) for scene, curve in CURVES.items()})
    write_json(out / "words.json", words(taxonomy))
    write_json(out / "drift.json", drift(setting))
    frame = user_frame(people, taxonomy)
    frame.write_ndjson(out / "users.jsonl")


def rounded(values: Floats) -> list[float]:
    """Floats short enough to be equal on all machines."""
    return [round(float(value), 6) for value in values]


def words(taxonomy: Taxonomy) -> dict[str, object]:
    """Words with several meanings, and words the shop's list withholds."""
    withheld = [row for tag in taxonomy.tags for row in withheld_rows(tag)]
    return {"ambiguous": ambiguous_words(taxonomy.tags), "withheld": withheld}


def withheld_rows(tag: Tag) -> list[dict[str, str]]:
    """A tag's secret synonyms."""
    pairs = (("zh", tag.zh), ("en", tag.en))
    return [
        {"word": word, "language": name, "tag": tag.key}
        for name, labels in pairs
        for word in labels.withheld
    ]


def drift(setting: Setting) -> dict[str, object]:
    """Trends by day, and how interests swing: `exp(swing * sin(2π (day / period + phase)))`."""
    themes = setting.taxonomy.places["theme"]
    return {
        "interests": {"swing": SWING, "period": PERIOD},
        "themes": {
            setting.taxonomy.tags[place].key: rounded(setting.drift.theme[:, at])
            for at, place in enumerate(themes)
        },
    }


def user_frame(people: People, taxonomy: Taxonomy) -> pl.DataFrame:
    """Users with their interests."""
    slots = [interest(people, taxonomy, slot) for slot in range(INTERESTS)]
    frame = pl.DataFrame(
        {
            "key": user_keys(len(people)),
            "language": names(("zh", "en"), people.language),
            "activity": pl.Series(people.activity).round(6),
            "purse": pl.Series(people.purse).round(6),
            "eager": pl.Series(people.eager).round(6),
            "interests": pl.DataFrame({str(at): slot for at, slot in enumerate(slots)})
            .select(pl.concat_list(pl.all()))
            .to_series(),
        }
    )
    held = pl.col("interests").list.filter(pl.element().struct.field("weight") > 0)
    return frame.with_columns(held)


def interest(people: People, taxonomy: Taxonomy, slot: int) -> pl.Series:
    """One interest of every user as a structure."""
    keys = tuple(tag.key for tag in taxonomy.tags)
    facets = ("category", "theme", "brand", "style")
    tags = {f: names(keys, taxonomy.place(f, getattr(people, f)[:, slot])) for f in facets}
    return pl.DataFrame(
        tags
        | {
            "weight": pl.Series(people.weight[:, slot]).round(6),
            "phase": pl.Series(people.phase[:, slot]).round(6),
            "since": people.since[:, slot],
            "until": people.until[:, slot],
        }
    ).to_struct()


def item_truth(
    items: Items, taxonomy: Taxonomy, titles: Titles, block: slice, keys: pl.Series
) -> pl.Series:
    """A block of items as JSON lines: true tags, spans of the title, hidden qualities."""
    named = pl.Series([f'"{tag.facet}":"{tag.key}"' for tag in taxonomy.tags])
    tags = {
        facet: named.gather(nullable(taxonomy.place(facet, items.tags[facet][block])))
        for facet in FACETS
    }
    frame = pl.DataFrame(
        {
            "key": keys,
            "language": names(LANGUAGES, titles.language),
            "tags": pl.DataFrame(tags)
            .select(pl.concat_str(pl.all(), separator=",", ignore_nulls=True))
            .to_series(),
            "spans": titles.spans,
            "quality": pl.Series(items.quality[block]).round(6),
            "bait": pl.Series(items.bait[block]).round(6),
            "pull": pl.Series(items.pull[block]).round(6),
            "fit": pl.Series(items.fit[block]).round(6),
        }
    )
    shape = (
        '{{"key":"{}","language":"{}","tags":{{{}}},"spans":{},'
        '"quality":{},"bait":{},"pull":{},"fit":{}}}'
    )
    return frame.select(pl.format(shape, *frame.columns)).to_series()


def write_item_truth(path: Path, lines: pl.Series, append: bool) -> None:
    """Add lines to the file."""
    with path.open("ab" if append else "wb") as file:
        file.write(("\n".join(lines.to_list()) + "\n").encode())


def write_randomised(path: Path, traces: list[pl.Series]) -> None:
    """Traces whose results were shown in random order."""
    found = [trace for series in traces for trace in series.to_list()]
    write_lines(path, [{"trace": trace} for trace in found])
