"""Ways from an item to what is like it: lists that channels keep, spaces, and longer walks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from recall.candidates import Candidates, Finder, Question, candidates_of
from recall.channels.nearest import Nearest
from recall.channels.spec import Around, Channel
from recall.planning import queries
from recall.planning.places import Of, places
from recall.similar.spec import Alike
from recall.spaces.steps import SPACE
from recall.vectors import Store, nearest
from weft.errors import NotFound
from weft.spec import unknown

DEADLINE = timedelta(seconds=2)  # of a space
EMPTY, UNKNOWN = "empty", "unknown"  # what a way may tell: it has no items at all, or not this one


@dataclass(frozen=True)
class Way:
    """A channel or a space."""

    kind: Literal["channel", "space"]
    name: str
    finder: Finder
    deadline: timedelta


@dataclass(frozen=True)
class Ways:
    """All there are: in the order in which they are gone, and those that are gone when named."""

    usual: tuple[Way, ...] = ()
    others: tuple[Way, ...] = ()

    def of(self, kind: str, name: str) -> Way:
        """Give a way by its name; raise `NotFound` that says which there are."""
        known = {way.name: way for way in (*self.usual, *self.others) if way.kind == kind}
        if name not in known:
            noun = "channel that goes from items" if kind == "channel" else kind
            raise NotFound(unknown(noun, name, known))
        return known[name]


@dataclass(frozen=True)
class SpaceFinder:
    """Finds what is nearest to the first item of a history."""

    space: str
    store: Store

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items; none where the item has no vector."""
        item = int(question.history.items[0])
        vector = await places(connection, self.store, Of("item", (item,)))
        vector = vector[vector.any(axis=1)]
        if not len(vector):
            rows = (await connection.execute(queries.rows_in(self.store))).scalar()
            told = {EMPTY: True} if rows is None else {UNKNOWN: True}
            return replace(candidates_of(self.space, ()), told=told)
        near = await nearest(
            connection,
            self.store,
            vector,
            top,
            question.where,
            moment=question.moment,
            leave_out=question.leave_out,
        )
        return Candidates(self.space, near.ids, near.scores, near.told)


def ways_of(
    channels: Mapping[str, Channel],
    finders: Mapping[str, Finder],
    around: Around,
    artifacts: Mapping[str, int],
) -> Ways:
    """Give the ways of a release: lists, spaces, then tags and walks, each by name.

    A release does not know any more in which order they were declared.
    """

    def some(names: list[str]) -> tuple[Way, ...]:
        return tuple(Way("channel", n, finders[n], channels[n].deadline) for n in names)

    going = {name: one for name, one in sorted(channels.items()) if one.goes_from_items(around)}
    lists = [name for name, one in going.items() if isinstance(one, Alike)]
    near = [name for name, one in going.items() if isinstance(one, Nearest)]  # spaces do it
    rest = [name for name in going if name not in {*lists, *near}]
    return Ways((*some(lists), *_spaces(around, artifacts), *some(rest)), some(near))


def _spaces(around: Around, artifacts: Mapping[str, int]) -> Iterator[Way]:
    for name, space in sorted(around.spaces.items()):
        if SPACE + name in artifacts:
            store = Store(artifacts[SPACE + name], space.dim, around.catalog, by=space.by)
            yield Way("space", name, SpaceFinder(name, store), DEADLINE)
