"""Making lists of similar items: all of them, or those that what came since can have changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from graph.arrays.reading import read_graph
from graph.catalog import Catalog
from graph.graph import Edges, Graph, Numbers, turned
from graph.products import rows_of
from nlp.compiled import Flags
from recall.similar import queries
from recall.similar.counting import Count, Lists
from weft.settings import read_settings
from weft.steps import Made, Step, Work

HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
ROWS = 4_096  # lists that are counted before they are sent
Method = Callable[[Edges, Flags, int], Count]


@dataclass(frozen=True)
class Lister:
    """How lists are made: from which edges, by which count, and how far a change reaches."""

    over: str  # edges from persons to items
    method: Method  # given the edges, which items may be listed, and the number of threads
    far: bool  # an item that is liked more changes the lists of all that are similar to it
    catalog: Catalog


def similar_step(name: str, section: dict[str, Any], lister: Lister) -> Step:
    """Give the step that makes the lists of a channel."""

    def run(work: Work) -> Made:
        return make_similar(work, name, section, lister)

    return Step(name, section, run, needs=(f"graph.{lister.over}",))


def make_similar(work: Work, name: str, section: dict[str, Any], lister: Lister) -> Made:
    """Fill the artifact's own table and attach it."""
    graph = read_graph(work.connection, [lister.over])
    liked, items = graph.edges[lister.over], graph.nodes["item"]
    due, before = due_lists(work, name, section, lister, graph)
    work.connection.execute(queries.make_table(work.artifact))
    if before is not None:
        keep = {"due": items[due].tolist()}
        work.connection.execute(queries.keep_lists(work.artifact, before), keep)
    usable = usable_of(work, lister.catalog, items)
    count = lister.method(liked, usable, read_settings().threads)
    _send(work, items, due, count, 0.0)
    work.connection.execute(queries.attach_table(work.artifact))
    counts = work.connection.execute(queries.count_table(work.artifact)).one()
    work.say(f"{counts.rows:,} rows for {counts.items:,} items, {len(due):,} of them made anew")
    metrics = {"rows": counts.rows, "items": counts.items, "renewed": len(due)}
    return Made((queries.table_of(work.artifact),), metrics)


def due_lists(
    work: Work, name: str, section: dict[str, Any], lister: Lister, graph: Graph
) -> tuple[Numbers, int | None]:
    """Tell whose lists have to be made, and which artifact the other lists are taken from."""
    liked = graph.edges[lister.over]
    size = graph.size("item")
    back = turned(liked, size)
    everything = np.flatnonzero(np.diff(back.starts)).astype(np.int32)
    values = {"step": name, "section": orjson.dumps(section).decode()}
    before = work.connection.execute(queries.BEFORE, values).one_or_none()
    rebuilt = work.connection.execute(queries.REBUILT, {"kind": lister.over}).scalar()
    if before is None or rebuilt is None or rebuilt > before.id:
        return everything, None
    persons, items = (
        _known(graph.numbers(kind, _touched(work, lister.over, side, before.id)))
        for kind, side in (("person", "source"), ("item", "target"))
    )
    due = reached(liked, back, persons, items, lister.far)
    if 2 * len(due) > len(everything):
        return everything, None
    return due, int(before.id)


def reached(liked: Edges, back: Edges, persons: Numbers, items: Numbers, far: bool) -> Numbers:
    """Give the items whose lists can differ since edges of some persons and items did."""
    near = [items, rows_of(liked, persons).targets]
    if far:
        fans = np.unique(rows_of(back, items).targets)
        near.append(rows_of(liked, fans).targets)
    return np.unique(np.concatenate(near)).astype(np.int32)


def _known(numbers: Numbers) -> Numbers:
    return numbers[numbers >= 0]


def _touched(work: Work, kind: str, side: str, since: int) -> Numbers:
    values = {"kind": kind, "side": side, "since": since}
    return np.array(work.connection.execute(queries.TOUCHED, values).scalars().all(), np.int32)


def make_lists(work: Work, items: Numbers, count: Count | None) -> str:
    """Fill a table of an artifact with lists of all items, and name it; no count: no lists."""
    work.connection.execute(queries.make_table(work.artifact))
    if count is not None:
        _send(work, items, np.arange(len(items), dtype=np.int32), count, 0.9)
    work.connection.execute(queries.attach_table(work.artifact))
    return queries.table_of(work.artifact)


def usable_of(work: Work, catalog: Catalog, items: Numbers) -> Flags:
    """Mark the items that may still be shown."""
    statement = queries.offered_at(catalog, work.moment)
    ids = np.array(work.connection.execute(statement).scalars().all(), np.int32)
    return np.isin(items, ids)


def _send(work: Work, items: Numbers, due: Numbers, count: Count, done: float) -> None:
    driver = work.connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(queries.copy_lists(work.artifact)) as copy:
        copy.write(HEAD)
        for start in range(0, len(due), ROWS):
            some = due[start : start + ROWS]
            copy.write(_rows(work.artifact, items, some, count(some)).tobytes())
            work.progress(done + (0.95 - done) * (start + len(some)) / len(due))
        copy.write(TAIL)


def _rows(artifact: int, items: Numbers, some: Numbers, lists: Lists) -> NDArray[Any]:
    found, scores = lists
    row, place = np.nonzero(found >= 0)
    rows = np.zeros(len(row), LAYOUT)
    rows["columns"] = 5
    for name, size in (("artifact", 4), ("item", 4), ("rank", 4), ("other", 4), ("score", 8)):
        rows[f"bytes_{name}"] = size
    rows["artifact"], rows["item"], rows["rank"] = artifact, items[some[row]], place + 1
    rows["other"], rows["score"] = items[found[row, place]], scores[row, place]
    return rows


def _layout(**columns: str) -> np.dtype[Any]:
    fields: list[Any] = [("columns", ">i2")]
    for name, kind in columns.items():
        fields += [(f"bytes_{name}", ">i4"), (name, kind)]
    return np.dtype(fields)


LAYOUT = _layout(artifact=">i4", item=">i4", rank=">i4", other=">i4", score=">f8")
