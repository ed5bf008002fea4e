"""Items of the tags that a person is interested in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.edges.spec import EdgeName
from recall.candidates import Candidates, Finder, Question, candidates_in, candidates_of
from recall.channels import queries
from recall.channels.spec import Around, Channel, Ready, check_ends, forward
from recall.listed.listing import Listing
from recall.listed.reading import best_of_lists
from recall.lists import make_lists, take_into_lists
from recall.narrow import narrow_by_memory
from recall.narrowing import narrowed
from recall.queries import begin_column
from recall.quickly import rows_quickly
from recall.seeds import seeds_of
from weft.steps import Made, Step, Work
from weft.words import Duration


class Tags(Channel):
    """Lists of the items of every tag: what is liked most and what is new comes first."""

    asked: ClassVar[frozenset[str]] = Channel.asked | {"over", "tags", "each", "recent"}

    type: Literal["tags"]
    over: Annotated[EdgeName, AfterValidator(forward)] | None = Field(
        default=None,
        description="edges from persons to tags; for others, the tags of what they did of late",
    )
    facets: list[str] = Field(default=[], description="tags of these facets only; none: all")
    tags: int = Field(default=20, ge=1, le=200, description="tags of a person that count")
    each: int = Field(default=50, ge=1, le=1_000, description="items that each tag gives")
    top: int = Field(default=500, ge=1, le=100_000, description="how many items each list keeps")
    newness: float = Field(
        default=0.3, ge=0, le=1, description="how much it counts that an item is new"
    )
    fresh: Duration = Field(default=timedelta(days=7), description="after this an item is half new")
    half_life: Duration = Field(
        default=timedelta(days=7), description="after this an event counts half"
    )
    window: Duration = Field(default=timedelta(days=30), description="older events do not count")
    recent: int = Field(default=50, ge=1, le=200, description="items of the history that count")

    def goes_from_items(self, around: Around) -> bool:
        """Tell that it does, by their tags."""
        return True

    def check(self, around: Around) -> None:
        """Insist on edges from persons to tags."""
        if self.over is not None:
            check_ends(around, self.over, "person", "tag")

    def step(self, name: str, around: Around) -> Step:
        """Give the step that ranks the items of every tag."""
        lifetime = around.catalog.lifetime

        def run(work: Work) -> Made:
            begins = begin_column(lifetime)
            ends, facets = lifetime.ends, bool(self.facets)
            fill = queries.fill_tagged(work.artifact, begins, ends, facets)
            return make_lists(work, fill, self._values(around))

        section = {
            **self.shape(),
            "positive": around.events.positive,
            "lifetime": lifetime.model_dump(mode="json"),
        }
        reads = ("event", "item", "tag", "item_tag")
        return Step(f"recall.{name}", section, run, reads=reads, needs=around.reading)

    def take_in(
        self, connection: Connection, artifact: int, around: Around, items: Sequence[int]
    ) -> None:
        """List what has come since under its tags."""
        begins = begin_column(around.catalog.lifetime)
        add = queries.add_tagged(artifact, begins, bool(self.facets))
        values: dict[str, Any] = {"newness": self.newness, "fresh": self.fresh.total_seconds()}
        values |= {"facets": self.facets} if self.facets else {}
        leave = queries.forget_untagged(artifact)
        take_into_lists(connection, artifact, items, leave, add, values)

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what adds up lists of a release."""
        return TagFinder(name, ready.artifacts[f"recall.{name}"], ready.around.catalog, self)

    def _values(self, around: Around) -> dict[str, Any]:
        return {
            "kinds": list(around.events.positive),
            "weights": list(around.events.positive.values()),
            "half_life": self.half_life.total_seconds(),
            "window": self.window,
            "fresh": self.fresh.total_seconds(),
            "newness": self.newness,
            "top": self.top,
            **({"facets": self.facets} if self.facets else {}),
        }


@dataclass(frozen=True)
class TagFinder:
    """Adds up the lists of a person's tags."""

    channel: str
    artifact: int
    catalog: Catalog
    options: Tags

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items; nothing for somebody of whom no tag is known."""
        tags = await self._tags(connection, question)
        if not tags:
            return candidates_of(self.channel, ())
        each = max(self.options.each, -(-top // len(tags)))
        narrow = await narrow_by_memory(connection, self.catalog, question)
        if narrow is not None:
            contexts = [(tag,) for tag in tags]
            lists = await best_of_lists(connection, self.artifact, contexts, narrow, each)
            return _added_up(self.channel, lists, list(tags.values()), top)
        statement = queries.of_tags(self.artifact, self.catalog, question.where)
        values = {
            "tags": list(tags),
            "weights": list(tags.values()),
            "each": each,
            **narrowed(question),
            "top": top,
        }
        return candidates_in(self.channel, (await rows_quickly(connection, statement, values))[0])

    async def _tags(self, connection: AsyncConnection, question: Question) -> dict[str, float]:
        """Give the tags of a person by weight: what the request says counts as much as edges."""
        fond = await self._fond(connection, question)
        parts = [fond] if fond else []
        if not fond or question.said.deeds:
            parts.append(await self._lately(connection, question))
        found: dict[str, float] = {}
        for key, weight in (row for part in parts for row in part):
            found[key] = found.get(key, 0.0) + weight / len(parts)
        return found

    async def _fond(self, connection: AsyncConnection, question: Question) -> Any:
        if self.options.over is None or question.person is None:
            return ()
        values = {"person": question.person, **self._which()}
        return await rows_quickly(connection, queries.fond_of(self.options.over), values)

    async def _lately(self, connection: AsyncConnection, question: Question) -> Any:
        items, weights = seeds_of(
            question.history, question.moment, self.options.half_life, self.options.recent
        )
        if not len(items):
            return ()
        values = {"items": items.tolist(), "weights": weights.tolist(), **self._which()}
        return await rows_quickly(connection, queries.TAGS_OF_ITEMS, values)

    def _which(self) -> dict[str, Any]:
        facets = self.options.facets
        return {"any_facet": not facets, "facets": facets, "most": self.options.tags}


def _added_up(
    channel: str, lists: Sequence[Listing], weights: Sequence[float], top: int
) -> Candidates:
    """Add up what lists say of each item; the best come first, the later ones among equals."""
    every = np.concatenate([one.items for one in lists])
    items, places = np.unique(every, return_inverse=True)
    parts = [weight * one.scores for weight, one in zip(weights, lists, strict=True)]
    scores = np.bincount(places, np.concatenate(parts), len(items)).astype(np.float64)
    order = np.lexsort((-items, -scores))[:top]
    return Candidates(channel, items[order], scores[order])
