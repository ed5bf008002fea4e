"""A page of tags: recall items, let them speak for their tags, fuse, leave out, cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ranking.asking import Request, Scenes, read_question
from ranking.pages import scene_of
from ranking.scenes import Exclude, Of, Scene
from ranking.tags import queries
from ranking.tags.summing import Owned, spoken_for, summed
from recall.blending import Snake
from recall.candidates import Candidates, Question, TagFinder
from recall.fusion import Found
from recall.gathering import Call, Dropped, gather
from weft.errors import BadRequest


@dataclass(frozen=True)
class TagPage:
    """Tags in order, items that speak for each, whether there are more, and who gave nothing."""

    tags: tuple[Found, ...]
    examples: Mapping[int, Sequence[int]]
    more: bool
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What channels found, and the tags of it."""

    question: Question
    candidates: tuple[Candidates, ...]
    owned: Owned
    dropped: tuple[Dropped, ...]


async def recommend_tags(database: AsyncEngine, scenes: Scenes, request: Request) -> TagPage:
    """Make one page; `shown` and `exclude` of the request are of tags."""
    scene = scene_of(scenes, request.scene)
    of = _of(scene, request.scene)
    heard = await _heard(database, scenes, scene, of, replace(request, shown=(), exclude=()))
    found = tuple(summed(some, heard.owned, of.next) for some in heard.candidates)
    async with database.connect() as connection:
        near = await _near(connection, scenes, scene, of, heard)
        ready = tuple(near.get(some.channel, some) for some in found)
        left_out = {*request.shown, *await _keyed(connection, request.exclude)}
        order = [one for one in _fused(scene, ready) if one.item not in left_out]
        page = tuple(order[: request.first])
        examples = await _examples(connection, scenes, of, heard, [one.item for one in page])
    return TagPage(page, examples, len(order) > request.first, heard.dropped)


def _of(scene: Scene, name: str) -> Of:
    if scene.of is None:
        raise BadRequest(f"scene '{name}' recommends items; ask `recommend`")
    return scene.of


async def _heard(
    database: AsyncEngine, scenes: Scenes, scene: Scene, of: Of, request: Request
) -> Heard:
    """Ask the channels; what somebody has seen or bought speaks for its tags too."""
    exclude = (scene.exclude or Exclude()).model_copy(update={"bought": None})
    scene = scene.model_copy(update={"seen": [], "exclude": exclude})
    async with database.connect() as connection:
        question = (await read_question(connection, scenes, scene, request)).question
    calls = [
        Call(
            name,
            scenes.finders[name],
            question,
            share.quota or of.depth,
            scenes.channels[name].deadline,
        )
        for name, share in scene.shares().items()
    ]
    gathered = await gather(database, calls)
    items = np.unique(np.concatenate([np.zeros(0, np.int32), *_items(gathered.candidates)]))
    async with database.connect() as connection:
        values = {"items": items.tolist(), "facet": of.facet}
        pairs = [tuple(row) for row in await connection.execute(queries.OWN_TAGS, values)]
    owned = Owned(*np.array(pairs, np.int32).reshape(-1, 2).T)
    return Heard(question, gathered.candidates, owned, gathered.dropped)


def _items(candidates: Sequence[Candidates]) -> list[np.ndarray]:
    return [some.items for some in candidates]


async def _near(
    connection: AsyncConnection, scenes: Scenes, scene: Scene, of: Of, heard: Heard
) -> dict[str, Candidates]:
    """Ask channels that find tags themselves, if what they know of who asks leads to any."""
    found = {}
    for name in (some.channel for some in heard.candidates):
        finder = scenes.finders[name]
        if isinstance(finder, TagFinder):
            some = await finder.find_tags(connection, heard.question, of.facet, of.depth)
            if len(some.items):
                found[name] = await _with_items(connection, scenes, heard.question, some)
    return found


async def _with_items(
    connection: AsyncConnection, scenes: Scenes, question: Question, found: Candidates
) -> Candidates:
    statement = queries.with_items(scenes.catalog, question)
    values = {"tags": found.items.tolist(), "left_out": list(question.leave_out)}
    some = (await connection.execute(statement, values)).scalars().all()
    kept = np.isin(found.items, some)
    return replace(found, items=found.items[kept], scores=found.scores[kept])


def _fused(scene: Scene, candidates: tuple[Candidates, ...]) -> list[Found]:
    weights = {name: share.weight for name, share in scene.shares().items()}
    top = sum(len(some.items) for some in candidates)
    return list((scene.fusion or Snake()).order(candidates, top, weights))


async def _keyed(connection: AsyncConnection, keys: Sequence[str]) -> tuple[int, ...]:
    if not keys:
        return ()
    return tuple((await connection.execute(queries.KEYED, {"keys": list(keys)})).scalars())


async def _examples(
    connection: AsyncConnection, scenes: Scenes, of: Of, heard: Heard, tags: list[int]
) -> dict[int, list[int]]:
    """Give the items that speak for each tag, or else the newest that have it."""
    found = spoken_for(heard.candidates, heard.owned, tags, of.examples)
    silent = [tag for tag, items in found.items() if not items]
    if silent and of.examples:
        values = {
            "tags": silent,
            "most": of.examples,
            "left_out": list(heard.question.leave_out),
        }
        statement = queries.newest_of(scenes.catalog, heard.question)
        for row in await connection.execute(statement, values):
            found[row.tag].append(row.item)
    return found
