"""Keywords and the items that somebody showed interest in after searching for them."""

from typing import Literal

from graph.edges.happened import Happening
from graph.edges.kind import KEYWORDS, Content, Run
from graph.edges.queries import wanted_after


class Finds(Happening):
    """Edges from keywords to items."""

    type: Literal["finds"]

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "keyword", "item"

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return (KEYWORDS,)

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
        counted = self.counted(run.around)
        values = {"kinds": list(counted), "weights": list(counted.values())}
        query = wanted_after(run.work.inputs[KEYWORDS], run.fade.half_life)
        return Content(
            query, {**values, "landmark": run.fade.landmark, "since": run.since(self.window)}
        )
