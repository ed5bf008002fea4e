"""From a request to the question that channels are asked: who, when, what not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.where import EVERYTHING, All, Not, Test, Where, both, read_where
from ranking import queries
from ranking.experiments.standing import Experiments, no_experiments
from ranking.scenes import Exclude, Scene
from ranking.standing import Models, no_models
from recall.candidates import NOTHING, SILENT, Finder, History, Question, Said
from recall.channels.spec import Channel
from recall.histories import joined, read_history
from recall.quickly import rows_quickly

CLOCKS = timedelta(days=1)  # an event may carry a clock that is ahead of ours
BOUGHT = ("purchase",)


@dataclass(frozen=True)
class Request:
    """One request for recommendations; `page_one` is when its first page was asked for."""

    scene: str
    person: int | None
    first: int
    page_one: datetime
    shown: tuple[int, ...] = ()  # what the pages before have shown
    where: Where = EVERYTHING
    exclude: tuple[str, ...] = ()  # keys of items
    ahead: timedelta = CLOCKS  # what is dated later than this from now, nobody has seen
    said: Said = SILENT  # what it says itself of who asks
    session: str | None = None
    about: Mapping[str, object] | None = None  # what is stored of the person, where that is read


@dataclass(frozen=True)
class Scenes:
    """Everything of one release that pages are made from."""

    catalog: Catalog
    scenes: Mapping[str, Scene]
    channels: Mapping[str, Channel]
    finders: Mapping[str, Finder]
    positive: Mapping[str, float] = field(default_factory=dict)  # what counts as interest
    artifacts: Mapping[str, int] = field(default_factory=dict)
    models: Models = field(default_factory=no_models)
    experiments: Experiments = field(default_factory=no_experiments)


@dataclass(frozen=True)
class Asked:
    """A question, and the same for channels that may find what was seen or bought."""

    question: Question
    again: Question


async def read_question(
    connection: AsyncConnection, scenes: Scenes, scene: Scene, request: Request
) -> Asked:
    """Read what is known of the person, and what is not to be found."""
    exclude = scene.exclude or Exclude()
    words = await read_words(connection, request.person, request.said, request.about)
    banned = scene.rerank.banned() if scene.rerank else []
    listed = await _listed(connection, [*exclude.items, *banned, *request.exclude])
    own = _not_own(exclude, words)
    question = Question(
        scene=request.scene,
        person=request.person,
        moment=request.page_one,
        words={"scene": request.scene, **words},
        where=both(both(read_where(scene.where, scenes.catalog), request.where), own),
        leave_out=listed,
        history=await _history(connection, scenes, request),
        said=request.said,
    )
    seen = await _seen(connection, scene, request)
    bought = await _bought(connection, exclude, request)
    just_bought = _said(request, BOUGHT, CLOCKS)
    return Asked(
        replace(question, leave_out=tuple({*listed, *seen, *bought})),
        replace(question, leave_out=tuple({*listed, *just_bought})),
    )


def _not_own(exclude: Exclude, words: Mapping[str, str]) -> Where:
    """Refuse items that say of themselves what is said of the person."""
    pairs = ((item, words.get(f"person.{person}")) for item, person in exclude.own.items())
    tests = (Test(item, "eq", value) for item, value in pairs if value is not None)
    return All(tuple(Not(test) for test in tests))


async def _history(connection: AsyncConnection, scenes: Scenes, request: Request) -> History:
    """Join what is stored of a person and what the request says."""
    stored, person = NOTHING, request.person
    if person is not None:
        stored = await read_history(connection, person, scenes.positive, request.page_one)
    return joined(stored, request.said.deeds, scenes.positive)


async def read_words(
    connection: AsyncConnection,
    person: int | None,
    said: Said = SILENT,
    about: Mapping[str, object] | None = None,
) -> dict[str, str]:
    """Give the words that are known of somebody: those of the request before those stored."""
    known: dict[str, object] = dict(about or {})
    if person is not None and about is None:
        rows = await rows_quickly(connection, queries.PERSON, {"person": person})
        known = {} if not rows else {**rows[0][1], "key": rows[0][0]}
    known |= said.attributes
    return {f"person.{name}": value for name, value in known.items() if isinstance(value, str)}


async def _listed(connection: AsyncConnection, keys: Sequence[str]) -> tuple[int, ...]:
    if not keys:
        return ()
    return tuple((await connection.execute(queries.NAMED, {"keys": list(keys)})).scalars())


async def _seen(connection: AsyncConnection, scene: Scene, request: Request) -> tuple[int, ...]:
    if scene.forget is None:
        return ()
    return await _met(connection, request, scene.seen or (), scene.forget)


async def _bought(
    connection: AsyncConnection, exclude: Exclude, request: Request
) -> tuple[int, ...]:
    if exclude.bought is None:
        return ()
    return await _met(connection, request, BOUGHT, exclude.bought)


async def _met(
    connection: AsyncConnection, request: Request, kinds: Sequence[str], last: timedelta
) -> tuple[int, ...]:
    """Find what the person did something with; later pages leave out just what the first did."""
    said = _said(request, kinds, last)
    if request.person is None or not kinds:
        return said
    ahead = timedelta(0) if request.shown else request.ahead
    values = {
        "person": request.person,
        "kinds": list(kinds),
        "since": request.page_one - last,
        "until": request.page_one + ahead,
    }
    return (*said, *(await connection.execute(queries.SEEN, values)).scalars())


def _said(request: Request, kinds: Sequence[str], last: timedelta) -> tuple[int, ...]:
    """Give what the request says that somebody did something with."""
    since = (request.page_one - last).timestamp()
    deeds = (deed for deed in request.said.deeds if deed.kind in kinds)
    return tuple(deed.item for deed in deeds if deed.time > since)
