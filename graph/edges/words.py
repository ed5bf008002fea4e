"""Items and the keywords of their titles."""

from typing import Literal

from graph.edges.facts import Fact
from graph.edges.kind import KEYWORDS, Content, Run
from graph.edges.queries import title_words
from graph.edges.spec import Weight


class Words(Fact):
    """Edges from items to keywords."""

    type: Literal["words"]
    weight: Weight = "tfidf"

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "item", "keyword"

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return (KEYWORDS,)

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
        return Content(title_words(run.work.inputs[KEYWORDS]))
