"""What has to do with a tag or a keyword."""

import asyncio
from typing import Any

import strawberry
from sqlalchemy import Connection

from api.graphql.access import entry
from api.graphql.connections import check_first
from api.graphql.context import Info
from api.graphql.read_query import Keyword
from api.graphql.tag import Tag, tag_of
from api.releases import Released
from graph.paths.nodes import Place
from graph.texts.asked import known_keywords
from nlp.normal import normal
from recall.related.finding import Reason, Related, Wanted, related
from recall.related.queries import KEYWORDS
from recall.spaces.steps import SPACE
from weft.errors import BadRequest, NotFound, Unavailable

LONGEST = 200


@strawberry.type
class RelationReason:
    """Why two have to do with each other."""

    kind: str = strawberry.field(
        description="`broader`, `narrower` or `related` of the taxonomy, the name of edges of the "
        "graph, or `space` and the name of one."
    )
    weight: float = strawberry.field(description="Of the edges or, in a space, the cosine.")


@strawberry.type
class RelatedTag:
    """A tag that has to do with another."""

    tag: Tag
    score: float = strawberry.field(description="Up to 1 for each reason, added up.")
    reasons: list[RelationReason]


@strawberry.type
class RelatedKeyword:
    """A keyword that has to do with another or with a tag."""

    keyword: Keyword
    score: float = strawberry.field(description="Up to 1 for each reason, added up.")
    reasons: list[RelationReason]


@strawberry.field(
    name="relatedTags",
    extensions=entry("reader"),
    description="Tags that have to do with a tag, and why: the taxonomy, edges, spaces.",
)
async def related_tags(info: Info, tag: strawberry.ID, first: int = 20) -> list[RelatedTag]:
    """Find tags in use."""
    top, number = check_first(first), await _tag(info, tag)
    found = await asyncio.to_thread(_found, info, ("tag", number), "tag", top)
    rows = await info.context.loaders.tags_by_id.load_many([one.node for one in found])
    return [
        RelatedTag(tag=tag_of(row), score=one.score, reasons=_reasons(one.reasons))
        for one, row in zip(found, rows, strict=True)
        if row is not None
    ]


@strawberry.field(
    name="relatedKeywords",
    extensions=entry("reader"),
    description="Keywords that have to do with a keyword or with a tag, and why.",
)
async def related_keywords(
    info: Info,
    keyword: str | None = None,
    tag: strawberry.ID | None = None,
    first: int = 20,
) -> list[RelatedKeyword]:
    """Find keywords of the live release."""
    top, released = check_first(first), _released(info)
    if (keyword is None) == (tag is None):
        raise BadRequest("either `keyword` or `tag` is needed, and not both")
    if released.spec.text is None or released.spec.text.keywords is None:
        raise BadRequest("the spec has no section `text.keywords`, so there are no keywords")
    if tag is not None:
        place = ("tag", await _tag(info, tag))
    else:
        place = ("keyword", await asyncio.to_thread(_keyword, info, keyword or ""))
    return await asyncio.to_thread(_keywords, info, place, top)


async def _tag(info: Info, key: str) -> int:
    row = await info.context.loaders.tags.load(key)
    if row is None:
        raise NotFound(f"there is no tag '{key}'")
    return int(row["id"])


def _released(info: Info) -> Released:
    if info.context.released is None:
        raise Unavailable("nothing is released yet; run `weft apply`")
    return info.context.released


def _keyword(info: Info, typed: str) -> int:
    """Find the keyword that somebody means, in whatever form."""
    word = normal(typed)
    if not word or len(word) > LONGEST:
        raise BadRequest(f"keyword: 1 to {LONGEST} characters are needed")
    with info.context.databases.loading.begin() as connection:
        known = known_keywords(connection, [word])
    if word not in known:
        raise NotFound(f"the live release knows no keyword '{typed}'")
    return known[word].id


def _found(info: Info, place: Place, wanted: Wanted, top: int) -> tuple[Related, ...]:
    with info.context.databases.loading.begin() as connection:
        return _related(connection, _released(info), place, wanted, top)


def _related(
    connection: Connection, released: Released, place: Place, wanted: Wanted, top: int
) -> tuple[Related, ...]:
    artifacts = released.scenes.artifacts
    spaces = {n: artifacts[SPACE + n] for n in released.spec.spaces if SPACE + n in artifacts}
    return related(connection, place, wanted, spaces, top)


def _keywords(info: Info, place: Place, top: int) -> list[RelatedKeyword]:
    with info.context.databases.loading.begin() as connection:
        found = _related(connection, _released(info), place, "keyword", top)
        rows = connection.execute(KEYWORDS, {"nodes": [one.node for one in found]}).mappings()
        known: dict[int, Any] = {row["id"]: row for row in rows}
    return [
        RelatedKeyword(
            keyword=Keyword(**known[one.node]), score=one.score, reasons=_reasons(one.reasons)
        )
        for one in found
        if one.node in known
    ]


def _reasons(reasons: tuple[Reason, ...]) -> list[RelationReason]:
    return [RelationReason(kind=one.kind, weight=one.weight) for one in reasons]
