"""Items on their way from a request into the graph, and into all that finds them.

What a request must find a moment later is done in the transaction that stores the item; what
weighs events, such as popularity, waits for the next build.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from api import queries
from api.placing import place_items
from api.reading import Texts, declared_of
from api.releases import Released
from api.spec import Spec, channels_around
from graph.edges.following import follow_items
from graph.edges.kind import KEYWORDS
from graph.importing.declared import Outcome
from graph.importing.queries import ids_of
from graph.importing.removing import Removed, remove_items
from graph.importing.rows import load_rows
from graph.locks import lock, soon
from graph.texts.holding import hold_keywords
from graph.texts.tagging import read_items
from weft.marks import add_mark
from weft.releases import Live, read_standing

MOST = 5_000  # items that a release takes in by itself; more wait for the next build


def keep_items(
    pool: Engine,
    texts: Texts,
    spec: Spec,
    released: Released | None,
    rows: Sequence[Mapping[str, Any]],
) -> Outcome:
    """Store items in one transaction, and let them be found; rows that are wrong are left out."""
    with pool.begin() as connection, soon(connection):
        outcome = load_rows(connection, "item", rows, declared_of(spec))
        standing = read_standing(connection)  # after the lock on items: no release comes between
        refused = {reject.line for reject in outcome.rejects}
        keys = [row["key"] for place, row in enumerate(rows) if place not in refused]
        items = [row.id for row in connection.execute(ids_of("item"), {"keys": keys})]
        connection.execute(queries.ARRIVE, {"items": items})
        for live in standing.releases if items else ():
            reads = live is standing.live  # tags of an item are the same for all
            take_in(connection, texts, _spec_of(live, released), live, items, reads)
    return outcome


def drop_items(pool: Engine, keys: Sequence[str]) -> Removed:
    """Take items out of the offer in one transaction."""
    with pool.begin() as connection, soon(connection):
        return remove_items(connection, keys)


def take_in(
    connection: Connection,
    texts: Texts,
    spec: Spec,
    live: Live,
    items: Sequence[int],
    reads: bool = True,
) -> None:
    """Read, tie, place and list items, so that every channel of a release finds them."""
    if spec.text is not None:
        reader = texts.reader(connection, spec, live.artifacts)
        if reads:
            add_mark(connection, "item_tag", read_items(connection, reader, items))
        if KEYWORDS in live.artifacts:
            hold_keywords(connection, live.artifacts[KEYWORDS], reader, items)
    if spec.graph is not None:
        follow_items(connection, dict(spec.graph.edges), live.artifacts, items)
    place_items(connection, spec, live, items)
    around = channels_around(spec)
    for name, channel in spec.recall.channels.items():
        artifact = live.artifacts.get(f"recall.{name}")
        if artifact is not None:
            channel.take_in(connection, artifact, around, items)


def catch_up(connection: Connection, spec: Spec, artifacts: Mapping[str, int]) -> int:
    """Take in what came or changed while artifacts were made, before they go live."""
    lock(connection, "item")  # whoever upserts waits, and finds the new release
    numbers = {"artifacts": list(artifacts.values()), "most": MOST}
    connection.execute(queries.FORGET_ARRIVED, {"keep": spec.keep.releases})
    items = connection.execute(queries.ARRIVED_SINCE, numbers).scalars().all()
    if items:
        take_in(connection, Texts(), spec, Live(0, {}, artifacts), items)
        add_mark(connection, "listed", len(items))  # who remembers lists reads them anew
    return len(items)


def _spec_of(live: Live, released: Released | None) -> Spec:
    if released is not None and released.number == live.release:
        return released.spec
    return Spec.model_validate(live.spec)
