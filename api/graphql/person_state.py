"""What the system knows of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import strawberry

from api.graphql.access import entry
from api.graphql.arms import ExperimentArm, arms_told
from api.graphql.context import Info
from api.graphql.dynamic import list_of, make_class, optional, typed
from api.graphql.item import AnyItem, item_of
from api.graphql.loaders import read
from api.graphql.person import AnyPerson, person_of
from api.graphql.tag import Tag, tag_of
from api.graphql.traced import number_of, release_for
from api.releases import Released
from graph import queries
from graph.catalog import Catalog
from ranking.experiments.allotting import unit_of
from ranking.experiments.standing import Assigned
from ranking.persons.state import State, state_of

Here = tuple[Released, tuple[Assigned, ...]]


@strawberry.type
class PersonFeature:
    """A feature of a person, as models read it."""

    name: str
    type: str = strawberry.field(description="As the spec has it, such as `word` or `past`.")
    values: list[str] = strawberry.field(description="None: it is missing.")
    known: bool = strawberry.field(description="Whether models have met such a value.")


@strawberry.type
class Interest:
    """A tag of what somebody did of late."""

    tag: Tag
    weight: float = strawberry.field(description="Its share of all of its facet.")


@strawberry.type
class InterestTag:
    """A tag that edges of the graph tie to a person."""

    tag: Tag
    edges: str = strawberry.field(description="The name of these edges.")
    weight: float


@strawberry.type
class PersonSpace:
    """A space, and what it knows of a person."""

    name: str
    vector: bool = strawberry.field(description="Whether it holds a vector of the person.")
    tower: bool = strawberry.field(description="Whether it makes one of what they did.")


@strawberry.type
class AnyDeed:
    """What is known of something that somebody did."""

    kind: str
    time: datetime
    weight: float = strawberry.field(description="As `events.positive` has it.")


@strawberry.type
class AnyPersonState:
    """What is known of a person, whatever the catalogue declares."""

    features: list[PersonFeature]
    interests: list[Interest] = strawberry.field(description="Tags of what they did of late.")
    interest_tags: list[InterestTag] = strawberry.field(description="Tags that edges tie to them.")
    arms: list[ExperimentArm]
    spaces: list[PersonSpace]


@dataclass(frozen=True)
class Types:
    """The types of a person's state."""

    person: type[AnyPerson]
    item: type[AnyItem]
    deed: Any
    state: Any


def person_state_field(person: type[AnyPerson], item: type[AnyItem], catalog: Catalog) -> Any:
    """Make the query `personState`."""
    types = _types(person, item)

    async def person_state(info: Info, person: strawberry.ID) -> Any:
        context, moment = info.context, datetime.now(UTC)
        released, canary = release_for(context, unit_of(person))
        rows = await read(context.databases.reading, queries.person_by_key(catalog, person))
        async with context.databases.reading.connect() as connection:
            number = await number_of(connection, person)
        if not rows or number is None:
            return None
        found = await state_of(
            context.databases.recalling, released.scenes, released.spec.spaces, number, moment
        )
        known = person_of(types.person, catalog, rows[0])
        return await _state(info, types, known, found, (released, canary))

    resolver = typed(person_state, optional(types.state))
    return strawberry.field(
        resolver,
        name="personState",
        extensions=entry("reader"),
        description="What the system knows of a person; null for one whom nobody has met.",
    )


def _types(person: type[AnyPerson], item: type[AnyItem]) -> Types:
    deed = _type("Deed", AnyDeed, {"item": item}, "Something that somebody did to an item.")
    own = {"person": person, "recent": list_of(deed)}
    state = _type("PersonState", AnyPersonState, own, "What the system knows of a person.")
    return Types(person, item, deed, state)


async def _state(info: Info, types: Types, person: AnyPerson, state: State, here: Here) -> Any:
    return types.state(
        person=person,
        recent=await _recent(info, types, state),
        features=[
            PersonFeature(name=f.name, type=f.type, values=list(f.values), known=f.known)
            for f in state.features
        ],
        interests=await _interests(info, state),
        interest_tags=await _interest_tags(info, state),
        arms=await _arms(info, person, here),
        spaces=[PersonSpace(name=s.space, vector=s.vector, tower=s.tower) for s in state.spaces],
    )


async def _arms(info: Info, person: AnyPerson, here: Here) -> list[ExperimentArm]:
    """Tell in which arms somebody is, whatever the scene: of the canary, and of experiments."""
    (released, canary), unit = here, unit_of(person.key)
    experiments = released.scenes.experiments
    arms = await experiments.assigned(info.context.databases.writing, None, unit)
    return arms_told((*canary, *arms))


async def _recent(info: Info, types: Types, state: State) -> list[Any]:
    past, catalog = state.history, info.context.spec.catalog
    rows = await info.context.loaders.items.load_many(past.items.tolist())
    parts = zip(rows, past.kinds, past.times.tolist(), past.weights.tolist(), strict=True)
    return [
        types.deed(
            item=item_of(types.item, catalog, row),
            kind=kind,
            time=datetime.fromtimestamp(time, UTC),
            weight=weight,
        )
        for row, kind, time, weight in parts
        if row is not None
    ]


async def _interests(info: Info, state: State) -> list[Interest]:
    rows: Sequence[Any] = await info.context.loaders.tags.load_many(list(state.interests))
    pairs = zip(rows, state.interests.values(), strict=True)
    return [Interest(tag=tag_of(row), weight=weight) for row, weight in pairs if row is not None]


async def _interest_tags(info: Info, state: State) -> list[InterestTag]:
    rows = await info.context.loaders.tags_by_id.load_many([one.tag for one in state.fond])
    pairs = zip(rows, state.fond, strict=True)
    return [
        InterestTag(tag=tag_of(row), edges=one.edges, weight=one.weight)
        for row, one in pairs
        if row is not None
    ]


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
