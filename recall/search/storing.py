"""Making the inverted list of a catalogue: read what is written, index it, send it by COPY."""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import polars as pl
from sqlalchemy import Connection, Row, RowMapping

from graph.copying import copy_frame
from graph.graph import Numbers
from nlp.terms import heads, terms
from recall.search import queries
from recall.search.index import Field, Index, Scale, Shape, index_of
from weft.files import load_files, save_file
from weft.steps import Made, Work

SCALE = "scale.json"
AT_ONCE = 20_000  # terms
TITLE, HEADS, TAGS = OWN = ("title", "heads", "tags")  # fields that every catalogue has


def make_postings(
    work: Work, weights: Mapping[str, float], texts: Sequence[str], shape: Shape
) -> Made:
    """Fill the artifact's own table with the terms of everything that is offered."""
    columns = [name for name in weights if name not in OWN]
    rows = work.connection.execute(queries.written(columns)).all()
    work.progress(0.2)
    index = index_of(fields(rows, weights, texts), len(rows), shape)
    work.progress(0.7)
    work.connection.execute(queries.make_postings(work.artifact))
    store(work.connection, work.artifact, np.array([row.id for row in rows], np.int32), index)
    work.connection.execute(queries.index_postings(work.artifact))
    work.connection.execute(queries.FORGET_OUTDATED)
    scale = orjson.dumps({"size": len(rows), "means": index.means})
    save_file(work.connection, work.artifact, SCALE, scale)
    work.say(f"{len(index.terms):,} terms of {len(rows):,} items")
    metrics = {"rows": len(index.items), "terms": len(index.terms), "items": len(rows)}
    return Made((queries.table_of(work.artifact),), metrics)


def add_newer(
    connection: Connection,
    artifact: int,
    weights: Mapping[str, float],
    texts: Sequence[str],
    shape: Shape,
    items: Sequence[int],
) -> None:
    """Index items that came or changed since beside the list, measured by what is in it."""
    scale = load_scale(connection, artifact)
    if scale is None:
        return
    columns = [name for name in weights if name not in OWN]
    numbers = {"items": list(items)}
    rows = connection.execute(queries.written(columns, some=True), numbers).all()
    index = index_of(fields(rows, weights, texts), len(rows), shape, scale)
    asked = {"terms": list(index.terms)}
    known = set(connection.execute(queries.known_terms(artifact), asked).scalars())
    connection.execute(queries.FORGET_NEWER, {"artifact": artifact, **numbers})
    told = [{"artifact": artifact, **row} for row in _newer(rows, index, known)]
    if told:
        connection.execute(queries.ADD_NEWER, told)


def load_scale(connection: Connection, artifact: int) -> Scale | None:
    """Read what items that come later are measured by; lists of earlier versions have none."""
    files = load_files(connection, artifact)
    if SCALE not in files:
        return None
    said = orjson.loads(files[SCALE])
    return Scale(said["size"], tuple(said["means"]))


def _newer(rows: Sequence[Row[Any]], index: Index, known: Set[str]) -> Iterator[dict[str, Any]]:
    """Give each item's terms; those that the list has not come with their own worth."""
    terms: dict[int, list[tuple[str, float, float | None]]] = {n: [] for n in range(len(rows))}
    for term, number in index.terms.items():
        worth = None if term in known else float(index.worth[number])
        for place in range(index.starts[number], index.starts[number + 1]):
            terms[int(index.items[place])].append((term, float(index.shares[place]), worth))
    for place, row in enumerate(rows):
        names, shares, worths = (
            map(list, zip(*terms[place], strict=True)) if terms[place] else ([], [], [])
        )
        yield {"item": row.id, "terms": names, "shares": shares, "worths": worths}


def fields(
    rows: Sequence[Row[Any]], weights: Mapping[str, float], texts: Sequence[str]
) -> Iterator[Field]:
    """Give the fields that count, as terms; heads are those of titles and texts."""
    for name, weight in weights.items():
        if weight <= 0:
            continue
        if name == HEADS:
            yield Field((_heads(row._mapping, texts) for row in rows), weight)
        else:
            yield Field((terms(row._mapping[name] or "") for row in rows), weight)


def _heads(row: RowMapping, texts: Sequence[str]) -> list[str]:
    return [head for name in (TITLE, *texts) for head in heads(row[name] or "")]


def store(connection: Connection, artifact: int, ids: Numbers, index: Index) -> None:
    """Send the postings, some thousand terms at a time."""
    names, bounds = list(index.terms), list(pairwise(index.starts.tolist()))
    for low in range(0, len(names), AT_ONCE):
        part = slice(low, low + AT_ONCE)
        rows = {
            "term": names[part],
            "worth": index.worth[part],
            "items": [_array(ids[index.items[a:b]]) for a, b in bounds[part]],
            "shares": [_array(index.shares[a:b].round(4)) for a, b in bounds[part]],
        }
        copy_frame(connection, queries.table_of(artifact), pl.DataFrame(rows))


def _array(values: np.ndarray) -> str:
    return "{" + ",".join(map(str, values.tolist())) + "}"
