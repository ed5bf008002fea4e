"""Items that the graph leads to, along a path or anywhere near."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from graph.edges.spec import EdgeName
from graph.paths.steps import Pattern, Step
from recall.candidates import Finder
from recall.channels.spec import Around, Channel, Ready
from recall.walks.finding import ClosenessFinder, PathFinder, Starts, pattern_ends
from weft.words import Duration


class Walk(Channel):
    """Walks over the graph as it stands when somebody asks; nothing is built."""

    type: Literal["walk"]
    method: Literal["path", "ppr"] = Field(
        default="path", description="along `path`, or by personalised PageRank `over` edges"
    )
    path: list[EdgeName] = Field(
        default=[], max_length=4, description="kinds of edge; `~` goes one backwards"
    )
    over: list[EdgeName] = Field(default=[], description="kinds of edge, gone both ways")
    breadth: int = Field(default=50, ge=1, le=1_000, description="edges that each node keeps")
    keep: int = Field(default=200, ge=1, le=10_000, description="nodes kept after each step")
    anew: float = Field(default=0.15, gt=0, lt=1, description="chance that a walk begins anew")
    small: float = Field(
        default=1e-3, gt=1e-6, lt=1, description="what is not pushed on, for each edge of a node"
    )
    half_life: Duration = Field(
        default=timedelta(days=7), description="after this a deed of the history counts half"
    )
    recent: int = Field(default=20, ge=1, le=200, description="items of the history that count")

    @model_validator(mode="after")
    def _one_of_both(self) -> "Walk":
        if self.method == "path" and (self.over or not self.path):
            raise ValueError("a walk along a path needs `path`, and no `over`")
        if self.method == "ppr" and (self.path or not self.over):
            raise ValueError("`method: ppr` needs `over`, and no `path`")
        return self

    def goes_from_items(self, around: Around) -> bool:
        """Tell whether walks begin at items."""
        return self.method == "ppr" or pattern_ends(self.path, _ends(around))[0] == "item"

    def check(self, around: Around) -> None:
        """Insist that a path leads from persons or items to items."""
        if self.method == "path":
            nodes = pattern_ends(self.path, _ends(around))
            if nodes[0] not in ("person", "item") or nodes[-1] != "item":
                raise ValueError(
                    f"path: it leads from {nodes[0]} to {nodes[-1]}; "
                    "it has to begin at person or item, and to end at item"
                )

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what walks."""
        catalog, starts = ready.around.catalog, Starts(self.half_life, self.recent)
        if self.method == "ppr":
            over = tuple(edge.removeprefix("~") for edge in self.over)
            return ClosenessFinder(name, catalog, over, starts, self.breadth, self.anew, self.small)
        return PathFinder(
            name, catalog, self._pattern(ready.around), starts, self.breadth, self.keep
        )

    def _pattern(self, around: Around) -> Pattern:
        nodes = pattern_ends(self.path, _ends(around))
        return tuple(
            Step(edges.removeprefix("~"), near, far, edges.startswith("~"))
            for edges, (near, far) in zip(self.path, pairwise(nodes), strict=True)
        )


def _ends(around: Around) -> Mapping[str, tuple[str, str]]:
    return {name: kind.ends(around.edges) for name, kind in around.edges.items()}
