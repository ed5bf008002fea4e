"""Tags, their labels and their place in the hierarchy."""

from functools import lru_cache

import orjson
import strawberry
from sqlalchemy import RowMapping

from api.graphql.access import entry
from api.graphql.connections import (
    Connection,
    Edge,
    check_first,
    page_info,
    read_cursor,
    write_cursor,
)
from api.graphql.context import Info
from api.graphql.loaders import Rows, read
from graph import queries

WRITTEN = 20_000


@strawberry.type
class TagLabel:
    """One way of naming a tag."""

    language: str
    kind: str = strawberry.field(description="preferred, synonym or hidden")
    text: str


@strawberry.type
class Tag:
    """A word of the taxonomy."""

    id: strawberry.Private[int]
    key: strawberry.ID
    facet: str
    revision: int = strawberry.field(
        description="Counts its edits; an edit says on which it is based."
    )
    retired: bool = strawberry.field(description="Whether it is out of use.")

    @strawberry.field(description="The preferred label, in this language if there is one.")
    async def label(self, info: Info, language: str | None = None) -> str:
        """Choose the label to show."""
        labels = [r for r in await info.context.loaders.labels.load(self.id) if _preferred(r)]
        labels.sort(key=lambda row: row["language"] != language)
        return labels[0]["text"] if labels else self.key

    @strawberry.field
    async def labels(self, info: Info, language: str | None = None) -> list[TagLabel]:
        """Give all labels, or those of one language."""
        rows = await info.context.loaders.labels.load(self.id)
        wanted = [row for row in rows if language in (None, row["language"])]
        return [TagLabel(language=r["language"], kind=r["kind"], text=r["text"]) for r in wanted]

    @strawberry.field
    async def broader(self, info: Info) -> "list[Tag]":
        """Give the tags directly above."""
        return tags_of(await info.context.loaders.broader.load(self.id))

    @strawberry.field
    async def narrower(self, info: Info, first: int = 100) -> "list[Tag]":
        """Give the tags directly below."""
        rows = await info.context.loaders.narrower.load(self.id)
        return tags_of(rows[: check_first(first)])

    @strawberry.field(description="Other tags that have to do with it; they say the same of it.")
    async def related(self, info: Info, first: int = 100) -> "list[Tag]":
        """Give the tags beside it."""
        rows = await info.context.loaders.related.load(self.id)
        return tags_of(rows[: check_first(first)])

    @strawberry.field(description="The keys that were merged into it; they mean this tag.")
    async def redirected_from(self, info: Info) -> list[strawberry.ID]:
        """Give the keys that redirect here."""
        rows = await info.context.loaders.merged.load(self.id)
        return [strawberry.ID(row["key"]) for row in rows]


def tag_of(row: RowMapping) -> Tag:
    """Make a tag of its row."""
    return Tag(
        id=row["id"],
        key=row["key"],
        facet=row["facet"],
        revision=row["revision"],
        retired=row["retired_at"] is not None,
    )


@lru_cache(WRITTEN)
def tag_written(text: str) -> Tag:
    """Make a tag of what `items_shown` writes of it: whatever is edited is another text."""
    identity, key, facet, revision, retired = orjson.loads(text)
    return Tag(id=identity, key=key, facet=facet, revision=revision, retired=retired)


def tags_of(rows: Rows) -> list[Tag]:
    """Make tags of their rows."""
    return [tag_of(row) for row in rows]


@strawberry.field(
    extensions=entry("reader"),
    description="Find a tag by its key, or by the key of one that was merged into it.",
)
async def tag(info: Info, key: strawberry.ID) -> Tag | None:
    """Find a tag by its key, or by the key of one that was merged into it."""
    row = await info.context.loaders.tags.load(key)
    return None if row is None else tag_of(row)


@strawberry.field(extensions=entry("reader"), description="List the tags in use, by key.")
async def tags(
    info: Info,
    facet: str | None = None,
    search: str | None = None,
    first: int = 20,
    after: str | None = None,
) -> Connection[Tag]:
    """List tags by key."""
    top = check_first(first)
    behind = None if after is None else read_cursor("tags", after, str)[0]
    wanted = None if search is None else search.casefold()
    database = info.context.databases.reading
    rows = await read(database, queries.list_tags(facet, wanted, behind, top + 1))

    async def count() -> int:
        return await _count(info, facet, wanted)

    edges = [Edge(cursor=write_cursor("tags", r["key"]), node=tag_of(r)) for r in rows[:top]]
    info_ = page_info([edge.cursor for edge in edges], len(rows) > top, after)
    return Connection(edges=edges, page_info=info_, count=count)


async def _count(info: Info, facet: str | None, search: str | None) -> int:
    rows = await read(info.context.databases.reading, queries.count_tags(facet, search))
    return int(rows[0]["count"])


def _preferred(row: RowMapping) -> bool:
    return bool(row["kind"] == "preferred")
