"""What one process serves: one release from the start of a request to its end.

While there is a canary, who asks decides which of two it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import strawberry

from api.graphql.schema import build_schema
from api.guards.documents import Documents
from api.releases import Released, Trial, make_ready
from api.spec import Spec
from weft.releases import Standing


@dataclass(frozen=True)
class Serving:
    """A spec with its schema, and the release it came with; before the first there is none."""

    spec: Spec
    schema: strawberry.Schema
    documents: Documents
    released: Released | None = None
    trial: Trial | None = None

    @property
    def releases(self) -> tuple[Released, ...]:
        """Give all that is read of."""
        both = (self.released, self.trial.released if self.trial else None)
        return tuple(one for one in both if one is not None)


def serve_spec(spec: Spec) -> Serving:
    """Serve the catalogue of a spec, without recommendations."""
    return Serving(spec, *_schema(spec))


def serve(standing: Standing, before: Serving, ready: Mapping[int, Released]) -> Serving:
    """Serve what stands; what is ready stays so, and the schema where the catalogue stays."""
    live = standing.live
    if live is None:
        return before
    released = ready.get(live.release) or make_ready(live, before.released)
    same = released.spec.catalog == before.spec.catalog
    made = (before.schema, before.documents) if same else _schema(released.spec)
    return Serving(released.spec, *made, released, _trial(standing, ready, released))


def _trial(standing: Standing, ready: Mapping[int, Released], beside: Released) -> Trial | None:
    canary = standing.canary
    if canary is None:
        return None
    found = ready.get(canary.release.release) or make_ready(canary.release, beside)
    return Trial(found, canary.share)


def _schema(spec: Spec) -> tuple[strawberry.Schema, Documents]:
    schema = build_schema(spec.catalog)
    return schema, Documents(schema._schema)
