"""Tags and the broader tags right above them."""

from typing import Literal

from graph.edges.facts import Fact
from graph.edges.kind import Content, Run
from graph.edges.queries import relations


class Hierarchy(Fact):
    """Edges from tags to tags."""

    type: Literal["hierarchy"]

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "tag", "tag"

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from."""
        return ("tag",)

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
        return Content(relations("broader"))
