"""Vectors go to the database by binary COPY, into a table of the artifact's own."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.graph import Floats, Numbers
from recall.spaces import queries
from weft.errors import BuildError

HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
ROWS = 20_000
FEWEST, MOST_VALUES = 2_000, 64  # vectors that are worth an index of their own; how many indexes
LARGEST = 65_504.0  # of a number in a halfvec


def store_vectors(
    connection: Connection,
    artifact: int,
    nodes: Mapping[str, Numbers],
    vectors: Mapping[str, Floats],
    by: str | None = None,
) -> tuple[str, ...]:
    """Store the vectors of each kind of node, index them, and attach the table.

    Those of items are stored `by` an attribute once more, each frequent value with its own index.
    """
    for kind, matrix in vectors.items():
        _check(kind, matrix)
    connection.execute(queries.make_vectors(artifact))
    for kind, matrix in vectors.items():
        connection.execute(queries.make_kind_of_vectors(artifact, kind))
        copy_vectors(connection, artifact, kind, nodes[kind], matrix)
        connection.execute(queries.index_vectors(artifact, kind, matrix.shape[1]))
    connection.execute(queries.attach_vectors(artifact))
    if by is None or "item" not in vectors:
        return (queries.vectors_of(artifact),)
    _store_by_value(connection, artifact, by, vectors["item"].shape[1])
    return (queries.vectors_of(artifact), queries.by_value(artifact))


def _store_by_value(connection: Connection, artifact: int, by: str, dim: int) -> None:
    connection.execute(queries.make_by_value(artifact, dim))
    limits = {"fewest": FEWEST, "most": MOST_VALUES}
    values = connection.execute(queries.frequent_values(artifact, by), limits).scalars().all()
    for number, value in enumerate(values):
        connection.execute(queries.fill_value(artifact, number, by, value))


def sizes(vectors: Mapping[str, Floats]) -> dict[str, float]:
    """Tell how many vectors of each kind there are, how long they are, and how many are zero."""
    told: dict[str, float] = {}
    for kind, matrix in vectors.items():
        norms = np.linalg.norm(matrix, axis=1)
        told[f"{kind}.vectors"] = float(len(matrix))
        told[f"{kind}.norm"] = float(norms.mean()) if len(norms) else 0.0
        told[f"{kind}.zero"] = float((norms == 0).sum())
    return told


def _check(kind: str, matrix: Floats) -> None:
    bad = ~(np.abs(matrix) <= LARGEST).all(axis=1)
    if bad.any():
        raise BuildError(
            f"{int(bad.sum()):,} vectors of kind '{kind}' hold numbers that are not finite or"
            f" beyond {LARGEST:,.0f}; a lower learning rate may help"
        )


def copy_vectors(
    connection: Connection, artifact: int, kind: str, ids: Numbers, matrix: Floats
) -> None:
    """Add vectors of one kind to the table of an artifact."""
    driver = connection.connection.driver_connection
    assert driver is not None
    table = queries.vectors_of(artifact, kind)
    with driver.cursor().copy(queries.copy_vectors(table)) as copy:
        copy.write(HEAD)
        for rows in _rows((artifact, kind), ids, matrix):
            copy.write(rows.tobytes())
        copy.write(TAIL)


def _rows(same: tuple[int, str], ids: Numbers, matrix: Floats) -> Iterator[NDArray[Any]]:
    artifact, kind = same
    layout = _layout(len(kind.encode()), matrix.shape[1])
    for start in range(0, len(ids), ROWS):
        part = slice(start, start + ROWS)
        rows = np.zeros(len(ids[part]), layout)
        rows["columns"], rows["bytes_artifact"], rows["bytes_id"] = 4, 4, 4
        rows["bytes_kind"], rows["bytes_e"] = len(kind.encode()), 4 + 2 * matrix.shape[1]
        rows["artifact"], rows["kind"], rows["id"] = artifact, kind.encode(), ids[part]
        rows["dim"], rows["e"] = matrix.shape[1], matrix[part]
        yield rows


def _layout(kind: int, dim: int) -> np.dtype[Any]:
    """Lay out a row as COPY and halfvec want it: every value after the count of its bytes."""
    fields: list[Any] = [("columns", ">i2")]
    fields += [("bytes_artifact", ">i4"), ("artifact", ">i4")]
    fields += [("bytes_kind", ">i4"), ("kind", f"S{kind}")]
    fields += [("bytes_id", ">i4"), ("id", ">i4")]
    fields += [("bytes_e", ">i4"), ("dim", ">i2"), ("unused", ">i2"), ("e", ">f2", (dim,))]
    return np.dtype(fields)
