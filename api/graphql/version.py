"""What is running here."""

import strawberry

import weft
from api import queries
from api.graphql.access import entry
from api.graphql.context import Info


@strawberry.type
class Version:
    """What is running here."""

    weft: str
    release: int | None = strawberry.field(description="The live release, if there is one.")
    spec: str = strawberry.field(description="The name of the spec.")
    postgres: str
    pgvector: str


@strawberry.field(extensions=entry("reader"), description="What is running here.")
async def version(info: Info) -> Version:
    """Ask the server and the release."""
    async with info.context.databases.reading.connect() as connection:
        row = (await connection.execute(queries.VERSIONS)).one()
    released = info.context.released
    return Version(
        weft=weft.__version__,
        release=None if released is None else released.number,
        spec=info.context.spec.name,
        postgres=row.postgres,
        pgvector=row.pgvector,
    )
