"""Keywords and the tags that they mean."""

from typing import Literal

from graph.edges.facts import Fact
from graph.edges.kind import KEYWORDS, Content, Run
from graph.edges.queries import word_meanings
from graph.edges.spec import Weight


class Meanings(Fact):
    """Edges from keywords to tags."""

    type: Literal["meanings"]
    weight: Weight = "confidence"

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "keyword", "tag"

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return (KEYWORDS,)

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
        return Content(word_meanings(run.work.inputs[KEYWORDS]))
