"""GraphSAGE: nodes are placed by what is near them, so new ones are too (Hamilton et al. 2017)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from graph.edges.spec import EdgeName
from graph.graph import Edges, Graph
from recall.spaces.sage.examples import keep_back
from recall.spaces.sage.placing import Sage, load, place
from recall.spaces.sage.relations import both_ways, means_of, relations_of
from recall.spaces.sage.spec import Negatives
from recall.spaces.spec import SpaceOverEdges
from recall.spaces.trained import Lesson, liked_in
from weft.errors import NothingToLearn


class GraphSAGE(SpaceOverEdges):
    """Vectors of all kinds of node, from their own, their features and their neighbours."""

    places_newcomers: ClassVar[bool] = True

    type: Literal["graphsage"]
    layers: int = Field(default=2, ge=1, le=4, description="how many steps away nodes gather from")
    learn: list[EdgeName] = Field(
        default=[], description="the kinds of edge whose links it learns to tell; empty: all"
    )
    features: list[EdgeName] = Field(
        default=[], description="the kinds of edge whose targets describe their sources"
    )
    ids: bool = Field(default=True, description="nodes have vectors of their own beside features")
    start: Literal["spectrum", "random"] = Field(
        default="spectrum", description="where nodes' own vectors begin"
    )
    leak: float = Field(
        default=1.0, ge=0, le=1, description="how much of the negative passes between layers"
    )
    forget: float = Field(
        default=0.1, ge=0, lt=1, description="share of nodes that learn without themselves"
    )
    fans: list[Annotated[int, Field(ge=0)]] = Field(
        default=[],
        description="neighbours drawn for each layer, the nodes' own first, 0 for all;"
        " empty: the whole graph in every step",
    )
    by_weight: bool = Field(default=False, description="heavier neighbours are drawn more often")
    negatives: Negatives = Negatives()
    loss: Literal["softmax", "margin"] = "softmax"
    temperature: float = Field(default=0.15, gt=0, description="of the softmax over cosines")
    margin: float = Field(default=0.5, gt=0, description="by how much links beat negatives")
    rate: float = Field(default=0.01, gt=0, description="of learning")
    batch: int = Field(default=4096, ge=1, description="links in a step")
    rounds: int = Field(default=100, ge=1, description="at most so many looks at kept back links")
    steps: int = Field(default=100, ge=1, description="between two looks")
    patience: int = Field(default=5, ge=1, description="looks without getting better, then stop")
    kept: float = Field(default=0.02, gt=0, lt=1, description="share of links kept back, to 5000")

    @model_validator(mode="after")
    def _a_fan_for_each_layer(self) -> Self:
        if self.fans and len(self.fans) != self.layers:
            raise ValueError(f"{self.layers} layers need {self.layers} fans, not {len(self.fans)}")
        return self

    def featured(self) -> Sequence[str]:
        """Name the kinds of edge whose targets are features of their sources."""
        return self.features

    def grouped(self) -> Sequence[str]:
        """Name the item attributes that negatives are drawn within."""
        return tuple(self.negatives.same)

    def load(self, files: Mapping[str, bytes]) -> Sage:
        """Give what places new nodes."""
        return load(files)

    def fit(self, lesson: Lesson) -> Sage:
        """Learn until the links kept back are ranked no better, then place all nodes."""
        from recall.spaces.sage.learning import learn  # noqa: PLC0415 - torch takes seconds

        graph = lesson.graph
        sizes = {kind: graph.size(kind) for kind in graph.nodes}
        edges = both_ways(graph, self.over)
        names = list(dict.fromkeys(name.removeprefix("~") for name in self.learn or self.over))
        if not any(map(len, edges.values())):
            raise NothingToLearn(
                f"graphsage needs edges; there are none of {', '.join(self.over)}: "
                "import events first, or name others in `over`"
            )
        features = {kind: _means(some) for kind, some in lesson.features.items()}
        rest, kept = keep_back(edges, names, self.kept, lesson.seed)
        weights = learn(self, lesson, rest, features, names, kept)
        relations = relations_of(edges, sizes)
        places = place(weights, relations, features, sizes, self.layers, self.leak, lesson.threads)
        tempers = {f"temper.{name}": some for name, some in relations.tempers.items()}
        stays = {name: some for name, some in weights.items() if not name.startswith("id.")}
        sides = {name: (some.source, some.target) for name, some in edges.items()}
        arrays = stays | places | tempers
        return Sage(sides, self.layers, self.leak, arrays, liked_in(graph), _described(self, graph))


def _means(features: Edges) -> Edges:
    return means_of(features, np.ones(features.targets.max(initial=0) + 1, np.float32))


def _described(space: GraphSAGE, graph: Graph) -> dict[str, tuple[str, str]]:
    edges = {name: graph.walked(name) for name in space.features}
    return {name: (some.source, some.target) for name, some in edges.items()}
