"""What somebody bought before and may need again by now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog, ItemAttribute
from recall.candidates import Candidates, Finder, Question, candidates_of
from recall.channels import queries
from recall.channels.spec import Around, Channel, Ready
from recall.narrowing import allowed
from weft.events import KindName
from weft.steps import Made, Step, Work
from weft.words import Duration

DAY = timedelta(days=1)


class Again(Channel):
    """Items whose usual time between two purchases has passed since the last one."""

    repeats: ClassVar[bool] = True
    asked: ClassVar[frozenset[str]] = Channel.asked | {"chance"}

    type: Literal["again"]
    kinds: list[KindName] = Field(
        default=["purchase"], min_length=1, description="events that count as a purchase"
    )
    by: ItemAttribute | None = Field(
        default=None, description="items with the same value lean on each other, such as `category`"
    )
    usual: Duration = Field(
        default=timedelta(days=30), description="the time between purchases, where nothing is known"
    )
    least: Duration = Field(
        default=DAY, description="purchases that are nearer to each other are one"
    )
    shy: float = Field(
        default=5.0, gt=0, description="so many purchases count as much as what is known beforehand"
    )
    rare: float = Field(
        default=0.1, gt=0, lt=1, description="chance of a second purchase, where nothing is known"
    )
    chance: float = Field(
        default=0.05, ge=0, le=1, description="what is bought again more rarely is not found"
    )
    window: Duration = Field(default=timedelta(days=365), description="older purchases are over")

    def check(self, around: Around) -> None:
        """Insist on an attribute that has one value."""
        attribute = around.catalog.item[self.by] if self.by else None
        if attribute is not None and (attribute.many or attribute.type not in ("tag", "keyword")):
            raise ValueError(f"by: '{self.by}' has to be a single tag or keyword")

    def step(self, name: str, around: Around) -> Step:
        """Give the step that estimates intervals."""

        def run(work: Work) -> Made:
            work.connection.execute(queries.make_intervals(work.artifact))
            fill = queries.fill_intervals(work.artifact, self.by)
            values = {"moment": work.moment, "rare": self.rare, "usual": self.usual / DAY}
            made = work.connection.execute(fill, {**values, **self.values()}).rowcount
            work.connection.execute(queries.attach_intervals(work.artifact))
            work.say(f"{made:,} items with an interval")
            return Made((queries.intervals_of(work.artifact),), {"rows": made})

        return Step(f"recall.{name}", self.shape(), run, reads=("event", "item"))

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what compares a person's purchases with intervals of a release."""
        return AgainFinder(name, ready.artifacts[f"recall.{name}"], ready.around.catalog, self)

    def values(self) -> dict[str, Any]:
        """Give what both the step and the finder count by."""
        least, shy = self.least / DAY, self.shy
        return {"kinds": self.kinds, "window": self.window, "least": least, "shy": shy}


@dataclass(frozen=True)
class AgainFinder:
    """Looks through what a person bought."""

    channel: str
    artifact: int
    catalog: Catalog
    options: Again

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items; nothing for somebody who bought nothing."""
        if question.person is None:
            return candidates_of(self.channel, ())
        statement = queries.due_again(self.artifact, allowed(self.catalog, question))
        values = {
            **self.options.values(),
            "person": question.person,
            "moment": question.moment,
            "chance": self.options.chance,
            "left_out": list(question.leave_out),
            "top": top,
        }
        return candidates_of(self.channel, (await connection.execute(statement, values)).all())
