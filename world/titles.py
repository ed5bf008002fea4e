"""Titles from a grammar: which tags are said, in which words and order, and where they stand."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from world.domains import DOMAINS, FACETS
from world.draws import Flags, Ints, pick
from world.surfaces import Surfaces
from world.taxonomy import Taxonomy

SHARES = (0.70, 0.17, 0.03, 0.04, 0.06)
LANGUAGES = ("zh", "en", "mixed")
LANGUAGE_SHARES = np.array([0.62, 0.18, 0.20])
SLOTS = (*FACETS, "size", "noise", "tail")
SAID = (0.95, 0.85, 0.85, 0.80, 0.75, 0.75, 0.70, 0.65, 0.45, 0.35, 0.15)
UNLISTED = 0.2

ZH_ORDERS = (
    "noise brand series theme style material color audience category size tail",
    "noise brand series audience style theme color material category tail size",
    "brand category series theme material color style audience size noise tail",
    "noise theme style brand series category color material audience size tail",
    "audience style category brand series color material theme size tail noise",
    "noise color material style theme audience category brand series size tail",
)
EN_ORDERS = (
    "noise brand series color material style theme category audience size tail",
    "noise brand series category theme style color material size audience tail",
    "audience style theme material category brand series color size noise tail",
    "color material theme category brand series size style audience tail noise",
)
ORDERS = np.array(
    [[SLOTS.index(slot) for slot in order.split()] for order in (*ZH_ORDERS, *EN_ORDERS)]
)


@dataclass(frozen=True)
class Titles:
    """Titles, their languages, and the spans as JSON `[start, end, facet, tag]`."""

    texts: pl.Series
    language: Ints
    spans: pl.Series
    listed: Flags  # whether the shop's own list names the brand


def write_titles(
    rng: np.random.Generator, tags: dict[str, Ints], taxonomy: Taxonomy, surfaces: Surfaces
) -> Titles:
    """One title for each item."""
    size = len(tags["category"])
    language = pick(rng, LANGUAGE_SHARES, size)
    entries = slot_entries(tags, taxonomy, surfaces)
    forms = np.stack([speak(rng, entries[slot], language, surfaces, slot) for slot in SLOTS], 1)
    mute = (forms[:, : len(FACETS)] < 0).all(axis=1)
    spare = surfaces.choose(rng, entries["category"], language % 2, SHARES)
    forms[mute, SLOTS.index("category")] = spare[mute]
    order = ORDERS[choose_order(rng, language)]
    forms = np.take_along_axis(forms, order, axis=1)  # (title, place)
    packed = np.argsort(forms < 0, axis=1, kind="stable")
    forms = np.take_along_axis(forms, packed, axis=1)
    order = np.take_along_axis(order, packed, axis=1)
    spaced = gaps(forms, surfaces, loose=(language == 1) | (rng.random(size) < 0.35))
    begin, end = offsets(forms, spaced, surfaces)
    return Titles(
        joined(forms, spaced, surfaces),
        language,
        spans(order, begin, end, forms, entries, taxonomy),
        rng.random(size) >= UNLISTED,
    )


def slot_entries(tags: dict[str, Ints], taxonomy: Taxonomy, surfaces: Surfaces) -> dict[str, Ints]:
    """What could be said in each slot, -1 for nothing."""
    size = len(tags["category"])
    kinds = np.array([surfaces.sizes[DOMAINS[name].sizes] for name in taxonomy.domains])
    noise = np.full(size, surfaces.noise)
    said = {facet: taxonomy.place(facet, tags[facet]) for facet in FACETS}
    sizes = kinds[taxonomy.top[tags["category"]]]
    return said | {"size": sizes, "noise": noise, "tail": noise}


def speak(
    rng: np.random.Generator, entries: Ints, language: Ints, surfaces: Surfaces, slot: str
) -> Ints:
    """The written form of one slot in every title, -1 where it stays silent."""
    silent = rng.random(len(entries)) >= SAID[SLOTS.index(slot)]
    mixed = rng.integers(0, 2, len(entries))
    spoken = np.where(language == 2, mixed, language)
    if slot == "category":
        silent &= rng.random(len(entries)) < 0.8
    return np.where(silent, -1, surfaces.choose(rng, entries, spoken, SHARES))


def choose_order(rng: np.random.Generator, language: Ints) -> Ints:
    """An order of slots that suits the language."""
    turn = rng.random(len(language))
    chinese = (turn * len(ZH_ORDERS)).astype(np.int64)
    english = len(ZH_ORDERS) + (turn * len(EN_ORDERS)).astype(np.int64)
    return np.where(language == 1, english, chinese)


def gaps(forms: Ints, surfaces: Surfaces, loose: Flags) -> Flags:
    """Where a space stands before a form: always in loose titles, else between Latin words."""
    touching = surfaces.latin_end[forms[:, :-1]] & surfaces.latin_start[forms[:, 1:]]
    spaced = np.zeros(forms.shape, np.bool_)
    spaced[:, 1:] = (touching | loose[:, None]) & (forms[:, 1:] >= 0)
    return spaced


def offsets(forms: Ints, spaced: Flags, surfaces: Surfaces) -> tuple[Ints, Ints]:
    """Start and end of each form, counted in characters."""
    lengths = np.where(forms < 0, 0, surfaces.lengths[forms])
    end = np.cumsum(lengths + spaced, axis=1)
    return end - lengths, end


def joined(forms: Ints, spaced: Flags, surfaces: Surfaces) -> pl.Series:
    """The texts side by side."""
    half = len(surfaces.lengths)
    columns = {}
    for place in range(forms.shape[1]):
        index = np.where(spaced[:, place], forms[:, place] + half, forms[:, place])
        picked = pl.Series(index).replace(-1, None)
        columns[str(place)] = surfaces.texts.gather(picked)
    frame = pl.DataFrame(columns)
    return frame.select(pl.concat_str(pl.all(), ignore_nulls=True)).to_series()


def spans(
    order: Ints, begin: Ints, end: Ints, forms: Ints, entries: dict[str, Ints], taxonomy: Taxonomy
) -> pl.Series:
    """The tags said in each title, as JSON in order of appearance."""
    keys = pl.Series([f'"{tag.facet}","{tag.key}"]' for tag in taxonomy.tags])
    stacked = np.stack([entries[slot] for slot in SLOTS], 1)  # (title, slot)
    tags = np.take_along_axis(stacked, order, axis=1)
    silent = (forms < 0) | (order >= len(FACETS))
    frame = pl.DataFrame(
        {str(place): span(begin, end, tags, silent, keys, place) for place in range(forms.shape[1])}
    )
    listed = pl.concat_str(pl.all(), ignore_nulls=True, separator=",")
    return frame.select(pl.format("[{}]", listed)).to_series()


def span(
    begin: Ints, end: Ints, tags: Ints, silent: Flags, keys: pl.Series, place: int
) -> pl.Series:
    """One place of every title as JSON, null where no tag is said."""
    index = pl.Series(np.where(silent[:, place], -1, tags[:, place])).replace(-1, None)
    frame = pl.DataFrame(
        {"begin": begin[:, place], "end": end[:, place], "tag": keys.gather(index)}
    )
    return frame.select(pl.format("[{},{},{}", "begin", "end", "tag")).to_series()
