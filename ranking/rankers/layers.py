"""The layers that `custom` is made of. A new one: a class here, and its place in `AnyLayer`."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, PositiveInt

from ranking.rankers.deep import Hidden
from weft.spec import Section

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Shape:
    """What a layer is given for each pair: some vectors, or one."""

    features: int
    dim: int
    single: bool = False

    @property
    def width(self) -> int:
        """Count the numbers."""
        return self.features * self.dim


def single(width: int) -> Shape:
    """Give the shape of one vector."""
    return Shape(1, width, single=True)


def pairs(shape: Shape) -> int:
    """Count the pairs of features."""
    return shape.features * (shape.features - 1) // 2


class Layer(Section):
    """A part of a network."""

    type: str
    reads_features: ClassVar[bool]  # or one vector, which features are laid out to
    leaves_none: ClassVar[bool] = True  # gives one vector, and no features

    @abstractmethod
    def after(self, shape: Shape) -> Shape:
        """Give the shape of what comes out."""

    @abstractmethod
    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layer."""


class MLPLayer(Layer):
    """Plain layers."""

    type: Literal["mlp"]
    hidden: tuple[PositiveInt, ...] = Field(
        default=(256, 128), min_length=1, description="numbers in each of the plain layers"
    )
    norm: bool = Field(default=True, description="bring what each layer gives to one scale")
    dropout: float | None = Field(
        default=None, ge=0, lt=1, description="of these layers, if not the ranker's own"
    )
    reads_features = False

    def after(self, shape: Shape) -> Shape:
        """Give the last hidden one."""
        return single(self.hidden[-1])

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layers."""
        from ranking.networks.mlp import MLP  # noqa: PLC0415 - torch takes seconds

        dropped = dropout if self.dropout is None else self.dropout
        return MLP(shape.width, Hidden(self.hidden, dropped, self.norm))


class CrossLayer(Layer):
    """Cross layers of DCN v2."""

    type: Literal["cross"]
    depth: int = Field(default=3, ge=1, le=10, description="cross layers")
    rank: PositiveInt | None = Field(
        default=None, description="of each expert's matrix; without it one whole matrix a layer"
    )
    experts: int = Field(default=4, ge=1, description="matrices of low rank in a layer, mixed")
    reads_features = False

    def after(self, shape: Shape) -> Shape:
        """Give as many numbers as before."""
        return single(shape.width)

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layers."""
        from ranking.networks.cross import Crosses, cross  # noqa: PLC0415 - torch takes seconds

        return cross(shape.width, Crosses(self.depth, self.rank, self.experts))


class FMLayer(Layer):
    """The sum of the products of every two features, number by number."""

    type: Literal["fm"]
    reads_features = True

    def after(self, shape: Shape) -> Shape:
        """Give one vector."""
        return single(shape.dim)

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layer."""
        from ranking.networks.fm import Products  # noqa: PLC0415 - torch takes seconds

        return Products()


class CINLayer(Layer):
    """Products of whole vectors up to a degree, of xDeepFM."""

    type: Literal["cin"]
    sizes: tuple[PositiveInt, ...] = Field(
        default=(32, 32), min_length=1, description="vectors in each layer of products"
    )
    reads_features = True

    def after(self, shape: Shape) -> Shape:
        """Give a number for each vector."""
        return single(sum(self.sizes))

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layers."""
        from ranking.networks.cin import CIN  # noqa: PLC0415 - torch takes seconds

        return CIN(shape.features, self.sizes)


class SENETLayer(Layer):
    """Features weighed by what all of them are, of FiBiNET."""

    type: Literal["senet"]
    shrink: int = Field(default=3, ge=1, description="features to a number in the middle")
    reads_features = True
    leaves_none = False

    def after(self, shape: Shape) -> Shape:
        """Give the features."""
        return shape

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layer."""
        from ranking.networks.senet import SENET  # noqa: PLC0415 - torch takes seconds

        return SENET(shape.features, self.shrink)


class BilinearLayer(Layer):
    """Bilinear products of every two features, of FiBiNET."""

    type: Literal["bilinear"]
    shared: Literal["all", "each", "pair"] = Field(
        default="each", description="one matrix for all, for each feature, or for each pair"
    )
    reads_features = True
    leaves_none = False

    def after(self, shape: Shape) -> Shape:
        """Give a vector for each pair."""
        return Shape(pairs(shape), shape.dim)

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layer."""
        from ranking.networks.bilinear import Bilinear  # noqa: PLC0415 - torch takes seconds

        return Bilinear(shape.features, shape.dim, self.shared)


class GateLayer(Layer):
    """Numbers let through as far as all of them together say, of FinalMLP."""

    type: Literal["gate"]
    hidden: PositiveInt = Field(default=64, description="numbers in the middle")
    reads_features = False

    def after(self, shape: Shape) -> Shape:
        """Give as many numbers as before."""
        return single(shape.width)

    def module(self, shape: Shape, dropout: float) -> "nn.Module":
        """Give the layer."""
        from ranking.networks.gate import Gate  # noqa: PLC0415 - torch takes seconds

        return Gate(shape.width, self.hidden)


AnyLayer = Annotated[
    MLPLayer | CrossLayer | FMLayer | CINLayer | SENETLayer | BilinearLayer | GateLayer,
    Field(discriminator="type"),
]
