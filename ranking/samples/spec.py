"""The section `ranking.samples`: what counts as an answer, and which rows rankers learn from."""

from datetime import timedelta
from math import ceil
from typing import Annotated, Literal

from pydantic import Field, model_validator

from weft.events import Events, KindName
from weft.spec import Section, unknown
from weft.words import Duration

TaskName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
DAY = timedelta(days=1)
SHOWN = "expose"


class Task(Section):
    """Something to foretell of an exposure: that one of these events follows in time."""

    any: list[KindName] = Field(
        min_length=1, description="kinds of event, any of which answers an exposure"
    )
    within: Duration | None = Field(
        default=None,
        description="how long after the exposure it counts; default: `events.passed_after`",
    )

    @model_validator(mode="after")
    def _is_an_answer(self) -> "Task":
        if SHOWN in self.any:
            raise ValueError(f"`{SHOWN}` is what is answered, and no answer")
        return self


class Drawn(Section):
    """Negatives where nothing tells what was shown: drawn from what was on offer at the time."""

    count: int = Field(default=4, ge=1, le=100, description="negatives for each click")
    power: float = Field(
        default=0.75, ge=0, le=1, description="of an item's clicks, as its chance to be drawn"
    )
    over: Duration = Field(
        default=timedelta(days=7), description="how many days before count as clicks of an item"
    )
    seed: int = Field(default=0, ge=0, description="of the draws")


class ShownSamples(Section):
    """Rows that rankers learn from: one for each item of each request."""

    source: Literal["exposures", "clicks"] = Field(
        default="exposures",
        description="what makes a row: an `expose` event; or, where a shop sends none, a click, "
        "beside negatives that are `drawn`",
    )
    tasks: dict[TaskName, Task] = Field(
        default={"click": Task(any=["click"])},
        min_length=1,
        description="what is foretold: which events answer an exposure, and how soon",
    )
    looked: TaskName = Field(
        default="click", description="the task whose answers tell how far somebody looked"
    )
    negatives: Literal["above_last_click", "all"] = Field(
        default="above_last_click",
        description="which unanswered rows of a request count: those above the last one that was "
        "`looked` at, or all",
    )
    unclicked: Literal["keep", "drop"] = Field(
        default="keep", description="what becomes of a request in which nothing was `looked` at"
    )
    settled_after: Duration | None = Field(
        default=None,
        description="how old a row has to be to count; what answers it later still updates it; "
        "default: the shortest time of a task",
    )
    skew: Duration | None = Field(
        default=timedelta(minutes=1),
        description="how much earlier than its exposure an answer of the same trace may seem to "
        "come, as clocks differ; null: not at all",
    )
    pause: Duration = Field(
        default=timedelta(minutes=1),
        description="exposures without trace to a person in a scene are one request until nothing "
        "comes for so long",
    )
    credit: Literal["last", "every"] = Field(
        default="last",
        description="which exposures an answer without their trace answers: those of its own "
        "trace or else the last one before it; or every one in time, as in `live.exposure`",
    )
    drawn: Drawn = Field(default=Drawn(), description="negatives where `source` is `clicks`")
    history: Duration = Field(default=timedelta(days=30), description="how many days are kept")

    @model_validator(mode="after")
    def _looked_is_a_task(self) -> "ShownSamples":
        if self.looked not in self.tasks:
            raise ValueError(f"looked: {unknown('task', self.looked, self.tasks)}")
        return self

    def names(self) -> list[str]:
        """Give the tasks in the order of what is kept: a database forgets that of YAML."""
        return sorted(self.tasks)

    def within(self, name: str, events: Events) -> timedelta:
        """Tell how long after an exposure an answer counts."""
        said = self.tasks[name].within
        return events.passed_after if said is None else said

    def longest(self, events: Events) -> timedelta:
        """Tell how long after its exposure the last answer can come."""
        return max(self.within(name, events) for name in self.tasks)

    def reach(self, events: Events) -> int:
        """Tell how many days away an event can change a row."""
        return ceil((self.longest(events) + self.leeway()) / DAY)

    def leeway(self) -> timedelta:
        """Tell how much clocks may differ."""
        return timedelta() if self.skew is None else self.skew

    def settled(self, events: Events) -> timedelta:
        """Tell how old a row has to be to count."""
        if self.settled_after is not None:
            return self.settled_after
        return min(self.within(name, events) for name in self.tasks)
