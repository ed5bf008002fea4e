"""Made items and vectors for `bench.ann`: clusters, and filters of every selectivity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, text

from api.spec import Spec
from graph.columns import sync_columns
from graph.graph import Floats
from recall.spaces.storing import store_vectors

DIM, SEED = 64, 7
REGIONS, APART, SPREAD = 60, 0.7, 0.9  # how far centres lie around regions, items around centres
ARTIFACT = 1
SHARES = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001)
SPEC = """\
name: ann
catalog:
  item:
    category: {type: tag, facet: category, filter: true}
    shelf: {type: keyword, filter: true}
    price: {type: number, filter: true}
    styles: {type: tag, facet: style, many: true, filter: true}
"""
ADD_TAGS = """
INSERT INTO tag (id, key, facet)
SELECT n, key, facet FROM unnest(CAST(:keys AS text[]), CAST(:facets AS text[]))
    WITH ORDINALITY AS new(key, facet, n)
"""
ADD_ITEMS = """
INSERT INTO item (id, key, title, attributes, tag_ids)
SELECT id, 'i' || id, 'a thing with a title of some words, number ' || id,
       jsonb_build_object('category', category, 'shelf', shelf, 'price', price, 'styles', styles),
       ARRAY(SELECT tag.id FROM tag WHERE tag.key = category OR tag.key = ANY(styles))
FROM (SELECT id, category, shelf, price, string_to_array(styles, ' ') AS styles
      FROM unnest(CAST(:ids AS int[]), CAST(:categories AS text[]), CAST(:shelves AS text[]),
                  CAST(:prices AS float8[]), CAST(:styles AS text[]))
          AS new(id, category, shelf, price, styles)) AS new
"""
CHUNK = 20_000


@dataclass(frozen=True)
class World:
    """Items in order of their ids, from 1."""

    vectors: Floats  # (items, DIM) as the database keeps them
    categories: NDArray[np.str_]  # (items,) near in space
    shelves: NDArray[np.str_]  # (items,) by chance
    prices: NDArray[np.float64]  # (items,) 0 to 100
    styles: NDArray[np.bool_]  # (items, shares)
    queries: Floats  # (queries, DIM)
    origins: NDArray[np.str_]  # (queries,) the category of an item that each query is near


def name_of(letter: str, share: float) -> str:
    """Name the value that a share of the items has."""
    return f"{letter}{100 * share:g}"


def make_world(rows: int, queries: int) -> World:
    """Make items around centres, and these around regions; a category is a range of centres."""
    chance = np.random.default_rng(SEED)
    regions = chance.normal(size=(REGIONS, DIM))
    centres = np.repeat(regions, max(1, rows // 400 // REGIONS), 0)
    centres = centres + APART * chance.normal(size=centres.shape)
    of = np.sort(chance.integers(0, len(centres), rows))
    vectors = _around(chance, centres[of])
    order = chance.permutation(rows)  # ids say nothing of places
    places = chance.permutation(_shared(rows, "s")), chance.uniform(0, 100, rows)
    styles = chance.random((rows, len(SHARES))) < np.array(SHARES)
    asked = chance.integers(0, rows, queries)
    return World(
        vectors[order],
        _shared(rows, "c")[order],
        *places,
        styles,
        _around(chance, centres[of[asked]]),
        _shared(rows, "c")[asked],
    )


def fill(engine: Engine, spec: Spec, world: World) -> None:
    """Store items and vectors as a build would."""
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        keys = [name_of(letter, share) for letter in "ct" for share in SHARES] + ["c-rest"]
        facets = ["category" if key.startswith("c") else "style" for key in keys]
        connection.execute(text(ADD_TAGS), {"keys": keys, "facets": facets})
        for start in range(0, len(world.vectors), CHUNK):
            connection.execute(text(ADD_ITEMS), _rows(world, start))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE item"))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL maintenance_work_mem = '4GB'"))
        ids = np.arange(1, len(world.vectors) + 1, dtype=np.int32)
        store_vectors(connection, ARTIFACT, {"item": ids}, {"item": world.vectors})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM ANALYZE derived.vector_{ARTIFACT}_item"))


def _around(chance: np.random.Generator, centres: NDArray[np.floating[Any]]) -> Floats:
    """Scatter points around centres; they get the length of one, as halfvec keeps it."""
    points = centres + SPREAD * chance.normal(size=centres.shape)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points.astype(np.float16), np.float32)


def _shared(rows: int, letter: str) -> NDArray[np.str_]:
    """Give values in their shares, the same beside the same."""
    names = [name_of(letter, share) for share in SHARES]
    counts = [max(1, round(rows * share)) for share in SHARES]
    return np.repeat([*names, f"{letter}-rest"], [*counts, rows - sum(counts)])


def _rows(world: World, start: int) -> Mapping[str, Sequence[Any]]:
    part = slice(start, start + CHUNK)
    keys = np.array([name_of("t", share) for share in SHARES])
    return {
        "ids": list(range(start + 1, min(start + CHUNK, len(world.vectors)) + 1)),
        "categories": world.categories[part].tolist(),
        "shelves": world.shelves[part].tolist(),
        "prices": world.prices[part].tolist(),
        "styles": [" ".join(keys[row]) for row in world.styles[part]],
    }
