"""What one process serves: one release from the start of a request to its end."""

from dataclasses import dataclass

import strawberry

from api.graphql.schema import build_schema
from api.guards.documents import Documents
from api.releases import Released, make_ready
from api.spec import Spec
from weft.releases import Live


@dataclass(frozen=True)
class Serving:
    """A spec with its schema, and the release it came with; before the first there is none."""

    spec: Spec
    schema: strawberry.Schema
    documents: Documents
    released: Released | None = None


def serve_spec(spec: Spec) -> Serving:
    """Serve the catalogue of a spec, without recommendations."""
    return Serving(spec, *_schema(spec))


def serve_release(live: Live, before: Serving) -> Serving:
    """Serve a release; the schema stays where the catalogue stays."""
    released = make_ready(live)
    same = released.spec.catalog == before.spec.catalog
    made = (before.schema, before.documents) if same else _schema(released.spec)
    return Serving(released.spec, *made, released)


def _schema(spec: Spec) -> tuple[strawberry.Schema, Documents]:
    schema = build_schema(spec.catalog)
    return schema, Documents(schema._schema)
