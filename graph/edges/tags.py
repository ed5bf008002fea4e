"""Items and their tags: what is believed of them, by how surely."""

from typing import Literal

from graph.edges.facts import Fact
from graph.edges.kind import Content, Run
from graph.edges.queries import believed_tags
from graph.edges.spec import Weight


class Tags(Fact):
    """Edges from items to tags."""

    type: Literal["tags"]
    weight: Weight = "confidence"
    facets: list[str] | None = None

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "item", "tag"

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from."""
        return ("item", "item_tag", "tag")

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
        return Content(believed_tags(self.facets is not None), {"facets": self.facets})
