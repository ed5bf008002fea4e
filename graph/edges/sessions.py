"""Items that were met soon after each other in a session."""

from datetime import timedelta
from math import ceil
from typing import Literal

from pydantic import Field

from graph.edges.happened import Happening, mark_days
from graph.edges.kind import Content, Run
from graph.edges.queries import ANALYZE_EVENTS, TAKE_EVENTS, joined_items
from graph.edges.spec import Weight
from weft.words import Duration


class Sessions(Happening):
    """Edges from items to items."""

    type: Literal["sessions"]
    weight: Weight = "pmi"
    gap: Duration = Field(
        default=timedelta(minutes=30), description="a longer pause ends a session"
    )
    within: int = Field(default=5, ge=1, le=20, description="how many events apart at most")
    direction: Literal["both", "forward"] = "both"

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "item", "item"

    def content(self, run: Run) -> Content:
        """Say what is to be added: a pair that an event changes lies within so many gaps of it."""
        mark_days(run, self.window, ceil(self.within * self.gap / timedelta(days=1)))
        run.work.connection.execute(TAKE_EVENTS, {"kinds": list(self.counted(run.around))})
        run.work.connection.execute(ANALYZE_EVENTS)
        query = joined_items(self.within, self.direction == "both", run.fade.half_life)
        return Content(query, {"gap": self.gap, "landmark": run.fade.landmark}, added=True)
