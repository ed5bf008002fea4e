"""LightGCN: vectors smoothed along the edges, with nothing else to learn (He et al. 2020).

The loss is a softmax over many items (Wu et al. 2022, "On the Effectiveness of Sampled Softmax
Loss for Item Recommendation"), of whole persons: one pass over the items serves all that somebody
likes. Training starts from the strongest waves of the graph, which smoothing would find anyhow,
and ends when held-out likes are found no better. Nodes' own vectors hardly count beside those of
their neighbours: what a node has for itself alone learns its likes by heart. What is
popular is drawn more often to be held against, which keeps popularity out of the directions;
ranking brings it back by the length of items.
"""

from typing import Literal

from pydantic import Field

from recall.spaces.spec import SpaceOverEdges
from recall.spaces.trained import Lesson, Placed


class LightGCN(SpaceOverEdges):
    """Vectors of persons and items, each the mean of its own and its neighbours' by layers."""

    type: Literal["lightgcn"]
    layers: int = Field(default=3, ge=1, le=6, description="how many edges away vectors reach")
    own: float = Field(
        default=0.1, gt=0, le=1, description="weight of a node's own vector; each layer has 1"
    )
    epochs: int = Field(default=10, ge=1, description="at most so many passes over the likes")
    patience: int = Field(default=5, ge=1, description="epochs without progress that end it")
    batch: int = Field(default=1024, ge=1, description="persons that are learned at once")
    negatives: int = Field(default=8192, ge=1, description="items to hold likes against")
    power: float = Field(
        default=0.5, ge=0, le=1, description="of an item's likes, by which these are drawn"
    )
    temperature: float = Field(default=0.1, gt=0, description="divides the products")
    rate: float = Field(default=0.02, gt=0, description="of learning, at its highest")
    popularity: float = Field(
        default=0.1, ge=0, le=1, description="power of an item's likes that lengthens its vector"
    )
    held_out: float = Field(default=0.05, gt=0, lt=0.5, description="share of likes to judge by")

    def fit(self, lesson: Lesson) -> Placed:
        """Train."""
        from recall.spaces.light.learning import train  # noqa: PLC0415 - torch takes seconds

        return train(self, lesson)
