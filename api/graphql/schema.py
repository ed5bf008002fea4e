"""The schema: every subject's fields, typed from the catalogue."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.printer import print_schema
from strawberry.tools import create_type

from api.graphql.annotate import annotate
from api.graphql.executing import Executor
from api.graphql.filters import filter_type
from api.graphql.guards import GUARDS
from api.graphql.history import taxonomy_history
from api.graphql.item import item_field, item_type, items_field
from api.graphql.orders import order_type
from api.graphql.person import me, person_field, person_type
from api.graphql.person_state import person_state_field
from api.graphql.read_query import query_reading
from api.graphql.recommend import recommend_field
from api.graphql.recommend_tags import recommend_tags_field
from api.graphql.related import related_keywords, related_tags
from api.graphql.search import search_field
from api.graphql.session import context_type
from api.graphql.similar import similar_field
from api.graphql.tag import tag, tags
from api.graphql.taxonomy import MUTATIONS
from api.graphql.trace import trace_field
from api.graphql.track import track
from api.graphql.upsert import remove_items, upsert_field
from api.graphql.version import version
from api.graphql.watching import build_progress, release_changes
from graph.catalog import Catalog

HEARD = "What can be listened to, over graphql-transport-ws."


class Schema(strawberry.Schema):
    """A schema whose errors are logged where they are shown, once."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Leave the log to `api.graphql.errors`."""


def build_schema(catalog: Catalog) -> Schema:
    """Build the schema of a catalogue."""
    item, filters, orders = item_type(catalog), filter_type(catalog), order_type(catalog)
    context, person = context_type(catalog), person_type(catalog)
    fields = [
        recommend_field(item, catalog, filters, context),
        recommend_tags_field(item, catalog, filters, context),
        similar_field(item, catalog, filters),
        search_field(item, catalog, filters),
        item_field(item, catalog),
        items_field(item, catalog, filters, orders),
        tag,
        tags,
        related_tags,
        related_keywords,
        taxonomy_history,
        annotate,
        query_reading,
        person_field(person, catalog),
        person_state_field(person, item, catalog),
        trace_field(item),
        me,
        version,
    ]
    query = create_type("Query", fields, description="What can be asked.")
    told = [track, upsert_field(catalog), remove_items, *MUTATIONS]
    mutation = create_type("Mutation", told, description="What can be told.")
    heard = create_type("Subscription", [build_progress, release_changes], description=HEARD)
    return Schema(
        query=query,
        mutation=mutation,
        subscription=heard,
        extensions=GUARDS,
        execution_context_class=Executor,
    )


def printed(catalog: Catalog) -> str:
    """Print the schema of a catalogue."""
    return print_schema(build_schema(catalog)) + "\n"
