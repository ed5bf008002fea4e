"""Persons and the items that they showed interest in."""

from typing import Literal

from graph.edges.happened import Happening, mark_days
from graph.edges.kind import Content, Run
from graph.edges.queries import liked_items


class Happenings(Happening):
    """Edges from persons to items."""

    type: Literal["events"]

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "person", "item"

    def content(self, run: Run) -> Content:
        """Say what is to be added."""
        mark_days(run, self.window)
        counted = self.counted(run.around)
        values = {"kinds": list(counted), "weights": list(counted.values())}
        return Content(
            liked_items(run.fade.half_life), {**values, "landmark": run.fade.landmark}, added=True
        )
