"""Events on their way from a request into the graph."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from api.spec import Spec
from graph.importing.declared import Declared, Outcome
from graph.importing.rows import load_rows


def keep_events(pool: Engine, spec: Spec, rows: Sequence[Mapping[str, Any]]) -> Outcome:
    """Keep events in a transaction of their own."""
    declared = Declared(spec.catalog, spec.events, spec.zone())
    with pool.begin() as connection:
        return load_rows(connection, "event", rows, declared)
