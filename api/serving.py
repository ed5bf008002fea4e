"""What one process serves: one release from the start of a request to its end."""

from dataclasses import dataclass

import strawberry

from api.graphql.schema import build_schema
from api.releases import Released, make_ready
from api.spec import Spec
from weft.releases import Live


@dataclass(frozen=True)
class Serving:
    """A spec with its schema, and the release it came with; before the first there is none."""

    spec: Spec
    schema: strawberry.Schema
    released: Released | None = None


def serve_spec(spec: Spec) -> Serving:
    """Serve the catalogue of a spec, without recommendations."""
    return Serving(spec, build_schema(spec.catalog))


def serve_release(live: Live, before: Serving) -> Serving:
    """Serve a release; the schema stays where the catalogue stays."""
    released = make_ready(live)
    same = released.spec.catalog == before.spec.catalog
    schema = before.schema if same else build_schema(released.spec.catalog)
    return Serving(released.spec, schema, released)
