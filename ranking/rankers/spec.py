"""What a spec says of every ranker, and of every one that is a network."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ranking.features.spec import FeatureRef
from ranking.rankers.lesson import Lesson, Scorer
from weft.spec import Section
from weft.words import Duration

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout
    from ranking.tuning.choices import Draw

Dropout = Annotated[float, Field(ge=0, lt=1)]


class Ranker(Section):
    """A model that tells how likely somebody is to take an item."""

    tuned: ClassVar[Mapping[str, Mapping[str, "Draw"]]] = {}  # by stage, beside the usual options

    features: list[FeatureRef] | None = Field(
        default=None,
        min_length=1,
        description="those of `ranking.features` that it reads; default: all, or its teacher's",
    )
    every: Duration = Field(
        default=timedelta(days=1), description="how often it learns anew from what has come since"
    )
    learn: Duration = Field(
        default=timedelta(days=30), description="how far back the rows go that it learns from"
    )
    check: Duration = Field(
        default=timedelta(days=1),
        description="the last rows: they decide when to stop, calibrate, and give the metrics",
    )
    seed: int = Field(default=0, ge=0, description="the same seed learns the same")

    def learns_from(self) -> str | None:
        """Name the model that teaches this one."""
        return None

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
    warm_up: int = Field(default=0, ge=0, description="steps in which the rate rises from nought")
    clip: float | None = Field(
        default=None, gt=0, description="length that the slope of all layers is cut to"
    )
    averaged: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="what a running mean of the weights keeps at each step, such as 0.999; the "
        "mean is what is learned",
    )
    lazy: bool = Field(
        default=False,
        description="embeddings that take no part in a step stay as they are, momentum and price "
        "included: for tables of many rows; goes with adam",
    )
    judged_by: Literal["auc", "gauc", "logloss"] = Field(
        default="auc", description="what decides which epoch was the best"
    )
    checkpoint: Duration = Field(
        default=timedelta(minutes=1),
        description="training that is killed goes on from where it was so long ago at most",
    )
    checkpoint_steps: int | None = Field(
        default=None, ge=1, description="or so many steps ago, if that comes first"
    )
    deterministic: bool = Field(
        default=False,
        description="only computations that always give the same: a training that was killed and "
        "resumed learns the same to the last bit",
    )
    precision: Literal["full", "bf16"] = Field(
        default="full", description="of what layers compute; bf16 is for GPUs"
    )
    compile: bool = Field(default=False, description="let torch compile the network first")
    l1: float = Field(default=0.0, ge=0, description="price of embeddings' absolute size")
    l2: float = Field(default=0.0, ge=0, description="price of embeddings' squares")
    l2_layers: float = Field(default=0.0, ge=0, description="price of layers' squares")
    dropout: Dropout = Field(default=0.0, description="of what goes from layer to layer")
    bias: Literal["product", "sum"] = Field(
        default="product",
        description="how a bias such as the position enters: as the chance to be looked at, or as "
        "log-odds that are added; in serving it is the usual one for all",
    )

    @model_validator(mode="after")
    def _lazy_needs_adam(self) -> Self:
        if self.lazy and self.optimiser != "adam":
            raise ValueError("lazy: goes with the optimiser adam")
        return self

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
