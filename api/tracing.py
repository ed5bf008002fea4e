"""Traces: what was answered to whom is kept, and found again by its id."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from api import queries
from ranking.experiments.standing import Assigned
from ranking.stages import Placed
from recall.fusion import Found, Hit
from recall.gathering import Dropped
from recall.quickly import rows_quickly


@dataclass(frozen=True)
class Shown:
    """What stands on a page, place by place; tags where it is a page of these."""

    items: Sequence[int] = ()
    tags: Sequence[int] | None = None
    found_by: Sequence[Sequence[Hit]] = ()  # who decided comes first
    scores: Sequence[float] = ()
    stages: Sequence[Sequence[tuple[str, float]]] = ()


@dataclass(frozen=True)
class Answer:
    """A page as it is kept: which query, asked what, answered by which release."""

    query: str
    release: int
    moment: datetime
    shown: Shown
    scene: str = ""
    person: int | None = None
    question: Mapping[str, Any] = field(default_factory=dict)
    dropped: Sequence[Dropped] = ()
    arms: Sequence[Assigned] = ()  # of experiments
    unit: str | None = None  # who was in them


def shown_of(placed: Sequence[Placed]) -> Shown:
    """Give what stands on a page of items."""
    return Shown(
        items=[one.item for one in placed],
        found_by=[one.found_by for one in placed],
        scores=[one.score for one in placed],
        stages=[one.stages for one in placed],
    )


def shown_as_found(found: Sequence[Found]) -> Shown:
    """Give what stands on a page of items that no stage has ranked."""
    return Shown(
        items=[one.item for one in found],
        found_by=[one.found_by for one in found],
        scores=[one.score for one in found],
    )


async def keep(database: AsyncEngine, answer: Answer) -> str:
    """Keep an answer; give the id of its trace."""
    trace, shown = secrets.token_urlsafe(12), answer.shown
    question = {**answer.question, "moment": answer.moment.isoformat()}
    if answer.dropped:
        question["dropped"] = {one.channel: one.reason for one in answer.dropped}
    values = {
        "id": trace,
        "time": datetime.now(UTC),
        "scene": answer.scene,
        "person": answer.person,
        "release": answer.release,
        "question": _json(question),
        "items": list(shown.items),
        "tags": None if shown.tags is None else list(shown.tags),
        "channels": [hits[0].channel if hits else "" for hits in shown.found_by],
        "found_by": _json(
            [[(hit.channel, hit.rank, hit.score) for hit in hits] for hits in shown.found_by]
        ),
        "query": answer.query,
        "scores": _json(_scores(shown)),
        "unit": answer.unit if answer.arms else None,
        "arms": _json({one.experiment: one.arm for one in answer.arms}) if answer.arms else None,
    }
    async with database.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await rows_quickly(connection, queries.INSERT_TRACE, values)
    return trace


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def _scores(shown: Shown) -> list[list[Any]]:
    stages = shown.stages or [()] * len(shown.scores)
    return [[score, *map(list, own)] for score, own in zip(shown.scores, stages, strict=True)]
