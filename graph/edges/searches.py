"""Persons and the keywords that they searched for."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from graph.edges.kind import KEYWORDS, Around, Content, Run
from graph.edges.queries import searched_words
from graph.edges.spec import Fading


class Searches(Fading):
    """Edges from persons to keywords."""

    type: Literal["searches"]

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "person", "keyword"

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from."""
        return ("event",)

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return (KEYWORDS,)

    def legs(self) -> tuple[str, ...]:
        """Give the other kinds of edge that it comes from."""
        return ()

    def shaped_by(self, around: Around) -> Mapping[str, Any]:
        """Give what shapes it outside its own section."""
        return {}

    def life(self) -> timedelta | None:
        """Give its half-life."""
        return self.half_life

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
        query = searched_words(run.work.inputs[KEYWORDS], run.fade.half_life)
        return Content(query, {"landmark": run.fade.landmark, "since": run.since(self.window)})
