"""What the system knows of a person: what they did, what they like, and what models read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from graph.arrays.kinds import read_kinds
from graph.paths.hops import hop_from
from graph.paths.steps import both_ways
from ranking.asking import Scenes
from ranking.features.encoding import Encoding
from ranking.persons import queries
from ranking.persons.features import Read, features_of
from recall.candidates import History
from recall.channels.queries import TAGS_OF_ITEMS
from recall.histories import read_history
from recall.seeds import seeds_of
from recall.spaces.queries import vectors_of
from recall.spaces.spec import Space
from recall.spaces.steps import SPACE

HALF_LIFE, RECENT = timedelta(days=7), 50
TAGS = 20


@dataclass(frozen=True)
class Fond:
    """A tag that somebody likes: by edges of the graph, of that name; and how much."""

    edges: str
    tag: int
    weight: float


@dataclass(frozen=True)
class Placed:
    """Whether a space has a vector of a person, and a tower that makes one when they ask."""

    space: str
    vector: bool
    tower: bool


@dataclass(frozen=True)
class State:
    """All of it."""

    history: History  # the newest first
    interests: Mapping[str, float]  # key of a tag -> share of its facet
    fond: tuple[Fond, ...]
    features: tuple[Read, ...]
    spaces: tuple[Placed, ...]


async def state_of(
    database: AsyncEngine,
    scenes: Scenes,
    spaces: Mapping[str, Space],
    person: int,
    moment: datetime,
) -> State:
    """Read what is known of a person at a moment."""
    held = await scenes.models.hold(database)
    encodings = [model.encoding for model in held.models.values()]
    async with database.connect() as connection:
        history = await read_history(connection, person, scenes.positive, moment)
        return await connection.run_sync(_state, scenes, spaces, person, moment, history, encodings)


def _state(
    connection: Connection,
    scenes: Scenes,
    spaces: Mapping[str, Space],
    person: int,
    moment: datetime,
    history: History,
    encodings: list[Encoding],
) -> State:
    return State(
        history,
        _interests(connection, history, moment),
        _fond(connection, person),
        features_of(connection, encodings, person, moment),
        tuple(
            _placed(connection, scenes, name, space, person)
            for name, space in sorted(spaces.items())
        ),
    )


def _interests(connection: Connection, history: History, moment: datetime) -> dict[str, float]:
    items, weights = seeds_of(history, moment, HALF_LIFE, RECENT)
    values: dict[str, Any] = {"items": items.tolist(), "weights": weights.tolist()}
    values |= {"any_facet": True, "facets": [], "most": TAGS}
    return {row.key: row.weight for row in connection.execute(TAGS_OF_ITEMS, values)}


def _fond(connection: Connection, person: int) -> tuple[Fond, ...]:
    kinds = read_kinds(connection)
    steps = [s for s in both_ways(kinds) if (s.near, s.far) == ("person", "tag")] if kinds else []
    hops = hop_from(connection, kinds, steps, [("person", person)], TAGS)
    return tuple(
        Fond(hop.step.edges, tag, weight)
        for hop in hops
        for tag, weight in zip(hop.far.tolist(), hop.weights.tolist(), strict=True)
    )


def _placed(connection: Connection, scenes: Scenes, name: str, space: Space, person: int) -> Placed:
    tower = type(space).asker is not Space.asker
    artifact = scenes.artifacts.get(SPACE + name)
    if artifact is None:
        return Placed(name, False, tower)
    held = connection.execute(queries.HELD, {"table": vectors_of(artifact, "person")}).scalar_one()
    values = {"person": person}
    vector = held and connection.execute(queries.has_vector(artifact), values).scalar_one()
    return Placed(name, bool(vector), tower)
