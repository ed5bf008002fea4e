"""Nodes that a path over other kinds of edge ties, such as persons and the tags of liked items."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field

from graph.edges.kind import Around, Content, Kind, Run
from graph.edges.queries import Leg, mark_due, paths
from graph.edges.spec import Edge, EdgeName


class Through(Edge):
    """Edges from where a path begins to where it ends."""

    type: Literal["through"]
    path: list[EdgeName] = Field(
        min_length=2, max_length=3, description="kinds of edge; `~` goes one backwards"
    )
    top: int = Field(default=50, ge=1, le=10_000, description="how many each beginning keeps")

    def steps(self) -> tuple[Leg, ...]:
        """Give each kind of the path, and whether it is gone backwards."""
        return tuple((name.removeprefix("~"), name.startswith("~")) for name in self.path)

    def ends(self, edges: Mapping[str, Kind]) -> tuple[str, str]:
        """Give the kinds of node that it ties; a path whose parts do not meet is refused."""
        walked = []
        for name, backwards in self.steps():
            ends = edges[name].ends(edges)
            walked.append(ends[::-1] if backwards else ends)
        for place, (came, goes) in enumerate(pairwise(walked)):
            if came[1] != goes[0]:
                first, second = self.path[place : place + 2]
                wrong = f"'{first}' ends at a {came[1]}, '{second}' begins at a {goes[0]}"
                raise ValueError(f"{wrong}; `~{second.removeprefix('~')}` goes it backwards")
        return walked[0][0], walked[-1][1]

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from: none but other edges."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return tuple(f"graph.{name}" for name in dict.fromkeys(self.legs()))

    def legs(self) -> tuple[str, ...]:
        """Give the other kinds of edge that it comes from, each as often as it is gone."""
        return tuple(name for name, _ in self.steps())

    def shaped_by(self, around: Around) -> Mapping[str, Any]:
        """Give what shapes it outside its own section."""
        return {}

    def life(self) -> timedelta | None:
        """Give its half-life: that of its parts."""
        return None

    def content(self, run: Run) -> Content:
        """Say what it should hold, at least from where something has changed."""
        source, target = self.ends(run.around.edges)
        scoped = run.before is not None
        if run.before is not None:
            run.work.connection.execute(mark_due(self.steps()), {"since": run.before.artifact})
        query = paths(self.steps(), source == target, scoped)
        return Content(query, {"top": self.top}, scoped=scoped)
