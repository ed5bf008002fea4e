"""Kinds of edge that come from events: later events count more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field

from graph.edges.kind import Around, Run
from graph.edges.queries import ANALYZE_DAYS, HASH_DAYS, KEEP_CHANGED_DAYS, MARK_DAYS
from graph.edges.spec import Fading
from weft.events import KindName


class Happening(Fading):
    """A kind of edge that comes from what people did with items."""

    kinds: dict[KindName, float] | None = Field(
        default=None, description="which events count, and how much; else `events.positive`"
    )

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from."""
        return ("event",)

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return ()

    def legs(self) -> tuple[str, ...]:
        """Give the other kinds of edge that it comes from."""
        return ()

    def shaped_by(self, around: Around) -> Mapping[str, Any]:
        """Give what shapes it outside its own section."""
        return {"counted": self.counted(around)}

    def life(self) -> timedelta | None:
        """Give its half-life."""
        return self.half_life

    def counted(self, around: Around) -> dict[str, float]:
        """Give the events that count, and how much."""
        said = around.events.positive if self.kinds is None else self.kinds
        return {kind: weight for kind, weight in said.items() if weight > 0}


def mark_days(run: Run, window: timedelta | None, reach: int = 0) -> None:
    """Mark the days that have other events than when last seen, and days near them."""
    values = {"kind": run.name, "since": run.since(window)}
    run.work.connection.execute(MARK_DAYS, values)
    run.work.connection.execute(KEEP_CHANGED_DAYS, {"reach": reach})
    run.work.connection.execute(ANALYZE_DAYS)
    run.work.connection.execute(HASH_DAYS)
