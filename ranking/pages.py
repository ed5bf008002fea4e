"""From a request to a page: recall, leave out what was seen, order, cut."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.where import EVERYTHING, Where, both, read_where
from ranking import queries
from ranking.scenes import Scene, filled
from recall.candidates import NOTHING, Finder, History, Question
from recall.fusion import Found, snake
from recall.histories import read_history
from weft.errors import NotFound
from weft.spec import unknown

CLOCKS = timedelta(days=1)  # an event may carry a clock that is ahead of ours


@dataclass(frozen=True)
class Request:
    """One request for recommendations; `page_one` is when its first page was asked for."""

    scene: str
    person: int | None
    first: int
    page_one: datetime
    offset: int = 0
    where: Where = EVERYTHING


@dataclass(frozen=True)
class Page:
    """Items in order, and whether there are more."""

    items: tuple[Found, ...]
    more: bool


@dataclass(frozen=True)
class Scenes:
    """Everything of one release that pages are made from."""

    catalog: Catalog
    scenes: Mapping[str, Scene]
    finders: Mapping[str, Finder]
    positive: Mapping[str, float] = field(default_factory=dict)  # what counts as interest


async def recommend(connection: AsyncConnection, scenes: Scenes, request: Request) -> Page:
    """Make one page; pages of one request fit together without gaps or repeats."""
    scene = scene_of(scenes, request.scene)
    question = await question_of(connection, scenes, scene, request)
    top = request.offset + request.first + 1
    found = [
        await scenes.finders[name].find(connection, question, top) for name in scene.recall or []
    ]
    order = snake(found, top)
    return Page(order[request.offset : top - 1], len(order) == top)


def scene_of(scenes: Scenes, name: str) -> Scene:
    """Give a scene with everything that it inherits."""
    if name not in scenes.scenes:
        raise NotFound(unknown("scene", name, scenes.scenes))
    return filled(scenes.scenes, name)


async def question_of(
    connection: AsyncConnection,
    scenes: Scenes,
    scene: Scene,
    request: Request,
    ahead: timedelta = CLOCKS,
) -> Question:
    """Say who asks for what, and when; events from `ahead` of the moment count as seen, too."""
    return Question(
        scene=request.scene,
        person=request.person,
        moment=request.page_one,
        words={"scene": request.scene, **await _words(connection, request.person)},
        where=both(read_where(scene.where, scenes.catalog), request.where),
        leave_out=await _seen(connection, scene, request, ahead),
        history=await _history(connection, scenes, request),
    )


async def _history(connection: AsyncConnection, scenes: Scenes, request: Request) -> History:
    if request.person is None:
        return NOTHING
    return await read_history(connection, request.person, scenes.positive, request.page_one)


async def _words(connection: AsyncConnection, person: int | None) -> dict[str, str]:
    if person is None:
        return {}
    attributes = (await connection.execute(queries.PERSON, {"person": person})).scalar() or {}
    return {f"person.{name}": value for name, value in attributes.items() if isinstance(value, str)}


async def _seen(
    connection: AsyncConnection, scene: Scene, request: Request, ahead: timedelta
) -> tuple[int, ...]:
    """Find what the person has seen; later pages leave out just what the first one did."""
    if request.person is None or not scene.seen or scene.forget is None:
        return ()
    ahead = timedelta(0) if request.offset else ahead
    values = {
        "person": request.person,
        "kinds": scene.seen,
        "since": request.page_one - scene.forget,
        "until": request.page_one + ahead,
    }
    return tuple((await connection.execute(queries.SEEN, values)).scalars())
