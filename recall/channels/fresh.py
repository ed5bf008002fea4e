"""What is new."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import field_validator
from sqlalchemy import Connection

from recall import queries
from recall.candidates import Finder
from recall.channels.spec import Around, Listed, Ready
from recall.lists import ListFinder, make_lists, take_into_lists
from weft.steps import Made, Step, Work
from weft.words import Duration


class Fresh(Listed):
    """Items by when they began to be offered, the newest first."""

    type: Literal["fresh"]
    window: Duration = timedelta(days=7)

    @field_validator("by")
    @classmethod
    def _of_the_item(cls, by: list[str]) -> list[str]:
        wrong = [name for name in by if not name.startswith("item.")]
        if wrong:
            raise ValueError(f"{wrong[0]}: what is new is the same for all; only item.… fits here")
        return by

    def step(self, name: str, around: Around) -> Step:
        """Give the step that builds this channel."""

        def run(work: Work) -> Made:
            begins = queries.begin_column(around.catalog.lifetime)
            fill = queries.fill_fresh(work.artifact, self.by, begins)
            return make_lists(work, fill, {"window": self.window, "top": self.top})

        section = {**self.shape(), "begins": around.catalog.lifetime.begins}
        return Step(f"recall.{name}", section, run, reads=("event", "item"))

    def take_in(
        self, connection: Connection, artifact: int, around: Around, items: Sequence[int]
    ) -> None:
        """List what has come since."""
        add = queries.add_fresh(artifact, self.by, queries.begin_column(around.catalog.lifetime))
        leave, values = queries.forget_listed(artifact), {"window": self.window}
        take_into_lists(connection, artifact, items, leave, add, values)

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what answers questions from an artifact of this channel."""
        artifact, catalog = ready.artifacts[f"recall.{name}"], ready.around.catalog
        return ListFinder(name, artifact, tuple(self.by), catalog, self.top)
