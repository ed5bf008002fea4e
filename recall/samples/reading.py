"""Samples read from the database for the nodes of a graph, as of a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from graph.arrays.rows import row_of, stream
from graph.catalog import Attribute, Catalog
from graph.graph import Edges, Floats, Graph, Numbers, edges_of
from nlp.compiled import Flags
from recall.samples import queries
from recall.samples.queries import Definition
from recall.samples.spec import traits
from recall.spaces.trained import Deeds, Samples

DEED = row_of(person=">i4", item=">i4", time=">f8", weight=">f8", scene=">i4")
SHOWN = row_of(item=">i4", times=">i4")
PASSED = row_of(person=">i4", item=">i4", times=">i4")
LISTED = row_of(item=">i4")
Rows = NDArray[np.void]


@dataclass(frozen=True)
class Source:
    """Where samples come from: a database, and what in it counts."""

    connection: Connection
    defined: Definition
    catalog: Catalog

    def rows(self, query: str, row: np.dtype[Any]) -> Rows:
        """Read all rows of a query."""
        parts = list(stream(self.connection, query, row))
        return np.concatenate(parts) if parts else np.zeros(0, row)

    def words(self, query: str) -> tuple[str, ...]:
        """Read one column of words."""
        return tuple(self.connection.execute(text(query)).scalars())


def read_samples(source: Source, graph: Graph, pretrained: Floats | None = None) -> Samples:
    """Read what was liked, shown and passed by, and what is known of items and persons."""
    sides = {"item": source.catalog.item, "person": source.catalog.user}
    read = {kind: _traits(source, graph, kind, declared) for kind, declared in sides.items()}
    with source.connection.begin_nested() as aside:
        source.connection.execute(queries.BY_HASH)
        deeds, exposures = read_deeds(source, graph), _exposures(source, graph)
        passed, listed = _passed(source, graph), _listed(source, graph, deeds, exposures)
        aside.rollback()
    return Samples(
        deeds,
        exposures,
        passed,
        listed,
        {kind: {name: found.numbers for name, found in of.items()} for kind, of in read.items()},
        {kind: {name: found.words for name, found in of.items()} for kind, of in read.items()},
        pretrained,
    )


def read_deeds(source: Source, graph: Graph) -> Deeds:
    """Read positives in order of person and time."""
    rows = _known(graph, source.rows(queries.deeds(source.defined), DEED))
    persons = rows["person"]
    starts = np.zeros(graph.size("person") + 1, np.int64)
    np.cumsum(np.bincount(persons, minlength=graph.size("person")), out=starts[1:])
    return Deeds(
        starts,
        rows["item"].astype(np.int32),
        rows["time"].astype(np.float64),
        rows["weight"].astype(np.float32),
        rows["scene"].astype(np.int32),
        source.words(queries.scene_names(source.defined)),
    )


def read_vectors(source: Source, table: str, dim: int, graph: Graph) -> Floats:
    """Read vectors of items; nought for an item that has none. # (items, dim)"""
    halves = np.dtype([("dim", ">i2"), ("unused", ">i2"), ("numbers", ">f2", (dim,))])
    rows = _known(graph, source.rows(queries.vectors_of(table), row_of(item=">i4", e=halves)))
    found = np.zeros((graph.size("item"), dim), np.float32)
    found[rows["item"]] = rows["e"]["numbers"]
    return found


def _exposures(source: Source, graph: Graph) -> Floats:
    rows = _known(graph, source.rows(queries.exposures(source.defined), SHOWN))
    found = np.zeros(graph.size("item"), np.float32)
    found[rows["item"]] = rows["times"]
    return found


def _passed(source: Source, graph: Graph) -> Edges:
    rows = _known(graph, source.rows(queries.passed_by(source.defined), PASSED))
    persons, items = (rows[kind].astype(np.int32) for kind in ("person", "item"))
    weights = rows["times"].astype(np.float32)
    return edges_of("person", "item", persons, items, weights, graph.size("person"))


def _listed(source: Source, graph: Graph, deeds: Deeds, exposures: Floats) -> Flags:
    """Find what was offered by then: since it had begun, or because somebody had seen it."""
    lifetime, until = source.catalog.lifetime, source.defined.until
    rows = _known(graph, source.rows(queries.listed(lifetime, until), LISTED))
    found: Flags = exposures > 0
    found[deeds.items] = True
    found[rows["item"]] = True
    return found


@dataclass(frozen=True)
class Trait:
    """An attribute with one word a node: the number of each node's word, and the words."""

    numbers: Numbers  # (nodes,) or -1
    words: Sequence[str]


def _traits(
    source: Source, graph: Graph, kind: str, declared: Mapping[str, Attribute]
) -> dict[str, Trait]:
    plain = {name: attribute.model_dump() for name, attribute in declared.items()}
    return {name: _trait(source, graph, kind, name) for name in traits(plain)}


def _trait(source: Source, graph: Graph, kind: str, name: str) -> Trait:
    row = row_of(**{kind: ">i4", "value": ">i4"})
    rows = _known(graph, source.rows(queries.values_of(kind, name), row))
    numbers = np.full(graph.size(kind), -1, np.int32)
    numbers[rows[kind]] = rows["value"]
    return Trait(numbers, source.words(queries.words_of(kind, name)))


def _known(graph: Graph, rows: Rows) -> Rows:
    """Put numbers in the place of ids; what came after the graph was read is left out."""
    rows = rows.copy()
    known = np.ones(len(rows), bool)
    for kind in {"person", "item"} & set(rows.dtype.names or ()):
        rows[kind] = graph.numbers(kind, rows[kind].astype(np.int32))
        known &= rows[kind] >= 0
    return rows[known]
