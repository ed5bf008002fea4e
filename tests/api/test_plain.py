"""What is written at once is what the engine writes, errors included."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import strawberry

from api.graphql.executing import QUICK, Executor
from api.graphql.plain import LATER


@strawberry.type
class Leaf:
    key: strawberry.ID
    number: float | None = 1.5
    at: datetime | None = None
    whole: int | None = 2

    @strawberry.field(metadata={QUICK: lambda leaf, context: LATER})
    async def slow(self) -> str:
        """Give something that has to be waited for."""
        return f"slow {self.key}"


@strawberry.type
class Branch:
    name: str | None
    leaf: Leaf
    other: Leaf | None
    leaves: list[Leaf]
    broken: list[Leaf] | None = None

    @strawberry.field
    def twice(self, times: int = 2) -> str:
        """Give something that takes an argument."""
        return (self.name or "") * times


def branch(name: Any, **leaf: Any) -> Branch:
    one = Leaf(key=strawberry.ID("one"), **leaf)
    two = Leaf(key=strawberry.ID("two"), at=datetime(2026, 1, 1, tzinfo=UTC))
    return Branch(name=name, leaf=one, other=None, leaves=[one, two])


@strawberry.type
class Query:
    @strawberry.field
    def tree(self) -> list[Branch]:
        """Give branches, good and bad."""
        lost: Any = None
        bad = branch("bad")
        bad.broken = [bad.leaf, lost]
        return [branch("good"), branch(None), branch("nan", number=float("nan")), bad]

    @strawberry.field
    def wrong(self) -> list[Branch]:
        """Give one that lacks what must be there."""
        lost: Any = None
        return [branch("good"), Branch(name="none", leaf=lost, other=None, leaves=[])]


PARTS = "fragment Part on Leaf { key at }"
ASKED = [
    "{ tree { name leaf { key } } }",
    "{ tree { __typename again: name name leaf { key at whole } other { key } leaves { key } } }",
    "{ tree { leaf { number } } }",
    "{ tree { leaves { number key } leaf { slow } } }",
    "{ tree { name broken { key } } }",
    "{ tree { name @skip(if: true) twice leaf { ...Part } } } " + PARTS,
    "{ tree { twice(times: 3) ... on Branch @include(if: false) { name } leaves { ...Part } } } "
    + PARTS,
    "{ tree { leaf { key } leaf { at } ... { leaf { whole } } } }",
    "{ wrong { name leaf { key } } }",
    "{ wrong { name leaves { slow } } }",
]


@pytest.mark.parametrize("query", ASKED)
def test_what_is_written_at_once_is_what_the_engine_writes(query: str) -> None:
    quick = strawberry.Schema(Query, execution_context_class=Executor)
    usual = strawberry.Schema(Query)
    got, wanted = (asyncio.run(one.execute(query)) for one in (quick, usual))
    assert got.data == wanted.data
    assert paths(got) == paths(wanted)


def paths(result: Any) -> list[Any]:
    return [error.path for error in result.errors or ()]
