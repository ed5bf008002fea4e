"""The stages of ranking: each sorts what the one before has left, within its time."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import numpy as np
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graph.graph import Floats
from ranking.features.asked import Asked, asked, without_items
from ranking.features.moments import moment_of
from ranking.features.rows import inputs_of, read
from ranking.objectives import Doubles
from ranking.ready import Ready
from ranking.scenes import Scene, Stage
from ranking.sides import Sided
from ranking.standing import Models
from recall.candidates import Question
from recall.fusion import Found, Hit
from recall.gathering import Dropped
from weft.errors import NotFound
from weft.logs import log

StageName = Literal["coarse", "fine"]
POOL = 5_000  # candidates that a first stage is given at most


@dataclass(frozen=True)
class Placed:
    """An item where it stands: what recall found, and what each stage thought of it."""

    found: Found
    stages: tuple[tuple[str, float], ...] = field(default=())  # the last one decided

    @property
    def item(self) -> int:
        """Give its id."""
        return self.found.item

    @property
    def channel(self) -> str:
        """Name the channel that decided in recall."""
        return self.found.channel

    @property
    def found_by(self) -> tuple[Hit, ...]:
        """Give all channels that found it."""
        return self.found.found_by

    @property
    def score(self) -> float:
        """Give what decided: the last stage, or else fusion."""
        return self.stages[-1][1] if self.stages else self.found.score


@dataclass(frozen=True)
class Ranked:
    """What was recalled, in the order of the last stage that answered; and who did not."""

    order: tuple[Placed, ...]
    dropped: tuple[Dropped, ...] = ()


def stages_of(scene: Scene) -> Iterator[tuple[StageName, Stage]]:
    """Give the stages of a scene in turn."""
    if scene.coarse is not None:
        yield "coarse", scene.coarse
    if scene.fine is not None:
        yield "fine", scene.fine


async def rank(
    database: AsyncEngine,
    models: Models,
    scene: Scene,
    question: Question,
    order: Sequence[Found],
) -> Ranked:
    """Sort by one stage after the other; where one fails, the order before it stands."""
    ranked = Ranked(tuple(Placed(found) for found in order))
    keep = POOL
    for name, stage in stages_of(scene):
        given, keep = keep, stage.keep
        try:
            ready = await _ready(database, models, stage.model, question.moment)
            async with asyncio.timeout(stage.deadline.total_seconds()):
                thinking = Thinking(database, models, ready, stage, name)
                ranked = await _sorted(thinking, question, ranked, given)
        except NotFound:
            continue  # it has learned nothing yet: the order before it stands
        except (TimeoutError, OperationalError) as error:
            ranked = replace(ranked, dropped=(*ranked.dropped, _dropped(name, error)))
    return ranked


@dataclass(frozen=True)
class Thinking:
    """A stage with everything that it needs."""

    database: AsyncEngine
    models: Models
    ready: Ready
    stage: Stage
    name: StageName


async def _ready(database: AsyncEngine, models: Models, name: str, moment: datetime) -> Ready:
    """Give a model; who comes first waits until it is loaded, and no deadline counts that."""
    if name in models.loaded:
        return models.loaded[name]
    async with database.connect() as connection:
        return await models.prepare(connection, name, moment)


async def _sorted(thinking: Thinking, question: Question, ranked: Ranked, keep: int) -> Ranked:
    """Sort the first ones anew; what is behind them stays behind."""
    first, rest = ranked.order[:keep], ranked.order[keep:]
    items = np.array([placed.item for placed in first], np.int64)
    wanted = asked(question.person, question.scene, question.moment, items)
    scores = await _scores(thinking, wanted) if len(first) else np.zeros(0)
    order = np.argsort(-scores, kind="stable")
    said = [(thinking.name, score) for score in scores.tolist()]
    told = (replace(first[n], stages=(*first[n].stages, said[n])) for n in order.tolist())
    return Ranked((*told, *rest), ranked.dropped)


async def _scores(thinking: Thinking, wanted: Asked) -> Doubles:
    """Read what the model needs, then think in a thread: the loop has others to serve."""
    async with thinking.database.connect() as connection:
        thought = await _thought(connection, thinking.models, thinking.ready, wanted)
    chances = await asyncio.to_thread(thought)
    return thinking.stage.objective.scores(chances, thinking.ready.encoding.tasks)


async def _thought(
    connection: AsyncConnection, models: Models, ready: Ready, wanted: Asked
) -> Callable[[], Floats]:
    """Read, and give what is left to be worked out."""
    scorer, encoding, moment = ready.scorer, ready.encoding, moment_of(int(wanted.moments[0]))
    known = await models.known(connection, moment)
    if not isinstance(scorer, Sided):
        facts = await connection.run_sync(read, encoding, wanted, known)
        return lambda: scorer.score(inputs_of(encoding, facts))
    items = np.asarray(wanted.items, np.int64)
    side = await models.side(connection, ready, items, moment)
    facts = await connection.run_sync(read, encoding, without_items(wanted), known)
    return lambda: scorer.score_among(
        inputs_of(encoding, facts).asks, side.rows, side.places(items)
    )


def _dropped(name: StageName, error: Exception) -> Dropped:
    reason: Literal["late", "failed"] = "late" if isinstance(error, TimeoutError) else "failed"
    log("ranking").warning("a stage was left out", stage=name, reason=reason, error=str(error))
    return Dropped(name, reason)
