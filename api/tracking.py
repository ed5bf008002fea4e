"""Events on their way from a request into the graph: kept once, and not lost once acknowledged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api.reading import declared_of
from api.spec import Spec
from api.stitching import stitch
from graph.formats.chunks import Reject
from graph.importing.events import FEW
from graph.importing.rows import load_rows
from weft.logs import log

Event = Mapping[str, Any]
MOST = FEW  # events that are kept together, and told one by one


@dataclass(frozen=True)
class Kept:
    """What became of events: how many are new, known already, and kept with a trace that is not
    theirs; and which were refused, by their place from 0.
    """

    accepted: int
    known: int
    strays: int
    rejects: tuple[Reject, ...]


def keep_events(pool: Engine, spec: Spec, calls: Sequence[Sequence[Event]]) -> list[Kept]:
    """Keep the events of several calls in one transaction; tell each call of its own.

    They are acknowledged after it is committed. A connection that breaks may have committed or
    not. Every event has an id, or one that follows from what it says; so all are sent once more
    on a fresh connection, and none is kept twice.
    """
    try:
        return _keep(pool, spec, calls)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        log("tracking").warning("the connection broke; once more", exc_info=error)
        return _keep(pool, spec, calls)


def _keep(pool: Engine, spec: Spec, calls: Sequence[Sequence[Event]]) -> list[Kept]:
    rows = [row for call in calls for row in call]
    with pool.begin() as connection:
        stitched = stitch(connection, rows)
        outcome = load_rows(connection, "event", stitched.rows, declared_of(spec))
    refused = {reject.line: reject for reject in outcome.rejects}
    fresh = outcome.fresh or frozenset()
    strays = stitched.strays & fresh
    told, first = [], 0
    for call in calls:
        places = range(first, first + len(call))
        rejects = [replace(refused[n], line=n - first) for n in places if n in refused]
        accepted, astray = (sum(n in some for n in places) for some in (fresh, strays))
        known = len(call) - accepted - len(rejects)
        told.append(Kept(accepted, known, astray, tuple(rejects)))
        first += len(call)
    return told
