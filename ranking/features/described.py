"""Items or persons as arrays: what is read of them before it is encoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from nlp.compiled import Doubles
from ranking.examples import Longs
from ranking.features import queries
from ranking.features.hashing import Tokens, tokens_of, tokens_of_ids
from ranking.features.moments import NEVER, micros
from ranking.features.timeline import places_in
from ranking.features.wanted import Wanted

KEY = "key"
BATCH = 20_000
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Described:
    """Attributes by name, lists by feature. The last row of each is of nothing that is known."""

    ids: Longs  # (things,) rising
    changed: Longs  # (things + 1,) when each was written last
    words: Mapping[str, Tokens]  # (things + 1,) each
    numbers: Mapping[str, Doubles]  # (things + 1,) each, NaN where missing
    times: Mapping[str, Longs]  # (things + 1,) each, NEVER where missing
    lists: Mapping[str, Tokens]  # (things + 1, most) each, filled up with 0

    def places(self, ids: NDArray[np.integer]) -> Longs:
        """Give the rows of ids; that of nothing where one is unknown."""
        return places_in(self.ids, ids)

    def since(self, moment: datetime) -> Longs:
        """Give the ids of what was written from a moment on."""
        later: Longs = self.ids[self.changed[:-1] >= micros(np.array([moment.timestamp()]))[0]]
        return later

    def some(self, ids: NDArray[np.integer]) -> "Described":
        """Give those of some ids that are known, and the row of nothing."""
        rows = np.unique(np.append(self.places(ids), len(self.ids)))

        def all_of(ours: Mapping[str, Any]) -> dict[str, Any]:
            return {name: some[rows] for name, some in ours.items()}

        return Described(
            self.ids[rows[:-1]],
            self.changed[rows],
            all_of(self.words),
            all_of(self.numbers),
            all_of(self.times),
            all_of(self.lists),
        )

    def with_others(self, other: "Described") -> "Described":
        """Put what another says in the place of what this says, and add what is new."""
        if not len(other.ids):
            return self
        kept = np.flatnonzero(~np.isin(self.ids, other.ids))
        ids = np.concatenate([self.ids[kept], other.ids])
        order = np.argsort(ids)
        rows = np.append(order, len(ids))

        def joined(one: NDArray[Any], two: NDArray[Any]) -> NDArray[Any]:
            found: NDArray[Any] = np.concatenate([one[kept], two])[rows]
            return found

        def all_of(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
            return {name: joined(ours[name], some) for name, some in theirs.items()}

        return Described(
            ids[order],
            joined(self.changed, other.changed),
            all_of(self.words, other.words),
            all_of(self.numbers, other.numbers),
            all_of(self.times, other.times),
            all_of(self.lists, other.lists),
        )


def describe(
    connection: Connection, table: str, wanted: Wanted, ids: NDArray[np.integer]
) -> Described:
    """Read some items or persons."""
    values = {"ids": np.unique(ids).tolist()}
    return _read(connection, table, wanted, queries.NAMED, values if values["ids"] else None)


def describe_all(
    connection: Connection, table: str, wanted: Wanted, since: datetime | None = None
) -> Described:
    """Read all items or persons, or those that were changed since a moment."""
    if since is None:
        return _read(connection, table, wanted, queries.EVERY, {})
    return _read(connection, table, wanted, queries.SINCE, {"since": since})


def _read(
    connection: Connection,
    table: str,
    wanted: Wanted,
    which: str,
    values: Mapping[str, Any] | None,
) -> Described:
    found = _nothing(wanted)
    if values is None:
        return found
    lists = [feature.of.partition(".")[2] for feature in wanted.lists.values()]
    lists += ["tag_ids"] if wanted.tags else []
    parts = (wanted.words, wanted.numbers, wanted.times, tuple(lists))
    statement = queries.things(table, *parts, which)
    options = {} if "ids" in values else queries.STREAMED
    result = connection.execute(statement, values, execution_options=options)
    batches = [_described(connection, wanted, rows) for rows in result.partitions(BATCH)]
    return _end_to_end([*batches, found])


def _described(connection: Connection, wanted: Wanted, rows: Rows) -> Described:
    columns = iter(list(zip(*rows, strict=True)))
    ids, changed = (np.array(next(columns), np.int64) for _ in range(2))
    words = {name: tokens_of(next(columns)) for name in wanted.words}
    numbers = {name: np.array(next(columns), np.float64) for name in wanted.numbers}
    times = {name: _times(next(columns)) for name in wanted.times}
    lists = {name: listed(next(columns), f.most) for name, f in wanted.lists.items()}
    if wanted.tags:
        lists |= _tags(connection, wanted, next(columns))
    return Described(ids, changed, {KEY: tokens_of_ids(ids), **words}, numbers, times, lists)


def _times(column: Sequence[int | None]) -> Longs:
    return np.array([NEVER if time is None else time for time in column], np.int64)


def listed(column: Sequence[Sequence[str] | None], most: int) -> Tokens:
    """Give the words of lists, up to so many of each. # (things, most)"""
    cut = [list(words or ())[:most] for words in column]
    flat = tokens_of([word for words in cut for word in words])
    return _filled(np.array([len(words) for words in cut], np.int64), flat, most)


