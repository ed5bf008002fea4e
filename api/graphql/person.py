"""Persons, and the key that asks."""

from datetime import datetime
from typing import Any

import strawberry
from sqlalchemy import RowMapping

from api.graphql.access import entry
from api.graphql.context import Info
from api.graphql.dynamic import make_class, optional, typed
from api.graphql.item import attribute_fields, attribute_values
from api.graphql.loaders import read
from graph import queries
from graph.catalog import Catalog


@strawberry.type
class AnyPerson:
    """What every person has, whatever the catalogue declares."""

    row: strawberry.Private[RowMapping]
    key: strawberry.ID
    added_at: datetime


@strawberry.type
class Me:
    """The key of this request."""

    name: str
    roles: list[str]


@strawberry.field(extensions=entry("reader"), description="The key of this request.")
async def me(info: Info) -> Me:
    """Tell whose key this is."""
    return Me(name=info.context.key.name, roles=list(info.context.key.roles))


def person_type(catalog: Catalog) -> type[AnyPerson]:
    """Make the type `Person`."""
    annotations, fields = attribute_fields(catalog.user)
    made = make_class("Person", AnyPerson, annotations, fields)
    return strawberry.type(made, description="Who visits.")


def person_field(made: type[AnyPerson], catalog: Catalog) -> Any:
    """Make the query `person`."""

    async def person(info: Info, key: strawberry.ID) -> Any:
        rows = await read(info.context.databases.reading, queries.person_by_key(catalog, key))
        return person_of(made, catalog, rows[0]) if rows else None

    resolver = typed(person, optional(made))
    return strawberry.field(resolver, extensions=entry("reader"), description="Find a person.")


def person_of(made: type[AnyPerson], catalog: Catalog, row: RowMapping) -> AnyPerson:
    """Make a person of their row."""
    values = attribute_values(catalog.user, row)
    return made(row=row, key=strawberry.ID(row["key"]), added_at=row["added_at"], **values)
