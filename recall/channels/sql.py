"""Items that an analyst's own view or function gives."""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlalchemy import Connection

from recall.candidates import Finder
from recall.channels.spec import Around, Channel, Ready
from recall.handmade.finding import HandmadeFinder
from recall.handmade.given import Given, prove
from weft.steps import Made, Step, Work

Named = Annotated[
    str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$")
]


class Sql(Channel):
    """Rows of item and score; with person, scene or context, only those that fit the question."""

    asked: ClassVar[frozenset[str]] = frozenset()

    type: Literal["sql"]
    view: Named | None = Field(default=None, description="a view or table, such as mine.picks")
    function: Named | None = Field(
        default=None,
        description="a function of a person's key, a scene and a moment, such as mine.picks_for",
    )
    role: str | None = Field(
        default=None, max_length=63, description="the database's role that reads it; none: Weft's"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "Sql":
        if (self.view is None) == (self.function is None):
            raise ValueError("either `view` or `function` is needed")
        return self

    def step(self, name: str, around: Around) -> Step:
        """Give the step that asks once, and so refuses what could not answer."""

        def run(work: Work) -> Made:
            self.prove(work.connection)
            return Made()

        return Step(f"recall.{name}", self.shape(), run, reads=("event",))

    def prove(self, connection: Connection) -> None:
        """Ask once; raise `BuildError` that says what would be right."""
        prove(connection, self._given(), {"limit": str(self.deadline // timedelta(milliseconds=1))})

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what asks it."""
        return HandmadeFinder(name, ready.around.catalog, self._given())

    def _given(self) -> Given:
        called = self.view is None
        return Given(self.view or self.function or "", called, self.role)
