"""What a spec says of every ranker, and of every one that is a network."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ranking.rankers.lesson import Lesson, Scorer
from weft.spec import Section

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout

Dropout = Annotated[float, Field(ge=0, lt=1)]


class Ranker(Section):
    """A model that tells how likely somebody is to take an item."""

    seed: int = Field(default=0, ge=0, description="the same seed learns the same")

    @abstractmethod
    def fit(self, lesson: Lesson) -> Scorer:
        """Learn."""

    @abstractmethod
    def load(self, layout: "Layout", files: Mapping[str, bytes]) -> Scorer:
        """Give what was learned, from its files."""


class NetworkRanker(Ranker):
    """A ranker that is a network of torch, learned by one loop."""

    dim: int = Field(default=16, ge=1, le=256, description="numbers in an embedding")
    batch: int = Field(default=4096, ge=1, description="examples that are learned at once")
    epochs: int = Field(default=10, ge=1, description="at most so many passes over the examples")
    patience: int = Field(default=2, ge=1, description="epochs without progress that end it")
    optimiser: Literal["adam", "adamw", "sgd", "adagrad"] = Field(
        default="adam", description="how weights move"
    )
    rate: float = Field(default=0.001, gt=0, description="of learning, at its highest")
    schedule: Literal["constant", "cosine", "plateau"] = Field(
        default="constant",
        description="constant, falling along half a cosine, or a tenth after each epoch "
        "without progress",
    )
    l1: float = Field(default=0.0, ge=0, description="price of embeddings' absolute size")
    l2: float = Field(default=0.0, ge=0, description="price of embeddings' squares")
    l2_layers: float = Field(default=0.0, ge=0, description="price of layers' squares")
    dropout: Dropout = Field(default=0.0, description="of what goes from layer to layer")
    bias: Literal["product", "sum"] = Field(
        default="product",
        description="how a bias such as the position enters: as the chance to be looked at, or as "
        "log-odds that are added; in serving it is the usual one for all",
    )

    @abstractmethod
    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network: a `Batch` in, the log-odds of each task out. # (rows, tasks)"""

    def fit(self, lesson: Lesson) -> Scorer:
        """Learn by the loop that all networks share."""
        from ranking.training.loop import train  # noqa: PLC0415 - torch takes seconds

        return train(self, lesson)

    def load(self, layout: "Layout", files: Mapping[str, bytes]) -> Scorer:
        """Give the learned network."""
        from ranking.training.trained import load  # noqa: PLC0415 - torch takes seconds

        return load(self, layout, files)
