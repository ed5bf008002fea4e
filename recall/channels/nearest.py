"""What is nearest to a person in a space."""

import math
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import SingleFilter
from graph.graph import Floats
from recall.candidates import Candidates, Finder, Question, candidates_of
from recall.channels.queries import nearest_tags
from recall.channels.spec import Around, Channel, Ready
from recall.planning import queries
from recall.planning.memory import memory_of
from recall.planning.places import places
from recall.spaces.spec import Space
from recall.spaces.steps import SPACE
from recall.spaces.trained import Asker
from recall.vectors import Of, Per, Store, nearest, warm
from weft.files import load_files
from weft.spec import ref

By = Literal["tower", "person", "history", "max", "last"]
RECENT = 50  # deeds that a person is known by
MOST_VALUES, MOST_SEARCHES = 20, 10
NOWHERE = np.zeros((0, 0), np.float32)


class Nearest(Channel):
    """Items that are nearest to a person, of those that the filter lets through."""

    type: Literal["nearest"]
    space: Annotated[str, ref("spaces", "space")]
    top: int = Field(default=500, ge=1, le=5_000, description="how many candidates at most")
    query: By | None = Field(
        default=None,
        description="what is searched by; by itself the space's user tower, if it has one, "
        "else the person's own vector, else the mean of the history",
    )
    per: SingleFilter | None = Field(
        default=None,
        description="search for each value of this attribute that the history holds, "
        "with equal quotas",
    )

    def goes_from_items(self, around: Around) -> bool:
        """Tell that it does, if it is not bound to persons."""
        return self.query != "person"

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what answers questions from an artifact of the space."""
        space, artifact = ready.around.spaces[self.space], ready.artifacts[SPACE + self.space]
        store = Store(artifact, space.dim, ready.around.catalog, by=space.by)
        return NearestFinder(name, self, space, store)


@dataclass(frozen=True)
class NearestFinder:
    """Searches by what is known of a person."""

    channel: str
    section: Nearest
    space: Space
    store: Store

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items that the filter lets through."""
        k = min(top, self.section.top)
        near = await nearest(
            connection,
            self.store,
            await self._searches(connection, question),
            k,
            question.where,
            await self._quotas(connection, question, k),
            moment=question.moment,
            leave_out=question.leave_out,
        )
        return Candidates(self.channel, near.ids, near.scores, near.told)

    async def find_tags(
        self, connection: AsyncConnection, question: Question, facet: str, top: int
    ) -> Candidates:
        """Find the tags of a facet that are nearest: that of many items is no nearer for it."""
        tags, by = replace(self.store, kind="tag"), self.space.tags_near_by
        if by is None or (await connection.execute(queries.rows_in(tags))).scalar() is None:
            return candidates_of(self.channel, ())
        searches = await self._searches(connection, question)
        values = {"searches": [str(s.tolist()) for s in searches], "facet": facet, "top": top}
        rows = await connection.execute(nearest_tags(self.store.artifact, by), values)
        return candidates_of(self.channel, rows.all())

    async def warm(self, connection: AsyncConnection) -> None:
        """Read vectors and the user tower into memory."""
        await warm(connection, self.store)
        await self._asker(connection)

    async def _searches(self, connection: AsyncConnection, question: Question) -> Floats:
        """Try one way after the other to say where somebody is."""
        ways: tuple[By, ...] = ("tower", "person", "history")
        if question.said.deeds:  # the person's own vector does not know of these
            ways = ("tower", "history", "person")
        for way in ways if self.section.query is None else (self.section.query,):
            found = await self._place(connection, question, way)
            found = found[found.any(axis=1)]  # nothing is near to nought
            if len(found):
                return found
        return np.zeros((0, self.store.dim), np.float32)

    async def _place(self, connection: AsyncConnection, question: Question, way: By) -> Floats:
        recent = tuple(question.history.items[:RECENT].tolist())
        if way == "tower":
            asker = await self._asker(connection)
            return asker.ask(question.history, question.words) if asker else NOWHERE
        if way == "person":
            persons = () if question.person is None else (question.person,)
            return await places(connection, self.store, Of("person", persons))
        if way == "max":
            some = tuple(dict.fromkeys(recent))[:MOST_SEARCHES]
            return await places(connection, self.store, Of("item", some, "max"))
        return await places(
            connection, self.store, Of("item", recent[:1] if way == "last" else recent)
        )

    async def _asker(self, connection: AsyncConnection) -> Asker | None:
        """Load the user tower, once in this process."""
        if type(self.space).asker is Space.asker:
            return None

        async def load() -> tuple[Asker | None]:
            files = await connection.run_sync(load_files, self.store.artifact)
            return (self.space.asker(files) if files else None,)

        models = memory_of(connection).models
        found: tuple[Asker | None] = await models.find(("asker", self.store.artifact), load)
        return found[0]

    async def _quotas(self, connection: AsyncConnection, question: Question, k: int) -> Per | None:
        """Share the candidates out among the values that the history holds."""
        per, recent = self.section.per, question.history.items[:RECENT].tolist()
        if per is None:
            return None
        statement = queries.values_of(self.store.catalog, per, recent)
        found = (await connection.execute(statement)).scalars().all()
        values = tuple(dict.fromkeys(found))[:MOST_VALUES]
        return Per(per, math.ceil(k / len(values)), values) if values else None