def _filled(counts: Longs, flat: Tokens, most: int) -> Tokens:
    """Lay lists out, a row each."""
    found = np.zeros((len(counts), most), np.uint64)
    found[np.arange(most) < counts[:, None]] = flat
    return found


def _tags(
    connection: Connection, wanted: Wanted, column: Sequence[Sequence[int]]
) -> dict[str, Tokens]:
    """Give the tags of items: by the order of the facets, and of their ids within."""
    counts = np.array([len(ids) for ids in column], np.int64)
    flat = np.array([tag for ids in column for tag in ids], np.int64)
    rows, known = np.repeat(np.arange(len(counts)), counts), np.unique(flat)
    found = {}
    for name, feature in wanted.tags.items():
        values = {"ids": known.tolist(), "facets": feature.facets}
        told = {tag: (place, key) for tag, key, place in connection.execute(queries.TAGS, values)}
        places = np.array([told.get(tag, (0, ""))[0] for tag in known.tolist()], np.int64)
        tokens = tokens_of([told.get(tag, (0, None))[1] for tag in known.tolist()])
        found[name] = _foremost(rows, flat, known, places, tokens, len(counts), feature.most)
    return found


def _foremost(
    rows: Longs,
    tags: Longs,
    known: Longs,
    places: Longs,
    tokens: Tokens,
    size: int,
    most: int,
) -> Tokens:
    number = np.searchsorted(known, tags)
    order = np.lexsort((tags, places[number], rows))
    order = order[places[number[order]] > 0]
    counts = np.bincount(rows[order], minlength=size)
    nth = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = order[nth < most]
    return _filled(np.minimum(counts, most), tokens[number[kept]], most)


def _nothing(wanted: Wanted) -> Described:
    """Give the row of nothing that is known."""
    return Described(
        np.zeros(0, np.int64),
        np.full(1, NEVER),
        {name: np.zeros(1, np.uint64) for name in (KEY, *wanted.words)},
        {name: np.full(1, np.nan) for name in wanted.numbers},
        {name: np.full(1, NEVER) for name in wanted.times},
        {name: np.zeros((1, most), np.uint64) for name, most in wanted.most().items()},
    )


def _end_to_end(parts: Sequence[Described]) -> Described:
    def all_of(names: Mapping[str, Any], kind: str) -> dict[str, Any]:
        return {name: np.concatenate([getattr(p, kind)[name] for p in parts]) for name in names}

    first = parts[-1]
    return Described(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.changed for part in parts]),
        all_of(first.words, "words"),
        all_of(first.numbers, "numbers"),
        all_of(first.times, "times"),
        all_of(first.lists, "lists"),
    )
