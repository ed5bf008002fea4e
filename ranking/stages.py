"""The stages of ranking: each sorts what the one before has left, within its time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from graph.graph import Floats
from ranking.features.asked import Asked, asked, without_items
from ranking.features.moments import moment_of
from ranking.features.rows import inputs_of, read
from ranking.objectives import Doubles
from ranking.ready import Ready
from ranking.rerank.moved import Moved
from ranking.scenes import Scene, Stage, StageName, stages_of
from ranking.sides import Sided, side_of
from ranking.standing import Held, Models, is_of_now
from recall.candidates import Question
from recall.fusion import Found, Hit
from recall.gathering import Dropped
from weft.errors import WeftError
from weft.logs import log

POOL = 5_000  # candidates that a first stage is given at most


@dataclass(frozen=True)
class Placed:
    """An item where it stands: what recall found, and what each stage thought of it."""

    found: Found
    stages: tuple[tuple[str, float], ...] = field(default=())  # the last one decided
    moved: Moved | None = None  # what re-ranking did, if it did anything

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


async def rank(
    database: AsyncEngine,
    models: Models,
    scene: Scene,
    question: Question,
    order: Sequence[Found],
) -> Ranked:
    """Sort by one stage after the other; where one fails, the order before it stands."""
    ranked, keep = Ranked(tuple(Placed(found) for found in order)), POOL
    for name, stage in stages_of(scene):
        given, keep = keep, stage.keep
        try:
            held = await models.hold(database)  # no deadline counts until it is loaded
            if stage.model not in held.models:
                continue  # it has learned nothing yet: the order before it stands
            async with asyncio.timeout(stage.deadline.total_seconds()):
                thinking = Thinking(database, held, stage, name)
                ranked = await _sorted(thinking, question, ranked, given)
        except (TimeoutError, SQLAlchemyError, WeftError) as error:
            ranked = replace(ranked, dropped=(*ranked.dropped, _dropped(name, error)))
    return ranked


@dataclass(frozen=True)
class Thinking:
    """A stage with everything that it needs."""

    database: AsyncEngine
    held: Held
    stage: Stage
    name: StageName

    @property
    def model(self) -> Ready:
        """Give the stage's model."""
        return self.held.models[self.stage.model]


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
        thought = await connection.run_sync(_thought, thinking, wanted)
    chances = await asyncio.to_thread(thought)
    return thinking.stage.objective.scores(chances, thinking.model.encoding.tasks)


def _thought(connection: Connection, thinking: Thinking, wanted: Asked) -> Callable[[], Floats]:
    """Read, and give what is left to be worked out."""
    model, held = thinking.model, thinking.held
    moment, scorer = moment_of(int(wanted.moments[0])), model.scorer
    now = is_of_now(held, moment)
    known = held.known if now else None
    if not isinstance(scorer, Sided):
        facts = read(connection, model.encoding, wanted, known)
        return lambda: scorer.score(inputs_of(model.encoding, facts))
    items = np.asarray(wanted.items, np.int64)
    side = held.sides[model.name] if now else None
    if side is None or len(side.missing(items)):
        side = side_of(connection, model.encoding, scorer, items, moment)
    facts, rows = read(connection, model.encoding, without_items(wanted), known), side.rows
    return lambda: scorer.score_among(
        inputs_of(model.encoding, facts).asks, rows, side.places(items)
    )


def _dropped(name: StageName, error: Exception) -> Dropped:
    reason: Literal["late", "failed"] = "late" if isinstance(error, TimeoutError) else "failed"
    log("ranking").warning("a stage was left out", stage=name, reason=reason, error=str(error))
    return Dropped(name, reason)
