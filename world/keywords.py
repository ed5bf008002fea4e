"""What people type: tags in all their forms, some misspelled, some known to nobody."""

import numpy as np
import polars as pl

from world.draws import Ints
from world.people import People
from world.surfaces import Surfaces
from world.taxonomy import Taxonomy
from world.visits import BY_BRANDED_CATEGORY, BY_THEMED_CATEGORY, SEARCH, Visits

SHARES = (0.66, 0.18, 0.06, 0.05, 0.05)


def keywords(
    rng: np.random.Generator,
    visits: Visits,
    people: People,
    taxonomy: Taxonomy,
    surfaces: Surfaces,
) -> pl.Series:
    """The keyword of each search, in the order of the searches."""
    asked = visits.part(np.flatnonzero(visits.scene == SEARCH))
    leaf = taxonomy.place("category", asked.category)
    brand = taxonomy.place("brand", asked.brand)
    theme = taxonomy.place("theme", asked.theme)
    language = people.language[asked.user]
    first = np.choose(asked.wish, [leaf, brand, theme, brand, theme])
    second = np.where(np.isin(asked.wish, (BY_THEMED_CATEGORY, BY_BRANDED_CATEGORY)), leaf, -1)
    first, second = np.where(first < 0, leaf, first), np.where(first < 0, -1, second)
    head = surfaces.choose(rng, first, language, SHARES)
    tail = surfaces.choose(rng, second, language, SHARES)
    return typed(head, tail, surfaces)


def typed(head: Ints, tail: Ints, surfaces: Surfaces) -> pl.Series:
    """One word, or two with a space."""
    spaced = pl.Series(np.where(tail < 0, -1, tail + len(surfaces.lengths))).replace(-1, None)
    frame = pl.DataFrame(
        {"head": surfaces.texts.gather(head), "tail": surfaces.texts.gather(spaced)}
    )
    return frame.select(pl.concat_str("head", "tail", ignore_nulls=True)).to_series()
