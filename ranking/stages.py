"""The stages of ranking: each sorts what the one before has left, within its time."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from graph.graph import Floats
from ranking.examples import Longs
from ranking.features.asked import Asked, asked, without_items
from ranking.features.facts import Askers, read_askers
from ranking.features.moments import moment_of
from ranking.features.rows import inputs_of, read
from ranking.material import Material, Met, think
from ranking.objectives import Doubles
from ranking.ready import Ready
from ranking.rerank.moved import Moved
from ranking.scenes import Scene, Stage, StageName, stages_of
from ranking.seen import Thought
from ranking.sides import Sided, side_of
from ranking.standing import Held, Models, is_of_now
from recall.candidates import Question
from recall.fusion import Found, Hit, Order
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

    fused: Order
    places: Longs  # (found,) where fusion has each, the best first
    said: Mapping[str, Doubles] = field(default_factory=dict)  # (found,) each; NaN: not asked
    dropped: tuple[Dropped, ...] = ()
    thoughts: tuple[Thought, ...] = ()  # of each stage that answered: references, no copies

    @property
    def items(self) -> NDArray[np.int32]:
        """Give the items in order."""
        return self.fused.items[self.places]

    @property
    def scores(self) -> Doubles:
        """Give what decided about each, in order: the last stage, or else fusion."""
        scores = self.fused.scores[self.places]
        for said in self.said.values():
            scores = np.where(np.isnan(said[self.places]), scores, said[self.places])
        return scores

    def __getitem__(self, place: int) -> Placed:
        """Give the item that stands somewhere."""
        at = int(self.places[place])
        said = ((name, float(scores[at])) for name, scores in self.said.items())
        return Placed(self.fused[at], tuple(one for one in said if not np.isnan(one[1])))

    def sorted_by(self, name: str, scores: Doubles, *thoughts: Thought) -> "Ranked":
        """Sort the first ones by what a stage thinks of them; what is behind stays behind."""
        first, rest = self.places[: len(scores)], self.places[len(scores) :]
        said = np.full(len(self.fused), np.nan)
        said[first] = scores
        places = np.concatenate([first[np.argsort(-scores, kind="stable")], rest])
        known = (*self.thoughts, *thoughts)
        return replace(self, places=places, said={**self.said, name: said}, thoughts=known)


def unsorted(order: Order) -> Ranked:
    """Give what was recalled as fusion has it."""
    return Ranked(order, np.arange(len(order)))


async def read_ahead(
    database: AsyncEngine, models: Models, scene: Scene, wanted: Asked
) -> Askers | None:
    """Read who asks once for all stages, while candidates are looked for."""
    stages = [stage for _, stage in stages_of(scene)]
    if not stages:
        return None
    names = {stage.model for stage in stages}
    patience = max(stage.deadline for stage in stages).total_seconds()
    try:
        held = (await models.hold(database)).models
        encodings = [held[name].encoding for name in sorted(names & held.keys())]
        features = {name: f for encoding in encodings for name, f in encoding.features.items()}
        async with asyncio.timeout(patience), database.connect() as connection:
            return await connection.run_sync(read_askers, features, wanted)
    except (TimeoutError, SQLAlchemyError, WeftError):
        return None  # each stage reads for itself, and says what is wrong


async def rank(
    database: AsyncEngine,
    models: Models,
    scene: Scene,
    question: Question,
    order: Order,
    askers: Askers | None = None,
) -> Ranked:
    """Sort by one stage after the other; where one fails, the order before it stands."""
    ranked, keep = unsorted(order), POOL
    for name, stage in stages_of(scene):
        given, keep = keep, stage.keep
        try:
            held = await models.hold(database)  # no deadline counts until it is loaded
            if stage.model not in held.models:
                continue  # it has learned nothing yet: the order before it stands
            async with asyncio.timeout(stage.deadline.total_seconds()):
                thinking = Thinking(database, held, stage, name, askers)
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
    askers: Askers | None

    @property
    def model(self) -> Ready:
        """Give the stage's model."""
        return self.held.models[self.stage.model]


async def _sorted(thinking: Thinking, question: Question, ranked: Ranked, keep: int) -> Ranked:
    """Sort the first ones anew."""
    items = ranked.items[:keep]
    wanted = asked(question.person, question.scene, question.moment, items, question.said)
    if not len(items):
        return ranked.sorted_by(thinking.name, np.zeros(0))
    thought = await _thought(thinking, wanted, items)
    return ranked.sorted_by(thinking.name, thought.scores, thought)


async def _thought(thinking: Thinking, wanted: Asked, items: NDArray[np.int32]) -> Thought:
    """Read what the model needs, then think in a thread: the loop has others to serve."""
    model = thinking.model
    async with thinking.database.connect() as connection:
        make = await connection.run_sync(_reading, thinking, wanted)

    def rest() -> tuple[Material, Floats]:
        material = make()
        return material, think(model.scorer, material)

    material, chances = await asyncio.to_thread(rest)
    objective = thinking.stage.objective
    scores = objective.scores(chances, model.encoding.tasks)
    return Thought(thinking.name, model, items, material, chances, scores, objective)


def _reading(connection: Connection, thinking: Thinking, wanted: Asked) -> Callable[[], Material]:
    """Read, and give what is left to be worked out."""
    model, held = thinking.model, thinking.held
    moment, scorer = moment_of(int(wanted.moments[0])), model.scorer
    now = is_of_now(held, moment)
    known = held.known if now else None
    if not isinstance(scorer, Sided):
        facts = read(connection, model.encoding, wanted, known, thinking.askers)
        return lambda: inputs_of(model.encoding, facts)
    items = np.asarray(wanted.items, np.int64)
    side = held.sides[model.name] if now else None
    missing = items if side is None else side.missing(items)
    if len(missing):
        more = side_of(connection, model.encoding, scorer, missing, moment)
        side = more if side is None else side.with_others(more)
    assert side is not None
    rows, alone = side.of(items), without_items(wanted)
    facts = read(connection, model.encoding, alone, known, thinking.askers)
    return lambda: Met(inputs_of(model.encoding, facts).asks, rows, np.arange(len(rows)))


def _dropped(name: StageName, error: Exception) -> Dropped:
    reason: Literal["late", "failed"] = "late" if isinstance(error, TimeoutError) else "failed"
    log("ranking").warning("a stage was left out", stage=name, reason=reason, error=str(error))
    return Dropped(name, reason)
