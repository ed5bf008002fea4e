"""The shop's own files about tags, items and users."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from world.domains import BUSINESS
from world.draws import Ints
from world.files import codes, names, write_lines
from world.items import FOREVER, Items
from world.noise_words import CITIES, DEVICES
from world.people import People
from world.span import written
from world.taxonomy import Tag, Taxonomy
from world.titles import Titles

BLOCK = 50_000


def item_keys(count: int) -> pl.Series:
    """Keys of all items."""
    return codes("i", np.arange(count), 5)


def user_keys(count: int) -> pl.Series:
    """Keys of all users."""
    return codes("u", np.arange(count), 5)


def write_tags(path: Path, taxonomy: Taxonomy) -> None:
    """The taxonomy without its secrets."""
    write_lines(path, [tag_row(tag) for tag in taxonomy.tags])


def tag_row(tag: Tag) -> dict[str, object]:
    """One tag as the shop knows it."""
    return {
        "key": tag.key,
        "facet": tag.facet,
        "parents": tag.parents,
        "zh": tag.zh.preferred,
        "en": tag.en.preferred,
        "zh_synonyms": tag.zh.synonyms,
        "en_synonyms": tag.en.synonyms,
        "zh_hidden": tag.zh.hidden,
        "en_hidden": tag.en.hidden,
    }


def item_blocks(count: int) -> Iterator[slice]:
    """Items a block at a time."""
    for start in range(0, count, BLOCK):
        yield slice(start, min(start + BLOCK, count))


def item_frame(items: Items, taxonomy: Taxonomy, titles: Titles, block: slice) -> pl.DataFrame:
    """A block of items as the shop lists them."""
    tag_keys = tuple(tag.key for tag in taxonomy.tags)
    brand = np.where(titles.listed, items.tags["brand"][block], -1)
    return pl.DataFrame(
        {
            "key": codes("i", np.arange(block.start, block.stop), 5),
            "title": titles.texts,
            "category": names(tag_keys, taxonomy.place("category", items.tags["category"][block])),
            "brand": names(tag_keys, taxonomy.place("brand", brand)),
            "city": names(CITIES, items.city[block]),
            "business": names(BUSINESS, items.business[block]),
            "seller": codes("s", items.seller[block], 4),
            "price": items.price[block],
            "published_at": written(items.published[block]),
            "expires_at": ends(items.expires[block]),
        }
    )


def ends(expires: Ints) -> pl.Series:
    """When offers end, null for those that do not."""
    forever = pl.Series(expires == FOREVER)
    return written(np.where(expires == FOREVER, 0, expires)).set(forever, None)


def write_users(path: Path, people: People) -> None:
    """The users as CSV."""
    frame = pl.DataFrame(
        {
            "key": user_keys(len(people)),
            "city": names(CITIES, people.city),
            "device": names(DEVICES, people.device),
            "joined_at": written(people.joined),
        }
    )
    frame.write_csv(path)
